"""Keywords and charts over HTTP: share of shelf, where products and brands stand, who came and went."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from azscraper import marketplaces
from azscraper.store.db import transaction
from azscraper.tracking.keywords import searches, shelf
from azscraper.tracking.keywords.searches import Which
from azscraper.tracking.keywords.shelf import By, Placement, Search, Tile
from azscraper.tracking.lists import items, lists
from azscraper.web.api.history import host_of
from azscraper.web.deps import KeyCaller, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.base import Moment, Text
from azscraper.wire.envelopes import ListEnvelope, Meta
from azscraper.wire.shelf import KeywordStandingOut, MoveOfProductOut, MovesOut, ShareOut, ShelfOut

router = APIRouter(tags=["history"], route_class=StrictJson)

_MOST_SHARES = 100
_MOST_TRACKED = 200


def _which(  # noqa: PLR0917 - the parameters of three routes
    keyword: Annotated[
        Text,
        Query(min_length=1, max_length=2048, description="A keyword; or of a chart its address", examples=["kettle"]),
    ],
    marketplace: Annotated[
        Annotated[Text, Field(max_length=100, json_schema_extra={"format": "amazon-marketplace"})],
        Query(description="Host or country code"),
    ] = "www.amazon.com",
    sort: Annotated[Text, Query(max_length=100, description="Of jobs with this sort; empty: with none")] = "",
    category: Annotated[Text, Query(max_length=100, description="Of jobs with this category; empty: with none")] = "",
    start: Annotated[
        Moment | None, Query(alias="from", description="Not before this time, or this day, in ISO 8601")
    ] = None,
    end: Annotated[Moment | None, Query(alias="to", description="Before this time, or this day, in ISO 8601")] = None,
    limit: Annotated[int, Query(ge=1, le=searches.MOST, description="Searches, the newest")] = 30,
) -> Which:
    host = host_of(marketplace) or marketplaces.find("us").host
    return Which(keyword, host, sort, category, start, end, limit)


_Which = Annotated[Which, Depends(_which)]
_Pages = Annotated[int | None, Query(ge=1, le=20, description="Only the first so many pages of each search")]


@router.get("/keywords/share", operation_id="getKeywordShare", responses=errors(400, 401))
async def get_keyword_share(
    *,
    which: _Which,
    caller: KeyCaller,
    services: ServicesDep,
    placement: Placement = Placement.BOTH,
    by: By = By.BRAND,
    pages: _Pages = None,
) -> ListEnvelope[ShelfOut]:
    """Share of shelf of a keyword, by brand or product, for each search that was kept, newest first.

    Plain: of the tiles that count. Weighted: a tile counts 1/log2(place + 1). The brand is that of the tile, else that of a
    product page of the same project. There is a search for each change of the order, and one per day.
    """
    async with transaction(services.pool) as conn:
        found = [search.within(pages) for search in await searches.find(conn, caller, which)]
    data = [_shelf(search, placement, by) for search in found]
    return ListEnvelope(data=data, meta=Meta(total=len(data), limit=which.limit))


def _shelf(search: Search, placement: Placement, by: By) -> ShelfOut:
    shares = [ShareOut.of(one, best_position=one.best) for one in shelf.shares(search, placement, by)[:_MOST_SHARES]]
    return ShelfOut.of(search, tiles=len(shelf.counted(search, placement)), shares=shares)


@router.get("/keywords/positions", operation_id="getKeywordPositions", responses=errors(400, 401, 404))
async def get_keyword_positions(
    *,
    which: _Which,
    caller: KeyCaller,
    services: ServicesDep,
    asins: Annotated[
        str,
        Query(max_length=2200, pattern=r"^([A-Za-z0-9]{10}(,[A-Za-z0-9]{10})*)?$", description="With commas between"),
    ] = "",
    brands: Annotated[Text, Query(max_length=2000, description="With commas between, whatever the case")] = "",
    list_id: Annotated[
        str | None, Query(alias="listId", max_length=24, description="The products of this list, the first 200")
    ] = None,
) -> ListEnvelope[KeywordStandingOut]:
    """Where products and brands stand for a keyword in the last search, how that changed, and their best place."""
    async with transaction(services.pool) as conn:
        tracked = [one for one in asins.upper().split(",") if one]
        if list_id is not None:
            await lists.get(conn, caller, list_id)
            tracked += [item.key for item in await items.find_all(conn, list_id)][:_MOST_TRACKED]
        found = await searches.find(conn, caller, which)
    names = [one.strip() for one in brands.split(",") if one.strip()][:_MOST_TRACKED]
    if not found:
        return ListEnvelope(data=[], meta=Meta(total=0))
    data = [_standing(asin, By.ASIN, found, _is_product(asin)) for asin in dict.fromkeys(tracked)]
    data += [_standing(name, By.BRAND, found, _is_brand(name)) for name in dict.fromkeys(names)]
    return ListEnvelope(data=data, meta=Meta(total=len(data)))


def _is_product(asin: str) -> Callable[[Tile], bool]:
    return lambda tile: tile.asin == asin


def _is_brand(name: str) -> Callable[[Tile], bool]:
    return lambda tile: tile.brand is not None and tile.brand.casefold() == name.casefold()


def _standing(name: str, by: By, found: Sequence[Search], is_it: Callable[[Tile], bool]) -> KeywordStandingOut:
    all_of_them = [shelf.standing(search, is_it) for search in found]
    last = all_of_them[0]
    before = all_of_them[1].organic if len(all_of_them) > 1 else None
    places = [
        (one.organic, search.observed_at)
        for one, search in zip(all_of_them, found, strict=True)
        if one.organic is not None
    ]
    best = min(places, default=None)
    return KeywordStandingOut(
        name=name,
        by=by,
        position=last.overall,
        organic_position=last.organic,
        sponsored_position=last.sponsored,
        change=None if last.organic is None or before is None else last.organic - before,
        best_organic_position=best[0] if best else None,
        best_at=best[1] if best else None,
        observed_at=found[0].observed_at,
    )


@router.get("/keywords/moves", operation_id="getKeywordMoves", responses=errors(400, 401))
async def get_keyword_moves(
    *, which: _Which, caller: KeyCaller, services: ServicesDep, placement: Placement = Placement.ORGANIC
) -> ListEnvelope[MovesOut]:
    """Who entered, left, rose and fell from one search to the next, newest first; of a best-seller list by its address.

    Searches that read different numbers of pages are compared as far as the shorter one goes. Searches with the same order are left out.
    """
    async with transaction(services.pool) as conn:
        found = await searches.find(conn, caller, which)
    data = [
        MovesOut(observed_at=new.observed_at, before_at=old.observed_at, job_id=new.job_id, moves=moved)
        for new, old in pairwise(found)
        if (moved := [MoveOfProductOut.of(one) for one in shelf.moves(old, new, placement)])
    ]
    return ListEnvelope(data=data, meta=Meta(total=len(data), limit=which.limit))
