"""What rows and summaries of result lists are made of beside ``parts``: deals, formats, swatches, blocks of advertisements."""

from typing import Literal

from azscraper.records.parts import Money, Record


class TileDeal(Record):
    """The badge of a deal."""

    text: str
    """As printed: "Limited time deal", "Ends in 03:00:11"."""
    url: str | None = None


class FormatPrice(Record):
    """A format in which a tile offers the same work."""

    name: str
    """As printed: "Kindle", "Hardcover"."""
    price: Money | None = None
    """``None`` where the tile prints none, and where an amount of zero is for members or those who begin a trial."""
    list_price: Money | None = None
    asin: str | None = None
    url: str | None = None


class Swatch(Record):
    """A member of the variation family that a tile shows as a swatch."""

    asin: str | None = None
    name: str | None = None
    image: str | None = None


class BlockProduct(Record):
    """A product in a block that is no row."""

    asin: str
    title: str | None = None
    price: Money | None = None
    rating: float | None = None
    image: str | None = None


class AdBlock(Record):
    """What stands in a result list and is no row: an advertisement of a brand, a carousel, an editorial recommendation."""

    kind: Literal["sponsored_brand", "carousel", "editorial"]
    is_sponsored: bool = False
    title: str | None = None
    """Heading of the block: "Highly rated"."""
    brand: str | None = None
    headline: str | None = None
    """Of an advertisement of a brand."""
    url: str | None = None
    """Where it leads, without the counter of clicks."""
    image: str | None = None
    """Of the advertiser: a picture or the logo."""
    video: str | None = None
    products: tuple[BlockProduct, ...] = ()
    position: int
    """How many rows of the page stand before it."""


class VideoBlock(Record):
    """A video that advertises a product in a result list."""

    title: str | None = None
    """Of the product."""
    asin: str | None = None
    brand: str | None = None
    video: str | None = None
    thumbnail: str | None = None
    is_sponsored: bool = False
    position: int
    """How many rows of the page stand before it."""
