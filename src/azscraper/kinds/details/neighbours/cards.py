"""A product as a card beside others shows it: the smallest element around its links."""

import re

from azscraper.kinds.details import offer_box
from azscraper.marketplaces import asin_from_url
from azscraper.parse import values
from azscraper.parse.document import Document, Node, attr, select, text
from azscraper.records.page_parts import Neighbour

_CARD_TAGS = frozenset({"li", "td", "tr", "th"})
_CELLS = frozenset({"td", "th"})
_CARD_CLASSES = ("a-carousel-card", "a-cardui", "sims-fbt-row")
_PRICES = frozenset({"a-price", "a-color-price", "p13n-sc-price"})
_STARS = "a-icon-alt"
_PARTS = f"img, .{_STARS}, {', '.join(f'.{name}' for name in sorted(_PRICES))}"
"""What is read of a card, found in one walk."""
_ONLY_NUMBER = re.compile(r"[(（]?\d[\d.,'’\s]*[)）]?")
_NEAR = 3
_REACH = 10
_LONGEST_TITLE = 500
_CUT_TITLE = 110  # where pictures' other texts end since 2023


def card_of(link: Node) -> Node:
    """The list item or cell that a link stands in, else the nearest card by its class; the link itself where none is near."""
    around: list[Node] = []
    above = link.parent
    while above is not None and len(around) < _REACH and above.tag != "body":
        if above.tag in _CARD_TAGS:
            return _classed(around) or above
        around.append(above)
        above = above.parent
    return _classed(around) or link


def _classed(around: list[Node]) -> Node | None:
    divs = (node for node in around if any(mark in (attr(node, "class") or "") for mark in _CARD_CLASSES))
    return next(divs, None)


def list_item_of(link: Node) -> Node:
    """The list item or cell that a link stands in, which is the card of every carousel; the link itself where none is near."""
    above = link.parent
    for _ in range(_REACH):
        if above is None or above.tag == "body":
            break
        if above.tag in _CARD_TAGS:
            return above
        above = above.parent
    return link


def read_card(key: str, card: Node, document: Document, position: int, *, sponsored: bool = False) -> Neighbour:
    """What a card prints of a product: the other text of its picture is the title, else the longest link's; its first amount the price."""
    site = document.marketplace
    picture, stars, price = _parts(card)
    if price is None and card.tag in _CELLS:
        stars, price = _in_column(card)
    address = attr(picture, "data-src") or attr(picture, "src")
    title = values.clean(attr(picture, "alt") or "")
    if not title or len(title) > _CUT_TITLE:
        title = max(title, _linked_title(key, card), key=len)
    return Neighbour(
        asin=key,
        title=title[:_LONGEST_TITLE] or None,
        price=offer_box.shown(price, site),
        image=values.image(address) if address and "/images/I/" in address else None,
        url=f"https://{site.host}/dp/{key}",
        rating=values.rating(text(stars)) if stars is not None else None,
        rating_count=_count(stars) if stars is not None else None,
        sponsored=sponsored,
        position=position,
    )


def _linked_title(key: str, card: Node) -> str:
    links = (link for link in select(card, "a[href]") if asin_from_url(attr(link, "href") or "") == key)
    return max(map(text, links), key=len, default="")


def _parts(card: Node) -> tuple[Node | None, Node | None, Node | None]:
    """The first picture, stars and price."""
    picture = stars = price = None
    for part in select(card, _PARTS):
        classes = (part.attrs.get("class") or "").split()
        picture = part if picture is None and part.tag == "img" else picture
        stars = part if stars is None and _STARS in classes and _is_star(part.parent) else stars
        price = part if price is None and not _PRICES.isdisjoint(classes) else price
    return picture, stars, price


def _is_star(icon: Node | None) -> bool:
    """Whether an icon shows stars; others with words are "Prime" and "#1 Best Seller"."""
    return "star" in (attr(icon, "class") or "")


def _in_column(cell: Node) -> tuple[Node | None, Node | None]:
    """Stars and price of a product of a table of comparison, which stand in its column, each in a row of its own."""
    row = cell.parent
    heads = _cells(row)
    place = next((place for place, one in enumerate(heads) if one.mem_id == cell.mem_id), 0)
    below = [_cells(one) for one in select(row.parent if row is not None else None, "tr")]
    found = [_parts(cells[place])[1:] for cells in below if len(cells) == len(heads)]
    stars, prices = ([part for part in parts if part is not None] for parts in zip(*found, strict=True))
    return next(iter(stars), None), next(iter(prices), None)


def _cells(row: Node | None) -> list[Node]:
    return [one for one in row.iter() if one.tag in _CELLS] if row is not None else []


def _count(stars: Node) -> int | None:
    """The number behind the stars, in their link or beside it."""
    said = text(stars)
    around = stars.parent
    for _ in range(_NEAR):
        around = around.parent if around is not None else None
        behind = text(around).partition(said)[2].strip()
        if behind:
            return values.integer(behind) if _ONLY_NUMBER.fullmatch(values.plain_digits(behind)) else None
    return None
