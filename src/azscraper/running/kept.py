"""A target that is answered from what is stored, without a page that is fetched or read: a job that is born completed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from azscraper import marketplaces
from azscraper.ids import new_id
from azscraper.jobs import jobs, prices
from azscraper.jobs.jobs import COLUMNS, Job
from azscraper.jobs.plan import PlannedTarget
from azscraper.kinds.kind import Asked, Kind, Step
from azscraper.kinds.kind import Target as NamedTarget
from azscraper.kinds.registry import find_kind
from azscraper.records import PARSER_VERSION
from azscraper.records.options import Options
from azscraper.running.ask import key_of, request_of
from azscraper.store.db import Conn, fetch_all
from azscraper.store.sent import Sent, send
from azscraper.tenants import audit, plans, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.webhooks import endpoints
from azscraper.wire.crawls import JobConfig
from azscraper.words import EventType

_CANDIDATES = 10
"""Answers to the same first page that are looked at: they may have been asked for with other options."""
_NOT_OF_ROWS = {"max_age", "max_retries", "weight", "marketplace"}
"""Options that change nothing in a row, beside those that the request says."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    kind: Kind[Any]
    target: PlannedTarget
    config: JobConfig

    @property
    def of_target(self) -> Kind[Any]:
        """The target's own, which is the job's but for jobs of type ``auto``."""
        return find_kind(self.target.kind or self.kind.name)


@dataclass(frozen=True, slots=True)
class _Kept:
    job_id: str
    ordinal: int
    config: JobConfig
    result_count: int


async def answer(conn: Conn, principal: Principal, project_id: str, wanted: Wanted, *, now: datetime) -> Job | None:
    """A completed job with copies of the rows that the organization has of the target, if they are not older than ``maxAge``.

    Found by the request of the first page; what this release reads, and what was asked for, must be the same. It counts as
    any job and costs no credits. All in the caller's transaction. None where there are no such rows. Raises NotFoundError,
    ConflictError for an archived project, QuotaExceededError.
    """
    if not wanted.config.max_age:
        return None
    opened = await projects.ask_whether_open(conn, principal, project_id)
    found = await _find(conn, principal.organization_id, wanted, wanted.config.max_age, now=now)
    if found is None:
        return None
    await opened()
    targets = prices.counts_of(wanted.of_target, wanted.config)
    charged = await plans.charge_job(conn, principal.organization_id, targets=targets, now=now)
    job_id = new_id()
    sent = await _store(conn, (principal.organization_id, project_id), wanted, found, job_id=job_id)
    await _copy(conn, job_id, wanted.target.value, found)
    details = jobs.summary(project_id, wanted.kind.name, 1) | {"cached": True}
    await audit.note(conn, principal, Action.JOB_CREATED, job_id, details=details)
    listening = await endpoints.listeners(conn, project_id, [EventType.JOB_COMPLETED])
    await charged()
    job = await sent.existing()
    await endpoints.tell(conn, await listening(), job_id, [jobs.event(EventType.JOB_COMPLETED, job)])
    return job


async def _find(conn: Conn, organization_id: str, wanted: Wanted, max_age: int, *, now: datetime) -> _Kept | None:
    if (request := _first_request(wanted)) is None:
        return None
    candidates = await fetch_all(
        conn,
        _Kept,
        """SELECT p.job_id, p.ordinal, j.config, t.result_count
           FROM pages p JOIN jobs j ON j.id = p.job_id
                JOIN targets t ON t.job_id = p.job_id AND t.ordinal = p.ordinal
           WHERE p.organization_id = %(organization_id)s AND p.request = %(request)s AND p.accepted AND p.number = 1
             AND p.fetched_at >= %(since)s AND j.organization_id = %(organization_id)s AND j.pruned_at IS NULL
             AND coalesce(t.kind, j.type) = %(kind)s AND coalesce(t.key, t.asin) = %(key)s AND t.status = 'success'
             AND NOT EXISTS (SELECT FROM pages o WHERE o.job_id = p.job_id AND o.ordinal = p.ordinal AND o.accepted
                               AND o.fetched_at < %(since)s)
             AND NOT EXISTS (SELECT FROM results r WHERE r.job_id = p.job_id AND r.ordinal = p.ordinal
                               AND r.record ->> 'parserVersion' IS DISTINCT FROM %(version)s)
           ORDER BY p.fetched_at DESC LIMIT %(limit)s""",
        {
            "organization_id": organization_id,
            "request": request,
            "since": now - timedelta(seconds=max_age),
            "kind": wanted.of_target.name,
            "key": wanted.target.key,
            "version": PARSER_VERSION,
            "limit": _CANDIDATES,
        },
    )
    asked = _of_rows(wanted.of_target, wanted.config)
    return next((one for one in candidates if _of_rows(wanted.of_target, one.config) == asked), None)


def _first_request(wanted: Wanted) -> bytes | None:
    kind, key = wanted.of_target, wanted.target.key
    if key is None:
        return None
    options, _ = wanted.config.as_options(kind.options)
    asked = Asked(NamedTarget(kind.name, key, marketplaces.by_host(wanted.target.marketplace)), options)
    step = kind.next(asked, ())
    return key_of(request_of(kind, asked, step, wanted.config)) if isinstance(step, Step) else None


def _of_rows(kind: Kind[Any], config: JobConfig) -> dict[str, object]:
    """What of the options says what the rows are."""
    options: Options = config.as_options(kind.options)[0]
    return options.model_dump(include=set(kind.options.model_fields) - _NOT_OF_ROWS)


async def _store(conn: Conn, whose: tuple[str, str], wanted: Wanted, found: _Kept, *, job_id: str) -> Sent[Job]:
    return await send(
        conn,
        Job,
        f"""INSERT INTO jobs (id, organization_id, project_id, type, config, status, total, pending, succeeded, result_count,
                result_set_id, lane_runs, is_ask, kinds, started_at, completed_at)
            VALUES (%s, %s, %s, %s, %s, 'completed', 1, 0, 1, %s, %s, '{{0}}', true, %s, now(), now()) RETURNING {COLUMNS}""",
        [
            job_id,
            *whose,
            wanted.kind.name,
            orjson.dumps(wanted.config.as_sent).decode(),
            found.result_count,
            new_id(),
            prices.kinds_of_rows(wanted.kind.name, [wanted.of_target.name], wanted.config),
        ],
    )


async def _copy(conn: Conn, job_id: str, value: str, found: _Kept) -> None:
    """The target with its rows, its summaries and where its pages are."""
    await conn.execute(
        """WITH target AS (
               INSERT INTO targets (job_id, ordinal, value, marketplace, asin, key, kind, status, claim, attempts, http_status,
                   fetched_at, result_count, cached)
               SELECT %(job_id)s, 0, %(value)s, marketplace, asin, key, kind, 'success', 1, 0, http_status, fetched_at,
                   result_count, true
               FROM targets WHERE job_id = %(old)s AND ordinal = %(ordinal)s),
           summaries AS (
               INSERT INTO page_summaries (job_id, ordinal, page, summary)
               SELECT %(job_id)s, 0, page, summary FROM page_summaries WHERE job_id = %(old)s AND ordinal = %(ordinal)s),
           locations AS (
               INSERT INTO pages (job_id, organization_id, ordinal, step, number, request, accepted, fetched_at, segment, start, length)
               SELECT %(job_id)s, organization_id, 0, step, number, request, accepted, fetched_at, segment, start, length
               FROM pages WHERE job_id = %(old)s AND ordinal = %(ordinal)s)
           INSERT INTO results (job_id, ordinal, position, record, type)
           SELECT %(job_id)s, 0, position, record, type FROM results WHERE job_id = %(old)s AND ordinal = %(ordinal)s""",
        {"job_id": job_id, "value": value, "old": found.job_id, "ordinal": found.ordinal},
    )
