"""The finder: every product that a project ever saw, with its values now and how they changed over 1, 7 and 30 days.

Answered from the products' states, one row each; what moved in between is in the index of changes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString

from azscraper.errors import InvalidInputError
from azscraper.kinds.observations import Value
from azscraper.slices import Slice
from azscraper.store.db import Conn, fetch_all, like
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking.series import COLUMNS, Stored
from azscraper.words import TEXT_FIELDS, SeriesField

DAYS = (1, 7, 30)
"""Over which changes are told."""
_TIMES = {"checkedAt": "s.checked_at", "changedAt": "s.changed_at", "firstSeenAt": "s.first_at"}
_KEYS = {"asin": "s.asin", "marketplace": "s.marketplace", "place": "s.place"}
_NUMBERS = [field for field in SeriesField if field not in TEXT_FIELDS]
_CHANGES = {f"change.{days}": days for days in DAYS}
PATHS = frozenset({*SeriesField, *_TIMES, *_KEYS, *_CHANGES, *(f"{field}.unit" for field in _NUMBERS)})
"""What can be compared and sorted by. ``change.7`` is in percent."""
KNOWN = frozenset(path.partition(".")[0] for path in PATHS)
_SIGNS = frozenset({"=", "<>", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of a value of the product; what is missing does not fit."""

    path: str
    operator: str
    """``= != < <= > >=``, or ``~``: holds the text."""
    literal: str | float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products, in which order."""

    conditions: Sequence[Condition] = ()
    sort: str = "-checkedAt"
    """A path, with ``-`` in front from the largest on; products without the value come last."""
    change_of: str = SeriesField.PRICE
    """The field whose changes are told."""
    text: str = ""
    """In the title or the ASIN."""
    asins: Sequence[str] | None = None
    """Only these; None: all."""
    states: Sequence[str] | None = None
    """Only products of such an availability; None: all."""
    sellers: Sequence[str] | None = None
    """Only products whose buy box one of these names has, in lower case; None: all."""
    not_sellers: Sequence[str] | None = None
    """Only those whose buy box somebody else has."""
    is_known: bool = False
    """Only products of which more is known than a place in a list of best sellers."""


@dataclass(frozen=True, slots=True)
class Move:
    """How a number changed over some days."""

    days: int
    before: Decimal
    after: Decimal

    @property
    def percent(self) -> float | None:
        """Of the number before; None where that is 0."""
        return float((self.after - self.before) / self.before * 100) if self.before else None


@dataclass(frozen=True, slots=True)
class Found:
    """A product by now."""

    marketplace: str
    place: str
    asin: str
    first_at: datetime
    checked_at: datetime
    changed_at: datetime
    values: Mapping[str, Value]
    moves: Sequence[Move]
    """None of days before which the product was not seen."""


@dataclass(frozen=True, slots=True)
class _Row(Stored):
    first_at: datetime
    changed_at: datetime
    before_1: Decimal | None
    before_7: Decimal | None
    before_30: Decimal | None
    total: int

    def found(self, change_of: str) -> Found:
        values = {name: field.value for name, field in self.state.fields.items()}
        now = values.get(change_of, Value()).number
        before = zip(DAYS, (self.before_1, self.before_7, self.before_30), strict=True)
        moves = [Move(days, old, now) for days, old in before if old is not None and now is not None]
        return Found(
            self.marketplace, self.place, self.asin, self.first_at, self.checked_at, self.changed_at, values, moves
        )


def require_sound(wanted: Wanted) -> None:
    """Raises InvalidInputError for paths, and for literals that they can't be compared with."""
    for each in wanted.conditions:
        _require_path("where", each.path)
        _require_literal(each)
    _require_path("sort", wanted.sort.removeprefix("-"))
    if wanted.change_of not in _NUMBERS and not wanted.change_of.startswith(("rank:", "chart:")):
        raise InvalidInputError.of("changeOf", f"takes a field with numbers: {', '.join(_NUMBERS)}")


def _require_literal(each: Condition) -> None:
    is_text = each.path in TEXT_FIELDS or each.path in _KEYS or each.path.endswith(".unit")
    if each.path in _TIMES:
        _time(str(each.literal))
    elif is_text != isinstance(each.literal, str) or isinstance(each.literal, bool):
        raise InvalidInputError.of("where", f"{each.path} takes {'a text in double quotes' if is_text else 'a number'}")
    if each.operator == "~" and not is_text:
        raise InvalidInputError.of("where", f"{each.path} is not a text: the sign ~ does not go with it")


def _require_path(field: str, path: str) -> None:
    if path not in PATHS:
        raise InvalidInputError.of(
            field, f"{path[:40]!r} is not a value of products; there are {', '.join(sorted(PATHS))}"
        )


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise InvalidInputError.of("where", f"{text[:40]!r} is not a time or a day in ISO 8601") from exc
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def find(
    conn: Conn, principal: Principal, project_id: str, wanted: Wanted, *, now: datetime, limit: int, offset: int
) -> Slice[Found]:
    """Products of the project. Raises NotFoundError when the principal reaches no such project, and as ``require_sound``."""
    require_sound(wanted)
    await projects.get(conn, principal, project_id)
    params: dict[str, Any] = {
        "project_id": project_id,
        "change_of": wanted.change_of,
        "limit": limit,
        "offset": offset,
        **since(now),
    }
    rows = await fetch_all(conn, _Row, _statement(wanted, params), params)
    if not rows and offset:
        first = await fetch_all(conn, _Row, _statement(wanted, params), params | {"offset": 0, "limit": 1})
        return Slice([], first[0].total if first else 0)
    return Slice([row.found(wanted.change_of) for row in rows], rows[0].total if rows else 0)


def _statement(wanted: Wanted, params: dict[str, Any]) -> str:
    """Its parts are the texts below; what a caller wrote goes into ``params``.

    What a product's number is, and was so many days ago, is computed once for each product that fits so far: terms about it come
    last. Only what is asked for is ordered as a whole, by the narrowest rows.
    """
    sort = wanted.sort.removeprefix("-")
    order = f"{'DESC' if wanted.sort.startswith('-') else 'ASC'} NULLS LAST, asin, marketplace, place"
    terms = [(each.path, _fits(each, f"term_{number}", params)) for number, each in enumerate(wanted.conditions)]
    compared = sorted({_CHANGES[path] for path in (sort, *(path for path, _ in terms)) if path in _CHANGES})
    own = "".join([*(f" AND {term}" for path, term in terms if path not in _CHANGES), *_narrowed(wanted, params)])
    moved = " AND ".join(["true", *(term for path, term in terms if path in _CHANGES)])
    return f"""WITH fitting AS (
            SELECT asin AS of_asin, marketplace AS of_marketplace, place AS of_place, {_value(sort, "sort", params)} AS sorted,
                   count(*) OVER () AS total
            FROM (SELECT s.*, {", ".join([f"{change(days)} AS change_{days}" for days in compared] or ["1"])}
                  FROM (SELECT {_OWN}, {NUMBER} AS number, {UNIT} AS unit FROM series_states s
                        WHERE s.project_id = %(project_id)s{own} OFFSET 0) s
                  {" ".join(_all_moves(days) for days in compared)} OFFSET 0) s
            WHERE {moved} ORDER BY sorted {order} LIMIT %(limit)s OFFSET %(offset)s
        )
        {_shown("s.total")} ORDER BY sorted {order}"""


def _shown(also: str) -> str:
    """The products that ``fitting`` names, with what they are now and how they moved."""
    return f"""SELECT {COLUMNS}, s.first_at, s.changed_at, {", ".join(f"{_before(days)} AS before_{days}" for days in DAYS)}, {also}
        FROM (SELECT s.*, fitting.*, {NUMBER} AS number, {UNIT} AS unit
              FROM fitting JOIN series_states s ON s.project_id = %(project_id)s AND s.asin = fitting.of_asin
                  AND s.marketplace = fitting.of_marketplace AND s.place = fitting.of_place) s
        {" ".join(own_moves(days) for days in DAYS)}"""


async def look_up(
    conn: Conn, project_id: str, keys: Collection[tuple[str, str]], *, now: datetime
) -> dict[tuple[str, str], Found]:
    """Products by ASIN and marketplace, as seen without a place, with how their prices moved; those that were never seen are not there.

    The caller has found the project among its own.
    """
    params: dict[str, Any] = {
        "project_id": project_id,
        "change_of": SeriesField.PRICE,
        "asins": [asin for asin, _ in keys],
        "marketplaces": [marketplace for _, marketplace in keys],
        **since(now),
    }
    sql = f"""WITH fitting AS (SELECT DISTINCT of_asin, of_marketplace, '' AS of_place
            FROM unnest(%(asins)s::text[], %(marketplaces)s::text[]) AS k (of_asin, of_marketplace))
        {_shown("0 AS total")}"""
    rows = await fetch_all(conn, _Row, sql, params)
    return {(row.asin, row.marketplace): row.found(SeriesField.PRICE) for row in rows}


def since(now: datetime) -> dict[str, datetime]:
    """The parameters of ``change`` and ``own_moves``, beside ``change_of``."""
    return {f"since_{days}": now - timedelta(days=days) for days in DAYS}


def _narrowed(wanted: Wanted, params: dict[str, Any]) -> list[str]:
    """What a comparison of one value does not say."""
    params |= {"text": like(wanted.text), "asins": wanted.asins, "states": wanted.states}
    params |= {"sellers": wanted.sellers, "not_sellers": wanted.not_sellers}
    terms = {
        " AND (s.asin ILIKE %(text)s OR s.texts ->> 'title' ILIKE %(text)s)": bool(wanted.text),
        " AND s.asin = ANY(%(asins)s)": wanted.asins is not None,
        " AND s.texts ->> 'availability' = ANY(%(states)s)": wanted.states is not None,
        " AND lower(s.texts ->> 'seller') = ANY(%(sellers)s)": wanted.sellers is not None,
        " AND NOT lower(s.texts ->> 'seller') = ANY(%(not_sellers)s)": wanted.not_sellers is not None,
        f" AND {IS_KNOWN}": wanted.is_known,
    }
    return [term for term, is_asked in terms.items() if is_asked]


def _fits(each: Condition, name: str, params: dict[str, Any]) -> str:
    value = _value(each.path, f"{name}_path", params)
    params[name] = _time(str(each.literal)) if each.path in _TIMES else each.literal
    if each.operator == "~":
        params[name] = like(str(each.literal))
        return f"{value} ILIKE %({name})s"
    sign = "<>" if each.operator == "!=" else each.operator
    if sign not in _SIGNS:
        raise InvalidInputError.of("where", f"{each.operator!r} is not a sign")
    if isinstance(each.literal, str) and each.path not in _TIMES:
        return f'{value} COLLATE "C" {sign} %({name})s'
    return f"{value} {sign} %({name})s"


def _value(path: str, name: str, params: dict[str, Any]) -> str:
    """The value of a path in SQL; the name of a field goes into ``params``."""
    if path in _CHANGES:
        return f"s.change_{_CHANGES[path]}"
    if (column := _TIMES.get(path) or _KEYS.get(path)) is not None:
        return column
    params[name] = path.removesuffix(".unit")
    if path in TEXT_FIELDS or path.endswith(".unit"):
        return f"(s.texts ->> %({name})s::text)"
    return f"(s.numbers ->> %({name})s::text)::numeric"


IS_KNOWN: LiteralString = (
    "(s.texts <> '{}' OR EXISTS (SELECT FROM jsonb_object_keys(s.numbers) f WHERE NOT starts_with(f, 'chart:')))"
)
"""Whether more is known of a product ``s`` than places in lists of best sellers."""
_OWN = "s.asin, s.marketplace, s.place, s.first_at, s.checked_at, s.changed_at, s.numbers, s.texts"
NUMBER = "(s.numbers ->> %(change_of)s::text)::numeric"
UNIT = "s.texts ->> %(change_of)s::text"
"""Of the field whose changes are told, in SQL over ``series_states s``."""


def _before(days: int) -> str:
    """What the number was so many days ago: what the first change since then was from. No change: what it is."""
    moved = f"moved_{days}"
    return f"""CASE WHEN s.first_at > %(since_{days})s THEN NULL WHEN {moved}.observed_at IS NULL THEN s.number
        WHEN {moved}.before_text IS NOT DISTINCT FROM s.unit THEN {moved}.before_number END"""


def change(days: int) -> str:
    """In percent, in SQL over ``s`` with ``number``, ``unit`` and ``first_at``, beside ``moved_N``."""
    before = _before(days)
    return f"((s.number - {before}) / nullif({before}, 0) * 100)"


def _all_moves(days: int) -> str:
    return f"""LEFT JOIN (
        SELECT DISTINCT ON (asin, marketplace, place) asin, marketplace, place, observed_at, before_number, before_text
        FROM product_series WHERE project_id = %(project_id)s AND field = %(change_of)s AND is_change AND observed_at >= %(since_{days})s
        ORDER BY asin, marketplace, place, observed_at) moved_{days} USING (asin, marketplace, place)"""


def own_moves(days: int) -> str:
    """``moved_N`` for a few products ``s``."""
    return f"""LEFT JOIN LATERAL (
        SELECT observed_at, before_number, before_text FROM product_series m
        WHERE m.project_id = s.project_id AND m.asin = s.asin AND m.marketplace = s.marketplace AND m.place = s.place
          AND m.field = %(change_of)s AND m.observed_at >= %(since_{days})s AND m.is_change
        ORDER BY m.observed_at LIMIT 1) moved_{days} ON true"""
