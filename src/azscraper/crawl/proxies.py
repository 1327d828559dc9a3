"""Proxy URLs from the settings: checked once, used in turn, never shown with their credentials. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import SplitResult, unquote, urlsplit

from azscraper.errors import Detail, InvalidInputError


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. The repr leaves the credentials out."""

    url: str
    """``http://host:port`` or ``https://host:port``, without credentials."""
    username: str | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)


def parse_proxies(urls: Iterable[str]) -> tuple[Proxy, ...]:
    """The proxies that the URLs name: ``http`` or ``https``, host, optional port and ``user:password@``.

    Raises InvalidInputError that tells by its place which URL is wrong and why; it never repeats the URL.
    """
    return tuple(_proxy(url, f"proxies[{index}]") for index, url in enumerate(urls))


def key(proxy: Proxy) -> str:
    """Names the proxy in shared tables and metrics, without its credentials: two users of one address are two routes."""
    user = sha256((proxy.username or "").encode()).hexdigest()[:8]
    return f"{proxy.url}#{user}" if proxy.username else proxy.url


def choose(proxies: Sequence[Proxy], turn: int, shut: Collection[str] = ()) -> Proxy | None:
    """The proxy for the ``turn``-th fetch: round robin over those whose key is not ``shut``. None when there are none."""
    open_ones = [proxy for proxy in proxies if key(proxy) not in shut] if shut else proxies
    return open_ones[turn % len(open_ones)] if open_ones else None


def _proxy(url: str, name: str) -> Proxy:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _invalid(name, "is not a URL") from None
    problem = _problem(parts, url)
    if problem is not None:
        raise _invalid(name, problem)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    address = f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
    if parts.username is None:
        return Proxy(address)
    return Proxy(address, unquote(parts.username), unquote(parts.password or ""))


def _problem(parts: SplitResult, url: str) -> str | None:
    if not url.isprintable() or " " in url:
        return "has a blank or control character in it"
    if parts.scheme not in ("http", "https"):
        return "must begin with http:// or https://"
    if not parts.hostname:
        return "names no host"
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return "must end after host and port"
    # RFC 7617 2: the first colon ends the user's name, so a name can't hold one.
    if ":" in unquote(parts.username or ""):
        return "has a colon in the user's name"
    return None


def _invalid(name: str, problem: str) -> InvalidInputError:
    return InvalidInputError(f"{name} {problem}", [Detail(name, problem)])
