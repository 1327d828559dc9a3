"""Parquet with the records' own types. Pure and streaming. The only module that knows pyarrow."""

import asyncio
import io
import types
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

import orjson
import pyarrow as pa
from pyarrow import parquet
from pydantic import BaseModel

import azscraper
from azscraper.records.parts import IsoDate

_GROUP_BYTES = 8 * 1024 * 1024
"""A row group is written whenever so much has come together: what a file needs of memory, whatever its length."""
_BATCH_BYTES = 512 * 1024
"""So much JSON is made into columns at once: small pieces cost more than their rows do."""
_AMOUNT = pa.decimal128(38, 9)
"""BigQuery's NUMERIC, which other warehouses can read as well; a page shows four decimals at most."""
_NINE_PLACES = Decimal("1e-9")
_AMOUNT_CONTEXT = Context(prec=38, rounding=ROUND_HALF_EVEN)
_PROMISE = {
    "azscraper.release": azscraper.__version__,
    "azscraper.compatibility": "Within a major version of the API, fields are only added. Where parserVersion differs, values may.",
}
"""For whoever reads a file years later; docs/compatibility.md says more."""

_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column's type, and what turns the JSON value into what it takes."""

    type: pa.DataType
    convert: _Convert


async def parquet_file(lines: AsyncIterable[bytes], record: type[BaseModel]) -> AsyncIterator[bytes]:
    """The records as one Parquet file (zstd), row group by row group; ``lines`` are blocks of whole JSON lines.

    Nested models are structs, lists are lists, mappings are maps, amounts decimals, times UTC microseconds. A key that
    the record's model does not know is left out, a value that does not fit its column's type is null.
    """
    schema = schema_of(record).with_metadata(_PROMISE)
    sink = _Sink()
    # No "with": a file that is given up may still be written to by a thread, and is closed with its last reference.
    # No statistics: they hold the least and greatest text of each row group in memory until the file's end.
    writer = parquet.ParquetWriter(pa.PythonFile(sink, "w"), schema, compression="zstd", write_statistics=False)
    batches: list[pa.RecordBatch] = []
    async for block in _gathered(lines):
        # in a thread: other requests must not wait for it
        batches.append(await asyncio.to_thread(_batch, block, record, schema))
        if sum(batch.nbytes for batch in batches) >= _GROUP_BYTES:
            await asyncio.to_thread(_write, writer, batches, schema)
            batches = []
            yield sink.drain()
    if batches:
        await asyncio.to_thread(_write, writer, batches, schema)
    writer.close()
    yield sink.drain()


async def _gathered(lines: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same blocks, joined to larger ones."""
    parts: list[bytes] = []
    async for block in lines:
        parts.append(block)
        if sum(map(len, parts)) >= _BATCH_BYTES:
            yield b"".join(parts)
            parts = []
    if parts:
        yield b"".join(parts)


class _Sink(io.RawIOBase):
    """Holds what was written until it is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any, /) -> int:
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def drain(self) -> bytes:
        """What was written since the last call."""
        whole, self._parts = b"".join(self._parts), []
        return whole


def _batch(block: bytes, record: type[BaseModel], schema: pa.Schema) -> pa.RecordBatch:
    fields = _fields(record)
    rows = [orjson.loads(line) for line in block.splitlines()]
    columns = [pa.array(_values(rows, field.name, fields[field.name].convert), type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _values(rows: list[dict[str, Any]], name: str, convert: _Convert) -> list[Any]:
    values = [row.get(name) for row in rows]
    return [None if value is None else convert(value) for value in values]


def _write(writer: parquet.ParquetWriter, batches: list[pa.RecordBatch], schema: pa.Schema) -> None:
    table = pa.Table.from_batches(batches, schema=schema)
    writer.write_table(table, row_group_size=max(1, table.num_rows))


def schema_of(record: type[BaseModel]) -> pa.Schema:
    """The Arrow schema of a record model: a column a field, under its JSON name."""
    return pa.schema([(name, column.type) for name, column in _fields(record).items()])


@lru_cache(maxsize=256)
def _fields(model: type[BaseModel]) -> dict[str, _Column]:
    return {
        field.serialization_alias or field.alias or name: _column(_required(field.annotation))
        for name, field in model.model_fields.items()
    }


def _required(annotation: Any) -> Any:
    """The annotation without its ``| None`` and without what is noted beside it."""
    if get_origin(annotation) in {Union, types.UnionType}:
        (annotation,) = (option for option in get_args(annotation) if option is not type(None))
    if annotation == IsoDate:
        return date
    return annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation


def _column(annotation: Any) -> _Column:
    parts = [_required(part) for part in get_args(annotation) if part is not Ellipsis]
    if get_origin(annotation) is tuple:
        item = _column(parts[0])
        return _Column(pa.list_(item.type), _list_of(item.convert))
    if get_origin(annotation) is dict:
        key, item = map(_column, parts)
        return _Column(pa.map_(key.type, item.type), _map_of(item.convert))
    if get_origin(annotation) is Literal:
        return _SCALARS[str]
    if issubclass(annotation, BaseModel):
        fields = _fields(annotation)
        return _Column(pa.struct([(name, column.type) for name, column in fields.items()]), _struct_of(fields))
    return _SCALARS[str if issubclass(annotation, StrEnum) else annotation]


def _list_of(convert: _Convert) -> _Convert:
    return lambda value: [convert(item) for item in value] if isinstance(value, list) else None


def _map_of(convert: _Convert) -> _Convert:
    return lambda value: [(key, convert(item)) for key, item in value.items()] if isinstance(value, dict) else None


def _struct_of(fields: dict[str, _Column]) -> _Convert:
    return lambda value: (
        {name: column.convert(value.get(name)) for name, column in fields.items()} if isinstance(value, dict) else None
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _bool(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _int(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    return value if fits else None


def _float(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _amount(value: Any) -> Decimal | None:
    """Exact: the shortest text of the stored number is what the page showed."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(InvalidOperation):
            return Decimal(str(value)).quantize(_NINE_PLACES, context=_AMOUNT_CONTEXT)
    return None


def _moment(value: Any) -> datetime | None:
    with suppress(ValueError, TypeError):
        return datetime.fromisoformat(value)
    return None


def _day(value: Any) -> date | None:
    with suppress(ValueError, TypeError):
        return date.fromisoformat(value)
    return None


_SCALARS: dict[type, _Column] = {
    str: _Column(pa.string(), _text),
    bool: _Column(pa.bool_(), _bool),
    int: _Column(pa.int64(), _int),
    float: _Column(pa.float64(), _float),
    Decimal: _Column(_AMOUNT, _amount),
    date: _Column(pa.date32(), _day),
    datetime: _Column(pa.timestamp("us", tz="UTC"), _moment),
}
