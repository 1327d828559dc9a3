"""Targets out of what people have: a pasted text, a CSV file, a workbook. Pure: bytes and text in, values out.

Nothing is dropped silently: what is not recognised is named with its line and the reason.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.marketplaces import Marketplace

MOST_TARGETS = 100_000
"""Of one job (api.md: Jobs)."""
LONGEST_TARGET = 500
_SAMPLE_ROWS = 200
"""Rows that a column is judged by."""
_ENOUGH = 0.5
"""Share of a column's filled cells that must name products for it to be one of products."""
_PRODUCT_WORDS = ("asin", "url", "link", "product", "produkt", "isbn")
_KEYWORD_WORDS = ("keyword", "search", "query", "term", "suchbegriff", "suchwort", "begriff", "schlüsselwort")
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A value that names no target."""

    line: int
    """1-based, of the text."""
    value: str
    reason: str
    """``not_a_product``, ``too_long`` or ``too_many``."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a list of values comes to."""

    targets: tuple[str, ...]
    """Each once, in first order, as given."""
    rejected: tuple[Rejected, ...]
    duplicates: int
    marketplaces: dict[str, int]
    """Host: how many of the targets go there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    index: int
    name: str
    """Its header, or its letter."""
    kind: str | None
    """``details`` when it holds products, ``search`` when its name says keywords; None for others."""
    values: tuple[str, ...]
    """Filled cells, without the header."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns, and the one that most likely holds the targets."""

    columns: tuple[Column, ...]
    chosen: Column


def split(kind: str, text: str) -> list[str]:
    """The values of a pasted text: a keyword a line; products also apart by spaces, commas and semicolons."""
    return [value for _, value in _numbered(kind, text)]


def _numbered(kind: str, text: str) -> Iterator[tuple[int, str]]:
    """Each value with the line that it stands in."""
    for number, line in enumerate(text.splitlines(), 1):
        parts = [line.strip()] if kind == "search" else line.replace(",", " ").replace(";", " ").split()
        yield from ((number, part) for part in parts if part)


def guess_kind(text: str) -> str:
    """``details`` when most lines name products, else ``search``."""
    lines = split("search", text)[:_SAMPLE_ROWS]
    return "details" if lines and _share(lines) > _ENOUGH else "search"


def _share(values: Sequence[str]) -> float:
    return sum(_is_product(value) for value in values) / len(values)


def _is_product(value: str) -> bool:
    """Ten letters alone are rather a word than an ASIN: those in use have a digit."""
    try:
        target = marketplaces.resolve_target(value, marketplaces.find("www.amazon.com"))
    except InvalidInputError:
        return False
    return any(character.isdigit() for character in target.asin)


def recognise(kind: str, text: str, default: Marketplace) -> Recognised:
    """Tell a pasted text's targets from the rest, as posting the job would; ``default`` is where targets without a host go."""
    found: dict[tuple[str, str], str] = {}
    hosts: Counter[str] = Counter()
    rejected: list[Rejected] = []
    duplicates = 0
    for line, value in _numbered(kind, text):
        key = _key(kind, value, default)
        if isinstance(key, str):
            rejected.append(Rejected(line, value[:LONGEST_TARGET], key))
        elif key in found:
            duplicates += 1
        elif len(found) == MOST_TARGETS:
            rejected.append(Rejected(line, value, "too_many"))
        else:
            found[key] = value
            hosts[key[0]] += 1
    return Recognised(tuple(found.values()), tuple(rejected), duplicates, dict(hosts))


def _key(kind: str, value: str, default: Marketplace) -> tuple[str, str] | str:
    if len(value) > LONGEST_TARGET:
        return "too_long"
    if kind == "search":
        return (default.host, value.strip())
    try:
        target = marketplaces.resolve_target(value, default)
    except InvalidInputError:
        return "not_a_product"
    return (target.marketplace.host, target.asin)


def read_table(body: bytes) -> Table:
    """The columns of a CSV file (any usual delimiter and encoding) or a workbook (xlsx, xls, ods).

    Raises InvalidInputError when it is neither, or empty.
    """
    rows = [row for row in (_workbook(body) if _is_workbook(body) else _csv(body)) if any(row)]
    if not rows:
        raise _unreadable("The file is empty")
    width = max(len(row) for row in rows)
    header = _has_header(rows[0])
    columns = tuple(_column(index, rows, header=header) for index in range(width))
    filled = [column for column in columns if column.values]
    if not filled:
        raise _unreadable("The file has a header and no rows")
    return Table(tuple(filled), max(filled, key=_rank))


def _unreadable(message: str) -> InvalidInputError:
    return InvalidInputError(message, [Detail("file", message)])


def _rank(column: Column) -> tuple[bool, bool, int]:
    """Products first, then what is named keywords, then the first column."""
    return (column.kind == "details", column.kind == "search", -column.index)


def _is_workbook(body: bytes) -> bool:
    return body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))  # a zip archive, or the compound file before it


def _workbook(body: bytes) -> list[list[str]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = (book.get_sheet_by_index(index).to_python() for index in range(len(book.sheet_names)))
        rows = next((sheet for sheet in sheets if sheet), [])
    except (CalamineError, OSError, ValueError) as exc:
        raise _unreadable("The file is no workbook that can be read; save it as XLSX or CSV") from exc
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    """A cell as text: spreadsheets keep whole numbers as fractions."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _csv(body: bytes) -> list[list[str]]:
    text = _decoded(body)
    if "\x00" in text:
        raise _unreadable("The file is neither CSV text nor a workbook")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as exc:
        raise _unreadable(f"The file can't be read as CSV: {exc}") from exc
    return [[cell.strip() for cell in row] for row in rows]


def _decoded(body: bytes) -> str:
    encodings = ["utf-16"] if body.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")


def _has_header(row: Sequence[str]) -> bool:
    """Whether the first row names columns: one of the words that we know, and no product."""
    names = [cell.lower() for cell in row]
    words = (*_PRODUCT_WORDS, *_KEYWORD_WORDS)
    return not any(map(_is_product, row)) and any(word in name for name in names for word in words)


def _column(index: int, rows: Sequence[Sequence[str]], *, header: bool) -> Column:
    cells = [row[index] if index < len(row) else "" for row in rows]
    name = cells[0] if header else ""
    values = tuple(cell for cell in cells[header:] if cell)
    kind = "details" if values and _share(values[:_SAMPLE_ROWS]) >= _ENOUGH else None
    if kind is None and any(word in name.lower() for word in _KEYWORD_WORDS):
        kind = "search"
    return Column(index, name or _letters(index), kind, values)


def _letters(index: int) -> str:
    """``A``, ``Z``, ``AA``: what spreadsheets call a column without a name."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
