"""What a search page says about itself: keyword, page, totals, corrected keyword, related searches, filters."""

import re
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from azscraper.kinds.search.blocks import blocks_of
from azscraper.kinds.search.filters import old_refinements, refinements
from azscraper.kinds.search.tiles import tiles_of
from azscraper.marketplaces import phrase_pattern
from azscraper.parse.delivery.deliver_to import deliver_to
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import clean, plain_digits
from azscraper.records import PageSummary
from azscraper.records.parts import Refinement
from azscraper.records.search_parts import AdBlock, VideoBlock

_KEYWORDS = ("k", "field-keywords", "keywords")
_PAGE_IN_PATH = re.compile(r"sr_pg_(\d{1,4})(?!\d)")
_STRIP = ".s-pagination-strip,ul.a-pagination"
_CURRENT = ".s-pagination-selected,.pagnCur,li.a-selected"
_NUMBER = re.compile(r"(\d{1,3}(?:[., '’]\d{2,3})+|\d+)\s?([万萬])?")
_PLACE = r"(?<!\d)(\d{1,3}(?:[.,' ]\d{3}){1,3}|\d{1,7})(?!\d)"
_RANGE = re.compile(rf"{_PLACE}\s?[-–—~〜～]\s?{_PLACE}")
_LONG = 16  # no count of results has so many characters
_ESTIMATE = phrase_pattern("more_than")
_RELATED_REF = b"/ref=sr_kk_"


places = Field[Document, tuple[int, int], tuple[int | None, int | None]](
    'Places of the first and the last result of the page: "49-64 of 897".', empty=(None, None)
)


@places.source("range in the line of the totals")
def _range(document: Document) -> tuple[int, int] | None:
    bar = document.once(_bar)
    found = _RANGE.search(plain_digits(_total_line(bar))) if bar is not None else None
    start, end = (int(re.sub(r"\D", "", digits)) for digits in found.groups()) if found else (0, 0)
    return (start, end) if found else None


ad_blocks = Field[Document, tuple[AdBlock, ...], tuple[AdBlock, ...]](
    "Advertisements of brands, carousels and editorial blocks between the rows.", empty=()
)


@ad_blocks.source("elements between the tiles")
def _ads(document: Document) -> tuple[AdBlock, ...]:
    return document.once(blocks_of).ads


video_blocks = Field[Document, tuple[VideoBlock, ...], tuple[VideoBlock, ...]](
    "Videos that advertise a product between the rows.", empty=()
)


@video_blocks.source("elements between the tiles with a video of one product")
def _videos(document: Document) -> tuple[VideoBlock, ...]:
    return document.once(blocks_of).videos


filters = Field[Document, tuple[Refinement, ...], tuple[Refinement, ...]](
    "The links of the left column, each with the term that it chooses.", empty=()
)


@filters.source("#s-refinements")
def _filters(document: Document) -> tuple[Refinement, ...]:
    return tuple(refinements(document))


@filters.source("#leftNavContainer or #refinements, before 2019")
def _old_filters(document: Document) -> tuple[Refinement, ...]:
    return tuple(old_refinements(document))


FIELDS: dict[str, tuple[Field[Document, Any, Any], int | None]] = {
    "result_from": (places, 0),
    "result_to": (places, 1),
    "refinements": (filters, None),
    "ad_blocks": (ad_blocks, None),
    "video_blocks": (video_blocks, None),
    "deliver_to": (deliver_to, None),
}
"""The fields of a summary that have sources of their own; some are read together, so each has the part of what is said that it takes."""


def summarize(document: Document, url: str, *, organic: int) -> PageSummary:
    """The summary of a page with so many unsponsored tiles. What the page does not say is None or empty.

    Keyword and page number are those of the address, else of the search box and the pagination.
    """
    pagination = _pagination(document)
    keyword = _keyword(document, url)
    total, is_estimate = _total(document.once(_bar), organic)
    page = _page(url, pagination)
    start, end = places(document)
    size = end - start + 1 if start is not None and end is not None else None
    blocks = document.once(blocks_of)
    tiles = document.once(tiles_of)
    is_past_end = (size is not None and size <= 0) or (page > 1 and size is None and not tiles)
    empty_reason: Literal["no_results", "past_end"] = "past_end" if is_past_end else "no_results"
    return PageSummary(
        keyword=keyword,
        page=page,
        total_results=total,
        total_is_estimate=is_estimate,
        last_page=max((number for number in _page_numbers(pagination)), default=None),
        corrected_keyword=_corrected(document, keyword),
        related_searches=_related(document),
        refinements=filters(document),
        result_from=start,
        result_to=end,
        page_size=size if size and size > 0 else None,
        sponsored_count=len(tiles) - organic,
        is_past_end=is_past_end,
        ad_blocks=blocks.ads,
        video_blocks=blocks.videos,
        deliver_to=deliver_to(document),
        empty_reason=None if tiles else empty_reason,
    )


def field_sources(name: str) -> list[str]:
    """The sources of a summary's field by name, best first; none for what the page as a whole says."""
    return [source.name for source in FIELDS[name][0].sources] if name in FIELDS else []


def heard_of(document: Document, name: str) -> list[tuple[str, Any]]:
    """What each source of a summary's field says in a page, by name."""
    if name not in FIELDS:
        return []
    field, part = FIELDS[name]
    return [(source, said if part is None or not said else said[part]) for source, said in field.heard(document)]


def _bar(document: Document) -> Node | None:
    """The line of the totals; before 2019 by id."""
    found = next(iter(document.components("s-result-info-bar")), None)
    return found or document.by_id("s-result-count", "resultCount")


def _keyword(document: Document, url: str) -> str | None:
    query = _query(url)
    named = next((query[name] for name in _KEYWORDS if query.get(name)), None)
    return clean(named or attr(document.by_id("twotabsearchtextbox", "nav-search-keywords"), "value") or "") or None


def _pagination(document: Document) -> Node | None:
    """The strip in its widget or component, before 2019 by id; looked for in the whole page where none of these is."""
    around = (*document.widgets("PAGINATION"), *document.components("s-pagination"))
    found = next((strip for node in around if (strip := first(node, _STRIP))), None) or document.by_id("pagn")
    return found if found is not None else next(iter(document.whole(_STRIP)), None)


def _page(url: str, pagination: Node | None) -> int:
    named = _query(url).get("page", "")
    in_path = _PAGE_IN_PATH.search(url)
    current = first(pagination, _CURRENT)
    shown = plain_digits(current.text()) if current is not None else ""
    for number in (named, in_path[1] if in_path else "", shown):
        if number.isascii() and number.isdigit() and len(number) < 5 and int(number) > 0:  # noqa: PLR2004 - no site has more pages
            return int(number)
    return 1


def _query(url: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    except ValueError:
        return {}


def _total(bar: Node | None, organic: int) -> tuple[int | None, bool | None]:
    """The largest number of the line: it comes after "1-48 of" in most languages, before it in Japanese.

    A line without a number ("one result for") counts one result if there is one.
    """
    if bar is None:
        return None, None
    line = _total_line(bar)
    found = _NUMBER.findall(plain_digits(line))
    numbers = [
        int(re.sub(r"\D", "", digits)) * (10_000 if scale else 1) for digits, scale in found if len(digits) < _LONG
    ]
    if not numbers:
        return (1, False) if organic == 1 and clean(bar.text()) else (None, None)
    return max(numbers), _ESTIMATE.search(line) is not None


def _total_line(bar: Node) -> str:
    """The own text of a span that has a number, the keyword's left out; before 2019 the text outside of elements."""
    if bar.id:
        own = clean(bar.text(deep=False))
        return own if any(map(str.isdigit, own)) else clean(bar.text())
    for span in select(bar, "span"):
        line = clean(span.text(deep=False))
        if any(map(str.isdigit, line)) and "a-color-state" not in (span.attrs.get("class") or ""):
            return line
    return ""


def _page_numbers(pagination: Node | None) -> Iterator[int]:
    for node in select(pagination, "a,span,li"):
        shown = plain_digits(node.text(deep=False))
        if shown.isascii() and shown.isdigit() and len(shown) < _LONG:
            yield int(shown)


def _corrected(document: Document, keyword: str | None) -> str | None:
    """Of two links the first, when the second is the keyword ("showing … instead of …"); the keyword of the totals."""
    if keyword is None:
        return None
    for banner in (document.by_id("didYouMean"), *document.widgets("TOP_BANNER_MESSAGE")):
        offered = [clean(link.text()).strip("\"'“”") for link in select(banner, "a")]
        if len(offered) == 2 and _same(offered[1], keyword) and not _same(offered[0], keyword):  # noqa: PLR2004 - a pair
            return offered[0] or None
    bar = next(iter(document.components("s-result-info-bar")), None)
    state = first(bar, ".a-color-state")
    shown = clean(state.text()).strip("\"'“”„«»「」 ") if state is not None else ""
    return shown if shown and not _same(shown, keyword.strip("\"'“” ")) else None


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _related(document: Document) -> tuple[str, ...]:
    """Links of the widget, in some years of cards with pictures; before 2019 of a row that nothing but the reference in its addresses marks."""
    widgets = (*document.widgets("TEXT_REFORMULATION"), document.by_id("relatedSearches"))
    cards = (
        grid
        for grid in document.components("s-searchgrid-carousel")
        if "related-searches" in (grid.attrs.get("data-component-props") or "")
    )
    links = [link for found in (*widgets, *cards) for link in select(found, "a") if link.css_first("img") is None]
    if not links and document.holds(_RELATED_REF):
        links = document.links(_RELATED_REF.decode())
    return tuple(dict.fromkeys(filter(None, (text(link) for link in links))))
