"""Best sellers and the lists beside them: a row for each rank, what each list says about itself, and the options of jobs."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options, whole
from azscraper.records.parts import Category, Contributor, Coverage, DeliverTo, IsoDate, Money, PriceRange, Record

ChartList = Literal["best_sellers", "new_releases", "movers_and_shakers", "most_wished_for", "most_gifted"]


class ChartRow(PageRecord):
    """One rank of a list (job type ``bestsellers``)."""

    list: ChartList
    is_free: bool = False
    """Of the list of what costs nothing: Kindle books and apps have one."""
    rank: int
    """In its category, as the page numbers it."""
    position: int = 1
    """Counts rows over all pages, 1-based. On the root list ranks begin again with each department, positions do not."""
    page: int = 1
    asin: str
    title: str | None = None
    contributors: tuple[Contributor, ...] = ()
    """Authors, artists or the publisher, as the tile prints them."""
    format: str | None = None
    """As printed: "Kindle Edition", "Paperback"."""
    image: str | None = None
    price: Money | None = None
    price_range: PriceRange | None = None
    rating: float | None = None
    rating_count: int | None = None
    offers_from: Money | None = None
    """The least price of a tile that prints no price of its own: "18 offers from $16.91"."""
    offer_count: int | None = None
    release_date: IsoDate | None = None
    """ISO 8601, where the tile prints a date."""
    is_prime: bool | None = None
    """True where the tile has the badge."""
    sales_rank: int | None = None
    """Of movers and shakers: the sales rank now."""
    prior_sales_rank: int | None = None
    """Of movers and shakers: the sales rank a day before; None for what had none."""
    rank_change_percent: float | None = None
    rank_only: bool = False
    """The page names the product at this rank and draws no tile, so that nothing but rank and ASIN is known."""
    category: Category | None = None
    """In which it has the rank."""
    record: Literal["ChartRow"] = "ChartRow"
    """What the row is; the last column of a table."""


class ChartTab(Record):
    """A link to another of the five lists."""

    list: ChartList
    url: str
    selected: bool = False


class ChartPage(Record):
    """What a list says about itself."""

    list: ChartList | None = None
    is_free: bool = False
    department: str | None = None
    """As addresses name it: ``electronics``; None of the root list."""
    node: str | None = None
    """Browse node; None of a whole department."""
    name: str | None = None
    """Of the category: "Headphones"."""
    title: str | None = None
    """As printed: "Best Sellers in Headphones"."""
    page: int = 1
    last_page: int | None = None
    updated_text: str | None = None
    """How old the list may be, as printed: "Updated frequently"."""
    current_category: Category | None = None
    parent_category: Category | None = None
    child_categories: tuple[Category, ...] = ()
    """Each has the address of its own list, which is a target."""
    tabs: tuple[ChartTab, ...] = ()
    deliver_to: DeliverTo | None = None
    """The place that the page says its prices are for."""
    coverage: Coverage | None = None


class BestsellersOptions(Options):
    """Options of jobs of type ``bestsellers``."""

    list: ChartList | None = None
    """Which list, of targets that are departments. Default: best_sellers. An address of another list stays what it is."""
    free: Annotated[bool, Field(strict=True)] | None = None
    """The list of what costs nothing, where there is one: of Kindle books and apps."""
    pages: Annotated[int, Field(ge=1, le=2, strict=True), BeforeValidator(whole)] | None = None
    """Pages of 50 ranks. Default: 2, which is the whole list."""
