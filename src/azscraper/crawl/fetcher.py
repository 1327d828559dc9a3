"""The only socket to shops: a request in, a page or a FetchError out. The only module that knows aiohttp's client.

Nothing is decided here: no pace, no retry, no look at what the page is. What a hostile or broken server can do is
bounded instead: time, redirects, the size of a body however small it was packed.
"""

import asyncio
import itertools
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import quote

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from azscraper.clock import utc_now
from azscraper.crawl.packing import Decoder
from azscraper.crawl.proxies import Proxy, choose, parse_proxies
from azscraper.crawl.robots import BODY_LIMIT as ROBOTS_LIMIT
from azscraper.crawl.robots import RobotsText, decode
from azscraper.errors import (
    BodyTooLargeError,
    ConnectionFailedError,
    Detail,
    FetchError,
    FetchTimeoutError,
    InvalidInputError,
    ProxyFailedError,
    RedirectRefusedError,
)
from azscraper.records import RawPage

BODY_LIMIT = 10 * 1024 * 1024
"""Bytes of a body once decompressed: three times the largest of 211 real pages (3.1 MB)."""
MAX_REDIRECTS = 5
"""As many as RFC 9309 2.3.1.2 asks for robots.txt; a marketplace's own chains have one or two."""

_LOCATION_LIMIT = 8000
"""Characters of a Location: the length of URI that RFC 9110 4.1 asks everyone to support."""
_HEADER_LIMIT = 32 * 1024
"""Bytes of one header: content security policies of shops are longer than aiohttp's 8 KiB."""
_READ_BUFFER = 256 * 1024
_ROBOTS_PROXIES = 10
"""That robots.txt is asked for through, one after the other, until one does not fail."""
_HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
_SESSION_HEADERS = {"Accept-Encoding": "gzip, deflate"}
_COOKIE_OCTETS = "!#$&'()*+-./:<=>?@[]^_`{|}~"
"""What may stand in a cookie's value beside letters and digits (RFC 6265 4.1.1), less the percent sign."""
_URL_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"
"""What may stand in a URL beside letters and digits (RFC 3986 2.2, 2.3), the percent sign of escapes included."""
_REDIRECTS = (301, 302, 303, 307, 308)
_PROXY_AUTHENTICATION_REQUIRED = 407
_HTTP = ("http", "https")
_NOT_FETCHED = "The page was not fetched: "
_NOT_KEPT = frozenset(
    {
        "set-cookie",
        "set-cookie2",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "trailer",
        "upgrade",
    }
)
"""Headers of an answer that are not kept: cookies, and what belongs to the connection or the length."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What to fetch, as whom."""

    url: str
    """The marketplace's own URL, whatever base URL it is sent to."""
    hosts: frozenset[str]
    """Hosts that a redirect may lead to."""
    language: str | None = None
    """BCP 47, becomes Accept-Language."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    """Sent with this request and its redirects alone."""
    accept: str = _HTML
    proxy: Proxy | None = None
    """Whom to go through; None takes the fetcher's proxies in turn, where it has any."""
    follow: bool = True
    """Else a redirect is the answer, whose ``url`` is where it leads: nothing is asked there."""
    most_bytes: int = BODY_LIMIT
    """Of the body once decompressed; a larger one is refused."""


class Fetcher:
    """A pool of connections, kept open per host; one a process, safe for concurrent use. Use with ``async with``.

    Keeps no cookies: what one organization's fetch was given never travels with another's. Ignores the proxy
    variables of the environment.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        base_urls: Mapping[str, str] | None = None,
        proxies: Sequence[str] = (),
        clock: Callable[[], datetime] = utc_now,
        connect_seconds: float = 10.0,
        total_seconds: float = 30.0,
        connections: int = 100,
        ca_file: Path | None = None,
    ) -> None:
        """``base_urls`` maps a host to where its fetches go instead, with the host in ``X-Forwarded-Host``.

        ``proxies`` are URLs, used in turn. ``total_seconds`` bounds a fetch with all its redirects; ``connections``
        the sockets open at once (a fetch over that waits, on its own time). ``ca_file`` holds certificates (PEM) to
        trust beside those of the system. Raises InvalidInputError for a bad value.
        """
        self._user_agent = _header_value("user_agent", user_agent)
        self._base_urls = {host.lower(): _base_url(host, url) for host, url in (base_urls or {}).items()}
        self._proxies = parse_proxies(proxies)
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds)
        self._total_seconds = total_seconds
        self._connections = connections
        self._tls = _trusting(ca_file)
        self._turns = itertools.count()
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ssl=self._tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={**_SESSION_HEADERS, "User-Agent": self._user_agent},
            timeout=self._timeout,
            auto_decompress=False,
            read_bufsize=_READ_BUFFER,
            max_line_size=_HEADER_LIMIT,
            max_field_size=_HEADER_LIMIT,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def get(self, request: PageRequest) -> RawPage:
        """The page, whatever its status, after at most 5 redirects within ``request.hosts``.

        ``RawPage.url`` is the marketplace's URL, ``content_type`` is as sent. Raises FetchError and nothing else.
        """
        page = await self._fetch(request, request.most_bytes)
        if len(page.body) > request.most_bytes:
            raise BodyTooLargeError(f"The page is larger than {request.most_bytes // 1024**2} MiB.")
        return page

    async def robots(self, host: str) -> RobotsText:
        """The robots.txt of a host. Never raises FetchError: where there was no answer, the status is None and the body says why.

        Redirects are followed between the host and its twin with or without ``www.``; one that leads elsewhere
        counts as no answer, for the sockets of this module are for shops. Where a proxy fails, the next ones are tried: no
        answer forbids the whole marketplace for minutes, and one dead proxy says nothing about it.
        """
        hosts = frozenset({host, host.removeprefix("www."), f"www.{host}"})
        request = PageRequest(f"https://{host}/robots.txt", hosts, accept="text/plain,*/*;q=0.8")
        try:
            page = await self._through_any(request, min(len(self._proxies), _ROBOTS_PROXIES))
        except FetchError as error:
            return RobotsText(None, error.message.removeprefix(_NOT_FETCHED), self._clock())
        return RobotsText(page.status, decode(page.body), page.fetched_at)

    async def _through_any(self, request: PageRequest, proxies: int) -> RawPage:
        for _ in range(proxies - 1):
            with suppress(ProxyFailedError):
                return await self._fetch(request, ROBOTS_LIMIT)
        return await self._fetch(request, ROBOTS_LIMIT)

    async def _fetch(self, request: PageRequest, limit: int) -> RawPage:
        proxy = request.proxy or choose(self._proxies, next(self._turns))
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._follow(request, proxy, limit)
        except (aiohttp.ClientError, HttpProcessingError, OSError, UnicodeError) as exc:
            raise _fetch_error(exc, proxied=proxy is not None) from exc

    async def _follow(self, request: PageRequest, proxy: Proxy | None, limit: int) -> RawPage:
        url = _web_address(request.url)
        if url.scheme not in _HTTP or not url.host:
            raise RedirectRefusedError("The address is not on the web.")
        for _ in range(MAX_REDIRECTS + 1):
            async with self._ask(url, request, proxy) as response:
                if proxy is not None and response.status == _PROXY_AUTHENTICATION_REQUIRED:
                    raise ProxyFailedError("The proxy asks for other credentials.")
                location = response.headers.get("Location")
                if response.status not in _REDIRECTS or not location:
                    return await self._page(url, request, response, limit)
                if not request.follow:
                    page = await self._page(url, request, response, limit)
                    return replace(page, url=str(_redirected(url, location, request.hosts)))
            url = _redirected(url, location, request.hosts)
        raise RedirectRefusedError(f"The page redirected more than {MAX_REDIRECTS} times.")

    def _ask(
        self, url: URL, request: PageRequest, proxy: Proxy | None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        headers = _request_headers(request)
        base_url = self._base_urls.get(url.host or "")
        if base_url is not None:
            headers["X-Forwarded-Host"] = url.host or ""
            url = URL(base_url + url.raw_path_qs, encoded=True)
        if proxy is None:
            return self._session.get(url, headers=headers, allow_redirects=False)
        # A plain request carries the credentials to the proxy itself. Through a tunnel the marketplace would read
        # them: there they belong to the CONNECT alone.
        credentials = _credentials(proxy)
        if url.scheme == "http":
            headers |= credentials
        return self._session.get(
            url, headers=headers, allow_redirects=False, proxy=proxy.url, proxy_headers=credentials
        )

    async def _page(self, url: URL, request: PageRequest, response: aiohttp.ClientResponse, limit: int) -> RawPage:
        body, packed = await _read_body(response, limit)
        retry_after = response.headers.get("Retry-After")
        return RawPage(
            url=str(url),
            status=response.status,
            body=body,
            content_type=_text(response.headers.get("Content-Type", "")),
            fetched_at=self._clock(),
            retry_after=None if retry_after is None else _text(retry_after),
            packed=packed,
            headers=tuple(
                (name, _text(value)) for name, value in response.headers.items() if name.lower() not in _NOT_KEPT
            ),
            sent=self._sent(url, request),
        )

    def _sent(self, url: URL, request: PageRequest) -> tuple[tuple[str, str], ...]:
        headers = {
            "Host": url.host or "",
            **_SESSION_HEADERS,
            "User-Agent": self._user_agent,
            **_request_headers(request),
        }
        headers.pop("Cookie", None)
        return tuple(headers.items())


def _header_value(name: str, value: str) -> str:
    if not value.isprintable():
        raise InvalidInputError(f"{name} has a control character in it", [Detail(name, "has a control character")])
    return value


def _trusting(ca_file: Path | None) -> ssl.SSLContext | bool:
    """What the connector takes for ``ssl``: True is the library's own context, which trusts the system's certificates."""
    if ca_file is None:
        return True
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(ca_file)
    except OSError as exc:  # ssl.SSLError, for a file without certificates, is one too
        problem = (
            "has no certificates in PEM form" if isinstance(exc, ssl.SSLError) else f"can't be read: {exc.strerror}"
        )
        raise InvalidInputError(f"ca_file {problem}", [Detail("ca_file", problem)]) from None
    return context


def _base_url(host: str, text: str) -> str:
    name = f"marketplace_base_url[{host}]"
    try:
        url = URL(text)
    except ValueError:
        raise InvalidInputError(f"{name} is not a URL", [Detail(name, "is not a URL")]) from None
    if url.scheme not in _HTTP or not url.host or url.raw_query_string or url.raw_fragment:
        problem = "must be http:// or https://, a host, and at most a path"
        raise InvalidInputError(f"{name} {problem}", [Detail(name, problem)])
    return str(url).rstrip("/")


def _request_headers(request: PageRequest) -> dict[str, str]:
    headers = {"Accept": request.accept}
    if request.language:
        # Quoting leaves language tags alone and takes the teeth out of anything else.
        language = quote(request.language, safe="")
        primary = language.split("-", 1)[0]
        headers["Accept-Language"] = language if primary == language else f"{language},{primary};q=0.9"
    if request.cookies:
        pairs = (
            f"{quote(name, safe='')}={quote(value, safe=_COOKIE_OCTETS)}" for name, value in request.cookies.items()
        )
        headers["Cookie"] = "; ".join(pairs)
    return headers


def _credentials(proxy: Proxy) -> dict[str, str]:
    if proxy.username is None:
        return {}
    return {"Proxy-Authorization": aiohttp.encode_basic_auth(proxy.username, proxy.password)}


def _web_address(text: str) -> URL:
    """The URL as it stands, only with illegal characters quoted: a shop may redirect for the way an escape is written."""
    try:
        URL(text)  # reads host and port, which the quoted form puts off
        return URL(quote(text, safe=_URL_CHARACTERS), encoded=True).with_fragment(None)
    except ValueError as exc:
        raise RedirectRefusedError("The address is not a URL.") from exc


def _redirected(url: URL, location: str, hosts: frozenset[str]) -> URL:
    """Where a Location leads, or RedirectRefusedError when that is not a page of the marketplace."""
    if len(location) > _LOCATION_LIMIT or not location.isprintable() or "%00" in location:
        raise RedirectRefusedError("The page redirected to something that is no address.")
    reference = _web_address(location)
    target = url.join(reference)
    if target.scheme not in _HTTP or (reference.scheme and not reference.host):
        raise RedirectRefusedError("The page redirected to something that is not on the web.")
    if target.host not in hosts or not target.is_default_port() or target.raw_user or target.raw_password:
        raise RedirectRefusedError("The page redirected to an address outside the marketplace.")
    if (url.scheme, target.scheme) == ("https", "http"):
        raise RedirectRefusedError("The page redirected from https to http.")
    return target.with_host(target.host).with_port(None)


def _text(header: str) -> str:
    """A header as text that can be stored: bytes that are no UTF-8 become question marks."""
    return header.encode("utf-8", errors="replace").decode()


async def _read_body(response: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bytes | None]:
    """The decompressed body, or its first ``limit + 1`` bytes where there are more; and as it came, if compressed."""
    decoder = Decoder(response.headers.getall("Content-Encoding", []), limit)
    async for piece in response.content.iter_any():
        if not decoder.feed(piece):
            break
    return decoder.finish()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an exception of the HTTP library is to us."""

    error: type[FetchError]
    words: str
    """For the user, to follow "the page was not fetched:"."""


_MEANINGS: tuple[tuple[type[Exception], Meaning], ...] = (
    (aiohttp.ClientProxyConnectionError, Meaning(ProxyFailedError, "the proxy could not be reached")),
    (aiohttp.ClientHttpProxyError, Meaning(ProxyFailedError, "the proxy refused to connect")),
    (TimeoutError, Meaning(FetchTimeoutError, "there was no whole answer in time")),
    (aiohttp.TooManyRedirects, Meaning(RedirectRefusedError, "it redirected too often")),
    (aiohttp.RedirectClientError, Meaning(RedirectRefusedError, "it redirected to something that is no address")),
    (aiohttp.InvalidURL, Meaning(RedirectRefusedError, "its address is not a URL")),
    (aiohttp.NonHttpUrlClientError, Meaning(RedirectRefusedError, "its address is not one of the web")),
    (aiohttp.ClientConnectorDNSError, Meaning(ConnectionFailedError, "the marketplace's name was not found")),
    (aiohttp.ClientConnectorCertificateError, Meaning(ConnectionFailedError, "its certificate was not accepted")),
    (aiohttp.ClientSSLError, Meaning(ConnectionFailedError, "no safe connection could be made")),
    (aiohttp.ServerFingerprintMismatch, Meaning(ConnectionFailedError, "no safe connection could be made")),
    (aiohttp.ClientConnectorError, Meaning(ConnectionFailedError, "the marketplace could not be reached")),
    (aiohttp.ClientConnectionError, Meaning(ConnectionFailedError, "the connection was closed before the answer")),
    (aiohttp.ClientPayloadError, Meaning(ConnectionFailedError, "the connection was closed within the answer")),
    (aiohttp.UploadAbortedError, Meaning(ConnectionFailedError, "the connection was closed before the answer")),
    (aiohttp.ClientResponseError, Meaning(ConnectionFailedError, "the answer was not proper HTTP")),
    (HttpProcessingError, Meaning(ConnectionFailedError, "the answer was not proper HTTP")),
    (OSError, Meaning(ConnectionFailedError, "the connection broke")),
    # From the name look-up of Python, which the library hands on as it is.
    (UnicodeError, Meaning(ConnectionFailedError, "a host's name is too long")),
)
"""Most specific first. A test fails when aiohttp gains an exception that is not here."""


def meaning(error: type[Exception]) -> Meaning | None:
    """What an exception of the HTTP library is to us; None for one that nobody has thought about."""
    return next((ours for theirs, ours in _MEANINGS if issubclass(error, theirs)), None)


def _fetch_error(exc: Exception, *, proxied: bool) -> FetchError:
    # The exception's own text stays in the chain: it can hold bytes of the answer and names of the operator's machines.
    if proxied and isinstance(exc, aiohttp.ClientConnectorDNSError):
        return ProxyFailedError(f"{_NOT_FETCHED}the proxy's name was not found.")
    if isinstance(exc, aiohttp.ClientConnectorCertificateError):
        return ConnectionFailedError(_untrusted(exc.certificate_error))
    ours = meaning(type(exc)) or Meaning(ConnectionFailedError, "the connection failed")
    return ours.error(f"{_NOT_FETCHED}{ours.words}.")


def _untrusted(error: Exception) -> str:
    reason = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else "it could not be checked"
    return (
        f"{_NOT_FETCHED}the certificate was not accepted ({reason}). If a proxy ends TLS itself, "
        "name the file of its certificate authority in AZSCRAPER_CA_FILE."
    )
