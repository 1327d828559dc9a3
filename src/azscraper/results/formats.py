"""How rows leave: a JSON array, JSON lines, CSV. Pure and streaming: blocks of JSON lines in, blocks of bytes out.

A JSON line is one record as it stands in the store, without line breaks inside (JSON escapes them). The formats that
need a library of their own stand in ``formats_parquet`` and ``formats_xlsx``.
"""

import csv
import io
import types
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin

import orjson
from pydantic import BaseModel, create_model


class Format(StrEnum):
    """Export formats; the value is the file's extension, too."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    XLSX = "xlsx"


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


async def csv_file(lines: AsyncIterable[bytes], columns: list[str], *, guard: bool = True) -> AsyncIterator[bytes]:
    """The records as CSV (RFC 4180, UTF-8, CRLF): a header line, then a line each; nested fields by dotted names.

    Lists and mappings stand in their cell as JSON; what a record does not have is an empty cell. With ``guard`` a
    text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers.
    """
    yield _csv_block([columns])
    paths = [column.split(".") for column in columns]
    async for block in lines:
        records = [orjson.loads(line) for line in block.splitlines()]
        yield _csv_block([[_csv_cell(cell(record, path), guard=guard) for path in paths] for record in records])


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
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode() if value else None
    return value  # type: ignore[no-any-return] # JSON has no other scalars than a cell


def columns(record: type[BaseModel]) -> list[str]:
    """The table columns of a record in the order of its fields; a nested model gives a column for each of its fields."""
    names = []
    for name, field in record.model_fields.items():
        alias = field.serialization_alias or field.alias or name
        nested = model_in(field.annotation)
        names += [f"{alias}.{column}" for column in columns(nested)] if nested else [alias]
    return names


@lru_cache(maxsize=64)  # readers choose the keys: their tables must not fill the memory
def narrowed(record: type[BaseModel], keys: tuple[str, ...]) -> type[BaseModel]:
    """A record with these JSON keys alone, in this order; keys that it does not have are left out."""
    by_key = {field.serialization_alias or field.alias or name: name for name, field in record.model_fields.items()}
    names = [by_key[key] for key in keys if key in by_key]
    fields: dict[str, Any] = {name: (record.model_fields[name].annotation, record.model_fields[name]) for name in names}
    return create_model(record.__name__, **fields)


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model of a field that holds one model or None; None for every other field."""
    options = get_args(annotation) if get_origin(annotation) in {Union, types.UnionType} else (annotation,)
    models = [option for option in options if isinstance(option, type) and issubclass(option, BaseModel)]
    return models[0] if models else None
