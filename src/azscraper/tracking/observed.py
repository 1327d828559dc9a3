"""What a job's records add to the history, and word of what changed.

Written with the rows, in the same transaction (see ``observations`` for what is kept, and when). A product's state is
one row a project: it holds the last observation, and what a change was last told of. States are locked in one order, so
that two jobs that bring the same products wait for each other and tell a change once.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import orjson

from azscraper.clock import stamp
from azscraper.kinds.observations import Price, ProductObservation, Ranking
from azscraper.store.db import Conn, fetch_all
from azscraper.store.sent import Later, Sent, nothing, send
from azscraper.tenants import projects
from azscraper.tenants.projects import Thresholds
from azscraper.tracking import observations
from azscraper.tracking.observations import KEPT_AT_LEAST_EVERY, Change, Reference
from azscraper.webhooks.endpoints import Event
from azscraper.words import EventType, JobType

_ANY = Thresholds(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Source:
    """The job that observations come from."""

    organization_id: str
    project_id: str
    job_id: str | None
    """None: imported."""
    kind: str = JobType.DETAILS
    """Type of the job."""


@dataclass(frozen=True, slots=True)
class RankingChange:
    """A keyword's ranking, before and after: changed or not. For rules of alerts, in the transaction that stores it."""

    before: Ranking | None
    """None: the keyword was not searched before, in this order and category."""
    after: Ranking


@dataclass(frozen=True, slots=True)
class _State:
    marketplace: str
    asin: str
    observed_at: datetime
    price: Decimal | None
    currency: str | None
    rating: float | None
    rating_count: int | None
    rank: int | None
    rank_category: str | None
    availability: str | None
    told_price: Decimal | None
    told_currency: str | None
    knows_price: bool
    told_rating: float | None
    told_availability: str | None

    def last(self) -> ProductObservation:
        return ProductObservation(
            self.marketplace,
            self.asin,
            self.observed_at,
            _price(self.price, self.currency),
            self.rating,
            self.rating_count,
            self.rank,
            self.rank_category,
            self.availability,
        )

    def reference(self) -> Reference:
        price = _price(self.told_price, self.told_currency)
        return Reference(price, self.knows_price, self.told_rating, self.told_availability)


def _price(amount: Decimal | None, currency: str | None) -> Price | None:
    return None if amount is None or currency is None else Price(amount, currency)


async def add_products(conn: Conn, source: Source, seen: Sequence[ProductObservation]) -> list[Event]:
    """Keep what is worth keeping; the changes to tell the project's webhooks of. The caller has locked the job's row.

    An observation older than the last one goes into the history and tells nothing.
    """
    return await (await begin_products(conn, source, seen))()


async def begin_products(conn: Conn, source: Source, seen: Sequence[ProductObservation]) -> Later[list[Event]]:
    """As ``add_products``, for who sends more before the products' states, which are locked first, are needed."""
    if not seen:
        return nothing
    latest = {(one.marketplace, one.asin): one for one in sorted(seen, key=lambda one: one.observed_at)}
    locked = await _look_up(conn, source.project_id, list(latest.values()))
    return partial(_add_products, conn, source, latest, locked)


async def _add_products(
    conn: Conn, source: Source, latest: dict[tuple[str, str], ProductObservation], locked: Sent[_State]
) -> list[Event]:
    states = {(state.marketplace, state.asin): state for state in await locked.all()}
    differs = any(_told(states.get(key), one, _ANY) for key, one in latest.items())
    thresholds = await projects.thresholds(conn, source.project_id) if differs else Thresholds()
    rows, events = [], []
    for key, one in sorted(latest.items()):
        state = states.get(key)
        reference = state.reference() if state else Reference()
        told = _told(state, one, thresholds)
        if told:
            events.append(_changed(source, one, told))
        following = observations.next_reference(reference, one, told)
        if following != reference or observations.is_kept(state.last() if state else None, one):
            rows.append(_row(one, following))
    if rows:
        await _store_products(conn, source, rows)
    return events


def _told(state: _State | None, seen: ProductObservation, thresholds: Thresholds) -> list[Change]:
    """What is to tell of it; nothing of what comes late, or for the first time."""
    if state is None or seen.observed_at < state.observed_at:
        return []
    return observations.changes(state.reference(), seen, **asdict(thresholds))


async def _look_up(conn: Conn, project_id: str, seen: Sequence[ProductObservation]) -> Sent[_State]:
    """The products' states, locked, and marked as checked: those that say what they said before get no point of their own."""
    return await send(
        conn,
        _State,
        """WITH locked AS (
               SELECT s.*, seen.at FROM product_states s
               JOIN unnest(%s::text[], %s::text[], %s::timestamptz[]) AS seen (marketplace, asin, at) USING (marketplace, asin)
               WHERE s.project_id = %s ORDER BY s.marketplace, s.asin FOR UPDATE OF s
           ), checked AS (
               UPDATE product_states s SET checked_at = locked.at FROM locked
               WHERE s.project_id = locked.project_id AND s.marketplace = locked.marketplace AND s.asin = locked.asin
                 AND coalesce(locked.checked_at, locked.observed_at) < locked.at
           )
           SELECT marketplace, asin, observed_at, price, currency, rating, rating_count, rank, rank_category, availability,
               told_price, told_currency, knows_price, told_rating, told_availability FROM locked""",
        [*map(list, zip(*((one.marketplace, one.asin, one.observed_at) for one in seen), strict=True)), project_id],
    )


def _row(seen: ProductObservation, reference: Reference) -> dict[str, Any]:
    return {
        "marketplace": seen.marketplace,
        "asin": seen.asin,
        "observed_at": seen.observed_at,
        **_columns(seen.price, ""),
        "rating": seen.rating,
        "rating_count": seen.rating_count,
        "rank": seen.rank,
        "rank_category": seen.rank_category,
        "availability": seen.availability,
        **_columns(reference.price, "told_"),
        "knows_price": reference.knows_price,
        "told_rating": reference.rating,
        "told_availability": reference.availability,
    }


def _columns(price: Price | None, prefix: str) -> dict[str, str | None]:
    amount, currency = (str(price.amount), price.currency) if price else (None, None)
    return {f"{prefix}price": amount, f"{prefix}currency": currency}


async def _store_products(conn: Conn, source: Source, rows: Sequence[dict[str, Any]]) -> None:
    """One statement for all of them: this runs with every page that is stored."""
    await conn.execute(
        """WITH seen AS (
               SELECT * FROM json_to_recordset(%(rows)s) AS r (marketplace text, asin text, observed_at timestamptz,
                   price numeric, currency text, rating float8, rating_count int, rank int, rank_category text,
                   availability text, told_price numeric, told_currency text, knows_price boolean, told_rating float8,
                   told_availability text)
           ), states AS (
               INSERT INTO product_states AS s (project_id, marketplace, asin, observed_at, price, currency, rating,
                   rating_count, rank, rank_category, availability, told_price, told_currency, knows_price, told_rating,
                   told_availability, checked_at)
               SELECT %(project_id)s, *, observed_at FROM seen ORDER BY marketplace, asin
               ON CONFLICT (project_id, marketplace, asin) DO UPDATE SET observed_at = excluded.observed_at,
                   price = excluded.price, currency = excluded.currency, rating = excluded.rating,
                   rating_count = excluded.rating_count, rank = excluded.rank, rank_category = excluded.rank_category,
                   availability = excluded.availability, told_price = excluded.told_price,
                   told_currency = excluded.told_currency, knows_price = excluded.knows_price,
                   told_rating = excluded.told_rating, told_availability = excluded.told_availability,
                   checked_at = greatest(s.checked_at, excluded.checked_at)
               WHERE s.observed_at <= excluded.observed_at
           )
           INSERT INTO product_observations (organization_id, project_id, job_id, marketplace, asin, observed_at, price,
               currency, rating, rating_count, rank, rank_category, availability)
           SELECT %(organization_id)s, %(project_id)s, %(job_id)s, marketplace, asin, observed_at, price, currency,
               rating, rating_count, rank, rank_category, availability FROM seen""",
        {"rows": orjson.dumps(rows).decode(), **asdict(source)},
    )


def _changed(source: Source, seen: ProductObservation, told: Sequence[Change]) -> Event:
    data = {
        "jobId": source.job_id,
        "projectId": source.project_id,
        "marketplace": seen.marketplace,
        "asin": seen.asin,
        "observedAt": stamp(seen.observed_at),
        "changes": {change.name: {"before": _wire(change.before), "after": _wire(change.after)} for change in told},
    }
    return Event(EventType.PRODUCT_CHANGED, data)


def _wire(value: Price | float | str | None) -> object:
    return {"amount": float(value.amount), "currency": value.currency} if isinstance(value, Price) else value


async def add_rankings(conn: Conn, source: Source, seen: Sequence[Ranking]) -> list[RankingChange]:
    """Keep the rankings that differ from the one before, or come a day after it; each beside that. Those that come late give none."""
    if not seen:
        return []
    before = await _last_rankings(conn, source, seen)
    await _mark_searched(conn, source, seen)
    await conn.execute(
        """INSERT INTO keyword_observations (organization_id, project_id, job_id, marketplace, keyword, sort, category,
               pages, observed_at, asins, sponsored, brands, tile_pages)
           SELECT %(organization_id)s, %(project_id)s, %(job_id)s, r.marketplace, r.keyword, r.sort, r.category, r.pages, r.observed_at,
               r.asins, r.sponsored, nullif(r.brands, '{}'), nullif(r.tile_pages, '{}') FROM json_to_recordset(%(rows)s) AS r (
               marketplace text, keyword text, sort text, category text, pages int, observed_at timestamptz,
               asins text[], sponsored boolean[], brands text[], tile_pages int[])
           WHERE NOT EXISTS (
               SELECT 1 FROM (
                   SELECT * FROM keyword_observations k
                   WHERE k.organization_id = %(organization_id)s AND k.keyword = r.keyword
                     AND k.project_id = %(project_id)s AND k.marketplace = r.marketplace AND k.sort = r.sort
                     AND k.category = r.category AND k.observed_at <= r.observed_at
                   ORDER BY k.observed_at DESC, k.seq DESC LIMIT 1) last
               WHERE last.asins = r.asins AND last.sponsored = r.sponsored AND last.pages = r.pages
                 AND last.observed_at > r.observed_at - %(every)s)""",
        {"rows": orjson.dumps([asdict(one) for one in seen]).decode(), "every": KEPT_AT_LEAST_EVERY, **asdict(source)},
    )
    pairs = ((before.get(_names(one)), one) for one in seen)
    return [RankingChange(old, one) for old, one in pairs if old is None or old.observed_at <= one.observed_at]


def _names(one: Ranking) -> tuple[str, ...]:
    return one.marketplace, one.keyword, one.sort, one.category


async def _last_rankings(conn: Conn, source: Source, seen: Sequence[Ranking]) -> dict[tuple[str, ...], Ranking]:
    rows = await fetch_all(
        conn,
        Ranking,
        """SELECT k.marketplace, k.keyword, k.sort, k.category, k.pages, k.observed_at, k.asins, k.sponsored,
               coalesce(k.brands, '{}') AS brands, coalesce(k.tile_pages, '{}') AS tile_pages
           FROM (SELECT DISTINCT * FROM unnest(%(marketplaces)s::text[], %(keywords)s::text[], %(sorts)s::text[], %(categories)s::text[])
                     AS r (marketplace, keyword, sort, category)) r,
               LATERAL (SELECT * FROM keyword_observations k
                   WHERE k.organization_id = %(organization_id)s AND k.keyword = r.keyword AND k.project_id = %(project_id)s
                     AND k.marketplace = r.marketplace AND k.sort = r.sort AND k.category = r.category
                   ORDER BY k.observed_at DESC, k.seq DESC LIMIT 1) k""",
        {
            **asdict(source),
            "marketplaces": [one.marketplace for one in seen],
            "keywords": [one.keyword for one in seen],
            "sorts": [one.sort for one in seen],
            "categories": [one.category for one in seen],
        },
    )
    return {_names(row): row for row in rows}


async def _mark_searched(conn: Conn, source: Source, seen: Sequence[Ranking]) -> None:
    """The last search of each keyword that showed the same, within the time in which it is kept once."""
    await conn.execute(
        """UPDATE keyword_observations k SET checked_at = r.observed_at
           FROM json_to_recordset(%(rows)s) AS r (marketplace text, keyword text, sort text, category text, pages int,
               observed_at timestamptz, asins text[], sponsored boolean[])
           WHERE k.organization_id = %(organization_id)s AND k.keyword = r.keyword AND k.project_id = %(project_id)s
             AND k.marketplace = r.marketplace AND k.sort = r.sort AND k.category = r.category
             AND k.observed_at > r.observed_at - %(every)s AND k.observed_at < r.observed_at
             AND coalesce(k.checked_at, k.observed_at) < r.observed_at
             AND k.asins = r.asins AND k.sponsored = r.sponsored AND k.pages = r.pages""",
        {"rows": orjson.dumps([asdict(one) for one in seen]).decode(), "every": KEPT_AT_LEAST_EVERY, **asdict(source)},
    )
