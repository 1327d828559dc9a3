"""Which pages are brand stores, and what they say."""

from collections.abc import Iterator
from typing import Any, Literal

from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.store.cards import asin_of, image_of, offer_of, stars_of, title_of, url_of
from azscraper.kinds.store.widgets import contents, context, store_type
from azscraper.kinds.whole import is_whole
from azscraper.parse.delivery.deliver_to import deliver_to
from azscraper.parse.dig import dig, items, said, whole
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.parse.values import image
from azscraper.records import PageKind
from azscraper.records.pages import Read
from azscraper.records.parts import Coverage, Record, Video
from azscraper.records.store import StoreItem, StoreLink, StoreOptions, StorePage

_MOST_ITEMS = 2000
_MOST_LINKS = 500
_VIDEO = "videoUrl"
_PRICES = ("price", "price_range", "list_price", "list_price_kind", "savings")
_ALONE = ("title", "image", "rating", "rating_count", "availability", "offer_count")


def recognises(page: Page) -> bool:
    """Whether it is a page of a brand's store, and not of an author."""
    return store_type(page.document) not in {None, "AUTHOR"}


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its products and its summary. Never raises."""
    document = page.document
    if not is_whole(document):
        return Read(wrong=PageKind.TRUNCATED)
    summary = _summary(document)
    if summary.page_id is None:
        return Read(wrong=PageKind.UNKNOWN)
    found = _items(document, summary)
    coverage = summary.coverage.model_copy(update={"have": len(found)})
    return Read(tuple(found), summary.model_copy(update={"coverage": coverage}))


def _items(document: Document, summary: StorePage) -> list[StoreItem]:
    """Each product once, where the page shows it first, with what any place of the page says of it."""
    found: dict[str, StoreItem] = {}
    for widget, content in contents(document):
        is_editorial = "tiles" in widget or (said(widget, "widgetType") or "").startswith("Editorial")
        where = {"section": _section(widget, content), "page_id": summary.page_id, "page_title": summary.title}
        for asin, product in _products(content):
            made = _item(document, asin, product, is_editorial=is_editorial).model_copy(update=where)
            _add(found, made)
    return list(found.values())


def _add(found: dict[str, StoreItem], item: StoreItem) -> None:
    """A product of which another place is known keeps that place, and gets what it lacks."""
    known = found.get(item.asin)
    if known is None and len(found) < _MOST_ITEMS:
        found[item.asin] = item.model_copy(update={"position": len(found) + 1})
    elif known is not None:
        found[item.asin] = _filled(known, item)


def _filled(known: StoreItem, other: StoreItem) -> StoreItem:
    """Prices are taken together: a list price of one place beside the price of another is none."""
    lacking = {name: getattr(other, name) for name in _ALONE if getattr(known, name) is None}
    if known.price is None and known.price_range is None:
        lacking |= {name: getattr(other, name) for name in _PRICES}
    return known.model_copy(update=lacking | {"is_listed_only": known.is_listed_only and other.is_listed_only})


def _products(content: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """ASINs of a widget or a tile, with their data where it holds them."""
    held = {asin: product for product in items(content, "products") if (asin := asin_of(product))}
    listed = [asin for one in items(content, "ASINList") if (asin := asin_of(one))]
    for asin in dict.fromkeys([*listed, *held]):
        yield asin, held.get(asin)


def _item(document: Document, asin: str, product: object, *, is_editorial: bool) -> StoreItem:
    offer, (stars, count) = offer_of(product, document), stars_of(product)
    return StoreItem(
        url=url_of(document.marketplace, asin),
        marketplace=document.marketplace.host,
        language=document.language,
        asin=asin,
        title=title_of(product),
        image=image_of(product),
        price=offer.price,
        price_range=offer.range,
        list_price=offer.listed,
        list_price_kind=offer.listed_kind,
        savings=offer.savings,
        rating=stars,
        rating_count=count,
        availability=offer.availability,
        offer_count=whole(product, "marketplaceOfferSummary", "anyOfferSummary", "offerCount"),
        kind="editorial" if is_editorial else "regular",
        is_listed_only=product is None,
    )


def _section(widget: dict[str, Any], content: dict[str, Any]) -> str | None:
    """A heading of the widget; a title of a tile is that of its picture."""
    named = (said(widget, "content", key) for key in ("title", "headerText", "heading"))
    return next(filter(None, named), None) if widget.get("content") is content else None


def _summary(document: Document) -> StorePage:
    told = context(document)
    header = next((content for widget, content in contents(document) if widget.get("widgetType") == "Header"), None)
    path, logo = said(told, "pagePath"), said(told, "brandLogo", "image") or said(told, "brandLogo", "imageUrl")
    banner = said(header, "image") or said(header, "imageUrl")
    searchable, node = dig(told, "isSearchEnabled"), dig(told, "browseNode")
    site = document.marketplace.host
    return StorePage(
        page_id=said(told, "id") or said(told, "pageId"),
        store_id=said(told, "storeId") or said(told, "rootPageId"),
        title=said(told, "title"),
        url=f"https://{site}{path}" if path and path.startswith("/") else None,
        brand=said(told, "brandName"),
        description=said(told, "pageDescription"),
        logo=image(logo) if logo and logo.startswith("http") else None,
        banner=image(banner) if banner and banner.startswith("http") else None,
        browse_node=str(node)
        if isinstance(node, int | str) and not isinstance(node, bool) and str(node).isdigit()
        else None,
        nav=tuple(_nav(dig(header, "nav"), site)),
        videos=tuple(_videos(document)),
        is_searchable=searchable if isinstance(searchable, bool) else None,
        total_products=_total(document),
        coverage=Coverage(have=0, complete=False),
        deliver_to=document.once(deliver_to),
    )


def _total(document: Document) -> int | None:
    """Of the grid that says most; rows of tiles say nothing."""
    said_ = (whole(content, "totalResultCount") or whole(content, "totalCount") for _, content in contents(document))
    return max(filter(None, said_), default=None)


def _nav(nav: object, site: str) -> list[StoreLink]:
    """All pages below their parents, in the order in which each names its children."""
    known = nav if isinstance(nav, dict) else {}
    waiting = [key for key, link in known.items() if dig(link, "parent") not in known][::-1]
    found: dict[str, StoreLink] = {}
    while waiting and len(found) < _MOST_LINKS:
        key = waiting.pop()
        if key not in found and (link := _link(known[key], site)) is not None:
            found[key] = link
            waiting += [child for child in reversed(link.children) if child in known]
    return list(found.values())


def _link(told: object, site: str) -> StoreLink | None:
    named, path = said(told, "pageId"), said(told, "href")
    if named is None:
        return None
    return StoreLink(
        page_id=named,
        title=said(told, "title"),
        url=f"https://{site}{path}" if path and path.startswith("/stores/") else f"https://{site}/stores/page/{named}",
        parent=said(told, "parent"),
        children=tuple(child for child in items(told, "children") if isinstance(child, str)),
        level=whole(told, "level"),
    )


def _videos(document: Document) -> Iterator[Video]:
    for _, content in contents(document):
        url, title = said(content, _VIDEO), said(content, "title")
        if url and url.startswith("http"):
            picture = said(content, "imageUrl")
            yield Video(url=url, title=title, thumbnail=picture if picture and picture.startswith("http") else None)


def rows(asked: Asked[StoreOptions], done: tuple[Done, ...]) -> Found:
    """The products of all pages, each once, and what the first page says; of the others what they say about themselves."""
    found: dict[str, StoreItem] = {}
    pages: list[tuple[int, Record]] = []
    for number, step in enumerate(done, 1):
        for row in step.read.records if step.read else ():
            if isinstance(row, StoreItem):
                _add(found, row.model_copy(update={"fetched_at": step.fetched_at}))
        if step.read and isinstance(step.read.summary, StorePage):
            pages.append((number, step.read.summary))
    return Found(tuple(found.values()), done[-1].fetched_at, _of_all(asked, done, len(found)), tuple(pages[1:]))


def _of_all(asked: Asked[StoreOptions], done: tuple[Done, ...], have: int) -> StorePage | None:
    """The first page's summary; complete where all pages of the navigation were read."""
    summary = done[0].read.summary if done and done[0].read else None
    if not isinstance(summary, StorePage):
        return None
    names = {link.page_id.upper() for link in summary.nav} | {asked.target.key}
    complete = sum(step.read is not None for step in done) >= len(names)
    coverage = Coverage(
        have=have, total=summary.total_products, complete=complete, reason=None if complete else _reason(done)
    )
    return summary.model_copy(update={"coverage": coverage})


def _reason(done: tuple[Done, ...]) -> Literal["robots_disallowed", "sign_in_required", "not_served"] | None:
    """Of the first page that did not come; None where nobody asked for the others."""
    failures = [step.failure for step in done if step.failure]
    if "robots_disallowed" in failures:
        return "robots_disallowed"
    if "sign_in_required" in failures:
        return "sign_in_required"
    return "not_served" if failures else None
