"""Targets as people have them: on the command line, one a line in a file or on standard input, in a spreadsheet."""

import sys
from collections.abc import Sequence
from pathlib import Path

from azscraper.errors import InvalidInputError

_TABLES = {".csv", ".tsv", ".xlsx", ".xls", ".ods"}


def targets_from(arguments: Sequence[str], file: Path | None) -> list[str]:
    """All of them, in order. ``-`` is standard input, which is read as well where nothing is named and it is no terminal.

    Of a spreadsheet the column that holds products is taken, or the one named keyword, else the first.
    Raises InvalidInputError where there are none.
    """
    read_standard_input = not arguments and file is None and not sys.stdin.isatty()
    named = ["-"] if read_standard_input else arguments
    found = [target for one in named for target in (_lines(sys.stdin.read()) if one == "-" else [one])]
    if file is not None:
        found += _of_file(file)
    if not found:
        raise InvalidInputError("There are no targets: name them, or give --file, or - for standard input")
    return found


def _of_file(path: Path) -> list[str]:
    try:
        body = path.read_bytes()
        if path.suffix.lower() in _TABLES:
            from azscraper.target_lists import read_table  # noqa: PLC0415 - a library that few commands need

            return list(read_table(body).chosen.values)
        return _lines(body.decode("utf-8-sig"))
    except OSError as exc:
        raise InvalidInputError(f"{path} can't be read: {exc.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInputError(f"{path} can't be read: it is no text in UTF-8") from None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
