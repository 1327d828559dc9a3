"""Rows of a job as a table on the terminal: the columns of their kind that a person looks at first."""

import re
import shutil
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from rich.table import Table

from azscraper.records.parts import Money

if TYPE_CHECKING:
    from azscraper.kinds.kind import Column

_WIDTHS = {"number": 8, "money": 12, "flag": 9, "state": 12, "time": 10, "text": 16}
"""Characters of a column, by the type of its values: who sees less of one of these sees nothing."""
_RANKS = ("money", "number", "state", "time", "flag", "text")
"""Which columns come in first, where not all have room."""
_ASIN_WIDTH = 10
_FIRST_WIDTH = 24
"""At least, of the first text, which takes what is left."""
_BORDER = 3


def row_table(job_type: str, rows: Sequence[BaseModel | Mapping[str, Any]], paths: Sequence[str] = ()) -> Table:
    """The rows with these ``paths`` in them, or by what they are where the type does not say it; of a type that is not known here
    with the keys of the first.
    """
    from azscraper.kinds.registry import kinds, types  # noqa: PLC0415 - most commands show no rows

    found = [row.model_dump(mode="json", by_alias=True) if isinstance(row, BaseModel) else row for row in rows]
    if paths:
        return _of_paths(paths, found)
    names = {row.get("record") for row in found}
    of_rows = next((one for one in kinds().values() if names == {one.record.__name__}), None)
    if (kind := kinds().get(job_type) or of_rows or types().get(job_type)) is not None:
        columns = [one for one in kind.columns if one.shown and one.type != "picture"]
        return _table(_fitting(columns, shutil.get_terminal_size().columns), found)
    keys = list(found[0])[:6] if found else []
    table = Table(*map(_label, keys), expand=True)
    for row in found:
        table.add_row(*(_text(row.get(key)) for key in keys))
    return table


def _of_paths(paths: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Table:
    from azscraper.results.tables import value  # noqa: PLC0415 - as above

    table = Table(*paths, expand=True)
    for row in rows:
        table.add_row(*(_text(value(dict(row), tuple(path.split(".")))) for path in paths))
    return table


def _fitting(columns: "Sequence[Column]", width: int) -> "list[Column]":
    """Those that have room beside the first, in their order."""
    first, *others = columns
    left = width - _FIRST_WIDTH - 2 * _BORDER
    chosen = {first.name}
    for one in sorted(others, key=lambda one: (one.name != "asin", _RANKS.index(one.type))):
        if _width(one) + _BORDER <= left:
            left -= _width(one) + _BORDER
            chosen.add(one.name)
    return [one for one in columns if one.name in chosen]


def _width(column: "Column") -> int:
    return _ASIN_WIDTH if column.name == "asin" else max(_WIDTHS[column.type], len(_label(column.name)))


def _table(columns: "Sequence[Column]", rows: Sequence[Mapping[str, Any]]) -> Table:
    from azscraper.results.tables import value  # noqa: PLC0415 - as above

    table = Table(expand=True)
    for place, one in enumerate(columns):
        width = _width(one) if place else None
        table.add_column(_label(one.name), width=width, ratio=None if width else 1, overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*(_text(value(dict(row), one.path)) for one in columns))
    return table


def _label(name: str) -> str:
    """``Rating count`` of ``ratingCount``."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return "ASIN" if name == "asin" else words[:1].upper() + words[1:]


def _text(found: Any) -> str:
    if isinstance(found, Mapping) and "amount" in found:
        return money_text(Money.model_validate(found))
    if isinstance(found, bool):
        return "yes" if found else ""
    return "–" if found is None else str(found)


def money_text(money: Money | None) -> str:
    """The amount and its currency; a fraction has two decimals at least, which JSON's numbers lose."""
    if money is None:
        return "–"
    tenths = money.amount * 10 % 10
    amount = f"{money.amount:.2f}" if tenths and tenths == int(tenths) else str(money.amount)
    return f"{amount} {money.currency}"
