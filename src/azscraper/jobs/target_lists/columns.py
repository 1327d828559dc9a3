"""Which column of which sheet holds the targets: its own name decides before its values do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs.target_lists.headers import Role, role_of
from azscraper.jobs.target_lists.tables import Row, Sheet
from azscraper.marketplaces import is_certain, isbn10, plain, with_zeros

_SAMPLE_CELLS = 200
"""Cells that a column is judged by."""
_ENOUGH = 0.5
"""Share of a column's filled cells that must name products for it to be one of products."""
_NEARLY_ALL = 0.9
_LONGEST_NAME = 40
_ENOUGH_NUMBERS = 3
"""Short numbers that are all ISBNs without zeros: one alone may be so by chance."""
_TITLE_ROWS = 40
"""Rows that may stand above the header."""
_DEFAULT = marketplaces.find("us")

Rank = tuple[int, ...]
"""Lower is better."""
_BARELY = 7
"""A rank's first number from here on: other columns of the file rather hold products."""
_NAMED = 2
"""A rank's first number below this: the column's name says it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet, without its header."""

    sheet: Sheet
    index: int
    name: str
    """Its header, or its letter."""
    role: tuple[Role, int] | None
    """What its header says."""
    cells: tuple[tuple[int, str], ...]
    """Row numbers and texts of the filled cells."""

    def products(self) -> list[str]:
        """The texts, with the address behind a cell in its stead where it names a product."""
        return [self.product(row, text) for row, text in self.cells]

    def product(self, row: int, text: str) -> str:
        """A cell's text, or the product behind it."""
        link = self.sheet.links.get((row, self.index))
        return link if link is not None and _resolves(link) else text


def columns_of(sheet: Sheet) -> list[Column]:
    """Its filled columns, in order; each cell is looked at once."""
    above, header = _header(sheet.rows)
    cells: dict[int, list[tuple[int, str]]] = {}
    for number, row in sheet.rows[above:]:
        for index, text in enumerate(row):
            if text:
                cells.setdefault(index, []).append((number, text))
    found = [_column(sheet, index, header, texts) for index, texts in sorted(cells.items())]
    return [column for column in found if column.cells]


def _column(sheet: Sheet, index: int, header: Sequence[str] | None, cells: list[tuple[int, str]]) -> Column:
    name = header[index] if header is not None and index < len(header) else ""
    column = Column(sheet, index, plain(name) or letters(index), role_of(name) if name else None, tuple(cells))
    if header is None and not sheet.is_text and _begins_with_name(column):
        return Column(sheet, index, plain(cells[0][1]), None, tuple(cells[1:]))
    return column


def _begins_with_name(column: Column) -> bool:
    """Whether a text without digits stands above products."""
    first, *rest = [column.product(row, text) for row, text in column.cells[:_SAMPLE_CELLS]]
    nameless = len(first) > _LONGEST_NAME or any(map(str.isdigit, first)) or _resolves(first)
    return not nameless and _share(rest) >= _ENOUGH


def _header(rows: Sequence[Row]) -> tuple[int, Sequence[str] | None]:
    """How many rows stand above the values, the last of them the header; none without one that we know."""
    best, place = 0, None
    for index, (number, row) in enumerate(rows[:_TITLE_ROWS]):
        if any(is_certain(cell) for cell in row if cell) and not _names_products(rows, index):
            break
        worth = _worth(row)
        if worth > best and _may_head(rows, index, number):
            best, place = worth, index
    return (0, None) if place is None else (place + 1, rows[place][1])


def _names_products(rows: Sequence[Row], index: int) -> bool:
    """Whether products are names of columns: beside a name that we know, with no product below any of them."""
    head = rows[index][1]
    below = [row for _, row in rows[index + 1 : index + 1 + _SAMPLE_CELLS]]
    places = [place for place, cell in enumerate(head) if cell and is_certain(cell)]
    names = [role for cell in head if cell and (role := role_of(cell)) is not None]
    exact = any(extra == 0 and role not in {Role.OTHER, Role.TEXT} for role, extra in names)
    filled = [row[place] for row in below for place in places if place < len(row) and row[place]]
    return exact and bool(filled) and not any(map(is_certain, filled))


def _worth(row: Sequence[str]) -> int:
    """How much the row looks like names of columns."""
    roles = [role for cell in row if cell and (role := role_of(cell)) is not None]
    wanted = [extra for role, extra in roles if role not in {Role.OTHER, Role.TEXT}]
    if sum(map(bool, row)) == 1:
        return 3 if wanted and wanted[0] == 0 else int(any(role is Role.OTHER for role, _ in roles))
    return len(roles) + sum(2 for extra in wanted if extra == 0)


def _may_head(rows: Sequence[Row], index: int, number: int) -> bool:
    """Whether what stands above the row are titles: fewer cells, and for a row of one cell a gap or a product below."""
    filled = sum(map(bool, rows[index][1]))
    if filled == 1 and _worth(rows[index][1]) == 1:  # a keyword may be such a word: numbers and codes are none
        below = [cell for _, row in rows[index + 1 : _SAMPLE_CELLS] for cell in row if cell]
        return index == 0 and all(any(map(str.isdigit, cell)) for cell in below)
    if index == 0:
        return True
    if filled > 1:
        return all(sum(map(bool, row)) < filled for _, row in rows[:index])
    below = rows[index + 1][1] if index + 1 < len(rows) else []
    return rows[index - 1][0] < number - 1 or any(is_certain(cell) for cell in below if cell)


def letters(index: int) -> str:
    """``A``, ``Z``, ``AA``: what spreadsheets call a column without a name."""
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _resolves(text: str) -> bool:
    """Ten letters alone are rather a word than an ASIN: those in use have a digit."""
    target = marketplaces.find_target(text, _DEFAULT)
    return target is not None and any(map(str.isdigit, target.asin))


def _share(texts: Sequence[str]) -> float:
    """Of the texts, how many are surely products; numbers count where nearly all of them are ISBNs."""
    numbers = [text for text in texts if text.isdigit()]
    short = [text for text in numbers if with_zeros(text) is not None]
    books = [text for text in numbers if isbn10(text) is not None] + (short if len(short) >= _ENOUGH_NUMBERS else [])
    counted = len(books) if len(books) >= _NEARLY_ALL * len(numbers) else 0
    sure = sum(map(_is_sure, (text for text in texts if not text.isdigit())))
    return (sure + counted) / len(texts) if texts else 0.0


def _is_sure(text: str) -> bool:
    """Whether the text can only be a product: bare, in quotes, behind a label, or several of them."""
    if text.isalnum():
        return is_certain(text)
    return _resolves(text) or all(map(is_certain, marketplaces.words(text)))


def rank_for_products(column: Column) -> Rank | None:
    """How well the column does as one of products, None where it does not."""
    role, extra = column.role or (None, 0)
    texts = [column.product(row, text) for row, text in column.cells[:_SAMPLE_CELLS]]
    if column.sheet.is_text:
        texts = [_product_in(text) for text in texts]
    share = _share(texts)
    if role in {Role.ASIN, Role.ISBN}:
        has_any = share > 0 or any(_resolves(text) or with_zeros(text) for text in column.products())
        return (int(role) if has_any else 9, extra, column.index)
    repeated = len(texts) > 1 and len(set(texts)) == 1
    if role is Role.VARIANT_OF:
        return (_BARELY, int(repeated), column.index) if share > 0 else None
    if share >= _ENOUGH:
        place = {Role.LINK: 2, Role.CODE: 3, Role.OTHER: 8, Role.KEYWORD: 8}.get(role, 4) if role is not None else 4
        return (6 if repeated and place < 6 else place, extra, column.index)  # noqa: PLR2004 - the ranks of this table
    if share > 0 or (role is Role.LINK and any("/" in text for text in texts)):
        return (9, 0, column.index)
    codes = sum(not text.isdigit() and _resolves(text) for text in texts)
    weak = role is None and codes >= _ENOUGH * len(texts)
    return (10, int(repeated), column.index) if weak else None


def _product_in(note: str) -> str:
    """The first product of a line of notes, the line where it names none."""
    words = (next(marketplaces.readings(word), word) for word in marketplaces.words(note))
    return next(filter(is_certain, words), note)


def rank_for_keywords(column: Column) -> Rank | None:
    """How well the column does as one of keywords, None where it does not."""
    role, extra = column.role or (None, 0)
    texts = [text for _, text in column.cells[:_SAMPLE_CELLS]]
    wordy = sum(map(is_wordy, texts)) / len(texts)
    if role is Role.KEYWORD:
        return (0 if wordy > 0 or _share(texts) == 0 else 9, extra, column.index)
    if wordy < _ENOUGH or role in {Role.ASIN, Role.ISBN, Role.LINK, Role.VARIANT_OF, Role.OTHER}:
        return None
    repeated = len(texts) > 1 and len(set(texts)) == 1
    return (6 if repeated else 3 if role is None else 4, extra, column.index)


def is_wordy(text: str) -> bool:
    """Whether the text may be a keyword: it has letters, and is neither a product nor an address."""
    return any(map(str.isalpha, text)) and not is_certain(plain(text)) and "://" not in text


@dataclass(frozen=True, slots=True)
class Choice:
    """The columns that the targets are taken from, and what they are."""

    kind: str
    """``details`` or ``search``."""
    columns: tuple[Column, ...]
    """One, or the column of that name in several sheets."""


def choose(
    sheets: Sequence[Sequence[Column]],
    kind: str | None,
    rather: str | None = None,
    *,
    sheet: str | None = None,
    column: str | None = None,
) -> Choice:
    """The columns of ``kind``, else of the kind ``rather`` where the file has any, else of the one that it is rather about.
    A sheet and a column can be named.

    Raises InvalidInputError where no column is of that kind, or none has the name. Without a kind the first column is taken
    where the file tells nothing.
    """
    offered = [columns for columns in sheets if columns and (sheet is None or _is_named(columns[0].sheet, sheet))]
    if not offered:
        raise _unknown("sheet", sheet, [columns[0].sheet.name or "" for columns in sheets if columns])
    if column is not None:
        return _named(offered, column, kind)
    ranked = {one: list(_ranked(offered, one)) for one in ("details", "search") if kind in {one, None}}
    if kind is None and not any(ranked.values()):
        return Choice("search", (offered[0][0],))
    kind = kind or (rather if rather and _has(offered, rather, ranked[rather]) else _rather(ranked))
    if not _has(offered, kind, ranked[kind]):
        raise _nothing(offered, kind)
    rank, _, best = min(ranked[kind], key=lambda one: (one[2].sheet.hidden, one[0][0], one[1], one[0]))
    alike = [one for _, _, one in sorted(ranked[kind], key=lambda one: one[1]) if _is_alike(one, best)]
    return Choice(kind, tuple(alike) if rank[0] < _NAMED else (best,))


def of_looks(
    sheets: Sequence[Sequence[Column]], looks: Callable[[str], bool], sheet: str | None = None
) -> Choice | None:
    """The column most of whose cells look like targets; None where half of no column does."""
    every = [column for columns in sheets for column in columns if sheet is None or _is_named(column.sheet, sheet)]
    shares = [(_share_of(column, looks), -place) for place, column in enumerate(every)]
    share, place = max(shares, default=(0.0, 0))
    return Choice("search", (every[-place],)) if share >= _ENOUGH else None


def _share_of(column: Column, looks: Callable[[str], bool]) -> float:
    texts = [text for _, text in column.cells[:_SAMPLE_CELLS]]
    return sum(map(looks, texts)) / len(texts) if texts else 0.0


def _has(sheets: Sequence[Sequence[Column]], kind: str, ranked: Sequence[tuple[Rank, int, Column]]) -> bool:
    return bool(ranked) and not (kind == "search" and _is_about_products(sheets, ranked))


def _ranked(sheets: Sequence[Sequence[Column]], kind: str) -> Iterator[tuple[Rank, int, Column]]:
    """Rank, place of the sheet, column: of all that do."""
    for place, columns in enumerate(sheets):
        for column in columns:
            rank = rank_for_products(column) if kind == "details" else rank_for_keywords(column)
            if rank is not None:
                yield rank, place, column


def _rather(ranked: dict[str, list[tuple[Rank, int, Column]]]) -> str:
    """Products, but where only keywords are named exactly."""
    products, keywords = (
        min((rank[:2] for rank, _, _ in ranked[kind]), default=(99, 0)) for kind in ("details", "search")
    )
    if keywords[0] == 0 and (products[0] >= _NAMED or products[1] > keywords[1]):
        return "search"
    return "details" if (ranked["details"] and products[0] < 9) or not ranked["search"] else "search"  # noqa: PLR2004


def _is_about_products(sheets: Sequence[Sequence[Column]], keywords: Sequence[tuple[Rank, int, Column]]) -> bool:
    """Whether the file has products and nothing that is named as keywords: then its titles are none.

    Beside products in a table without names, texts are taken for keywords.
    """
    best = min(keywords, key=lambda one: one[0])
    products = [column for rank, _, column in _ranked(sheets, "details") if rank[0] < _BARELY]
    nameless = best[2].name == letters(best[2].index) and any(column.sheet is best[2].sheet for column in products)
    return best[0][0] != 0 and bool(products) and not nameless


def _is_alike(one: Column, best: Column) -> bool:
    """Whether it is the column of that name in another sheet that is seen."""
    if one.sheet is best.sheet:
        return one is best
    return one.name.casefold() == best.name.casefold() and one.role == best.role and not one.sheet.hidden


def _is_named(sheet: Sheet, name: str) -> bool:
    return (sheet.name or "").casefold().strip() == name.casefold().strip()


def _named(sheets: Sequence[Sequence[Column]], name: str, kind: str | None) -> Choice:
    wanted = plain(name).casefold()
    everywhere = [column for columns in sheets for column in columns]
    found = [column for column in everywhere if column.name.casefold() == wanted]
    found = found or [column for column in everywhere if letters(column.index).casefold() == wanted]
    if not found:
        raise _unknown("column", name, [column.name for column in everywhere])
    if kind is None:
        kind = "details" if rank_for_products(found[0]) is not None else "search"
    first = {id(column.sheet): column for column in reversed(found)}
    return Choice(kind, tuple(reversed(first.values())))


def _unknown(what: str, name: str | None, known: Sequence[str]) -> InvalidInputError:
    if not known:
        return InvalidInputError("The file is empty", [Detail("file", "is empty")])
    shown = ", ".join(repr(one[:_LONGEST_NAME]) for one in dict.fromkeys(known[:20]))
    message = f"The file has no {what} named {name!r}. Its {what}s: {shown}"
    return InvalidInputError(message, [Detail(what, message)])


def _nothing(sheets: Sequence[Sequence[Column]], kind: str) -> InvalidInputError:
    other = "search" if kind == "details" else "details"
    ranked = sorted((rank, place, column.name) for rank, place, column in _ranked(sheets, other))
    hint = f"; the column {ranked[0][2]!r} looks like {_WORD[other]}" if ranked else ""
    if kind == "details" and (codes := codes_in(sheets)):
        hint = f"; the column {codes!r} has product codes (EAN, UPC, GTIN), which are not ASINs but can be searched for"
    message = f"No column of the file is one of {_WORD[kind]}{hint}. Name the column to take with --column"
    return InvalidInputError(message, [Detail("column", message)])


def codes_in(sheets: Sequence[Sequence[Column]]) -> str | None:
    """The column of product codes (EAN, UPC, GTIN) of a file without a column of products; None where there is none."""
    if any(_ranked(sheets, "details")):
        return None
    return next((column.name for columns in sheets for column in columns if _has_codes(column)), None)


def _has_codes(column: Column) -> bool:
    texts = [text for _, text in column.cells[:_SAMPLE_CELLS]]
    codes = [text for text in texts if (refused := marketplaces.refusal(text)) and refused.reason == "gtin"]
    return len(codes) >= _ENOUGH * len(texts)


_WORD = {"details": "products", "search": "keywords"}
