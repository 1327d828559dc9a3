"""Pictures of products, through this server: a page loads nothing from elsewhere, and no shop learns who looks.

Only from the hosts on which marketplaces keep pictures, small, and kept by the browser for a week.
"""

import asyncio
from urllib.parse import urlsplit

from fastapi import APIRouter, Response

from azscraper.crawl.fetcher import PageRequest
from azscraper.errors import FetchError
from azscraper.marketplaces import MARKETPLACES
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep

router = APIRouter(route_class=PageRoute)

_PICTURE_HOSTS = {"m.media-amazon.com", "images-na.ssl-images-amazon.com", "images-eu.ssl-images-amazon.com"}
_AT_A_TIME = asyncio.Semaphore(8)
_WEEK = "private, max-age=604800"
_MINUTE = "private, max-age=60"
_HARMLESS = "default-src 'none'; sandbox"
"""For what was fetched: nothing in it runs, also when it is opened by itself."""
_NOTHING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" fill="#eef1f5"/><path d="M14 31l7-8 5 6 3-3 5 5z" fill="#b6c0cc"/><circle cx="30" cy="18" r="3" fill="#b6c0cc"/></svg>'
_OK = 200


@router.get("/pictures")
async def picture(url: str, _: User_, services: ServicesDep) -> Response:
    """The picture at the address, or a drawing in its place."""
    if services.pictures is None or not is_picture(url):
        return _drawing()
    try:
        async with _AT_A_TIME:
            host = urlsplit(url).hostname or ""
            page = await services.pictures.get(PageRequest(small(url), frozenset({host}), accept="image/*"))
    except FetchError:
        return _drawing()
    if page.status != _OK or not page.content_type.startswith("image/"):
        return _drawing()
    headers = {"Cache-Control": _WEEK, "Content-Security-Policy": _HARMLESS}
    return Response(page.body, headers=headers, media_type=page.content_type)


def _drawing() -> Response:
    headers = {"Cache-Control": _MINUTE, "Content-Security-Policy": _HARMLESS}
    return Response(_NOTHING, headers=headers, media_type="image/svg+xml")


def is_picture(url: str) -> bool:
    """Whether it is a picture of a marketplace: this is no way to fetch anything else."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "https"
            and parts.port is None
            and parts.username is None
            and (parts.hostname in _PICTURE_HOSTS or parts.hostname in MARKETPLACES)
            and parts.path.startswith("/images/")
            and ".." not in parts.path
        )
    except ValueError:
        return False


def small(url: str) -> str:
    """The address of the same picture at most 320 pixels wide: the sites take the size as part of the name."""
    stem, dot, ending = url.rpartition(".")
    return f"{stem}._AC_SL320_.{ending}" if dot and "/" not in ending else url
