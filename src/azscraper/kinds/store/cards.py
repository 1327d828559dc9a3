"""A product as the widgets hold it: the shop's own description of products, second version (``"version": "2.0"``)."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from azscraper.marketplaces import Marketplace, is_asin
from azscraper.parse.dig import dig, items, said, whole
from azscraper.parse.document import Document
from azscraper.parse.list_price import ListPriceKind, kind_of_list_price
from azscraper.parse.stock import quantity, status_of
from azscraper.parse.values import image, rating
from azscraper.records.parts import Availability, AvailabilityStatus, Money, PriceRange, Savings, Seller

_HIGHEST = 10**12
_STATES = {
    "IN_STOCK": AvailabilityStatus.IN_STOCK,
    "IN_STOCK_SCARCE": AvailabilityStatus.LOW_STOCK,
    "OUT_OF_STOCK": AvailabilityStatus.OUT_OF_STOCK,
    "PREORDER": AvailabilityStatus.PREORDER,
    "UNAVAILABLE": AvailabilityStatus.UNAVAILABLE,
}
_LIST = "LIST_PRICE"
_SUBSCRIPTION = re.compile("UPSELL|UNLIMITED|MEMBERSHIP|TRIAL|SUBSCRIPTION|PRIME_READING", re.IGNORECASE)


class Offer(NamedTuple):
    """What a visitor pays."""

    price: Money | None
    label: str | None
    range: PriceRange | None
    listed: Money | None
    listed_kind: ListPriceKind | None
    savings: Savings | None
    availability: Availability | None
    seller: Seller | None


_NOTHING = Offer(None, None, None, None, None, None, None, None)


def asin_of(product: object) -> str | None:
    """Of a product, or of a reference to one."""
    named = product.rpartition("/")[2] if isinstance(product, str) else said(product, "asin") or said(product, "ASIN")
    return named if named and is_asin(named) else None


def title_of(product: object) -> str | None:
    """As shown; older widgets hold it as a text."""
    return (
        said(product, "title", "displayString")
        or said(product, "title")
        or said(product, "title", "shortDisplayString")
    )


def image_of(product: object) -> str | None:
    """The first picture in its largest form."""
    first = dig(product, "productImages", "images", 0)
    named = said(first, "hiRes", "url") or said(first, "lowRes", "url") or said(product, "image", "url")
    return image(named) if named and named.startswith("http") else None


def stars_of(product: object) -> tuple[float | None, int | None]:
    """Rating and number of ratings; none of a product that nobody rated."""
    told = dig(product, "customerReviewsSummary")
    count = whole(told, "count", "value")
    value = dig(told, "rating", "value")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    found = rating(str(value) if is_number else said(told, "rating", "shortDisplayString") or "")
    return (found or None, count or None) if count or count is None else (None, None)


def money_of(value: object) -> Money | None:
    """An amount and its currency."""
    if not isinstance(value, dict):
        return None
    amount, currency = value.get("amount"), value.get("currencyCode")
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < _HIGHEST:
        return None
    if not isinstance(currency, str) or len(currency) != len("EUR") or not (currency.isascii() and currency.isupper()):
        return None
    return _money(amount, currency)


@lru_cache(maxsize=4096, typed=True)  # shelves are full of the same few prices
def _money(amount: float, currency: str) -> Money:
    return Money(amount=Decimal(str(amount)), currency=currency)


def range_of(low: object, high: object) -> PriceRange | None:
    """Two amounts that differ."""
    least, most = money_of(low), money_of(high)
    if least is None or most is None or least.amount >= most.amount or least.currency != most.currency:
        return None
    return PriceRange(min=least, max=most)


def offer_of(product: object, document: Document) -> Offer:
    """The first way to buy that asks for money alone: a trial's price of zero is none."""
    options = items(product, "buyingOptions")
    option = next((one for one in options if not _is_for_members(one)), None)
    if option is None:
        return _NOTHING
    price = dig(option, "price")
    pay, basis = dig(price, "priceToPay"), dig(price, "basisPrice")
    printed = dig(pay, "moneyValueOrRange")
    value, spread = dig(printed, "value"), dig(printed, "range")
    listed = money_of(dig(basis, "moneyValueOrRange", "value"))
    return Offer(
        price=money_of(value),
        label=(said(pay, "label") or "").rstrip(":：") or None,
        range=range_of(dig(spread, "min"), dig(spread, "max")),
        listed=listed,
        listed_kind=_listed_kind(basis, document) if listed else None,
        savings=_savings(dig(price, "savings")),
        availability=_availability(dig(option, "availability"), document),
        seller=_seller(dig(option, "merchant"), document.marketplace),
    )


def _is_for_members(option: object) -> bool:
    if _SUBSCRIPTION.search(said(option, "type") or ""):
        return True
    pay = dig(option, "price", "priceToPay")
    is_free = dig(pay, "moneyValueOrRange", "value", "amount") == 0
    return is_free and said(pay, "priceMessage", "shortText") is not None


def _listed_kind(basis: object, document: Document) -> ListPriceKind | None:
    if said(basis, "type") == _LIST:
        return "list"
    label = said(basis, "label") or said(basis, "shortLabel")
    return kind_of_list_price(label, document.spoken) if label else None


def _savings(told: object) -> Savings | None:
    amount, percent = money_of(dig(told, "money")), whole(told, "percentage", "value")
    return Savings(amount=amount, percent=percent) if amount or percent else None


def _availability(told: object, document: Document) -> Availability | None:
    printed = said(told, "primaryMessage")
    known = _STATES.get(said(told, "type") or "")
    status = known or (status_of(printed, document.spoken) if printed else None)
    if status is None:
        return None
    left = quantity(printed) if printed and status is AvailabilityStatus.LOW_STOCK else None
    return _stock(status, printed, left)


@lru_cache(maxsize=256)  # most of a page's products have the same line, and one seller
def _stock(status: AvailabilityStatus, printed: str | None, left: int | None) -> Availability:
    return Availability(status=status, text=printed, quantity=left)


def _seller(told: object, site: Marketplace) -> Seller | None:
    name, named = said(told, "merchantName"), said(told, "encryptedMerchantId")
    return _named_seller(name, named, site.host) if name is not None else None


@lru_cache(maxsize=256)
def _named_seller(name: str, named: str | None, host: str) -> Seller:
    url = f"https://{host}/sp?seller={named}" if named else None
    return Seller(name=name, id=named, url=url, is_amazon="amazon" in name.lower())


def url_of(site: Marketplace, asin: str) -> str:
    """Of its page."""
    return f"https://{site.host}/dp/{asin}"
