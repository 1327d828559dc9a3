"""A kind of page that jobs can ask for: what the rest of the product knows of it. A value; a kind fetches nothing.

A target is a walk of steps: ``next`` says which page to ask for, from the pages that came before. Whether it may be
asked, when, and what its answer is worth is decided elsewhere: a kind has no connection, no fetcher and no clock.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any, Generic, TypeVar

from azscraper.crawl.policy import GiveUp
from azscraper.errors import InvalidInputError
from azscraper.kinds.observations import Observations
from azscraper.marketplaces import Marketplace, by_host
from azscraper.marketplaces.addresses import Address
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.records import PageRecord
from azscraper.records.options import Options
from azscraper.records.pages import Read
from azscraper.records.parts import Record

_ANY = by_host("www.amazon.com")
_Options = TypeVar("_Options", bound=Options)


class ColumnType(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PICTURE = "picture"
    FLAG = "flag"
    STATE = "state"
    """One of a few words."""
    TIME = "time"
    """A day or a time, as ISO 8601 writes them."""


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
class Target:
    """What a text names."""

    kind: str
    key: str
    """One spelling of it: an ASIN, a keyword."""
    marketplace: Marketplace


@dataclass(frozen=True, slots=True)
class Asked(Generic[_Options]):
    """A target that is asked for, and how."""

    target: Target
    options: _Options
    known: tuple[str, ...] = ()
    """Products that the organization found lately under the target, which is a code."""


@dataclass(frozen=True, slots=True)
class Step:
    """A page to ask for."""

    name: str
    """No other step of the target has it, and whoever walks again calls the step so again: ``1``, ``2``, ``dp:B0…``."""
    url: str
    """``https``, on a host that the kind lists: its robots.txt and its pace count."""
    reads: str
    """The kind whose reader takes the page."""
    optional: bool = False
    """Whether the target goes on without it."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken."""

    step: Step
    read: Read | None
    """None where an optional step failed."""
    failure: str | None
    """Why: the code of a target's error."""
    url: str
    """Where the page came from."""
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Finish:
    """The target has all its pages."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a target brought."""

    records: tuple[PageRecord, ...]
    """Their order is their position."""
    fetched_at: datetime
    """When the last page came."""
    summary: Record | None = None
    """Of the target."""
    pages: tuple[tuple[int, Record], ...] = ()
    """What its pages say about themselves, by their number from 1."""


Heard = Iterable[tuple[Record, list[tuple[str, Any]]]]
"""Records of a page, each with what every source of one of its fields says of it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the fields of a record come from."""

    record: type[Record]
    sources: Callable[[str], list[str]]
    """Of a field, by its name, best first; none for what the address, the fetch or the page as a whole says."""
    hear: Callable[[Page, str], Heard]
    """All sources of a field, by its name, on a page of the kind."""
    otherwise: str
    """What says the fields that have no source."""


Next = Callable[[Asked[_Options], tuple[Done, ...]], Step | Finish | GiveUp]
"""The next page, from those that came. Pure: the same pages bring the same step, today and in a year."""


def resolves(resolve: Callable[[str, Marketplace], Target]) -> Callable[[str], bool]:
    """Whether ``resolve`` takes a text: for ``looks_like`` of kinds whose targets no other text resembles."""

    def taken(text: str) -> bool:
        try:
            resolve(text, _ANY)
        except InvalidInputError:
            return False
        return True

    return taken


def later(path: str) -> Callable[..., Any]:
    """The function ``package.module:name``, imported when it is first called.

    For readers: parsers take a tenth of a second of each start, and the service and the command line read no page.
    """
    module, _, name = path.partition(":")

    @cache
    def function() -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(import_module(module), name)
        return found

    def call(*values: Any) -> Any:
        return function()(*values)

    return call


def one(_: Options) -> int:
    """Of pages and credits: a plain page."""
    return 1


def nothing(_: Options) -> tuple[str, ...]:
    """Of other kinds."""
    return ()


def own_host(marketplace: Marketplace) -> tuple[str, ...]:
    """The marketplace's own."""
    return (marketplace.host,)


@dataclass(frozen=True, slots=True)
class Kind(Generic[_Options]):
    """One kind of page."""

    name: str
    """``type`` of a job."""
    label: str
    """What its rows are, for people: a text of the catalogue."""
    about: str
    """What its jobs read: a sentence."""
    target_label: str
    """What its targets are, for people."""
    example: str
    """A target: commands, forms and the reference show it."""
    records: tuple[type[PageRecord], ...]
    """What its rows are; the first is the main one."""
    columns: tuple[Column, ...]
    """Of the main record, in the order in which people see them."""
    options: type[_Options]
    """Of its jobs, with what each means: the command line, the forms and the reference are made of it."""
    resolve: Callable[[str, Marketplace], Target]
    """What a text names, on that marketplace where the text names none. Raises InvalidInputError."""
    next: Next[_Options]
    recognises: Callable[[Page], bool]
    """Whether the page shows content of the kind. Asked in the order of the kinds; never raises."""
    reads: Callable[[Page, Asked[Any] | None], Read]
    """What a page that it recognises says. Pure; never raises on any bytes."""
    rows: Callable[[Asked[_Options], tuple[Done, ...]], Found]
    """What the pages of a target come to. Pure; never raises, whatever the pages say."""
    page: str = ""
    """What its pages are called (``PageKind``); its name where it says nothing."""
    summary: type[Record] | None = None
    """What its pages, or its targets, say about themselves."""
    most_steps: Callable[[_Options], int] = one
    """Pages that a target takes, at most."""
    price: Callable[[_Options], int] = one
    """Credits of a target."""
    hosts: Callable[[Marketplace], tuple[str, ...]] = own_host
    """Where its steps may lead."""
    origins: tuple[Origin, ...] = ()
    """Of its records and its summary, those that answer ``explain`` first."""
    ask_all: Callable[[Document], str] | None = None
    """Asks every source of every field, and says the id of what holds the title or the rows: what is left is unread."""
    follow: Callable[[Asked[_Options], Found], Observations] | None = None
    """What is followed over time."""
    claims: Callable[[Address], bool] | None = None
    """Whether an address is of its targets, so that ``resolve`` takes it: jobs of type ``auto`` ask the kinds in their order."""
    brings: Callable[[_Options], tuple[str, ...]] = nothing
    """Other kinds whose records its rows have as well."""
    counts: Callable[[_Options], int] = one
    """Targets that one of its targets counts for in the limits of a plan."""
    longest: Callable[[Asked[_Options]], int] | None = None
    """Pages that this very target takes, at most, where that is not what ``most_steps`` says."""
    cost: Callable[[Asked[_Options], tuple[Done, ...]], int] | None = None
    """Credits of what was fetched, where it may be less than ``price``."""
    narrows: str = ""
    """The kind of whose pages some are its own: it is asked before that one whether it recognises a page."""
    says: Callable[[str], frozenset[str]] | None = None
    """Which options of a job, by their keys, a text that is a target says itself: what it says wins. Never raises."""
    looks_like: Callable[[str], bool] | None = None
    """Whether a cell of a spreadsheet may be one of its targets: where it says so, a file's targets are those of the column with most such
    cells, otherwise of the column of keywords. ``names_product`` for products."""
    round_trip: bool = True
    """Whether the address of a target's first step names the same target again."""
    may_be_json: bool = True
    """Whether its pages may be JSON; of a kind of which they are not it is not asked whether it recognises one."""
    empty_is_success: bool = False
    """Whether a target without records has its answer: there is none."""
    missing: str = "Check the target and whether this marketplace has it."
    """What to do about a target that the marketplace does not have: a sentence."""

    @property
    def record(self) -> type[PageRecord]:
        """The main one."""
        return self.records[0]

    def address(self, target: Target) -> str | None:
        """Where the walk of a target begins that is asked for without any option."""
        first = self.next(Asked(target, self.options()), ())
        return first.url if isinstance(first, Step) else None

    def steps(self, asked: Asked[_Options]) -> int:
        """Pages that the target takes, at most."""
        return self.longest(asked) if self.longest else self.most_steps(asked.options)

    def credits(self, asked: Asked[_Options], done: tuple[Done, ...]) -> int:
        """What the target costs that brought these pages."""
        return min(self.cost(asked, done), self.price(asked.options)) if self.cost else self.price(asked.options)

    @property
    def page_name(self) -> str:
        """What its pages are called."""
        return self.page or self.name

    @property
    def schemas(self) -> dict[str, type[Record]]:
        """Its records and its summary by the names under which their schemas are published."""
        summaries = (self.summary,) if self.summary else ()
        return {schema_name(record): record for record in (*self.records, *summaries)}


def schema_name(record: type[Record]) -> str:
    """``search-row`` of ``SearchRow``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", record.__name__).lower()
