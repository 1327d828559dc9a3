"""Where the fields of a product come from: what ``explain`` and ``unread`` ask."""

from azscraper.kinds.details import attributes
from azscraper.kinds.details.identity import TITLE_IDS
from azscraper.kinds.details.read import FIELDS, parse_product
from azscraper.kinds.kind import Heard
from azscraper.parse.document import Document
from azscraper.parse.page import Page


def ask_all(document: Document) -> str:
    """Every source of every field; the id of the title."""
    for field in FIELDS.values():
        field.heard(document)
    return next((name for name in TITLE_IDS if name in document.ids), "")


def sources(name: str) -> list[str]:
    """Of a field by its name."""
    return [source.name for source in FIELDS[name].sources] if name in FIELDS else attributes.row_sources(name)


def hear(page: Page, name: str) -> Heard:
    """All sources of a field."""
    document, field = page.document, FIELDS.get(name)
    record = document.once(parse_product)
    yield record, field.heard(document) if field else attributes.heard_in_rows(document, name)
