"""What a rule would have told in the last 30 days: reads a bounded part of what is stored, and judges it in bounded time."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from heapq import nlargest

from azscraper.errors import InvalidInputError
from azscraper.kinds.observations import Ranking, Value
from azscraper.store.db import Conn, fetch_all
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking.alerts import items, runs
from azscraper.tracking.alerts.alerts import Draft
from azscraper.tracking.alerts.items import Item
from azscraper.tracking.alerts.notices import Firing
from azscraper.tracking.alerts.own_prices import Corner
from azscraper.tracking.alerts.previews import own_then
from azscraper.tracking.alerts.previews.replay import Dot, Then, Track, of_keyword, of_product
from azscraper.tracking.alerts.rule_sets import Watch
from azscraper.tracking.alerts.rules import Rule
from azscraper.tracking.observed import RankingChange
from azscraper.words import AlertField, AlertOp, SeriesField

DAYS = 30
NEWEST = 10
"""Firings that a preview shows."""
MOST_PRODUCTS = 2000
MOST_POINTS = 20_000
MOST_SEARCHES = 1000
SECONDS = 2.0
"""Of judging; reading has the statements' own bound."""
_POINTS_OF_ONE = 1000
_PRODUCTS_AT_ONCE = 50
_IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have told."""

    since: datetime
    count: int
    newest: Sequence[Firing]
    """The newest of them, newest first."""
    looked_at: int
    """Products, keywords' marketplaces or jobs."""
    is_complete: bool
    """Whether all that the rule watches was looked at."""
    by_day: Sequence[int] = ()
    """How many on each day, the first one first."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of what a rule watches. ``judge`` says what the rule makes of it."""

    watch: Watch
    since: datetime
    tracks: Sequence[Track] = ()
    searches: Sequence[Sequence[RankingChange]] = ()
    ended: Sequence[Firing | None] = ()
    """Jobs, each with what it would have fired."""
    is_complete: bool = True


async def load(conn: Conn, principal: Principal, project_id: str, draft: Draft, *, now: datetime) -> Stored:
    """What a preview of the rule needs. Raises NotFoundError, and InvalidInputError for a rule that is not sound."""
    draft.require_sound()
    if draft.rule(began_at=now).looks_at_reviews:
        raise InvalidInputError.of("when", "looks at reviews, which are not kept: there is no preview of it")
    await projects.get(conn, principal, project_id)
    since = now - timedelta(days=DAYS)
    watch = _watch(draft, since)
    if draft.what.runs:
        ended, is_complete = await runs.look_back(conn, project_id, watch, since=since)
        return Stored(watch, since, ended=ended, is_complete=is_complete)
    if draft.what.keyword:
        found = await _searches(conn, principal, project_id, watch.rule, since)
        return Stored(watch, since, searches=_by_marketplace(found, since), is_complete=len(found) < MOST_SEARCHES)
    products, is_complete = await _products(conn, project_id, watch.rule, since)
    tracks, has_all = await _tracks(conn, project_id, watch.rule, products, since)
    return Stored(watch, since, tracks, is_complete=is_complete and has_all)


def _watch(draft: Draft, since: datetime) -> Watch:
    rule = replace(draft.rule(began_at=since), expires_at=None)
    return Watch(rule, draft.name, draft.digest, draft.quiet_hours, ())


def judge(stored: Stored, *, seconds: float = SECONDS) -> Preview:
    """What the rule would have fired; what the time does not suffice for is left out, and said. Blocks: for a thread."""
    until = time.monotonic() + seconds
    fired: list[Firing] = []
    looked_at, parts = 0, list(_parts(stored))
    for part in parts:
        if time.monotonic() > until:
            break
        fired += part
        looked_at += 1
    newest = nlargest(NEWEST, fired, key=lambda one: one.observed_at)
    is_complete = stored.is_complete and looked_at == len(parts)
    return Preview(stored.since, len(fired), newest, looked_at, is_complete, _by_day(fired, stored.since))


def _by_day(fired: Sequence[Firing], since: datetime) -> list[int]:
    days = Counter((one.observed_at - since).days for one in fired)
    return [days[day] for day in range(DAYS)]


def _parts(stored: Stored) -> Iterator[Iterator[Firing]]:
    for track in stored.tracks:
        yield of_product(stored.watch, track, stored.since)
    for rankings in stored.searches:
        yield of_keyword(stored.watch, rankings)
    for one in stored.ended:
        yield iter([one] if one else [])


@dataclass(frozen=True, slots=True)
class _Product:
    marketplace: str
    place: str
    asin: str
    title: str | None
    checked_at: datetime
    target: Value | None = None
    own: Sequence[Then] = ()
    """What one's own products cost beside it."""


async def _products(conn: Conn, project_id: str, rule: Rule, since: datetime) -> tuple[list[_Product], bool]:
    """Those that the rule watches and that were checked since then, what changed last first; whether these are all."""
    what = rule.what
    listed = await items.find_asins(conn, project_id, what) if rule.looks_at_items else None
    asins = (
        list(what.products)
        if listed is None
        else [asin for asin in listed if asin in what.products or not what.products]
    )
    found = await fetch_all(
        conn,
        _Product,
        """SELECT marketplace, place, asin, texts->>'title' AS title, checked_at FROM series_states
           WHERE project_id = %s AND checked_at >= %s AND (%s OR asin = ANY(%s))
             AND (%s::text[] = '{}' OR marketplace = ANY(%s)) ORDER BY changed_at DESC LIMIT %s""",
        [
            project_id,
            since,
            listed is None and not asins,
            asins,
            *[list(what.marketplaces)] * 2,
            MOST_PRODUCTS + 1,
        ],
    )
    kept = found[:MOST_PRODUCTS]
    if listed is None:
        return kept, len(found) <= MOST_PRODUCTS
    aimed, is_complete = await _aimed(conn, project_id, rule, kept, since)
    return aimed, is_complete and len(found) <= MOST_PRODUCTS


async def _aimed(
    conn: Conn, project_id: str, rule: Rule, products: Sequence[_Product], since: datetime
) -> tuple[list[_Product], bool]:
    """Those that the rule means by their items, each with what it is compared with; whether all of that was read."""
    by_key = await items.look_up(conn, project_id, [one.asin for one in products])
    meant = [(one, items.meant(rule.what, by_key.get((one.asin, one.marketplace), ()))) for one in products]
    aimed = [(replace(one, target=items.target(own)), own) for one, own in meant if own]
    if not rule.looks_at_own:
        return [one for one, _ in aimed], True
    known, is_complete = await own_then.look_up(
        conn, project_id, {item.list_id for _, own in aimed for item in own}, since=since
    )
    mine = items.own_asins(by_key)
    compared = [_compared(one, own, known) for one, own in aimed if one.asin not in mine]
    return [one for one in compared if one.own], is_complete


def _compared(product: _Product, own: Sequence[Item], known: Mapping[Corner, Sequence[Then]]) -> _Product:
    corners = [(item.list_id, product.marketplace, product.place) for item in own]
    return replace(product, own=own_then.beside(known, corners))


@dataclass(frozen=True, slots=True)
class _Point:
    at: int
    field: str
    observed_at: datetime
    value_number: Decimal | None
    value_text: str | None
    source: str

    def dot(self) -> Dot:
        value = Value(self.value_number, self.value_text)
        return Dot(self.field, self.observed_at, value, fires=self.source != _IMPORTED)


async def _tracks(
    conn: Conn, project_id: str, rule: Rule, products: Sequence[_Product], since: datetime
) -> tuple[list[Track], bool]:
    """Their points; whether those are all."""
    tracks: list[Track] = []
    left = MOST_POINTS
    for begin in range(0, len(products), _PRODUCTS_AT_ONCE):
        part = products[begin : begin + _PRODUCTS_AT_ONCE]
        points = await _points(conn, project_id, rule, part, since=since, limit=left + 1)
        if len(points) > left:
            whole = [one for one in points if one.at < points[-1].at]
            return [*tracks, *_grouped(part[: points[-1].at], whole)], False
        tracks += _grouped(part, points)
        left -= len(points)
    return tracks, True


def _grouped(products: Sequence[_Product], points: Sequence[_Point]) -> list[Track]:
    dots: list[list[Dot]] = [[] for _ in products]
    for point in points:
        dots[point.at].append(point.dot())
    return [
        Track(
            one.marketplace,
            one.place,
            one.asin,
            one.title,
            one.checked_at,
            own_then.looked_at_again(sorted(own, key=lambda dot: dot.at), one.own, until=one.checked_at),
            one.target,
            one.own,
        )
        for one, own in zip(products, dots, strict=True)
    ]


async def _points(
    conn: Conn, project_id: str, rule: Rule, products: Sequence[_Product], *, since: datetime, limit: int
) -> list[_Point]:
    """Of the fields that the rule looks at: from as far back as it looks, the value that held then, and what it knows for ever."""
    fields = rule.fields | ({SeriesField.SELLER} if rule.what.seller else set())
    for_ever = {one.source for one in rule.when if one.op is AlertOp.LOWEST_EVER or one.field == AlertField.NEW_SELLER}
    days = max((one.days or 0 for one in rule.when), default=0)
    return await fetch_all(
        conn,
        _Point,
        """SELECT (k.at - 1)::int AS at, p.field, p.observed_at, p.value_number, p.value_text, p.source
           FROM unnest(%(marketplaces)s::text[], %(places)s::text[], %(asins)s::text[])
                   WITH ORDINALITY AS k (marketplace, place, asin, at),
               unnest(%(fields)s::text[], %(for_ever)s::boolean[]) AS f (field, for_ever),
           LATERAL (
               (SELECT s.field, s.observed_at, s.value_number, s.value_text, s.source FROM product_series s
                WHERE s.project_id = %(project_id)s AND s.asin = k.asin AND s.marketplace = k.marketplace AND s.place = k.place
                  AND s.field = f.field AND s.observed_at > %(since)s ORDER BY s.observed_at DESC LIMIT %(most)s)
               UNION ALL
               (SELECT s.field, s.observed_at, s.value_number, s.value_text, s.source FROM product_series s
                WHERE s.project_id = %(project_id)s AND s.asin = k.asin AND s.marketplace = k.marketplace AND s.place = k.place
                  AND s.field = f.field AND s.observed_at <= %(since)s ORDER BY s.observed_at DESC LIMIT 1)
               UNION
               (SELECT DISTINCT ON (s.value_text) s.field, s.observed_at, s.value_number, s.value_text, s.source FROM product_series s
                WHERE f.for_ever AND s.project_id = %(project_id)s AND s.asin = k.asin AND s.marketplace = k.marketplace
                  AND s.place = k.place AND s.field = f.field AND s.observed_at <= %(since)s
                ORDER BY s.value_text, s.value_number LIMIT %(most)s)) p
           ORDER BY 1 LIMIT %(limit)s""",
        {
            "marketplaces": [one.marketplace for one in products],
            "places": [one.place for one in products],
            "asins": [one.asin for one in products],
            "fields": sorted(fields),
            "for_ever": [name in for_ever for name in sorted(fields)],
            "project_id": project_id,
            "since": since - timedelta(days=days),
            "most": _POINTS_OF_ONE,
            "limit": limit,
        },
    )


async def _searches(conn: Conn, principal: Principal, project_id: str, rule: Rule, since: datetime) -> list[Ranking]:
    """The newest results of the keyword, in the marketplace's own order; in time's order."""
    what = rule.what
    found = await fetch_all(
        conn,
        Ranking,
        """SELECT marketplace, keyword, sort, category, pages, observed_at, asins, sponsored, coalesce(brands, '{}') AS brands,
               coalesce(tile_pages, '{}') AS tile_pages
           FROM keyword_observations WHERE organization_id = %s AND keyword = %s AND project_id = %s AND sort = '' AND category = ''
             AND (%s::text[] = '{}' OR marketplace = ANY(%s)) AND observed_at >= %s
           ORDER BY observed_at DESC LIMIT %s""",
        [
            principal.organization_id,
            what.keyword,
            project_id,
            *[list(what.marketplaces)] * 2,
            since - timedelta(days=DAYS),
            MOST_SEARCHES,
        ],
    )
    return found[::-1]


def _by_marketplace(found: Sequence[Ranking], since: datetime) -> list[list[RankingChange]]:
    """Each beside the one before it on its marketplace."""
    before: dict[str, Ranking] = {}
    changes: dict[str, list[RankingChange]] = {}
    for one in found:
        if one.observed_at >= since:
            changes.setdefault(one.marketplace, []).append(RankingChange(before.get(one.marketplace), one))
        before[one.marketplace] = one
    return list(changes.values())
