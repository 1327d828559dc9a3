"""The pretend marketplace as one small ASGI application that serves every marketplace by its Host header."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from zlib import crc32

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from azscraper.clock import utc_now
from azscraper.demo import pictures
from azscraper.demo.answers import Question, faulty, good, not_found
from azscraper.demo.faults import Faults, RobotsAnswer, chosen
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US, Locale, by_host
from azscraper.demo.goods.moves import Clock, Moment, moment_at
from azscraper.demo.lists import forbidden
from azscraper.demo.pages.author import AUTHOR
from azscraper.demo.pages.bestsellers import BESTSELLERS
from azscraper.demo.pages.category import CATEGORY
from azscraper.demo.pages.deals import DEALS
from azscraper.demo.pages.offers import OFFERS
from azscraper.demo.pages.product import PRODUCT
from azscraper.demo.pages.reviews import REVIEWS
from azscraper.demo.pages.search import SEARCH
from azscraper.demo.pages.seller import SELLER
from azscraper.demo.pages.store import STORE
from azscraper.demo.pages.suggestions import SUGGESTIONS
from azscraper.demo.render import other_page
from azscraper.demo.traffic import Traffic
from azscraper.demo.truth import truth
from azscraper.demo.views import View, Visit
from azscraper.marketplaces.sites import SHORT_LINKS

VIEWS: tuple[View, ...] = (
    OFFERS,
    REVIEWS,
    PRODUCT,
    SEARCH,
    *BESTSELLERS,
    CATEGORY,
    SUGGESTIONS,
    SELLER,
    DEALS,
    STORE,
    AUTHOR,
)
"""The kinds of pages, in the order in which addresses are tried."""
_FIRST_PRODUCT = "/dp/B0DEMO0001"
_ROBOTS = """User-agent: *
Disallow: /gp/cart
Disallow: /gp/offer-listing/
Disallow: /gp/sign-in
Disallow: /ap/
Disallow: /errors/
Disallow: /sspa/
Disallow: /dp/B0FAULTROB
"""
_ROBOTS_NONE = "User-agent: *\nDisallow: /\n"
_NO_TIME = "at is not a time: 2026-11-30T08:00:00Z\n"
_YEAR = "public, max-age=31536000, immutable"


Handler = Callable[[Request], Awaitable[Response]]


def make_app(faults: Faults | None = None, clock: Clock | None = None) -> Starlette:
    """The marketplace. Pages are written once and kept; ``/__stats`` shows what was asked, ``POST /__reset`` forgets.

    The locale is that of ``X-Forwarded-Host``, else of ``Host``; of any other host, www.amazon.com. Short links lead to products. ``Accept-Language``
    chooses among the languages of a marketplace. Without a clock
    nothing moves; ``POST /__clock?at=`` sets it. ``/truth?at=`` says what is true at any time: see ``truth``.
    """
    shop = _Shop(faults or Faults(), clock)
    return Starlette(
        routes=[
            Route("/robots.txt", shop.robots),
            Route("/truth", shop.truth),
            Route("/__stats", shop.stats),
            Route("/__reset", shop.reset, methods=["POST"]),
            Route("/__clock", shop.set_clock, methods=["POST"]),
            Route("/images/{path:path}", shop.image),
            Route("/captcha/{path:path}", shop.image),
            Route("/sspa/click", shop.advertisement),
            Route("/", shop.home),
            *(Route(path, shop.shows(view)) for view in VIEWS for path in view.paths),
            Route("/{rest:path}", shop.nothing),
        ]
    )


class _Shop:
    def __init__(self, faults: Faults, clock: Clock | None) -> None:
        self._faults = faults
        self._clock = clock
        self._traffic = Traffic()

    def shows(self, view: View) -> Handler:
        """Answers requests for pages of a kind."""

        async def answer(request: Request) -> Response:
            return await self._answer(view, self._visit(request), request)

        return answer

    async def _answer(self, view: View, visit: Visit, request: Request) -> Response:
        host, key, asked = visit.locale.host, view.key(visit), view.asked(visit)
        question = _question(request, visit.locale, view.redirects_to(visit) if view.redirects_to else _FIRST_PRODUCT)
        ask = self._traffic.note(view.kind, host, f"{host}{key}")
        fault = asked.at(ask) if asked else chosen(self._faults, f"{host}{key}", ask)
        page = view.page(visit)
        if fault is not None:
            self._traffic.note_fault(fault.value)
            return await faulty(question, fault, page or other_page(question.locale, "not_found"), self._faults)
        return not_found(question) if page is None else good(question, page, media_type=view.media_type)

    def _visit(self, request: Request) -> Visit:
        return Visit(_locale(request), request.path_params, request.query_params, self._moment())

    def _moment(self) -> Moment | None:
        return self._clock.moment(utc_now()) if self._clock else None

    async def truth(self, request: Request) -> Response:
        """What is true at ``at`` (ISO 8601; now without it), of ``asin``, of the search for ``k``, of ``bestsellers``: see ``truth``."""
        asked = dict(request.query_params)
        moment = self._moment()
        if moment is not None and "at" in asked:
            try:
                moment = moment_at(datetime.fromisoformat(asked["at"]), moment.seed)
            except ValueError:
                return Response(_NO_TIME, 400, media_type="text/plain")
        return Response(orjson.dumps(truth(_locale(request), asked, moment)), media_type="application/json")

    async def set_clock(self, request: Request) -> Response:
        """Stop the marketplace's clock ``at`` a time (ISO 8601); without it nothing moves."""
        asked = request.query_params.get("at")
        try:
            at = datetime.fromisoformat(asked) if asked else None
        except ValueError:
            return Response(_NO_TIME, 400, media_type="text/plain")
        self._clock = Clock(utc_now(), at.replace(tzinfo=at.tzinfo or UTC), speed=0) if at else None
        return Response(status_code=204)

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
                lines = (f"Disallow: {path}\n" for path in forbidden(locale))
                return Response(_ROBOTS + "".join(lines), media_type="text/plain")

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
        if _host(request) in SHORT_LINKS:
            return RedirectResponse(_led_to(request.path_params["rest"]), 301)
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
    return by_host(_host(request), request.headers.get("accept-language", ""))


def _host(request: Request) -> str:
    return request.headers.get("x-forwarded-host", "").partition(",")[0] or request.headers.get("host", "")


def _led_to(link: str) -> str:
    """Each short link leads to some product, always the same."""
    goods = products(EN_US)
    return f"https://{EN_US.host}/dp/{goods[crc32(link.encode()) % len(goods)].asin}"


def _question(request: Request, locale: Locale, elsewhere: str = _FIRST_PRODUCT) -> Question:
    return Question(locale, "gzip" in request.headers.get("accept-encoding", ""), elsewhere)
