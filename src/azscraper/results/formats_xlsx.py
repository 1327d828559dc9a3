"""Excel workbooks. Streaming over temporary files. The only module that knows XlsxWriter."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import IO, Any

import orjson
import xlsxwriter
from pydantic import BaseModel
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from azscraper.results import formats
from azscraper.results.formats import ANYBODY, Cell, Columns, Names, Reader, cell

_SHEET_ROWS = 1_048_576
_CELL_CHARACTERS = 32_767
_FIRST_YEAR = 1900
_NAME_CHARACTERS = 31
"""Excel specifications and limits: rows on a worksheet, characters in a cell, the first year of dates, characters of a name."""
_BLOCK_BYTES = 65_536
_MEASURED_ROWS = 200
"""Of a sheet: the widths of columns are those of its first rows."""
_NARROWEST, _WIDEST, _ROOM = 9, 60, 2
"""Characters of a column; beside a text there is room for the sign of the filter."""
_DAY_CHARACTERS = 10
_OF_MOMENT = re.compile(r"([a-z]At|^time)$")
"""Columns of times of day: Excel's own have no zone, so their header says it."""
_OF_STATE = re.compile(r"(state|status|availability)$", re.IGNORECASE)
_STATE = re.compile(r"[a-z]+(_[a-z]+)*")
_WITHOUT_CENTS = {"JPY"}


async def xlsx_file(
    lines: AsyncIterable[bytes],
    records: Mapping[str, type[BaseModel] | Columns],
    *,
    names: Names = Names.DOTTED,
    reader: Reader = ANYBODY,
) -> AsyncIterator[bytes]:
    """The records as a workbook, a row each, columns as in CSV; ``lines`` are blocks of whole JSON lines.

    ``records`` are the types, or the columns, by the name under which a row says what it is, the main one first: of several
    each has a sheet of its own. A row that says nothing is of the main one. With ``Names.LABELS`` the workbook is for people:
    headers in the reader's words with a filter, times in the reader's zone with its name beside them, days as Excel's own, amounts
    with their cents.

    Texts are never taken for formulas or links; times are Excel's own, else in UTC. Excel holds 32,767 characters a cell
    and 1,048,576 rows a sheet: a longer text is cut, further rows go onto further sheets. The file comes
    together on disk, in a temporary file, and is streamed when it is whole: an archive's sheet must be.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        table = _Table(file, records, folder, names, reader)
        async for block in lines:
            await asyncio.to_thread(table.add, block)  # other requests must not wait for it
        await asyncio.to_thread(table.close)
        file.seek(0)
        while block := file.read(_BLOCK_BYTES):
            yield block


class _Sheet:
    """A table within the workbook, over as many worksheets as its rows take."""

    def __init__(self, name: str | None, record: type[BaseModel] | Columns, names: Names, reader: Reader) -> None:
        self.name = name
        self.say = reader.say
        columns = record if isinstance(record, Mapping) else formats.columns(record)
        self.headers = [names.header(column, reader.say) for column in columns]
        self.paths = formats.paths_of(columns)
        self.moments = set() if isinstance(record, Mapping) else _moment_columns(record)
        self.for_people = names is Names.LABELS
        self.zone = reader.zone if self.for_people else UTC
        if self.for_people:
            self.headers = [
                f"{header}, {reader.zone}" if _OF_MOMENT.search(path[-1]) else header
                for header, path in zip(self.headers, self.paths, strict=True)
            ]
        self.times = {at for at, path in enumerate(self.paths) if formats.OF_TIME.search(path[-1])}
        self.states = {at for at, path in enumerate(self.paths) if _OF_STATE.search(path[-1])}
        room = _ROOM if self.for_people else 0
        self.widths = [max(_NARROWEST, len(header) + room) for header in self.headers]
        self.row = _SHEET_ROWS
        self.sheets: list[Worksheet] = []

    def is_time(self, index: int, value: Cell) -> bool:
        """Whether a text is a day or a time, for people."""
        return index in self.times and isinstance(value, str) and formats.TIME.fullmatch(value) is not None

    def in_words(self, index: int, text: str) -> str:
        """A state as people write it: ``Out of stock``; every other text as it is."""
        if index in self.states and _STATE.fullmatch(text):
            return self.say(text.replace("_", " ").capitalize())
        return text

    def measure(self, record: dict[str, Any]) -> None:
        """Make room for its values, while the sheet begins."""
        for index, path in enumerate(self.paths):
            value = cell(record, path)
            text = f"{value:,.2f}" if isinstance(value, float) else str(value if value is not None else "")
            self.widths[index] = min(max(self.widths[index], len(text) + 1), _WIDEST)

    def finish(self, rows: int) -> None:
        """Give the last of its worksheets, which has so many rows, its columns."""
        last = self.sheets[-1]
        for index, width in enumerate(self.widths):
            last.set_column(index, index, width)
        if self.for_people and self.headers:
            last.autofilter(0, 0, max(rows - 1, 0), len(self.headers) - 1)


class _Table:
    """A workbook that is filled row by row and keeps one row of each sheet in memory."""

    def __init__(
        self,
        file: IO[bytes],
        records: Mapping[str, type[BaseModel] | Columns],
        folder: str,
        names: Names,
        reader: Reader,
    ) -> None:
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        self._bold = self._book.add_format({"bold": True})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._amount = self._book.add_format({"num_format": "#,##0.00"})
        self._whole = self._book.add_format({"num_format": "#,##0"})
        several = len(records) > 1
        self._sheets = {
            name: _Sheet(name if several else None, record, names, reader) for name, record in records.items()
        }
        self._main = next(iter(self._sheets.values()))
        self._several = several
        for sheet in self._sheets.values():
            self._continue(sheet)

    def _continue(self, sheet: _Sheet) -> None:
        """A worksheet for the next rows of the sheet."""
        if sheet.sheets:
            sheet.finish(sheet.row)
        further = f" {len(sheet.sheets) + 1}" if sheet.sheets else ""
        made = self._book.add_worksheet(sheet.name and f"{sheet.name[: _NAME_CHARACTERS - len(further)]}{further}")
        sheet.sheets.append(made)
        made.freeze_panes(1, 0)
        for index, header in enumerate(sheet.headers):
            made.write_string(0, index, header, self._bold)
        sheet.row = 1

    def add(self, block: bytes) -> None:
        """Append the records of whole JSON lines."""
        for line in block.splitlines():
            record = orjson.loads(line)
            sheet = self._sheets.get(record.get("record"), self._main) if self._several else self._main
            if sheet.row == _SHEET_ROWS:
                self._continue(sheet)
            self._write(sheet, sheet.sheets[-1], record)
            if sheet.row <= _MEASURED_ROWS and len(sheet.sheets) == 1:
                sheet.measure(record)
            sheet.row += 1

    def _write(self, sheet: _Sheet, here: Worksheet, record: dict[str, Any]) -> None:
        for_people, moments = sheet.for_people, sheet.moments
        for index, path in enumerate(sheet.paths):
            value = cell(record, path)
            is_moment = index in moments or (for_people and sheet.is_time(index, value))
            moment = _moment(value, sheet.zone) if is_moment else None
            if moment is not None:
                is_day = for_people and len(str(value)) == _DAY_CHARACTERS
                here.write_datetime(sheet.row, index, moment, self._day if is_day else self._time)
            elif isinstance(value, bool):
                here.write_boolean(sheet.row, index, value)
            elif isinstance(value, int | float):
                style = self._number(record, path, value) if for_people else None
                here.write_number(sheet.row, index, value, style)
            elif value:
                text = sheet.in_words(index, value) if for_people else value
                here.write_string(sheet.row, index, text[:_CELL_CHARACTERS])

    def _number(self, record: dict[str, Any], path: Sequence[str], value: float) -> Format | None:
        """How a number is written for people."""
        if path[-1] != "amount":
            return self._whole if isinstance(value, int) else None
        return self._whole if cell(record, [*path[:-1], "currency"]) in _WITHOUT_CENTS else self._amount

    def close(self) -> None:
        """Write the file to its end."""
        for sheet in self._sheets.values():
            sheet.finish(sheet.row)
        self._book.close()


def _moment_columns(record: type[BaseModel]) -> set[int]:
    names = formats.columns(record)
    return {
        names.index(field.alias or name)
        for name, field in record.model_fields.items()
        if "datetime" in str(field.annotation)
    }


def _moment(value: Cell, zone: tzinfo) -> datetime | None:
    """The time in the zone without its name, which Excel does not know; None where it can't hold it."""
    try:
        moment = datetime.fromisoformat(str(value))
        moment = moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _FIRST_YEAR else None
