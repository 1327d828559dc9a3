"""Where the fields of deals come from: what ``explain`` asks. A deal is of one of four places; each has its own keys."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from azscraper.kinds.deals import collection, goldbox, grid, shelves
from azscraper.kinds.deals.page import reads
from azscraper.kinds.kind import Heard
from azscraper.parse import places
from azscraper.parse.dig import dig, items
from azscraper.parse.document import Node, attr, first
from azscraper.parse.page import Page
from azscraper.parse.sources import Source
from azscraper.records.deals import DealRow

_GRID, _COLLECTION, _GOLDBOX, _OF_2013 = (
    "productSearchResponse",
    "aapiGetDealsList",
    "dcsServerResponse",
    "answer of 2013",
)


class _Held(NamedTuple):
    """A deal as a place of the page holds it."""

    place: str
    data: object


def _in(place: str, *paths: str) -> Iterator[Source[_Held, object]]:
    return (Source(f"{place}: {one.name}", _only(place, one.read)) for one in places.at(*paths))


def _drawn(*selectors: str) -> Iterator[Source[_Held, object]]:
    sources = (
        Source(one, partial(_say, one)) if one in {shelves.ITEM, "img"} else places.css(one)[0] for one in selectors
    )
    return (Source(f"tile: {one.name}", _only("tile", one.read)) for one in sources)


def _say(name: str, node: Node) -> str | None:
    """Of data the attribute of the tile, of a picture its address."""
    return attr(first(node, "img"), "src") if name == "img" else attr(node, name)


def _only(place: str, read: Callable[[Any], object]) -> Callable[[_Held], object]:
    return lambda held: read(held.data) if held.place == place else None


_MONEY = "details.entity.price.details"
_ROWS: places.Places = {
    name: (
        *_in(_GRID, *keys_of_grid),
        *_in(_COLLECTION, *keys_of_collection),
        *_in(_GOLDBOX, *keys_of_goldbox),
        *_in(_OF_2013, *keys_of_2013),
        *_drawn(*selectors),
    )
    for name, keys_of_grid, keys_of_collection, keys_of_goldbox, keys_of_2013, selectors in (
        ("deal_id", ("dealDetails.id",), ("id",), ("dealID",), ("dealID",), (shelves.ITEM,)),
        ("asin", ("asin",), ("details.entity.landingPage.url",), ("impressionAsin", "reviewAsin", "teaserAsin"), ("asins.0.asin",), (shelves.ITEM,)),
        ("parent_asin", (), (), ("parentAsin",), ("parentAsin",), ()),
        ("title", ("title",), ("details.entity.title",), ("title",), ("detail.title", "teaser.teaser"), (shelves.TITLE,)),
        ("brand", ("brandLogo.altText",), (), (), (), ()),
        ("image", ("image.hiRes", "image.lowRes"), ("details.entity.images.0",), ("primaryImage",), ("asins.0.imageURL",), ("img",)),
        ("deal_price", ("price.priceToPay.price",), (f"{_MONEY}.dealPrice.moneyValueOrRange",), ("minDealPrice",), ("asins.0.dealPrice",), (shelves.PRICE,)),
        ("price_range", ("price.priceToPay.minPrice",), (f"{_MONEY}.dealPrice.moneyValueOrRange.range",), ("maxDealPrice",), (), ()),
        ("list_price", ("price.basisPrice.price",), (f"{_MONEY}.basisPrice", f"{_MONEY}.listPrice", f"{_MONEY}.previousPrice"), ("minListPrice",), ("asins.0.listPrice",), (shelves.OLD,)),
        ("list_price_kind", ("price.basisPrice.label",), (f"{_MONEY}.listPrice", f"{_MONEY}.previousPrice"), ("minListPrice",), ("asins.0.listPrice",), (shelves.OLD_LABEL,)),
        ("discount_percent", ("dealBadge.label.content",), (f"{_MONEY}.savings.percentage.value", "badge.entity.label.content"), ("minPercentOff",), (), (shelves.BADGE_LABEL,)),
        ("discount_up_to", (), (f"{_MONEY}.savings.percentage.value", "badge.entity.label.content"), ("maxPercentOff",), (), ()),
        ("type", ("dealDetails.type",), ("details.entity.type",), ("type",), (), ()),
        ("state", ("dealDetails.state",), ("status.entity.state",), ("dealState", "status.dealState"), ("status",), ()),
        ("badge", ("dealBadge.messaging.content",), ("details.entity.badge.displayString", "badge.entity.messaging.content"), (), (), (shelves.BADGE_MESSAGE,)),
        ("theme", (), ("badge.entity.messaging.content",), (), (), ()),
        ("starts_at", (), ("details.entity.startTime.value",), (), ("startDate",), ()),
        ("ends_at", ("dealBadge.messaging.content",), ("details.entity.endTime.value",), (), ("endDate",), ()),
        ("ends_soon", ("dealBadge.messaging.content",), ("details.entity.endTime.message",), (), (), (shelves.BADGE_MESSAGE,)),
        ("percent_claimed", ("dealDetails.percentClaimed",), ("status.entity.percentClaimed",), ("status.percentClaimed",), ("status.percentClaimed",), (shelves.CLAIMED,)),
        ("access_type", ("dealDetails.accessType",), ("details.entity.accessType",), ("accessType",), (), ()),
        ("prime_only", ("dealDetails.accessType",), ("details.entity.accessType",), ("accessType",), (), ()),
        ("rating", ("customerReviews.rating.shortDisplayString",), (), ("reviewRating",), ("asins.0.reviewData.averageRating",), ()),
        ("rating_count", ("customerReviews.count.value",), (), ("totalReviews",), ("asins.0.reviewData.totalReviews",), ()),
        ("is_prime", (), ("details.entity.primeBadge",), (), ("asins.0.isPrimeEligible",), ()),
        ("category", ("meta.departmentIds",), (), (), (), ()),
        ("department_ids", ("meta.departmentIds",), (), (), (), ()),
        ("variants", ("twisterVariations.swatches.variations",), (), (), ("asins",), ()),
    )
}  # fmt: skip

_PAGE = places.settled(
    title="title of the page",
    url="canonical link, else address",
    departments="filters of the grid",
    shelves="headings over tiles",
    page_size="products of the grid",
)


def row_sources(name: str) -> list[str]:
    """Of a field of a deal."""
    return places.names(_ROWS, name)


def hear_rows(page: Page, name: str) -> Heard:
    """All sources of a field of each deal."""
    held = dict(reversed(list(_held(page))))
    for row in reads(page, None).records:
        if isinstance(row, DealRow):
            one = held.get((row.shelf is not None, row.deal_id or row.asin))
            yield row, places.heard(_ROWS, name, one or held.get((False, row.deal_id or row.asin)) or _Held("", None))


def _held(page: Page) -> Iterator[tuple[tuple[bool, object], _Held]]:
    """What each place holds, by whether a shelf draws it and by the deal's id."""
    if page.is_json:
        yield from _answered(page.json)
        return
    document = page.document
    for one in items(document.once(grid.response), "products"):
        yield (False, dig(one, "dealDetails", "id") or dig(one, "asin")), _Held(_GRID, one)
    found = document.island(collection.KEY)
    for part in found if isinstance(found, list) else []:
        for entity in items(part, "entities"):
            yield (False, dig(entity, "entity", "id")), _Held(_COLLECTION, dig(entity, "entity"))
    told, states = (dig(document.island(goldbox.KEY), part) for part in ("dealDetails", "dealStatus"))
    for key, one in told.items() if isinstance(told, dict) else ():
        whole = {**one, "status": dig(states, key)} if isinstance(one, dict) else one
        yield (False, dig(one, "dealID")), _Held(_GOLDBOX, whole)
    for key, node, is_grid in shelves.drawn(document):
        yield (not is_grid, key), _Held("tile", node)


def _answered(value: object) -> Iterator[tuple[tuple[bool, object], _Held]]:
    for entity in items(value, "entities"):
        yield (False, dig(entity, "entity", "id")), _Held(_COLLECTION, dig(entity, "entity"))
    for part in value.values() if isinstance(value, dict) else ():
        for one in items(part, "data", "deals"):
            yield (False, dig(one, "dealID")), _Held(_OF_2013, one)


page_sources = partial(places.names, _PAGE)
"""Of a field of the page."""
hear_page = partial(places.heard_of_summary, reads, _PAGE)
"""The place of a field of the page, and what it says."""
