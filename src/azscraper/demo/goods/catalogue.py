"""The 300 made-up products of each locale: deterministic, the same ASINs everywhere, localized text and prices.

Products ``B0DEMO0001`` to ``B0DEMO0292``: 150 hardlines that take every offer state in turn, 40 books, 48 garments in
eight variation families, 40 groceries with a unit price, 14 with titles that break careless code; and the eight
parents of the families, ``B0DEMOP001`` to ``B0DEMOP008``, which show a price range.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType

from azscraper.demo.goods.drafts import build, draft
from azscraper.demo.goods.families import families
from azscraper.demo.goods.locales import Locale
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.moves import Moment, moved, spanned
from azscraper.demo.goods.offers import SCENARIOS, hardline_offer, in_stock, local_price, price_per_weight
from azscraper.demo.goods.words import AUTHORS, BOOK_TITLES, BOOKS, EDGE_TITLES, GROCERIES, HARDLINES, PLACES, Article

_AN_ARTICLE = 10
"""Products made from each article."""
_GRAMS = (250, 340, 500, 1000)
_EDGE_CENTS = (99, 129900, 1234567, 100, 1000, 99999)
"""Prices at which formatting goes wrong: under one unit, group marks, round hundreds."""
_MOMENTS_KEPT = 48
"""Two for each of the marketplaces: some 300 products each."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\ufeff]")


def products(locale: Locale, moment: Moment | None = None) -> tuple[DemoProduct, ...]:
    """All products of the locale in the order of their ASINs' numbers, the families' parents last.

    As they are at that moment; without one, as they always are in a marketplace that does not move.
    """
    return tuple(by_asin(locale, moment).values())


def by_asin(locale: Locale, moment: Moment | None = None) -> Mapping[str, DemoProduct]:
    """The products of ``products`` by ASIN."""
    return as_made(locale) if moment is None else _moved(locale, moment)


def product_at(locale: Locale, asin: str, moment: Moment | None) -> DemoProduct | None:
    """One of them, without the work for the others."""
    product = as_made(locale).get(asin)
    if product is None or moment is None:
        return product
    return _as_moved(product, moment)


@cache
def as_made(locale: Locale) -> Mapping[str, DemoProduct]:
    """By ASIN, in a marketplace that does not move."""
    children, parents = families(locale, first_number=191)
    made = (*_hardlines(locale), *_books(locale), *children, *_groceries(locale), *_edge_cases(locale), *parents)
    return MappingProxyType({product.asin: product for product in made})


@lru_cache(_MOMENTS_KEPT)
def _moved(locale: Locale, moment: Moment) -> Mapping[str, DemoProduct]:
    return MappingProxyType({asin: _as_moved(product, moment) for asin, product in as_made(locale).items()})


def _as_moved(product: DemoProduct, moment: Moment) -> DemoProduct:
    if product.family is None or product.asin != product.family.parent_asin:
        return moved(product, moment)
    members = [as_made(product.locale)[member.asin] for member in product.family.members]
    return spanned(moved(product, moment), [moved(member, moment) for member in members])


def stand_in(locale: Locale, asin: str) -> DemoProduct:
    """A product under any ASIN: what the ASINs that ask for a fault show when they answer well."""
    title = clean(f"{products(locale)[0].title} – Crème brûlée Größe 5 €")
    return replace(products(locale)[0], asin=asin, title=title, printed_title=title)


def other_product(product: DemoProduct) -> DemoProduct:
    """The product that a redirect leads to: the next member of the variation family, else the next product."""
    known = by_asin(product.locale)
    if product.family:
        asins = [member.asin for member in product.family.members]
        place = asins.index(product.asin) if product.asin in asins else -1
        return known[asins[(place + 1) % len(asins)]]
    everything = tuple(known.values())
    place = everything.index(product) if product in everything else -1
    return everything[(place + 1) % len(everything)]


def clean(text: str) -> str:
    """A printed text as the record has it: NFC, whitespace collapsed, invisible marks removed."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def _hardlines(locale: Locale) -> Iterator[DemoProduct]:
    for i in range(len(HARDLINES) * _AN_ARTICLE):
        article, scenario = HARDLINES[i // _AN_ARTICLE], SCENARIOS[i % len(SCENARIOS)]
        facts = draft(locale, i + 1, article)
        yield build(facts, hardline_offer(locale, scenario, facts.cents, i), scenario=scenario)


def _books(locale: Locale) -> Iterator[DemoProduct]:
    shelf = Article(BOOKS[-1].name, BOOKS, 799, 3999, (), ("Paper", "Papier", "紙"))
    for i in range(40):
        facts = draft(locale, 151 + i, shelf)
        place = PLACES[i % len(PLACES)][locale.column]
        title = BOOK_TITLES[i // len(PLACES)][locale.column].format(place)
        authors = tuple(AUTHORS[(i + k) % len(AUTHORS)][locale.column] for k in range(1 + (i % 3 == 0)))
        product = build(facts, in_stock(locale, local_price(locale, facts.cents)))
        yield replace(
            product,
            title=title,
            printed_title=title,
            brand=None,
            authors=authors,
            attributes=_book_attributes(locale, 151 + i),
            details_as_bullets=True,
        )


def _book_attributes(locale: Locale, number: int) -> tuple[tuple[str, str], ...]:
    publisher, pages = (("Publisher", "Print length"), ("Herausgeber", "Seitenzahl"), ("出版社", "本の長さ"))[
        locale.column
    ]
    count = ("{} pages", "{} Seiten", "{}ページ")[locale.column].format(96 + number)
    return (
        (publisher, "Papierboot Press"),
        (pages, count),
        ("ISBN-10", isbn10(number)),
        ("ISBN-13", isbn13(number)),
    )


def isbn13(number: int) -> str:
    """A made-up ISBN-13 with the right check digit (ISO 2108), hyphen behind the prefix."""
    digits = f"97800000{number:04}"
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
    return f"{digits[:3]}-{digits[3:]}{-total % 10}"


def isbn10(number: int) -> str:
    """The same book's ISBN-10 with its check digit (ISO 2108:1992)."""
    digits = f"00000{number:04}"
    check = sum(int(digit) * place for place, digit in enumerate(digits, start=1)) % 11
    return digits + ("X" if check == 10 else str(check))  # noqa: PLR2004 ten is written X


def _groceries(locale: Locale) -> Iterator[DemoProduct]:
    for i in range(len(GROCERIES) * _AN_ARTICLE):
        facts = draft(locale, 239 + i, GROCERIES[i // _AN_ARTICLE])
        price = local_price(locale, facts.cents)
        offer = replace(in_stock(locale, price), unit_price=price_per_weight(locale, price, _GRAMS[i % len(_GRAMS)]))
        yield build(facts, offer)


def _edge_cases(locale: Locale) -> Iterator[DemoProduct]:
    for i, printed in enumerate(EDGE_TITLES):
        facts = draft(locale, 279 + i, HARDLINES[i % len(HARDLINES)])
        price = local_price(locale, _EDGE_CENTS[i % len(_EDGE_CENTS)])
        product = build(facts, in_stock(locale, max(price, Decimal(1) if locale.currency == "JPY" else price)))
        yield replace(product, title=clean(printed), printed_title=printed)
