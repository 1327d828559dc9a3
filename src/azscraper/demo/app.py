"""The pretend marketplace as one small ASGI application that serves three hosts by their Host header."""

from functools import lru_cache
from urllib.parse import urlencode

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from azscraper.demo import pictures
from azscraper.demo.answers import Question, faulty, good, not_found
from azscraper.demo.faults import Asked, Faults, RobotsAnswer, asked_by_asin, asked_by_keyword, chosen
from azscraper.demo.goods.catalogue import by_asin, other_product, stand_in
from azscraper.demo.goods.locales import Locale, by_host
from azscraper.demo.render import Page, other_page, product_page, search_page
from azscraper.demo.traffic import Traffic

_LONGEST_KEYWORD = 300
_PATHS_KEPT = 1024
_FIRST_PRODUCT = "/dp/B0DEMO0001"
_ROBOTS = """User-agent: *
Disallow: /gp/cart
Disallow: /gp/offer-listing/
Disallow: /gp/sign-in
Disallow: /ap/
Disallow: /errors/
Disallow: /product-reviews/
Disallow: /sspa/
Disallow: /dp/B0FAULTROB
"""
_ROBOTS_NONE = "User-agent: *\nDisallow: /\n"
_YEAR = "public, max-age=31536000, immutable"


def make_app(faults: Faults | None = None) -> Starlette:
    """The marketplace. Pages are rendered once and kept; ``/__stats`` shows what was asked, ``POST /__reset`` forgets.

    The locale is that of ``X-Forwarded-Host``, else of ``Host``; of any other host, www.amazon.com.
    """
    shop = _Shop(faults or Faults())
    return Starlette(
        routes=[
            Route("/dp/{asin}", shop.product),
            Route("/gp/product/{asin}", shop.product),
            Route("/s", shop.search),
            Route("/robots.txt", shop.robots),
            Route("/__stats", shop.stats),
            Route("/__reset", shop.reset, methods=["POST"]),
            Route("/images/{path:path}", shop.image),
            Route("/captcha/{path:path}", shop.image),
            Route("/sspa/click", shop.advertisement),
            Route("/", shop.home),
            Route("/dp/{asin}/{rest:path}", shop.product),
            Route("/gp/product/{asin}/{rest:path}", shop.product),
            Route("/{slug}/dp/{asin}", shop.product),
            Route("/{slug}/dp/{asin}/{rest:path}", shop.product),
            Route("/{rest:path}", shop.nothing),
        ]
    )


class _Shop:
    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._traffic = Traffic()

    async def product(self, request: Request) -> Response:
        asin = request.path_params["asin"]
        locale = _locale(request)
        question = _question(request, locale, _other_path(locale, asin))
        asked = asked_by_asin(asin)
        page = product_page(locale, asin, standing_in=asked is not None)
        return await self._answer(question, page, kind="product", path=f"/dp/{asin}", asked=asked)

    async def search(self, request: Request) -> Response:
        locale = _locale(request)
        keyword = request.query_params.get("k", "")[:_LONGEST_KEYWORD]
        number = request.query_params.get("page", "1")
        asked = asked_by_keyword(keyword)
        page_number = int(number) if number.isdecimal() and len(number) < 4 else 1  # noqa: PLR2004 no page 1000
        page = search_page(locale, keyword, page_number, query=asked.query if asked else None)
        path = f"/s?{urlencode({'k': keyword, 'page': page_number})}"
        return await self._answer(_question(request, locale), page, kind="search", path=path, asked=asked)

    async def _answer(
        self, question: Question, page: Page | None, *, kind: str, path: str, asked: Asked | None
    ) -> Response:
        host = question.locale.host
        ask = self._traffic.note(kind, host, f"{host}{path}")
        fault = asked.at(ask) if asked else chosen(self._faults, f"{host}{path}", ask)
        if fault is not None:
            self._traffic.note_fault(fault.value)
            return await faulty(question, fault, page or other_page(question.locale, "not_found"), self._faults)
        return not_found(question) if page is None else good(question, page)

    async def robots(self, request: Request) -> Response:
        locale = _locale(request)
        self._traffic.note("robots", locale.host, f"{locale.host}/robots.txt")
        match self._faults.robots:
            case RobotsAnswer.UNAVAILABLE:
                return Response("Service Unavailable\n", 503, media_type="text/plain")
            case RobotsAnswer.MISSING:
                return not_found(_question(request, locale))
            case RobotsAnswer.DISALLOW_ALL:
                return Response(_ROBOTS_NONE, media_type="text/plain")
            case RobotsAnswer.USUAL:
                return Response(_ROBOTS, media_type="text/plain")

    async def image(self, request: Request) -> Response:
        path = request.path_params["path"]
        locale = _locale(request)
        self._traffic.note("image", locale.host, f"{locale.host}/images/")
        name = path.rpartition("/")[2].partition(".")[0]
        return Response(pictures.picture(name), headers={"cache-control": _YEAR}, media_type=pictures.MEDIA_TYPE)

    async def advertisement(self, request: Request) -> Response:
        """The click counter of a sponsored tile: leads on to the product, inside the marketplace only."""
        url = request.query_params.get("url", "")
        return RedirectResponse(url if url.startswith("/") and not url.startswith("//") else _FIRST_PRODUCT, 302)

    async def home(self, request: Request) -> Response:
        return self._page(request, "home", 200)

    async def nothing(self, request: Request) -> Response:
        return self._page(request, "not_found", 404)

    def _page(self, request: Request, name: str, status: int) -> Response:
        locale = _locale(request)
        self._traffic.note("other", locale.host, f"{locale.host}/other")
        return good(_question(request, locale), other_page(locale, name), status)

    async def stats(self, request: Request) -> Response:  # noqa: ARG002 Starlette passes it
        return Response(orjson.dumps(self._traffic.stats()), media_type="application/json")

    async def reset(self, request: Request) -> Response:  # noqa: ARG002 Starlette passes it
        self._traffic.clear()
        return Response(status_code=204)


def _locale(request: Request) -> Locale:
    forwarded = request.headers.get("x-forwarded-host", "").partition(",")[0]
    return by_host(forwarded or request.headers.get("host", ""))


def _question(request: Request, locale: Locale, elsewhere: str = _FIRST_PRODUCT) -> Question:
    return Question(locale, "gzip" in request.headers.get("accept-encoding", ""), elsewhere)


@lru_cache(_PATHS_KEPT)
def _other_path(locale: Locale, asin: str) -> str:
    product = by_asin(locale).get(asin) or stand_in(locale, asin)
    return f"/dp/{other_product(product).asin}"
