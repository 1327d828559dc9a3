"""What the address of the table of products asks for: which products, in which order, with which columns. What makes no sense is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Query

from azscraper.tracking.finding.finder import Condition
from azscraper.tracking.product_table import SORTS
from azscraper.words import SeriesField

COLUMNS = ("id", "price", "d1", "d7", "d30", "spark", "rank", "rating", "seller", "stock", "checked")
"""That can be left out, in the table's order."""
_CHOICES = {"stock": ("in", "few", "out"), "moved": ("fell", "rose"), "box": ("mine", "others")}
_BOUNDS = {
    "stars": (SeriesField.RATING, ">="),
    "stars_below": (SeriesField.RATING, "<"),
    "reviews": (SeriesField.RATING_COUNT, ">="),
    "reviews_below": (SeriesField.RATING_COUNT, "<"),
    "rank": (SeriesField.RANK, "<="),
    "rank_above": (SeriesField.RANK, ">"),
    "low": (SeriesField.PRICE, ">="),
    "high": (SeriesField.PRICE, "<="),
}
BOUNDS = tuple(_BOUNDS)
"""Filters that take a number."""
EVERYWHERE = "all"
"""In place of a marketplace: all of them."""
_TEXTS = ("marketplace", "q", "stock", "moved", "list", "tag", "box", *BOUNDS)
_MOST = 10**12


@dataclass(frozen=True, slots=True)
class Filters:
    """The address, read."""

    marketplace: str = ""
    q: str = ""
    stock: str = ""
    moved: str = ""
    list: str = ""
    """Id of a list: only its products."""
    tag: str = ""
    """Only products that have it in some list."""
    box: str = ""
    """Whose the buy box is: ``mine``, ``others``; empty: anybody's, or nobody's."""
    stars: str = ""
    stars_below: str = ""
    reviews: str = ""
    reviews_below: str = ""
    rank: str = ""
    rank_above: str = ""
    low: str = ""
    high: str = ""
    mine: bool = False
    """Only one's own products."""
    sort: str = "d7"
    columns: tuple[str, ...] = ()
    """Chosen ones; none: all."""
    mixes_currencies: bool = False
    """Whether prices of several currencies stand in the table: they can't be sorted, nor be compared with a number."""

    @property
    def is_everywhere(self) -> bool:
        """Whether the products of all marketplaces stand in the table."""
        return self.marketplace == EVERYWHERE

    def mixed(self) -> "Filters":
        """The same for prices in several currencies: without what would compare them."""
        by_price = self.sort.removeprefix("-") == "price"
        return replace(self, mixes_currencies=True, sort="d7" if by_price else self.sort, low="", high="")

    def query(self, **changes: str | int) -> str:
        """An address's query with something changed."""
        own: dict[str, str | int] = {name: getattr(self, name) for name in _TEXTS}
        own |= {"mine": int(self.mine), "sort": self.sort}
        pairs = [(name, value) for name, value in (own | changes).items() if value]
        return urlencode([*pairs, *(("column", name) for name in self.columns)])

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """What the query says, for a form."""
        return parse_qsl(self.query())

    def by(self, column: str) -> str:
        """The query that sorts by a column; by the one that it is sorted by, the other way round."""
        return self.query(sort=f"-{column}" if self.sort == column else column)

    def direction(self, column: str) -> str:
        """For ``aria-sort``; empty of a column that it is not sorted by."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "")

    def shows(self, column: str) -> bool:
        """Whether the table has the column."""
        return not self.columns or column in self.columns

    @property
    def bounds(self) -> dict[str, str]:
        """Numbers that are set."""
        return {name: value for name in BOUNDS if (value := getattr(self, name))}

    @property
    def conditions(self) -> Sequence[Condition]:
        """The same as the finder takes them."""
        return [Condition(*_BOUNDS[name], float(value)) for name, value in self.bounds.items()]

    @property
    def everything(self) -> str:
        """The query of all products of the marketplace, sorted and shown as now."""
        nothing = dict.fromkeys((name for name in _TEXTS if name != "marketplace"), "")
        return self.query(**nothing, mine=0)


_Text = Annotated[str, Query(max_length=100)]
_Word = Annotated[str, Query(max_length=20)]


def asked(
    *,
    marketplace: _Text = "",
    q: _Text = "",
    stock: _Word = "",
    moved: _Word = "",
    of_list: Annotated[str, Query(alias="list", max_length=24)] = "",
    tag: Annotated[str, Query(max_length=40)] = "",
    box: _Word = "",
    stars: _Word = "",
    stars_below: _Word = "",
    reviews: _Word = "",
    reviews_below: _Word = "",
    rank: _Word = "",
    rank_above: _Word = "",
    low: _Word = "",
    high: _Word = "",
    mine: bool = False,
    sort: _Word = "",
    column: Annotated[list[_Word], Query(max_length=30)] = [],  # noqa: B006 - FastAPI copies it
) -> Filters:
    """Of the request's address."""
    chosen = {"stock": stock, "moved": moved, "box": box}
    bounds = {"stars": stars, "reviews": reviews, "rank": rank, "low": low, "high": high}
    bounds |= {"stars_below": stars_below, "reviews_below": reviews_below, "rank_above": rank_above}
    return Filters(
        marketplace=marketplace,
        q=q.replace("\0", "").strip(),
        tag=tag.replace("\0", "").strip(),
        list=of_list,
        mine=mine,
        sort=sort if sort.removeprefix("-") in SORTS else "d7",
        columns=_columns(column),
        mixes_currencies=False,
        **{name: value if value in _CHOICES[name] else "" for name, value in chosen.items()},
        **{name: _number(value) for name, value in bounds.items()},
    )


def _columns(names: list[str]) -> tuple[str, ...]:
    """In the table's order; none where all of them are chosen."""
    known = tuple(name for name in COLUMNS if name in names)
    return () if known == COLUMNS else known


def _number(text: str) -> str:
    """As Python and the finder read it; empty for what is no number from 0 on."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return ""
    return f"{found:g}" if 0 <= found < _MOST else ""
