"""What commands print: JSON for programs, tables for people. Notes go to standard error."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_ID_LENGTH = 24
"""Ids stand in the first column, whole, to be copied from there; other columns give way."""
_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


class Out(Console):
    """Standard output for people. A reader that is gone is the caller's to judge: rich would exit with 1, a failed job's code."""

    def on_broken_pipe(self) -> None:
        """Raise BrokenPipeError."""
        raise BrokenPipeError


def counted(count: int, noun: str) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def json(value: BaseModel | Mapping[str, Any] | Iterable[BaseModel | Mapping[str, Any]]) -> None:
    """One object, or a list of them, in the names of the wire."""
    plain = _plain(value) if isinstance(value, BaseModel | Mapping) else [_plain(item) for item in value]
    sys.stdout.buffer.write(orjson.dumps(plain, option=_OPTIONS))


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json", by_alias=True) if isinstance(value, BaseModel) else value


def listed(rows: Sequence[M], columns: Mapping[str, Callable[[M], object]], *, empty: str, as_json: bool) -> None:
    """A list as JSON, or as a table."""
    if as_json:
        json(rows)
    else:
        table(columns, rows, empty=empty)


def table(columns: Mapping[str, Callable[[T], object]], rows: Sequence[T], *, empty: str) -> None:
    """A table of texts that nothing in them can style; a sentence where there are no rows."""
    if not rows:
        note(empty)
        return
    made = Table(box=None, pad_edge=False, header_style="bold")
    cells = [[_cell(read(row)) for read in columns.values()] for row in rows]
    whole = min(_ID_LENGTH, max(len(line[0]) for line in cells))
    for number, name in enumerate(columns):
        made.add_column(name, overflow="fold", min_width=None if number else whole)
    for line in cells:
        made.add_row(*map(Text, line))
    Out().print(made)


def facts(pairs: dict[str, object]) -> None:
    """Names and values, one a line."""
    made = Table.grid(padding=(0, 2))
    for name, value in pairs.items():
        if value is not None:
            made.add_row(Text(name, style="bold"), Text(_cell(value)))
    Out().print(made)


def named(id_: str, name: str | None, tags: Sequence[str] | None) -> str:
    """An id with what people call the thing below it: there is no room beside it."""
    label = " ".join([name or "", *(f"#{tag}" for tag in tags or [])]).strip()
    return f"{id_}\n{label}" if label else id_


def note(text: str) -> None:
    """A line for the person at the terminal, out of the way of what is piped on."""
    Console(stderr=True, highlight=False).print(Text(text), soft_wrap=True)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
