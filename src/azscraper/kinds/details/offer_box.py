"""Which part of a product page makes the offer: the block of the centre column and the buy box's main row.

A buy box with rows (new, used, rental, subscription, exchange) repeats ids in each; values come from the row a visitor
buys by default, never from the others, and never from carousels or sponsored products outside.
"""

import re
from decimal import Decimal, InvalidOperation

from azscraper.marketplaces import Marketplace, folded
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import money, plain_digits
from azscraper.records.parts import Money

_BOXES = (
    "desktop_buybox",
    "buybox",
    "mobile_buybox",
    "buyBoxContent",
    "mediaTab_content_landing",  # books of 2017 and 2018: a tab in the centre column
    "rightCol",
    "handleBuy",
    "buybox_feature_div",
)
_POINT = re.compile("[.,٫]")
_SIDE_ROWS = ("used", "buyback", "exchange", "sns", "rent", "trade", "refurb", "renewed", "primesavings", "subscri")
_AUDIOBOOK_ROWS = ("audible", "adbl")  # trials and promotions of the membership, and one row that sells: "cash"


def box(document: Document) -> Node | None:
    """The buy box of each layout."""
    return document.by_id(*_BOXES)


def main_row(document: Document) -> Node | None:
    """The row of the buy box that sells one new unit; the open row if all are of another kind, as grades of renewed items are; else
    the box itself.
    """
    return document.once(_main_row)


def find(document: Document, *names: str) -> Node | None:
    """The first of these ids in the main row; outside it only where no other row of the buy box holds it."""
    inside = document.once(_row_ids)
    for name in names:
        node = inside.get(name)
        if node is None:
            node = document.by_id(name)
            if node is not None and inside and _is_in_row(node):
                node = None
        if node is not None:
            return node
    return None


def is_used_only(document: Document) -> bool:
    """Whether the buy box sells nothing but a used item."""
    if document.by_id("usedOnlyBuybox") is not None:
        return True
    row = main_row(document)
    name = row_name(row)
    if name:
        return name.startswith("used")
    return document.by_id("usedBuySection") is not None and document.by_id("buyNewSection") is None


def opened(rows: list[Node]) -> Node:
    """The row that the page shows unfolded, else the first one."""
    return next((row for row in rows if "a-accordion-active" in (attr(row, "class") or "")), rows[0])


def rows(document: Document) -> list[Node]:
    """The rows of the buy box, each once; none where it has no rows."""
    return document.once(_rows)


def _rows(document: Document) -> list[Node]:
    found = select(box(document), "[data-a-accordion-row-name]")
    return list({node.mem_id: node for node in found}.values())


def row_name(row: Node | None) -> str:
    """The name of a row of the buy box in lower case: ``newaccordionrow``, in a book's tab ``newoffer-accordion``; empty for no row."""
    return (attr(row, "data-a-accordion-row-name") or "").lower().removeprefix("media-")


def labelled(document: Document, name: str, labels: frozenset[str]) -> str | None:
    """The value of an offer feature line; the tabular buy box of 2020 to 2023 names its lines by attribute."""
    message = message_of(find(document, name))
    if message is not None:
        return message
    table = find(document, "tabular-buybox")
    for node in select(table, ".tabular-buybox-text[tabular-attribute-name]"):
        if folded(attr(node, "tabular-attribute-name") or "") in labels:
            return text(first(node, ".tabular-buybox-text-message") or node) or None
    return _in_plain_table(table, labels)


def message_of(feature: Node | None) -> str | None:
    """What an offer feature line says behind its label; None where it has no such part."""
    message = first(feature, ".offer-display-feature-text-message")
    return text(message) if message is not None else None


def shown(node: Node | None, marketplace: Marketplace) -> Money | None:
    """The amount of an ``a-price`` element: its offscreen text, else its symbol, whole and fraction put together.

    An offscreen text that lost its point ("1464€") is what the parts say.
    """
    if node is None:
        return None
    said = text(first(node, ".a-offscreen"))
    found = money(said, marketplace) if said else None
    if found is not None and not _has_lost_its_point(said, node):
        return found
    return _from_parts(node, marketplace) or money(text(node), marketplace)


def _has_lost_its_point(said: str, node: Node) -> bool:
    return _POINT.search(said) is None and all(parts := _whole_and_fraction(node)) and _digits(said) == "".join(parts)


def _in_plain_table(table: Node | None, labels: frozenset[str]) -> str | None:
    """The value of a line of the table of 2020, which prints its labels; each stands there whole and shortened."""
    for line in select(table, "tr"):
        if folded(text(first(line, ".tabular-buybox-label"))) in labels:
            return text(first(line, ".tabular-buybox-text")) or None
    return None


def _from_parts(node: Node, marketplace: Marketplace) -> Money | None:
    whole, fraction = _whole_and_fraction(node)
    if not whole:
        return None
    sign = money(f"{text(first(node, '.a-price-symbol'))} 1", marketplace)
    try:
        amount = Decimal(f"{whole}.{fraction}" if fraction else whole)
    except InvalidOperation:
        return None
    return Money(amount=amount, currency=sign.currency if sign else marketplace.currency)


def _whole_and_fraction(node: Node) -> tuple[str, str]:
    """The digits of both parts."""
    return _digits(text(first(node, ".a-price-whole"))), _digits(text(first(node, ".a-price-fraction")))


def _digits(said: str) -> str:
    return "".join(filter(str.isdecimal, plain_digits(said)))


def _main_row(document: Document) -> Node | None:
    whole = box(document)
    listed = rows(document)
    if not listed:
        new = document.by_id("buyNewSection")
        return (new.parent if new is not None else None) or whole
    return next((row for row in listed if not is_side(row)), None) or opened(listed)


def _row_ids(document: Document) -> dict[str, Node]:
    """The ids in the main row of a buy box with rows; empty without rows, where ids are unique."""
    row = main_row(document)
    return ids_in(row) if attr(row, "data-a-accordion-row-name") is not None else {}


def ids_in(row: Node | None) -> dict[str, Node]:
    """The ids in one row: its folded head repeats ids of the row, now and then without their content."""
    found: dict[str, Node] = {}
    for node in select(row, "[id]"):
        before = found.setdefault(node.id or "", node)
        if before.mem_id != node.mem_id and not text(before) and text(node):
            found[node.id or ""] = node
    return found


def _is_in_row(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if "data-a-accordion-row-name" in above.attributes:
            return True
        above = above.parent
    return False


def is_side(row: Node) -> bool:
    """Whether a row of the buy box sells something else than one new unit to anybody."""
    name = row_name(row)
    return name.startswith(_SIDE_ROWS) or (name.startswith(_AUDIOBOOK_ROWS) and "cash" not in name)
