"""Targets as people have them: on the command line, one a line on standard input, in a file of any usual kind."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from azscraper.cli import show
from azscraper.errors import InvalidInputError

if TYPE_CHECKING:
    from azscraper.client.models import OnInvalid
    from azscraper.jobs.target_lists import Reading, Recognised

File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        "-f",
        help="File of targets: one per line, or CSV, TSV, XLSX, XLS, ODS with a column of them; - is standard input.",
    ),
]
Column = Annotated[
    str | None, typer.Option(help="Column of the file to take, by its header or letter. Default: found automatically.")
]
Sheet = Annotated[str | None, typer.Option(help="Sheet of the workbook to take. Default: found automatically.")]
SkipInvalid = Annotated[
    bool,
    typer.Option("--skip-invalid", help="Continue without entries that are not targets; they become failed targets."),
]
_MOST_NAMED = 100
_MOST_ROWS = 20
_WORDS = {"details": ("product", "products"), "search": ("keyword", "keywords")}
_WORDS_OF_OTHERS = ("target", "targets")
_LARGEST_FILE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """Where targets come from."""

    arguments: Sequence[str]
    file: Path | None = None
    column: str | None = None
    sheet: str | None = None
    marketplace: str | None = None
    skip_invalid: bool = False

    @property
    def on_invalid(self) -> "OnInvalid | None":
        """What the service is to do with targets that are none."""
        return "skip" if self.skip_invalid else None


def targets_from(kind: str, source: Source) -> list[str]:
    """All of them, in order. ``-`` is standard input, which is read as well where nothing is named and it is no terminal.

    Says on standard error which column of the file was taken, how many targets it has, and what was passed over.
    Raises InvalidInputError where there are none, and for entries that are none, naming each with its row; with
    ``skip_invalid`` these are targets as well.
    """
    read_standard_input = not source.arguments and source.file is None and not sys.stdin.isatty()
    named = ["-"] if read_standard_input else source.arguments
    found = [target for one in named for target in (_lines(sys.stdin.read()) if one == "-" else [one])]
    if source.file is not None:
        found += _of_file(kind, source.file, source)
    elif source.column or source.sheet:
        raise InvalidInputError("--column and --sheet choose within a file: name it with --file")
    if not found:
        raise InvalidInputError("There are no targets: name them, or give --file, or - for standard input")
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _of_file(kind: str, path: Path, source: Source) -> list[str]:
    from azscraper.jobs import list_files  # noqa: PLC0415 - what few commands need

    reading = list_files.read(
        _body(path),
        path.name,
        kind=kind,
        sheet=source.sheet,
        column=source.column,
        **({} if source.marketplace is None else {"marketplace": source.marketplace}),
    )
    found = reading.found
    where = "" if reading.is_text else f" in the column {reading.column!r}{_of_sheets(reading.sheets)}"
    show.note(
        f"{path.name}: {_count(len(found.targets), *_WORDS.get(reading.kind, ('target', 'targets')))}{where}{_besides(found)}"
    )
    if found.rejected and not source.skip_invalid:
        hint = "Correct them, or go on without them: --skip-invalid"
        raise InvalidInputError("\n".join([*_named(path, reading), hint]))
    for line in _named(path, reading) if found.rejected else ():
        show.note(line)
    return [*found.targets, *(each.value for each in found.rejected if each.reason != "too_many")]


def _body(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(_LARGEST_FILE_BYTES)
    try:
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            raise InvalidInputError(f"{path} is over {_LARGEST_FILE_BYTES >> 20} MiB: keep the column that you need")
        return path.read_bytes()
    except OSError as exc:
        raise InvalidInputError(f"{path} can't be read: {exc.strerror}") from None


def _of_sheets(sheets: Sequence[str]) -> str:
    if not sheets:
        return ""
    return f" of the sheet{'s' if len(sheets) > 1 else ''} {', '.join(map(repr, sheets))}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _besides(found: "Recognised") -> str:
    """What else the file holds, in the same sentence."""
    parts = []
    if found.duplicates:
        parts.append(f"{_count(found.duplicates, 'duplicate is', 'duplicates are')} left out")
    if found.padded:
        parts.append(f"{_count(found.padded, 'ISBN', 'ISBNs')} got the leading zeros back")
    if found.passed_over:
        rows = ", ".join(str(each.row) for each in found.passed_over[:_MOST_ROWS])
        more = " …" if len(found.passed_over) > _MOST_ROWS else ""
        parts.append(f"{_count(len(found.passed_over), 'row is', 'rows are')} passed over as no targets: {rows}{more}")
    return "".join(f"; {part}" for part in parts)


def _named(path: Path, reading: "Reading") -> Iterable[str]:
    """A line for each entry that is none, at most a hundred, then how many more there are."""
    rejected = reading.found.rejected
    yield f"{path.name}: {_count(len(rejected), 'entry is', 'entries are')} not {_WORDS[reading.kind][1]}"
    for each in rejected[:_MOST_NAMED]:
        place = f" of {each.sheet!r}" if len(reading.sheets) > 1 else ""
        yield f"  row {each.row}{place}: {each.message}"
    if len(rejected) > _MOST_NAMED:
        yield f"  and {len(rejected) - _MOST_NAMED:,} more"
