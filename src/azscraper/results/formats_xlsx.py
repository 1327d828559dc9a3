"""Excel workbooks. Streaming over temporary files. The only module that knows XlsxWriter."""

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import IO, Any

import orjson
import xlsxwriter
from pydantic import BaseModel
from xlsxwriter.worksheet import Worksheet

from azscraper.results.formats import Cell, cell, columns

_SHEET_ROWS = 1_048_576
_CELL_CHARACTERS = 32_767
_FIRST_YEAR = 1900
"""Excel specifications and limits: rows on a worksheet, characters in a cell, the first year of dates."""
_BLOCK_BYTES = 65_536


async def xlsx_file(lines: AsyncIterable[bytes], record: type[BaseModel]) -> AsyncIterator[bytes]:
    """The records as a workbook, a row each, columns as in CSV; ``lines`` are blocks of whole JSON lines.

    Texts are never taken for formulas or links; times are Excel's own, in UTC. Excel holds 32,767 characters a cell
    and 1,048,576 rows a sheet: a longer text is cut, further rows go onto further sheets. The file comes
    together on disk, in a temporary file, and is streamed when it is whole: an archive's sheet must be.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        table = _Table(file, record, folder)
        async for block in lines:
            await asyncio.to_thread(table.add, block)  # other requests must not wait for it
        await asyncio.to_thread(table.close)
        file.seek(0)
        while block := file.read(_BLOCK_BYTES):
            yield block


class _Table:
    """A workbook that is filled row by row and keeps one row in memory."""

    def __init__(self, file: IO[bytes], record: type[BaseModel], folder: str) -> None:
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        self._bold = self._book.add_format({"bold": True})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._columns = columns(record)
        self._paths = [column.split(".") for column in self._columns]
        self._moments = _moment_columns(record)
        self._start_sheet()

    def _start_sheet(self) -> None:
        self._sheet: Worksheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for index, column in enumerate(self._columns):
            self._sheet.write_string(0, index, column, self._bold)
        self._row = 1

    def add(self, block: bytes) -> None:
        """Append the records of whole JSON lines."""
        for line in block.splitlines():
            if self._row == _SHEET_ROWS:
                self._start_sheet()
            self._write(orjson.loads(line))
            self._row += 1

    def _write(self, record: dict[str, Any]) -> None:
        for index, path in enumerate(self._paths):
            value = cell(record, path)
            moment = _moment(value) if index in self._moments else None
            if moment is not None:
                self._sheet.write_datetime(self._row, index, moment, self._time)
            elif isinstance(value, bool):
                self._sheet.write_boolean(self._row, index, value)
            elif isinstance(value, int | float):
                self._sheet.write_number(self._row, index, value)
            elif value:
                self._sheet.write_string(self._row, index, value[:_CELL_CHARACTERS])

    def close(self) -> None:
        """Write the file to its end."""
        self._book.close()


def _moment_columns(record: type[BaseModel]) -> Sequence[int]:
    names = columns(record)
    return [
        names.index(field.alias or name)
        for name, field in record.model_fields.items()
        if "datetime" in str(field.annotation)
    ]


def _moment(value: Cell) -> datetime | None:
    """The time in UTC without its zone, which Excel does not know; None where it can't hold it."""
    try:
        moment = datetime.fromisoformat(str(value))
        moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _FIRST_YEAR else None
