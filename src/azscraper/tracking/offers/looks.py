"""Looks at lists of offers, kept and read: one that differs from the one before, and one a day."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString

import orjson

from azscraper.errors import InvalidInputError
from azscraper.kinds.observations import OfferSeen, OffersSeen
from azscraper.store.db import Conn, fetch_all
from azscraper.tracking import series_history
from azscraper.tracking.observations import KEPT_AT_LEAST_EVERY
from azscraper.tracking.observed import Source
from azscraper.tracking.offers import sellers
from azscraper.tracking.offers.sellers import Gap, Known, Look, SellerSeen, Told, mean_gap
from azscraper.tracking.series_history import Product, Series
from azscraper.words import SeriesField

MOST_LOOKS = 5_000
"""Of one answer."""
_Key = tuple[str, str, str]
"""Project, marketplace and place, of one ASIN."""


async def add(conn: Conn, source: Source, seen: Sequence[OffersSeen]) -> None:
    """Keep those that differ from the look before them, or come a day after it. The caller has locked the job's row.

    One statement for all of them: this runs with every chunk of pages of offers.
    """
    if not seen:
        return
    await conn.execute(
        """WITH seen AS (
               SELECT r.*, last.observed_at AS before, coalesce(last.observed_at > r.at - %(every)s AND last.is_whole = r.is_whole
                      AND last.currency IS NOT DISTINCT FROM r.currency AND last.sellers = r.sellers
                      AND last.conditions = r.conditions AND last.prices = r.prices
                      AND last.featured IS NOT DISTINCT FROM r.featured, false) AS is_same
               FROM json_to_recordset(%(rows)s) AS r (marketplace text, place text, asin text, at timestamptz, is_whole boolean,
                   currency text, sellers text[], seller_ids text[], conditions text[], prices numeric[], featured smallint)
               LEFT JOIN LATERAL (
                   SELECT * FROM offer_observations o
                   WHERE o.project_id = %(project_id)s AND o.asin = r.asin AND o.marketplace = r.marketplace
                     AND o.place = r.place AND o.observed_at <= r.at AND o.observed_at > %(since)s
                   ORDER BY o.observed_at DESC LIMIT 1) last ON true
           ), checked AS (
               UPDATE offer_observations o SET checked_at = greatest(o.checked_at, seen.at) FROM seen
               WHERE seen.is_same AND o.project_id = %(project_id)s AND o.asin = seen.asin AND o.marketplace = seen.marketplace
                 AND o.place = seen.place AND o.observed_at = seen.before AND o.observed_at > %(since)s
           )
           INSERT INTO offer_observations (project_id, marketplace, place, asin, observed_at, checked_at, job_id, is_whole,
               currency, sellers, seller_ids, conditions, prices, featured)
           SELECT %(project_id)s, marketplace, place, asin, at, at, %(job_id)s, is_whole, currency, sellers, seller_ids,
               conditions, prices, featured FROM seen WHERE NOT is_same
           ON CONFLICT DO NOTHING""",
        {
            "rows": orjson.dumps([_row(one) for one in seen]).decode(),
            "project_id": source.project_id,
            "job_id": source.job_id,
            "every": KEPT_AT_LEAST_EVERY,
            "since": min(one.observed_at for one in seen) - KEPT_AT_LEAST_EVERY,
        },
    )


def _row(one: OffersSeen) -> dict[str, Any]:
    offers = one.offers
    return {
        "marketplace": one.marketplace,
        "place": one.place,
        "asin": one.asin,
        "at": one.observed_at,
        "is_whole": one.is_whole,
        "currency": one.currency,
        "sellers": [each.seller for each in offers],
        "seller_ids": [each.seller_id for each in offers],
        "conditions": [each.condition for each in offers],
        "prices": [None if each.price is None else str(each.price) for each in offers],
        "featured": next((place for place, each in enumerate(offers, 1) if each.is_featured), None),
    }


@dataclass(frozen=True, slots=True)
class ProductSellers:
    """Who sold a product in a time."""

    product: Product
    start: datetime
    end: datetime
    looks: int
    """At lists of offers, in the time, that differ or are a day apart."""
    listed_at: datetime | None
    """The last look at all offers."""
    sellers: Sequence[SellerSeen]
    gaps: Sequence[Gap]

    @property
    def mean_gap(self) -> float | None:
        """By time, in the currency of the last one; None where there is none."""
        return mean_gap(self.gaps)


async def find(conn: Conn, products: Sequence[Product], *, start: datetime, end: datetime) -> list[ProductSellers]:
    """Of one ASIN, for each of the ``products``, which are those that ``series_history.find_states`` gave to the caller.

    Raises InvalidInputError for too many looks.
    """
    if not products:
        return []
    fields = (SeriesField.SELLER, SeriesField.PRICE, SeriesField.NEW_FROM)
    series = await series_history.find_series(conn, products, fields, start=start, end=end)
    params = {
        "projects": list({one.project_id for one in products}),
        "asin": products[0].asin,
        "start": start,
        "end": end,
    }
    looks, known = await _looks(conn, params), await _known(conn, params)
    return [
        _sellers(
            one,
            [each for each in series if each.product == one],
            Told(start, looks[_key(one)], (), known[_key(one)]),
            end,
        )
        for one in products
    ]


@dataclass(frozen=True, slots=True)
class LastLook:
    """Who sells a product now, by the last look at its offers."""

    asin: str
    marketplace: str
    sellers: Sequence[str]
    new: Sequence[str]
    """Those of them that no look of the weeks before had; empty where there was none."""


async def find_last(
    conn: Conn, project_id: str, keys: Collection[tuple[str, str]], *, now: datetime
) -> Mapping[tuple[str, str], LastLook]:
    """By ASIN and marketplace, those that were looked at. The caller has found the project among its own."""
    params = {
        "project_id": project_id,
        "asins": [asin for asin, _ in keys],
        "hosts": [host for _, host in keys],
        "since": now - _BEFORE,
        "new_since": now - _NEW_FOR,
    }
    rows = await fetch_all(conn, LastLook, _LAST, params)
    return {(row.asin, row.marketplace): row for row in rows}


_BEFORE, _NEW_FOR = timedelta(days=60), timedelta(days=7)
_LAST: LiteralString = """WITH last AS (
        SELECT asked.asin, asked.marketplace, o.sellers
        FROM unnest(%(asins)s::text[], %(hosts)s::text[]) AS asked (asin, marketplace) CROSS JOIN LATERAL (
            SELECT ARRAY(SELECT DISTINCT unnest(sellers) ORDER BY 1) AS sellers FROM offer_observations
            WHERE project_id = %(project_id)s AND asin = asked.asin AND marketplace = asked.marketplace AND place = ''
              AND observed_at > %(since)s ORDER BY observed_at DESC LIMIT 1) o)
    SELECT last.*, ARRAY(SELECT s FROM unnest(last.sellers) s WHERE cardinality(before.sellers) > 0 AND s <> ALL(before.sellers)) AS new
    FROM last CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT DISTINCT unnest(sellers) FROM offer_observations o
            WHERE o.project_id = %(project_id)s AND o.asin = last.asin AND o.marketplace = last.marketplace AND o.place = ''
              AND o.observed_at > %(since)s AND o.observed_at < %(new_since)s) AS sellers) before"""


def _key(one: "Product | _Row | _First") -> _Key:
    return one.project_id, one.marketplace, one.place


def _sellers(product: Product, series: Sequence[Series], told: Told, end: datetime) -> ProductSellers:
    spans = {one.field: one.spans(told.start, end) for one in series}
    price, lowest = spans.get(SeriesField.PRICE, []), spans.get(SeriesField.NEW_FROM, [])
    return ProductSellers(
        product,
        told.start,
        end,
        sum(look.checked_at >= told.start for look in told.looks),
        max((look.checked_at for look in told.looks if look.is_whole), default=None),
        sellers.sellers(replace(told, buy_box=spans.get(SeriesField.SELLER, []))),
        sellers.gaps(price, lowest),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    project_id: str
    marketplace: str
    place: str
    observed_at: datetime
    checked_at: datetime
    is_whole: bool
    currency: str | None
    sellers: list[str]
    seller_ids: list[str | None]
    conditions: list[str | None]
    prices: list[Decimal | None]
    featured: int | None

    @property
    def look(self) -> Look:
        offers = zip(self.sellers, self.seller_ids, self.conditions, self.prices, strict=True)
        read = (OfferSeen(*offer, place == self.featured) for place, offer in enumerate(offers, 1))
        return Look(self.observed_at, self.checked_at, self.is_whole, self.currency, tuple(read))


_LOOK: LiteralString = """o.project_id, o.marketplace, o.place, o.observed_at, o.checked_at, o.is_whole, o.currency, o.sellers,
    o.seller_ids, o.conditions, o.prices, o.featured"""
_OF_ASIN: LiteralString = "o.project_id = ANY(%(projects)s) AND o.asin = %(asin)s"
# What was there when the time began is in the last whole look before it.
_IN_TIME: LiteralString = f"""(SELECT DISTINCT ON (o.project_id, o.marketplace, o.place) {_LOOK} FROM offer_observations o
        WHERE {_OF_ASIN} AND o.is_whole AND o.observed_at < %(start)s
        ORDER BY o.project_id, o.marketplace, o.place, o.observed_at DESC)
    UNION ALL (SELECT {_LOOK} FROM offer_observations o
        WHERE {_OF_ASIN} AND o.observed_at >= %(start)s AND o.observed_at < %(end)s LIMIT {MOST_LOOKS + 1})
    ORDER BY observed_at"""


async def _looks(conn: Conn, params: Mapping[str, object]) -> Mapping[_Key, Sequence[Look]]:
    rows = await fetch_all(conn, _Row, _IN_TIME, params)
    if len(rows) > MOST_LOOKS:
        raise InvalidInputError.of("from", f"gives over {MOST_LOOKS:,} looks at lists of offers; take less time")
    found: dict[_Key, list[Look]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row.look)
    return found


@dataclass(frozen=True, slots=True)
class _First:
    project_id: str
    marketplace: str
    place: str
    source: str
    """``listed``, ``buy_box``, or ``whole``: the first look at all offers, which has no name."""
    name: str
    at: datetime


_FIRST: LiteralString = f"""SELECT o.project_id, o.marketplace, o.place, 'listed' AS source, s.name, min(o.observed_at) AS at
    FROM offer_observations o, unnest(o.sellers) AS s (name) WHERE {_OF_ASIN} AND o.observed_at < %(end)s
    GROUP BY o.project_id, o.marketplace, o.place, s.name
    UNION ALL SELECT o.project_id, o.marketplace, o.place, 'whole', '', min(o.observed_at)
    FROM offer_observations o WHERE {_OF_ASIN} AND o.is_whole AND o.observed_at < %(end)s
    GROUP BY o.project_id, o.marketplace, o.place
    UNION ALL SELECT o.project_id, o.marketplace, o.place, 'buy_box', o.value_text, min(o.observed_at)
    FROM product_series o WHERE {_OF_ASIN} AND o.field = 'seller' AND o.value_text IS NOT NULL AND o.observed_at < %(end)s
    GROUP BY o.project_id, o.marketplace, o.place, o.value_text"""


async def _known(conn: Conn, params: Mapping[str, object]) -> Mapping[_Key, Known]:
    found: dict[_Key, dict[str, dict[str, datetime]]] = defaultdict(lambda: defaultdict(dict))
    for row in await fetch_all(conn, _First, _FIRST, params):
        found[_key(row)][row.source][row.name] = row.at
    told = {key: Known(first["listed"], first["whole"].get(""), first["buy_box"]) for key, first in found.items()}
    return defaultdict(Known, told)
