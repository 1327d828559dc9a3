"""Garments in variation families: a parent page with a price range, and children by colour and size."""

from dataclasses import replace
from decimal import Decimal

from azscraper.demo.goods.drafts import build, draft
from azscraper.demo.goods.locales import Locale
from azscraper.demo.goods.model import DemoFamily, DemoOffer, DemoProduct, DemoVariant
from azscraper.demo.goods.offers import in_stock, local_price, low_stock, unavailable
from azscraper.demo.goods.words import APPAREL, COLOURS
from azscraper.records.parts import OfferState

_DIMENSIONS = (("Color", "Size"), ("Farbe", "Größe"), ("色", "サイズ"))
_KEYS = ("color_name", "size_name")
_SIZES = ("M", "XL")
_IN_COLOURS = 3


def families(locale: Locale, *, first_number: int) -> tuple[list[DemoProduct], list[DemoProduct]]:
    """The children of all families, numbered on from ``first_number``, and their parents."""
    size = _IN_COLOURS * len(_SIZES)
    children: list[DemoProduct] = []
    parents: list[DemoProduct] = []
    for place in range(len(APPAREL)):
        family = _family(locale, place, first_number + place * size)
        members = [_child(locale, family, place, n, first_number + place * size) for n in range(size)]
        children += members
        parents.append(_parent(family, members))
    return children, parents


def _family(locale: Locale, place: int, first_number: int) -> DemoFamily:
    values = [(locale.said(colour), size) for colour in COLOURS[:_IN_COLOURS] for size in _SIZES]
    members = tuple(DemoVariant(f"B0DEMO{first_number + n:04}", pair) for n, pair in enumerate(values))
    return DemoFamily(f"B0DEMOP{place + 1:03}", _dimensions(locale), _KEYS, members)


def _dimensions(locale: Locale) -> tuple[str, ...]:
    return tuple(locale.texts.get("dimensions", _DIMENSIONS[locale.column]))


def _child(locale: Locale, family: DemoFamily, place: int, n: int, first_number: int) -> DemoProduct:
    colour, size = family.members[n].values
    leader = draft(locale, first_number, APPAREL[place])
    facts = replace(leader, number=first_number + n, asin=family.members[n].asin, colour=colour)
    product = build(facts, _offer(locale, leader.cents + 200 * n, n))
    title = f"{product.title} ({size})"
    attributes = (*product.attributes, (family.dimensions[1], size))
    return replace(
        product, title=title, printed_title=title, attributes=attributes, details_as_bullets=True, family=family
    )


def _offer(locale: Locale, cents: int, n: int) -> DemoOffer:
    """One member of each family is gone and one nearly."""
    price = local_price(locale, cents)
    if n == _IN_COLOURS:
        return unavailable(locale)
    return low_stock(locale, price, 4) if n == 1 else in_stock(locale, price)


def _parent(family: DemoFamily, members: list[DemoProduct]) -> DemoProduct:
    prices: list[Decimal] = [child.offer.price for child in members if child.offer.price is not None]
    offer = DemoOffer(OfferState.SELECT_VARIANT, None, price_range=(min(prices), max(prices)))
    leader = members[0]
    title = leader.title.removesuffix(f" ({leader.selected[1]})").removesuffix(leader.selected[0]).rstrip(",、 ")
    return replace(
        leader,
        asin=family.parent_asin,
        title=title,
        printed_title=title,
        offer=offer,
        attributes=tuple(pair for pair in leader.attributes if pair[0] not in family.dimensions),
    )
