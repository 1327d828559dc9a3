"""How often each field of a job's records has a value: what makes a layout change visible that fails no page.

A module of its own because it is written with the rows by ``running.save`` and read by nobody else there.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import LiteralString

import orjson

from azscraper.records import PARSER_VERSION, PageRecord
from azscraper.store.db import Conn, fetch_all


@dataclass(frozen=True, slots=True)
class Filled:
    """Which fields of one record have a value."""

    marketplace: str
    fields: tuple[str, ...]
    """JSON names."""
    record: str
    """What it is."""


@dataclass(frozen=True, slots=True)
class FillRate:
    """Of a marketplace's records of one type that one parser version read for a job."""

    record: str | None
    """Their type; None where an older release has counted the records of all types together."""
    marketplace: str
    parser_version: str
    records: int
    filled: dict[str, int]
    """JSON name of a field: in how many of the records it has a value."""

    @property
    def shares(self) -> dict[str, float]:
        """The same as shares, 0 to 1, by name."""
        return {name: round(count / self.records, 4) for name, count in sorted(self.filled.items())}


EVERY: LiteralString = """SELECT job_id, record, marketplace, parser_version, records, filled FROM record_fill_rates
    UNION ALL SELECT job_id, NULL, marketplace, parser_version, records, filled FROM fill_rates"""
"""The counts of all jobs; ``record`` is null in those of an older release."""


def filled(record: PageRecord) -> Filled:
    """Which fields of the record have a value; False and 0 are values."""
    values = vars(record)
    names = [shown for name, shown in _names(type(record)) if _is_value(values[name])]
    return Filled(record.marketplace or "", tuple(names), type(record).__name__)


def _is_value(value: object) -> bool:
    return bool(value) or not (value is None or isinstance(value, tuple | dict))


@cache
def _names(record: type[PageRecord]) -> list[tuple[str, str]]:
    """Each field's name, and its JSON name."""
    return [(name, field.alias or name) for name, field in record.model_fields.items() if name != "record"]


async def add(conn: Conn, job_id: str, records: Iterable[Filled]) -> None:
    """Count the records in. The caller holds the job's row, so nobody else adds to the same counts."""
    totals: Counter[tuple[str, str]] = Counter()
    counts: dict[tuple[str, str], Counter[str]] = {}
    for record in records:
        key = (record.record, record.marketplace)
        totals[key] += 1
        counts.setdefault(key, Counter()).update(record.fields)
    for key, count in counts.items():
        await conn.execute(
            """INSERT INTO record_fill_rates AS f (job_id, record, marketplace, parser_version, records, filled)
               VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (job_id, record, marketplace, parser_version)
               DO UPDATE SET records = f.records + excluded.records, filled = (
                   SELECT coalesce(jsonb_object_agg(name, count), '{}') FROM (
                       SELECT name, sum(count::int) AS count
                       FROM (SELECT * FROM jsonb_each_text(f.filled) UNION ALL SELECT * FROM jsonb_each_text(excluded.filled))
                           AS each (name, count) GROUP BY name) summed)""",
            [job_id, *key, PARSER_VERSION, totals[key], orjson.dumps(count).decode()],
        )


async def of_job(conn: Conn, job_id: str) -> list[FillRate]:
    """The job's rates. The caller has checked whose job it is."""
    return await fetch_all(
        conn,
        FillRate,
        f"""SELECT record, marketplace, parser_version, records, filled FROM ({EVERY}) f WHERE job_id = %s
            ORDER BY marketplace, parser_version, record""",
        [job_id],
    )
