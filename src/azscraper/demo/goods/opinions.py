"""What made-up buyers say of a made-up product: drawn from its ASIN, so that it never changes."""

from dataclasses import dataclass
from datetime import date, timedelta

from azscraper.demo.goods.drafts import draw
from azscraper.demo.goods.model import DemoProduct

_TITLES = (
    ("Does what it should", "Not for me", "Better than the last one", "Good value", "5 minutes and it was set up"),
    ("Tut, was es soll", "Nichts für mich", "Besser als der vorige", "Gutes Geld wert", "In 5 Minuten aufgebaut"),
    ("期待どおり", "私には合わない", "前のものより良い", "値段の割に良い", "5分で使えた"),
)
_BODIES = (
    ("Used it every day for a month. Nothing to complain about.", "It came late, and the lid did not fit.", "A present for a friend who does not exist."),
    ("Einen Monat lang täglich benutzt. Nichts zu beanstanden.", "Kam spät, und der Deckel passte nicht.", "Ein Geschenk für jemanden, den es nicht gibt."),
    ("一か月毎日使いました。文句なしです。", "届くのが遅く、ふたが合いませんでした。", "実在しない友人への贈り物です。"),
)  # fmt: skip
_NAMES = ("M. Example", "Kim", "A. N. Other", "Reader", "Ines", "T. Sample", "Noor")
_FIRST_DAY = date(2024, 1, 5)
_MOST = 34
"""Of a product: four pages of the list."""


@dataclass(frozen=True, slots=True)
class DemoReview:
    """One review."""

    id: str
    stars: int
    title: str
    body: str
    author: str
    account: str
    day: date
    helpful: int
    is_verified: bool


def reviews_of(product: DemoProduct) -> tuple[DemoReview, ...]:
    """Its reviews, the most helpful first; none of a product that nobody rated."""
    count = min(product.rating_count or 0, _MOST)
    found = [_review(product, number) for number in range(count)]
    return tuple(sorted(found, key=lambda one: (-one.helpful, one.id)))


def _review(product: DemoProduct, number: int) -> DemoReview:
    asin, column = product.asin, product.locale.column
    titles, bodies = _TITLES[column], _BODIES[column]
    stars = 5 - min(draw(asin, f"stars {number}", 8), 4)
    return DemoReview(
        id=f"R{asin[2:]}{number:04}",
        stars=stars,
        title=titles[draw(asin, f"title {number}", len(titles))],
        body=bodies[draw(asin, f"body {number}", len(bodies))],
        author=_NAMES[draw(asin, f"name {number}", len(_NAMES))],
        account=f"amzn1.account.AEDEMO{asin[2:]}{number:04}",
        day=_FIRST_DAY + timedelta(days=draw(asin, f"day {number}", 600)),
        helpful=max(0, draw(asin, f"helpful {number}", 60) - 20),
        is_verified=draw(asin, f"verified {number}", 6) > 0,
    )
