"""Pages of deals: a row for each deal, what the page says about itself, and the options of jobs that ask for them."""

from typing import Annotated, Literal

from pydantic import Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options
from azscraper.records.parts import Category, Coverage, DeliverTo, Money, PriceRange, Record, Savings
from azscraper.records.search_parts import Swatch


class DealRow(PageRecord):
    """One deal (job type ``deals``)."""

    deal_id: str | None = None
    asin: str | None = None
    """None of a deal of many products."""
    parent_asin: str | None = None
    title: str | None = None
    brand: str | None = None
    image: str | None = None
    deal_price: Money | None = None
    price_range: PriceRange | None = None
    """Of a deal of many products."""
    list_price: Money | None = None
    list_price_kind: Literal["list", "was", "typical", "recommended", "lowest_30_days"] | None = None
    """What the page calls the price that it compares with; None where it says nothing that is known."""
    savings: Savings | None = None
    discount_percent: int | None = None
    """As printed."""
    discount_up_to: int | None = None
    """Of a deal of many products: the most that one of them saves, in percent."""
    type: str | None = None
    """best_deal, lightning, deal_of_the_day, coupon, prime_exclusive, or the shop's own word in small letters."""
    state: str | None = None
    """available, upcoming, waitlist, expired, or the shop's own word in small letters."""
    badge: str | None = None
    """As printed: "Limited time deal"."""
    theme: str | None = None
    """Of an event: "Great Indian Festival"."""
    starts_at: str | None = None
    """ISO 8601, UTC."""
    ends_at: str | None = None
    ends_soon: bool | None = None
    """Whether the page counts down to its end."""
    percent_claimed: int | None = None
    access_type: str | None = None
    """Who may buy: ``prime`` or the shop's own word in small letters."""
    prime_only: bool | None = None
    rating: float | None = None
    rating_count: int | None = None
    is_prime: bool | None = None
    category: Category | None = None
    """The first of its departments that the page has a filter for."""
    department_ids: tuple[str, ...] = ()
    """Browse nodes."""
    variants: tuple[Swatch, ...] = ()
    shelf: str | None = None
    """Heading of the row of products that it stands in; None of the grid."""
    position: int = 1
    """Place on the page, from 1."""
    record: Literal["DealRow"] = "DealRow"
    """What the row is; the last column of a table."""


class Shelf(Record):
    """A row of products beside the grid."""

    title: str | None = None
    count: int
    """Products of it that the page draws."""


class DealsPage(Record):
    """What a page of deals says about itself."""

    title: str | None = None
    url: str | None = None
    """Which event it is today, as the page names itself."""
    departments: tuple[Category, ...] = ()
    """Filters that the page offers; their ids are values of the option ``department``."""
    shelves: tuple[Shelf, ...] = ()
    page_size: int | None = None
    """Deals of the grid that the page holds; scripts load the others."""
    coverage: Coverage
    deliver_to: DeliverTo | None = None
    """The place that the page says its prices are for."""


class DealsOptions(Options):
    """Options of jobs of type ``deals``."""

    department: Annotated[str | None, Field(pattern=r"^\d{3,15}$", examples=["172282"])] = None
    """Deals of this department alone, a browse node as the page's own filter names it. Only those that the page holds are looked through."""
