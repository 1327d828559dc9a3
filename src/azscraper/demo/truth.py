"""What is true of the pretend marketplace at a moment, as JSON: what a right reader finds on its pages then."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from azscraper.demo.goods.catalogue import product_at
from azscraper.demo.goods.locales import Locale
from azscraper.demo.goods.model import DemoOtherOffers, DemoProduct
from azscraper.demo.goods.moves import Moment
from azscraper.demo.pages.bestsellers import ranked
from azscraper.demo.pages.offers import featured, listed
from azscraper.demo.results import MOST_PAGES, search
from azscraper.demo.views import Visit

_LONGEST_KEYWORD = 300


def truth(locale: Locale, asked: Mapping[str, str], moment: Moment | None) -> dict[str, Any]:
    """Of the product ``asin``, the search for ``k`` and the best sellers of a department, as far as they are asked for. ``at`` is None where nothing moves.

    Amounts are texts in the marketplace's currency, as exact as they are printed; what a page does not show is None.
    """
    said: dict[str, Any] = {"at": moment.at.isoformat() if moment else None, "marketplace": locale.host}
    if "asin" in asked:
        product = product_at(locale, asked["asin"], moment)
        said["product"] = product and product_truth(product)
        said["offers"] = offers_truth(product, moment) if product else []
    if "k" in asked:
        said["results"] = search_truth(locale, asked["k"][:_LONGEST_KEYWORD], moment)
    if "bestsellers" in asked:
        said["bestsellers"] = bestsellers_truth(locale, asked["bestsellers"][:_LONGEST_KEYWORD], moment)
    return said


def bestsellers_truth(locale: Locale, department: str, moment: Moment | None) -> list[str]:
    """The ASINs of the best-seller list of a department, or of ``department/node``, first rank first."""
    name, _, node = department.partition("/")
    visit = Visit(locale, {"department": name, "node": node}, moment=moment)
    return [product.asin for product in ranked(visit, "bestsellers")]


def product_truth(product: DemoProduct) -> dict[str, Any]:
    """The values of a product that can change."""
    offer = product.offer
    return {
        "asin": product.asin,
        "title": product.title,
        "currency": product.locale.currency,
        "price": _amount(offer.price),
        "listPrice": _amount(offer.list_price),
        "unitPrice": _amount(offer.unit_price.amount if offer.unit_price else None),
        "coupon": offer.coupon,
        "deal": offer.deal,
        "offerState": offer.state.value,
        "availability": offer.status and offer.status.value,
        "quantity": offer.quantity,
        "seller": offer.seller and offer.seller.name,
        "sellerId": offer.seller and offer.seller.id,
        "shipsFrom": offer.ships_from,
        "new": _others(offer.new),
        "used": _others(offer.used),
        "rating": _amount(product.rating),
        "ratingCount": product.rating_count,
        "boughtPastMonth": product.bought_past_month,
        "rank": product.best_seller_rank,
        "badges": list(product.badges),
    }


def offers_truth(product: DemoProduct, moment: Moment | None) -> list[dict[str, Any]]:
    """Every offer of a product: the featured one first, the others cheapest first, delivery included."""
    first = featured(product)
    offers = [*([first] if first else []), *listed(product, moment)]
    return [
        {
            "seller": one.seller.name,
            "sellerId": one.seller.id,
            "condition": one.condition,
            "price": _amount(one.price),
            "shipping": _amount(one.shipping),
        }
        for one in offers
    ]


def search_truth(locale: Locale, keyword: str, moment: Moment | None) -> list[dict[str, Any]]:
    """Every place of a search, over all its pages."""
    pages = (search(locale, keyword, number, moment=moment) for number in range(1, MOST_PAGES + 1))
    return [
        {"position": tile.position, "organicPosition": tile.organic_position, "asin": tile.product.asin}
        for page in pages
        for tile in page.tiles
    ]


def _others(others: DemoOtherOffers | None) -> dict[str, Any] | None:
    return {"count": others.count, "from": _amount(others.lowest)} if others else None


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
