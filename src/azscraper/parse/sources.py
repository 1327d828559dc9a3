"""A field of a record and its sources, as data: the parser takes the first that says something, ``explain`` asks them all."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from azscraper.errors import ParseError
from azscraper.parse.document import Document, Node

P = TypeVar("P")
S = TypeVar("S")
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class Source(NamedTuple, Generic[P, S]):
    """One place of a page, or of a tile, that may print a value."""

    name: str
    """An id (``#productTitle``), a key of a script, or what the place is in a few words."""
    read: Callable[[P], S | None]
    """None, or anything else that is false, where the place says nothing."""


class Field(Generic[P, S, T]):
    """A field in one block, read from top to bottom: its sources in order of trust, then what relates it to other fields.

    ``P`` is what is read (a page or a tile), ``S`` what its sources say, ``T`` what the record holds. Called with a page, it gives its value;
    raises ParseError where its ``settle`` says that the page shows a value that cannot be read.
    """

    def __init__(self, about: str, *, empty: Any = None) -> None:
        self.about = about
        self.sources: list[Source[P, S]] = []
        self._empty = empty
        self._settle: Callable[[P, S | None], T] | None = None

    def source(self, name: str) -> Callable[[F], F]:
        """Adds a function of the page as the next source."""

        def added(read: F) -> F:
            self.sources.append(Source(name, read))
            return read

        return added

    def ids(
        self: "Field[Document, S, T]",
        *ids: str,
        era: str = "",
        find: Callable[[Document, str], Node | None] = Document.by_id,
    ) -> Callable[[F], F]:
        """Adds a function of the page and an element as a source for each of these ids. ``era`` says in which years pages had them."""

        def added(read: F) -> F:
            names = ((name, f"#{name}, {era}" if era else f"#{name}") for name in ids)
            self.sources += [Source(shown, _in_block(read, name, find)) for name, shown in names]
            return read

        return added

    def settle(self, decide: F) -> F:
        """Has a function of the page and of what was found give the value, where other fields have a say in it."""
        self._settle = decide
        return decide

    def __call__(self, page: P) -> T:
        """The value of the page: what the first source says that says something."""
        found: Any = None
        for source in self.sources:
            found = source.read(page)
            if found:
                break
        else:
            found = None
        if self._settle:
            return self._settle(page, found)
        value: T = found or self._empty
        return value

    def heard(self, page: P) -> list[tuple[str, Any]]:
        """What each source says, by name. Never raises."""
        return [(source.name, _asked(source, page)) for source in self.sources]


def _asked(source: Source[P, Any], page: P) -> Any:
    try:
        return source.read(page)
    except ParseError as error:
        return f"cannot be read: {error}"


def _in_block(
    read: Callable[[Document, Node], S | None], name: str, find: Callable[[Document, str], Node | None]
) -> Callable[[Document], S | None]:
    def source(document: Document) -> S | None:
        if name not in document.ids:  # of most names, so that nothing is called
            return None
        node = find(document, name)
        return None if node is None else read(document, node)

    return source
