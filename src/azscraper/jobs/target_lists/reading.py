"""A file of targets: which sheet and column they are in, and what of them is recognised."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from azscraper.jobs.target_lists.columns import (
    Choice,
    Column,
    choose,
    codes_in,
    columns_of,
    letters,
    of_looks,
    rank_for_keywords,
    rank_for_products,
)
from azscraper.jobs.target_lists.headers import Role, beside_of
from azscraper.jobs.target_lists.recognition import Entry, Recognised, recognise
from azscraper.jobs.target_lists.tables import read_text, unreadable
from azscraper.jobs.target_lists.workbooks import is_workbook, read_workbook
from azscraper.marketplaces import Marketplace, names_product

_MOST_OFFERED = 200
_LONGEST_SAMPLE = 60
_LONGEST_BESIDE = 2000
"""Characters of a cell beside a target: more than any of them may have."""


Beside = tuple[dict[str, str], ...]
"""Of each target what its row says by the names of ``headers.beside_of``."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A column that can be chosen."""

    sheet: str | None
    column: str
    letter: str
    """Unlike the name, no two columns of a sheet have the same."""
    kind: str | None
    """What it seems to hold: ``details``, ``search`` or neither."""
    sample: str
    """Its first value."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file comes to."""

    kind: str
    """``details``, ``search``, or the kind that was asked for."""
    sheets: tuple[str, ...]
    """Those that the targets are from, empty for a text file."""
    column: str
    letter: str
    is_text: bool
    """Whether the file has no columns: one entry a line."""
    found: Recognised
    offers: tuple[Offer, ...]
    """The columns that there are, at most 200."""
    codes: str | None = None
    """The column of product codes, where the file has no products; none of a file that has no columns."""
    beside: Beside = ()
    """Empty where nobody asked."""


def read(
    body: bytes,
    file_name: str,
    default: Marketplace,
    *,
    kind: str | None = None,
    rather: str | None = None,
    sheet: str | None = None,
    column: str | None = None,
    beside: bool = False,
) -> Reading:
    """The targets of a CSV file, a text or a workbook. ``kind`` is what is wanted, None for what the file is about,
    or, where it is as good for both, ``rather``.

    ``sheet`` and ``column`` name what to take, the column by its header or letter; with ``beside`` notes, tags and target prices come
    along. Raises InvalidInputError, which names
    what to do, for a file that can't be read, has no such column, or none that does.
    """
    sheets = read_workbook(body) if is_workbook(body) else [read_text(body, file_name)]
    columns = [columns_of(one) for one in sheets]
    if not any(columns):
        raise unreadable(
            "The file has a header and no rows" if any(one.rows for one in sheets) else "The file is empty"
        )
    like, looks = _family(kind)
    choice = (column is None and looks and of_looks(columns, looks, sheet)) or choose(
        columns, like, rather, sheet=sheet, column=column
    )
    named = column is not None or (choice.columns[0].role is None and choice.kind == "search")
    of_kind = kind or choice.kind
    found = recognise(of_kind, _entries(choice), default, named=named)
    first = choice.columns[0]
    names = tuple(one.sheet.name for one in choice.columns if one.sheet.name is not None)
    codes = None if first.sheet.is_text else codes_in(columns)
    return Reading(
        of_kind,
        names,
        first.name,
        letters(first.index),
        first.sheet.is_text,
        replace(found, entries=()),
        tuple(_offers(columns)),
        codes,
        tuple(_beside(columns, found.entries)) if beside else (),
    )


def _family(kind: str | None) -> tuple[str | None, Callable[[str], bool] | None]:
    """Whether the targets of a kind are products or else what stands in a column of keywords, and what tells a column of others."""
    if kind in {None, "details", "search"}:
        return kind, None
    from azscraper.kinds.registry import find_kind  # noqa: PLC0415 - reads no page, and most files need none

    looks = find_kind(kind).looks_like
    return ("details", None) if looks is names_product else ("search", looks)


def _beside(sheets: Sequence[Sequence[Column]], entries: Sequence[Entry]) -> Iterator[dict[str, str]]:
    cells: dict[tuple[str | None, int], dict[str, str]] = {}
    for column in (column for columns in sheets for column in columns):
        if (field := beside_of(column.name)) is not None:
            for row, text in column.cells:
                cells.setdefault((column.sheet.name, row), {}).setdefault(field, text[:_LONGEST_BESIDE])
    yield from (cells.get((entry.sheet, entry.row), {}) for entry in entries)


def _entries(choice: Choice) -> Iterator[Entry]:
    for column in choice.columns:
        for row, text in column.cells:
            value = column.product(row, text) if choice.kind == "details" else text
            yield Entry(row, value, column.sheet.name)


def _offers(sheets: Sequence[Sequence[Column]]) -> list[Offer]:
    every = [column for columns in sheets for column in columns if not column.sheet.is_text]
    return [_offer(column) for column in every[:_MOST_OFFERED]]


def _offer(column: Column) -> Offer:
    sample = column.cells[0][1][:_LONGEST_SAMPLE]
    return Offer(column.sheet.name, column.name, letters(column.index), _kind(column), sample)


def _kind(column: Column) -> str | None:
    if column.role is not None and column.role[0] is Role.KEYWORD:
        return "search"
    if rank_for_products(column) is not None:
        return "details"
    return "search" if rank_for_keywords(column) is not None else None
