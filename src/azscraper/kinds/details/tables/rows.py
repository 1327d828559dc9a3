"""The rows of a product page's tables and lists: labels as printed, values, and where they stand."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from azscraper.marketplaces import every_phrase
from azscraper.marketplaces.labels import field_of
from azscraper.parse.document import Document, Node, attr, first, holds_text, lines, select, text
from azscraper.parse.json_text import json_object
from azscraper.parse.values import clean

_TABLES = (
    "productOverview_feature_div",
    "productFactsDesktopExpander",
    "prodDetails",
    "productDetails_feature_div",
    "technicalSpecifications_feature_div",
    "technical-details-table",
    "tech-specs-desktop",
    "productSpecifications_feature_div",
    "product-specification-table",
    "audibleProductDetails",
    "glance_icons_div",
)
_MORE_TABLES = (
    "voyager",
    "topHighlight",
    "productOverview",
    "poExpander",
    "nic-po-",
    "productFacts",
    "productDetails",
    "technicalSpec",
    "tech-spec",
    "itemDetails",
    "featureBulletsAndDetailBullets",
)
"""What ids of tables begin with on pages of 2025 and 2026, and on phones'; those of older layouts come first."""
_NO_TABLE = ("feedback", "review", "compar", "fallback")
_LISTS = (
    "detailBullets_feature_div",
    "detailBulletsWrapper_feature_div",
    "productDetailsTable",
    "detail-bullets",
    "detail_bullets_id",
    "detailBullets",
    "productDetails",
    "prodDetailsList",
)
_MORE_LISTS = ("detailBullets", "productDetails_detailBullets")
_ROWS = 'tr, .product-facts-detail, [role="listitem"][class*="po-"]:not(tr), div.a-row[class*=" po-"]'
_COLUMN_LABEL = ".a-col-left, .a-span3, .a-text-bold, dt"
_COLUMN_VALUE = ".a-col-right, .a-span9, .a-span7, .po-break-word, dd"
_CLASSES = (b"prodDetTable", b"product-facts-detail", b"detail-bullet-list")
_ANY_ROW = ".prodDetTable tr, .product-facts-detail, .detail-bullet-list li"
_FOLDED = ".a-truncate-cut, .a-expander-prompt"
_MORE = frozenset(every_phrase("unfold"))
_CUT = re.compile(r"(?:…|\.\.\.)$")
_TAG = re.compile(r"<[^<>]{0,500}>")
COLONS = " :：\u200e\u200f"
_LONG_LABEL = 80  # a sentence in bold, no label
_ISBN = re.compile(r"(ISBN-1[03]): ?(\d[\d-]{8,15}[\dX])")
_SHIPPING_LINK = re.compile(r"\s?\(View shipping rates and policies\)$")


class Row(NamedTuple):
    """A label and a value, as printed."""

    label: str
    value: str
    node: Node
    """Where the value stands."""


def rows(document: Document) -> list[Row]:
    """Every row with a label and a value, those of the surest tables first."""
    return [row for row in _all_rows(document) if row.label and row.value and len(row.label) <= _LONG_LABEL]


def row_field(label: str) -> str | None:
    """The field of a label; China's are the same with or without their "product"."""
    return field_of(label) or field_of(label.removeprefix("产品").removeprefix("商品"))


def _all_rows(document: Document) -> Iterator[Row]:
    seen: set[int] = set()
    for name in _TABLES:
        yield from _table(document.by_id(name), seen)
    listed = False
    for name in _LISTS:
        for node in _fresh(select(_list_block(document.by_id(name)), "li"), seen):
            listed = True
            yield from _bullet(node)
    for node in [] if listed else _old_lists(document):
        yield from _bullet(node)
    yield from _summary(document)
    yield from _device_tables(document)
    yield from _title_numbers(document)
    yield from _newer(document, seen)


def _newer(document: Document, seen: set[int]) -> Iterator[Row]:
    """The blocks of 2025 and of phones, by what their ids begin with; where no id is known, the classes of their rows."""
    for name, block in document.by_prefix(*_MORE_TABLES):
        if not any(word in name.lower() for word in _NO_TABLE):
            yield from _table(block, seen)
    for name, block in document.by_prefix(*_MORE_LISTS):
        items = select(block, "li") if block.tag == "ul" or name.startswith(_MORE_LISTS[0]) else []
        for node in _fresh(items, seen):
            yield from _bullet(node)
    if not seen and document.holds(*_CLASSES):
        for node in document.whole(_ANY_ROW):
            yield from _bullet(node) if node.tag == "li" else _row(node)


def _table(block: Node | None, seen: set[int]) -> Iterator[Row]:
    for node in _fresh(select(block, _ROWS), seen):
        yield from _row(node)


def _row(node: Node) -> Iterator[Row]:
    """A row of a table, or one that is laid out as two columns."""
    if node.tag == "tr":
        return _table_row(node)
    return _pair(first(node, _COLUMN_LABEL), first(node, _COLUMN_VALUE))


def _summary(document: Document) -> Iterator[Row]:
    """The strip of icons above the details, whose lines it shortens."""
    for _, node in document.by_prefix("rpi-attribute-"):
        yield from _pair(first(node, ".rpi-attribute-label"), first(node, ".rpi-attribute-value"))


def _device_tables(document: Document) -> Iterator[Row]:
    """Pages of devices and films have a table without an id, the labels bold in its first column."""
    for node in select(document.by_id("tech"), "tr"):
        label = first(node, "td strong, td b")
        if label is not None:
            yield from _table_row(node)
    heading = document.by_id("btf-product-details")
    for node in select(heading.parent if heading is not None else None, ".product-details-meta tr"):
        yield from _table_row(node)


def _title_numbers(document: Document) -> Iterator[Row]:
    """Mobile pages print a book's numbers below its title, a Kindle book's on a button."""
    for node in select(document.by_id("aboutKindleEditionButton"), "li"):
        label, colon, value = text(node).partition(":")
        if colon:
            yield Row(label.strip(), value.strip(), node)
    block = document.by_id("mobile_productTitleGroup_inner_feature_div", "productTitleGroupAnchor")
    if block is not None:
        for label, number in _ISBN.findall(text(block)):
            yield Row(label, number, block)


def _fresh(nodes: list[Node], seen: set[int]) -> Iterator[Node]:
    """The nodes that no block before held: the blocks of a layout stand in one another."""
    for node in nodes:
        if node.mem_id not in seen:
            seen.add(node.mem_id)
            yield node


def _old_lists(document: Document) -> list[Node]:
    """In 2011 the list has no id at all."""
    return document.whole("td.bucket .content li") if document.by_id("btAsinTitle") is not None else []


def _list_block(node: Node | None) -> Node | None:
    """In 2011 the id is an empty anchor before the block."""
    while node is not None and node.tag in {"a", "-text", "br"}:
        node = node.next
    return node


def _table_row(node: Node) -> Iterator[Row]:
    cells = [cell for cell in node.iter() if cell.tag in {"th", "td"}]
    if len(cells) == 2:  # noqa: PLR2004 - label and value
        yield from _pair(cells[0], cells[1])


def _pair(label: Node | None, value: Node | None) -> Iterator[Row]:
    if label is not None and value is not None:
        yield Row(text(label).strip(COLONS), _SHIPPING_LINK.sub("", _printed(value)), value)


def _printed(value: Node) -> str:
    """A value as a reader sees it who unfolds it: a long one is there whole and cut, or whole in a sheet alone.

    A link is a part of the value, but for the one that unfolds it.
    """
    if holds_text(value):  # what unfolds it is an element
        return text(value)
    whole = " ".join(lines(value, without=_FOLDED)) if first(value, _FOLDED) is not None else text(value)
    more = text(select(value, "a")[-1]) if first(value, "a") is not None else ""
    if more.lower() in _MORE:
        whole = whole.removesuffix(more).strip()
    sheet = first(value, "[data-a-modal]") if _CUT.search(whole) else None
    if sheet is not None and isinstance(content := json_object(attr(sheet, "data-a-modal")).get("inlineContent"), str):
        return max(whole, clean(unescape(_TAG.sub(" ", content))), key=len)
    return whole


def _bullet(node: Node) -> Iterator[Row]:
    """``<li><b>Label:</b> value``, in the new form with a span around both; the rank's label may be neither bold nor end in a colon."""
    bold = first(node, "b, .a-text-bold")
    label = text(bold) if bold is not None else _bare_rank_label(node)
    whole = text(node) if label else ""
    if label and whole.startswith(label):
        yield Row(label.strip(COLONS), _SHIPPING_LINK.sub("", whole[len(label) :].strip(COLONS)), node)


def _bare_rank_label(node: Node) -> str:
    item = first(node, ".a-list-item") or node
    words = clean(item.first_child.text_content or "") if item.first_child is not None else ""
    return words if row_field(words.strip(COLONS)) == "rank" else ""
