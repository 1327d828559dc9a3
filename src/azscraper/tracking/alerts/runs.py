"""Rules about jobs: at a job's end, and while one takes too long."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from azscraper.store.db import Conn, count_rows, fetch_all, fetch_existing, fetch_one
from azscraper.tracking.alerts import alerts, notices, rule_sets, watching
from azscraper.tracking.alerts.alerts import Alert
from azscraper.tracking.alerts.notices import Firing
from azscraper.tracking.alerts.rule_sets import RuleSet, Watch
from azscraper.tracking.alerts.rules import Condition, Memory, What
from azscraper.tracking.alerts.timing import due
from azscraper.tracking.observed import Source
from azscraper.webhooks import endpoints
from azscraper.webhooks.endpoints import Event
from azscraper.words import AlertMatch, AlertRearm, RunField

_DEFAULTS = {RunField.FAILED: 100.0, RunField.BLOCKED: 0.0, RunField.ROWS_DROPPED: 50.0, RunField.OVERDUE: 24.0}
_JOBS_BEFORE = 5
_MOST_LOOKED_BACK = 200
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class _Job:
    id: str
    organization_id: str
    project_id: str
    type: str
    name: str | None
    schedule_id: str | None
    list_id: str | None
    total: int
    failed: int
    result_count: int
    created_at: datetime
    now: datetime

    @property
    def title(self) -> str:
        return self.name or f"{self.type} {self.id}"


_COLUMNS = """j.id, j.organization_id, j.project_id, j.type, j.name, j.schedule_id, j.list_id, j.total, j.failed, j.result_count,
    j.created_at, now() AS now"""


async def watch_end(conn: Conn, source: Source, version: int | None, *, quality_fell: bool) -> list[Event]:
    """Judge a job that has just ended, its row locked; the events to tell webhooks of."""
    if version is None:
        return []
    rule_set = await rule_sets.load(conn, source.project_id, version)
    if not rule_set.of_runs:
        return []
    job = await fetch_existing(conn, _Job, f"SELECT {_COLUMNS} FROM jobs j WHERE j.id = %s", [source.job_id])
    asked = {name for watch in rule_set.of_runs for name in watch.rule.fields}
    found = await _facts(conn, job, asked, quality_fell=quality_fell)
    fired = [firing for watch in _meant(rule_set, job) if (firing := _judged(watch, job, found)) is not None]
    return await _tell(conn, job, [one for one in fired if await _may_fire(conn, rule_set, one)])


async def look_back(conn: Conn, project_id: str, watch: Watch, *, since: datetime) -> tuple[list[Firing | None], bool]:
    """What a rule would have fired at the end of each of the last jobs, oldest first; whether these are all since then.

    Whether fields were filled less is not kept of jobs that are over.
    """
    rows = await fetch_all(
        conn,
        _Ended,
        f"""SELECT j.completed_at AS ended_at, {_COLUMNS} FROM jobs j WHERE j.project_id = %s AND j.completed_at >= %s
            ORDER BY j.id DESC LIMIT {_MOST_LOOKED_BACK + 1}""",
        [project_id, since],
    )
    ended, last = [], None
    for row in rows[_MOST_LOOKED_BACK - 1 :: -1]:
        job = replace(row, now=row.ended_at)
        is_of = _is_of(watch.rule.what, job)
        found = await _facts(conn, job, watch.rule.fields, quality_fell=False) if is_of else None
        if found:
            found.values[RunField.OVERDUE] = (None, _hours(job))
        fired = _judged(watch, job, found) if found else None
        fired = fired if fired and _allows(watch, last, fired.observed_at) else None
        last = fired.observed_at if fired else last
        ended.append(fired)
    return ended, len(rows) <= _MOST_LOOKED_BACK


@dataclass(frozen=True, slots=True)
class _Ended(_Job):
    ended_at: datetime


def _allows(watch: Watch, last: datetime | None, at: datetime) -> bool:
    return watch.rule.rearm.allows(Memory(last, is_armed=False) if last else None, at, is_event=True)


def _meant(rule_set: RuleSet, job: _Job) -> Iterator[Watch]:
    for watch in rule_set.of_runs:
        expires_at = watch.rule.expires_at
        if _is_of(watch.rule.what, job) and (expires_at is None or expires_at > job.now):
            yield watch


def _is_of(what: What, job: _Job) -> bool:
    return what.schedule_id in {None, job.schedule_id} and what.list_id in {None, job.list_id}


@dataclass(frozen=True, slots=True)
class _Facts:
    """What conditions look at: a value and what it is compared with; None where it can't be told."""

    values: dict[str, tuple[float | None, float]]


async def _facts(conn: Conn, job: _Job, asked: Collection[str], *, quality_fell: bool) -> _Facts:
    values: dict[str, tuple[float | None, float]] = {
        RunField.FAILED: (None, _PERCENT * job.failed / max(job.total, 1)),
        RunField.FILL_RATE_DROPPED: (None, float(quality_fell)),
    }
    if RunField.BLOCKED in asked:
        blocked = await count_rows(
            conn, "SELECT count(*) FROM targets WHERE job_id = %s AND error_code = 'blocked'", [job.id]
        )
        values[RunField.BLOCKED] = (None, _PERCENT * blocked / max(job.total, 1))
    if RunField.ROWS_DROPPED in asked:
        values[RunField.ROWS_DROPPED] = (await _mean_rows(conn, job), float(job.result_count))
    return _Facts(values)


async def _mean_rows(conn: Conn, job: _Job) -> float | None:
    """Of the jobs before of the same list or schedule; None where there are none."""
    found = await fetch_one(
        conn,
        _Mean,
        """SELECT avg(result_count)::float8 AS rows FROM (
               SELECT result_count FROM jobs WHERE project_id = %s AND id < %s AND status IN ('completed', 'failed') AND type = %s
                 AND list_id IS NOT DISTINCT FROM %s AND schedule_id IS NOT DISTINCT FROM %s ORDER BY id DESC LIMIT %s) before""",
        [job.project_id, job.id, job.type, job.list_id, job.schedule_id, _JOBS_BEFORE],
    )
    return found.rows if found else None


@dataclass(frozen=True, slots=True)
class _Mean:
    rows: float | None


def _judged(watch: Watch, job: _Job, found: _Facts) -> Firing | None:
    reasons = [_reason(one, found) for one in watch.rule.when]
    held = [one for one in reasons if one is not None]
    if not held or (watch.rule.match is AlertMatch.ALL and len(held) < len(reasons)):
        return None
    return _firing(watch, job, held)


def _reason(one: Condition, found: _Facts) -> dict[str, Any] | None:
    """Why the condition holds; None where it does not."""
    before, after = found.values.get(one.field, (None, 0.0))
    limit = _limit(one)
    match one.field:
        case RunField.ROWS_DROPPED:
            holds = before is not None and before > 0 and after <= before * (1 - limit / _PERCENT)
        case RunField.BLOCKED | RunField.FILL_RATE_DROPPED | RunField.OVERDUE:
            holds = after > 0 and after >= limit
        case RunField.FAILED:
            holds = after >= limit
        case _:
            holds = False
    return _document(one, before, after) if holds else None


def _limit(one: Condition) -> float:
    return float(one.value) if one.value is not None else _DEFAULTS.get(RunField(one.field), 0.0)


def _document(one: Condition, before: float | None, after: float) -> dict[str, Any]:
    return {
        "field": one.field,
        "op": one.op,
        "value": _limit(one),
        "unit": one.unit,
        "days": None,
        "before": before,
        "after": round(after, 1),
        "comparedWith": None,
    }


def _firing(watch: Watch, job: _Job, reasons: Sequence[dict[str, Any]]) -> Firing:
    at = dict.fromkeys(watch.channels, due(job.now, watch.digest, watch.quiet_hours))
    return Firing(watch.rule.id, watch.name, "", "", job.id, None, job.title, reasons, job.now, at)


async def _may_fire(conn: Conn, rule_set: RuleSet, firing: Firing) -> bool:
    """Each job is another event, unless the rule fires once, or once in so many hours."""
    rearm = rule_set.by_id[firing.alert_id].rule.rearm
    if rearm.after is AlertRearm.RETURN:
        return True
    hours = rearm.hours if rearm.after is AlertRearm.HOURS else None
    since = firing.observed_at - timedelta(hours=hours) if hours else None
    return not await count_rows(
        conn,
        "SELECT count(*) FROM notices WHERE alert_id = %s AND (%s::timestamptz IS NULL OR observed_at > %s)",
        [firing.alert_id, since, since],
    )


async def _tell(conn: Conn, job: _Job, fired: Sequence[Firing]) -> list[Event]:
    if not fired:
        return []
    ids = await notices.add(conn, job.organization_id, job.project_id, job.id, fired)
    return [watching.event(job.project_id, job.id, *pair) for pair in zip(ids, fired, strict=True)]


_IS_LATE = f"""(c->>'field' = '{RunField.OVERDUE}'
    AND j.created_at <= now() - coalesce((c->>'value')::float8, {_DEFAULTS[RunField.OVERDUE]}) * interval '1 hour')"""


async def tell_overdue(conn: Conn) -> int:
    """Tell of jobs that are not over after the hours that a rule says, each once; how many. Locks their rows."""
    rows = await fetch_all(
        conn,
        _Overdue,
        f"""SELECT a.id AS alert, {_COLUMNS} FROM alerts a JOIN jobs j ON j.project_id = a.project_id
            JOIN projects p ON p.id = a.project_id AND NOT p.archived
            WHERE a.enabled AND a.what->>'runs' = 'true' AND coalesce(a.expires_at > now(), true)
              AND (SELECT CASE a.match WHEN '{AlertMatch.ANY}' THEN bool_or({_IS_LATE}) ELSE bool_and({_IS_LATE}) END
                   FROM json_array_elements(a.conditions) c)
              AND (a.what->>'schedule_id' IS NULL OR a.what->>'schedule_id' = j.schedule_id)
              AND (a.what->>'list_id' IS NULL OR a.what->>'list_id' = j.list_id)
              AND j.status IN ('queued', 'running') AND j.created_at >= a.began_at
              AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.alert_id = a.id AND n.job_id = j.id)
            ORDER BY j.id LIMIT 100 FOR UPDATE OF j SKIP LOCKED""",
    )
    told = 0
    for row in rows:
        [alert] = await fetch_all(conn, Alert, f"SELECT {alerts.COLUMNS} FROM alerts a WHERE a.id = %s", [row.alert])
        told += await _tell_overdue(conn, alert, row)
    return told


@dataclass(frozen=True, slots=True)
class _Overdue(_Job):
    alert: str


def _hours(job: _Job) -> float:
    """How long it has been running, or did."""
    return (job.now - job.created_at).total_seconds() / 3600


async def _tell_overdue(conn: Conn, alert: Alert, job: _Job) -> int:
    hours = _hours(job)
    [watch] = RuleSet.of([alert]).of_runs
    late = [
        _document(one, None, hours) for one in watch.rule.when if one.field == RunField.OVERDUE and hours >= _limit(one)
    ]
    if not late:
        return 0
    events = await _tell(conn, job, [_firing(watch, job, late)])
    await endpoints.emit(conn, job.project_id, job.id, events)
    return 1
