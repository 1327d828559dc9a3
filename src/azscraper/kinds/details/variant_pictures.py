"""Pictures of a variation family: each member's own, and those that stand for a value on its swatch."""

from collections.abc import Iterator

from azscraper.kinds.details.media import largest
from azscraper.parse.dig import dig
from azscraper.parse.document import Document, attr, first, select
from azscraper.parse.values import clean, image

_GALLERIES = b'colorImages"'
_ROWS = ("inline-twister-row-", "variation_")


def of_member(values: tuple[str, ...], document: Document) -> str | None:
    """The main picture of the member with those values, in the order of the dimensions; None where the page names none."""
    galleries = document.once(_galleries)
    if not galleries:
        return None
    return next((galleries[name] for name in _names(values, document) if name in galleries), None)


def _names(values: tuple[str, ...], document: Document) -> Iterator[str]:
    """Under what its gallery may stand: the values that change the picture, in an order that the page gives."""
    visual, dimensions = document.once(_visual)
    if dimensions:
        yield " ".join(values[dimensions.index(key)] for key in visual if key in dimensions[: len(values)])
    yield " ".join(values[: len(visual)])  # the page lists no dimensions; the picture's are nearly always first or last
    yield " ".join(values[-len(visual) :])


def _galleries(document: Document) -> dict[str, str]:
    """The first picture of each gallery, by the values that change the picture."""
    listed = document.island(_GALLERIES)
    found = {}
    for values, pictures in listed.items() if isinstance(listed, dict) else []:
        url = largest(dig(pictures, 0))
        if url:
            found[clean(values.replace('\\"', '"').replace("\\/", "/"))] = image(url)
    return found


def _visual(document: Document) -> tuple[list[str], list[str]]:
    """The keys of the dimensions that change the picture, and of all."""
    visual, dimensions = document.island(b"visualDimensions"), document.island(b'"dimensions"')
    return _texts(visual), _texts(dimensions)


def _texts(listed: object) -> list[str]:
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def of_value(values: tuple[str, ...], document: Document) -> str | None:
    """The picture on the swatch of the first of these values that has one."""
    swatches = document.once(_swatches)
    return next((swatches[value] for value in values if value in swatches), None)


def _swatches(document: Document) -> dict[str, str]:
    """By the value that a swatch stands for: what scripts say, then what the rows draw."""
    listed = document.island(b"sortedDimValuesForAllDims")
    found: dict[str, str] = {}
    for entries in listed.values() if isinstance(listed, dict) else []:
        for entry in entries if isinstance(entries, list) else []:
            _note(found, dig(entry, "dimensionValueDisplayText"), dig(entry, "imageAttribute", "url"))
    for _, row in document.by_prefix(*_ROWS):
        for node in select(row, "li"):
            picture = first(node, "img")
            _note(found, attr(picture, "alt"), attr(picture, "src"))
    return found


def _note(found: dict[str, str], value: object, url: object) -> None:
    if isinstance(value, str) and isinstance(url, str) and url.startswith("http"):
        found.setdefault(clean(value), image(url))
