"""Lists: what a project follows. A list posts one job a marketplace, by the clock or when somebody asks.

``list_items`` has what is in them, ``list_runs`` the run of those that are due, ``refresh`` when that is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, LiteralString

import orjson

from azscraper import marketplaces
from azscraper.clock import stamp
from azscraper.errors import ConflictError, InvalidInputError
from azscraper.ids import new_id
from azscraper.jobs import plan
from azscraper.store.db import Conn, count_rows, fetch_all, fetch_one, look_up
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.tracking.lists.refresh import Refresh
from azscraper.wire.crawls import JobConfig

MOST_PER_PROJECT = 100
"""So that the list of a project's lists needs no pages."""
MOST_MARKETPLACES = 24


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller says of a list."""

    name: str
    type: str
    marketplaces: Sequence[str]
    """Hosts or country codes."""
    config: JobConfig
    refresh: Refresh | None


@dataclass(frozen=True, slots=True)
class PostedJob:
    """A job of a list's last run."""

    marketplace: str
    job_id: str


@dataclass(frozen=True, slots=True)
class ProductList:
    """A list's row."""

    id: str
    organization_id: str
    project_id: str
    name: str
    type: str
    marketplaces: list[str]
    config: JobConfig
    refresh: dict[str, Any] | None
    next_run_at: datetime | None
    """None: by hand alone, or its end has come."""
    last_run_at: datetime | None
    last_jobs: list[dict[str, str]]
    last_error: str | None
    failures: int
    created_at: datetime
    updated_at: datetime
    items: int = 0
    """How many."""

    @property
    def when(self) -> Refresh | None:
        """When it refreshes itself."""
        return None if self.refresh is None else read_refresh(self.refresh)

    @property
    def jobs(self) -> list[PostedJob]:
        """Of its last run."""
        return [PostedJob(one["marketplace"], one["jobId"]) for one in self.last_jobs]


_ROW: LiteralString = ", ".join(f"l.{field.name}" for field in fields(ProductList) if field.name != "items")
COLUMNS: LiteralString = f"{_ROW}, (SELECT count(*) FROM list_items i WHERE i.list_id = l.id) AS items"
"""Of a ProductList, of ``lists l``."""
_IS_REACHED: LiteralString = "l.organization_id = %s AND l.id = %s AND l.project_id = coalesce(%s, l.project_id)"


def read_refresh(stored: Mapping[str, Any]) -> Refresh:
    """Out of a row."""
    until = stored.get("until")
    return Refresh(
        stored.get("every"),
        stored.get("at"),
        tuple(stored.get("weekdays") or ()),
        stored.get("cron"),
        stored.get("timezone") or "UTC",
        datetime.fromisoformat(until) if until else None,
    )


def as_json(refresh: Refresh) -> dict[str, Any]:
    """As it is stored and answered: what is not said is left out."""
    said: dict[str, Any] = {
        "every": refresh.every,
        "at": refresh.at,
        "cron": refresh.cron,
        "timezone": refresh.timezone,
    }
    said |= {"weekdays": list(refresh.weekdays), "until": stamp(refresh.until) if refresh.until else None}
    return {name: value for name, value in said.items() if value}


def hosts_of(names: Sequence[str]) -> list[str]:
    """The hosts of marketplaces, each once. Raises InvalidInputError for one that there is not, and for none."""
    hosts = []
    for at, name in enumerate(names):
        try:
            hosts.append(marketplaces.find(name).host)
        except InvalidInputError as exc:
            raise InvalidInputError.of(f"marketplaces.{at}", exc.message) from exc
    if not hosts:
        raise InvalidInputError.of("marketplaces", "has none; name at least one, such as us")
    return list(dict.fromkeys(hosts))[:MOST_MARKETPLACES]


def _columns(asked: Asked, now: datetime) -> dict[str, Any]:
    """What is stored of it. Raises InvalidInputError."""
    if asked.config.marketplace is not None:
        raise InvalidInputError.of("config.marketplace", "belongs into marketplaces")
    config = plan.checked(asked.type, asked.config)
    refresh = asked.refresh
    return {
        "name": asked.name,
        "type": asked.type,
        "marketplaces": hosts_of(asked.marketplaces),
        "config": orjson.dumps(config.as_sent).decode(),
        "refresh": orjson.dumps(as_json(refresh)).decode() if refresh else None,
        "cron": refresh.expression if refresh else None,
        "timezone": refresh.timezone if refresh else "UTC",
        "until": refresh.until if refresh else None,
        "next_run_at": refresh.next_run(now) if refresh else None,
    }


async def has_named(conn: Conn, principal: Principal, project_id: str, name: str) -> bool:
    """Whether a list of the project is called so."""
    cursor = await conn.execute(
        "SELECT 1 FROM lists WHERE organization_id = %s AND project_id = %s AND name = %s LIMIT 1",
        [principal.organization_id, project_id, name],
    )
    return await cursor.fetchone() is not None


async def create(conn: Conn, principal: Principal, project_id: str, asked: Asked, *, now: datetime) -> ProductList:
    """A new list without items. Raises NotFoundError, InvalidInputError, and ConflictError for an archived project or the 101st list."""
    await projects.lock_open(conn, principal, project_id)
    sql: LiteralString = "SELECT count(*) FROM lists WHERE organization_id = %s AND project_id = %s"
    if await count_rows(conn, sql, [principal.organization_id, project_id]) >= MOST_PER_PROJECT:
        raise ConflictError(f"A project has at most {MOST_PER_PROJECT} lists; delete one that you no longer need")
    list_id = new_id()
    await conn.execute(
        """INSERT INTO lists (id, organization_id, project_id, name, type, marketplaces, config, refresh, cron, timezone, until, next_run_at)
           VALUES (%(id)s, %(organization_id)s, %(project_id)s, %(name)s, %(type)s, %(marketplaces)s, %(config)s, %(refresh)s, %(cron)s,
               %(timezone)s, %(until)s, %(next_run_at)s)""",
        {"id": list_id, "organization_id": principal.organization_id, "project_id": project_id, **_columns(asked, now)},
    )
    made = await get(conn, principal, list_id)
    await audit.note(
        conn, principal, Action.LIST_CREATED, made.id, details={"projectId": project_id, "after": _facts(made)}
    )
    return made


def _facts(one: ProductList) -> dict[str, object]:
    """What the audit tells."""
    return {
        "name": one.name,
        "type": one.type,
        "marketplaces": one.marketplaces,
        "config": one.config.as_sent,
        "refresh": one.refresh,
    }


async def find_all(conn: Conn, principal: Principal, project_id: str) -> list[ProductList]:
    """The project's lists, newest first. Raises NotFoundError when the principal reaches no such project."""
    await projects.get(conn, principal, project_id)
    return await fetch_all(
        conn,
        ProductList,
        f"SELECT {COLUMNS} FROM lists l WHERE l.organization_id = %s AND l.project_id = %s ORDER BY l.id DESC",
        [principal.organization_id, project_id],
    )


async def count_targets(conn: Conn, one: ProductList) -> int:
    """What a run of the list looks at: an item without a marketplace of its own on each of the list."""
    sql: LiteralString = (
        "SELECT sum(CASE marketplace WHEN '' THEN %s ELSE 1 END)::bigint FROM list_items WHERE list_id = %s"
    )
    cursor = await conn.execute(sql, [len(one.marketplaces), one.id])
    found = await cursor.fetchone()
    return (found[0] if found else 0) or 0


async def last_marketplaces(conn: Conn, principal: Principal, project_id: str) -> list[str]:
    """Hosts of the list that was made last: of the project, else of the organization's others, demonstrations apart. Empty without one."""
    sql: LiteralString = """SELECT l.marketplaces FROM lists l JOIN projects p ON p.id = l.project_id
        WHERE l.organization_id = %s AND (l.project_id = %s OR NOT p.is_demo) ORDER BY l.project_id = %s DESC, l.id DESC LIMIT 1"""
    cursor = await conn.execute(sql, [principal.organization_id, project_id, project_id])
    found = await cursor.fetchone()
    return found[0] if found else []


async def get(conn: Conn, principal: Principal, list_id: str) -> ProductList:
    """The list. Raises NotFoundError when the principal reaches none of that id."""
    return await _one(conn, f"SELECT {COLUMNS} FROM lists l WHERE {_IS_REACHED}", principal, list_id)


async def of_job(conn: Conn, principal: Principal, job_id: str) -> ProductList | None:
    """The list that the job checked; None of other jobs, and where the list is gone. The caller has found the job among its own."""
    return await fetch_one(
        conn,
        ProductList,
        f"SELECT {COLUMNS} FROM lists l JOIN jobs j ON j.list_id = l.id AND j.project_id = l.project_id WHERE j.id = %s AND l.organization_id = %s",
        [job_id, principal.organization_id],
    )


async def lock(conn: Conn, principal: Principal, list_id: str) -> ProductList:
    """The same, locked until the transaction ends."""
    return await _one(conn, f"SELECT {COLUMNS} FROM lists l WHERE {_IS_REACHED} FOR UPDATE OF l", principal, list_id)


async def _one(conn: Conn, sql: LiteralString, principal: Principal, list_id: str) -> ProductList:
    params = [principal.organization_id, list_id, principal.project_id]
    return await look_up(conn, ProductList, sql, params, what="List", named=list_id)


async def change(conn: Conn, principal: Principal, list_id: str, asked: Asked, *, now: datetime) -> ProductList:
    """The list as it is asked for now; its type stays, as its items are of it. Raises NotFoundError, InvalidInputError.

    Another time, or one after it was without, counts the next run from ``now``.
    """
    old = await lock(conn, principal, list_id)
    if asked.type != old.type:
        raise InvalidInputError.of("type", "of a list can't change: its items are of it. Create another list")
    columns = _columns(asked, now)
    if asked.refresh == old.when and old.next_run_at is not None:
        columns["next_run_at"] = old.next_run_at
    await conn.execute(
        """UPDATE lists SET name = %(name)s, marketplaces = %(marketplaces)s, config = %(config)s, refresh = %(refresh)s, cron = %(cron)s,
               timezone = %(timezone)s, until = %(until)s, next_run_at = %(next_run_at)s, failures = 0, updated_at = now()
           WHERE organization_id = %(organization_id)s AND id = %(id)s""",
        {"id": list_id, "organization_id": principal.organization_id, **columns},
    )
    new = await get(conn, principal, list_id)
    details = {"projectId": new.project_id, **audit.changes(_facts(old), _facts(new))}
    await audit.note(conn, principal, Action.LIST_CHANGED, list_id, details=details)
    return new


async def delete(conn: Conn, principal: Principal, list_id: str) -> ProductList:
    """Delete the list and its items; its jobs and the history stay. Raises NotFoundError."""
    gone = await lock(conn, principal, list_id)
    await conn.execute("DELETE FROM lists WHERE organization_id = %s AND id = %s", [principal.organization_id, list_id])
    details = {"projectId": gone.project_id, "before": _facts(gone)}
    await audit.note(conn, principal, Action.LIST_DELETED, gone.id, details=details)
    return gone
