"""What the address of a table of rows asks for, and what a reader's browser keeps of it for the next visit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from azscraper.errors import Detail
from azscraper.kinds.kind import Column
from azscraper.kinds.registry import types
from azscraper.results.tables import View

PAGE_ROWS = 100
_LAST_PAGE = 10**6
_LONGEST = {"q": 200, "lowest": 20, "highest": 20, "sort": 40}
_MOST_PARAMETERS = 100


def columns_of(kind: str) -> tuple[Column, ...]:
    """Of its table; none of a kind whose package is not installed here."""
    found = types().get(kind)
    return found.columns if found else ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters as they were typed, the sort, the columns: empty where the reader left them as they come."""

    kind: str
    q: str = ""
    lowest: str = ""
    highest: str = ""
    sort: str = ""
    """A column's name, with a minus in front for the greatest first."""
    columns: tuple[str, ...] = ()
    page: int = 1

    @property
    def query(self) -> str:
        """The address's query, without what says nothing."""
        pairs = [(name, getattr(self, name)) for name in _LONGEST]
        pairs += [("column", name) for name in self.columns]
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return urlencode([(name, value) for name, value in pairs if value])

    @property
    def shown(self) -> list[Column]:
        """The columns, in the table's order."""
        columns = columns_of(self.kind)
        return [each for each in columns if (each.name in self.columns if self.columns else each.shown)]

    @property
    def keys(self) -> list[str]:
        """Of the record: those behind the columns that were chosen; none where the reader chose none."""
        return list(dict.fromkeys(each.path[0] for each in self.shown)) if self.columns else []

    @property
    def view(self) -> View:
        """What to ask the store for."""
        by = next((each for each in columns_of(self.kind) if each.name == self.sort.removeprefix("-")), None)
        return View(
            text=self.q,
            lowest=_number(self.lowest),
            highest=_number(self.highest),
            sort=by,
            descending=self.sort.startswith("-"),
            limit=PAGE_ROWS,
            offset=PAGE_ROWS * (self.page - 1),
        )

    @property
    def problem(self) -> Detail | None:
        """What is wrong with a price limit."""
        for name in ("lowest", "highest"):
            if getattr(self, name) and _number(getattr(self, name)) is None:
                return Detail(name, "is not a price; write a number, for example 19.90")
        lowest, highest = self.view.lowest, self.view.highest
        if lowest is not None and highest is not None and lowest > highest:
            return Detail("highest", "is below the lowest price")
        return None

    def but(self, **changes: Any) -> "Asked":
        """The same with something changed; whatever changes, it begins on its first page."""
        return replace(self, **({"page": 1} | changes))


def read(kind: str, pairs: Iterable[tuple[str, str]]) -> Asked:
    """What these parameters of an address ask for; what makes no sense is left out."""
    found = list(pairs)[:_MOST_PARAMETERS]
    texts = {name: value.replace("\x00", "").strip()[: _LONGEST[name]] for name, value in found if name in _LONGEST}
    if texts.get("sort", "").removeprefix("-") not in {each.name for each in columns_of(kind)}:
        texts["sort"] = ""
    page = next((value for name, value in found if name == "page"), "1")
    number = int(page) if page.isdecimal() and len(page) <= len(str(_LAST_PAGE)) else 1
    chosen = (value for name, value in found if name == "column")
    return Asked(kind, columns=known_columns(kind, chosen), page=min(max(number, 1), _LAST_PAGE), **texts)


def known_columns(kind: str, names: Iterable[str]) -> tuple[str, ...]:
    """The columns that there are, in the table's order; none for those that are shown in any case."""
    wanted = set(names)
    chosen = tuple(each.name for each in columns_of(kind) if each.name in wanted)
    return () if chosen == tuple(each.name for each in columns_of(kind) if each.shown) else chosen


def read_query(kind: str, query: str) -> Asked:
    """The same of a query as it stands in an address, was kept, or asks for the columns that are shown in any case."""
    try:
        pairs = parse_qsl(query, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return Asked(kind)
    asked = read(kind, pairs)
    return asked.but(columns=tuple(each.name for each in asked.shown)) if ("columns", "shown") in pairs else asked


def _number(text: str) -> float | None:
    """A price as it was typed; None for what is no number."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) < 10**12 else None
