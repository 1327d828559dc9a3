"""Categories: what the page of a browse node says about itself, and the options of jobs. Their rows are ``SearchRow``."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from azscraper.records.options import Options, whole
from azscraper.records.parts import Category, Coverage, DeliverTo, Record, Refinement
from azscraper.records.search import RefinementTerm


class CategoryShelf(Record):
    """A row of products on the page of a category."""

    widget: str | None = None
    """The shop's own name of it."""
    title: str | None = None
    asins: tuple[str, ...]
    """In the order of the page, those that its data name and the page does not draw included."""


class SortOption(Record):
    """An order that a list can have."""

    key: str
    """What a job's ``sort`` takes."""
    name: str
    is_selected: bool = False


class Department(Record):
    """A part of the shop that searches can be kept to."""

    alias: str
    """What a search's ``category`` takes."""
    name: str


class CategoryPage(Record):
    """What the page of a category says about itself: a list of results, or a page with shelves."""

    layout: Literal["results", "shelves"] = "results"
    """What the page shows: a result list, or shelves, beside which it may hold a few results."""
    node: str | None = None
    """Browse node that was asked for."""
    canonical_node: str | None = None
    """That the page gives as its own."""
    name: str | None = None
    slug: str | None = None
    """Its name in addresses: ``electronics-store``."""
    parents: tuple[Category, ...] = ()
    """From the outermost on."""
    children: tuple[Category, ...] = ()
    related: tuple[Category, ...] = ()
    """Other categories that its shelves and pictures lead to."""
    shelves: tuple[CategoryShelf, ...] = ()
    page: int = 1
    last_page: int | None = None
    total_results: int | None = None
    total_is_estimate: bool | None = None
    """The page says "over 7,000 results"."""
    result_from: int | None = None
    result_to: int | None = None
    page_size: int | None = None
    refinements: tuple[Refinement, ...] = ()
    sort: str | None = None
    sort_options: tuple[SortOption, ...] = ()
    departments: tuple[Department, ...] = ()
    list_url: str | None = None
    """Where a page with shelves leads for all results."""
    deliver_to: DeliverTo | None = None
    coverage: Coverage | None = None


class CategoryOptions(Options):
    """Options of jobs of type ``category``."""

    pages: Annotated[int, Field(ge=1, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Result pages of each category. Default: 1."""
    sort: Annotated[str | None, Field(examples=["price-asc", "price-desc", "reviews", "newest", "bestsellers"])] = None
    """Order of the results: price-asc, price-desc, reviews, newest, bestsellers, or the marketplace's own sort key."""
    min_price: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Lowest price of the results, in the marketplace's currency."""
    max_price: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Highest price of the results, in the marketplace's currency."""
    refinements: Annotated[tuple[RefinementTerm, ...] | None, Field(max_length=20, examples=[["p_123:308445"]])] = None
    """Filters, each by its term of rh, as the refinements of a page's summary name them in value."""
    with_details: Annotated[int, Field(ge=1, le=20, strict=True), BeforeValidator(whole)] | None = None
    """So many of the first unsponsored products get a row of their product page as well, behind those of the list."""
