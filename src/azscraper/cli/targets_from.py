"""Targets as people have them: on the command line, one a line in a file or on standard input, in a column of a CSV."""

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from azscraper.errors import InvalidInputError

_HEADERS = ("asin", "url", "link", "keyword", "target", "query")
"""Names of the column that is read, in this order; without one of them the first column is."""


def targets_from(arguments: Sequence[str], file: Path | None) -> list[str]:
    """All of them, in order. ``-`` is standard input, which is read as well where nothing else is given and it is no terminal.

    Raises InvalidInputError where there are none.
    """
    found = [
        target for argument in arguments for target in (_lines(sys.stdin.read()) if argument == "-" else [argument])
    ]
    if file is not None:
        found += _of_file(file)
    if not arguments and file is None and not sys.stdin.isatty():
        found = _lines(sys.stdin.read())
    if not found:
        raise InvalidInputError("There are no targets: name them, or give --file, or - for standard input")
    return found


def _of_file(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidInputError(f"{path} can't be read as text: {exc}") from None
    return _column(text) if path.suffix.lower() == ".csv" else _lines(text)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _column(text: str) -> list[str]:
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    names = [name.strip().lower() for name in rows[0]] if rows else []
    index = next((names.index(name) for name in _HEADERS if name in names), None)
    body = rows if index is None else rows[1:]
    cells = [row[index or 0].strip() for row in body if len(row) > (index or 0)]
    return [cell for cell in cells if cell]
