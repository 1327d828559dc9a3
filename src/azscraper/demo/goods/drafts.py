"""From an article and a number to a product: everything but the offer, drawn from a hash so that it never changes."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from azscraper.demo.goods.locales import Locale, date_text
from azscraper.demo.goods.model import DemoCategory, DemoOffer, DemoProduct
from azscraper.demo.goods.words import BRANDS, COLOURS, Article

_LABELS = (
    ("Brand", "Color", "Material", "Item model number", "Item Weight", "Date First Available"),
    ("Marke", "Farbe", "Material", "Modellnummer", "Artikelgewicht", "Im Angebot von Amazon.de seit"),
    ("ブランド", "色", "材質", "製品型番", "商品の重量", "Amazon.co.jp での取り扱い開始日"),
)
_SENTENCES = (
    ("Every day: {}.", "Made of {}, without frills.", "Comes in {}.", "Two years of spare parts from {}."),
    ("Jeden Tag: {}.", "Aus {}, ohne Schnickschnack.", "In {} erhältlich.", "Zwei Jahre Ersatzteile von {}."),
    ("毎日使える: {}。", "{}製で、余計な飾りはありません。", "カラーは{}。", "{}の部品供給は二年間。"),
)
_DESCRIPTIONS = (
    "The {} was drawn up in a small workshop that does not exist, and is tested by people who were made up.",
    "{}: entworfen in einer kleinen Werkstatt, die es nicht gibt, geprüft von Leuten, die erfunden sind.",
    "{}は、実在しない小さな工房で生まれ、架空の人々が試した品です。",
)
_FIRST_DAY = date(2021, 1, 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is settled about a product before its offer."""

    locale: Locale
    number: int
    article: Article
    asin: str
    brand: str
    colour: str
    cents: int
    """Price in US cents."""


def draw(asin: str, purpose: str, below: int) -> int:
    """A number from 0 up to ``below``, always the same for the same ASIN and purpose."""
    digest = hashlib.sha256(f"{asin}|{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % below


def draft(locale: Locale, number: int, article: Article) -> Draft:
    """The product with that number, made from the article; its ASIN is ``B0DEMO`` and four digits."""
    asin = f"B0DEMO{number:04}"
    brand = BRANDS[draw(asin, "brand", len(BRANDS))]
    colour = locale.said(COLOURS[number % len(COLOURS)])
    return Draft(locale, number, article, asin, brand, colour, cents=_cents(asin, article))


def build(facts: Draft, offer: DemoOffer, *, scenario: str = "plain") -> DemoProduct:
    """The whole product. The scenario decides on ratings and badges."""
    asin, article, locale = facts.asin, facts.article, facts.locale
    title = _title(facts)
    product = DemoProduct(
        locale=facts.locale,
        asin=asin,
        title=title,
        printed_title=title,
        brand=facts.brand,
        brand_has_store=facts.number % 2 == 0,
        authors=(),
        offer=offer,
        rating=None,
        rating_count=None,
        histogram=(),
        bought_past_month=None,
        image_names=tuple(f"71demo{facts.number:04}{n}L" for n in range(1 + draw(asin, "images", 6))),
        features=_features(facts),
        description=locale.texts.get("description", _DESCRIPTIONS[locale.column]).format(locale.said(article.noun)),
        attributes=_attributes(facts),
        categories=tuple(DemoCategory(locale.said(node.name), node.id) for node in article.nodes),
        best_seller_rank=1 + draw(asin, "rank", 250_000),
        badges=_badges(scenario),
        first_available=_first_available(asin),
        details_as_bullets=False,
    )
    return product if scenario == "no_ratings" else _rated(product)


def _cents(asin: str, article: Article) -> int:
    """A price that ends in 99 or 95."""
    return (article.low + draw(asin, "price", article.high - article.low)) // 100 * 100 + (99, 95)[draw(asin, "end", 2)]


def _title(facts: Draft) -> str:
    locale = facts.locale
    model = f"{facts.brand[0]}{facts.number:03}"
    details = () if locale.words else tuple(locale.said(detail) for detail in facts.article.details[:2])
    parts = (locale.said(facts.article.noun), model, *details, facts.colour)
    return f"{facts.brand} " + ("、" if locale.currency == "JPY" else ", ").join(parts)


def _features(facts: Draft) -> tuple[str, ...]:
    locale = facts.locale
    every_day, *others = _SENTENCES[locale.column]
    made_of, comes_in, parts = locale.texts.get("sentences", others)
    details = () if locale.words else tuple(every_day.format(locale.said(detail)) for detail in facts.article.details)
    material = locale.said(facts.article.material)
    more = (made_of.format(material), comes_in.format(facts.colour), parts.format(facts.brand))
    return details + more[: 1 + draw(facts.asin, "features", 3)]


def _attributes(facts: Draft) -> tuple[tuple[str, str], ...]:
    locale = facts.locale
    grams = 100 + draw(facts.asin, "grams", 4900)
    values = (
        facts.brand,
        facts.colour,
        locale.said(facts.article.material),
        f"{facts.brand[:2].upper()}-{facts.number:04}",
        f"{grams} g",
        date_text(locale, _first_available(facts.asin)),
    )
    return tuple(zip(locale.texts.get("labels", _LABELS[locale.column]), values, strict=True))


def _first_available(asin: str) -> date:
    return _FIRST_DAY + timedelta(days=draw(asin, "day", 1500))


def _badges(scenario: str) -> tuple[str, ...]:
    return {"deal": ("limited_deal",), "best_seller": ("best_seller",), "coupon": ("amazons_choice",)}.get(scenario, ())


def _rated(product: DemoProduct) -> DemoProduct:
    asin = product.asin
    bought = (50, 100, 300, 900, 1000, 2000, 10_000)[draw(asin, "bought", 7)]
    return replace(
        product,
        rating=Decimal(20 + draw(asin, "rating", 31)) / 10,
        rating_count=1 + draw(asin, "count", 60_000) // (1 + draw(asin, "few", 400)),
        histogram=_histogram(asin),
        bought_past_month=bought if draw(asin, "popular", 3) else None,
    )


def _histogram(asin: str) -> tuple[int, ...]:
    """Five percentages that add up to 100."""
    shares = [40 + draw(asin, "five", 40), draw(asin, "four", 12), draw(asin, "three", 9), draw(asin, "two", 6)]
    return (*shares, 100 - sum(shares))
