"""Tables that grow with every target are cut by time, so that old rows leave with their partition, without a DELETE.

Ids begin with their time, so that a range of months over ``job_id`` is a range of ids: primary keys stay what they
were, and a look-up by job reads one partition. Each table has a default partition, so that no row is ever refused;
what is found there is moved out when its partition is made.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import LiteralString

import psycopg
from psycopg import sql

from azscraper.ids import id_of
from azscraper.store.db import UNHURRIED, Conn, address, telling_outages

_LOCK = 0x617A7061
"""Advisory lock: one process makes partitions at a time."""
AHEAD = {"month": timedelta(days=92), "day": timedelta(days=7)}
"""So far ahead partitions are made: longer than an installation is likely to stand still between two looks."""


class Period(StrEnum):
    """What one partition holds."""

    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table that is cut by time (UTC)."""

    name: LiteralString
    key: LiteralString
    """``job_id``, whose ids begin with their time, or a column of times."""
    period: Period
    options: LiteralString
    """Storage parameters of each partition: PostgreSQL takes none for the whole."""

    def start_of(self, moment: datetime) -> date:
        """The first day of the partition that holds the moment."""
        day = moment.astimezone(UTC).date()
        return day.replace(day=1) if self.period is Period.MONTH else day

    def end_of(self, start: date) -> date:
        """The first day that no longer belongs to the partition that begins with ``start``."""
        if self.period is Period.DAY:
            return start + timedelta(days=1)
        return (start + timedelta(days=31)).replace(day=1)

    def partition(self, start: date) -> str:
        """The name of the partition that begins with ``start``: results_2026_11, pages_2026_11_25."""
        return f"{self.name}_{start:%Y_%m}" if self.period is Period.MONTH else f"{self.name}_{start:%Y_%m_%d}"

    def start_in(self, partition: str) -> date:
        """The first day of the partition of that name."""
        numbers = [int(part) for part in partition.removeprefix(f"{self.name}_").split("_")]
        return date(*[*numbers, 1][:3])

    def bound(self, start: date) -> str:
        """The least key of the partition that begins with ``start``, as text."""
        return first_id(midnight(start)) if self.key == "job_id" else midnight(start).isoformat()

    def time_of(self, key: str | datetime) -> datetime:
        """The time in a key."""
        return key if isinstance(key, datetime) else time_of_id(key)


# A target is updated twice or more, so its pages keep room for the new versions; rows and pages are written once.
# Almost all of these updates leave the indexes alone, so that vacuum has little to do and may come seldom.
TARGETS = Partitioned("targets", "job_id", Period.MONTH, "fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1")
RESULTS = Partitioned("results", "job_id", Period.MONTH, "fillfactor = 100")
PAGE_SUMMARIES = Partitioned("page_summaries", "job_id", Period.MONTH, "fillfactor = 100")
ROW_BATCHES = Partitioned("row_batches", "job_id", Period.MONTH, "fillfactor = 100")
PAGES = Partitioned("pages", "fetched_at", Period.DAY, "fillfactor = 100")
OBSERVATIONS = (
    Partitioned("product_observations", "observed_at", Period.MONTH, "fillfactor = 100"),
    Partitioned("keyword_observations", "observed_at", Period.MONTH, "fillfactor = 100"),
    Partitioned("product_series", "observed_at", Period.MONTH, "fillfactor = 100"),
    Partitioned("offer_observations", "observed_at", Period.MONTH, "fillfactor = 100"),
)
TABLES = (TARGETS, RESULTS, PAGE_SUMMARIES, ROW_BATCHES, PAGES, *OBSERVATIONS)


def midnight(day: date) -> datetime:
    """The beginning of the day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def first_id(moment: datetime) -> str:
    """The least id that can be made at the moment or later."""
    return id_of(int(moment.timestamp() * 1000), bytes(6))


def time_of_id(text: str) -> datetime:
    """When an id was made, to the millisecond."""
    return datetime.fromtimestamp(int(text[:12], 16) / 1000, UTC)


async def starts(conn: Conn, table: Partitioned) -> list[date]:
    """The first days of the table's partitions, ascending."""
    rows = await (await conn.execute(_EXISTING, [table.name])).fetchall()
    return sorted(table.start_in(name) for (name,) in rows if not name.endswith("_default"))


def ensure(url: str, *, now: datetime) -> None:
    """Make the partitions of now and of what is ahead, and those of rows that wait in a default partition.

    Opens a connection of its own: also the migrations, which are not async, end with it. Raises UnavailableError when
    the database does not answer, or the tables are in such use that the next try is the better one.
    """
    with telling_outages(), psycopg.connect(address(url, UNHURRIED)) as conn:
        conn.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        conn.execute("SET LOCAL lock_timeout = '5s'")
        for table in TABLES:
            _ensure(conn, table, now)


def _ensure(conn: psycopg.Connection, table: Partitioned, now: datetime) -> None:
    existing = {name for (name,) in conn.execute(_EXISTING, [table.name])}
    ahead = now + AHEAD[table.period]
    start = table.start_of(now)
    while midnight(start) <= ahead:
        if table.partition(start) not in existing:
            _create(conn, table, start)
        start = table.end_of(start)
    while (oldest := _oldest_waiting(conn, table, start)) is not None:
        _create(conn, table, table.start_of(table.time_of(oldest)))


def _oldest_waiting(conn: psycopg.Connection, table: Partitioned, before: date) -> str | datetime | None:
    names = {"default": sql.Identifier(f"{table.name}_default"), "key": sql.Identifier(table.key)}
    statement = sql.SQL("SELECT min({key}) FROM {default} WHERE {key} < %s").format(**names)
    row = conn.execute(statement, [table.bound(before)]).fetchone()
    return row[0] if row else None


def _create(conn: psycopg.Connection, table: Partitioned, start: date) -> None:
    """The partition, with what of it waited in the default one. By a function, which runs as the table's owner."""
    bounds = [table.bound(start), table.bound(table.end_of(start))]
    conn.execute(
        "SELECT make_partition(%s, %s, %s, %s, %s)", [table.name, table.partition(start), *bounds, table.options]
    )


async def drop(conn: Conn, table: Partitioned, start: date) -> None:
    """Drop the partition that begins with ``start``, if there is one."""
    await conn.execute("SELECT drop_partition(%s, %s)", [table.name, table.partition(start)])


_EXISTING = """SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = %s::regclass"""
