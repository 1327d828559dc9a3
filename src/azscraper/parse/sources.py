"""Sources of a field as data: named, best first. The parser takes the first that says something, ``explain`` asks them all."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from azscraper.parse.document import Document, Node

T_co = TypeVar("T_co", covariant=True)


class Source(NamedTuple, Generic[T_co]):
    """One place of a page that may print a value."""

    name: str
    """An id (``#productTitle``), a key of a script, or what the place is in a few words."""
    read: Callable[[Document], T_co | None]


Sources = tuple[Source[T_co], ...]


def first_of(document: Document, sources: Sources[T_co]) -> T_co | None:
    """What the first source says that says something; None when all are silent."""
    for source in sources:
        found = source.read(document)
        if found:
            return found
    return None


def in_blocks(read: Callable[[Document, Node], T_co | None], *ids: str) -> Sources[T_co]:
    """A source for each block of an id, read alike."""
    return tuple(Source(f"#{name}", _in_block(read, name)) for name in ids)


def _in_block(read: Callable[[Document, Node], T_co | None], name: str) -> Callable[[Document], T_co | None]:
    def source(document: Document) -> T_co | None:
        node = document.by_id(name)
        return None if node is None else read(document, node)

    return source
