"""The departments of the root list: each has a row of its first ranks under a heading."""

from collections.abc import Sequence

from azscraper.kinds.bestsellers import tree
from azscraper.kinds.bestsellers.address import of_address
from azscraper.kinds.bestsellers.tiles import Shelf
from azscraper.parse.document import Document, attr, first, text
from azscraper.records.parts import Category

_HEADER = ".a-carousel-header-row"
_HEADING = ".a-carousel-heading,h2,h3"


def departments_of(document: Document, shelves: list[Shelf]) -> list[Category | None]:
    """Of each row its department: by the tree beside them, else by what its heading has and those of the others have not."""
    host = document.marketplace.host
    headers = [first(shelf.node, _HEADER) for shelf in shelves]
    headings = [text(first(header, _HEADING)) for header in headers]
    named = tree.by_department(document)
    own = _apart(headings)
    found: list[Category | None] = []
    for header, name in zip(headers, own, strict=True):
        url = tree.plain_address(attr(first(header, "a"), "href") or "", host)
        chart = of_address(url) if url else None
        if chart is None or url is None:
            found.append(None)
        else:
            found.append(named.get(chart.department) or Category(name=name, id=chart.node, url=url) if name else None)
    return found


def _apart(headings: Sequence[str]) -> list[str]:
    """``Music`` and ``Toys`` of "Best Sellers in Music" and "Best Sellers in Toys", in any language."""
    words = [heading.split() for heading in headings]
    least = min(map(len, words), default=0)
    if len(words) < 3:  # noqa: PLR2004 - two departments may begin alike
        return list(headings)
    before = next((place for place in range(least) if len({line[place] for line in words}) > 1), least)
    behind = next((place for place in range(least) if len({line[-1 - place] for line in words}) > 1), least)
    cut = [" ".join(line[before : len(line) - behind]) for line in words]
    return cut if all(cut) else list(headings)
