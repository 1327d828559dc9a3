"""Writes and reads the addresses of products."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from azscraper.errors import Detail, InvalidInputError
from azscraper.marketplaces.isbn import isbn10
from azscraper.marketplaces.sites import Marketplace, by_host, site_of
from azscraper.marketplaces.written import readings, refusal

_ASIN = re.compile(r"[A-Z0-9]{10}")
_PATH_ASIN = re.compile(
    r"/(?:dp(?:/product)?|gp/product(?:/glance)?|gp/aw/(?:d|ol|cr|reviews)|gp/offer-listing|gp/video/detail"
    r"|exec/obidos/(?:asin|tg/detail/-|isbn=?)|o/asin|d|asin|product-reviews|ask/questions/asin|gp/customer-reviews)"
    r"/(?:-/)?([A-Za-z0-9]{10})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_QUERY_ASIN = re.compile(r"[?&](?:asin|a)=([A-Za-z0-9]{10})(?![A-Za-z0-9])", re.IGNORECASE)

_PROSE = re.compile(r"[^\W\d]+(?:\s+[^\W\d]+)+")
"""Words without a digit: told at once, because lists of titles are long."""
_SHORTEST = 10
"""Characters of an ASIN and of an ISBN; a path has a slash."""
_BARE_PATH = re.compile(r"^(?:https?://)?[^/?#]+/(B0[A-Z0-9]{8})(?:[/?#]|$)", re.IGNORECASE)
"""``amzn.com/B0…``"""

_USUAL = re.compile(r"https?://([A-Za-z0-9.-]+)(?:/[^/?#%]*)?/dp/([A-Z0-9]{10})(?:[/?#]|$)")
"""The address that nearly all targets are, read a dozen times faster: lists of 100,000 are checked in a request."""

_USUAL_PATH = re.compile(r"/(?!/)(?:[^/?#%]*(?:%(?!2[Ff])[^/?#%]*)*/)?(?:dp|gp/product)/([A-Z0-9]{10})(?:[/?#]|$)")
"""The path that nearly all links to products have, read several times faster: a page has dozens."""

_TEN = re.compile(r"(?:[/=]|%2[Ff]|%3[Dd])[A-Za-z0-9]{10}(?![A-Za-z0-9])")
"""What every address with an ASIN has, escaped or not."""
_HOSTED = re.compile(r"https?://([A-Za-z0-9.-]+)(?=/)")

SORTS = {
    "featured": "relevanceblender",
    "price-asc": "price-asc-rank",
    "price-desc": "price-desc-rank",
    "reviews": "review-rank",
    "newest": "date-desc-rank",
    "bestsellers": "exact-aware-popularity-rank",
    "price_low_to_high": "price-asc-rank",
    "price_high_to_low": "price-desc-rank",
    "average_review": "review-rank",
    "most_recent": "date-desc-rank",
    "bestseller_rankings": "exact-aware-popularity-rank",
}
"""Our word for an order, then those of other services, and the key that Amazon's own sort menu uses for it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A product on a site."""

    marketplace: Marketplace
    asin: str


def is_asin(text: str) -> bool:
    """Whether the text is exactly ten of A-Z and 0-9 (an ISBN-10 is one too)."""
    return _ASIN.fullmatch(text) is not None


def product_url(marketplace: Marketplace, asin: str, *, variant: bool = False) -> str:
    """``https://<host>/dp/<ASIN>``; with ``variant`` the page shows that very variant's price (th=1, psc=1)."""
    return f"https://{marketplace.host}/dp/{asin}" + ("?th=1&psc=1" if variant else "")


def of_url(url: str) -> Marketplace | None:
    """The site that an address is on, or None. A missing scheme is fine (``amazon.de/dp/…``)."""
    return site_of(_host(url))


def asin_from_url(text: str) -> str | None:
    """The ASIN that an Amazon address or a bare path (``/dp/B0…``) names, upper case; None on a foreign host."""
    if text.startswith("/") and not text.startswith("//"):
        return _asin_in(text)
    if "/" not in text and "%" not in text:  # a script, a place in the page
        return None
    hosted = _HOSTED.match(text)
    if hosted is not None:
        return _asin_in(text[hosted.end() :]) if site_of(hosted[1]) is not None else None
    path = _path(text)
    return _asin_in_plain(path) if path is not None else None


def _asin_in(path: str) -> str | None:
    """Of a path as it is written."""
    usual = _USUAL_PATH.match(path)
    if usual is not None:
        return usual[1]
    if "%" not in path:
        return _asin_in_plain(path)
    bare = path.partition("?")[0]
    match = _PATH_ASIN.search(bare) if "%" not in bare else None
    if match is None and _TEN.search(path) is None:  # most of the others
        return None
    match = match or _PATH_ASIN.search(path.replace("%2F", "/"))  # of links behind another address
    return match[1].upper() if match else _asin_in_plain(unquote(path))


def _asin_in_plain(path: str) -> str | None:
    match = _PATH_ASIN.search(path) or ("=" in path and _QUERY_ASIN.search(path))
    return match[1].upper() if match else None


def resolve_target(text: str, default: Marketplace) -> Target:
    """The product that an ASIN (any case), an ISBN or an address names; an address's host chooses the site.

    Invisible marks, quotes, labels and a spreadsheet's =HYPERLINK() around it are passed over (``written``). Raises
    InvalidInputError, which says what is wrong, when the text names none, or one on a host that is not Amazon's.
    """
    target = find_target(text, default)
    if target is None:
        message = refusal(text).message
        raise InvalidInputError(message, [Detail("target", message)])
    return target


def names_product(text: str) -> bool:
    """Whether a text may be a product: an ASIN, or an address that names one. Never raises."""
    return find_target(text, by_host("www.amazon.com")) is not None


def find_target(text: str, default: Marketplace) -> Target | None:
    """As ``resolve_target``, None for a text that names no product."""
    stripped = text.strip()
    if is_asin(stripped.upper()) and stripped.isascii():
        return Target(default, stripped.upper())
    usual = _USUAL.match(stripped)
    if usual is not None and (site := site_of(usual[1])) is not None:
        return Target(site, usual[2])
    if "/" not in stripped and (len(stripped) < _SHORTEST or _PROSE.fullmatch(stripped)):
        return None
    return next(filter(None, (_read(reading, default) for reading in readings(text))), None)


def _read(text: str, default: Marketplace) -> Target | None:
    if is_asin(text.upper()) and text.isascii():
        return Target(default, text.upper())
    if (book := isbn10(text)) is not None:
        return Target(default, book)
    if "/" not in text and "%" not in text:
        return None
    site = of_url(text)
    if (asin := asin_from_url(text)) is not None:
        return Target(site or default, asin)
    bare = _BARE_PATH.search(text) if site is not None else None
    return Target(site, bare[1].upper()) if site is not None and bare is not None else None


def _path(text: str) -> str | None:
    """Path and query of an Amazon address, unquoted; None when the host is foreign."""
    if of_url(text) is None:
        return None
    return "/" + unquote(_with_scheme(text)).split("://", 1)[1].partition("/")[2]


def _host(url: str) -> str:
    try:
        return urlsplit(_with_scheme(url)).hostname or ""
    except ValueError:
        return ""


def _with_scheme(url: str) -> str:
    text = url.strip()
    if "://" not in text and "%3a%2f%2f" in text[:20].lower():
        text = unquote(text)
    if text.startswith("//"):
        return "https:" + text
    return text if "://" in text.partition("?")[0] else "https://" + text
