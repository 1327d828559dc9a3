"""Result lists: a row for each tile, what each page says about itself, and the options of jobs that ask for them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options, whole
from azscraper.records.parts import (
    Availability,
    Category,
    DeliverTo,
    Delivery,
    Money,
    OtherOffers,
    PriceRange,
    Record,
    Refinement,
    UnitPrice,
)
from azscraper.records.search_parts import AdBlock, FormatPrice, Swatch, TileDeal, VideoBlock

RefinementTerm = Annotated[str, Field(pattern=r"^[A-Za-z][\w.-]{0,60}:[^,]{1,200}$")]
"""``p_123:308445``"""


class SearchRow(PageRecord):
    """One tile of a search page (job type ``search``)."""

    keyword: str | None = None
    """None in a list that was not searched for by one."""
    page: int = 1
    position: int = 1
    """Counts tiles over all pages, 1-based, sponsored ones included."""
    organic_position: int | None = None
    """Counts unsponsored tiles; ``None`` on a sponsored one."""
    asin: str
    title: str | None = None
    image: str | None = None
    brand: str | None = None
    sponsored: bool = False
    """From markup before words, in every locale."""
    price: Money | None = None
    list_price: Money | None = None
    unit_price: UnitPrice | None = None
    price_range: PriceRange | None = None
    rating: float | None = None
    rating_count: int | None = None
    bought_past_month: int | None = None
    badges: tuple[str, ...] = ()
    """amazons_choice, overall_pick, best_seller, new_release, limited_deal, climate_pledge, small_business."""
    coupon: str | None = None
    is_prime: bool | None = None
    delivery: Delivery | None = None
    availability: Availability | None = None
    variant_count: int | None = None
    """Of "+4 other colours": 4."""
    other_offers: OtherOffers | None = None
    slot: Literal["organic", "sponsored_product"] = "organic"
    """What the row is; brand advertisements, videos, carousels and editorial blocks are in the page's summary."""
    prices: tuple[FormatPrice, ...] = ()
    """Of a work in several formats, such as a book: one entry for each format that the tile names, its own first."""
    deal: TileDeal | None = None
    amazons_choice_for: str | None = None
    """The keyword for which the product is the shop's choice."""
    best_seller_in: Category | None = None
    variants: tuple[Swatch, ...] = ()
    """The swatches that the tile shows; ``variant_count`` says how many more there are."""
    node: str | None = None
    """Browse node of the list, where it is one of a category."""
    seller_id: str | None = None
    """Of the list, where it is one of a seller's products."""
    record: Literal["SearchRow"] = "SearchRow"
    """What the row is; the last column of a table."""


class PageSummary(Record):
    """What a search page says about itself."""

    keyword: str | None = None
    page: int = 1
    total_results: int | None = None
    total_is_estimate: bool | None = None
    """The page says "over 10,000 results"."""
    last_page: int | None = None
    corrected_keyword: str | None = None
    """What Amazon searched for instead."""
    related_searches: tuple[str, ...] = ()
    refinements: tuple[Refinement, ...] = ()
    result_from: int | None = None
    """Place of the first result of the page: 49 of "49-64 of 897 results"."""
    result_to: int | None = None
    page_size: int | None = None
    """How many results the page counts as its own; advertisements are not among them."""
    sponsored_count: int = 0
    """Rows of the page that are advertisements."""
    is_past_end: bool = False
    """Whether the page was asked for beyond the last one: its range runs backwards, or it has no results."""
    ad_blocks: tuple[AdBlock, ...] = ()
    """Brand advertisements, carousels and editorial blocks, in page order."""
    video_blocks: tuple[VideoBlock, ...] = ()
    deliver_to: DeliverTo | None = None
    """The place that the page says its prices are for."""
    empty_reason: Literal["no_results", "past_end"] | None = None
    """Why the page has no rows: there are none at all, or it is beyond the last page. ``null`` where it has rows."""


class SearchOptions(Options):
    """Options of jobs of type ``search``."""

    claimed = frozenset({"node", "refinements", "direct", "with_details"})

    pages: Annotated[int, Field(ge=1, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Result pages of each keyword."""
    sort: Annotated[str | None, Field(examples=["price-asc", "price-desc", "reviews", "newest", "bestsellers"])] = None
    """Order of the results: price-asc, price-desc, reviews, newest, bestsellers, or the marketplace's own sort key."""
    min_price: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Lowest price of the results, in the marketplace's currency."""
    max_price: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Highest price of the results, in the marketplace's currency."""
    category: str | None = None
    """Search alias to look in, for example ``electronics``."""
    node: Annotated[str | None, Field(pattern=r"^\d{1,20}$", examples=["172282"])] = None
    """Browse node to look in."""
    refinements: Annotated[tuple[RefinementTerm, ...] | None, Field(max_length=20, examples=[["p_123:308445"]])] = None
    """Filters, each by its term of rh, as the refinements of a page's summary name them in value."""
    direct: Annotated[bool, Field(strict=True)] | None = None
    """Search for the keyword as it is spelled, without the marketplace's correction."""
    with_details: Annotated[int, Field(ge=1, le=20, strict=True), BeforeValidator(whole)] | None = None
    """So many of the first unsponsored products get a row of their product page as well, behind those of the list."""
