"""Where the fields of a record stand, as tables of sources: for kinds whose readers are not made of ``Field``, so that ``explain`` can ask them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from azscraper.parse.dig import dig
from azscraper.parse.document import Node, attr, first, text
from azscraper.parse.page import Page
from azscraper.parse.sources import Field, Source

Places = Mapping[str, Sequence[Source[Any, Any]]]
"""The sources of each field by its name, best first."""


def names(places: Places, field: str) -> list[str]:
    """The sources of a field, best first; none for what has no place of its own."""
    return [source.name for source in places.get(field, ())]


def heard(places: Places, field: str, part: object) -> list[tuple[str, Any]]:
    """What each source of a field says of a part of a page, by name. Never raises."""
    return [(source.name, source.read(part)) for source in places.get(field, ())]


def heard_of_summary(
    reads: Callable[[Page, None], Any], places: Places, page: Page, field: str
) -> Iterator[tuple[Any, list[tuple[str, Any]]]]:
    """What a kind's reader lets a page say about itself, where it does, with what each source of a field says of it."""
    summary = reads(page, None).summary
    if summary is not None:
        yield summary, heard(places, field, summary)


def at(*paths: str) -> tuple[Source[Any, Any], ...]:
    """Places in JSON, keys with dots between: ``title.displayString``. They say what stands there, as it stands."""
    return tuple(_source(path) for path in paths)


def _source(path: str) -> Source[Any, Any]:
    keys = [int(key) if key.isdecimal() else key for key in path.split(".")]
    return Source(path, lambda value: dig(value, *keys))


def css(*selectors: str) -> tuple[Source[Node, str | None], ...]:
    """Elements in a part of a page. They say their text."""
    return tuple(Source(one, _text_of(one)) for one in selectors)


def _text_of(selector: str) -> Any:
    return lambda node: text(first(node, selector)) or None


def link(selector: str) -> tuple[Source[Node, str | None], ...]:
    """A link in a part of a page. It says where it leads."""
    return (Source(selector, lambda node: attr(first(node, selector), "href")),)


def picture(selector: str) -> tuple[Source[Node, str | None], ...]:
    """A picture or a film in a part of a page. It says its address."""
    return (Source(selector, lambda node: _address(first(node, selector))),)


def _address(node: Node | None) -> str | None:
    return attr(node, "data-src") or attr(node, "src") or attr(node, "value")


def settled(**words: str) -> dict[str, tuple[Source[Any, Any], ...]]:
    """Fields of a record that a few words say the place of. They say what the record holds."""
    return {name: (Source(said, _attribute(name)),) for name, said in words.items()}


def _attribute(name: str) -> Any:
    return lambda record: getattr(record, name)


def of(field: Field[Any, Any, Any], place: int | str | None = None) -> tuple[Source[Any, Any], ...]:
    """The sources of a block; ``place`` names a part of what each says, where it is read for several fields at once."""
    return tuple(Source(one.name, _part_of(one.read, place)) for one in field.sources)


def _part_of(read: Any, place: int | str | None) -> Any:
    def part(page: object) -> Any:
        said = read(page)
        if place is None or not said:
            return said
        return getattr(said, place) if isinstance(place, str) else said[place]

    return part
