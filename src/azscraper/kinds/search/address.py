"""Addresses of result lists, read and written: what chooses the results is kept, what counts clicks is not."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from azscraper.marketplaces import SORTS, Marketplace, of_url
from azscraper.records.options import Options

KEPT = ("k", "i", "rh", "me", "bbn", "s", "low-price", "high-price", "node")
_OTHER_NAMES = {
    "field-keywords": "k",
    "keywords": "k",
    "merchant": "me",
    "search-alias": "i",
    "n": "node",
    "sort": "s",
    "field-author": "k",
}
_LONGEST = 2048
_PATH = re.compile(
    r"(?:/-/[a-z]{2}(?:[-_][a-z]{2})?)?/(?:gp/(?:aw/)?(?:s|search)(?!/other)|(?!gp/)(?:[^/]+/)?s)(?=$|/)", re.IGNORECASE
)
_ALIAS = "search-alias="
_ALL = "aps"
_NODE = re.compile(r"\d{1,20}")
_OWN_IN_TERMS = {"k": "k", "i": "i"}
_SAID_BY = {
    "i": "category",
    "s": "sort",
    "low-price": "minPrice",
    "high-price": "maxPrice",
    "node": "node",
    "rh": "refinements",
}
"""Which option of a job a parameter of an address stands for."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A result list: what chooses it."""

    params: tuple[tuple[str, str], ...]
    """In the order of ``KEPT``, each with a value."""

    @property
    def keyword(self) -> str | None:
        """What was searched for."""
        return dict(self.params).get("k")

    @property
    def terms(self) -> tuple[str, ...]:
        """Of ``rh``: ``n:172282``, ``p_123:308445``."""
        return tuple(filter(None, dict(self.params).get("rh", "").split(",")))

    @property
    def node(self) -> str | None:
        """The browse node: the innermost of ``rh``, else ``node``, else ``bbn``."""
        params = dict(self.params)
        inner = [term[2:] for term in self.terms if term.startswith("n:") and _NODE.fullmatch(term[2:])]
        return next((one for one in (*inner[-1:], params.get("node"), params.get("bbn")) if one), None)

    @property
    def seller(self) -> str | None:
        """The seller whose products it lists."""
        named = dict(self.params).get("me")
        return named or next((term[4:] for term in self.terms if term.startswith("p_6:")), None)

    @property
    def is_plain(self) -> bool:
        """Whether it is the search for a keyword, and nothing else."""
        return [name for name, _ in self.params] == ["k"]

    @property
    def says(self) -> frozenset[str]:
        """Options of jobs that it says itself, by their keys."""
        said = {_SAID_BY[name] for name, _ in self.params if name in _SAID_BY}
        return frozenset(said | ({"node"} if self.node else set()))

    def url(self, marketplace: Marketplace) -> str:
        """One spelling of its address."""
        return f"https://{marketplace.host}/s?{urlencode(self.params)}"


def of_node(node: str, terms: tuple[str, ...] = ()) -> Listing:
    """All products of a browse node."""
    return Listing((("rh", ",".join((f"n:{node}", *terms))),))


def of_address(url: str) -> Listing | None:
    """The list that an address on a marketplace names, None for any other. Never raises."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query)
    except ValueError:
        return None
    if len(url) > _LONGEST or _PATH.match(unquote(parts.path)) is None:
        return None
    found = _plain(query)
    chosen = tuple((name, found[name]) for name in KEPT if found.get(name))
    return Listing(chosen) if chosen and chosen[0][0] != "s" else None


def _plain(query: list[tuple[str, str]]) -> dict[str, str]:
    """The parameters by their usual names; the first of each counts."""
    found: dict[str, str] = {}
    for name, value in query:
        plain = value.strip()
        if name == "url" and plain.startswith(_ALIAS):
            found.setdefault("i", plain.removeprefix(_ALIAS))
        elif (name := _OTHER_NAMES.get(name, name)) in KEPT and plain:
            found.setdefault(name, plain)
    terms = [term.strip() for term in found.pop("rh", "").split(",") if term.strip()]
    for term in terms:
        name, _, value = term.partition(":")
        if name in _OWN_IN_TERMS and value:
            found.setdefault(name, value.replace("+", " "))
    kept = [term for term in dict.fromkeys(terms) if term.partition(":")[0] not in _OWN_IN_TERMS]
    if kept:
        found["rh"] = ",".join(kept)
    if found.get("i") == _ALL:
        del found["i"]
    return found


def read_target(text: str, default: Marketplace) -> tuple[Listing, Marketplace] | None:
    """The list that a target's address names, and where; None for a text that is no such address: a keyword."""
    said = text.strip()
    if said.startswith("/") and not said.startswith("//"):
        listing, marketplace = of_address(said), default
    elif "/" in said and (named := of_url(said)) is not None:
        listing, marketplace = of_address(said if "//" in said else f"https://{said}"), named
    else:
        return None
    return (listing, marketplace) if listing is not None else None


def of_key(key: str) -> Listing:
    """The list that a target of the kind is: its address, or a keyword."""
    found = of_address(key) if key.startswith("https://") and of_url(key) is not None else None
    return found or Listing((("k", key),))


def with_options(listing: Listing, options: Options) -> Listing:
    """The list with what a job chooses; what the list itself says wins."""
    own = dict(listing.params)
    asked = {
        "k": _said(options, "keyword"),
        "i": _said(options, "category"),
        "s": SORTS.get(_said(options, "sort") or "", _said(options, "sort")),
        "low-price": _price(_said(options, "min_price")),
        "high-price": _price(_said(options, "max_price")),
        "rh": ",".join(_terms_of(listing, options)) or None,
    }
    own = {name: value for name, value in asked.items() if value} | own
    return Listing(tuple((name, own[name]) for name in KEPT if own.get(name)))


def _said(options: Options, name: str) -> Any:
    return getattr(options, name, None)


def _price(value: float | None) -> str | None:
    return None if value is None else f"{Decimal(str(value)).normalize():f}"


def _terms_of(listing: Listing, options: Options) -> list[str]:
    node = [f"n:{said}"] if (said := _said(options, "node")) and listing.node is None else []
    return list(dict.fromkeys((*node, *(_said(options, "refinements") or ()))))


def page_url(listing: Listing, marketplace: Marketplace, page: int, *, direct: bool = False) -> str:
    """Where the marketplace has a page of the list. ``direct`` asks for the keyword as it is spelled."""
    more = [("page", str(page))] if page > 1 else []
    return f"https://{marketplace.host}/s?{urlencode([*listing.params, *more])}{'&dc' if direct else ''}"
