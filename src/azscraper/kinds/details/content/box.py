"""What comes in the box."""

import re
from collections.abc import Iterable

from azscraper.kinds.details.tables.rows import row_field, rows
from azscraper.marketplaces import asin_from_url
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.records.page_parts import BundleItem

_PART_TITLE = ".bundle-comp-title"
_PART_MARK = b'bundle-comp-title"'
_DECK = "whatsInTheBoxDeck"
_COMPONENT = '[id^="bundle-component-details-component-title-"]'
_TO_PRODUCT = 'a[href*="/dp/"], a[href*="/gp/product/"]'
_SEVERAL = re.compile(r"(\d{1,3})\s?(?:(?:of|von|de|di|van|av|z|x|adet|من)\s|×\s?)(.+)", re.IGNORECASE)
"""Before the title of a part that a bundle has more than one of: "2 of Kettle"."""

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


bundle_items = Field[Document, tuple[BundleItem, ...], tuple[BundleItem, ...]](
    "The products that are sold together as this one, where the page lists them.", empty=()
)
is_bundle = Field[Document, bool, bool]("Whether the page lists such products.", empty=False)


@bundle_items.ids("bundleComponentDetails_feature_div")
def _components(_: Document, node: Node) -> tuple[BundleItem, ...]:
    """The block since 2024. It is empty where the product is no bundle."""
    titles = {title.mem_id: title for title in select(node, _COMPONENT)}.values()
    return tuple(item for title in titles if (item := _component(title, node)))


def _component(title: Node, block: Node) -> BundleItem | None:
    """A part's link is its title, in it or beside it: in the smallest element around both that holds no other title."""
    link = title if title.tag == "a" else first(title, _TO_PRODUCT)
    around = title.parent
    while link is None and around is not None and len(select(around, _COMPONENT)) == 1:
        link = first(around, _TO_PRODUCT)
        around = None if around.mem_id == block.mem_id else around.parent
    asin = asin_from_url(attr(link, "href") or "")
    several = _SEVERAL.fullmatch(said := text(title))
    quantity, name = (int(several[1]), several[2]) if several else (None, said)
    return BundleItem(asin=asin, title=name or None, quantity=quantity) if asin else None


@bundle_items.source("titles of the bundle's parts")
def _parts_of_bundle(document: Document) -> tuple[BundleItem, ...]:
    """Style sheets name the parts on many pages, so the markup counts."""
    nodes = document.whole(_PART_TITLE) if document.holds(_PART_MARK) else []
    linked = ((attr(node if node.tag == "a" else first(node, "a"), "href") or "", text(node)) for node in nodes)
    found = ((asin_from_url(href), title) for href, title in linked)
    return tuple(BundleItem(asin=asin, title=title or None) for asin, title in dict(found).items() if asin)


@is_bundle.source("titles of the bundle's parts")
def _has_parts(document: Document) -> bool:
    return bool(document.once(bundle_items))


def _cut(printed: list[str]) -> tuple[str, ...]:
    """What one line names: sellers write a list into it."""
    return _parts(part for line in printed for part in line.split("; " if "; " in line else ", "))


def _parts(printed: Iterable[str]) -> tuple[str, ...]:
    """Sellers without an answer write a dash, a stroke or a number."""
    return tuple(part for one in printed if any(map(str.isalpha, part := one.strip(" ,;"))))
