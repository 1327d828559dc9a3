"""A kind of page that jobs can ask for: what the rest of the product knows of it. A value; a kind fetches nothing."""

import re
from dataclasses import dataclass
from enum import StrEnum

from azscraper.records import PageRecord
from azscraper.records.options import Options
from azscraper.records.parts import Record


class ColumnType(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PICTURE = "picture"
    FLAG = "flag"
    STATE = "state"
    """One of a few words."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table for people: where its value stands in the record."""

    name: str
    path: tuple[str, ...]
    """JSON keys, and places in lists."""
    type: ColumnType
    shown: bool = True
    """Unless the reader chooses otherwise."""

    @property
    def sort_path(self) -> list[str]:
        """Of what the column sorts by: amounts by themselves, whatever the currency."""
        return [*self.path, "amount"] if self.type is ColumnType.MONEY else list(self.path)

    @property
    def is_number(self) -> bool:
        """Whether it sorts by size and not by letters."""
        return self.type in {ColumnType.NUMBER, ColumnType.MONEY}


def column(name: str, type_: ColumnType, *path: str, shown: bool = True) -> Column:
    """The column of the record's field of that name, where no path says otherwise."""
    return Column(name, path or (name,), type_, shown)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page."""

    name: str
    """``type`` of a job."""
    label: str
    """What its rows are, for people: a text of the catalogue."""
    records: tuple[type[PageRecord], ...]
    """What its rows are; the first is the main one."""
    columns: tuple[Column, ...]
    """Of the main record, in the order in which people see them."""
    options: type[Options]
    """Of its jobs, with what each means: the command line, the forms and the reference are made of it."""
    credits: int
    """A target."""
    summary: type[Record] | None = None
    """What its pages say about themselves."""

    @property
    def record(self) -> type[PageRecord]:
        """The main one."""
        return self.records[0]

    @property
    def schemas(self) -> dict[str, type[Record]]:
        """Its records and its summary by the names under which their schemas are published."""
        summaries = (self.summary,) if self.summary else ()
        return {schema_name(record): record for record in (*self.records, *summaries)}


def schema_name(record: type[Record]) -> str:
    """``search-row`` of ``SearchRow``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", record.__name__).lower()
