"""Which offer a made-up product has: every state that a buy box can be in, in turn."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from azscraper.demo.goods.locales import DE_DE, EN_US, JA_JP, Locale, date_text
from azscraper.demo.goods.model import DemoOffer, DemoOtherOffers, DemoSeller, DemoUnitPrice
from azscraper.demo.goods.words import SELLERS
from azscraper.records.parts import AvailabilityStatus, OfferState

RELEASE_DAY = date(2031, 9, 1)
SCENARIOS = (
    "plain",
    "deal",
    "coupon",
    "low_stock",
    "unavailable",
    "see_all",
    "preorder",
    "used_only",
    "no_ratings",
    "third_party",
    "merchant_shipped",
    "list_price",
    "backorder",
    "out_of_stock",
    "best_seller",
)
"""Hardlines take these in turn, so every kind of product meets most of them."""

_OUNCE_GRAMS = Decimal("28.349523125")
"""International avoirdupois ounce."""


def local_price(locale: Locale, cents: int) -> Decimal:
    """A price in US cents as this locale's exact price: dollars, about 0.93 euros, about 152 yen (whole)."""
    if locale.coins is not None:
        return (Decimal(cents) * locale.coins.cents / 100).quantize(Decimal("0.01"))
    if locale is EN_US:
        return Decimal(cents) / 100
    if locale is DE_DE:
        return Decimal(cents * 93 // 100) / 100
    return Decimal(cents * 152 // 100)


def shop_seller(locale: Locale) -> DemoSeller:
    """The marketplace itself as seller."""
    return DemoSeller(locale.shop, locale.merchant_id, is_shop=True)


def in_stock(locale: Locale, price: Decimal) -> DemoOffer:
    """The ordinary offer: in stock, sold and shipped by the marketplace."""
    return DemoOffer(
        OfferState.FEATURED_OFFER,
        AvailabilityStatus.IN_STOCK,
        locale.phrases["in_stock"],
        price=price,
        seller=shop_seller(locale),
        ships_from=locale.shop,
    )


def hardline_offer(locale: Locale, scenario: str, cents: int, pick: int) -> DemoOffer:
    """The offer of a scenario at a price in US cents; ``pick`` varies quantities and sellers."""
    offer = in_stock(locale, local_price(locale, cents))
    phrases = locale.phrases
    match scenario:
        case "deal":
            return replace(offer, list_price=local_price(locale, cents * 5 // 4), deal=phrases["deal"])
        case "coupon":
            return replace(offer, coupon=phrases["coupon"].format(5 + 5 * (pick % 4)))
        case "list_price":
            return replace(offer, list_price=local_price(locale, cents * 3 // 2))
        case "third_party" | "merchant_shipped":
            return _third_party(offer, pick, own_shipping=scenario == "merchant_shipped")
        case "see_all" | "used_only":
            return _outside_buy_box(locale, scenario, cents, pick)
        case _:
            return _with_stock(locale, offer, scenario, pick)


def unavailable(locale: Locale) -> DemoOffer:
    """No offer at all."""
    return DemoOffer(OfferState.UNAVAILABLE, AvailabilityStatus.UNAVAILABLE, locale.phrases["unavailable"])


def low_stock(locale: Locale, price: Decimal, quantity: int) -> DemoOffer:
    """In stock, and the page says how few are left."""
    return replace(
        in_stock(locale, price),
        status=AvailabilityStatus.LOW_STOCK,
        availability=locale.phrases["only_left"].format(quantity),
        quantity=quantity,
    )


def price_per_weight(locale: Locale, price: Decimal, grams: int) -> DemoUnitPrice:
    """The price for an ounce (en-US) or for 100 g, to the currency's smallest unit."""
    if locale is EN_US:
        return DemoUnitPrice((price / (grams / _OUNCE_GRAMS)).quantize(Decimal("0.01")), "Ounce")
    step = Decimal(1) if locale is JA_JP else Decimal("0.01")
    return DemoUnitPrice((price * 100 / grams).quantize(step), "100g" if locale is JA_JP else "100 g")


def _third_party(offer: DemoOffer, pick: int, *, own_shipping: bool) -> DemoOffer:
    name, seller_id = SELLERS[pick % len(SELLERS)]
    ships_from = name if own_shipping else offer.ships_from
    return replace(offer, seller=DemoSeller(name, seller_id, is_shop=False), ships_from=ships_from)


def _outside_buy_box(locale: Locale, scenario: str, cents: int, pick: int) -> DemoOffer:
    lowest = local_price(locale, cents * 9 // 10)
    others = DemoOtherOffers(2 + pick % 9, lowest)
    if scenario == "see_all":
        return DemoOffer(OfferState.SEE_ALL_BUYING_OPTIONS, None, new=others)
    used = _third_party(low_stock(locale, lowest, 1), pick, own_shipping=True)
    return replace(used, condition=locale.phrases["used_good"], used=others)


def _with_stock(locale: Locale, offer: DemoOffer, scenario: str, pick: int) -> DemoOffer:
    phrases = locale.phrases
    match scenario:
        case "low_stock":
            return low_stock(locale, offer.price or Decimal(1), 1 + pick % 9)
        case "unavailable":
            return unavailable(locale)
        case "preorder":
            text = phrases["preorder"].format(date_text(locale, RELEASE_DAY))
            return replace(offer, status=AvailabilityStatus.PREORDER, availability=text)
        case "backorder":
            return replace(offer, status=AvailabilityStatus.BACKORDER, availability=phrases["backorder"])
        case "out_of_stock":
            return replace(offer, status=AvailabilityStatus.OUT_OF_STOCK, availability=phrases["out_of_stock"])
        case _:
            return offer
