"""Whether a job's records are filled as those of the 30 days before: a field that suddenly is not may be a new layout.

A module of its own because the counts are those of ``fill_rates``, and the comparison is made once, at a job's end.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

import orjson

from azscraper.kinds.registry import types
from azscraper.results.fill_rates import EVERY
from azscraper.store.db import Conn, fetch_all
from azscraper.webhooks.endpoints import Event
from azscraper.words import EventType

DAYS = 30
LEAST_RECORDS = 50
"""Of the job and of the days before: of fewer a share says too little."""
_DROPS: LiteralString = f"""
WITH own AS (SELECT id, project_id, type FROM jobs WHERE id = %(job_id)s AND reparse_of IS NULL),
now_all AS (SELECT coalesce(f.record, %(mains)s::json ->> own.type) AS record, f.marketplace, f.records, f.filled
            FROM own JOIN ({EVERY}) f ON f.job_id = own.id),
now_of AS (SELECT record, marketplace, sum(records) AS records FROM now_all GROUP BY 1, 2 HAVING sum(records) >= %(least)s),
now_filled AS (SELECT record, marketplace, field, sum(count::bigint) AS filled
               FROM now_all, jsonb_each_text(filled) AS each (field, count) GROUP BY 1, 2, 3),
before AS (SELECT r.record, r.marketplace, r.records, r.filled FROM own
           JOIN LATERAL (SELECT id FROM jobs j WHERE j.project_id = own.project_id AND j.type = own.type
                           AND j.reparse_of IS NULL AND j.id < own.id AND j.completed_at > now() - make_interval(days => %(days)s)
                         ORDER BY j.id DESC LIMIT 1000) j ON true
           JOIN LATERAL (SELECT coalesce(f.record, %(mains)s::json ->> own.type) AS record, f.marketplace, f.records, f.filled
                         FROM ({EVERY}) f WHERE f.job_id = j.id OFFSET 0) r  -- OFFSET: by the index, whatever the planner thinks
               ON (r.record, r.marketplace) IN (SELECT record, marketplace FROM now_of)),
before_of AS (SELECT record, marketplace, sum(records) AS records FROM before GROUP BY 1, 2 HAVING sum(records) >= %(least)s),
before_filled AS (SELECT record, marketplace, field, sum(count::bigint) AS filled
                  FROM before, jsonb_each_text(filled) AS each (field, count) GROUP BY 1, 2, 3),
dropped AS (SELECT own.project_id, own.type, record, marketplace, b.field, n.records, bo.records AS records_before,
                   round(coalesce(f.filled, 0) / n.records, 4) AS share, round(b.filled / bo.records, 4) AS share_before
            FROM own, before_filled b JOIN before_of bo USING (record, marketplace) JOIN now_of n USING (record, marketplace)
            LEFT JOIN now_filled f USING (record, marketplace, field)
            WHERE b.filled / bo.records >= 0.2 AND coalesce(f.filled, 0) / n.records <= 0.5 * b.filled / bo.records),
told AS (INSERT INTO quality_drops AS q (project_id, type, marketplace, field, told_at)
         SELECT project_id, type, marketplace, record || '.' || field, now() FROM dropped ORDER BY 3, 4
         ON CONFLICT (project_id, type, marketplace, field) DO UPDATE SET told_at = now()
         WHERE q.told_at <= now() - interval '1 day' RETURNING marketplace, field)
SELECT d.type, d.record, d.marketplace, d.field, d.records::bigint, d.records_before::bigint, d.share::float8,
       d.share_before::float8
FROM dropped d JOIN told t ON (t.marketplace, t.field) = (d.marketplace, d.record || '.' || d.field)
ORDER BY d.marketplace, d.record, d.field"""


@dataclass(frozen=True, slots=True)
class Drop:
    """A field of a marketplace's records that the job filled at most half as often as the days before."""

    type: str
    """Of the job."""
    record: str
    """Of the records: a job may have several types."""
    marketplace: str
    field: str
    """JSON name."""
    records: int
    records_before: int
    share: float
    """0 to 1."""
    share_before: float

    def data(self, job_id: str) -> dict[str, Any]:
        """Of the event."""
        return {
            "jobId": job_id,
            "type": self.type,
            "record": self.record,
            "marketplace": self.marketplace,
            "field": self.field,
            "records": self.records,
            "share": self.share,
            "recordsBefore": self.records_before,
            "shareBefore": self.share_before,
            "days": DAYS,
        }


async def told(conn: Conn, job_id: str) -> list[Event]:
    """The drops of a job that ends now, each field of a marketplace once a day; noted as told in the same transaction.

    Only fields that at least a fifth of the records before had. A job that reads kept pages again tells nothing.
    """
    mains = orjson.dumps({name: kind.record.__name__ for name, kind in types().items()}).decode()
    params = {"job_id": job_id, "least": LEAST_RECORDS, "days": DAYS, "mains": mains}
    drops = await fetch_all(conn, Drop, _DROPS, params)
    return [Event(EventType.JOB_QUALITY, drop.data(job_id)) for drop in drops]
