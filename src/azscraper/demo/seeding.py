"""``python -m azscraper.demo.seeding 2026-11-30T08:00:00+00:00``: a first project with sixty days of history.

Whoever signs up first, and not before that time, gets it.

The history is what the built-in marketplace showed in these days, stored by the functions that store what jobs read.
What the products are now is read by jobs.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from psycopg import sql

from azscraper.clock import utc_now
from azscraper.config import load_settings
from azscraper.demo.goods.catalogue import by_asin, product_at
from azscraper.demo.goods.locales import DE_DE, EN_US, Locale
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.moves import Moment, is_for_sale, moment_at
from azscraper.demo.reading import offers_of, record_of
from azscraper.demo.results import search
from azscraper.errors import InvalidInputError
from azscraper.kinds.details import follow
from azscraper.kinds.observations import Observations, Ranking, Sighting, spelling
from azscraper.kinds.offers.follow import observations_of as of_offers
from azscraper.operate import demo_projects
from azscraper.store.db import Conn, Pool, columns_of, fetch_one, open_pool, transaction
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import observed, series
from azscraper.tracking.alerts import alerts
from azscraper.tracking.alerts.alerts import Draft
from azscraper.tracking.alerts.rules import Condition, What
from azscraper.tracking.lists import items, lists, runs
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import Asked
from azscraper.tracking.lists.refresh import Refresh
from azscraper.tracking.observed import Source
from azscraper.tracking.offers import looks
from azscraper.wire.crawls import JobConfig
from azscraper.words import AlertOp, AlertUnit, JobType, SeriesField

NAME = "Demo"
DAYS = 60
_STEP_HOURS = 12
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Watch:
    """A list of the project: what it follows, and where."""

    name: str
    locales: tuple[Locale, ...]
    kind: str
    """Type of its jobs."""
    targets: tuple[str, ...]
    refresh: Refresh
    sold: tuple[str, ...] = ()
    """Of the targets, those whose sellers are followed as well, on the first of its marketplaces."""


_DAILY = Refresh(every="day", at="08:00")
_OFFERS = "offers"
_OFFER_PAGES = 3
"""The longest of the lists."""
_SOLD = 4
"""Products whose sellers are followed."""
_OWN = 4
"""Products of a list that are told to be the seller's own, each with a target price."""
_OWN_SELLERS = ["Harbour & Finch Trading"]


def _for_sale(first: int, last: int) -> tuple[str, ...]:
    """Those of the products that have an offer: what is gone for good makes no chart."""
    known = by_asin(EN_US)
    asins = [f"B0DEMO{number:04}" for number in range(first, last + 1)]
    return tuple(asin for asin in asins if is_for_sale(known[asin].offer))


def watches() -> list[Watch]:
    """Two lists of products, one of them on two marketplaces, the sellers of some, and the keywords."""
    keywords = ("kettle", "frying pan", "headphones")
    kettles = _for_sale(1, 20)
    sold = kettles[:_SOLD]
    return [
        Watch("Kettles and pans", (EN_US, DE_DE), JobType.DETAILS, kettles, _DAILY, sold),
        Watch("Sellers of kettles", (EN_US,), _OFFERS, sold, _DAILY),
        Watch("Headphones", (EN_US,), JobType.DETAILS, _for_sale(131, 150), _DAILY),
        Watch("Keywords", (EN_US,), JobType.SEARCH, keywords, Refresh(every="6 hours")),
    ]


async def seed(pool: Pool, principal: Principal, *, now: datetime, seed_of_shop: int = 1) -> str:
    """Create the project with its lists, an alert and their history; its id.

    The history is stored apart from what locks the organization: its owner goes on meanwhile. Jobs that read what is true
    now are posted at the end; the alert fires by what they find.
    """
    async with transaction(pool) as conn:
        project = await projects.create(conn, principal, NAME)
        await conn.execute(
            "UPDATE projects SET is_demo = true, own_sellers = %s WHERE id = %s", [_OWN_SELLERS, project.id]
        )
        await alerts.create(conn, principal, project.id, _ALERT, now=now)
        made = [(watch, await _list(conn, principal, project.id, watch, now)) for watch in watches()]
    for watch, list_id in made:
        async with transaction(pool) as conn:
            source = Source(principal.organization_id, project.id, list_id, watch.kind)
            await store_days(conn, source, watch, now, seed_of_shop)
    async with transaction(pool) as conn:
        for _, list_id in made:
            posted = await runs.run_now(conn, principal, list_id, now=now)
            await _name_job(conn, project.id, list_id, posted[0].job_id)
    return project.id


async def store_days(conn: Conn, source: Source, watch: Watch, now: datetime, seed_of_shop: int) -> None:
    """Store what the marketplace showed of a list's targets in the days up to now."""
    seen: list[Sighting] = []
    for locale in watch.locales:
        for moment in _moments(watch, now, seed_of_shop):
            if watch.kind == JobType.SEARCH:
                await observed.add_rankings(conn, source, [_ranking(locale, word, moment) for word in watch.targets])
            elif watch.kind == JobType.DETAILS:
                seen += await _products(conn, source, watch, locale, moment)
    if seen:
        await series.add_past(conn, source, seen)  # all days at once: one statement in place of one for each


async def _name_job(conn: Conn, project_id: str, list_id: str, job_id: str) -> None:
    """What was stored before there was a job, under the id of its list, is of the first one."""
    for table in ("product_observations", "keyword_observations", "product_series", "offer_observations"):
        await conn.execute(
            sql.SQL("UPDATE {} SET job_id = %s WHERE project_id = %s AND job_id = %s").format(sql.Identifier(table)),
            [job_id, project_id, list_id],
        )


_ALERT = Draft(
    name="A price drops by 10% in a week",
    what=What(),
    when=(Condition(SeriesField.PRICE, AlertOp.DROPS_BY, Decimal(10), AlertUnit.PERCENT, 7),),
)


async def _list(conn: Conn, principal: Principal, project_id: str, watch: Watch, now: datetime) -> str:
    """The list with its items; its id."""
    hosts = [locale.host for locale in watch.locales]
    config = JobConfig(pages=_OFFER_PAGES) if watch.kind == _OFFERS else JobConfig()
    asked = Asked(watch.name, watch.kind, hosts, config, watch.refresh)
    made = await lists.create(conn, principal, project_id, asked, now=now)
    new = [_item(watch, place, target) for place, target in enumerate(watch.targets)]
    await items.put(conn, principal, made.id, items.check(made, new))
    return made.id


def _item(watch: Watch, place: int, target: str) -> NewItem:
    usual = by_asin(watch.locales[0])[target].offer.price if watch.kind == JobType.DETAILS else None
    if usual is None or place >= _OWN:
        return NewItem(target)
    return NewItem(target, tags=("mine",), target_price=(usual * 9 / 10).quantize(usual))


def _moments(watch: Watch, now: datetime, seed_of_shop: int) -> Iterator[Moment]:
    """Keywords once a day, products twice; the last one long enough ago that the first check finds changes."""
    hours = 24 if watch.kind == JobType.SEARCH else _STEP_HOURS
    for count in range(DAYS * 24 // hours, 0, -1):
        yield moment_at(now - timedelta(hours=hours * count), seed_of_shop)


async def _products(conn: Conn, source: Source, watch: Watch, locale: Locale, moment: Moment) -> list[Sighting]:
    """Store the points of product pages at that time; what they tell field by field."""
    there = [product for asin in watch.targets if (product := product_at(locale, asin, moment))]
    records = [record_of(product) for product in there]
    seen = [follow.of_product(record, marketplace=locale.host, observed_at=moment.at) for record in records]
    await observed.add_products(conn, source, [one for one in seen if one])
    told = [follow.sighting_of(record, marketplace=locale.host, observed_at=moment.at) for record in records]
    sold = {} if locale != watch.locales[0] else {one.asin: one for one in there if one.asin in watch.sold}
    listed = [await _sellers(conn, source, product, moment) for product in sold.values()]
    values = {one.asin: one.values for each in listed for one in each.sightings}
    return [replace(one, values={**one.values, **values.get(one.asin, {})}) for one in told if one]


async def _sellers(conn: Conn, source: Source, product: DemoProduct, moment: Moment) -> Observations:
    """Store who offered the product at that time; what the list of offers tells field by field."""
    rows, summary = offers_of(product, moment)
    told = of_offers(rows, summary, marketplace=product.locale.host, observed_at=moment.at)
    await looks.add(conn, source, told.offers)
    return told


def _ranking(locale: Locale, keyword: str, moment: Moment) -> Ranking:
    tiles = search(locale, keyword, 1, moment=moment).tiles
    return Ranking(
        marketplace=locale.host,
        keyword=spelling(keyword),
        sort="",
        category="",
        pages=1,
        observed_at=moment.at,
        asins=tuple(tile.product.asin for tile in tiles),
        sponsored=tuple(tile.sponsored for tile in tiles),
        brands=tuple(tile.product.brand for tile in tiles),
        tile_pages=(1,) * len(tiles),
    )


async def seed_first(pool: Pool, *, since: datetime) -> None:
    """Wait for the first organization, and seed it. Whoever was there before that time has projects of his own."""
    async with pool.connection() as conn:
        await demo_projects.announce(conn)
        await conn.commit()
        try:
            while not (first := await _first_user(pool)):  # noqa: ASYNC110 - another process signs up
                await asyncio.sleep(_LOOK_SECONDS)
            if first.created_at >= since:
                await seed(pool, Principal(first.organization_id, user_id=first.id), now=utc_now())
        finally:
            await demo_projects.withdraw(conn)


@dataclass(frozen=True, slots=True)
class _User:
    id: str
    organization_id: str
    created_at: datetime


async def _first_user(pool: Pool) -> _User | None:
    async with transaction(pool) as conn:
        return await fetch_one(conn, _User, f"SELECT {columns_of(_User)} FROM users ORDER BY created_at, id LIMIT 1")


async def _main(since: datetime) -> None:
    url = load_settings(os.environ).database_url
    if url is None:
        raise InvalidInputError("AZSCRAPER_DATABASE_URL says where to seed")
    async with open_pool(url.get_secret_value(), size=2) as pool:
        await seed_first(pool, since=since)


if __name__ == "__main__":
    asyncio.run(_main(datetime.fromisoformat(sys.argv[1])))
