"""What changed in a project, newest first: the page that is opened every morning."""

from collections.abc import Sequence
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
    params = {
        "project_id": project_id,
        "since": wanted.since,
        "fields": list(wanted.fields) if wanted.fields is not None else None,
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
            FROM (SELECT * FROM product_series c WHERE {_WHERE} AND (%(until)s::timestamptz IS NULL OR c.observed_at <= %(until)s)
                  ORDER BY c.observed_at DESC, c.asin, c.marketplace, c.place, c.field
                  LIMIT %(limit)s OFFSET %(given)s) c
            LEFT JOIN series_states s USING (project_id, asin, marketplace, place)
            ORDER BY c.observed_at DESC, c.asin, c.marketplace, c.place, c.field""",
        params,
    )
    total = await count_rows(conn, f"SELECT count(*) FROM product_series c WHERE {_WHERE}", params)
    return _cut(found, total, limit, cursor)


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
