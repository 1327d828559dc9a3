"""One tile of a result list: what the product is and how it is rated. Its amounts stand in ``search_price``, its offer in ``search_offer``.

A tile is asked a few small questions (each query compiles its selector, about 4 µs) and blocks are read once.
Layouts: ``s-search-result`` (2019 on), ``li#result_0`` (2014 to 2019), ``div#result_0`` (before).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from azscraper.marketplaces import Marketplace, alternatives, phrase_pattern
from azscraper.parse.document import Node, attr, first, select
from azscraper.parse.served import Served
from azscraper.parse.sources import Field
from azscraper.parse.values import clean, image, integer, rating

_T = TypeVar("_T")

_NAMED = "[data-cy],[data-csa-c-swatch-url],a.a-text-bold,a.s-color-swatch-link"
_SPONSORED = '[class*="sponsored"],[data-component-type="sp-sponsored-result"]'
_CLICK_COUNTERS = ("/sspa/click", "/slredirect/")
_OLD_HEADINGS = 'h5[class*="s-line-clamp"],h5.sx-title'
_CUT = ("…", "...")
_IMAGES = "img.s-image,img.s-access-image,img.productImage"
_OLD_IMAGES = ".imageBox img,.image img,.productImage img,.sx-table-image img,img[class*=octopus]"
_SRCSET_COMMA = re.compile(r",\s+")  # a size suffix has commas too: "_SR200,260_"
_NO_IMAGE = "/no-img"  # a picture that says that there is none
_SCHEMES = ("https://", "http://", "//")
_OLD_TITLES = ".newaps a span,.newaps a,.productTitle a,.data .title a,a.title,.octopus-pc-asin-title"
_OLD_BRANDS = '.s-size-mild.s-overflow-ellipsis,a[href*="sr_blf_"] img[alt],.a-grid-vertical-align img[alt]'
_FORMATS = "a.a-text-bold,h3"
_GAMES = re.compile(
    r"playstation|xbox|nintendo|\bwii|\bpsp\b|\bps ?vita\b|\bps ?[2-5]\b|windows|\bmac\b|\bpc\b|\blinux\b|\bsega\b|game ?boy"
    r"|machine specific",
    re.IGNORECASE,
)
"""Formats of games and what belongs to them: platforms are spelt alike in every language."""
_BY = re.compile(alternatives("by") + r"\s+(?!\d)(.{1,80})")
_OLD_BY = re.compile(r"by ([^()]{1,80}?)(?: \((?:[A-Z][a-z]{2,8} )?(?:\d{1,2}, )?\d{4}\))?")
_BESIDE_TITLE = "h5.s-line-clamp-1,.a-color-secondary>span,.a-color-secondary>.a-row>span"
_STAR = "a-icon-star"
_OLD_STAR = ".asinReviewsSummary a[alt],.rvwCnt a[alt]"
_COUNTS = "a,span[aria-label]"
_MONTH = phrase_pattern("month")
_ONE_MONTH = re.compile(r"[1１一][かヶヵカケ个個]月")
_LONGEST_BYWORD = 5  # "autor", the longest word before a maker's name


@dataclass(slots=True)
class Tile:
    """A tile and what its fields need to know of its page; collects the fields that could not be read."""

    node: Node
    asin: str
    site: Marketplace
    language: str
    """Of the page's words, BCP 47."""
    served: Served = field(default_factory=Served)
    unread: list[str] = field(default_factory=list)
    blocks: dict[str, Node] = field(init=False, default_factory=dict)
    """By ``data-cy``, since 2023: ``price-recipe``, ``delivery-recipe``, ``reviews-block``."""
    swatches: list[Node] = field(init=False, default_factory=list)
    """Around the link of each member of the family that the tile shows."""
    links: list[Node] = field(init=False, default_factory=list)
    bold_links: list[Node] = field(init=False, default_factory=list)
    more_link: Node | None = field(init=False, default=None)
    """Behind the swatches: "+4 other colors/patterns"."""
    icons: list[Node] = field(init=False, default_factory=list)
    headings: list[Node] = field(init=False, default_factory=list)
    """Of the second rank."""
    _memo: dict[object, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sorts the elements that several fields ask for: two walks for what would be ten."""
        for node in select(self.node, _NAMED):
            if (name := node.attrs.get("data-cy")) is not None:
                self.blocks.setdefault(name, node)
            elif node.tag != "a":
                self.swatches.append(node)
            elif "a-text-bold" in classes(node):
                self.bold_links.append(node)
            else:
                self.more_link = self.more_link or node
        places = {"a": self.links, "i": self.icons, "h2": self.headings}
        for node in select(self.node, "a,i,h2"):
            places[node.tag or ""].append(node)

    def once(self, read: Callable[["Tile"], _T]) -> _T:
        """What a function of this tile gives, worked out at its first use."""
        if read not in self._memo:
            self._memo[read] = read(self)
        found: _T = self._memo[read]
        return found

    def unreadable(self, name: str) -> None:
        """Notes that the tile shows a field (by its JSON name) that could not be read."""
        self.unread.append(name)


def classes(node: Node) -> str:
    """The class attribute, empty where there is none."""
    return node.attrs.get("class") or ""


sponsored = Field[Tile, bool, bool]("Whether the tile is an advertisement.", empty=False)


@sponsored.source("class AdHolder")
def _ad_holder(tile: Tile) -> bool:
    return "AdHolder" in classes(tile.node)


@sponsored.source("class that says sponsored")
def _said_sponsored(tile: Tile) -> bool:
    return tile.node.css_first(_SPONSORED) is not None


@sponsored.source("first link through a counter of clicks on ads")
def _counted(tile: Tile) -> bool:
    href = next((href for link in tile.links if (href := link.attrs.get("href"))), "")
    return any(counter in href for counter in _CLICK_COUNTERS)


title_and_brand = Field[Tile, tuple[str | None, str | None], tuple[str | None, str | None]](
    "Title: the heading. Brand: a heading without a link before the title (of the fifth rank from 2020 to 2022); the line "
    'between image and title (2018); the "by" line of a tile that names no format, or the platform of a game (of a book, a '
    "film or an album that line is the author or artist).",
    empty=(None, None),
)


@title_and_brand.source("last heading that is a link")
def _linked_heading(tile: Tile) -> tuple[str | None, str | None] | None:
    headings = _headings(tile)
    linked = [place for place, heading in enumerate(headings) if _is_linked(heading)]
    if not linked:
        return None
    heading = headings[linked[-1]]
    if len(headings) > 1 and linked[0] > 0:
        return _heading_text(heading), _heading_text(headings[0])
    if "s-access-title" in classes(heading):
        return _heading_text(heading), _brand_above(tile) or _byline(tile, tile.node)
    block = _title_block(heading)
    return _heading_text(heading), _brand_beside(tile, block) or _byline(tile, block)


@title_and_brand.source("longest heading")
def _longest_heading(tile: Tile) -> tuple[str | None, str | None] | None:
    headings = _headings(tile)
    return (_heading_text(max(headings, key=lambda heading: len(heading.text()))), None) if headings else None


@title_and_brand.source("heading link, before 2014")
def _old_heading(tile: Tile) -> tuple[str | None, str | None]:
    return _old_title(tile), _old_byline(tile)


image_of = Field[Tile, str, str | None](
    "The product image: the last entry of ``srcset`` (the largest), ``src``, ``data-src``; size suffix removed."
)


@image_of.source("image of the tile")
def _image(tile: Tile) -> str | None:
    return _address_of(first(tile.node, _IMAGES))


@image_of.source("image, before 2014")
def _old_image(tile: Tile) -> str | None:
    return _address_of(first(tile.node, _OLD_IMAGES))


def _address_of(node: Node | None) -> str | None:
    if node is None:
        return None
    largest = _SRCSET_COMMA.split(node.attrs.get("srcset") or "")[-1].split()
    sources = (*largest[:1], node.attrs.get("src"), node.attrs.get("data-src"))
    return next(
        (image(source) for source in sources if source and source.startswith(_SCHEMES) and _NO_IMAGE not in source),
        None,
    )


rating_and_count = Field[Tile, tuple[str | None, list[str]], tuple[float | None, int | None]](
    "Rating: what the stars say. Count, beside the stars: label of the reviews link or of a span (exact), else their text "
    '("(3.2K)" is 3200).'
)


@rating_and_count.source("icon of the stars")
def _stars_and_labels(tile: Tile) -> tuple[str | None, list[str]] | None:
    star = next((icon for icon in tile.icons if _STAR in classes(icon)), None)
    if star is None:
        return None
    return star.text() or attr(star.parent, "aria-label") or attr(star.parent, "alt"), _count_labels(star)


@rating_and_count.source("link of the stars, until 2014")
def _old_stars_and_labels(tile: Tile) -> tuple[str | None, list[str]] | None:
    shown = attr(first(tile.node, _OLD_STAR), "alt")
    return (shown, [node.text() for node in select(tile.node, ".rvwCnt a,.reviewsCount a")]) if shown else None


@rating_and_count.settle
def _read_stars(tile: Tile, found: tuple[str | None, list[str]] | None) -> tuple[float | None, int | None]:
    if found is None:
        return None, None
    shown, labels = found
    counted = next((label for label in labels if label and not label.isspace()), None)
    value = rating(shown) if shown else None
    count = integer(counted) if counted else None
    if shown and value is None:
        tile.unreadable("rating")
    if counted and count is None:
        tile.unreadable("ratingCount")
    return value, count


bought_past_month = Field[Tile, str, int | None]("The secondary line that says how many were bought.")


@bought_past_month.source("line of the reviews block")
def _bought_line(tile: Tile) -> str | None:
    block = tile.blocks.get("reviews-block")
    return next((line for _, line in _numbered(block)), None) if block is not None else None


@bought_past_month.source("line that names the month")
def _line_of_month(tile: Tile) -> str | None:
    if "reviews-block" in tile.blocks:
        return None
    return next((line for shown, line in _numbered(tile.node) if _MONTH.search(shown.lower())), None)


@bought_past_month.settle
def _bought(tile: Tile, line: str | None) -> int | None:
    count = integer(line) if line else None
    if line and count is None:
        tile.unreadable("boughtPastMonth")
    return count


def _numbered(node: Node) -> Iterator[tuple[str, str]]:
    """Secondary lines with a number, as shown and without the month's own number."""
    for found in select(node, "span.a-size-base.a-color-secondary"):
        shown = clean(found.text())
        line = _ONE_MONTH.sub("", shown)
        if any(map(str.isdigit, line)):
            yield shown, line


def _headings(tile: Tile) -> list[Node]:
    return tile.headings or select(tile.node, _OLD_HEADINGS)


def _is_linked(heading: Node) -> bool:
    parent = heading.parent
    return (parent is not None and parent.tag == "a") or heading.css_first("a") is not None


def _heading_text(heading: Node) -> str | None:
    """``data-attribute`` and the link's ``title`` hold the full text where the visible one is cut."""
    full = heading.attrs.get("data-attribute") or attr(heading.parent, "title")
    if full is None:
        full = clean(heading.text())
        if full.startswith("["):
            label = first(heading, ".a-offscreen")
            full = full.removeprefix(clean(label.text()) if label is not None else "")
        elif full.endswith(_CUT):
            full = _uncut(full, attr(heading, "aria-label"))
    return clean(full) or None


def _title_block(heading: Node) -> Node | None:
    """What stands with the title: its link goes around the heading since 2023, within it before."""
    parent = heading.parent
    return parent.parent if parent is not None and parent.tag == "a" else parent


def _uncut(cut: str, label: str | None) -> str:
    """The label of a heading from where the visible text starts: "Sponsored Ad - " stands before it."""
    start = clean(cut.rstrip(".… "))
    place = clean(label or "").find(start)
    return clean(label or "")[place:] if place >= 0 else cut


def _old_title(tile: Tile) -> str | None:
    node = first(tile.node, _OLD_TITLES)
    return None if node is None else clean(node.text()) or None


def _old_byline(tile: Tile) -> str | None:
    """The line "by Maker (Feb 2, 2014)" behind the title of 2014; what is read, heard or watched names its format there too."""
    node = first(tile.node, ".newaps>.reg") if tile.asin.startswith("B") else None
    match = _OLD_BY.fullmatch(clean(node.text())) if node is not None else None
    return match[1] if match else None


def _brand_above(tile: Tile) -> str | None:
    """The line or the logo between image and title in 2018."""
    node = first(tile.node, _OLD_BRANDS)
    return clean(attr(node, "alt") or node.text()) or None if node is not None else None


def _brand_beside(tile: Tile, block: Node | None) -> str | None:
    """The maker of a garment from 2020 to 2022, a small heading in the title's block; "by Maker" in one piece, since 2023."""
    for node in select(block, _BESIDE_TITLE):
        line = clean(node.text())
        if node.tag == "h5":
            return line or None
        match = _BY.fullmatch(line)
        if match:
            return match[1] if _names_maker(tile) else None
    return None


def _names_maker(tile: Tile) -> bool:
    """Whether the "by" line of the tile names a maker, not an author or artist."""
    if not tile.asin.startswith("B"):
        return False
    form = first(tile.node, _FORMATS)
    return form is None or _GAMES.search(form.text()) is not None


def _byline(tile: Tile, block: Node | None) -> str | None:
    """``<span>by</span><span>Maker</span>`` in the title's block, of a tile without format."""
    for node in select(block, "span.a-size-small.a-color-secondary,.a-color-secondary>span.a-size-base"):
        before = node.prev
        while before is not None and not before.is_element_node:
            before = before.prev
        if before is not None and classes(before) == classes(node) and _is_byword(clean(before.text())):
            return clean(node.text()) or None if _names_maker(tile) else None
    return None


def _is_byword(text: str) -> bool:
    return not text or (len(text) <= _LONGEST_BYWORD and text.isalpha() and text == text.lower())


def _count_labels(star: Node) -> list[str]:
    """What the elements beside the stars say, the stars' own explanation left out."""
    block = star.parent
    while block is not None and block.tag not in {"div", "li"}:
        block = block.parent
    return [
        attr(node, "aria-label") or node.text()
        for node in select(block, _COUNTS)
        if "a-popover-trigger" not in classes(node) and (node.tag == "a" or node.css_first("i") is None)
    ]
