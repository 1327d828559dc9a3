"""The review list of a product: filters by stars and by buyers, order, ten reviews a page."""

from azscraper.demo.faults import asked_by_asin
from azscraper.demo.goods import locales
from azscraper.demo.goods.opinions import DemoReview, reviews_of
from azscraper.demo.lists import is_walled
from azscraper.demo.views import View, Visit

_A_PAGE = 10
_STARS = {
    "one_star": {1},
    "two_star": {2},
    "three_star": {3},
    "four_star": {4},
    "five_star": {5},
    "positive": {4, 5},
    "critical": {1, 2, 3},
}


def _write(visit: Visit) -> str | None:
    if is_walled(visit.locale):
        return visit.render("sign_in.html")
    product = visit.asked_product()
    if product is None:
        return None
    everything = reviews_of(product)
    chosen = _chosen(everything, visit)
    number = visit.number("pageNumber")
    last = max(1, -(-len(chosen) // _A_PAGE))
    return visit.render(
        "reviews.html",
        product=product,
        reviews=chosen[(number - 1) * _A_PAGE : number * _A_PAGE],
        total=len(chosen),
        top=[next((one for one in everything if one.stars in _STARS[kind]), None) for kind in ("positive", "critical")],
        opposed=[sum(one.stars in _STARS[kind] for one in everything) for kind in ("positive", "critical")],
        page_number=number,
        last=last,
        day_text=locales.date_text,
    )


def _chosen(reviews: tuple[DemoReview, ...], visit: Visit) -> list[DemoReview]:
    stars = _STARS.get(visit.word("filterByStar"))
    is_buyers = visit.word("reviewerType") == "avp_only_reviews"
    kept = [one for one in reviews if (stars is None or one.stars in stars) and (one.is_verified or not is_buyers)]
    return sorted(kept, key=lambda one: one.day, reverse=True) if visit.word("sortBy") == "recent" else kept


REVIEWS = View(
    kind="reviews",
    paths=("/product-reviews/{asin}", "/product-reviews/{asin}/{rest:path}", "/{slug}/product-reviews/{asin}"),
    write=_write,
    key=lambda visit: f"/product-reviews/{visit.word('asin')}?pageNumber={visit.number('pageNumber')}",
    names=("pageNumber", "filterByStar", "reviewerType", "sortBy"),
    path_names=("asin",),
    asked=lambda visit: asked_by_asin(visit.word("asin")),
)
