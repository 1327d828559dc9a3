"""Lists whose first products are read as well: the option ``with_details`` of a kind."""

from dataclasses import replace
from typing import Any

from azscraper.kinds.kind import Asked, Done, Found, Kind, later
from azscraper.kinds.observations import NOTHING, Observations
from azscraper.kinds.walks import parted, with_products

_CREDITS = 2
"""Of a product."""
_rows = later("azscraper.kinds.details.page:with_products")
_follow = later("azscraper.kinds.details.follow:follow")


def then_products(kind: Kind[Any]) -> Kind[Any]:
    """The kind of lists, whose options have ``with_details``: behind the rows of the list those of its first products."""

    def cost(asked: Asked[Any], done: tuple[Done, ...]) -> int:
        pages, products = parted(done)
        return kind.credits(asked, pages) + _CREDITS * sum(one.read is not None for one in products)

    def rows(asked: Asked[Any], done: tuple[Done, ...]) -> Found:
        found: Found = _rows(kind.rows, asked, done) if _products(asked.options) else kind.rows(asked, done)
        return found

    def follow(asked: Asked[Any], found: Found) -> Observations:
        told = kind.follow(asked, found) if kind.follow else NOTHING
        if not _products(asked.options):
            return told
        of_products: Observations = _follow(asked, found)
        return replace(
            told,
            products=(*told.products, *of_products.products),
            sightings=(*told.sightings, *of_products.sightings),
            reviews=(*told.reviews, *of_products.reviews),
        )

    return replace(
        kind,
        next=with_products(kind.next, _products),
        most_steps=lambda options: kind.most_steps(options) + _products(options),
        price=lambda options: kind.price(options) + _CREDITS * _products(options),
        counts=lambda options: kind.counts(options) + _products(options),
        brings=_brings,
        cost=cost,
        rows=rows,
        follow=follow,
    )


def _products(options: Any) -> int:
    return options.with_details or 0


def _brings(options: Any) -> tuple[str, ...]:
    return ("details",) if _products(options) else ()
