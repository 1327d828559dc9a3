"""What the checks read from the database. Each takes its own connection's transaction, and writes nothing but one record of the log."""

import time
from datetime import UTC, datetime
from typing import Any, LiteralString

from psycopg import sql

import azscraper
from azscraper.operate.doctor.facts import (
    Connections,
    Database,
    Host,
    Opened,
    Partitions,
    Queue,
    Route,
    Schedules,
    Schema,
    Upkeep,
    Webhooks,
    Workers,
)
from azscraper.store import migrations, partitions
from azscraper.store.db import Conn, fetch_all, fetch_existing, require_writable, scalar

_IN_USE: LiteralString = "greatest(robots_fetched_at, next_slot_at) > now() - interval '7 days'"
_NOT_SUSPENDED: LiteralString = (
    "NOT EXISTS (SELECT 1 FROM organizations o WHERE o.id = organization_id AND o.suspended_at IS NOT NULL)"
)
_QUEUES: LiteralString = """
WITH tasks AS (
    SELECT queue_name, status, worker_id, scheduled_at, status = 'todo' AND coalesce(scheduled_at, now()) <= now() AS is_due,
           (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id AND type IN ('deferred', 'deferred_for_retry')) AS at
    FROM procrastinate_jobs j)
SELECT queue_name AS queue, count(*) FILTER (WHERE is_due) AS due, count(*) FILTER (WHERE status = 'doing') AS running,
       coalesce(extract(epoch FROM max(now() - greatest(at, scheduled_at)) FILTER (WHERE is_due)), 0)::float8 AS oldest_seconds,
       count(*) FILTER (WHERE status = 'doing' AND coalesce(w.last_heartbeat, '-infinity') < now() - interval '30 s') AS stalled,
       count(*) FILTER (WHERE status NOT IN ('todo', 'doing')) AS dead
FROM tasks LEFT JOIN procrastinate_workers w ON w.id = worker_id GROUP BY 1 ORDER BY 1"""


async def database(conn: Conn) -> Database:
    """Raises UnavailableError where nothing can be written."""
    began = time.monotonic()
    version = await scalar(conn, int, "SELECT current_setting('server_version_num')::int")
    seconds = time.monotonic() - began
    size = await scalar(conn, int, "SELECT pg_database_size(current_database())")
    await require_writable(conn)
    return Database(version or 0, size or 0, seconds)


async def schema(conn: Conn) -> Schema:
    """The schema's version and whom it fits."""
    found = await _if_there(conn, "alembic_version", "SELECT version_num FROM alembic_version")
    fits = await _if_there(conn, "schema_fits", "SELECT minimum_release FROM schema_fits")
    is_fit = fits is not None and migrations.parts_of(fits) <= migrations.parts_of(azscraper.__version__)
    return Schema(found, migrations.newest(), azscraper.__version__, fits, is_fit)


async def _if_there(conn: Conn, table: str, statement: LiteralString) -> str | None:
    if await scalar(conn, str, "SELECT to_regclass(%s)::text", [table]) is None:
        return None
    return await scalar(conn, str, statement)


async def connections(conn: Conn) -> Connections:
    """Of the whole server: other databases on it take from the same number."""
    return await fetch_existing(
        conn,
        Connections,
        """SELECT (SELECT sum(numbackends)::int FROM pg_stat_database) AS used,
                  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                  - coalesce(current_setting('reserved_connections', true)::int, 0) AS usable""",
    )


async def clock(conn: Conn) -> float:
    """Seconds that this machine's clock is ahead of the database's; less than half of an answer's time off."""
    before = datetime.now(UTC)
    theirs = await scalar(conn, datetime, "SELECT clock_timestamp()")
    after = datetime.now(UTC)
    return (before + (after - before) / 2 - (theirs or after)).total_seconds()


async def hosts(conn: Conn) -> list[Host]:
    """The marketplaces that were asked in the last week."""
    return await fetch_all(
        conn,
        Host,
        f"""SELECT host, rate, slowdown, blocks, nullif(next_slot_at, '-infinity') AS next_slot_at, open_until, paused_until,
                   robots_status, robots_body, robots_fetched_at, clock_timestamp() AS now
            FROM hosts WHERE {_IN_USE} ORDER BY host""",
    )


async def routes(conn: Conn) -> list[Route]:
    """The proxies that were refused last, by marketplace in use."""
    return await fetch_all(
        conn,
        Route,
        f"""SELECT host, proxy, r.blocks, r.open_until, clock_timestamp() AS now FROM routes r JOIN hosts USING (host)
            WHERE {_IN_USE} AND r.blocks > 0 ORDER BY host, proxy LIMIT 1000""",
    )


async def queues(conn: Conn) -> list[Queue]:
    """The queues that have tasks."""
    return await fetch_all(conn, Queue, _QUEUES)


async def open_types(conn: Conn) -> list[str]:
    """Types of the jobs that are not over."""
    rows = await conn.execute("SELECT DISTINCT type FROM jobs WHERE status IN ('queued', 'running') ORDER BY type")
    return [name for (name,) in await rows.fetchall()]


async def workers(conn: Conn) -> Workers:
    """By heartbeats; releases by the names that processes give their connections."""
    rows = await conn.execute(
        """SELECT count(*) FILTER (WHERE last_heartbeat > now() - interval '10 s'),
                  count(*) FILTER (WHERE last_heartbeat < now() - interval '30 s') FROM procrastinate_workers"""
    )
    [(alive, silent)] = await rows.fetchall()
    names = await conn.execute(
        """SELECT DISTINCT application_name FROM pg_stat_activity
           WHERE datname = current_database() AND application_name ~ '^azscraper-(api|worker)/' ORDER BY 1"""
    )
    return Workers(alive, silent, tuple(name for (name,) in await names.fetchall()))


async def upkeep(conn: Conn) -> list[Upkeep]:
    """The loops that any worker has run."""
    return await fetch_all(
        conn,
        Upkeep,
        """SELECT loop, seconds::float8, extract(epoch FROM now() - succeeded_at)::float8 AS age_seconds,
                  CASE WHEN failed_at > coalesce(succeeded_at, '-infinity') THEN error END AS error
           FROM upkeep ORDER BY loop""",
    )


async def partitions_ahead(conn: Conn) -> list[Partitions]:
    """Of each table that is cut by time."""
    now = await scalar(conn, datetime, "SELECT now()")
    assert now is not None  # noqa: S101 - it has a time
    return [await _partitions(conn, table, now) for table in partitions.TABLES]


async def _partitions(conn: Conn, table: partitions.Partitioned, now: datetime) -> Partitions:
    starts = await partitions.starts(conn, table)
    end = partitions.midnight(table.end_of(starts[-1])) if starts else now
    waiting: Any = await conn.execute(
        sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(f"{table.name}_default"))
    )
    return Partitions(
        table.name,
        has_current=table.start_of(now) in starts,
        days_ahead=(end - now).total_seconds() / 86_400,
        days_wanted=partitions.AHEAD[table.period].days,
        has_waiting=(await waiting.fetchone())[0],
    )


async def schedules(conn: Conn) -> Schedules:
    """Those that wait, those that are late, those that were switched off."""
    rows = await conn.execute(
        f"""SELECT count(*), count(*) FILTER (WHERE next_run_at < now() - interval '1 minute'),
                   coalesce(extract(epoch FROM now() - min(next_run_at)), 0)::float8
            FROM schedules WHERE enabled AND {_NOT_SUSPENDED}"""
    )
    [(enabled, overdue, lag)] = await rows.fetchall()
    off = await _ids(
        conn,
        f"SELECT id FROM schedules WHERE NOT enabled AND failures > 0 AND {_NOT_SUSPENDED} ORDER BY id DESC LIMIT 10",
    )
    return Schedules(enabled, overdue, max(lag, 0.0), off)


async def webhooks(conn: Conn) -> Webhooks:
    """Endpoints that were switched off, messages that are late or were given up."""
    enabled = await scalar(conn, int, "SELECT count(*) FROM webhooks WHERE enabled")
    off = await _ids(
        conn,
        f"""SELECT id FROM webhooks WHERE NOT enabled AND disabled_reason IS NOT NULL AND {_NOT_SUSPENDED}
            ORDER BY id DESC LIMIT 10""",
    )
    unsent = await scalar(
        conn,
        int,
        """SELECT count(*) FROM (SELECT DISTINCT ON (d.webhook_id, d.subject) d.next_attempt_at, d.created_at, w.paused_until
                                 FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
                                   JOIN organizations o ON o.id = w.organization_id AND o.suspended_at IS NULL
                                 WHERE d.status = 'pending' ORDER BY d.webhook_id, d.subject, d.seq) first
           WHERE greatest(coalesce(next_attempt_at, created_at), paused_until) < now() - interval '10 minutes'""",
    )
    given_up = await scalar(
        conn,
        int,
        "SELECT count(*) FROM webhook_deliveries WHERE status = 'failed' AND ended_at > now() - interval '1 day'",
    )
    return Webhooks(enabled or 0, off, unsent or 0, given_up or 0)


async def opened(conn: Conn) -> Opened:
    """How the installation is open to others."""
    was_open = await scalar(conn, bool, "SELECT was_open FROM installation")
    proxies = await _ids(
        conn, "SELECT address FROM unnamed_proxies WHERE seen_at > now() - interval '7 days' ORDER BY address"
    )
    return Opened(bool(was_open), proxies)


async def _ids(conn: Conn, statement: LiteralString) -> tuple[str, ...]:
    return tuple(found for (found,) in await (await conn.execute(statement)).fetchall())
