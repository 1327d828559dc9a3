"""Search pages."""

from urllib.parse import quote, urlencode

from azscraper.demo.faults import asked_by_keyword
from azscraper.demo.goods import locales
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.render import product_path, render
from azscraper.demo.results import ResultPage, search
from azscraper.demo.views import View, Visit

_CHOICE = ("rh", "me", "s", "low-price", "high-price")


def search_html(page: ResultPage) -> str:
    """The page of a search, or the "no results" page."""
    return render(
        "search.html",
        page.locale,
        result=page,
        pages=_page_links(page),
        range_text=_range_text(page),
        tile_link=_tile_link,
    )


def _write(visit: Visit) -> str:
    keyword = visit.word("k")
    asked = asked_by_keyword(keyword)
    query = asked.query if asked else None
    page = visit.number("page")
    found = search(visit.locale, keyword, page, query=query, choice=choice_of(visit), moment=visit.moment)
    return search_html(found)


def choice_of(visit: Visit) -> tuple[tuple[str, str], ...]:
    """What chooses the results beside the keyword."""
    return tuple((name, value) for name in _CHOICE if (value := visit.word(name)))


def _key(visit: Visit) -> str:
    """Of a plain search without what it does not choose by."""
    return f"/s?{urlencode([('k', visit.word('k')), *choice_of(visit), ('page', visit.number('page'))])}"


SEARCH = View(
    kind="search",
    paths=("/s",),
    write=_write,
    key=_key,
    names=("k", "page", *_CHOICE),
    asked=lambda visit: asked_by_keyword(visit.word("k")),
)


def _tile_link(product: DemoProduct, page: ResultPage, position: int, *, sponsored: bool) -> str:
    """Where a tile leads; for an ad through the click counter, with the real path inside."""
    query = urlencode({"keywords": page.keyword, "sr": f"8-{position}"})
    path = f"{product_path(product)}/ref=sr_1_{position}{'_sspa' if sponsored else ''}?{query}"
    return f"/sspa/click?ie=UTF8&sp_csd=demo&url={quote(path, safe='')}" if sponsored else path


def _page_links(page: ResultPage) -> list[tuple[int, str]]:
    keyword = [("k", page.keyword)] if page.keyword or not page.choice else []
    return [(n, "/s?" + urlencode([*keyword, *page.choice, ("page", str(n))])) for n in range(1, page.last_page + 1)]


def _range_text(page: ResultPage) -> str:
    """``1-16 of over 130 results for``."""
    if not page.tiles:
        return ""
    phrases = page.locale.phrases
    pattern = phrases["results_over"] if page.total_is_estimate else phrases["results_range"]
    first, last = page.tiles[0].position, page.tiles[-1].position
    return pattern.format(first, last, locales.count_text(page.locale, page.total))
