"""One tile of a result list: what the product is and how it is rated. Prices and delivery stand in ``search_offer``.

A tile is asked a few small questions (each query compiles its selector, about 4 µs) and blocks are read once.
Layouts: ``s-search-result`` (2019 on), ``li#result_0`` (2014 to 2019), ``div#result_0`` (before).
"""

import re
from dataclasses import dataclass, field

from azscraper.marketplaces import Marketplace, Phrases
from azscraper.parse.document import Node, attr, first, select
from azscraper.parse.values import clean, image, integer, rating

_SPONSORED = (
    '[class*="sponsored"],[data-component-type="sp-sponsored-result"],a[href*="/sspa/click"],a[href*="/slredirect/"]'
)
_CUT = ("…", "...")
_IMAGES = "img.s-image,img.s-access-image,img.productImage"
_OLD_IMAGES = ".imageBox img,.image img,.productImage img"
_OLD_TITLES = ".newaps a span,.newaps a,.productTitle a,.data .title a,a.title"
_FORMATS = "a.a-text-bold,h3"
_STAR = '[class*="a-icon-star"]'
_OLD_STAR = ".asinReviewsSummary a[alt],.rvwCnt a[alt]"
_COUNTS = "a,span[aria-label]"
_BADGE_NODES = (
    ".a-badge,.rio-badge-component,[data-s-pc-sidesheet-open],[data-s-pc-popover],"
    '.sx-badge-region [class*="sx-"],[class*="sx-bestseller"]'
)
_BADGE_ATTRIBUTES = ("id", "data-s-pc-sidesheet-open", "data-s-pc-popover", "class")
_BADGES = (
    (re.compile(r"amazons?[-_]?choice", re.IGNORECASE), "amazons_choice"),
    (re.compile(r"best[-_]?seller", re.IGNORECASE), "best_seller"),
    (re.compile(r"new[-_]?release", re.IGNORECASE), "new_release"),
    (re.compile(r"(?:^|_)DEAL(?:_|$)"), "limited_deal"),
    (re.compile(r"_cpf_badge"), "climate_pledge"),
    (re.compile(r"_sbe_badge"), "small_business"),
)
_MONTH = re.compile(
    r"month|monat|\bmois\b|\bmes\b|\bmese\b|\bmês\b|maand|miesi|månad|\bay\b|شهر|[かヶカケ]月|个月|個月|महीने|மாத|నెల|ತಿಂಗಳ|മാസ|মাস"
)
_ONE_MONTH = re.compile(r"[1１一][かヶカケ个個]月")
_LONGEST_BYWORD = 5  # "autor", the longest word before a maker's name


@dataclass(slots=True)
class Tile:
    """A tile and what its fields need to know of its page; collects the fields that could not be read."""

    node: Node
    asin: str
    site: Marketplace
    phrases: tuple[Phrases, ...]
    """Of the page's language, best first."""
    unread: list[str] = field(default_factory=list)

    def unreadable(self, name: str) -> None:
        """Notes that the tile shows a field (by its JSON name) that could not be read."""
        self.unread.append(name)


def is_sponsored(tile: Tile) -> bool:
    """Class ``AdHolder`` of the tile; a class that says sponsored; links through the counters of advertisement clicks."""
    return "AdHolder" in (tile.node.attributes.get("class") or "") or tile.node.css_first(_SPONSORED) is not None


def title_and_brand(tile: Tile) -> tuple[str | None, str | None]:
    """Title: the last heading that is a link; the longest heading; the heading link of pages before 2014.

    Brand: a heading without a link before the title; the line between image and title (2018); the "by" line of a tile
    that names no format (of a book, a film or an album that line is the author or artist).
    """
    headings = select(tile.node, "h2,h5.s-line-clamp-1")
    if not headings:
        return _old_title(tile), None
    linked = [place for place, heading in enumerate(headings) if _is_linked(heading)]
    if not linked:
        return _heading_text(max(headings, key=lambda heading: len(heading.text()))), None
    apart = [heading for heading in headings[: linked[-1]] if not _is_linked(heading)]
    title = _heading_text(headings[linked[-1]])
    return title, _heading_text(apart[0]) if apart else _byline(tile)


def image_url(tile: Tile) -> str | None:
    """The product image: the last entry of ``srcset`` (the largest), ``src``, ``data-src``; size suffix removed."""
    node = first(tile.node, _IMAGES) or first(tile.node, _OLD_IMAGES)
    sources = (attr(node, "srcset") or "").split(",")[-1].split()[:1]
    for source in (*sources, attr(node, "src"), attr(node, "data-src")):
        if source and source.startswith(("http://", "https://", "//")):
            return image(source)
    return None


def stars(tile: Tile) -> float | None:
    """Text of the star icon; the label of the link around it; ``alt`` of the stars' link before 2014."""
    node = first(tile.node, _STAR)
    label = attr(first(tile.node, _OLD_STAR), "alt") if node is None else node.text() or attr(node.parent, "aria-label")
    if not label or not label.strip():
        return None
    value = rating(label)
    if value is None:
        tile.unreadable("rating")
    return value


def rating_count(tile: Tile) -> int | None:
    """Beside the stars: label of the reviews link or of a span (exact), else their text ("(3.2K)" is 3200).

    Before 2014: the reviews link in ``rvwCnt``.
    """
    star = first(tile.node, _STAR)
    labels = _count_labels(star) if star is not None else [node.text() for node in select(tile.node, ".rvwCnt a")]
    shown = next((label for label in labels if label and label.strip()), None)
    if shown is None:
        return None
    count = integer(shown)
    if count is None:
        tile.unreadable("ratingCount")
    return count


def bought_past_month(tile: Tile) -> int | None:
    """The secondary line of the reviews block that has a number; without such a block one that names the month."""
    block = first(tile.node, '[data-cy="reviews-block"]')
    for node in select(block or tile.node, "span.a-size-base.a-color-secondary"):
        line = _ONE_MONTH.sub("", clean(node.text()))
        if any(map(str.isdigit, line)) and (block is not None or _MONTH.search(line.lower())):
            count = integer(line)
            if count is None:
                tile.unreadable("boughtPastMonth")
            return count
    return None


def badges(tile: Tile) -> tuple[str, ...]:
    """Ids of badges, metric names that certification pills carry, classes of badges before 2019; never their words.

    In 2018 the class of the best-seller flag also dresses a discount ("Save 8%").
    """
    found: dict[str, None] = {}
    for node in select(tile.node, _BADGE_NODES):
        attributes = node.attributes
        key = next(filter(None, map(attributes.get, _BADGE_ATTRIBUTES)), "")
        name = next((name for pattern, name in _BADGES if pattern.search(key)), None)
        if name and not (node.tag == "i" and "%" in node.text()):
            found[name] = None
    return tuple(found)


def _is_linked(heading: Node) -> bool:
    parent = heading.parent
    return (parent is not None and parent.tag == "a") or heading.css_first("a") is not None


def _heading_text(heading: Node) -> str | None:
    """``data-attribute`` and the link's ``title`` hold the full text where the visible one is cut."""
    full = attr(heading, "data-attribute") or attr(heading.parent, "title")
    if full is None:
        label = first(heading, ".a-offscreen")
        full = clean(heading.text()).removeprefix(clean(label.text()) if label is not None else "")
        if full.endswith(_CUT):
            full = _uncut(full, attr(heading, "aria-label"))
    return clean(full) or None


def _uncut(cut: str, label: str | None) -> str:
    """The label of a heading from where the visible text starts: "Sponsored Ad - " stands before it."""
    start = clean(cut.rstrip(".… "))
    place = clean(label or "").find(start)
    return clean(label or "")[place:] if place >= 0 else cut


def _old_title(tile: Tile) -> str | None:
    node = first(tile.node, _OLD_TITLES)
    return None if node is None else clean(node.text()) or None


def _byline(tile: Tile) -> str | None:
    """The maker of a tile without format: ``<span>by</span><span>Maker</span>`` in a row of its own."""
    above = first(tile.node, ".s-size-mild.s-overflow-ellipsis")
    if above is not None:
        return clean(above.text()) or None
    if not tile.asin.startswith("B") or first(tile.node, _FORMATS) is not None:
        return None
    for node in select(tile.node, "span.a-size-small.a-color-secondary,.a-color-secondary>span.a-size-base"):
        before = node.prev
        if before is not None and before.tag == "span" and _is_byword(clean(before.text())):
            return clean(node.text()) or None
    return None


def _is_byword(text: str) -> bool:
    return not text or (len(text) <= _LONGEST_BYWORD and text.isalpha() and text == text.lower())


def _count_labels(star: Node) -> list[str]:
    """What the elements beside the stars say, the stars' own explanation left out."""
    block = star.parent
    while block is not None and block.tag != "div":
        block = block.parent
    return [
        attr(node, "aria-label") or node.text()
        for node in select(block, _COUNTS)
        if "a-popover-trigger" not in (node.attributes.get("class") or "") and node.css_first("i") is None
    ]
