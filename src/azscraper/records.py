"""The two records that carry the product's value, and the page they are read from.

A field that the page does not show is ``None`` (lists: empty), never guessed. A value that is on the page but cannot
be read is ``None`` as well, and its JSON name stands in ``warnings``: absent and failed can be told apart. JSON keys
are camelCase; amounts are exact decimals in Python and JSON numbers on the wire.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

PARSER_VERSION = "2026.11.0"
"""Changes whenever the same page could give another record; stored with every record."""


def _json_number(value: Decimal) -> int | float:
    """A decimal as the shortest JSON number: yen stay whole, 29.90 becomes 29.9."""
    return int(value) if value == value.to_integral_value() else float(value)


Amount = Annotated[Decimal, PlainSerializer(_json_number, return_type=int | float, when_used="json")]


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
    UNKNOWN = "unknown"


class AvailabilityStatus(StrEnum):
    """Whether a visitor can buy the product now."""

    IN_STOCK = "in_stock"
    LOW_STOCK = "low_stock"
    """In stock, and the page names how few are left."""
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    """Can be ordered now, ships later ("Usually ships within 1 to 2 months")."""
    UNAVAILABLE = "unavailable"
    """Currently unavailable: no offer at all."""
    UNKNOWN = "unknown"


class OfferState(StrEnum):
    """Why there is, or is no, price."""

    FEATURED_OFFER = "featured_offer"
    SELECT_VARIANT = "select_variant"
    SEE_ALL_BUYING_OPTIONS = "see_all_buying_options"
    UNAVAILABLE = "unavailable"
    NOT_SHIPPABLE = "not_shippable"
    """The offer does not ship to this visitor."""
    WITHHELD = "withheld"
    """The page leaves its offer block out for this visitor."""
    NONE = "none"


class Record(BaseModel):
    """Frozen, camelCase on the wire; the string under a field is its reference documentation."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True, extra="forbid"
    )


class Money(Record):
    """An amount in a currency, as the page shows it."""

    amount: Amount
    currency: str
    """ISO 4217, from the page (symbol and marketplace)."""


class UnitPrice(Record):
    """A price for a measure: "(0,99 € / 100 ml)"."""

    amount: Amount
    currency: str
    per: str
    """The measure as printed, for example ``100 ml``."""


class PriceRange(Record):
    """What a page shows until a variant is chosen."""

    min: Money
    max: Money


class Savings(Record):
    """What the visitor saves against the list price."""

    amount: Money | None = None
    percent: int | None = None


class Brand(Record):
    """The maker, from the byline with the phrase removed ("Visit the Sony Store" is Sony), else the attributes."""

    name: str
    url: str | None = None


class Contributor(Record):
    """Author, artist, actor, director, narrator, translator."""

    name: str
    role: str | None = None
    url: str | None = None


class Deal(Record):
    """A time-limited price."""

    label: str
    ends_at: str | None = None
    """ISO 8601 when the page says it."""


class Availability(Record):
    """Whether, and how many, a visitor can buy."""

    status: AvailabilityStatus
    text: str | None = None
    """As printed."""
    quantity: int | None = None
    """From "Only 3 left in stock", in every locale."""


class Seller(Record):
    """Who sells the buy-box offer."""

    name: str
    id: str | None = None
    """Merchant id, from the seller link or the offer form."""
    url: str | None = None
    is_amazon: bool = False


class Delivery(Record):
    """The delivery promise of the offer."""

    text: str
    earliest: str | None = None
    """First day that the promise names, ISO 8601; of a promise for a day at the latest ("get it by") none."""
    latest: str | None = None
    """Last day that the promise names, ISO 8601."""
    price: Money | None = None
    """Zero when the page says that delivery is free."""


class Offers(Record):
    """The "New & Used (12) from $8.99" block."""

    new_count: int | None = None
    new_from: Money | None = None
    used_count: int | None = None
    used_from: Money | None = None


class Video(Record):
    """A video of the gallery."""

    title: str | None = None
    url: str
    thumbnail: str | None = None


class BestsellerRank(Record):
    """One line of "Best Sellers Rank"."""

    rank: int
    category: str
    url: str | None = None


class Category(Record):
    """A step of the breadcrumb."""

    name: str
    id: str | None = None
    """Browse node."""
    url: str | None = None


class VariantItem(Record):
    """One member of the variation family."""

    asin: str
    values: dict[str, str]
    price: Money | None = None
    available: bool | None = None


class Variants(Record):
    """The variation family as the page shows it."""

    dimensions: tuple[str, ...] = ()
    selected: dict[str, str] = {}
    items: tuple[VariantItem, ...] = ()


class Review(Record):
    """A review printed on the product page."""

    id: str
    title: str | None = None
    body: str | None = None
    rating: float | None = None
    author: str | None = None
    date: str | None = None
    """ISO 8601 date."""
    country: str | None = None
    """ISO 3166 code or the country's name as printed."""
    verified: bool = False
    helpful: int | None = None


class RelatedAsins(Record):
    """Products that the page puts beside this one."""

    bought_together: tuple[str, ...] = ()
    """Of "Frequently bought together"; "Buy it with", a guess for new products, is not."""
    similar: tuple[str, ...] = ()
    newer_model: str | None = None


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
    attributes: dict[str, str] = {}
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


class OtherOffers(Record):
    """The line under a tile that counts further offers, such as "(12 new offers)"."""

    count: int | None = None
    from_price: Money | None = None

    model_config = ConfigDict(
        alias_generator=lambda name: "from" if name == "from_price" else to_camel(name), populate_by_name=True
    )


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


class Refinement(Record):
    """A filter that the page offers."""

    group: str
    name: str
    url: str | None = None


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
