"""The address of any page of a marketplace, taken apart: what kinds tell their targets by."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from azscraper.marketplaces.sites import Marketplace, site_of
from azscraper.marketplaces.written import plain

_LANGUAGE = re.compile(r"^/-/[A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?(?=/|$)")
_LONGEST = 2048
"""Characters of an address."""
_HOST = re.compile(r"(?:https?://|//)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?=[/?#:]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page of a marketplace is."""

    marketplace: Marketplace
    path: str
    """Unquoted, without the step that names a language (``/-/en``) and without a slash at its end."""
    query: dict[str, str]
    """The first value of each parameter."""


def address_of(text: str) -> Address | None:
    """The page of a marketplace that an address names, scheme or not; None for any other text."""
    written = plain(text[:_LONGEST])
    if not _HOST.match(written):
        return None
    try:
        parts = urlsplit(written if "//" in written.partition("?")[0] else f"https://{written}")
        site = site_of(parts.hostname or "")
    except ValueError:
        return None
    if site is None:
        return None
    path = _LANGUAGE.sub("", unquote(parts.path)).rstrip("/")
    return Address(site, path, {name: values[0] for name, values in parse_qs(parts.query).items()})
