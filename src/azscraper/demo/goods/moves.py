"""How the marketplace moves: prices, coupons, stock, buy box, ratings, ranks and search order, by seed and time alone.

Time is cut into windows of some length, which begin at another hour for each product. What happens in a window is drawn
from the seed, the marketplace, the product and the window's number: nothing is kept, so the truth of any hour can be
asked for at any time, forwards and backwards.
"""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from azscraper.demo.goods.drafts import draw
from azscraper.demo.goods.model import DemoOffer, DemoOtherOffers, DemoProduct, DemoSeller
from azscraper.demo.goods.offers import low_stock, shop_seller, unavailable
from azscraper.demo.goods.words import GUESTS, SELLERS
from azscraper.records.parts import AvailabilityStatus, OfferState

_EPOCH, _END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_PRICE_HOURS = (168, 72, 24)
"""How long a price holds: calm, usual and lively products."""
_PRICE_PERCENTS = (100, 100, 100, 97, 95, 90, 85, 105, 110, 118)
_DEAL_HOURS, _DEAL_LASTS, _DEAL_PERCENT = 336, 48, 80
_COUPON_HOURS = 168
_BUY_BOX_HOURS = 48
_UNDERCUT_PERCENT = 94
_OFFER_HOURS, _OFFER_AWAY_ONE_OF = 240, 4
_GUEST_HOURS = 552
_OFFER_PERCENTS = (100, 100, 98, 95, 103, 106)
_STOCK_HOURS, _LOW_FROM, _OUT_FROM, _BACK_AT = 144, 60, 84, 114
_RATING_HOURS, _BOUGHT_HOURS = 480, 240
_BOUGHT = (50, 100, 300, 900, 1000, 2000, 10_000)
_RANK_SWING, _RANK_DEAL = 0.5, 0.6
"""Of the logarithm of a rank."""
_ORDER_SWING = 0.12
"""Of the whole of a search's order: products swap with their neighbours, and few go from the top to the end."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An hour of the marketplace, and the seed of what happens."""

    at: datetime
    """Whole hours of UTC."""
    seed: int = 1

    @property
    def hours(self) -> int:
        """Since the beginning of its time."""
        return int((self.at - _EPOCH).total_seconds() // 3600)


def moment_at(at: datetime, seed: int = 1) -> Moment:
    """The hour that a time lies in, UTC where it names no zone; times before 2020 and after 2100 are held to these."""
    known = at.replace(tzinfo=at.tzinfo or UTC)
    bounded = min(max(known, _EPOCH), _END).astimezone(UTC)
    return Moment(bounded.replace(minute=0, second=0, microsecond=0), seed)


def moved(product: DemoProduct, moment: Moment) -> DemoProduct:
    """The product as it is at that hour. Its ASIN, texts, pictures and family never change.

    The prices of a family's parent are its members': see ``spanned``.
    """
    lot = _Lot(product.locale.host, product.asin, moment)
    on_deal = is_for_sale(product.offer) and lot.deal
    offer = _offer(product, lot, on_deal=on_deal)
    others = tuple(badge for badge in product.badges if badge != "limited_deal")
    return replace(
        product,
        offer=offer,
        rating=_rating(product, lot),
        rating_count=_rating_count(product, lot),
        bought_past_month=_bought(product, lot),
        best_seller_rank=_rank(product, lot, on_deal=on_deal),
        badges=(*others, "limited_deal") if offer.deal else others,
    )


def spanned(parent: DemoProduct, members: list[DemoProduct]) -> DemoProduct:
    """The parent of a family with the range of its members' prices; as it was when none has one."""
    prices = [member.offer.price for member in members if member.offer.price is not None]
    if not prices:
        return parent
    return replace(parent, offer=replace(parent.offer, price_range=(min(prices), max(prices))))


def place_in_order(asin: str, words: str, moment: Moment | None) -> float:
    """What a search sorts by: a fixed number of 0 to 1, which sways a little where the marketplace moves."""
    fixed = draw(asin, words, 1 << 32) / (1 << 32)
    return fixed if moment is None else fixed + _ORDER_SWING * _Lot("", asin, moment).sway(f"order {words}", 24)


def turn_of_ads(words: str, moment: Moment | None) -> int:
    """Which products a search's paid places begin with: another every eight hours where the marketplace moves."""
    return 0 if moment is None else draw(words, f"{moment.seed} ads {moment.hours // 8}", 1000)


def guests(host: str, asin: str, moment: Moment | None) -> list[int]:
    """Which of those who sell for a time alone are there."""
    if moment is None:
        return []
    lot = _Lot(host, asin, moment)
    windows = ((number, *lot.window(f"guest {number}", _GUEST_HOURS)) for number in range(len(GUESTS)))
    return [number for number, window, _ in windows if lot.draw(f"guest {number} there", window, 2)]


def offered(host: str, asin: str, number: int, moment: Moment | None) -> int | None:
    """At how many percent of its usual price another seller offers a product: the offer of that number. None while it is away."""
    if moment is None:
        return 100
    lot = _Lot(host, asin, moment)
    there, _ = lot.window(f"offer {number}", _OFFER_HOURS)
    if lot.draw(f"offer {number} there", there, _OFFER_AWAY_ONE_OF) == 0:
        return None
    price, _ = lot.window(f"offer {number} price", _PRICE_HOURS[1])
    return _OFFER_PERCENTS[lot.draw(f"offer {number} price", price, len(_OFFER_PERCENTS))]


@dataclass(frozen=True, slots=True)
class _Lot:
    """What chance holds for a product at an hour."""

    host: str
    asin: str
    moment: Moment

    def window(self, name: str, hours: int) -> tuple[int, int]:
        """Number of the window, and the hour within it."""
        return divmod(self.moment.hours + draw(self.asin, f"{self.host} {name}", hours), hours)

    def draw(self, name: str, number: int, below: int) -> int:
        return draw(self.asin, f"{self.moment.seed} {self.host} {name} {number}", below)

    def sway(self, name: str, hours: int) -> float:
        """From -1 to 1, going straight from one window's value to the next one's."""
        number, hour = self.window(name, hours)
        before, after = (self.draw(name, n, 2001) / 1000 - 1 for n in (number, number + 1))
        return before + (after - before) * hour / hours

    @property
    def deal(self) -> bool:
        number, hour = self.window("deal", _DEAL_HOURS)
        return hour < _DEAL_LASTS and self.draw("deal", number, 3) == 0

    @property
    def percent(self) -> int:
        """Of the usual price."""
        hours = _PRICE_HOURS[draw(self.asin, "temper", len(_PRICE_HOURS))]
        number, _ = self.window("price", hours)
        return _PRICE_PERCENTS[self.draw("price", number, len(_PRICE_PERCENTS))]


def is_for_sale(offer: DemoOffer) -> bool:
    """Whether the buy box has a new product at a price: what is announced, used or gone stays so."""
    steady = offer.condition is None and offer.status in {AvailabilityStatus.IN_STOCK, AvailabilityStatus.LOW_STOCK}
    return offer.state is OfferState.FEATURED_OFFER and offer.price is not None and steady


def _offer(product: DemoProduct, lot: _Lot, *, on_deal: bool) -> DemoOffer:
    offer = product.offer
    if not is_for_sale(offer) or offer.price is None:
        return offer
    offer = _with_seller(product, lot)
    percent = lot.percent * (_DEAL_PERCENT if on_deal else 100) * (_UNDERCUT_PERCENT if offer.new else 100) // 10_000
    offer = _priced(product, offer, percent, on_deal=on_deal)
    offer = replace(offer, coupon=_coupon(product, lot))
    return _with_stock(product, offer, lot)


def _with_seller(product: DemoProduct, lot: _Lot) -> DemoOffer:
    """Another seller takes the buy box for a window, from the marketplace by a lower price, and from others at theirs."""
    offer, locale = product.offer, product.locale
    number, _ = lot.window("buy box", _BUY_BOX_HOURS)
    if lot.draw("buy box", number, 5):
        return offer
    if offer.seller and not offer.seller.is_shop:
        return replace(offer, seller=shop_seller(locale), ships_from=locale.shop)
    name, seller_id = SELLERS[lot.draw("seller", number, len(SELLERS))]
    others = DemoOtherOffers(2 + lot.draw("offers", number, 7), offer.price or Decimal(1))
    return replace(offer, seller=DemoSeller(name, seller_id, is_shop=False), ships_from=name, new=others)


def _priced(product: DemoProduct, offer: DemoOffer, percent: int, *, on_deal: bool) -> DemoOffer:
    usual = product.offer.price or Decimal(1)
    price = _part(usual, percent)
    listed = product.offer.list_price or (usual if on_deal else None)
    unit = offer.unit_price
    return replace(
        offer,
        price=price,
        list_price=listed if listed is not None and listed > price else None,
        deal=product.locale.phrases["deal"] if on_deal else None,
        unit_price=unit and replace(unit, amount=(unit.amount * price / usual).quantize(unit.amount)),
        new=offer.new and replace(offer.new, lowest=price),
    )


def _part(usual: Decimal, percent: int) -> Decimal:
    """So many percent of a price, with its cents: 95 % of 39.99 is 37.99."""
    whole = int(usual * percent / 100)
    price = whole + usual % 1
    return price if price > 0 else usual


def _coupon(product: DemoProduct, lot: _Lot) -> str | None:
    number, _ = lot.window("coupon", _COUPON_HOURS)
    often = 7 if product.offer.coupon else 1
    if lot.draw("coupon", number, 10) >= often:
        return None
    return product.locale.phrases["coupon"].format(5 + 5 * lot.draw("off", number, 4))


def _with_stock(product: DemoProduct, offer: DemoOffer, lot: _Lot) -> DemoOffer:
    """Now and then a product runs low, is gone for a day, and comes back."""
    number, hour = lot.window("stock", _STOCK_HOURS)
    if lot.draw("stock", number, 7) or not _LOW_FROM <= hour < _BACK_AT:
        return offer
    locale = product.locale
    if hour >= _OUT_FROM:
        return unavailable(locale)
    left = low_stock(locale, offer.price or Decimal(1), max(1, (_OUT_FROM - hour) // 3))
    return replace(offer, status=left.status, availability=left.availability, quantity=left.quantity)


def _rating(product: DemoProduct, lot: _Lot) -> Decimal | None:
    if product.rating is None:
        return None
    number, _ = lot.window("rating", _RATING_HOURS)
    tenth = Decimal((-1, 0, 0, 1)[lot.draw("rating", number, 4)]) / 10
    return min(max(product.rating + tenth, Decimal("1.0")), Decimal("5.0"))


def _rating_count(product: DemoProduct, lot: _Lot) -> int | None:
    """Grows by up to six a day."""
    if product.rating_count is None:
        return None
    return product.rating_count + lot.moment.hours * draw(lot.asin, "reviews", 7) // 24


def _bought(product: DemoProduct, lot: _Lot) -> int | None:
    if product.bought_past_month is None:
        return None
    number, _ = lot.window("bought", _BOUGHT_HOURS)
    step = _BOUGHT.index(product.bought_past_month) + lot.draw("bought", number, 3) - 1
    return _BOUGHT[min(max(step, 0), len(_BOUGHT) - 1)]


def _rank(product: DemoProduct, lot: _Lot, *, on_deal: bool) -> int:
    """Sways from day to day; a deal makes it better."""
    power = _RANK_SWING * lot.sway("rank", 48) + _RANK_SWING / 4 * lot.sway("hourly rank", 7)
    return max(1, round(product.best_seller_rank * math.exp(power - (_RANK_DEAL if on_deal else 0))))


@dataclass(frozen=True, slots=True)
class Clock:
    """When it is in a marketplace that moves, at any speed."""

    began: datetime
    """When it began to run, by the clock of the machine."""
    start: datetime
    """What time it was then in the marketplace."""
    speed: float = 1.0
    """Its seconds per second."""
    seed: int = 1

    def moment(self, now: datetime) -> Moment:
        """Its hour at a time of the machine's clock."""
        passed = min((now - self.began) * self.speed, _END - self.start)
        return moment_at(self.start + passed, self.seed)
