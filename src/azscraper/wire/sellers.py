"""Sellers of a product over a time on the wire."""

from collections.abc import Sequence

from azscraper.wire.base import Answer, Timestamp


class SellerOut(Answer):
    """A seller of a product over the time."""

    seller: str
    """Name, as printed."""
    seller_id: str | None
    first_seen_at: Timestamp
    """In the list of offers or in the buy box, of all the history that is kept."""
    last_seen_at: Timestamp
    left_at: Timestamp | None
    """When all offers were read first without the seller's; null: not lost, as far as is known."""
    is_new: bool
    """Seen first in the time. Who was there at the first look of all is not new."""
    is_lost: bool
    """Sold in the time or just before it, and was missing when all offers were read."""
    is_listed: bool
    """In the last look at all offers, or seen after it."""
    has_buy_box: bool
    buy_box_share: float
    """Of the time in which the buy box had a seller, 0 to 1."""
    offers: int
    """In the last look that shows the seller; 0 of a seller who was seen in the buy box alone."""
    condition: str | None
    """Of the offer with `price`: `new`, `used`, `renewed` or `collectible`."""
    price: float | None
    """Of the lowest offer in that look, without delivery: of a new item, where there is one."""
    currency: str | None


class GapOut(Answer):
    """The price in the buy box beside the lowest price of a new item, from a time on."""

    at: Timestamp
    until: Timestamp
    buy_box: float
    lowest_new: float
    amount: float
    """By how much the buy box is dearer."""
    percent: float | None
    """Of the lowest price; null where that is 0."""
    currency: str | None


class ProductSellersOut(Answer):
    """Who sold a product in one project, marketplace and place."""

    project_id: str
    marketplace: str
    """Host."""
    place: str
    """Where to deliver, as the jobs asked for; empty: none was asked for."""
    asin: str
    start: Timestamp
    end: Timestamp
    looks: int
    """At lists of offers that are kept of this time: those that differ from the one before, and one a day."""
    listed_at: Timestamp | None
    """The last look at all offers; null: none was read to its end, so that nobody is known to have left."""
    new: int
    """How many sellers are new."""
    lost: int
    sellers: Sequence[SellerOut]
    """The largest shares of the buy box first, then who is listed, the cheapest first; at most 500."""
    mean_gap: float | None
    """By time, of `gaps` in the last currency."""
    gaps: Sequence[GapOut]
    """While both prices were known in one currency, in time's order."""
