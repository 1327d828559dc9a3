"""Pictures of products for the dashboard: from the marketplaces' media hosts, as politely as pages, and kept on the disk.

All users share what is kept. A picture that is not to be had in time is None, and a drawing stands in its place.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from urllib.parse import unquote, urlsplit

from azscraper.crawl import policy
from azscraper.crawl.fetcher import Fetcher, PageRequest
from azscraper.crawl.gate import Gate, Paused, Report
from azscraper.errors import FetchError, UnavailableError
from azscraper.records import RawPage
from azscraper.web.picture_cache import Picture, PictureCache

MEDIA_HOSTS = frozenset({"m.media-amazon.com", "images-na.ssl-images-amazon.com", "images-eu.ssl-images-amazon.com"})
PICTURE_BYTES = 1024 * 1024
_AT_A_TIME = 8
_PATIENCE_SECONDS = 15.0
"""How long a page's pictures stand in line for the pace; they are there when the page is looked at again."""
_OK = 200
_REFUSALS = (403, 429, 503)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What fetches and keeps them; one a process."""

    fetcher: Fetcher
    gate: Gate
    """Each media host has a row of its own in ``hosts``, so that pictures never take a page's slot."""
    cache: PictureCache
    played: frozenset[str]
    """Marketplaces that are played by another server (``AZSCRAPER_MARKETPLACE_BASE_URL``), which has the pictures too."""
    clock: Callable[[], datetime]
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_A_TIME))

    async def get(self, url: str) -> Picture | None:
        """The picture at the address, at most 320 pixels wide; None where there is none, or none in time."""
        if not is_picture(url, self.played):
            return None
        kept = await asyncio.to_thread(self.cache.get, small(url))
        if kept is not None:
            return kept
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self.places:
                page = await self._fetched(small(url), urlsplit(url).hostname or "")
        except (FetchError, UnavailableError, TimeoutError):
            return None
        if page is None or page.status != _OK or not page.content_type.startswith("image/"):
            return None
        picture = Picture(page.content_type, page.body)
        await asyncio.to_thread(self.cache.put, small(url), picture)
        return picture

    async def _fetched(self, url: str, host: str) -> RawPage | None:
        request = PageRequest(url, frozenset({host}), accept="image/*", most_bytes=PICTURE_BYTES)
        if host in self.played:
            return await self.fetcher.get(request)  # needs not be spared
        permit = await self.gate.enter(host, url)
        if isinstance(permit, Paused):
            return None
        began, report = monotonic(), Report(blocked=None)
        try:
            page = await self.fetcher.get(request)
            report = self._report(page, monotonic() - began)
            return page
        finally:
            await self.gate.end(host, permit, report)

    def _report(self, page: RawPage, seconds: float) -> Report:
        until = policy.pause_until(page.status, page.retry_after, self.clock())
        return Report(blocked=page.status in _REFUSALS, seconds=seconds, pause_until=until)


def is_picture(url: str, played: frozenset[str] = frozenset()) -> bool:
    """Whether it is a picture on a media host, or on a marketplace that is played: this fetches nothing else."""
    try:
        parts = urlsplit(url)
        host, port, path = parts.hostname, parts.port, _plain(parts.path)
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and port is None
        and parts.username is None
        and (host in MEDIA_HOSTS or host in played)
        and path.startswith("/images/")
        and ".." not in path
        and "\\" not in path
    )


def _plain(path: str) -> str:
    """The path without escapes, also of escapes. Raises ValueError for one that hides more than any name of a picture."""
    for _ in range(4):
        if (plain := unquote(path)) == path:
            return path
        path = plain
    raise ValueError("escaped too often")


def small(url: str) -> str:
    """The address of the same picture at most 320 pixels wide: the sites take the size as part of the name."""
    stem, dot, ending = url.rpartition(".")
    return f"{stem}._AC_SL320_.{ending}" if dot and "/" not in ending else url
