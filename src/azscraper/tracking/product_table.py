"""A project's products as a table: what ``finder`` finds on one marketplace, with what people look at beside it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from azscraper.kinds.observations import Value
from azscraper.records.parts import AvailabilityStatus
from azscraper.slices import Slice
from azscraper.store.db import Conn, count_rows, fetch_all
from azscraper.tenants.principal import Principal
from azscraper.tracking.finding import finder
from azscraper.tracking.finding.changes import folded
from azscraper.tracking.finding.finder import IS_KNOWN, Condition, Found
from azscraper.words import SeriesField

_SORTS: Mapping[str, str] = {
    "title": SeriesField.TITLE,
    "price": SeriesField.PRICE,
    "d1": "change.1",
    "d7": "change.7",
    "d30": "change.30",
    "rank": SeriesField.RANK,
    "rating": SeriesField.RATING,
    "seller": SeriesField.SELLER,
    "stock": SeriesField.AVAILABILITY,
    "checked": "checkedAt",
}
SORTS = frozenset(_SORTS)
_STOCK = {
    "in": [AvailabilityStatus.IN_STOCK],
    "few": [AvailabilityStatus.LOW_STOCK],
    "out": [AvailabilityStatus.OUT_OF_STOCK, AvailabilityStatus.UNAVAILABLE],
}
_MOVED = {"fell": "<", "rose": ">"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products, and in which order."""

    marketplace: str
    """Host; empty: all, a product once for each."""
    text: str = ""
    """In the title or the ASIN."""
    stock: str = ""
    """``in``, ``few``, ``out``; empty for all."""
    moved: str = ""
    """``fell`` or ``rose`` within 7 days; empty for all."""
    asins: Sequence[str] | None = None
    """Only these."""
    bounds: Sequence[Condition] = ()
    sellers: Sequence[str] | None = None
    """Only products whose buy box one of these names has."""
    not_sellers: Sequence[str] | None = None
    """Only products whose buy box somebody else has."""
    sort: str = "-checked"
    """One of ``SORTS``, with a minus in front for the greatest first. What is not known comes last."""

    @property
    def found(self) -> finder.Wanted:
        """As the finder takes it."""
        conditions = [Condition("place", "=", ""), *self.bounds]
        if self.marketplace:
            conditions.append(Condition("marketplace", "=", self.marketplace))
        if self.moved:
            conditions.append(Condition("change.7", _MOVED[self.moved], 0))
        minus = "-" if self.sort.startswith("-") else ""
        sort = minus + _SORTS[self.sort.removeprefix("-")]
        return finder.Wanted(
            conditions,
            sort,
            text=self.text,
            asins=self.asins,
            states=_STOCK.get(self.stock),
            sellers=None if self.sellers is None else folded(self.sellers),
            not_sellers=None if self.not_sellers is None else folded(self.not_sellers),
            is_known=True,
        )


@dataclass(frozen=True, slots=True)
class _Beside:
    asin: str
    rank_before: Decimal | None
    rank_category: str | None
    seller_before: str | None
    elsewhere: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A product on one marketplace."""

    product: Found
    rank_before: int | None
    """Seven days ago, in the same category."""
    seller_before: str | None
    """Who had the buy box until today; None where nobody else had."""
    elsewhere: Sequence[str]
    """All marketplaces on which the project follows it."""

    @property
    def asin(self) -> str:
        """Of the product."""
        return self.product.asin

    @property
    def marketplace(self) -> str:
        """Host."""
        return self.product.marketplace

    @property
    def checked_at(self) -> datetime:
        """When it was last looked at."""
        return self.product.checked_at

    def _value(self, field: SeriesField) -> Value:
        return self.product.values.get(field, Value())

    @property
    def price(self) -> Decimal | None:
        """None where it has none."""
        return self._value(SeriesField.PRICE).number

    @property
    def currency(self) -> str | None:
        """Of the price."""
        return self._value(SeriesField.PRICE).text

    @property
    def rank(self) -> int | None:
        """In ``rank_category``."""
        return _whole(self._value(SeriesField.RANK).number)

    @property
    def rank_category(self) -> str | None:
        """As the page prints it."""
        return self._value(SeriesField.RANK).text

    @property
    def rating(self) -> Decimal | None:
        """Stars."""
        return self._value(SeriesField.RATING).number

    @property
    def rating_count(self) -> int | None:
        """How many."""
        return _whole(self._value(SeriesField.RATING_COUNT).number)

    @property
    def title(self) -> str | None:
        """As last seen."""
        return self._value(SeriesField.TITLE).text

    @property
    def image(self) -> str | None:
        """Its address."""
        return self._value(SeriesField.IMAGE).text

    @property
    def seller(self) -> str | None:
        """Who has the buy box."""
        return self._value(SeriesField.SELLER).text

    @property
    def availability(self) -> str | None:
        """``AvailabilityStatus``."""
        return self._value(SeriesField.AVAILABILITY).text

    def change(self, days: int) -> float | None:
        """Of the price since so many days ago, as a share of it; None where one of the two is not known."""
        percent = next((move.percent for move in self.product.moves if move.days == days), None)
        return None if percent is None else percent / 100


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


async def find(
    conn: Conn, principal: Principal, project_id: str, wanted: Wanted, *, now: datetime, limit: int, offset: int
) -> Slice[Line]:
    """The products. Raises NotFoundError when the principal reaches no such project."""
    found = await finder.find(conn, principal, project_id, wanted.found, now=now, limit=limit, offset=offset)
    beside: dict[tuple[str, str], _Beside] = {}
    for host in {product.marketplace for product in found.items}:
        asins = [product.asin for product in found.items if product.marketplace == host]
        beside |= {(host, one.asin): one for one in await _find_beside(conn, project_id, host, asins, now)}
    lines = [_line(product, beside.get((product.marketplace, product.asin))) for product in found.items]
    return Slice(lines, found.total)


def _line(product: Found, beside: _Beside | None) -> Line:
    if beside is None:
        return Line(product, None, None, [product.marketplace])
    category = product.values.get(SeriesField.RANK, Value()).text
    rank = _whole(beside.rank_before) if beside.rank_category == category else None
    return Line(product, rank, beside.seller_before, beside.elsewhere)


async def _find_beside(
    conn: Conn, project_id: str, marketplace: str, asins: Sequence[str], now: datetime
) -> list[_Beside]:
    return await fetch_all(
        conn,
        _Beside,
        """SELECT a.asin, r.value_number AS rank_before, r.value_text AS rank_category, s.before_text AS seller_before,
                  ARRAY(SELECT e.marketplace FROM series_states e WHERE e.project_id = %(project_id)s AND e.asin = a.asin
                        GROUP BY 1 ORDER BY 1) AS elsewhere
           FROM unnest(%(asins)s::text[]) AS a (asin)
           LEFT JOIN LATERAL (SELECT value_number, value_text FROM product_series p
               WHERE p.project_id = %(project_id)s AND p.asin = a.asin AND p.marketplace = %(marketplace)s AND p.place = ''
                 AND p.field = 'rank' AND p.observed_at <= %(now)s - interval '7 days'
               ORDER BY p.observed_at DESC LIMIT 1) r ON true
           LEFT JOIN LATERAL (SELECT before_text FROM product_series p
               WHERE p.project_id = %(project_id)s AND p.asin = a.asin AND p.marketplace = %(marketplace)s AND p.place = ''
                 AND p.field = 'seller' AND p.is_change AND p.observed_at > %(now)s - interval '1 day'
               ORDER BY p.observed_at DESC LIMIT 1) s ON true""",
        {"project_id": project_id, "asins": list(asins), "marketplace": marketplace, "now": now},
    )


@dataclass(frozen=True, slots=True)
class Place:
    """On which marketplace a project follows how many products."""

    marketplace: str
    products: int


async def places(conn: Conn, project_id: str) -> list[Place]:
    """The one with most products first; of those that only stand in a list of best sellers, none. The caller has found the project among its own."""
    return await fetch_all(
        conn,
        Place,
        f"""SELECT marketplace, count(*) AS products FROM series_states s
            WHERE project_id = %s AND place = '' AND {IS_KNOWN} GROUP BY 1 ORDER BY 2 DESC, 1""",
        [project_id],
    )


async def count(conn: Conn, project_id: str) -> int:
    """Products, each once however many marketplaces it is followed on. The caller has found the project among its own."""
    return await count_rows(
        conn,
        f"SELECT count(DISTINCT asin) FROM series_states s WHERE project_id = %s AND place = '' AND {IS_KNOWN}",
        [project_id],
    )


@dataclass(frozen=True, slots=True)
class _Priced:
    asin: str
    observed_at: datetime
    value_number: Decimal | None


async def prices(
    conn: Conn, project_id: str, *, marketplace: str, asins: Sequence[str], since: datetime
) -> dict[str, list[tuple[datetime, float | None]]]:
    """By ASIN, the points of the price since then in time's order, with the last one before; None: there was no price.

    The caller has found the project among its own.
    """
    rows = await fetch_all(
        conn,
        _Priced,
        """SELECT asin, observed_at, value_number FROM product_series
           WHERE project_id = %(project_id)s AND asin = ANY(%(asins)s) AND marketplace = %(marketplace)s AND place = ''
             AND field = 'price' AND observed_at >= %(since)s
           UNION ALL
           SELECT last.* FROM unnest(%(asins)s::text[]) AS a (asin), LATERAL (
               SELECT p.asin, observed_at, value_number FROM product_series p
               WHERE project_id = %(project_id)s AND p.asin = a.asin AND marketplace = %(marketplace)s AND place = ''
                 AND field = 'price' AND observed_at < %(since)s ORDER BY observed_at DESC LIMIT 1) last
           ORDER BY asin, observed_at""",
        {"project_id": project_id, "asins": list(asins), "marketplace": marketplace, "since": since},
    )
    found: dict[str, list[tuple[datetime, float | None]]] = defaultdict(list)
    for row in rows:
        found[row.asin].append((row.observed_at, None if row.value_number is None else float(row.value_number)))
    return found
