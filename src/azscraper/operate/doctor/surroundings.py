"""What the checks look at outside the database: folders, proxies, the archive, a server's folder. Nothing is left behind."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from azscraper.config import Settings
from azscraper.crawl import archive
from azscraper.crawl.fetcher import Fetcher
from azscraper.crawl.proxies import Proxy, parse_proxies
from azscraper.operate.doctor.facts import Disk, Folder, Host, ProxyAnswer
from azscraper.operate.doctor.findings import Finding, ok
from azscraper.store.embedded.folder import major_of

T = TypeVar("T")

_PROXY_SECONDS = 3.0
_PROXIES_AT_ONCE = 50
_PORTS = {"http": 80, "https": 443}


def folder(data_dir: Path) -> Folder:
    """Of the embedded database."""
    path = data_dir / "postgres"
    return Folder(data_dir, path.is_dir(), major_of(path))


async def disks(settings: Settings) -> list[Disk]:
    """Of the folders that are there; where both are in one file system, of the data folder alone."""
    return await _in_thread(lambda: _disks(settings))


def _disks(settings: Settings) -> list[Disk]:
    named = {"data folder": settings.data_dir, "archive": settings.archive_folder}
    found: dict[int, Disk] = {}
    for name, path in named.items():
        if path is not None and path.exists():
            usage = shutil.disk_usage(path)
            found.setdefault(path.stat().st_dev, Disk(name, path, usage.free, usage.total))
    return list(found.values())


async def proxies(settings: Settings) -> list[ProxyAnswer]:
    """Whether each takes a TCP connection; no request goes through it. Raises InvalidInputError for one that is no URL."""
    places = asyncio.Semaphore(_PROXIES_AT_ONCE)

    async def ask(proxy: Proxy) -> ProxyAnswer:
        async with places:
            return ProxyAnswer(proxy.url, await _error_of(proxy))

    return await asyncio.gather(*map(ask, dict.fromkeys(parse_proxies(settings.proxies))))


async def _error_of(proxy: Proxy) -> str | None:
    parts = urlsplit(proxy.url)
    try:
        async with asyncio.timeout(_PROXY_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or _PORTS[parts.scheme])
    except TimeoutError:
        return f"no answer for {_PROXY_SECONDS:.0f} s"
    except OSError as exc:
        return _said(exc)
    writer.close()
    return None


def _said(error: OSError) -> str:
    """Without what asyncio adds. Errors of look-ups have numbers below 0, and words of their own."""
    number = error.errno or 0
    return (os.strerror(number) if number > 0 else error.strerror or str(error)).lower()


async def robots_now(settings: Settings, hosts: Sequence[Host]) -> list[Host]:
    """The hosts with their robots.txt of now: one request to each, which changes nothing of what the workers hold."""
    async with Fetcher(
        user_agent=settings.user_agent,
        base_urls=settings.marketplace_base_url,
        proxies=settings.proxies,
        ca_file=settings.ca_file,
    ) as fetcher:
        texts = await asyncio.gather(*(fetcher.robots(host.host) for host in hosts))
    return [
        replace(host, robots_status=text.status, robots_body=text.body, robots_fetched_at=host.now)
        for host, text in zip(hosts, texts, strict=True)
    ]


async def archive_works(settings: Settings) -> list[Finding]:
    """Writes an object, reads it and removes it. Raises UnavailableError, InvalidInputError."""
    if settings.archive_days == 0:
        return [ok("archive", "No pages are kept, because AZSCRAPER_ARCHIVE_DAYS is 0")]
    path = settings.archive_folder
    if path is not None and not await _in_thread(path.exists):
        return [ok("archive", f"{path} is not there yet: the first worker makes it")]
    await archive.probe(settings.archive)
    return [ok("archive", f"Written to and read back: {path or settings.archive}")]


async def _in_thread(look: Callable[[], T]) -> T:
    """In a thread that nobody waits for at the end: a look at a file system that is gone may never return."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[T] = loop.create_future()

    def tell(done: Callable[[], None]) -> None:
        loop.call_soon_threadsafe(lambda: None if found.done() else done())

    def run() -> None:
        try:
            result = look()
        except OSError as exc:
            error = exc
            tell(lambda: found.set_exception(error))
        else:
            tell(lambda: found.set_result(result))

    threading.Thread(target=run, daemon=True).start()
    return await found
