"""Offers of a product: a row for each seller's offer, what the list says about itself, and the options of jobs that ask for them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options, whole
from azscraper.records.page_parts import DeliveryPromise
from azscraper.records.parts import (
    Availability,
    Condition,
    Coverage,
    DeliverTo,
    Money,
    Record,
    Savings,
    Seller,
    UnitPrice,
)

OfferCondition = Literal["new", "used", "like_new", "very_good", "good", "acceptable", "renewed", "collectible"]
"""What ``conditions`` may name; ``used`` is all grades of used items."""


class OfferRow(PageRecord):
    """One offer of a product (job type ``offers``)."""

    asin: str
    """Of the offer; lists hold offers of another variant now and then."""
    requested_asin: str | None = None
    """What the target asked for."""
    position: int = 1
    """Place among all offers that were read, from 1; the featured offer comes first."""
    page: int = 1
    """Of the list."""
    is_featured: bool = False
    """The marketplace shows it first: whoever adds the product to the cart buys from this seller."""
    offer_id: str | None = None
    """Key of the offer in its cart form; it changes when the offer does."""
    condition: Condition | None = None
    price: Money | None = None
    list_price: Money | None = None
    savings: Savings | None = None
    shipping: Money | None = None
    """What delivery of one unit costs: zero where the list says that it is free."""
    price_tax: Money | None = None
    """Estimate of the tax, where the list prints it apart. ``landed_price`` is without it."""
    landed_price: Money | None = None
    """Price and shipping together, only where the list says both."""
    deliveries: tuple[DeliveryPromise, ...] = ()
    ships_from: str | None = None
    """Who sends it, as printed."""
    ships_from_country: str | None = None
    """As printed, where the list names the country that an item comes from."""
    seller: Seller | None = None
    seller_rating: float | None = None
    """Stars, 0 to 5."""
    seller_rating_count: int | None = None
    seller_positive_percent: int | None = None
    """Share of positive ratings in the last 12 months."""
    is_new_seller: bool = False
    """The list says that the seller has just begun ("Just launched")."""
    fulfilled_by_amazon: bool | None = None
    is_prime: bool | None = None
    max_quantity: int | None = None
    """Units that an order has at most: the last of the list of quantities."""
    availability: Availability | None = None
    unit_price: UnitPrice | None = None
    """Price for a measure, where the list prints it: "($0.52 / Ounce)"."""
    coupon: str | None = None
    """A coupon on the offer, as printed."""
    min_quantity: int | None = None
    """Units that an order has at least, where that is more than one."""
    record: Literal["OfferRow"] = "OfferRow"
    """What the row is; the last column of a table."""


class OfferCounts(Record):
    """How many of the offers that were read are of each condition."""

    new: int = 0
    used: int = 0
    renewed: int = 0
    collectible: int = 0


class LowestOffers(Record):
    """The least price of each condition among the offers that were read, shipping not included."""

    new: Money | None = None
    used: Money | None = None
    renewed: Money | None = None
    collectible: Money | None = None


class OffersSummary(Record):
    """What a list of offers says about itself and its product."""

    asin: str | None = None
    title: str | None = None
    image: str | None = None
    rating: float | None = None
    rating_count: int | None = None
    source: Literal["offer_list", "product_page"] | None = None
    """Where the rows are from: the list of all offers, or the product page where that list could not be asked for."""
    featured: OfferRow | None = None
    """The offer that the marketplace shows first."""
    counts: OfferCounts = OfferCounts()
    lowest: LowestOffers = LowestOffers()
    filters_applied: tuple[str, ...] = ()
    """Conditions that the rows were limited to."""
    coverage: Coverage | None = None
    deliver_to: DeliverTo | None = None
    """The place that the page says its prices are for."""


class OffersOptions(Options):
    """Options of jobs of type ``offers``."""

    conditions: Annotated[tuple[OfferCondition, ...], Field(max_length=8)] | None = None
    """Conditions of the offers to keep: new, used (of any grade), like_new, very_good, good, acceptable, renewed, collectible."""
    pages: Annotated[int, Field(ge=1, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Pages of the offer list, ten offers each. Default: 1."""
