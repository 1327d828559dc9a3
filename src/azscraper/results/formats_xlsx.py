"""Excel workbooks. Streaming over temporary files. The only module that knows XlsxWriter."""

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
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
_NAME_CHARACTERS = 31
"""Excel specifications and limits: rows on a worksheet, characters in a cell, the first year of dates, characters of a name."""
_BLOCK_BYTES = 65_536


async def xlsx_file(lines: AsyncIterable[bytes], records: Mapping[str, type[BaseModel]]) -> AsyncIterator[bytes]:
    """The records as a workbook, a row each, columns as in CSV; ``lines`` are blocks of whole JSON lines.

    ``records`` are the types by the name under which a row says what it is, the main one first: of several each has a
    sheet of its own. A row that says nothing is of the main one.

    Texts are never taken for formulas or links; times are Excel's own, in UTC. Excel holds 32,767 characters a cell
    and 1,048,576 rows a sheet: a longer text is cut, further rows go onto further sheets. The file comes
    together on disk, in a temporary file, and is streamed when it is whole: an archive's sheet must be.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        table = _Table(file, records, folder)
        async for block in lines:
            await asyncio.to_thread(table.add, block)  # other requests must not wait for it
        await asyncio.to_thread(table.close)
        file.seek(0)
        while block := file.read(_BLOCK_BYTES):
            yield block


class _Sheet:
    """A table within the workbook, over as many worksheets as its rows take."""

    def __init__(self, name: str | None, record: type[BaseModel]) -> None:
        self.name = name
        self.columns = columns(record)
        self.paths = [column.split(".") for column in self.columns]
        self.moments = _moment_columns(record)
        self.row = _SHEET_ROWS
        self.sheets: list[Worksheet] = []


class _Table:
    """A workbook that is filled row by row and keeps one row of each sheet in memory."""

    def __init__(self, file: IO[bytes], records: Mapping[str, type[BaseModel]], folder: str) -> None:
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        self._bold = self._book.add_format({"bold": True})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        several = len(records) > 1
        self._sheets = {name: _Sheet(name if several else None, record) for name, record in records.items()}
        self._main = next(iter(self._sheets.values()))
        self._several = several
        for sheet in self._sheets.values():
            self._continue(sheet)

    def _continue(self, sheet: _Sheet) -> None:
        """A worksheet for the next rows of the sheet."""
        further = f" {len(sheet.sheets) + 1}" if sheet.sheets else ""
        made = self._book.add_worksheet(sheet.name and f"{sheet.name[: _NAME_CHARACTERS - len(further)]}{further}")
        sheet.sheets.append(made)
        made.freeze_panes(1, 0)
        for index, column in enumerate(sheet.columns):
            made.write_string(0, index, column, self._bold)
        sheet.row = 1

    def add(self, block: bytes) -> None:
        """Append the records of whole JSON lines."""
        for line in block.splitlines():
            record = orjson.loads(line)
            sheet = self._sheets.get(record.get("record"), self._main) if self._several else self._main
            if sheet.row == _SHEET_ROWS:
                self._continue(sheet)
            self._write(sheet, sheet.sheets[-1], record)
            sheet.row += 1

    def _write(self, sheet: _Sheet, here: Worksheet, record: dict[str, Any]) -> None:
        for index, path in enumerate(sheet.paths):
            value = cell(record, path)
            moment = _moment(value) if index in sheet.moments else None
            if moment is not None:
                here.write_datetime(sheet.row, index, moment, self._time)
            elif isinstance(value, bool):
                here.write_boolean(sheet.row, index, value)
            elif isinstance(value, int | float):
                here.write_number(sheet.row, index, value)
            elif value:
                here.write_string(sheet.row, index, value[:_CELL_CHARACTERS])

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
