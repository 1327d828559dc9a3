"""Pages out of templates: the environment of each language, and what every page knows."""

import os
from collections.abc import Callable
from datetime import UTC, tzinfo
from functools import cache
from typing import Annotated, Any, cast
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo, available_timezones

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

import azscraper
from azscraper.errors import InvalidInputError
from azscraper.kinds.registry import types
from azscraper.marketplaces import find, of_url
from azscraper.results.formats import Reader
from azscraper.tracking.keywords.searched import searched
from azscraper.web.dashboard import assets, explanations, language, refusals
from azscraper.web.dashboard.explanations import error_help, notice
from azscraper.web.dashboard.session import Session, cookie_name, form_token
from azscraper.web.deps import Services

LANGUAGE_COOKIE = "azscraper_language"
THEME_COOKIE = "azscraper_theme"
ZONE_COOKIE = "azscraper_zone"
_IN_URLS = ":/%#?=@[]!$&'()*+,;"
"""What an address may hold as it is; all else is quoted, line ends and other scripts among it."""
_KEY_BYTES = 12
THEMES = ("auto", "light", "dark")
PageNumber = Annotated[int, Query(ge=1, le=10**6)]
_VARY = "Cookie, Accept-Language, HX-Request, HX-Boosted, HX-History-Restore-Request"


@cache
def _environment(code: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("azscraper.web.dashboard"),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(language.texts(code), newstyle=True)  # type: ignore[attr-defined] # of the extension
    environment.filters["in_words"] = lambda message: refusals.in_words(message, language.texts(code).gettext)
    environment.filters["reason"] = lambda message: explanations.reason(message or "", language.texts(code).gettext)
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    environment.filters["currency_name"] = lambda host: find(host).currency
    environment.globals.update(
        asset=assets.url,
        words=language.words(code),
        languages=language.LANGUAGES,
        themes=THEMES,
        version=azscraper.__version__,
        error_help=error_help,
        kinds=types,
        place_code=place_code,
        place_name=place_name,
        place_of_job=place_of_job,
        searched=searched,
    )
    return environment


def place_code(host: str) -> str:
    """The two letters by which people know a marketplace: ``DE``, ``UK``; the host of what is none."""
    try:
        site = find(host)
    except InvalidInputError:
        return host
    return "UK" if site.country == "GB" else site.country


def place_name(said: str) -> str:
    """``amazon.de``, whether it was said as a host or as a code."""
    try:
        return find(said).host.removeprefix("www.")
    except InvalidInputError:
        return said


def place_of_job(said: str | None, first: str | None) -> str:
    """The host or code of a job's marketplace, of the one that it ``said`` and its first target: an address goes to its own."""
    site = of_url(first) if first and "/" in first else None
    return site.host if site else said or "www.amazon.com"


def language_of(request: Request) -> str:
    """The visitor's language."""
    return language.choose(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))


def words_of(code: str) -> Callable[[str], str]:
    """A text in the language; English, where the catalogue does not have it."""
    return language.texts(code).gettext


def zone_of(request: Request) -> tzinfo:
    """The zone of the visitor's browser, which the pages' script says; UTC where none did."""
    name = unquote(request.cookies.get(ZONE_COOKIE, ""))
    return ZoneInfo(name) if name in _zones() else UTC


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def reader_of(request: Request) -> Reader:
    """The visitor, as one whom a file is for."""
    code = language_of(request)
    return Reader(code, words_of(code), zone_of(request))


def region_of(request: Request) -> str:
    """The country of the language that the browser asks for first, ``DE`` of ``de-DE``; empty where it names none."""
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()
    return first.rpartition("-")[2].upper() if "-" in first else ""


def _theme(request: Request) -> str:
    theme = request.cookies.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def is_fragment(request: Request) -> bool:
    """Whether a part of the page is asked for, by htmx. On the browser's way back it asks for whole pages."""
    whole = ("hx-boosted", "hx-history-restore-request")
    asks = request.headers.get("hx-request") == "true"
    return asks and not any(request.headers.get(name) == "true" for name in whole)


def render(request: Request, template: str, *, answer: int = 200, **values: Any) -> Response:
    """The template as a page. Pages are a user's own: no cache keeps them. ``answer`` is the HTTP status."""
    services = cast("Services", request.app.state.services)
    code = language_of(request)
    session: Session | None = getattr(request.state, "session", None)
    context = {
        "request": request,
        "language": code,
        "theme": _theme(request),
        "user": session.user if session else None,
        "is_operator": session is not None and session.principal.is_admin,
        "form_token": form_token(services, request.cookies.get(cookie_name(request))),
        "form_key": os.urandom(_KEY_BYTES).hex(),
        "now": services.clock(),
        "notice": notice(request.query_params.get("notice")),
        "project": None,
        "side": getattr(request.state, "side", None),
        **values,
    }
    body = _environment(code).get_template(template).render(context)
    return HTMLResponse(body, answer, {"Cache-Control": "no-store", "Vary": _VARY})


def show_once(request: Request, *, kind: str, secret: str, next_: str, **values: Any) -> Response:
    """A new secret instead of the page, which does not know yet what was made, with the way on."""
    if not is_fragment(request):
        return render(request, "secret.html", kind=kind, secret=secret, next=next_, **values)
    response = render(request, "_secret.html", kind=kind, secret=secret, next=next_, **values)
    response.headers["HX-Retarget"] = "#main"
    response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response


def go(request: Request, url: str, *, notice: str | None = None) -> Response:
    """On to another page, after a form."""
    target = quote(url if notice is None else f"{url}{'&' if '?' in url else '?'}notice={notice}", safe=_IN_URLS)
    if is_fragment(request):
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)
