"""The two records that carry the product's value, and the page they are read from.

A field that the page does not show is ``None`` (lists: empty), never guessed. A value that is on the page but cannot
be read is ``None`` as well, and its JSON name stands in ``warnings``: absent and failed can be told apart. JSON keys
are camelCase; amounts are exact decimals in Python and JSON numbers on the wire.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from azscraper.records.parts import (
    Availability,
    BestsellerRank,
    Brand,
    Category,
    Contributor,
    Deal,
    Delivery,
    Money,
    Offers,
    OfferState,
    OtherOffers,
    PriceRange,
    Record,
    Refinement,
    RelatedAsins,
    Review,
    Savings,
    Seller,
    UnitPrice,
    Variants,
    Video,
)

PARSER_VERSION = "2026.11.3"
"""Changes whenever the same page could give another record; stored with every record."""


class PageKind(StrEnum):
    """What a fetched page is, decided before any field is read."""

    PRODUCT = "product"
    SEARCH = "search"
    EMPTY_SEARCH = "empty_search"
    """A real "no results" page: the target succeeds with zero rows."""
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    """Robot check, CAPTCHA, "automated access" text, 503 "Sorry" page."""
    SIGN_IN = "sign_in"
    CONSENT = "consent"
    TRUNCATED = "truncated"
    """A product or search page that was cut off before its content ended."""
    UNREADABLE = "unreadable"
    """Built so that reading it would take minutes; it is not read."""
    UNKNOWN = "unknown"


class PageRecord(Record):
    """What every record says about the page that it was read from."""

    url: str | None = None
    """Canonical: ``https://<host>/dp/<ASIN>``."""
    marketplace: str | None = None
    """Host, for example ``www.amazon.de``."""
    language: str | None = None
    """BCP 47, as served."""
    fetched_at: datetime | None = None
    """UTC; set by whoever fetched the page."""
    parser_version: str = PARSER_VERSION
    warnings: tuple[str, ...] = ()
    """JSON names of fields that the page shows but that could not be read."""


class Product(PageRecord):
    """One product page (job type ``details``)."""

    asin: str | None = None
    """Of the page actually served: variant redirects happen."""
    parent_asin: str | None = None
    """Of the variation family."""
    requested_asin: str | None = None
    """What the target asked for; differs from ``asin`` after a redirect."""
    title: str | None = None
    brand: Brand | None = None
    contributors: tuple[Contributor, ...] = ()
    price: Money | None = None
    """What a visitor pays now: buy box, one unit."""
    list_price: Money | None = None
    """Struck-through list price, RRP, M.R.P., UVP."""
    savings: Savings | None = None
    price_range: PriceRange | None = None
    offer_state: OfferState = OfferState.NONE
    unit_price: UnitPrice | None = None
    subscribe_and_save: Money | None = None
    coupon: str | None = None
    deal: Deal | None = None
    availability: Availability | None = None
    seller: Seller | None = None
    ships_from: str | None = None
    fulfilled_by_amazon: bool | None = None
    condition: str | None = None
    is_prime: bool | None = None
    max_quantity: int | None = None
    return_policy: str | None = None
    delivery: Delivery | None = None
    offers: Offers | None = None
    rating: float | None = None
    """0 to 5."""
    rating_count: int | None = None
    """Global count of ratings."""
    review_count: int | None = None
    """Count of written reviews, where the page tells it apart from ratings."""
    rating_histogram: dict[str, int] | None = None
    """Percent for "5" to "1"."""
    answered_questions: int | None = None
    bought_past_month: int | None = None
    """Of "2K+ bought in past month": 2000."""
    images: tuple[str, ...] = ()
    """Gallery order, largest size that the page names, size suffix removed."""
    videos: tuple[Video, ...] = ()
    features: tuple[str, ...] = ()
    """The bullets of "About this item"."""
    description: str | None = None
    a_plus: str | None = None
    """Manufacturer's content as text."""
    attributes: dict[str, str] = Field(default={})
    """Overview table, technical details and detail bullets merged, labels as printed."""
    dimensions: str | None = None
    weight: str | None = None
    model_number: str | None = None
    manufacturer: str | None = None
    country_of_origin: str | None = None
    first_available: str | None = None
    """ISO 8601 date."""
    isbn10: str | None = None
    isbn13: str | None = None
    upc: str | None = None
    ean: str | None = None
    ingredients: str | None = None
    material: str | None = None
    color: str | None = None
    size: str | None = None
    bestseller_ranks: tuple[BestsellerRank, ...] = ()
    categories: tuple[Category, ...] = ()
    """Breadcrumb, root first."""
    variants: Variants | None = None
    badges: tuple[str, ...] = ()
    """amazons_choice, best_seller, climate_pledge, small_business, new_release, limited_deal."""
    top_reviews: tuple[Review, ...] = ()
    related_asins: RelatedAsins | None = None


class SearchRow(PageRecord):
    """One tile of a search page (job type ``search``)."""

    keyword: str | None = None
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
    coupon: str | None = None
    is_prime: bool | None = None
    delivery: Delivery | None = None
    availability: Availability | None = None
    variant_count: int | None = None
    """Of "+4 other colours": 4."""
    other_offers: OtherOffers | None = None


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


@dataclass(frozen=True, slots=True)
class RawPage:
    """A fetched page as a value."""

    url: str
    """Where the body came from, after redirects."""
    status: int
    body: bytes
    """Decompressed."""
    content_type: str
    fetched_at: datetime
    retry_after: str | None = None
    """The header as sent, seconds or an HTTP date."""
    packed: bytes | None = None
    """The body as it came, where it came compressed."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer, less cookies and what belongs to the connection or the length."""
    sent: tuple[tuple[str, str], ...] = ()
    """Headers of the request, as the marketplace gets them, less cookies."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a page became: its kind, and a record or rows where the kind has them."""

    kind: PageKind
    record: Product | None = None
    """Set when ``kind`` is ``product``."""
    rows: tuple[SearchRow, ...] = ()
    """Set when ``kind`` is ``search``."""
    summary: PageSummary | None = None
    """Set when ``kind`` is ``search`` or ``empty_search``."""
    warnings: tuple[str, ...] = ()
