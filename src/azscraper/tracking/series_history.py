"""Series, read: points of a product's fields, statistics over them. ``series`` writes them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import LiteralString

from azscraper.errors import InvalidInputError
from azscraper.kinds.observations import Value
from azscraper.records.options import nearest
from azscraper.store.db import Conn, fetch_all
from azscraper.tenants.principal import Principal
from azscraper.tracking import statistics
from azscraper.tracking.series import COLUMNS, Stored
from azscraper.tracking.series_states import FieldState
from azscraper.tracking.statistics import At, Numbers, Span
from azscraper.words import TEXT_FIELDS, SeriesField

MOST_POINTS = 20_000
"""Of one answer."""
MOST_PRODUCTS = 100
"""Of one ASIN: projects, marketplaces and places."""
_PREFIXES = ("rank:", "chart:")
_WINDOW_OF_LOW = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a series."""

    at: datetime
    value: Value
    source: str
    job_id: str | None


@dataclass(frozen=True, slots=True)
class Product:
    """A product in one project, marketplace and place."""

    project_id: str
    marketplace: str
    place: str
    asin: str
    checked_at: datetime
    fields: Mapping[str, FieldState]


@dataclass(frozen=True, slots=True)
class Series:
    """One field of a product."""

    product: Product
    field: str
    checked_at: datetime
    points: Sequence[Point]
    """In time's order; of a time that begins later, from the last one before it on."""

    def spans(self, start: datetime | None, end: datetime) -> list[Span]:
        """How long each value held."""
        points = [At(point.at, point.value) for point in self.points]
        begin = start or (points[0].at if points else end)
        return statistics.spans(points, checked_at=self.checked_at, start=begin, end=end)


@dataclass(frozen=True, slots=True)
class _StoredIn(Stored):
    project_id: str

    def product(self) -> Product:
        return Product(self.project_id, self.marketplace, self.place, self.asin, self.checked_at, self.state.fields)


@dataclass(frozen=True, slots=True)
class _Row:
    project_id: str
    marketplace: str
    place: str
    field: str
    observed_at: datetime
    value_number: Decimal | None
    value_text: str | None
    source: str
    job_id: str | None


def read_fields(text: str, *, field: str = "fields") -> tuple[str, ...] | None:
    """Names of fields with commas between; None is all. A comma before a space belongs to a name. Raises InvalidInputError."""
    names = [name for name in re.split(r",(?! )", text) if name]
    if names == ["all"]:
        return None
    known = [*SeriesField, "all"]
    for name in names:
        if name not in known and not name.startswith(_PREFIXES):
            hint = nearest(name, known) or f"; there are {', '.join(known)}, rank:CATEGORY and chart:LIST:NODE"
            raise InvalidInputError.of(field, f"there is no field {name[:40]!r}{hint}")
    return tuple(dict.fromkeys(names))


async def find_states(
    conn: Conn, principal: Principal, asin: str, *, marketplace: str | None = None, place: str | None = None
) -> list[Product]:
    """The product wherever the principal's projects saw it, last checked first."""
    rows = await fetch_all(
        conn,
        _StoredIn,
        f"""SELECT s.project_id, {COLUMNS} FROM series_states s
            WHERE s.project_id IN (SELECT id FROM projects WHERE organization_id = %s AND id = coalesce(%s, id)) AND s.asin = %s
              AND s.marketplace = coalesce(%s, s.marketplace) AND s.place = coalesce(%s, s.place)
            ORDER BY s.checked_at DESC, s.project_id, s.marketplace, s.place LIMIT {MOST_PRODUCTS}""",
        [principal.organization_id, principal.project_id, asin, marketplace, place],
    )
    return [row.product() for row in rows]


_POINT: LiteralString = "project_id, marketplace, place, field, observed_at, value_number, value_text, source, job_id"
# The last point before a time lies, as the first observation of each month is one, in the month of the last check before it.
_BEFORE: LiteralString = f"""SELECT {_POINT} FROM (
        SELECT project_id, marketplace, place, field
        FROM unnest(%(projects)s::text[], %(marketplaces)s::text[], %(places)s::text[]) AS p (project_id, marketplace, place),
            unnest(%(fields)s::text[]) AS f (field)) wanted,
    LATERAL (SELECT observed_at, value_number, value_text, source, job_id FROM product_series s
        WHERE s.project_id = wanted.project_id AND s.asin = %(asin)s AND s.marketplace = wanted.marketplace
          AND s.place = wanted.place AND s.field = wanted.field AND s.observed_at < %(start)s
        ORDER BY s.observed_at DESC LIMIT 1) last"""
_WITHIN: LiteralString = f"""SELECT {_POINT} FROM product_series s
    JOIN unnest(%(projects)s::text[], %(marketplaces)s::text[], %(places)s::text[]) AS p (project_id, marketplace, place)
        USING (project_id, marketplace, place)
    WHERE s.project_id = ANY(%(projects)s) AND s.asin = %(asin)s AND s.field = ANY(%(fields)s)
      AND s.observed_at >= %(start)s AND s.observed_at < %(end)s
    ORDER BY observed_at LIMIT {MOST_POINTS + 1}"""


async def find_series(
    conn: Conn,
    products: Sequence[Product],
    fields: Sequence[str] | None,
    *,
    start: datetime | None,
    end: datetime,
) -> list[Series]:
    """The series of one ASIN, each with the value that held at ``start``. Raises InvalidInputError for too many points.

    ``products`` are those that ``find_states`` gave to the caller.
    """
    if not products:
        return []
    told = {name for product in products for name in product.fields}
    names = sorted(told if fields is None else told & set(fields))
    params = {
        "projects": [product.project_id for product in products],
        "marketplaces": [product.marketplace for product in products],
        "places": [product.place for product in products],
        "asin": products[0].asin,
        "fields": names,
        "start": start,
        "end": end,
    }
    rows = await fetch_all(conn, _Row, _BEFORE, params) if start else []
    within = _WITHIN if start else _WITHIN.replace("AND s.observed_at >= %(start)s", "")
    rows += await fetch_all(conn, _Row, within, params)
    if len(rows) > MOST_POINTS:
        raise InvalidInputError.of("fields", f"have over {MOST_POINTS:,} points together; name fewer, or less time")
    return list(_grouped(products, names, rows))


def _grouped(products: Sequence[Product], fields: Sequence[str], rows: Sequence[_Row]) -> list[Series]:
    points: dict[tuple[str, str, str, str], list[Point]] = defaultdict(list)
    for row in rows:
        value = Value(row.value_number, row.value_text)
        key = (row.project_id, row.marketplace, row.place, row.field)
        points[key].append(Point(row.observed_at, value, row.source, row.job_id))
    return [
        Series(product, name, product.fields[name].checked_at, found)
        for product in products
        for name in fields
        if name in product.fields and (found := points[product.project_id, product.marketplace, product.place, name])
    ]


@dataclass(frozen=True, slots=True)
class FieldStatistics:
    """A field's numbers over one window."""

    field: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Window:
    """What the last days come to."""

    days: int
    start: datetime
    end: datetime
    fields: Sequence[FieldStatistics]
    out_of_stock: float | None
    buy_box: Mapping[str, float]
    """Share of each seller, largest first."""


@dataclass(frozen=True, slots=True)
class Current:
    """A field by now."""

    field: str
    state: FieldState
    is_lowest: bool | None
    """Whether it is as low as ever; None of texts, and where there is no number now."""
    is_lowest_90: bool | None
    """The same of 90 days."""


@dataclass(frozen=True, slots=True)
class ProductStatistics:
    """What is known of a product, and what its last days come to."""

    product: Product
    currents: Sequence[Current]
    windows: Sequence[Window]


async def find_statistics(
    conn: Conn, products: Sequence[Product], fields: Sequence[str] | None, *, days: Sequence[int], now: datetime
) -> list[ProductStatistics]:
    """Of one ASIN, for each of the ``products``. Raises InvalidInputError for too many points."""
    longest = max(*(timedelta(days=count) for count in days), _WINDOW_OF_LOW)
    wanted = None if fields is None else (*fields, SeriesField.AVAILABILITY, SeriesField.SELLER)
    found = await find_series(conn, products, wanted, start=now - longest, end=now)
    return [_statistics(product, found, fields, days, now) for product in products]


def _statistics(
    product: Product, found: Sequence[Series], fields: Sequence[str] | None, days: Sequence[int], now: datetime
) -> ProductStatistics:
    series = {one.field: one for one in found if one.product == product}
    names = [name for name in sorted(product.fields) if fields is None or name in fields]
    return ProductStatistics(
        product,
        [_current(name, product.fields[name], series.get(name), now) for name in names],
        [_window(series, names, count, now) for count in days],
    )


def _current(name: str, state: FieldState, series: Series | None, now: datetime) -> Current:
    number = state.value.number
    if number is None:
        return Current(name, state, None, None)
    recent = statistics.numbers(series.spans(now - _WINDOW_OF_LOW, now)) if series else None
    lowest = state.lowest.value.number if state.lowest else None
    return Current(
        name,
        state,
        lowest is not None and number <= lowest,
        recent is not None and recent.lowest is not None and number <= recent.lowest.number,
    )


def _window(series: Mapping[str, Series], names: Sequence[str], days: int, now: datetime) -> Window:
    start = now - timedelta(days=days)
    parts = {name: one.spans(start, now) for name, one in series.items()}
    return Window(
        days,
        start,
        now,
        [FieldStatistics(name, statistics.numbers(parts.get(name, ()))) for name in names if name not in TEXT_FIELDS],
        statistics.out_of_stock(parts.get(SeriesField.AVAILABILITY, ())),
        statistics.shares_by_text(parts.get(SeriesField.SELLER, ())),
    )
