"""How rows leave: a JSON array, CSV. Pure and streaming: blocks of JSON lines in, blocks of bytes out.

A JSON line is one record as it stands in the store, without line breaks inside (JSON escapes them).
"""

import csv
import io
import types
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any, Union, get_args, get_origin

import orjson
from pydantic import BaseModel


class Format(StrEnum):
    """Export formats."""

    JSON = "json"
    CSV = "csv"


MEDIA_TYPES = {Format.JSON: "application/json", Format.CSV: "text/csv; charset=utf-8"}


async def json_array(lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The records as one JSON array; ``lines`` are blocks of whole lines."""
    separator = b"["
    async for block in lines:
        yield separator + block.rstrip(b"\n").replace(b"\n", b",")
        separator = b","
    yield b"[]" if separator == b"[" else b"]"


async def csv_file(lines: AsyncIterator[bytes], columns: list[str]) -> AsyncIterator[bytes]:
    """The records as CSV (RFC 4180, UTF-8, CRLF): a header line, then a line each; nested fields by dotted names.

    Lists and mappings stand in their cell as JSON; what a record does not have is an empty cell.
    """
    yield _csv_block([columns])
    async for block in lines:
        yield _csv_block([[_cell(orjson.loads(line), column) for column in columns] for line in block.splitlines()])


def _csv_block(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(record: dict[str, Any], column: str) -> object:
    value: Any = record
    for key in column.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode() if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def columns(record: type[BaseModel]) -> list[str]:
    """The CSV columns of a record in the order of its fields; a nested model gives a column for each of its fields."""
    names = []
    for name, field in record.model_fields.items():
        alias = field.serialization_alias or field.alias or name
        nested = _model_in(field.annotation)
        names += [f"{alias}.{column}" for column in columns(nested)] if nested else [alias]
    return names


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model of a field that holds one model or None."""
    options = get_args(annotation) if get_origin(annotation) in {Union, types.UnionType} else (annotation,)
    models = [option for option in options if isinstance(option, type) and issubclass(option, BaseModel)]
    return models[0] if models else None
