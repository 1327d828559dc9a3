"""Pages of deals: today's thirty, and events of as many deals as their name says."""

from typing import Any

import orjson

from azscraper.demo.faults import Asked, asked_by_keyword
from azscraper.demo.goods.drafts import draw
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.views import View, Visit

_A_PAGE = 30
_SIZES = {"empty": 0, "seven": 7, "fifty": 50, "hundred": 100}
_SHELF = 3
_END = "2031-09-01T06:59:59.000Z"


def _write(visit: Visit) -> str | None:
    name = visit.word("name")
    if name and name not in _SIZES and _asked(name) is None:
        return None
    priced = [one for one in visit.products if one.offer.price is not None]
    found = sorted(priced, key=lambda one: draw(one.asin, "deal of the day", 1 << 32))
    count, shelf = _SIZES.get(name, _A_PAGE), 0 if name else _SHELF
    wanted = visit.word("discounts-widget")
    departments = {one.categories[0].id: one.categories[0].name for one in visit.products if one.categories}
    chosen = [one for one in found if not wanted or any(part.id in wanted for part in one.categories)]
    widget = {
        "currencyIsoCode": visit.locale.currency,
        "widgetType": "discount-asin-grid",
        "productSearchResponse": {
            "startIndex": 0,
            "nextIndex": count,
            "products": [_described(one) for one in chosen[shelf : shelf + count]],
            "refinements": [
                {
                    "id": "departments",
                    "options": [{"label": [{"text": text}], "value": id_} for id_, text in departments.items()],
                }
            ],
        },
    }
    return visit.render("deals.html", name=name, widget=orjson.dumps(widget).decode(), shelf=chosen[:shelf])


def _described(product: DemoProduct) -> dict[str, Any]:
    offer = product.offer
    price: dict[str, Any] = {"priceToPay": {"price": str(offer.price)}}
    if offer.list_price is not None:
        price["basisPrice"] = {"label": product.locale.phrases["list_price"], "price": str(offer.list_price)}
    found: dict[str, Any] = {
        "asin": product.asin,
        "title": product.title,
        "image": {"hiRes": {"baseUrl": product.images[0].removesuffix(".jpg"), "extension": "jpg"}}
        if product.images
        else {},
        "price": price,
        "dealDetails": {"id": f"{draw(product.asin, 'deal', 1 << 32):08x}", "type": "BEST_DEAL", "state": "AVAILABLE"},
        "meta": {"departmentIds": [part.id for part in product.categories]},
    }
    if offer.savings_percent:
        label = {"content": {"fragments": [{"text": f"{offer.savings_percent}%"}]}}
        found["dealBadge"] = {
            "label": label,
            "messaging": {"content": {"fragments": [{"countdownTimer": {"targetTime": _END}}]}},
        }
    if product.rating is not None:
        rating = {"shortDisplayString": str(product.rating)}
        found["customerReviews"] = {"rating": rating, "count": {"value": product.rating_count}}
    return found


def _asked(name: str) -> Asked | None:
    """``fault-sgn``: an event whose page is the form to sign in."""
    return asked_by_keyword(name.replace("-", ":", 1))


DEALS = View(
    kind="deals",
    paths=("/deals", "/gp/goldbox", "/events/{name}"),
    write=_write,
    key=lambda visit: f"/events/{visit.word('name')}" if visit.word("name") else "/deals",
    names=("discounts-widget",),
    path_names=("name",),
    asked=lambda visit: _asked(visit.word("name")),
)
