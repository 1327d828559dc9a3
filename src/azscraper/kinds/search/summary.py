"""What a search page says about itself: keyword, page, totals, corrected keyword, related searches, filters."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from azscraper.bytesearch import find
from azscraper.marketplaces import phrase_pattern
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import clean, plain_digits
from azscraper.records import PageSummary
from azscraper.records.parts import Refinement

_KEYWORDS = ("k", "field-keywords", "keywords")
_PAGE_IN_PATH = re.compile(r"sr_pg_(\d{1,4})(?!\d)")
_STRIP = ".s-pagination-strip,ul.a-pagination"
_CURRENT = ".s-pagination-selected,.pagnCur,li.a-selected"
_NUMBER = re.compile(r"(\d{1,3}(?:[., '’]\d{2,3})+|\d+)\s?([万萬])?")
_LONG = 16  # no count of results has so many characters
_ESTIMATE = phrase_pattern("more_than")
_KEPT = re.compile(r"(?:^|(?<=&))(?:k|keywords|field-keywords|field-author|rh|i|me|n|node|bbn|s|page)(?![^=&])[^&]*")
_REF = re.compile(r"/ref=[^/]*")
_FILTERS = '[id$="-title"],.sf-refinement-heading,a.s-navigation-item'
_CLEAR = "s-navigation-clear-link"
_OLD_FILTERS = "h2,h3,h4,.shoppingEngineSectionHeaders,a,span[data-s-ref-selected]"
_HEADED = "a h2,a h3,a h4"
_ADDRESS_IN_DATA = re.compile(r'"url":"([^"]{1,2000})"')
_ALL_VALUES = "/gp/search/other/"  # the link to a page of all brands or sellers
_OLD_NAMES = ".refinementLink,span.a-color-base"
_RELATED_REF = b"/ref=sr_kk_"
_FILTER_ADDRESS = re.compile(r"/s[/?]|[?&](?:rh|node)=")


def summarize(document: Document, url: str, *, organic: int) -> PageSummary:
    """The summary of a page that has so many unsponsored tiles. What the page does not say is None or empty.

    Keyword and page number are those of the address, else of the search box and the pagination.
    """
    pagination = _pagination(document)
    bar = next(iter(document.components("s-result-info-bar")), None)
    keyword = _keyword(document, url)
    total, is_estimate = _total(bar or document.by_id("s-result-count", "resultCount"), organic)
    return PageSummary(
        keyword=keyword,
        page=_page(url, pagination),
        total_results=total,
        total_is_estimate=is_estimate,
        last_page=max((number for number in _page_numbers(pagination)), default=None),
        corrected_keyword=_corrected(document, bar, keyword),
        related_searches=_related(document),
        refinements=tuple(_refinements(document)),
    )


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


def _corrected(document: Document, bar: Node | None, keyword: str | None) -> str | None:
    """Of two links the first, when the second is the keyword ("showing … instead of …"); the keyword of the totals."""
    if keyword is None:
        return None
    for banner in (document.by_id("didYouMean"), *document.widgets("TOP_BANNER_MESSAGE")):
        offered = [clean(link.text()).strip("\"'“”") for link in select(banner, "a")]
        if len(offered) == 2 and _same(offered[1], keyword) and not _same(offered[0], keyword):  # noqa: PLR2004 - a pair
            return offered[0] or None
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
    if not links and find(document.source, _RELATED_REF) >= 0:
        links = document.links(_RELATED_REF.decode())
    return tuple(dict.fromkeys(filter(None, (text(link) for link in links))))


def _refinements(document: Document) -> Iterator[Refinement]:
    """Links of the left column under the heading they follow; what takes a choice back is none."""
    root = document.by_id("s-refinements")
    if root is None:
        yield from _old_refinements(document)
        return
    group = ""
    stars, remarks = _within_links(root, "a .a-icon-alt"), _within_links(root, "a div.a-spacing-top-mini")
    for node in select(root, _FILTERS):
        if node.tag != "a":
            group = text(node) or group
        elif _CLEAR not in (node.attrs.get("class") or ""):
            name = _filter_name(node, stars.get(node.mem_id), remarks.get(node.mem_id))
            href = (node.attrs.get("href") or "").strip()
            if name:
                yield Refinement(group=group, name=name, url=_address(href, document.marketplace.host))


def _old_refinements(document: Document) -> Iterator[Refinement]:
    """Before 2019: links, and boxes to tick, whose address stands in their data.

    A link around a heading is a department with others under it.
    """
    root = document.by_id("leftNavContainer", "refinements")
    group = upper = ""
    stars, headed = _within_links(root, "a .a-icon-alt"), _within_links(root, _HEADED)
    for node in select(root, _OLD_FILTERS):
        if node.tag not in {"a", "span"}:
            group = text(node) or group
            upper = upper if node.parent is not None and node.parent.tag == "a" else group
            continue
        href = (node.attrs.get("href") or _address_in_data(node)).strip()
        name = text(stars.get(node.mem_id) or first(node, _OLD_NAMES) or node)
        if name and _FILTER_ADDRESS.search(href) and _ALL_VALUES not in href:
            under = upper if node.mem_id in headed else group
            yield Refinement(group=under, name=name, url=_address(href, document.marketplace.host))


def _address_in_data(box: Node) -> str:
    match = _ADDRESS_IN_DATA.search(box.attrs.get("data-s-ref-selected") or "")
    return match[1] if match else ""


def _address(href: str, host: str) -> str:
    """Host, path and the parameters that choose results; written for speed, a page has hundreds of filters."""
    path, _, query = href.partition("?")
    start = path.find("/", 8) if path.startswith("http") else 0
    kept = _KEPT.findall(query.partition("#")[0])
    return f"https://{host}{_REF.sub('', path[start:])}" + ("?" + "&".join(kept) if kept else "")


def _within_links(root: Node | None, selector: str) -> dict[int, Node]:
    """The first element of a kind in each link, by the link; found in one walk."""
    found: dict[int, Node] = {}
    for node in select(root, selector):
        link = node.parent
        while link is not None and link.tag != "a":
            link = link.parent
        if link is not None:
            found.setdefault(link.mem_id, node)
    return found


def _filter_name(link: Node, stars: Node | None, remark: Node | None) -> str:
    """The link's text, without the sentence under it; of stars, whose text may have the words beside them or not."""
    name = clean(link.text())
    if stars is not None:
        rated = clean(stars.text())
        beside = name.removeprefix(rated).strip()
        return f"{rated} {beside}" if beside and beside.split()[-1].lower() not in rated.lower() else rated
    if remark is not None:
        name = name.removesuffix(clean(remark.text())).strip() or name
    return name or attr(first(link, "i[aria-label]"), "aria-label") or ""
