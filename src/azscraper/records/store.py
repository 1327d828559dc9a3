"""Brand stores: a row for each product, what the store says about itself, and the options of jobs that ask for them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options, whole
from azscraper.records.parts import Availability, Coverage, DeliverTo, Money, PriceRange, Record, Savings, Video


class StoreItem(PageRecord):
    """One product of a brand store (job type ``store``)."""

    asin: str
    title: str | None = None
    image: str | None = None
    price: Money | None = None
    price_range: PriceRange | None = None
    """Of a product whose variants differ in price."""
    list_price: Money | None = None
    list_price_kind: Literal["list", "was", "typical", "recommended", "lowest_30_days"] | None = None
    savings: Savings | None = None
    rating: float | None = None
    rating_count: int | None = None
    availability: Availability | None = None
    offer_count: int | None = None
    """Offers in any condition."""
    kind: Literal["editorial", "regular"] = "regular"
    """Whether the brand laid the product out by itself or the store lists it in a grid."""
    section: str | None = None
    """Heading of the part of the page, where it has one."""
    page_id: str | None = None
    page_title: str | None = None
    """Of the page of the store that shows it first: "Headphones"."""
    position: int = 1
    """Place in the store, over all pages that were read, from 1."""
    is_listed_only: bool = False
    """The page names the product, and its scripts load what they show of it."""
    record: Literal["StoreItem"] = "StoreItem"
    """What the row is; the last column of a table."""


class StoreLink(Record):
    """A page of the store's navigation."""

    page_id: str
    title: str | None = None
    url: str
    parent: str | None = None
    """Id of the page above."""
    children: tuple[str, ...] = ()
    level: int | None = None
    """1 of the store's first page."""


class StorePage(Record):
    """What a page of a brand store says about itself; of a target, its first page, with the coverage of all."""

    page_id: str | None = None
    store_id: str | None = None
    title: str | None = None
    url: str | None = None
    brand: str | None = None
    description: str | None = None
    logo: str | None = None
    banner: str | None = None
    browse_node: str | None = None
    nav: tuple[StoreLink, ...] = ()
    """All pages of the store, each below its parent."""
    videos: tuple[Video, ...] = ()
    is_searchable: bool | None = None
    total_products: int | None = None
    """What a grid of the page says to have; None where none says it."""
    coverage: Coverage
    deliver_to: DeliverTo | None = None
    """The place that the page says its prices are for."""


class StoreOptions(Options):
    """Options of jobs of type ``store``."""

    subpages: Annotated[int, Field(ge=0, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Pages of the store's navigation to read behind its first: landing pages show few products."""
