"""All kinds of pages that this installation can be asked for: its own, and those of installed packages."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.author import AUTHOR
from azscraper.kinds.auto import AUTO, auto
from azscraper.kinds.bestsellers import BESTSELLERS
from azscraper.kinds.category import CATEGORY
from azscraper.kinds.deals import DEALS
from azscraper.kinds.details import DETAILS
from azscraper.kinds.kind import Kind
from azscraper.kinds.offers import OFFERS
from azscraper.kinds.reviews import REVIEWS
from azscraper.kinds.search import SEARCH
from azscraper.kinds.seller import SELLER
from azscraper.kinds.seller_products import SELLER_PRODUCTS
from azscraper.kinds.store import STORE
from azscraper.kinds.suggestions import SUGGESTIONS
from azscraper.records.options import nearest

BUILT_IN: tuple[Kind[Any], ...] = (
    DETAILS,
    SEARCH,
    BESTSELLERS,
    CATEGORY,
    OFFERS,
    REVIEWS,
    SELLER,
    SUGGESTIONS,
    SELLER_PRODUCTS,
    DEALS,
    STORE,
    AUTHOR,
)
GROUP = "azscraper.kinds"
"""Of the entry points by which a package offers a kind, each an object of the type ``Kind``."""


@cache
def kinds() -> Mapping[str, Kind[Any]]:
    """By name, the built-in ones first. Raises InvalidInputError as ``gather`` does."""
    return gather(entry_points(group=GROUP))


@cache
def in_turn() -> tuple[Kind[Any], ...]:
    """In the order in which they are asked whether a page is theirs: those that narrow one before it."""
    every = kinds().values()
    narrow = [kind for kind in every if kind.narrows]
    wide = [kind for kind in every if not kind.narrows]
    return tuple(one for kind in wide for one in (*[other for other in narrow if other.narrows == kind.name], kind))


def types() -> Mapping[str, Kind[Any]]:
    """What the ``type`` of a job can be: the kinds, and ``auto`` behind them."""
    return {**kinds(), AUTO: auto(kinds())}


def find_kind(name: str) -> Kind[Any]:
    """The kind of that name, or what jobs of type ``auto`` are. Raises InvalidInputError."""
    kind = auto(kinds()) if name == AUTO else kinds().get(name)
    if kind is None:
        *others, last = map(repr, types())
        message = f"must be {', '.join(others)} or {last}{nearest(name, types())}"
        raise InvalidInputError(f"type: {message}", [Detail("type", message)])
    return kind


def gather(offered: Iterable[EntryPoint]) -> Mapping[str, Kind[Any]]:
    """The built-in kinds and those that are offered.

    Raises InvalidInputError for one that can't be imported, is none, or has the name of another: a service that starts
    without a kind that its jobs need is worse than one that does not start.
    """
    found: dict[str, Kind[Any]] = {kind.name: kind for kind in BUILT_IN}
    for entry in offered:
        kind = _load(entry)
        if kind.name in found:
            raise InvalidInputError(f"The package of {entry.value} offers a second kind {kind.name}: uninstall it")
        found[kind.name] = kind
    return MappingProxyType(found)


def _load(entry: EntryPoint) -> Kind[Any]:
    try:
        kind = entry.load()
    except Exception as exc:
        raise InvalidInputError(f"The kind {entry.name} can't be loaded from {entry.value}: {exc}") from exc
    if not isinstance(kind, Kind):
        raise InvalidInputError(f"{entry.value} is not a kind of page")
    return kind
