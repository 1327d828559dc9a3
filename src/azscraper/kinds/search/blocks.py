"""What stands among the tiles of a result list and is none: advertisements of brands, videos, carousels, editorial blocks.

Layout since 2019: each is a child of the element that holds the tiles, named by ``cel_widget_id``. Carousels of 2018 are items of the list.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from azscraper.kinds.search.tile import Tile, classes
from azscraper.kinds.search.tiles import tiles_of
from azscraper.marketplaces import Marketplace, alternatives, is_asin
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import clean, image, money, rating
from azscraper.records.parts import Money
from azscraper.records.search_parts import AdBlock, BlockProduct, VideoBlock

_MOST = 40
"""Blocks of a page, and products of a block."""
_NO_BLOCKS = (
    "MESSAGING",
    "PAGINATION",
    "FEEDBACK",
    "REFORMULATION",
    "TOP_BANNER",
    "footer-slot_ad",
    "VISUAL_NAVIGATION",
)
_BRANDS = "[data-aid],[data-ad-id]"
_BRAND_WIDGETS = ("top-slot", "brand-footer", "hsa-id", "sb-video")
_VIDEO = "[data-component-type^=sbv-video]"
_VIDEO_WIDGET = "VIDEO_SINGLE_PRODUCT"
_EDITORIAL = ("EDITORIAL", "osp-search", "RECOMMENDATIONS")
_HEADINGS = "h1,h2,h3,[role=heading],.a-size-medium-plus,span.a-size-medium,.a-size-large"
_HEADLINES = (
    "[data-elementid$=headline],[data-type=headlineLink],#headlineContainer,[data-click-el=headline]",
    "[role=heading]",
    ".a-truncate-full",
)
_CARDS = "[data-asin],[data-csa-c-item-id],li.a-carousel-card"
_BRAND_CARDS = "[data-asin]"
_PARTS = "h2,.a-truncate-full,[data-type=productTitle],[data-click-el=title],.a-price,.sx-price,.a-icon-alt,[data-rating],[aria-label]:not([aria-label='']),img,a[title]"
_ITEM = re.compile(r"amzn1\.asin\.([A-Z0-9]{10})")
_PRODUCT = re.compile(r"(?:/|%2F)(?:dp|gp(?:/|%2F)product|gp(?:/|%2F)aw(?:/|%2F)d)(?:/|%2F)([A-Z0-9]{10})(?![A-Z0-9])")
_TARGET = re.compile(r"https?://www\.amazon\.[a-z.]{2,6}/[^?&\"]{2,200}")
_BRAND_HEADING = "a-size-mini"
"""Class of the heading over the title, which names the brand."""
_OLD_PRICE = "sx-price"
_RANGE = re.compile(r"\d\s*[-–]\s*\D*\d")
_STARS = re.compile(r"\d[.,]\d")
_AD_FROM = re.compile(alternatives("ad_from") + r"\s+(.{1,80}?)(?:\.\s*[\"“«„].*|\.)?$", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”«»„「『].{1,300}[\"“”«»」』]")
_STOPS = " .。،,:"
_CALL = "(?i:" + alternatives("shop_at") + r")\s+"
_SHOP_AT = re.compile(rf"{_CALL}((?![a-z]).{{1,60}}?)(?:\s+{_CALL}.*)?")
"""The call to shop, with the brand behind it and not "now"."""
_LONGEST_BRAND = 60
_SPONSORED = '.s-widget-sponsored-label-text,[class*="ad-feedback"],[class*=sponsored],.puis-sponsored-label-text'


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of a page, in its order."""

    ads: tuple[AdBlock, ...] = ()
    videos: tuple[VideoBlock, ...] = ()


def blocks_of(document: Document) -> Blocks:
    """The blocks beside the tiles of a page; none on a page without tiles, and before 2018."""
    tiles = document.once(tiles_of)
    ads: list[AdBlock] = []
    videos: list[VideoBlock] = []
    for position, node in _others(tiles):
        site = tiles[0].site
        widget = node.attrs.get("cel_widget_id") or attr(first(node, "[cel_widget_id]"), "cel_widget_id") or ""
        if any(name in widget for name in _NO_BLOCKS):
            continue
        if _VIDEO_WIDGET in widget or first(node, _VIDEO) is not None:
            videos.append(_video(node, position))
        else:
            ads += _ads(node, widget, site, position)
    return Blocks(tuple(ads[:_MOST]), tuple(videos[:_MOST]))


def elements(document: Document) -> list[Node]:
    """What stands between the tiles of a page."""
    return [node for _, node in _others(document.once(tiles_of))]


def _others(tiles: list[Tile]) -> Iterator[tuple[int, Node]]:
    """The elements between the tiles, each with the number of tiles before it."""
    parent = tiles[0].node.parent if tiles else None
    places = {tile.node.mem_id for tile in tiles}
    node = parent.first_child if parent is not None else None
    position = 0
    while node is not None:
        if node.mem_id in places:
            position += 1
        elif node.is_element_node and node.tag in {"div", "li"}:
            yield position, node
        node = node.next


def _ads(node: Node, widget: str, site: Marketplace, position: int) -> Iterator[AdBlock]:
    """One for each brand of a block of brands; a block of products is one."""
    cards = select(node, _BRANDS)
    if not cards and any(name in widget for name in _BRAND_WIDGETS):
        cards = [node]
    heading = _heading(node)
    for card in cards[:_MOST]:
        found = _brand_ad(card, heading, site, position)
        if found.brand or found.headline or found.products:
            yield found
    products = () if cards else _products(node, _CARDS, site)
    if any(product.title for product in products):
        yield AdBlock(
            kind="editorial" if any(name in widget for name in _EDITORIAL) else "carousel",
            is_sponsored=first(node, _SPONSORED) is not None,
            title=heading,
            products=products,
            position=position,
        )


def _brand_ad(card: Node, heading: str | None, site: Marketplace, position: int) -> AdBlock:
    head = _head(card)
    pictures = [node for node in head if node.tag == "img"]
    links = [node for node in head if node.tag == "a"]
    targets = (_TARGET.search(link.attrs.get("href") or "", 20) for link in links)
    target = next((found[0] for found in targets if found and not _PRODUCT.search(found[0])), None)
    return AdBlock(
        kind="sponsored_brand",
        is_sponsored=True,
        title=heading,
        brand=_brand(head, {text(link) for link in links}),
        headline=_headline(card, links),
        url=target.partition("/ref=")[0] if target else None,
        image=next((image(source) for img in pictures if _is_advertisers(source := img.attrs.get("src") or "")), None),
        video=attr(first(card, "video"), "src"),
        products=_products(card, _BRAND_CARDS, site),
        position=position,
    )


def _head(card: Node) -> list[Node]:
    """What an advertisement has before its first product: itself, pictures, links and what has a label."""
    found = [card]
    for node in select(card, f"img,a,[aria-label],{_BRAND_CARDS}"):
        if node.mem_id == card.mem_id:
            continue
        if node.attrs.get("data-asin"):
            break
        found.append(node)
    return found


def _brand(head: list[Node], said: set[str]) -> str | None:
    """Who the label of the advertisement says it is from; else what the logo is called, the shortest of the names of pictures that is not a call to shop."""
    alts = [clean(node.attrs.get("alt") or "") for node in head if node.tag == "img"]
    labels = [clean(node.attrs.get("aria-label") or "") for node in head]
    named = next((found[1] for label in labels + alts if (found := _AD_FROM.search(label))), None)
    named = named or next(filter(None, map(_named_twice, labels + alts)), None)
    logo = min(sorted(set(alts) - said - {""}), key=len, default="")
    if not logo or len(logo) > _LONGEST_BRAND:
        logo = next((found[1] for line in sorted(said) if (found := _SHOP_AT.fullmatch(line))), "")
    shortest = named or logo
    return shortest if 0 < len(shortest) <= _LONGEST_BRAND else None


def _named_twice(label: str) -> str | None:
    """The brand of a label in any language: 'Sponsored ad from Apple. "iPad Pro." Shop Apple.' has it on both sides of what it quotes."""
    quoted = _QUOTED.search(label)
    if quoted is None:
        return None
    before, behind = (part.strip(_STOPS) for part in (label[: quoted.start()], label[quoted.end() :]))
    shared = " ".join(_shared(before.split(), behind.split())) or "".join(_shared(before, behind))
    found = shared.strip(_STOPS)
    return found if len(found) > 1 else None


def _shared(one: Sequence[str], other: Sequence[str]) -> Sequence[str]:
    """The longest run that both have."""
    run = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return one[run.a : run.a + run.size]


def _is_advertisers(source: str) -> bool:
    return "/images/S/" in source


def _headline(card: Node, links: list[Node]) -> str | None:
    """An element that says so, a heading, else the first words of a link."""
    for css in _HEADLINES:
        if said := _whole(first(card, css)):
            return said
    return next((said for link in links if (said := text(link))), None)


def _whole(node: Node | None) -> str | None:
    """The text, once where it is printed whole and cut."""
    full = first(node, ".a-truncate-full")
    said = text(full if full is not None else node)
    half = said[: len(said) // 2].strip()
    return (half if said[len(said) // 2 :].strip() == half else said) or None


def _heading(node: Node) -> str | None:
    """The first heading that is not one of a product or of an advertisement in the block."""
    for found in select(node, _HEADINGS)[:3]:
        if not _is_within_card(found, node):
            return _without_link(found) or attr(found, "aria-label")
    return None


def _without_link(heading: Node) -> str | None:
    """Until 2019 "See more" stands in the heading."""
    said, more = _whole(heading), text(first(heading, "a"))
    return (said.removesuffix(more).strip() or said) if said and more else said


def _is_within_card(found: Node, block: Node) -> bool:
    above = found.parent
    while above is not None and above.mem_id != block.mem_id:
        named = above.attrs
        if named.get("data-asin") or named.get("data-aid") or named.get("data-ad-id") or above.tag == "li":
            return True
        above = above.parent
    return False


def _video(node: Node, position: int) -> VideoBlock:
    player = first(node, "video")
    headings = [said for heading in select(node, "h2") if (said := text(heading))]
    item = _ITEM.search(attr(first(node, "[data-csa-c-item-id]"), "data-csa-c-item-id") or "")
    named = attr(first(node, "[data-asin]:not([data-asin=''])"), "data-asin")
    shown = attr(player, "poster") or ""
    return VideoBlock(
        title=headings[-1] if headings else None,
        asin=item[1] if item else named,
        brand=headings[0] if len(headings) > 1 and headings[0] != headings[-1] else None,
        video=attr(player, "src"),
        thumbnail=image(shown) if shown.startswith("https://") else None,
        is_sponsored=True,
        position=position,
    )


def _products(node: Node, cards: str, site: Marketplace) -> tuple[BlockProduct, ...]:
    found: dict[str, BlockProduct] = {}
    for card in select(node, cards):
        asin = _asin(card)
        if asin and asin not in found and len(found) < _MOST:
            found[asin] = _product(card, asin, site)
    return tuple(found.values())


def _asin(card: Node) -> str | None:
    named = card.attrs.get("data-asin")
    if named:
        return named if is_asin(named) else None
    item = _ITEM.search(card.attrs.get("data-csa-c-item-id") or "")
    if item or card.tag != "li":
        return item[1] if item else None
    link = _PRODUCT.search(attr(first(card, 'a[href*="/dp/"],a[href*="%2Fdp%2F"]'), "href") or "")
    return link[1] if link else None


def _product(card: Node, asin: str, site: Marketplace) -> BlockProduct:
    """The parts of a card in one walk: the first of each kind that says something; of two headings the first is the brand."""
    title = label = cut = alt = price = stars = shown = None
    for part in select(card, _PARTS):
        dressed, said = classes(part), attr(part, "aria-label")
        if part.tag == "img":
            shown, alt = shown or _source(part), alt or attr(part, "alt")
        elif part.tag == "h2":
            title = title or (None if _BRAND_HEADING in dressed else clean(part.text()))
        elif "a-price" in dressed:
            price = price or _price(part, site)
        elif _OLD_PRICE in dressed:
            price = price or _old_price(part, site)
        elif ("a-icon-alt" in dressed and "star" in (attr(part.parent, "class") or "")) or part.attrs.get(
            "data-rating"
        ):
            stars = stars or rating(part.attrs.get("data-rating") or part.text())
        elif said and _STARS.search(said):
            stars = stars or rating(said)
        elif said:
            label = label or said
        elif "a-truncate-full" in dressed:
            cut = cut or clean(part.text())
        else:
            title = title or clean(part.text()) or attr(part, "title")
    return BlockProduct(asin=asin, title=title or label or cut or alt, price=price, rating=stars, image=shown)


def _price(part: Node, site: Marketplace) -> Money | None:
    if part.attrs.get("data-a-strike") == "true" or "a-text-price" in classes(part):
        return None
    hidden = first(part, ".a-offscreen")
    return money(clean(hidden.text() if hidden is not None else part.text()), site)


def _old_price(part: Node, site: Marketplace) -> Money | None:
    """Until 2019, beside what is drawn; none of a range."""
    beside = part.parent.parent if part.parent is not None else None
    said = text(first(beside, ".a-offscreen"))
    return money(said, site) if said and _RANGE.search(said) is None else None


def _source(img: Node) -> str | None:
    named = (img.attrs.get(name) or "" for name in ("data-src", "src", "srcset"))
    source = next((one.partition(" ")[0] for one in named if "/images/I/" in one), None)
    return image(source) if source else None
