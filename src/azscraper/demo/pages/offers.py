"""The panel of all offers of a product: what the shop asks, and what other sellers ask."""

from dataclasses import dataclass
from decimal import Decimal

from azscraper.demo.faults import asked_by_asin
from azscraper.demo.goods.drafts import draw
from azscraper.demo.goods.locales import JA_JP, Locale
from azscraper.demo.goods.model import DemoProduct, DemoSeller
from azscraper.demo.goods.moves import Moment, guests, offered
from azscraper.demo.goods.words import GUESTS, SELLERS
from azscraper.demo.lists import is_walled
from azscraper.demo.views import View, Visit

_A_PAGE = 10
_CONDITIONS = ("new", "new", "used_good", "new", "used_very_good", "renewed")
_FILTER_OF = {"new": "new", "used_good": "usedGood", "used_very_good": "usedVeryGood"}
_PERCENT = {"new": 104, "used_good": 70, "used_very_good": 80, "renewed": 76}
"""Of the price of a new item."""


@dataclass(frozen=True, slots=True)
class DemoListed:
    """An offer of the panel."""

    seller: DemoSeller
    ships_from: str
    condition: str
    """A phrase of the locale: ``condition_new``."""
    price: Decimal
    shipping: Decimal
    key: str
    positive: int | None = None
    """Percent; None of a seller who has just begun, as is ``rated``."""
    rated: int | None = None


def listed(product: DemoProduct, moment: Moment | None = None) -> tuple[DemoListed, ...]:
    """The offers beside the featured one, cheapest first: none for a product that nobody sells.

    Where the marketplace moves, sellers come and go, and change their prices.
    """
    offer = product.offer
    base = offer.price or (offer.new.lowest if offer.new else None)
    count = draw(product.asin, "offers", 25) if base is not None else 0
    found = [
        _listed(product, base * percent / 100, number)
        for number in range(count)
        if base is not None and (percent := offered(product.locale.host, product.asin, number, moment)) is not None
    ]
    if base is not None:
        here = guests(product.locale.host, product.asin, moment)
        found += [_of(product, base, count + number, GUESTS[number], "new") for number in here]
    return tuple(sorted(found, key=lambda one: (one.price + one.shipping, one.key)))


def featured(product: DemoProduct) -> DemoListed | None:
    """The offer of the buy box."""
    offer = product.offer
    if offer.price is None or offer.seller is None:
        return None
    condition = "used_good" if offer.condition else "new"
    ships_from = offer.ships_from or offer.seller.name
    key = f"featured{product.asin}{offer.seller.id}"
    return DemoListed(offer.seller, ships_from, condition, offer.price, Decimal(0), key, *_rated(product, offer.seller))


def _listed(product: DemoProduct, base: Decimal, number: int) -> DemoListed:
    who = SELLERS[(number + draw(product.asin, "first seller", 7)) % len(SELLERS)]
    return _of(product, base, number, who, _CONDITIONS[number % len(_CONDITIONS)])


def _of(product: DemoProduct, base: Decimal, number: int, who: tuple[str, str], condition: str) -> DemoListed:
    name, seller_id = who
    seller = DemoSeller(name, seller_id, is_shop=False)
    price = _rounded(product.locale, base * (_PERCENT[condition] + draw(product.asin, f"offer {number}", 30)) / 100)
    is_free = draw(product.asin, f"shipping {number}", 2) == 0
    shipping = Decimal(0) if is_free else _rounded(product.locale, base / 20 + 1)
    ships_from = product.locale.shop if is_free else name
    return DemoListed(
        seller, ships_from, condition, price, shipping, f"listed{product.asin}{number:02}", *_rated(product, seller)
    )


def _rated(product: DemoProduct, seller: DemoSeller) -> tuple[int | None, int | None]:
    if seller.is_shop or draw(seller.id, "begun", 8) == 0:
        return None, None
    return 70 + draw(seller.id, "positive", 31), 3 + draw(seller.id + product.locale.host, "rated", 5000)


def _rounded(locale: Locale, amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1) if locale is JA_JP else Decimal("0.01"))


def _write(visit: Visit) -> str | None:
    if is_walled(visit.locale):
        return visit.render("sign_in.html")
    product = visit.asked_product()
    if product is None:
        return None
    number, chosen = visit.number("pageno"), visit.word("filters")
    wanted = [one for one in listed(product, visit.moment) if _is_chosen(one, chosen)]
    first = featured(product)
    return visit.render(
        "offers.html",
        product=product,
        featured=first if number == 1 and first and _is_chosen(first, chosen) else None,
        offers=wanted[(number - 1) * _A_PAGE : number * _A_PAGE],
        total=len(wanted),
        first_place=(number - 1) * _A_PAGE + 1,
    )


def _is_chosen(one: DemoListed, filters: str) -> bool:
    """Filters are JSON: ``{"all":true,"new":true}``."""
    named = _FILTER_OF.get(one.condition, "-")
    return f'"{named}":true' in filters or not any(f'"{name}":true' in filters for name in _FILTER_OF.values())


OFFERS = View(
    kind="offers",
    paths=("/gp/product/ajax/aodAjaxMain/", "/gp/product/ajax/aodAjaxMain"),
    write=_write,
    key=lambda visit: f"/gp/product/ajax/aodAjaxMain/?asin={visit.word('asin')}&pageno={visit.number('pageno')}",
    names=("asin", "pageno", "filters"),
    asked=lambda visit: asked_by_asin(visit.word("asin")),
)
