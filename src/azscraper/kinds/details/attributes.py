"""The tables of a product page: overview, technical details, detail bullets; the fields lifted out of them; ranks."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from azscraper.marketplaces.labels import field_of
from azscraper.parse.dates import iso_date
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, clean, integer, plain_digits
from azscraper.records.parts import BestsellerRank

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
_LONGEST_RANK_LABEL = 8  # words
_COLONS = " :：\u200e\u200f"
_LONG_LABEL = 80  # a sentence in bold, no label
_LIFTED = [
    "dimensions",
    "package_dimensions",
    "weight",
    "package_weight",
    "model_number",
    "manufacturer",
    "country_of_origin",
    "isbn10",
    "isbn13",
    "upc",
    "ean",
    "ingredients",
    "material",
    "color",
    "size",
]
_ISBN = re.compile(r"(ISBN-1[03]): ?(\d[\d-]{8,15}[\dX])")
_VARYING = {"color", "size"}
_ISBN_10 = 10
_LONGEST_CODE = 14  # digits of a GTIN
_SHIPPING_LINK = re.compile(r"\s?\(View shipping rates and policies\)$")
_NUMBERS = frozenset({"isbn10", "isbn13", "upc", "ean"})
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_RANK = re.compile(
    r"^[-–\s]*(?:#|nr\.?|n\.?\s?º|nº|n°|n\.|no\.?|no|nummer)?\s*(\d[\d.,\s]*?)\s*(?:\.\s)?(?:in|en|em|i|w|op|dans|في|:)\s+(\S.*)$",
    re.IGNORECASE,
)
_RANK_EAST = re.compile(r"^[-–\s]*(\d[\d,]*)\s?位\s?(\S.*)$")
_RANK_BEHIND = re.compile(
    r"^[-–\s]*(\S.*?)(?:\s?[-–:]\s?(\d[\d,]*)\s?位|\s(?:kategorisinde|içinde)\s(?:#\s?)?(\d[\d.,]*?)\.?\s?(?:sırada|numara))\.?$"
)  # "家電 - 57位", "Elektronik kategorisinde 57. sırada"
_RANK_CHINA = re.compile(r"^(.*?)(?:商品)?(?:里|中)?排?第\s?(\d[\d,]*)\s?[名位](.*)$")
_RANK_BARE = re.compile(r"^#\s?(\d[\d.,]*)\s(\S.*)$")


class _Row(NamedTuple):
    label: str
    value: str
    node: Node
    """Where the value stands."""


def lifted(document: Document, chosen: Mapping[str, str]) -> dict[str, Any]:
    """``attributes`` and the fields that are read out of them by label, in any language.

    ``chosen`` is the chosen value of each variant dimension: the colour and size where no table prints them.
    """
    found: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    beside: dict[str, str] = {}
    for row in document.once(_rows):
        field = _field(row.label)
        if field in {"rank", "reviews"}:
            continue
        attributes.setdefault(row.label, row.value)
        if field == "first_available":
            found.setdefault(field, iso_date(row.value))
        elif field in _LIFTED:
            found.setdefault(field, _number(row.value) if field in _NUMBERS else row.value)
            _note_weight(field, row.value, beside)
    for label, value in chosen.items():
        if _field(label) in _VARYING:
            found.setdefault(_field(label) or label, value)
    if "ingredients" not in found:
        found["ingredients"] = _important_ingredients(document)
    _settle_sizes(found, beside)
    if len(found.get("isbn10") or "") != _ISBN_10:  # pages print the longer number under this label as well
        found.pop("isbn10", None)
    return {"attributes": attributes, **found}


bestseller_ranks = Field[Document, tuple[BestsellerRank, ...], tuple[BestsellerRank, ...]](
    'The lines of the row labelled "Best Sellers Rank", the broadest category first.', empty=()
)


@bestseller_ranks.source("rows labelled as the rank")
def _labelled_ranks(document: Document) -> tuple[BestsellerRank, ...]:
    rows = (row.node for row in document.once(_rows) if _field(row.label) == "rank")
    return next(filter(None, (_ranks(node, document) for node in rows)), ())


@bestseller_ranks.ids("SalesRank")
def _sales_rank(document: Document, node: Node) -> tuple[BestsellerRank, ...]:
    return _ranks(node, document)


def row_sources(field: str) -> list[str]:
    """The sources of a field that the tables give, by name, best first; none for any other field."""
    labels = [f"row of the detail tables that names the {label.replace('_', ' ')}" for label in _labels_of(field)]
    if field == "attributes":
        return ["rows of the detail tables"]
    important = ["#important-information"] if field == "ingredients" else []
    return labels + important + (["chosen variant"] if field in _VARYING else [])


def heard_in_rows(document: Document, field: str) -> list[tuple[str, str | None]]:
    """Every row of the tables that is labelled as a field: its label as printed, and its value; then what is beside the tables."""
    rows = document.once(_rows)
    heard = [(row.label, row.value) for label in _labels_of(field) for row in rows if _field(row.label) == label]
    important = [("#important-information", _important_ingredients(document))] if field == "ingredients" else []
    return [*heard, *important]


def _labels_of(field: str) -> list[str]:
    """The product's own measures come before its package's; dimensions may end in a weight."""
    if field not in {*_LIFTED, "first_available"}:
        return []
    package = [f"package_{field}"] if f"package_{field}" in _LIFTED else []
    return [field, *package, *(["dimensions", "package_dimensions"] if field == "weight" else [])]


def overview_brand(document: Document) -> str | None:
    """What the tables print as brand."""
    return next((row.value for row in document.once(_rows) if _field(row.label) == "brand"), None)


def _field(label: str) -> str | None:
    """The field of a label; China's are the same with or without their "product"."""
    return field_of(label) or field_of(label.removeprefix("产品").removeprefix("商品"))


def _important_ingredients(document: Document) -> str | None:
    """Of "Important information", where each part has a heading."""
    for heading in select(document.by_id("important-information"), "h4"):
        label = text(heading)
        if _field(label.strip(_COLONS)) == "ingredients":
            return text(heading.parent).removeprefix(label).strip(_COLONS) or None
    return None


def _number(printed: str) -> str:
    """Without blanks and hyphens; several numbers in one row as printed."""
    joined = re.sub(r"[\s-]", "", printed)
    return joined if len(joined) <= _LONGEST_CODE else printed


def _note_weight(field: str, printed: str, beside: dict[str, str]) -> None:
    """Bullets print "9.1 x 4.3 x 0.9 inches; 10.4 Ounces" in one line."""
    weight = printed.partition(";")[2].strip() if field.endswith("dimensions") else ""
    if weight:
        beside.setdefault(field.replace("dimensions", "weight"), weight)


def _settle_sizes(found: dict[str, Any], beside: dict[str, str]) -> None:
    """A weight behind dimensions only where none has a row; the package's measures only without the product's own."""
    for name in ("dimensions", "package_dimensions"):
        if name in found:
            found[name] = found[name].partition(";")[0].strip()
    for name, weight in beside.items():
        found.setdefault(name, weight)
    for name in ("dimensions", "weight"):
        package = found.pop(f"package_{name}", None)
        if package:
            found.setdefault(name, package)


def _rows(document: Document) -> list[_Row]:
    return [row for row in _all_rows(document) if row.label and row.value and len(row.label) <= _LONG_LABEL]


def _all_rows(document: Document) -> Iterator[_Row]:
    seen: set[int] = set()
    for name in _TABLES:
        block = document.by_id(name)
        for node in _fresh(select(block, "tr"), seen):
            yield from _table_row(node)
        for node in _fresh(select(block, ".product-facts-detail"), seen):
            yield from _pair(first(node, ".a-col-left"), first(node, ".a-col-right"))
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


def _summary(document: Document) -> Iterator[_Row]:
    """The strip of icons above the details, whose lines it shortens."""
    for _, node in document.by_prefix("rpi-attribute-"):
        yield from _pair(first(node, ".rpi-attribute-label"), first(node, ".rpi-attribute-value"))


def _device_tables(document: Document) -> Iterator[_Row]:
    """Pages of devices and films have a table without an id, the labels bold in its first column."""
    for node in select(document.by_id("tech"), "tr"):
        label = first(node, "td strong, td b")
        if label is not None:
            yield from _table_row(node)
    heading = document.by_id("btf-product-details")
    for node in select(heading.parent if heading is not None else None, ".product-details-meta tr"):
        yield from _table_row(node)


def _title_numbers(document: Document) -> Iterator[_Row]:
    """Mobile pages print a book's numbers below its title, a Kindle book's on a button."""
    for node in select(document.by_id("aboutKindleEditionButton"), "li"):
        label, colon, value = text(node).partition(":")
        if colon:
            yield _Row(label.strip(), value.strip(), node)
    block = document.by_id("mobile_productTitleGroup_inner_feature_div", "productTitleGroupAnchor")
    if block is not None:
        for label, number in _ISBN.findall(text(block)):
            yield _Row(label, number, block)


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


def _table_row(node: Node) -> Iterator[_Row]:
    cells = [cell for cell in node.iter() if cell.tag in {"th", "td"}]
    if len(cells) == 2:  # noqa: PLR2004 - label and value
        yield from _pair(cells[0], cells[1])


def _pair(label: Node | None, value: Node | None) -> Iterator[_Row]:
    if label is not None and value is not None:
        shown = first(value, ".a-truncate-full") or value
        yield _Row(text(label).strip(_COLONS), _SHIPPING_LINK.sub("", text(shown)), value)


def _bullet(node: Node) -> Iterator[_Row]:
    """``<li><b>Label:</b> value``, in the new form with a span around both; the rank's label may be neither bold nor end in a colon."""
    bold = first(node, "b, .a-text-bold")
    whole, label = text(node), text(bold) if bold is not None else _bare_rank_label(node)
    if label and whole.startswith(label):
        yield _Row(label.strip(_COLONS), _SHIPPING_LINK.sub("", whole[len(label) :].strip(_COLONS)), node)


def _bare_rank_label(node: Node) -> str:
    item = first(node, ".a-list-item") or node
    words = clean(item.first_child.text_content or "") if item.first_child is not None else ""
    return words if _field(words.strip(_COLONS)) == "rank" else ""


def _ranks(node: Node | None, document: Document) -> tuple[BestsellerRank, ...]:
    links = [(text(link), attr(link, "href")) for link in select(node, "a")]
    found = []
    for line in _rank_lines(node, [words for words, _ in links]):
        rank = _rank(line)
        if rank:
            url = next((href for words, href in links if href and rank[1] in words), None)
            found.append(
                BestsellerRank(
                    rank=rank[0], category=rank[1], url=absolute(url, document.marketplace.host) if url else None
                )
            )
    return tuple({(rank.rank, rank.category): rank for rank in found}.values())


def _rank_lines(node: Node | None, links: list[str]) -> Iterator[str]:
    for line in lines(node):
        plain = _without_list_links(plain_digits(line), links)
        head, colon, tail = plain.partition(":")
        yield tail.strip() if colon and _field(head.strip()) == "rank" else _without_rank_label(plain)


def _without_rank_label(line: str) -> str:
    """Drops the label where no colon ends it."""
    words = line.split(" ")[:_LONGEST_RANK_LABEL]
    label = next((size for size in range(len(words), 0, -1) if _field(" ".join(words[:size])) == "rank"), 0)
    return " ".join(line.split(" ")[label:])


def _without_list_links(line: str, links: list[str]) -> str:
    """Drops "(See Top 100 in Books)", a link to the list; "Music (DVD & Blu-ray)" is the category's own name."""
    for bracket in _BRACKETS.findall(line):
        words = bracket[1:-1].strip()
        if words in links or "100" in words:
            line = line.replace(bracket, "")
    return line.strip()


def _rank(line: str) -> tuple[int, str] | None:
    match = _RANK.match(line) or _RANK_EAST.match(line) or _RANK_BARE.match(line)
    if match:
        number, category = integer(match[1]), match[2].strip()
        return (number, category) if number and category else None
    match = _RANK_BEHIND.match(line)
    if match:
        number = integer(match[2] or match[3])
        return (number, match[1].strip()) if number else None
    match = _RANK_CHINA.match(line)
    if match:
        number, category = integer(match[2]), (match[1] or match[3]).strip(" -–、，,")
        return (number, category) if number and category else None
    return None
