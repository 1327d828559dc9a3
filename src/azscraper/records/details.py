"""Product pages: their record, and the options of jobs that ask for them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options, whole
from azscraper.records.page_parts import (
    BoughtTogether,
    BrandStory,
    BundleItem,
    BuyingOption,
    CouponDetail,
    CustomersSay,
    DealDetail,
    DeliveryPromise,
    Document,
    EnergyLabel,
    FeatureRating,
    Format,
    ImageDetail,
    Module,
    RelatedBlock,
    ReturnsNote,
    Subscription,
    Sustainability,
)
from azscraper.records.parts import (
    Availability,
    BestsellerRank,
    Brand,
    Category,
    ConditionState,
    Contributor,
    Deal,
    DeliverTo,
    Delivery,
    InTables,
    IsoDate,
    Money,
    Offers,
    OfferState,
    PriceRange,
    RelatedAsins,
    Review,
    Savings,
    Seller,
    UnitCount,
    UnitPrice,
    Variants,
    Video,
)


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
    first_available: IsoDate | None = None
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
    """amazons_choice, overall_pick, best_seller, most_gifted, most_wished_for, climate_pledge, small_business, new_release, limited_deal."""
    top_reviews: tuple[Review, ...] = ()
    related_asins: RelatedAsins | None = None
    list_price_kind: Literal["list", "was", "typical", "recommended", "lowest_30_days"] | None = None
    """What the page calls ``listPrice``."""
    condition_state: ConditionState | None = None
    """What ``condition`` means; None where the page offers nothing, or says nothing of it."""
    scent: str | None = None
    unit_count: UnitCount | None = None
    """How much one package holds, in the unit that the page counts in."""
    offer_id: str | None = None
    """The offer's own key; it changes when the offer does."""
    buying_options: tuple[BuyingOption, ...] = ()
    """Every row of the buy box, and the offers of other sellers that the page draws."""
    deliveries: tuple[DeliveryPromise, ...] = ()
    """All promises; ``delivery`` is the first."""
    subscription: Subscription | None = None
    coupon_detail: CouponDetail | None = None
    deal_detail: DealDetail | None = None
    amazons_choice_for: str | None = None
    """What the badge "Amazon's Choice" praises the product for: a search, or a category."""
    best_seller_in: Category | None = None
    """Of the badge "#1 Best Seller"."""
    formats: tuple[Format, ...] = ()
    """Other formats and editions of the same work, this one included."""
    bought_together: BoughtTogether | None = None
    """``relatedAsins.boughtTogether`` with titles and prices."""
    related: Annotated[tuple[RelatedBlock, ...], InTables.ON_REQUEST] = ()
    """Rows of products beside this one, as far as the server draws them into the page."""
    customers_say: CustomersSay | None = None
    returns_note: ReturnsNote | None = None
    sustainability: Sustainability | None = None
    energy_label: EnergyLabel | None = None
    documents: Annotated[tuple[Document, ...], InTables.ON_REQUEST] = ()
    image_details: Annotated[tuple[ImageDetail, ...], InTables.ON_REQUEST] = ()
    """``images`` with what the page tells of each."""
    a_plus_modules: Annotated[tuple[Module, ...], InTables.ON_REQUEST] = ()
    """``aPlus`` block by block."""
    brand_story: Annotated[BrandStory | None, InTables.ON_REQUEST] = None
    deliver_to: DeliverTo | None = None
    included_components: tuple[str, ...] = ()
    """What is in the box, a part each."""
    has_a_plus: bool = False
    """Whether the manufacturer's content is on the page."""
    has_brand_story: bool = False
    feature_ratings: tuple[FeatureRating, ...] = ()
    """The stars "By feature"; pages since 2024 have ``customersSay`` instead."""
    seller_rating: float | None = None
    """Stars of the seller of the offer, where the page prints them beside its name."""
    seller_rating_count: int | None = None
    seller_positive_percent: int | None = None
    """Share of positive ratings in the last 12 months."""
    is_bundle: bool = False
    """Whether the page lists products that are sold together as this one."""
    bundle_items: tuple[BundleItem, ...] = ()
    requested_gtin: str | None = None
    """The EAN, UPC or ISBN-13 that the target was."""
    gtin_verified: bool | None = None
    """Whether the page prints that code; false of the only result for a code whose page prints none."""
    record: Annotated[Literal["Product"], InTables.LAST] = "Product"
    """What the row is; the last column of a table."""


class DetailsOptions(Options):
    """Options of jobs of type ``details``."""

    claimed = frozenset({"expand", "max_variants"})

    variant: Literal["as-given", "auto"] | None = None
    """``auto`` asks for the price of the variant that is selected (th=1&psc=1)."""
    expand: Literal["variants"] | None = None
    """``variants`` reads the pages of the product's siblings too: a row for each."""
    max_variants: Annotated[int, Field(ge=1, le=100, strict=True), BeforeValidator(whole)] | None = None
    """Products of a target with ``expand``, its own included. Default: 20."""
