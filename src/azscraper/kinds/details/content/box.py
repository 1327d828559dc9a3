"""What comes in the box."""

from collections.abc import Iterable

from azscraper.kinds.details.tables.rows import row_field, rows
from azscraper.parse.document import Document, Node, select, text
from azscraper.parse.sources import Field

_DECK = "whatsInTheBoxDeck"

included_components = Field[Document, tuple[str, ...], tuple[str, ...]](
    'The entries under "What\'s in the box", else the row of the tables that names them, cut where it is a list.',
    empty=(),
)


@included_components.ids(_DECK)
def _listed(_: Document, node: Node) -> tuple[str, ...]:
    items = [text(item) for item in select(node, "li")]
    return _parts(items) if len(items) > 1 else _cut(items)


@included_components.source("row of the detail tables that names the included components")
def _in_row(document: Document) -> tuple[str, ...]:
    row = next((one for one in document.once(rows) if row_field(one.label) == "included_components"), None)
    return _cut([row.value]) if row else ()


def _cut(printed: list[str]) -> tuple[str, ...]:
    """What one line names: sellers write a list into it."""
    return _parts(part for line in printed for part in line.split("; " if "; " in line else ", "))


def _parts(printed: Iterable[str]) -> tuple[str, ...]:
    """Sellers without an answer write a dash or a stroke."""
    return tuple(part for one in printed if any(map(str.isalnum, part := one.strip(" ,;"))))
