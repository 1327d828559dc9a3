"""The address of any page of a marketplace, taken apart: what kinds tell their targets by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from azscraper.marketplaces.sites import SHORT_LINKS, Marketplace, site_of
from azscraper.marketplaces.written import plain, readings

_LANGUAGE = re.compile(r"^/-/[A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?(?=/|$)")
_LONGEST = 2048
"""Characters of an address."""
_MOST_PARAMETERS = 200
_PATH_SIGNS = "/:;=@+,!$&'()*~-._"
_HOST = re.compile(r"(?:https?://|//)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?=[/?#:]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page of a marketplace is."""

    marketplace: Marketplace
    path: str
    """Unquoted, without the step that names a language (``/-/en``) and without a slash at its end."""
    query: dict[str, str]
    """The first value of each parameter."""
    raw_query: str = ""
    """As it was written."""

    @property
    def url(self) -> str:
        """The same page, on the marketplace's own host and in its usual language."""
        query = f"?{self.raw_query}" if self.raw_query else ""
        return f"https://{self.marketplace.host}{quote(self.path, safe=_PATH_SIGNS)}{query}"

    def has(self, *names: str) -> bool:
        """Whether the query gives each of these a value."""
        return all(name in self.query for name in names)


def address_of(text: str) -> Address | None:
    """The page of a marketplace that an address names, scheme or not, whatever stands around it; None for any other text."""
    for parts in _addresses(text):
        site = site_of(parts.hostname or "")
        if site is not None:
            path = _LANGUAGE.sub("", unquote(parts.path)).rstrip("/")
            return Address(site, path, _first_values(parts.query), parts.query)
    return None


def short_link(text: str) -> str | None:
    """The short link that the text is, as it is asked for; None for any other text."""
    for parts in _addresses(text):
        host = (parts.hostname or "").removeprefix("www.")
        if host in SHORT_LINKS and len(parts.path) > 1:
            query = f"?{parts.query}" if parts.query else ""
            return f"https://{host}{quote(unquote(parts.path), safe=_PATH_SIGNS)}{query}"
    return None


def _addresses(text: str) -> Iterator[SplitResult]:
    """As it is written, then as it may be meant: an escaped sign of a query is another than the sign itself."""
    bounded = text[: 2 * _LONGEST]
    for written in _as_meant(bounded):
        if len(written) > _LONGEST or " " in written or not _HOST.match(written):
            continue
        try:
            parts = urlsplit(written if "//" in written.partition("?")[0] else f"https://{written}")
            _ = parts.hostname
        except ValueError:
            continue
        if parts.scheme in {"http", "https", ""}:
            yield parts


def _as_meant(text: str) -> Iterator[str]:
    yield plain(text)
    yield from readings(text)


def _first_values(query: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(query, max_num_fields=_MOST_PARAMETERS).items()}
    except ValueError:
        return {}
