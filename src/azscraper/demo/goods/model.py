"""What a made-up product is: the true values, from which pages are rendered and against which rows are compared."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from azscraper.demo.goods.locales import Locale
from azscraper.records.parts import AvailabilityStatus, OfferState


@dataclass(frozen=True, slots=True)
class DemoSeller:
    """Who sells the buy-box offer."""

    name: str
    id: str
    is_shop: bool
    """Whether the marketplace itself sells."""


@dataclass(frozen=True, slots=True)
class DemoCategory:
    """A step of the breadcrumb."""

    name: str
    id: str
    """Browse node."""


@dataclass(frozen=True, slots=True)
class DemoUnitPrice:
    """A price for a measure, such as 100 g."""

    amount: Decimal
    per: str


@dataclass(frozen=True, slots=True)
class DemoOtherOffers:
    """Offers outside the buy box: how many, and the cheapest."""

    count: int
    lowest: Decimal


@dataclass(frozen=True, slots=True)
class DemoOffer:
    """The state of the buy box. Amounts are in the locale's currency."""

    state: OfferState
    status: AvailabilityStatus | None
    """None where the page has no availability line (see-all-buying-options, select-variant)."""
    availability: str | None = None
    """The line as printed."""
    quantity: int | None = None
    price: Decimal | None = None
    list_price: Decimal | None = None
    price_range: tuple[Decimal, Decimal] | None = None
    unit_price: DemoUnitPrice | None = None
    seller: DemoSeller | None = None
    ships_from: str | None = None
    condition: str | None = None
    """As printed; only used offers have one."""
    coupon: str | None = None
    deal: str | None = None
    new: DemoOtherOffers | None = None
    used: DemoOtherOffers | None = None

    @property
    def savings_percent(self) -> int | None:
        """Whole percent off the list price, rounded half up; None without a list price."""
        if self.price is None or self.list_price is None:
            return None
        return int((self.list_price - self.price) / self.list_price * 100 + Decimal("0.5"))


@dataclass(frozen=True, slots=True)
class DemoVariant:
    """A member of a variation family; the values stand in the order of the family's dimensions."""

    asin: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoFamily:
    """A variation family."""

    parent_asin: str
    dimensions: tuple[str, ...]
    """Labels as printed."""
    keys: tuple[str, ...]
    """Machine names, such as ``color_name``, in the same order."""
    members: tuple[DemoVariant, ...]


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """One product in one locale."""

    locale: Locale
    asin: str
    title: str
    """True value: NFC, whitespace collapsed, no invisible marks."""
    printed_title: str
    """What the page prints; differs from ``title`` for the Unicode edge cases."""
    brand: str | None
    brand_has_store: bool
    authors: tuple[str, ...]
    offer: DemoOffer
    rating: Decimal | None
    rating_count: int | None
    histogram: tuple[int, ...]
    """Percent for five stars down to one; empty without ratings."""
    bought_past_month: int | None
    image_names: tuple[str, ...]
    features: tuple[str, ...]
    description: str
    attributes: tuple[tuple[str, str], ...]
    categories: tuple[DemoCategory, ...]
    best_seller_rank: int
    badges: tuple[str, ...]
    """Names as in the record: amazons_choice, best_seller, limited_deal."""
    first_available: date
    details_as_bullets: bool
    """Whether the page lists its attributes as bullets (books, clothing) or as tables."""
    family: DemoFamily | None = None

    @property
    def images(self) -> tuple[str, ...]:
        """Absolute URLs in gallery order, largest size, without size suffix."""
        return tuple(f"{self.locale.origin}/images/I/{name}.jpg" for name in self.image_names)

    @property
    def selected(self) -> tuple[str, ...]:
        """The values of this product within its family; empty for a family's parent and outside families."""
        members = self.family.members if self.family else ()
        return next((member.values for member in members if member.asin == self.asin), ())
