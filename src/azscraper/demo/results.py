"""What a search finds: every word of the keyword must stand in the title, brand, authors or categories."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import Locale
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.moves import Moment, place_in_order, turn_of_ads

TILES_A_PAGE = 16
MOST_PAGES = 7
_SPONSORED_PLACES = (1, 2)
"""Places on each page that are paid for. A sponsored product can stand among the organic ones as well."""
_FEWEST_FOR_ADS = 4
_ESTIMATE_FROM = 120
"""Above what seven pages can show."""
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_ORDERS: Mapping[str, Callable[[DemoProduct], Any]] = {
    "price-asc-rank": lambda one: one.offer.price if one.offer.price is not None else Decimal("Infinity"),
    "price-desc-rank": lambda one: -(one.offer.price or 0),
    "review-rank": lambda one: -(one.rating or 0),
    "date-desc-rank": lambda one: -one.first_available.toordinal(),
    "exact-aware-popularity-rank": lambda one: one.best_seller_rank,
}
"""By the sort key of an address; without one of these, the best match comes first."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One product on a search page."""

    product: DemoProduct
    position: int
    """Over all pages, 1-based, sponsored tiles included."""
    organic_position: int | None
    """Over all pages, unsponsored tiles only; None on a sponsored one."""

    @property
    def sponsored(self) -> bool:
        """Whether the place is paid for."""
        return self.organic_position is None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of a search; without tiles it is the "no results" page."""

    locale: Locale
    keyword: str
    page: int
    tiles: tuple[Tile, ...]
    total: int
    """As the page says: all tiles, or a round number below them if ``total_is_estimate``."""
    total_is_estimate: bool
    last_page: int
    choice: tuple[tuple[str, str], ...] = ()
    """What else chose the results, as addresses have it: ``rh`` of a category, ``me`` of a seller."""


def search(
    locale: Locale,
    keyword: str,
    page: int,
    *,
    query: str | None = None,
    choice: tuple[tuple[str, str], ...] = (),
    moment: Moment | None = None,
) -> ResultPage:
    """One page of results. ``query`` is what is looked for when it is not the keyword itself; empty finds all."""
    words = " ".join(_folded(keyword if query is None else query).split())
    found = chosen(_matches(locale, words, moment), choice)
    tiles = _all_tiles(found, turn_of_ads(words, moment))
    last_page = min(MOST_PAGES, -(-len(tiles) // TILES_A_PAGE))
    estimate = len(tiles) >= _ESTIMATE_FROM
    shown = tiles[(page - 1) * TILES_A_PAGE : page * TILES_A_PAGE] if 1 <= page <= last_page else []
    total = len(tiles) // 10 * 10 if estimate else len(tiles)
    return ResultPage(locale, keyword, page, tuple(shown), total, estimate, last_page, choice)


def chosen(found: list[DemoProduct], choice: tuple[tuple[str, str], ...]) -> list[DemoProduct]:
    """Those of the category, the seller and the bounds of the price, in the order that is asked for; of a category or a seller that
    nobody knows, all.
    """
    said = dict(choice)
    nodes = [term[2:] for term in said.get("rh", "").split(",") if term.startswith("n:")]
    if nodes:
        own = [one for one in found if any(part.id == nodes[-1] for part in one.categories)]
        found = own or found
    if "me" in said:
        own = [one for one in found if one.offer.seller and one.offer.seller.id == said["me"]]
        found = own or found
    bounds = _amount(said.get("low-price"), "0"), _amount(said.get("high-price"), "Infinity")
    if said.keys() & {"low-price", "high-price"}:
        found = [one for one in found if one.offer.price is not None and bounds[0] <= one.offer.price <= bounds[1]]
    order = _ORDERS.get(said.get("s", ""))
    return sorted(found, key=order) if order else found


def _amount(said: str | None, otherwise: str) -> Decimal:
    return Decimal(said if said and _AMOUNT.fullmatch(said) else otherwise)


def _matches(locale: Locale, words: str, moment: Moment | None) -> list[DemoProduct]:
    """Best first: another order for each query, fixed unless the marketplace moves."""
    each = words.split()
    found = [product for product in products(locale, moment) if all(word in _haystack(product) for word in each)]
    return sorted(found, key=lambda product: place_in_order(product.asin, words, moment))


def _haystack(product: DemoProduct) -> str:
    names = (category.name for category in product.categories)
    return _folded(" ".join((product.title, product.brand or "", *product.authors, *names)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _all_tiles(found: list[DemoProduct], turn: int) -> list[Tile]:
    """The organic products in order, with an ad at the sponsored places of each page."""
    tiles: list[Tile] = []
    organic = 0
    while organic < len(found):
        position = len(tiles) + 1
        if len(found) >= _FEWEST_FOR_ADS and (position - 1) % TILES_A_PAGE + 1 in _SPONSORED_PLACES:
            tiles.append(Tile(found[-1 - (position + turn) % len(found)], position, None))
        else:
            organic += 1
            tiles.append(Tile(found[organic - 1], position, organic))
    return tiles
