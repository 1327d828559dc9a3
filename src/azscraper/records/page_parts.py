"""Parts of a product page beside its facts: pictures, documents, certificates, what buyers say in sum, products beside it."""

from typing import Literal

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from azscraper.records.parts import Availability, ConditionState, Delivery, Money, Record, Seller


class DeliveryPromise(Delivery):
    """One of several promises of delivery."""

    kind: str
    """standard, fastest, pickup, prime (for members) or other."""
    order_within: str | None = None
    """Until when to order for it, as printed."""


class BuyingOption(Record):
    """A way to buy the product."""

    kind: str
    """new, used, renewed, subscription, rental, prime (for members), exchange, business or other_seller."""
    price: Money | None = None
    list_price: Money | None = None
    condition: str | None = None
    condition_state: ConditionState | None = None
    seller: Seller | None = None
    ships_from: str | None = None
    availability: Availability | None = None
    deliveries: tuple[DeliveryPromise, ...] = ()
    offer_id: str | None = None
    is_selected: bool = False
    """The page shows it unfolded."""


class Subscription(Record):
    """Subscribe & Save."""

    price: Money | None = None
    percent: int | None = None
    """What a single subscription saves."""
    bulk_percent: int | None = None
    """What several save at most."""
    min_items: int | None = None
    """How many products in one delivery save that."""
    default_frequency: str | None = None
    """As printed: "1 month"."""
    coupon_percent: int | None = None
    """What a coupon takes off the first delivery."""


class CouponDetail(Record):
    """The coupon's line taken apart."""

    text: str
    amount: Money | None = None
    percent: int | None = None
    code: str | None = None
    subscription_only: bool = False


class DealDetail(Record):
    """The deal taken apart."""

    type: str
    """lightning, limited_time, prime or event."""
    badge: str
    percent_claimed: int | None = None
    starts_at: str | None = None
    """ISO 8601, of a deal that is announced, where its timer runs until then."""
    ends_at: str | None = None
    access_type: str | None = None
    """prime, where members alone get it."""


class ImageDetail(Record):
    """A picture of the gallery."""

    url: str
    """Largest form, size suffix removed: the one that ``images`` holds."""
    width: int | None = None
    """Pixels of the largest form whose size the page names."""
    height: int | None = None
    variant: str | None = None
    """MAIN, PT01 and so on: the seller's slot."""
    alt: str | None = None
    thumbnail: str | None = None


DocumentKind = Literal["manual", "safety", "warranty", "datasheet"]


class Document(Record):
    """A file that comes with the product: manual, safety sheet, warranty."""

    title: str
    url: str
    format: str | None = None
    """Of the file, in lower case: ``pdf``."""
    kind: DocumentKind | None = None
    """What its title says that it is."""


class Certificate(Record):
    """One sustainability feature, and who certifies it."""

    name: str
    text: str | None = None
    certifier: str | None = None


class Sustainability(Record):
    """The block of sustainability features, "Climate Pledge Friendly" until 2023."""

    text: str | None = None
    features: tuple[Certificate, ...] = ()


class EnergyLabel(Record):
    """The energy label that EU law asks for, or the energy guide of the USA."""

    model_config = ConfigDict(
        alias_generator=lambda name: "class" if name == "energy_class" else to_camel(name), populate_by_name=True
    )

    energy_class: str | None = None
    """A to G, with plus signs on old labels."""
    scale: str | None = None
    """The classes that the label knows, as printed: ``A to G``."""
    image_url: str | None = None
    product_sheet_url: str | None = None


class Aspect(Record):
    """A thing that buyers speak of."""

    name: str
    sentiment: str | None = None
    """positive, negative or mixed, where the page marks it."""
    mentions: int | None = None
    positive: int | None = None
    negative: int | None = None
    summary: str | None = None


class CustomersSay(Record):
    """The summary of reviews that the shop writes; pages show it to some visitors alone."""

    text: str
    aspects: tuple[Aspect, ...] = ()


class BundleItem(Record):
    """One of the products that are sold together as another."""

    asin: str
    title: str | None = None
    quantity: int | None = None
    """How many of it, where the page counts them."""


class FeatureRating(Record):
    """The stars that buyers give a property of the product: "Durability 4.8"."""

    name: str
    rating: float


class ReturnsNote(Record):
    """What the shop says of how often the product is sent back."""

    kind: str
    """frequently_returned or usually_kept."""
    text: str


class Module(Record):
    """A block of the manufacturer's content."""

    kind: str | None = None
    """The shop's own name of the layout: ``premium-module-2-fullbackground-image``."""
    heading: str | None = None
    text: str | None = None
    images: tuple[ImageDetail, ...] = ()
    asins: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    """Rows of cells, of a table that compares."""


class BrandStory(Record):
    """The block "From the brand"."""

    text: str | None = None
    images: tuple[ImageDetail, ...] = ()
    asins: tuple[str, ...] = ()
    url: str | None = None


class Neighbour(Record):
    """A product that the page puts beside this one, as far as it tells."""

    asin: str
    title: str | None = None
    price: Money | None = None
    image: str | None = None
    url: str | None = None
    rating: float | None = None
    rating_count: int | None = None
    sponsored: bool = False
    position: int | None = None
    """In its block, from 1."""


class BoughtTogether(Record):
    """What stands under "Frequently bought together", of newer products under "Buy it with"."""

    kind: str
    """frequently_bought_together or buy_it_with."""
    total_price: Money | None = None
    """Of all of them, this product included."""
    products: tuple[Neighbour, ...] = ()
    """Without this product."""


class RelatedBlock(Record):
    """A row of products, as far as the server draws it."""

    title: str | None = None
    kind: str
    """similar, viewed, bought, compare, sponsored, brand or other."""
    products: tuple[Neighbour, ...] = ()


class Format(Record):
    """Another form of the same work: Kindle, hardcover, audio CD."""

    model_config = ConfigDict(
        alias_generator=lambda name: "from" if name == "from_price" else to_camel(name), populate_by_name=True
    )

    format: str
    asin: str | None = None
    price: Money | None = None
    from_price: Money | None = None
    """Least price of other offers."""
    url: str | None = None
    is_selected: bool = False
