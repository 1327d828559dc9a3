"""Text files as tables: the delimiter, the line ``sep=``, and notes, which are no table at all."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs.target_lists.encodings import decoded
from azscraper.jobs.target_lists.headers import Role, role_of

MOST_COLUMNS = 1024
MOST_ROWS = 200_000
_DELIMITERS = ",;\t|"
_NO_DELIMITER = "\x1f"
"""In no text: a file of one column has its quotes, but its commas are its own."""
_SAMPLE_LINES = 200
_USUAL = 0.6
"""Share of the lines that a delimiter must part into equally many cells."""

Row = tuple[int, list[str]]
"""1-based number, as a spreadsheet shows it, and cells."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or a text file."""

    name: str | None
    """None: a text file."""
    rows: list[Row]
    """Those with a filled cell."""
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    """Address behind a cell, by the row's number and the column's index."""
    hidden: bool = False
    is_text: bool = False
    """Whether each row is a line of free text."""


def unreadable(message: str, why: str | None = None) -> InvalidInputError:
    """The error of a file that is not taken. ``why`` says the same in words that hold nothing of the file."""
    return InvalidInputError(message, [Detail("file", why or message)])


def bounded(rows: Iterable[Sequence[str]]) -> list[Row]:
    """The filled rows with their numbers. Raises InvalidInputError for a table that is too long or too wide."""
    found = []
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise unreadable(f"The file has more than {MOST_ROWS:,} rows: split it")
        if len(row) > MOST_COLUMNS:
            raise unreadable(f"The file has more than {MOST_COLUMNS:,} columns: keep those that you need")
        cells = [cell.strip() for cell in row]
        if any(cells):
            found.append((number, cells))
    return found


def read_text(body: bytes, file_name: str) -> Sheet:
    """The table in a text file: CSV of any usual delimiter and encoding, else its lines.

    Raises InvalidInputError for what is no text, is in no encoding that can be told, or is too long or too wide.
    """
    text = decoded(body)
    if "\x00" in text:
        raise unreadable("The file is neither text nor a workbook: save it as CSV or XLSX")
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip(" \r")) == len("sep=;"):
        return Sheet(None, bounded(_records(rest, first.strip(" \r")[-1])))
    is_plain = not file_name.lower().endswith((".csv", ".tsv"))
    delimiter = _delimiter(text, is_plain=is_plain)
    if delimiter is None and is_plain:
        return Sheet(None, bounded([line] for line in text.splitlines()), is_text=True)
    return Sheet(None, bounded(_records(text, delimiter or _NO_DELIMITER)))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as exc:
        message = f"The file can't be read as CSV: {exc}"
        if "field limit" in str(exc):
            message = f"A cell of the file has more than {csv.field_size_limit():,} characters: shorten it"
        raise unreadable(message, message if "field limit" in str(exc) else "The file can't be read as CSV") from exc


def _delimiter(text: str, *, is_plain: bool) -> str | None:
    """The one that parts a row of column names, else the one that parts most lines alike; None where no line has any."""
    lines = text.splitlines()[:_SAMPLE_LINES]
    parted = {one: [row for row in _sample(lines, one) if any(row)] for one in _DELIMITERS}
    named = {one: max((_names(row) for row in rows), default=0) for one, rows in parted.items()}
    best = max(_DELIMITERS, key=named.__getitem__)
    if named[best]:
        return best
    if is_plain:
        parted = {"\t": parted["\t"]}
    alike = {one: _alike(rows) for one, rows in parted.items()}
    best = max(alike, key=alike.__getitem__)
    return best if alike[best] >= _USUAL else None


def _sample(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def _names(row: Sequence[str]) -> int:
    """How many cells of the row are names of columns, 0 in a row of one cell."""
    filled = [cell for cell in row if cell.strip()]
    if len(filled) <= 1 and len(row) <= 1:
        return 0
    roles = [role_of(cell) for cell in filled]
    wanted = any(role is not None and role[0] not in {Role.OTHER, Role.TEXT} for role in roles)
    return sum(role is not None for role in roles) if wanted else 0


def _alike(rows: Sequence[Sequence[str]]) -> float:
    """The share of the rows that have as many cells as most rows have, 0 where that is one."""
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0.0
    width, count = widths.most_common(1)[0]
    return count / len(rows) if width > 1 else 0.0
