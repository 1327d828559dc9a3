"""What changed in a project, newest first: the page that is opened every morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import LiteralString

from azscraper.kinds.observations import Value
from azscraper.slices import Slice
from azscraper.store.db import Conn, count_rows, fetch_all
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking.history import Cursor
from azscraper.words import SeriesField

_GONE: LiteralString = "('out_of_stock', 'unavailable')"
_ONE_UNIT: LiteralString = "c.before_text IS NOT DISTINCT FROM c.value_text"
_OF_PRICE: LiteralString = f"c.field = 'price' AND {_ONE_UNIT} AND c.value_number"
_OF_STOCK: LiteralString = "c.field = 'availability' AND c.value_text"
_OF_SELLER: LiteralString = "c.field = 'seller' AND c.value_text <> c.before_text"


@dataclass(frozen=True, slots=True)
class Kind:
    """Changes that people call by one name."""

    fields: Sequence[SeriesField]
    sql: LiteralString
    """What a change ``c`` of it fulfils. A price or a seller that comes or goes is told as stock alone."""


_PRICE, _STOCK, _SELLER = (SeriesField.PRICE,), (SeriesField.AVAILABILITY,), (SeriesField.SELLER,)
_OFFER = (SeriesField.COUPON, SeriesField.DEAL)
_LISTING = (SeriesField.TITLE, SeriesField.IMAGE, SeriesField.BULLETS)
KINDS: Mapping[str, Kind] = {
    "price": Kind(_PRICE, f"{_OF_PRICE} <> c.before_number"),
    "fell": Kind(_PRICE, f"{_OF_PRICE} < c.before_number"),
    "rose": Kind(_PRICE, f"{_OF_PRICE} > c.before_number"),
    "stock": Kind(_STOCK, "c.field = 'availability'"),
    "out": Kind(_STOCK, f"{_OF_STOCK} IN {_GONE} AND c.before_text NOT IN {_GONE}"),
    "back": Kind(_STOCK, f"{_OF_STOCK} NOT IN {_GONE} AND c.before_text IN {_GONE}"),
    "seller": Kind(_SELLER, _OF_SELLER),
    "lost": Kind(
        _SELLER,
        f"{_OF_SELLER} AND lower(c.before_text) = ANY(%(sellers)s) AND NOT lower(c.value_text) = ANY(%(sellers)s)",
    ),
    "won": Kind(
        _SELLER,
        f"{_OF_SELLER} AND lower(c.value_text) = ANY(%(sellers)s) AND NOT lower(c.before_text) = ANY(%(sellers)s)",
    ),
    "offer": Kind(_OFFER, "c.field IN ('coupon', 'deal')"),
    "listing": Kind(_LISTING, "c.field IN ('title', 'image', 'bullets')"),
}
_GROUPS = ("price", "stock", "seller", "offer", "listing")
FIELDS = tuple(field for name in _GROUPS for field in KINDS[name].fields)
NEWS = Kind(FIELDS, " OR ".join(f"({KINDS[name].sql})" for name in _GROUPS))
"""All that the morning tells; not what moves with every check, such as ranks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes."""

    since: datetime
    fields: Sequence[str] | None = None
    """None: all."""
    least_percent: Decimal | None = None
    """Only numbers that moved by so much or more of the number before; texts and values that come or go are left out."""
    marketplace: str | None = None
    asins: Sequence[str] | None = None
    """None: all."""
    kind: Kind | None = None
    """Only changes of it; None: all."""
    sellers: Sequence[str] = ()
    """Names of the project's own sellers, for the kinds ``lost`` and ``won``."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of one product, before and after."""

    marketplace: str
    place: str
    asin: str
    title: str | None
    image: str | None
    field: str
    observed_at: datetime
    before_number: Decimal | None
    before_text: str | None
    value_number: Decimal | None
    value_text: str | None
    job_id: str | None
    source: str

    @property
    def before(self) -> Value:
        """``ABSENT``: there was none."""
        return Value(self.before_number, self.before_text)

    @property
    def after(self) -> Value:
        """The same after."""
        return Value(self.value_number, self.value_text)

    @property
    def percent(self) -> float | None:
        """By how much a number moved, of the number before; None of texts, of what came or went, and of other units."""
        return percent(self.before, self.after)


def percent(before: Value, after: Value) -> float | None:
    """By how much a number moved, of the number before; None where they can't be compared."""
    if before.number is None or after.number is None or before.text != after.text or before.number == 0:
        return None
    return float((after.number - before.number) / before.number * 100)


# with each part its own condition, PostgreSQL takes the index of one field's changes where one field is wanted
_WHERE: LiteralString = """c.project_id = %(project_id)s AND c.is_change AND c.observed_at >= %(since)s
    AND (%(fields)s::text[] IS NULL OR c.field = ANY(%(fields)s))
    AND (%(marketplace)s::text IS NULL OR c.marketplace = %(marketplace)s)
    AND (%(asins)s::text[] IS NULL OR c.asin = ANY(%(asins)s))
    AND (%(least)s::numeric IS NULL OR c.before_text IS NOT DISTINCT FROM c.value_text
         AND abs(c.value_number - c.before_number) * 100 >= %(least)s * abs(c.before_number))"""


async def find_changes(
    conn: Conn, principal: Principal, project_id: str, wanted: Wanted, *, limit: int, cursor: Cursor | None = None
) -> Slice[Changed]:
    """Changes of the project's products, newest first. Raises NotFoundError when the principal reaches no such project."""
    await projects.get(conn, principal, project_id)
    fields = wanted.fields if wanted.kind is None else wanted.kind.fields
    where: LiteralString = _WHERE if wanted.kind is None else f"{_WHERE} AND ({wanted.kind.sql})"
    params = {
        "sellers": folded(wanted.sellers),
        "project_id": project_id,
        "since": wanted.since,
        "fields": list(fields) if fields is not None else None,
        "marketplace": wanted.marketplace,
        "asins": list(wanted.asins) if wanted.asins is not None else None,
        "least": wanted.least_percent,
        "until": cursor.observed_at if cursor else None,
        "given": cursor.seq if cursor else 0,
        "limit": limit + 1,
    }
    found = await fetch_all(
        conn,
        Changed,
        f"""SELECT c.marketplace, c.place, c.asin, s.texts ->> 'title' AS title, s.texts ->> 'image' AS image, c.field, c.observed_at,
                   c.before_number, c.before_text, c.value_number, c.value_text, c.job_id, c.source
            FROM (SELECT * FROM product_series c WHERE {where} AND (%(until)s::timestamptz IS NULL OR c.observed_at <= %(until)s)
                  ORDER BY c.observed_at DESC, c.asin, c.marketplace, c.place, c.field
                  LIMIT %(limit)s OFFSET %(given)s) c
            LEFT JOIN series_states s USING (project_id, asin, marketplace, place)
            ORDER BY c.observed_at DESC, c.asin, c.marketplace, c.place, c.field""",
        params,
    )
    total = await count_rows(conn, f"SELECT count(*) FROM product_series c WHERE {where}", params)
    return _cut(found, total, limit, cursor)


def folded(names: Sequence[str]) -> list[str]:
    """Names as they are compared: pages write one seller in several ways."""
    return [name.lower() for name in names]


def _cut(found: Sequence[Changed], total: int, limit: int, cursor: Cursor | None) -> Slice[Changed]:
    """The cursor is the time of the last change, and how many of that time were given."""
    given = found[:limit]
    if len(found) <= limit:
        return Slice(given, total)
    last = given[-1].observed_at
    of_this_time = sum(1 for one in given if one.observed_at == last)
    if cursor is not None and cursor.observed_at == last:
        of_this_time += cursor.seq
    return Slice(given, total, str(Cursor(last, of_this_time)))
