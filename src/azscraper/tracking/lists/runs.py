"""The refresh of lists: one job a marketplace, by the clock or when somebody asks. As ``schedule_runs``, of lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from azscraper.errors import ConflictError, InvalidInputError, ServiceError
from azscraper.jobs import jobs, plan
from azscraper.jobs.jobs import Label
from azscraper.kinds.registry import find_kind
from azscraper.store.db import Conn, fetch_one
from azscraper.tenants.principal import Principal
from azscraper.tracking import due
from azscraper.tracking.due import MOST_FAILURES, after_failure
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists
from azscraper.tracking.lists.lists import COLUMNS, PostedJob, ProductList
from azscraper.wire.crawls import JobConfig
from azscraper.words import OnInvalid


async def run_due(conn: Conn, *, now: datetime) -> ProductList | None:
    """Refresh the list that has been due longest, and write when it is due next; None when none is.

    A run that posts no job leaves its reason in ``last_error``. Lists of archived projects and suspended organizations wait.
    Raises only what the database itself does.
    """
    one = await fetch_one(
        conn,
        ProductList,
        f"""SELECT {COLUMNS} FROM lists l WHERE l.next_run_at <= %s
              AND NOT EXISTS (SELECT 1 FROM organizations o WHERE o.id = l.organization_id AND o.suspended_at IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = l.project_id AND p.archived)
            ORDER BY l.next_run_at LIMIT 1 FOR UPDATE OF l SKIP LOCKED""",
        [now],
    )
    if one is None:
        return None

    async def run() -> None:
        following = one.when.next_run(now) if one.when else None
        await _note_run(conn, one, await _post(conn, one, now), next_run_at=following, now=now)

    async def fail(error: ServiceError) -> None:
        await _fail(conn, one, error, now)

    await due.attempt(conn, run, fail, event="a list failed", list_id=one.id)
    return one


async def run_now(
    conn: Conn, principal: Principal, list_id: str, *, now: datetime, only: Sequence[str] | None = None
) -> list[PostedJob]:
    """Refresh the list at once, or only the items of these ids; its next due time stays. Raises NotFoundError, ConflictError for an
    archived project or no items, and what ``jobs.submit`` raises.
    """
    one = await lists.lock(conn, principal, list_id)
    posted = await _post(conn, one, now, only)
    await _note_run(conn, one, posted, next_run_at=one.next_run_at, now=now)
    return posted


async def _post(conn: Conn, one: ProductList, now: datetime, only: Sequence[str] | None = None) -> list[PostedJob]:
    items = [item for item in await list_items.find_all(conn, one.id) if only is None or item.id in only]
    if not items:
        raise ConflictError("The list is empty; put items in first")
    hosts = dict.fromkeys([*one.marketplaces, *(item.marketplace for item in items if item.marketplace)])
    posted = []
    for host in hosts:
        values = [
            item.value for item in items if item.marketplace in {"", host} and _is_asked(one, item.marketplace, host)
        ]
        if values:
            posted.append(PostedJob(host, await _submit(conn, one, host, values, now)))
    return posted


def _is_asked(one: ProductList, own: str, host: str) -> bool:
    """Items without a marketplace of their own are asked for on those of the list."""
    return own == host or host in one.marketplaces


async def _submit(conn: Conn, one: ProductList, host: str, values: list[str], now: datetime) -> str:
    config = JobConfig.of_json({**one.config.as_sent, "marketplace": host})
    planned = plan.plan_targets(one.type, values, plan.checked(one.type, config), on_invalid=OnInvalid.SKIP)
    job = await jobs.submit(
        conn,
        Principal(one.organization_id, project_id=one.project_id),
        one.project_id,
        kind=find_kind(one.type),
        targets=planned,
        config=config,
        now=now,
        label=Label(name=one.name, list_id=one.id),
    )
    return job.id


async def _fail(conn: Conn, one: ProductList, error: ServiceError, now: datetime) -> None:
    failures = one.failures + 1
    message = error.message
    following = _following(one, failures, now)
    if failures >= MOST_FAILURES:
        message += f". It has failed {failures} times in a row and no longer refreshes itself."
    await _note_run(conn, one, [], next_run_at=following, error=message, failures=failures, now=now)


def _following(one: ProductList, failures: int, now: datetime) -> datetime | None:
    """The next due time; none after ten failures, and where the time can't be read any more."""
    if failures >= MOST_FAILURES or one.when is None:
        return None
    try:
        return one.when.next_run(after_failure(failures, now))
    except InvalidInputError:
        return None


async def _note_run(
    conn: Conn,
    one: ProductList,
    posted: list[PostedJob],
    *,
    next_run_at: datetime | None,
    now: datetime,
    error: str | None = None,
    failures: int = 0,
) -> None:
    last: list[dict[str, Any]] = [{"marketplace": each.marketplace, "jobId": each.job_id} for each in posted]
    await conn.execute(
        """UPDATE lists SET next_run_at = %s, last_run_at = %s, last_jobs = CASE WHEN %s THEN %s::json ELSE last_jobs END,
               last_error = %s, failures = %s WHERE id = %s""",
        [next_run_at, now, bool(posted), orjson.dumps(last).decode(), error, failures, one.id],
    )
