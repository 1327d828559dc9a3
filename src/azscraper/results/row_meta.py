"""Rows with what is known about them beside the page: job, target, place, when they were stored. ``meta`` stands behind the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import orjson

from azscraper.results import stored
from azscraper.store.db import Conn


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
_ROWS: LiteralString = """
    SELECT substring(textsend(r.record::text) FROM 1 FOR octet_length(r.record::text) - 1)
           || textsend(concat(s.head, to_json(t.value), ',"ordinal":', t.ordinal, ',"position":', r.position, s.tail,
                              t.ordinal, '-', r.position, E'"}}\\n'))
    FROM unnest(%(jobs)s::text[], %(heads)s::text[], %(tails)s::text[], %(firsts)s::int[], %(untils)s::int[],
                %(afters)s::int[]) AS s (job_id, head, tail, first, until, after),
        LATERAL (SELECT ordinal, value FROM targets WHERE job_id = s.job_id AND ordinal >= s.first AND ordinal < s.until
                 ORDER BY ordinal) t,
        LATERAL (SELECT position, record FROM results WHERE job_id = s.job_id AND ordinal = t.ordinal
                   AND position > CASE WHEN t.ordinal = s.first THEN s.after ELSE 0 END
                 ORDER BY position) r
    LIMIT %(limit)s"""
_FAILURES: LiteralString = """
    SELECT textsend(concat(rtrim(json_build_object('target', t.value,
               'error', json_build_object('code', t.error_code, 'message', t.error_message),
               'httpStatus', t.http_status, 'attempts', t.attempts,
               'fetchedAt', to_char(t.fetched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text, '}'),
           s.head, to_json(t.value), ',"ordinal":', t.ordinal, ',"position":0', s.tail, t.ordinal, E'-0"}}\\n'))
    FROM unnest(%(jobs)s::text[], %(heads)s::text[], %(tails)s::text[], %(firsts)s::int[], %(untils)s::int[],
                %(afters)s::int[]) AS s (job_id, head, tail, first, until, after),
        LATERAL (SELECT * FROM targets WHERE job_id = s.job_id AND ordinal >= s.first + least(s.after, 1)
                   AND ordinal < s.until AND status = 'failed'
                 ORDER BY ordinal) t
    LIMIT %(limit)s"""


async def read(conn: Conn, spans: Sequence[Span], *, failed: bool = False, limit: int) -> stored.Lines:
    """The rows of the spans in their order, or their failed targets, at most so many."""
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
    return await stored.copied_bytes(conn, _FAILURES if failed else _ROWS, params)


def _around(span: Span) -> tuple[str, str]:
    """The JSON of ``meta`` before the target and behind the position."""
    origin = span.origin
    head = {
        "jobId": origin.job_id,
        "projectId": origin.project_id,
        "scheduleId": origin.schedule_id,
        "listId": origin.list_id,
    }
    tail = {"jobCreatedAt": _stamp(origin.job_created_at), "storedAt": _stamp(origin.stored_at)}
    before, behind = (orjson.dumps(part).decode()[1:-1] for part in (head, tail))
    return f',"meta":{{{before},"target":', f',{behind},"rowId":"{origin.job_id}-'


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Key:
    """Where a row stands in its job."""

    ordinal: int
    position: int


def last_of(lines: stored.Lines) -> Key:
    """Of the last row, where there is one."""
    block = lines.blocks[-1]
    meta = orjson.loads(block[block.rfind(b"\n", 0, -1) + 1 :])["meta"]
    return Key(meta["ordinal"], meta["position"])
