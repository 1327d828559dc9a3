"""How rows leave: a JSON array, JSON lines, CSV. Pure and streaming: blocks of JSON lines in, blocks of bytes out.

A JSON line is one record as it stands in the store, without line breaks inside (JSON escapes them). The formats that
need a library of their own stand in ``formats_parquet`` and ``formats_xlsx``.
"""

import codecs
import csv
import io
import re
import types
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin

import orjson
from pydantic import BaseModel, GetJsonSchemaHandler, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from azscraper.records.parts import InTables
from azscraper.results.selection import Fields, Tree


class Format(StrEnum):
    """Export formats; the value is the file's extension, too."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    XLSX = "xlsx"

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Under another name than the format of a book, which is a part of records: generators make a class of each."""
        published = handler(schema)
        handler.resolve_ref_schema(published)["title"] = "ExportFormat"
        return published


class Names(StrEnum):
    """What the columns of a CSV or a workbook are called."""

    DOTTED = "dotted"
    """As in JSON: ``price.amount``, ``fetchedAt``."""
    SNAKE = "snake"
    """``price_amount``, ``fetched_at``; of a CSV alone."""
    LABELS = "labels"
    """In words, for people: ``Price``, ``Price, currency``, ``Fetched at``."""

    def header(self, column: str, say: "Say" = str) -> str:
        """What a column is called; in words in the language of ``say``."""
        if self is Names.DOTTED:
            return column
        return snake(column) if self is Names.SNAKE else ", ".join(map(say, label(column).split(", ")))


Say = Callable[[str], str]
"""A text in another language; English, where it knows none."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A person whom a file is for."""

    language: str = "en"
    say: Say = str
    """A header, or a state, in it."""
    zone: tzinfo = UTC
    """Of the times of the file."""


ANYBODY = Reader()
Columns = Mapping[str, Sequence[str]]
"""Columns of a table by name, each with where its value is in a record: keys, and places in lists."""
MEDIA_TYPES = {  # as registered with IANA; NDJSON has no registration and goes by its usual name
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.NDJSON: "application/x-ndjson",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Cell = str | int | float | bool | None
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With the full-width signs, which spreadsheets of East Asian locales take for the narrow ones."""
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV Injection)."""


async def json_array(lines: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The records as one JSON array; ``lines`` are blocks of whole lines."""
    separator = b"["
    async for block in lines:
        yield separator + block.rstrip(b"\n").replace(b"\n", b",")
        separator = b","
    yield b"[]" if separator == b"[" else b"]"


FOR_SPREADSHEETS = codecs.BOM_UTF8
"""In front of a CSV file: without it Excel on Windows takes its text for that of the machine's old encoding."""


async def csv_file(
    lines: AsyncIterable[bytes],
    columns: Columns | Sequence[str],
    *,
    guard: bool = True,
    names: Names = Names.DOTTED,
    reader: Reader = ANYBODY,
) -> AsyncIterator[bytes]:
    """The records as CSV (RFC 4180, UTF-8, CRLF): a header line, then a line each; nested fields by dotted names.

    Lists and mappings stand in their cell as JSON; what a record does not have is an empty cell. With ``guard`` a
    text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers. A file for people begins
    with ``FOR_SPREADSHEETS``, and has its times in the reader's zone.
    """
    for_people = names is Names.LABELS
    mark = FOR_SPREADSHEETS if for_people else b""
    yield mark + _csv_block([[names.header(column, reader.say) for column in columns]])
    paths = paths_of(columns)
    is_elsewhere = for_people and reader.zone is not UTC
    times = [at for at, path in enumerate(paths) if is_elsewhere and OF_TIME.search(path[-1])]
    async for block in lines:
        records = [orjson.loads(line) for line in block.splitlines()]
        rows = [[_csv_cell(cell(record, path), guard=guard) for path in paths] for record in records]
        for row in rows:
            for at in times:
                row[at] = _there(row[at], reader.zone)
        yield _csv_block(rows)


OF_TIME = re.compile(r"(date|at|since|until|time|start|end)$", re.IGNORECASE)
"""Columns of days and times."""
TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")
"""A day or a time in ISO 8601."""


def _there(value: Cell, zone: tzinfo) -> Cell:
    """A time as the clocks of the zone show it, to the second and with its offset; everything else as it is."""
    if not isinstance(value, str) or "T" not in value or not TIME.fullmatch(value):
        return value
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(value)
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment.tzinfo else value
    return value


def csv_rows(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as CSV, texts that a spreadsheet would run as formulas disarmed."""
    return _csv_block([[_csv_cell(value, guard=True) for value in row] for row in rows])


def _csv_block(rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _csv_cell(value: Cell, *, guard: bool) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if guard and isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def cell(record: dict[str, Any], path: Sequence[str]) -> Cell:
    """The value at the path, None when the record has none there; a list or mapping as JSON, None when empty."""
    value: Any = record
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode() if value else None
    return value  # type: ignore[no-any-return] # JSON has no other scalars than a cell


def paths_of(columns: Columns | Sequence[str]) -> list[Sequence[str]]:
    """Where the values of the columns are in a record; those that are names alone say it with dots."""
    return list(columns.values()) if isinstance(columns, Mapping) else [column.split(".") for column in columns]


def columns(record: type[BaseModel]) -> list[str]:
    """The table columns of a record in the order of its fields; a nested model gives a column for each of its fields.

    Those marked as ``InTables.LAST`` are behind all others, so that files keep their columns.
    """
    listed = list(_columns(record))
    return [column for column, is_last in listed if not is_last] + [column for column, is_last in listed if is_last]


def _columns(record: type[BaseModel]) -> Iterator[tuple[str, bool]]:
    for name, field in record.model_fields.items():
        alias = field.serialization_alias or field.alias or name
        nested = model_in(field.annotation)
        is_last = InTables.LAST in field.metadata
        if nested is None:
            yield alias, is_last
        else:
            yield from ((f"{alias}.{column}", is_last or within) for column, within in _columns(nested))


@lru_cache(maxsize=64)
def in_tables(record: type[BaseModel]) -> type[BaseModel]:
    """A record without the fields that tables have on request alone."""
    hidden = (
        field.serialization_alias or field.alias or name
        for name, field in record.model_fields.items()
        if InTables.ON_REQUEST in field.metadata
    )
    return _narrowed(record, {}, dict.fromkeys(hidden))


_INITIALS = {
    "asin": "ASIN",
    "url": "URL",
    "id": "ID",
    "gtin": "GTIN",
    "isbn": "ISBN",
    "upc": "UPC",
    "ean": "EAN",
    "vat": "VAT",
}


def label(column: str) -> str:
    """A column's name in words: ``Price, currency`` of ``price.currency``; the amount of a price is the price."""
    parts = [part for part in column.split(".") if not part.isdecimal()]
    kept = parts[:-1] if len(parts) > 1 and parts[-1] == "amount" else parts
    return ", ".join(_words(part, first=place == 0) for place, part in enumerate(kept))


def _words(part: str, *, first: bool) -> str:
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", part) or [part]
    text = " ".join(_INITIALS.get(word.lower(), word.lower()) for word in words)
    return text[0].upper() + text[1:] if first else text


def snake(column: str) -> str:
    """``price_amount`` of ``price.amount``: a name that every warehouse takes."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", column).lower().replace(".", "_")


@lru_cache(maxsize=64)  # readers choose the fields: their tables must not fill the memory
def narrowed(record: type[BaseModel], fields: Fields) -> type[BaseModel]:
    """A record with these fields alone, in this order; what it does not have is left out."""
    only, without = fields.trees
    return _narrowed(record, only, without)


def _narrowed(record: type[BaseModel], only: Tree, without: Tree) -> type[BaseModel]:
    by_key = {field.serialization_alias or field.alias or name: name for name, field in record.model_fields.items()}
    keys = [key for key in only or by_key if key in by_key and without.get(key, ...) is not None]
    fields: dict[str, Any] = {}
    for key in keys:
        field = record.model_fields[by_key[key]]
        below = (only.get(key) or {}, without.get(key) or {})
        annotation = _within(field.annotation, *below) if any(below) else field.annotation
        model = model_in(annotation)
        if model is None or model.model_fields:  # a table has no column of nothing
            fields[by_key[key]] = (annotation, _in_its_place(field) if key in only else field)
    return create_model(record.__name__, **fields)


def _in_its_place(field: FieldInfo) -> FieldInfo:
    """Of a field that a reader named: where it was named, not behind all others."""
    named = copy(field)
    named.metadata = [mark for mark in field.metadata if mark is not InTables.LAST]
    return named


def _within(annotation: Any, only: Tree, without: Tree) -> Any:
    """The annotation with each model in it narrowed."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _narrowed(annotation, only, without)
    parts = tuple(_within(part, only, without) for part in get_args(annotation))
    if get_origin(annotation) in {Union, types.UnionType}:
        return Union[parts]  # noqa: UP007 - of parts that are known when it runs
    return tuple[parts] if get_origin(annotation) is tuple else annotation  # type: ignore[valid-type]


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model of a field that holds one model or None; None for every other field."""
    options = get_args(annotation) if get_origin(annotation) in {Union, types.UnionType} else (annotation,)
    models = [option for option in options if isinstance(option, type) and issubclass(option, BaseModel)]
    return models[0] if models else None
