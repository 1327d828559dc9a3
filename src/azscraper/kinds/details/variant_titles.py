"""Titles of the members of a variation family, where the page prints them."""

from azscraper.kinds.details.identity import asin, title
from azscraper.kinds.details.neighbours.related import related
from azscraper.parse.document import Document

_CUT = ("...", "…")


def of_member(key: str, document: Document) -> str | None:
    """The page's title, of the member that the page is about; of another member the title of its card among the neighbours."""
    return document.once(title) if key == document.once(asin) else document.once(_beside).get(key)


def _beside(document: Document) -> dict[str, str]:
    """The whole titles of neighbours."""
    products = (one for block in document.once(related) for one in block.products)
    return {one.asin: one.title for one in products if one.title and not one.title.endswith(_CUT)}
