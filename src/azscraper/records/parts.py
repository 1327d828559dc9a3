"""What records are made of: amounts, offers, reviews, variants and the words of a page's state.

JSON keys are camelCase; amounts are exact decimals in Python and JSON numbers on the wire.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from azscraper.records.field_texts import Described


def _json_number(value: Decimal) -> int | float:
    """A decimal as the shortest JSON number: yen stay whole, 29.90 becomes 29.9."""
    return int(value) if value == value.to_integral_value() else float(value)


Amount = Annotated[Decimal, PlainSerializer(_json_number, return_type=int | float, when_used="json")]


IsoDate = Annotated[str, Field(json_schema_extra={"format": "date"})]
"""A day, ISO 8601: a text in Python and in JSON, a date in schemas and in Parquet."""


class InTables(StrEnum):
    """How a field stands in CSV and XLSX files, as a mark on its annotation; a field without one stands where its record has it."""

    LAST = "last"
    """Behind all other columns: newer than they are, in an older part."""
    ON_REQUEST = "on_request"
    """In files whose reader names it alone: it holds much."""


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


class ConditionState(StrEnum):
    """What an offer's words on its condition mean."""

    NEW = "new"
    RENEWED = "renewed"
    LIKE_NEW = "like_new"
    VERY_GOOD = "very_good"
    GOOD = "good"
    ACCEPTABLE = "acceptable"
    COLLECTIBLE = "collectible"
    RENTAL = "rental"
    UNKNOWN = "unknown"
    """Used, and the page names no grade."""


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


class Record(Described):
    """Frozen, camelCase on the wire; the string under a field is its reference documentation."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        defer_build=True,
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


class UnitCount(Record):
    """How much a package holds: "Unit Count: 12.0 Fl Oz"."""

    value: Amount
    unit: str | None = None
    """As printed; None where the page prints the number alone."""


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
    """Whether a visitor can buy the product, and how many."""

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
    earliest: IsoDate | None = None
    """First day that the promise names, ISO 8601; of a promise for a day at the latest ("get it by") none."""
    latest: IsoDate | None = None
    """Last day that the promise names, ISO 8601."""
    price: Money | None = None
    """What one unit pays: zero when the page says that delivery is free, None where it is free from an amount on only."""


class Offers(Record):
    """The "New & Used (12) from $8.99" block."""

    new_count: int | None = None
    new_from: Money | None = None
    used_count: int | None = None
    used_from: Money | None = None
    mixed_count: Annotated[int | None, InTables.LAST] = None
    """Where the page does not tell new offers from used ones: "New & Used (3) from $8.99", "2 options from $8.99"."""
    mixed_from: Annotated[Money | None, InTables.LAST] = None


class Video(Record):
    """A video of the gallery."""

    title: str | None = None
    url: str
    thumbnail: str | None = None
    id: str | None = None
    duration: int | None = None
    """Seconds."""
    width: int | None = None
    height: int | None = None
    kind: str | None = None
    """Whose film it is: ``seller``, ``customer`` or the shop's own name of the group."""
    creator: str | None = None


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
    url: str | None = None
    """Of its own page."""
    image: str | None = None
    """Its main picture, where the page names it."""
    swatch: str | None = None
    """The picture of the value that the page lets a buyer choose it by."""
    is_selected: bool = False
    """Whether the page is about this member."""
    list_price: Money | None = None
    """The struck price of its swatch."""
    title: str | None = None
    """Of its own page, where this one prints it: of the member that it is about, and of those that stand among its neighbours."""


class Variants(Record):
    """The variation family as the page shows it."""

    dimensions: tuple[str, ...] = ()
    selected: dict[str, str] = Field(default={})
    items: tuple[VariantItem, ...] = ()
    display_types: tuple[str, ...] = ()
    """How the page lets a buyer choose each dimension, in their order: swatch, dropdown, singleton (nothing to choose)."""


class Review(Record):
    """A review printed on the product page."""

    id: str
    title: str | None = None
    body: str | None = None
    rating: float | None = None
    author: str | None = None
    date: IsoDate | None = None
    """ISO 8601 date."""
    country: str | None = None
    """ISO 3166 code or the country's name as printed."""
    verified: bool = False
    helpful: int | None = None
    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    variant: str | None = None
    """Of the product that was reviewed, as printed: "Color: Black"."""
    author_id: str | None = None
    author_url: str | None = None
    is_vine: bool = False
    """Written for a free sample."""
    is_global: bool = False
    """From another country's site."""
    url: str | None = None


class RelatedAsins(Record):
    """Products that the page puts beside this one."""

    bought_together: tuple[str, ...] = ()
    """Of "Frequently bought together", of newer products "Buy it with"; outfits and a seller's bundles are not."""
    similar: tuple[str, ...] = ()
    """Of the first block that the page has of: a table that compares similar items, what others viewed, what they bought
    instead, similar items, what they bought as well. Sponsored products are not among them."""
    newer_model: str | None = None


class OtherOffers(Record):
    """The line under a tile that counts further offers, such as "(12 new offers)"."""

    count: int | None = None
    from_price: Money | None = None

    model_config = ConfigDict(
        alias_generator=lambda name: "from" if name == "from_price" else to_camel(name), populate_by_name=True
    )


class Refinement(Record):
    """A filter that the page offers, or has applied."""

    group: str
    name: str
    url: str | None = None
    value: str | None = None
    """The term of ``rh`` that chooses it, for example ``p_123:308445``."""
    count: int | None = None
    """How many results it has, where the page says so."""
    is_applied: bool = False


class Condition(Record):
    """The condition of an offer."""

    state: ConditionState
    text: str | None = None
    """As printed: "Used - Very Good"."""
    note: str | None = None
    """What its seller says of it."""


class Coverage(Record):
    """How much of what a page claims its answer holds."""

    have: int
    """Rows of the answer."""
    total: int | None = None
    """What the page claims to have; None where it claims nothing."""
    complete: bool
    reason: Literal["robots_disallowed", "sign_in_required", "not_served"] | None = None
    """Why it is not complete, where what is missing was not asked for or not given."""


class DeliverTo(Record):
    """The place that a page says its prices and deliveries are for ("Deliver to …")."""

    text: str
    """The place as printed: "New York 10010", "Turkey"."""
    postal_code: str | None = None
    """As printed: some sites show a part of it."""
    country: str | None = None
    """ISO 3166 code, where the page names a country."""
