"""History from elsewhere: a CSV of single values, and the file that Keepa's product viewer exports. It is marked ``imported``."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.observations import ABSENT, Sighting, Value, number, text
from azscraper.marketplaces import Marketplace
from azscraper.store.db import Conn
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import series
from azscraper.tracking.importing import keepa
from azscraper.tracking.observed import Source
from azscraper.words import MONEY_FIELDS, TEXT_FIELDS, SeriesField

IMPORTED = "imported"
"""``source`` of the points."""
MOST_LINES = 250_000
EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""Older times are taken for mistakes: each month has a partition."""
COLUMNS = ("asin", "marketplace", "time", "field", "value", "unit")
_NAMED = 100
_ZIP = b"PK\x03\x04"
_ASIN = re.compile(r"[A-Z0-9]{10}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    products: int
    points: int
    """Values that were in the file."""


def read(body: bytes, *, now: datetime, at: datetime | None = None, marketplace: str | None = None) -> list[Sighting]:
    """What the file tells, by product in time's order. ``at`` is the time of a Keepa file, which names none; now where it is left out.

    ``marketplace`` is that of rows that name none, else the US one; of a Keepa file it has to be said by one or the other.
    Raises InvalidInputError naming the rows that can't be read.
    """
    usual = marketplaces.find(marketplace) if marketplace else None
    head, lines = _opened(body)
    delimiter = max(",;\t", key=head.count)
    names = [name.strip() for name in next(csv.reader([head], delimiter=delimiter), [])]
    rows = csv.DictReader(lines, names, delimiter=delimiter)
    if {"asin", "field", "value", "time"} <= {name.lower() for name in names}:
        rows.fieldnames = [name.lower() for name in names]
        return _merged(_read(rows, lambda row: _plain(row, now, usual)))
    if fields := keepa.fields_of(names):
        return _merged(_read(rows, lambda row: keepa.sighting(row, fields, at=at or now, usual=usual)))
    raise InvalidInputError.of(
        "file",
        f"has none of the known headers: write {', '.join(COLUMNS)}, or give the export of Keepa's product viewer in English, "
        "Spanish, French or Japanese",
    )


def _opened(body: bytes) -> tuple[str, io.StringIO]:
    """The header, and the rest."""
    if body.startswith(_ZIP):
        raise InvalidInputError.of("file", "is a workbook; save it as CSV in UTF-8")
    try:
        lines = io.StringIO(body.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise InvalidInputError.of("file", "is not UTF-8; save it as CSV in UTF-8") from exc
    return lines.readline(), lines


def _read(rows: "csv.DictReader[str]", of_row: Callable[[dict[str, str]], Sighting]) -> Iterator[Sighting]:
    wrong: list[Detail] = []
    line = 1
    try:
        for line, row in enumerate(rows, 2):
            if line > MOST_LINES:
                raise InvalidInputError.of("file", f"has more than {MOST_LINES:,} lines; split it")
            try:
                yield of_row({name: cell.strip() for name, cell in row.items() if name and isinstance(cell, str)})
            except (ValueError, InvalidInputError) as exc:
                wrong.append(Detail("file", f"line {line}: {exc}"))
                if len(wrong) == _NAMED:
                    break
    except csv.Error as exc:
        wrong.append(Detail("file", f"line {line + 1}: can't be read as CSV ({exc})"))
    if wrong:
        raise InvalidInputError(f"{wrong[0].field}: {wrong[0].message}", wrong)


def _plain(row: dict[str, str], now: datetime, usual: Marketplace | None) -> Sighting:
    field = row["field"]
    if field not in list(SeriesField) and not field.startswith(("rank:", "chart:")):
        raise ValueError(f"{field[:40]!r} is not a field; there are {', '.join(SeriesField)}")
    host = marketplaces.find(name) if (name := row.get("marketplace")) else usual or marketplaces.find("us")
    value = _value(field, row["value"], row.get("unit") or (host.currency if field in MONEY_FIELDS else None))
    return Sighting(host.host, _asin(row["asin"]), _time(row["time"], now), {field[:100]: value})


def _value(field: str, written: str, unit: str | None) -> Value:
    if "\0" in written:
        raise ValueError("value can't be read")
    if not written:
        return ABSENT
    if field in TEXT_FIELDS:
        return text(written)
    if not _NUMBER.fullmatch(written):
        raise ValueError(f"value {written[:20]!r} is not a number such as 19.90")
    return number(float(written), unit[:80] if unit else None)


def _asin(written: str) -> str:
    if not _ASIN.fullmatch(written.upper()):
        raise ValueError(f"asin {written[:20]!r} is not ten letters and digits")
    return written.upper()


def _time(written: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as exc:
        raise ValueError(f"time {written[:40]!r} is not a time or a day in ISO 8601") from exc
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not EARLIEST <= moment <= now + timedelta(days=1):
        raise ValueError(f"time {written[:40]!r} is before 2010 or in the future")
    return moment


def _merged(seen: Iterable[Sighting]) -> list[Sighting]:
    """One for each product and time."""
    values: dict[tuple[str, str, datetime], dict[str, Value]] = defaultdict(dict)
    for one in seen:
        values[one.marketplace, one.asin, one.observed_at].update(one.values)
    return [
        Sighting(host, asin, at, told) for (host, asin, at), told in sorted(values.items(), key=lambda each: each[0])
    ]


async def store(conn: Conn, principal: Principal, project_id: str, seen: Sequence[Sighting]) -> Imported:
    """Put into the project's history. Points that are there already stay; the values now change only where the file knows later ones.

    Raises NotFoundError, ConflictError for an archived project. Nothing is told to webhooks or rules.
    """
    await projects.require_open(conn, principal, project_id)
    await conn.execute("SET LOCAL statement_timeout = 0")
    source = Source(principal.organization_id, project_id, None, IMPORTED)
    await series.add_past(conn, source, seen)
    return Imported(len({(one.marketplace, one.asin) for one in seen}), sum(len(one.values) for one in seen))
