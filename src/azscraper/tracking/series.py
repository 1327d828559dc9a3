"""Series: each field of a product over time, written with the rows, in the same transaction. ``series_states`` says what is kept.

A product's state is one row per project, marketplace and place. It is locked before it is compared, in one order, so that
two jobs that bring the same product tell a change once.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

import orjson

from azscraper.kinds.observations import Sighting, Value
from azscraper.store.db import Conn
from azscraper.store.sent import Later, Sent, nothing, send
from azscraper.tracking.observed import Source
from azscraper.tracking.series_states import Extreme, FieldState, Observed, Point, ProductState, Step, step

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_REMEMBERED = 1024
"""Times and numbers that came last: the fields of a product share them."""
_Key = tuple[str, str, str]
"""Marketplace, place, ASIN."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A product's state as it is stored; ``state`` reads it."""

    marketplace: str
    place: str
    asin: str
    checked_at: datetime
    numbers: str
    texts: str
    facts: str
    lapsed: str

    @property
    def key(self) -> _Key:
        """Of the product."""
        return self.marketplace, self.place, self.asin

    @property
    def state(self) -> ProductState:
        """What it says."""
        numbers, texts, lapsed = map(orjson.loads, (self.numbers, self.texts, self.lapsed))
        return ProductState(
            self.checked_at,
            {
                name: _field(fact, _value(numbers.get(name), texts.get(name)), lapsed.get(name), self.checked_at)
                for name, fact in orjson.loads(self.facts).items()
            },
        )


COLUMNS = "s.marketplace, s.place, s.asin, s.checked_at, s.numbers::text, s.texts::text, s.facts::text, s.lapsed::text"
"""Of ``Stored``, of ``series_states s``."""


def _field(fact: list[Any], value: Value, lapsed: int | None, checked_at: datetime) -> FieldState:
    first, changed, stored, lowest, lowest_at, highest, highest_at, unit = fact
    return FieldState(
        value,
        _time(first),
        _time(changed),
        _time(stored),
        checked_at if lapsed is None else _time(lapsed),
        _extreme(lowest, lowest_at, unit),
        _extreme(highest, highest_at, unit),
    )


def _extreme(number: float | None, at: int | None, unit: str | None) -> Extreme | None:
    return None if number is None or at is None else Extreme(_value(number, unit), _time(at))


def _value(number: float | None, text: str | None) -> Value:
    return Value(None if number is None else _decimal(number), text)


@lru_cache(_REMEMBERED)
def _decimal(number: float) -> Decimal:
    return Decimal(f"{number:.15g}")


@lru_cache(_REMEMBERED)
def _time(ms: int) -> datetime:
    return _EPOCH + ms * _MS


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MS


async def add(conn: Conn, source: Source, seen: Iterable[Sighting]) -> list[Observed]:
    """Keep what is worth keeping; what each product's page told against what was known, for rules. The caller has locked the job's row.

    A product that a chunk brings twice, say as a tile and as a page, is one observation: the later page wins, field by field.
    """
    return await (await begin(conn, source, seen))()


async def begin(conn: Conn, source: Source, seen: Iterable[Sighting]) -> Later[list[Observed]]:
    """As ``add``, for who sends more before the products' states, which are locked first, are needed."""
    by_key = _merged(seen)
    if not by_key:
        return nothing
    locked = await _look_up(conn, source.project_id, list(by_key))
    return partial(_add, conn, source, by_key, locked)


async def _add(conn: Conn, source: Source, by_key: dict[_Key, Sighting], locked: Sent[Stored]) -> list[Observed]:
    states = await _locked(conn, source.project_id, list(by_key), locked)
    steps = {key: step(states[key], one) for key, one in by_key.items()}
    await _store(conn, source, states, steps)
    return [one.observed for one in steps.values() if one.observed.fields]


_PRODUCTS_AT_ONCE = 2000
_POINTS_AT_ONCE = 10_000


async def add_past(conn: Conn, source: Source, seen: Sequence[Sighting]) -> None:
    """Put in what is known from elsewhere, in time's order of each product; rules hear nothing of it.

    A value older than a field's last check is a point of its own, and moves none but the lowest and highest of all time.
    """
    by_key: dict[_Key, list[Sighting]] = {}
    for one in sorted(seen, key=lambda one: (one.asin, one.marketplace, one.place, one.observed_at)):
        by_key.setdefault((one.marketplace, one.place, one.asin), []).append(one)
    keys = list(by_key)
    for at in range(0, len(keys), _PRODUCTS_AT_ONCE):
        part = keys[at : at + _PRODUCTS_AT_ONCE]
        locked = await _look_up(conn, source.project_id, part)
        states = await _locked(conn, source.project_id, part, locked)
        rows, points = await asyncio.to_thread(_past, part, states, by_key)
        for first in range(0, max(len(points), 1), _POINTS_AT_ONCE):
            await _write(conn, source, rows if first == 0 else [], points[first : first + _POINTS_AT_ONCE])


def _past(
    keys: Sequence[_Key], states: Mapping[_Key, ProductState | None], by_key: Mapping[_Key, Sequence[Sighting]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the states after all of it, and of the points."""
    rows, points = [], []
    for key in keys:
        state = states[key]
        steps = []
        for one in by_key[key]:
            steps.append(step(state, one))
            state = steps[-1].state
        told = [_point(key, one, point) for one in steps for point in one.points]
        points += told
        changed = {
            "is_change": states[key] is None or any(point["is_change"] for point in told),
            **document(steps[-1].state),
        }
        rows.append(
            _row(key, states[key], steps[-1])
            | changed
            | {"at": by_key[key][0].observed_at, "changed_at": by_key[key][-1].observed_at}
        )
    return rows, points


def _merged(seen: Iterable[Sighting]) -> dict[_Key, Sighting]:
    merged: dict[_Key, Sighting] = {}
    for one in sorted(seen, key=lambda one: (one.marketplace, one.place, one.asin, one.observed_at)):
        key = (one.marketplace, one.place, one.asin)
        values = {**merged[key].values, **one.values} if key in merged else one.values
        merged[key] = Sighting(one.marketplace, one.asin, one.observed_at, values, one.place)
    return merged


async def _locked(
    conn: Conn, project_id: str, keys: Sequence[_Key], locked: Sent[Stored]
) -> dict[_Key, ProductState | None]:
    """The products' states, locked; None of those that are new, whose rows are made and locked."""
    found = await _states(locked)
    missing = [key for key in keys if key not in found]
    if missing:
        made = await _make(conn, project_id, missing)
        found |= dict.fromkeys(made)
        if len(made) < len(missing):  # another job has just made them
            again = await _look_up(conn, project_id, [key for key in missing if key not in made])
            found |= await _states(again)
    return found


async def _states(locked: Sent[Stored]) -> dict[_Key, ProductState | None]:
    return {row.key: row.state for row in await locked.all()}


async def _look_up(conn: Conn, project_id: str, keys: Sequence[_Key]) -> Sent[Stored]:
    marketplaces, places, asins = (list(part) for part in zip(*keys, strict=True))
    return await send(
        conn,
        Stored,
        f"""SELECT {COLUMNS} FROM series_states s
            JOIN unnest(%s::text[], %s::text[], %s::text[]) AS seen (marketplace, place, asin) USING (marketplace, place, asin)
            WHERE s.project_id = %s ORDER BY s.asin, s.marketplace, s.place FOR UPDATE OF s""",
        [marketplaces, places, asins, project_id],
    )


async def _make(conn: Conn, project_id: str, keys: Sequence[_Key]) -> set[_Key]:
    marketplaces, places, asins = (list(part) for part in zip(*keys, strict=True))
    cursor = await conn.execute(
        """INSERT INTO series_states (project_id, marketplace, place, asin, first_at, checked_at, changed_at, numbers, texts, facts, lapsed)
           SELECT %s, *, 'infinity', '-infinity', '-infinity', '{}', '{}', '{}', '{}'
           FROM unnest(%s::text[], %s::text[], %s::text[]) AS seen (marketplace, place, asin) ORDER BY asin, marketplace, place
           ON CONFLICT DO NOTHING RETURNING marketplace, place, asin""",
        [project_id, marketplaces, places, asins],
    )
    return {(marketplace, place, asin) for marketplace, place, asin in await cursor.fetchall()}


async def _store(
    conn: Conn, source: Source, before: Mapping[_Key, ProductState | None], steps: Mapping[_Key, Step]
) -> None:
    """One statement for all of them: this runs with every page that is stored."""
    states = [_row(key, before[key], one) for key, one in steps.items()]
    points = [_point(key, one, point) for key, one in steps.items() for point in one.points]
    await _write(conn, source, states, points)


async def _write(
    conn: Conn, source: Source, states: Sequence[dict[str, Any]], points: Sequence[dict[str, Any]]
) -> None:
    await conn.execute(
        """WITH told AS (
               SELECT * FROM json_to_recordset(%(states)s) AS r (marketplace text, place text, asin text, at timestamptz,
                   changed_at timestamptz, checked_at timestamptz, is_change boolean, numbers jsonb, texts jsonb, facts json, lapsed json)
           ), states AS (
               UPDATE series_states s SET first_at = least(s.first_at, r.at), checked_at = r.checked_at,
                   changed_at = CASE WHEN r.is_change THEN greatest(s.changed_at, r.changed_at) ELSE s.changed_at END,
                   numbers = coalesce(r.numbers, s.numbers), texts = coalesce(r.texts, s.texts),
                   facts = coalesce(r.facts, s.facts), lapsed = r.lapsed
               FROM told r WHERE s.project_id = %(project_id)s AND s.marketplace = r.marketplace AND s.place = r.place
                 AND s.asin = r.asin
           )
           INSERT INTO product_series (project_id, marketplace, place, asin, field, observed_at, value_number, value_text,
               is_change, before_number, before_text, job_id, source)
           SELECT %(project_id)s, *, %(job_id)s, %(source)s FROM json_to_recordset(%(points)s) AS r (marketplace text, place text,
               asin text, field text, observed_at timestamptz, value_number numeric, value_text text, is_change boolean,
               before_number numeric, before_text text)
           ON CONFLICT DO NOTHING""",
        {
            "states": orjson.dumps(states, option=orjson.OPT_NON_STR_KEYS).decode(),  # fields are enumerated
            "points": orjson.dumps(points).decode(),
            "project_id": source.project_id,
            "job_id": source.job_id,
            "source": source.kind,
        },
    )


def _row(key: _Key, before: ProductState | None, one: Step) -> dict[str, Any]:
    state = one.state
    is_known = before is not None and not one.points
    return {
        "marketplace": key[0],
        "place": key[1],
        "asin": key[2],
        "at": one.observed.observed_at,
        "changed_at": one.observed.observed_at,
        "checked_at": state.checked_at,
        "is_change": before is None or any(point.is_change for point in one.points),
        **({} if is_known else document(state)),
        "lapsed": {
            name: _ms(each.checked_at) for name, each in state.fields.items() if each.checked_at < state.checked_at
        },
    }


def document(state: ProductState) -> dict[str, Any]:
    """What is stored of a state's fields, by column."""
    return {
        "numbers": {
            name: float(each.value.number) for name, each in state.fields.items() if each.value.number is not None
        },
        "texts": {name: each.value.text for name, each in state.fields.items() if each.value.text is not None},
        "facts": {name: _fact(each) for name, each in state.fields.items()},
    }


def _fact(state: FieldState) -> list[Any]:
    lowest, highest = state.lowest, state.highest
    return [
        *map(_ms, (state.first_at, state.changed_at, state.stored_at)),
        *_pair(lowest),
        *_pair(highest),
        lowest.value.text if lowest else None,
    ]


def _pair(extreme: Extreme | None) -> tuple[float | None, int | None]:
    if extreme is None or extreme.value.number is None:
        return None, None
    return float(extreme.value.number), _ms(extreme.at)


def _point(key: _Key, one: Step, point: Point) -> dict[str, Any]:
    before = point.before or Value()
    return {
        "marketplace": key[0],
        "place": key[1],
        "asin": key[2],
        "field": point.field,
        "observed_at": one.observed.observed_at,
        "value_number": None if point.value.number is None else str(point.value.number),
        "value_text": point.value.text,
        "is_change": point.is_change,
        "before_number": None if before.number is None else str(before.number),
        "before_text": before.text,
    }
