"""A fetcher, and a real socket with bad manners for it. Nothing here leaves 127.0.0.1."""

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from azscraper.crawl.fetcher import Fetcher, PageRequest
from integration.badserver import BadServer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = "www.amazon.de"
OTHER_SHOP = "www.amazon.com"
HOSTS = frozenset({SHOP, "amazon.de"})
AGENT = "AzScraper/0.1 (test)"
PAGE = "<html>Größe: 5 €</html>".encode()


@pytest.fixture(autouse=True)
def _no_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(host: object, *_: object, **__: object) -> None:
        raise AssertionError(f"a test asked for {host!r}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
async def server() -> AsyncIterator[BadServer]:
    async with BadServer() as running:
        yield running


@pytest.fixture
async def fetcher(server: BadServer) -> AsyncIterator[Fetcher]:
    async with quick(base_urls=dict.fromkeys((*HOSTS, OTHER_SHOP), server.url)) as ready:
        yield ready


def quick(
    *, base_urls: dict[str, str] | None = None, proxies: tuple[str, ...] = (), ca_file: Path | None = None
) -> Fetcher:
    return Fetcher(
        user_agent=AGENT,
        base_urls=base_urls,
        proxies=proxies,
        clock=lambda: NOW,
        connect_seconds=5.0,
        total_seconds=5.0,
        ca_file=ca_file,
    )


def to(
    path: str, *, shop: str = SHOP, language: str | None = None, cookies: dict[str, str] | None = None
) -> PageRequest:
    return PageRequest(f"https://{shop}{path}", HOSTS, language=language, cookies=cookies or {})


def closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
