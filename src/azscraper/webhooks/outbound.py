"""The only socket to an address that a tenant gave: a message out, an answer in. Nothing inside can be reached.

What a name resolves to is judged at the last moment, when the socket to that very address is made: a name that resolved
to a public address a moment ago can't lead inside, and an address in the URL is judged just the same. Redirects are not
followed, proxies and cookies not used.
"""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from azscraper.errors import InvalidInputError
from azscraper.webhooks.addresses import is_public
from azscraper.webhooks.policy import Answer

ANSWER_LIMIT = 2048
"""Bytes of an answer that are read and kept."""
TOTAL_SECONDS = 10.0
"""Look-up, connection and answer together."""
_URL_LIMIT = 2048


def _is_allowed(address: IPv4Address | IPv6Address, *, allow_loopback: bool) -> bool:
    return is_public(address) or (allow_loopback and address.is_loopback)


def check_url(text: str, *, allow_loopback: bool) -> str:
    """The URL, if a message may be sent there as far as can be told without asking for its name.

    https only, no credentials, no fragment, no inside address; ``allow_loopback`` (development) lets http and https
    to this machine pass. Raises InvalidInputError for ``url``.
    """
    url = _parsed(text)
    if url.raw_user is not None or url.raw_password is not None:
        raise InvalidInputError.of("url", "must not contain credentials")
    if url.raw_fragment:
        raise InvalidInputError.of("url", "must not contain a fragment")
    own = allow_loopback and _is_loopback_name(url.host or "")
    if url.scheme != "https" and not (own and url.scheme == "http"):
        raise InvalidInputError.of("url", "must begin with https://")
    if not own and _leads_inside(url.host or ""):
        raise InvalidInputError.of("url", "must lead to a public address")
    return text


def _parsed(text: str) -> URL:
    if len(text) > _URL_LIMIT:
        raise InvalidInputError.of("url", f"is longer than {_URL_LIMIT} characters")
    if not text.isprintable() or " " in text or "\\" in text:
        raise InvalidInputError.of("url", "is not a URL")
    try:
        url = URL(text)
        port = url.port
    except ValueError as exc:
        raise InvalidInputError.of("url", "is not a URL") from exc
    if not url.host or port is None or port == 0:
        raise InvalidInputError.of("url", "is not a URL with a host")
    return url


def _is_loopback_name(host: str) -> bool:
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _leads_inside(host: str) -> bool:
    address = _address(host)
    if address is not None:
        return not is_public(address)
    labels = host.rstrip(".").split(".")
    # A host that ends in a number is an address in some odd spelling (URL Standard, "ends in a number").
    return labels[-1] == "localhost" or labels[-1][:1].isdigit() or not all(labels)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


class _AddressRefusedError(OSError):
    """The address leads inside. An OSError, as the HTTP library expects of a socket that can't be made."""


class Outbound:
    """Sends messages, each on a connection of its own; safe for concurrent use. Use with ``async with``."""

    def __init__(
        self,
        *,
        allow_loopback: bool = False,
        resolver: AbstractResolver | None = None,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        """``allow_loopback`` is for development; ``resolver`` replaces the system's name look-up."""
        self._allow_loopback = allow_loopback
        self._resolver = resolver
        self._total_seconds = total_seconds
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=self._resolver, use_dns_cache=False, force_close=True, socket_factory=self._socket
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "AzScraper webhooks", "Accept-Encoding": "identity"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    def _socket(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, place = info
        address = ipaddress.ip_address(place[0])
        if not _is_allowed(address, allow_loopback=self._allow_loopback):
            raise _AddressRefusedError
        return socket.socket(family=family, type=kind, proto=protocol)

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send JSON. Never raises for what the other side does; an answer cut short counts with what came of it."""
        started = time.monotonic()
        try:
            check_url(url, allow_loopback=self._allow_loopback)
            async with asyncio.timeout(self._total_seconds):
                status, start, retry_after = await self._post(url, body, headers)
        except TimeoutError:
            return Answer(None, b"", _since(started), f"No answer within {self._total_seconds:g} s", timed_out=True)
        except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError, InvalidInputError) as exc:
            return Answer(None, b"", _since(started), _words(exc))
        return Answer(status, start, _since(started), retry_after=retry_after)

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes, str | None]:
        sent = {**headers, "Content-Type": "application/json"}
        async with self._session.post(url, data=body, headers=sent, allow_redirects=False) as response:
            start = b""
            while len(start) < ANSWER_LIMIT and (piece := await response.content.read(ANSWER_LIMIT - len(start))):
                start += piece
            return response.status, start, response.headers.get("Retry-After")


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _words(exc: Exception) -> str:
    """For the tenant. Not the exception's own text: it can hold what a name resolves to inside."""
    if isinstance(exc, InvalidInputError):
        return f"The URL {exc.details[0].message}"
    if isinstance(exc, aiohttp.ClientConnectorDNSError):
        return "The host's name was not found"
    if isinstance(exc, aiohttp.ClientConnectorError) and isinstance(exc.os_error, _AddressRefusedError):
        return "The host's name does not lead to a public address"
    if isinstance(exc, aiohttp.ClientSSLError):
        return "No safe connection could be made; is the certificate valid?"
    if isinstance(exc, aiohttp.ClientConnectorError):
        return "The host could not be reached"
    return "The answer was not proper HTTP, or was cut short"
