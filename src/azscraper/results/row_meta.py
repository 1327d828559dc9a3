"""Rows with what is known about them beside the page: job, target, place, when they were stored. ``meta`` stands behind the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString

import orjson

from azscraper.clock import stamp
from azscraper.results import copying
from azscraper.results.copying import Lines
from azscraper.results.selection import FITS, Where
from azscraper.store.db import Conn, fetch_all


@dataclass(frozen=True, slots=True)
class Origin:
    """What the rows of a batch have in common."""

    job_id: str
    project_id: str
    schedule_id: str | None
    list_id: str | None
    job_created_at: datetime
    stored_at: datetime | None
    """None of rows that a worker of an older release stores while their job runs."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some targets of a job, one after the other, whose rows came together."""

    origin: Origin
    first: int
    until: int
    """Not included."""
    after: int = 0
    """Of the first target, the rows behind this position alone."""


# The order is that of the spans, then of the two sub-queries: a nested loop is the only way to join them. Each value is a line:
# bytes, because a record without its last brace is a copy of bytes, while of a text each character would be looked at.
_HEAD: LiteralString = """
    SELECT substring(textsend(r.record::text) FROM 1 FOR octet_length(r.record::text) - 1)
           || textsend(concat(s.head, to_json(t.value), ',"ordinal":', t.ordinal, ',"position":', r.position, s.tail,
                              t.ordinal, '-', r.position, t.cached, E'}}\\n'))
    FROM unnest(%(jobs)s::text[], %(heads)s::text[], %(tails)s::text[], %(firsts)s::int[], %(untils)s::int[],
                %(afters)s::int[]) AS s (job_id, head, tail, first, until, after),
        LATERAL (SELECT ordinal, value, CASE WHEN cached THEN '","cached":true' ELSE '","cached":false' END AS cached
                 FROM targets WHERE job_id = s.job_id AND ordinal >= s.first AND ordinal < s.until
                 ORDER BY ordinal) t,
        LATERAL (SELECT position, record FROM results WHERE job_id = s.job_id AND ordinal = t.ordinal
                   AND position > CASE WHEN t.ordinal = s.first THEN s.after ELSE 0 END"""
_TAIL: LiteralString = """ ORDER BY position) r LIMIT %(limit)s"""
_ROWS: LiteralString = f"{_HEAD}{_TAIL}"
_FITTING_ROWS: LiteralString = f"{_HEAD} AND {FITS}{_TAIL}"
_FAILURES: LiteralString = """
    SELECT textsend(concat(rtrim(json_build_object('target', t.value,
               'error', json_build_object('code', t.error_code, 'message', t.error_message),
               'httpStatus', t.http_status, 'attempts', t.attempts,
               'fetchedAt', to_char(t.fetched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text, '}'),
           s.head, to_json(t.value), ',"ordinal":', t.ordinal, ',"position":0', s.tail, t.ordinal, E'-0","cached":false}}\\n'))
    FROM unnest(%(jobs)s::text[], %(heads)s::text[], %(tails)s::text[], %(firsts)s::int[], %(untils)s::int[],
                %(afters)s::int[]) AS s (job_id, head, tail, first, until, after),
        LATERAL (SELECT * FROM targets WHERE job_id = s.job_id AND ordinal >= s.first + least(s.after, 1)
                   AND ordinal < s.until AND status = 'failed'
                 ORDER BY ordinal) t
    LIMIT %(limit)s"""


async def read(
    conn: Conn, spans: Sequence[Span], *, failed: bool = False, where: Where | None = None, limit: int
) -> Lines:
    """The rows of the spans in their order that fit, or their failed targets, at most so many."""
    if not spans:
        return Lines()
    heads, tails = zip(*map(_around, spans), strict=True)
    params = {
        "jobs": [span.origin.job_id for span in spans],
        "heads": list(heads),
        "tails": list(tails),
        "firsts": [span.first for span in spans],
        "untils": [span.until for span in spans],
        "afters": [span.after for span in spans],
        "limit": limit,
    }
    if where:
        return await copying.copied_bytes(conn, _FITTING_ROWS, params | where.params)
    return await copying.copied_bytes(conn, _FAILURES if failed else _ROWS, params)


def _around(span: Span) -> tuple[str, str]:
    """The JSON of ``meta`` before the target and behind the position."""
    origin = span.origin
    head = {
        "jobId": origin.job_id,
        "projectId": origin.project_id,
        "scheduleId": origin.schedule_id,
        "listId": origin.list_id,
    }
    tail = {
        "jobCreatedAt": stamp(origin.job_created_at),
        "storedAt": stamp(origin.stored_at) if origin.stored_at else None,
    }
    before, behind = (orjson.dumps(part).decode()[1:-1] for part in (head, tail))
    return f',"meta":{{{before},"target":', f',{behind},"rowId":"{origin.job_id}-'


@dataclass(frozen=True, slots=True)
class _Stored:
    """Targets of a job that were stored together."""

    project_id: str
    schedule_id: str | None
    list_id: str | None
    created_at: datetime
    total: int
    first: int | None
    until: int | None
    stored_at: datetime | None


async def spans_of_job(conn: Conn, job_id: str, after: tuple[int, int], *, until: int | None) -> list[Span]:
    """All of a job's targets from behind a row on, in their order; ``until`` is the first ordinal that is not wanted."""
    first = max(after[0], 0)
    found = await fetch_all(
        conn,
        _Stored,
        """SELECT j.project_id, j.schedule_id, j.list_id, j.created_at, j.total, b.first, b.until, b.stored_at
           FROM jobs j LEFT JOIN LATERAL
               (SELECT lower(o) AS first, upper(o) AS until, stored_at
                FROM row_batches, unnest(ordinals * int4multirange(int4range(%(first)s, %(until)s))) o
                WHERE job_id = j.id AND NOT failed) b ON true
           WHERE j.id = %(job_id)s ORDER BY b.first""",
        {"job_id": job_id, "first": first, "until": until},
    )
    spans = []
    for one in found:
        if one.first is not None and one.until is not None:
            spans += [
                _span(job_id, one, None, first, one.first),
                _span(job_id, one, one.stored_at, one.first, one.until),
            ]
            first = one.until
    last = found[-1]
    spans.append(_span(job_id, last, None, first, last.total if until is None else until))
    left = [span for span in spans if span.first < span.until]
    if left and left[0].first == after[0]:
        left[0] = replace(left[0], after=after[1])
    return left


def _span(job_id: str, one: _Stored, stored_at: datetime | None, first: int, until: int) -> Span:
    origin = Origin(job_id, one.project_id, one.schedule_id, one.list_id, one.created_at, stored_at)
    return Span(origin, first, until)


@dataclass(frozen=True, slots=True)
class Key:
    """Where a row stands."""

    job_id: str
    ordinal: int
    position: int


def last_of(lines: Lines) -> Key:
    """Of the last row, where there is one."""
    block = lines.blocks[-1]
    meta = orjson.loads(block[block.rfind(b"\n", 0, -1) + 1 :])["meta"]
    return Key(meta["jobId"], meta["ordinal"], meta["position"])
