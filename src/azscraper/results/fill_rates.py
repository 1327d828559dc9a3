"""How often each field of a job's records has a value: what makes a layout change visible that fails no page.

A module of its own because it is written with the rows by ``running.save`` and read by nobody else there.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from azscraper.records import PARSER_VERSION, PageRecord
from azscraper.store.db import Conn, fetch_all


@dataclass(frozen=True, slots=True)
class Filled:
    """Which fields of one record have a value."""

    marketplace: str
    fields: tuple[str, ...]
    """JSON names."""


@dataclass(frozen=True, slots=True)
class FillRate:
    """Of a marketplace's records that one parser version read for a job."""

    marketplace: str
    parser_version: str
    records: int
    filled: dict[str, int]
    """JSON name of a field: in how many of the records it has a value."""

    @property
    def shares(self) -> dict[str, float]:
        """The same as shares, 0 to 1, by name."""
        return {name: round(count / self.records, 4) for name, count in sorted(self.filled.items())}


_EMPTY: tuple[object, ...] = (None, (), {})


def filled(record: PageRecord) -> Filled:
    """Which fields of the record have a value; False and 0 are values."""
    names = (
        field.alias or name
        for name, field in type(record).model_fields.items()
        if name != "record" and getattr(record, name) not in _EMPTY
    )
    return Filled(record.marketplace or "", tuple(names))


async def add(conn: Conn, job_id: str, records: Iterable[Filled]) -> None:
    """Count the records in. The caller holds the job's row, so nobody else adds to the same counts."""
    totals: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    for record in records:
        totals[record.marketplace] += 1
        counts.setdefault(record.marketplace, Counter()).update(record.fields)
    for marketplace, count in counts.items():
        await conn.execute(
            """INSERT INTO fill_rates AS f (job_id, marketplace, parser_version, records, filled)
               VALUES (%s, %s, %s, %s, %s) ON CONFLICT (job_id, marketplace, parser_version)
               DO UPDATE SET records = f.records + excluded.records, filled = (
                   SELECT coalesce(jsonb_object_agg(name, count), '{}') FROM (
                       SELECT name, sum(count::int) AS count
                       FROM (SELECT * FROM jsonb_each_text(f.filled) UNION ALL SELECT * FROM jsonb_each_text(excluded.filled))
                           AS each (name, count) GROUP BY name) summed)""",
            [job_id, marketplace, PARSER_VERSION, totals[marketplace], orjson.dumps(count).decode()],
        )


async def of_job(conn: Conn, job_id: str) -> list[FillRate]:
    """The job's rates. The caller has checked whose job it is."""
    return await fetch_all(
        conn,
        FillRate,
        """SELECT marketplace, parser_version, records, filled FROM fill_rates WHERE job_id = %s
           ORDER BY marketplace, parser_version""",
        [job_id],
    )
