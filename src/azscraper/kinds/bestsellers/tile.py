"""One tile of a list: what the product is, how it is rated, what it costs.

Layouts: ``gridItemRoot`` and carousels (2021 on), ``li.zg-item-immersion`` (2017 to 2021), ``.zg_itemImmersion`` (before).
"""

import re
from typing import NamedTuple

from azscraper.kinds.bestsellers.tiles import Tile
from azscraper.marketplaces import alternatives
from azscraper.parse.dates import iso_date
from azscraper.parse.document import Node, attr, first, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, clean, image, integer, moneys, rating
from azscraper.records.parts import Contributor, Money, PriceRange

_CUT = ("…", "...")
_SCHEMES = ("https://", "http://", "//")
_OLD_BY = re.compile(rf"^{alternatives('by')}\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([\d.,\s]{1,12})\)")
_OLD_PRICE = "strong.price,b.price"
"""Behind the list price, until 2017."""
_DASHES = "-–—~～"


class Prices(NamedTuple):
    """The amount of a tile, or its range."""

    price: Money | None = None
    price_range: PriceRange | None = None


class Offers(NamedTuple):
    """What a tile says of the offers of a product, where it prints no price of its own."""

    least: Money | None = None
    number: int | None = None


class Movement(NamedTuple):
    """How a product moved in a day."""

    now: int | None = None
    before: int | None = None
    change: int | None = None


title = Field[Tile, str, str | None]("What the tile's line says, in full where it is cut.")


@title.source("line of the title")
def _line(tile: Tile) -> str | None:
    node = tile.parts.get("title")
    shown = attr(node, "title") or text(node)
    return None if shown.endswith(_CUT) else clean(shown)


@title.source("text of the picture")
def _alternative(tile: Tile) -> str | None:
    """Where it says more than the line."""
    shown = clean(attr(tile.parts.get("picture"), "alt") or "")
    return shown if len(shown) >= len(text(tile.parts.get("title")).rstrip(".…")) else None


@title.source("line of the title, cut")
def _cut_line(tile: Tile) -> str | None:
    return text(tile.parts.get("title")) or text(tile.parts.get("old_title"))


image_of = Field[Tile, str, str | None]("The product's picture, in its largest form.")


@image_of.source("picture of the tile")
def _picture(tile: Tile) -> str | None:
    source = attr(tile.parts.get("picture"), "src") or ""
    return image(source) if source.startswith(_SCHEMES) else None


byline = Field[Tile, tuple[Contributor, ...], tuple[Contributor, ...]](
    "Authors, artists or the publisher: the small line under the title.", empty=()
)


@byline.source("small line under the title")
def _by(tile: Tile) -> tuple[Contributor, ...]:
    node = tile.parts.get("byline")
    name = text(node)
    if "zg_byline" in (attr(node, "class") or ""):
        name = _OLD_BY.sub("", name)
    return (Contributor(name=name, url=_author(attr(node, "href"), tile)),) if name else ()


def _author(href: str | None, tile: Tile) -> str | None:
    if href is None:
        return None
    path = href.partition("/ref=")[0].partition("?")[0]
    return f"https://{tile.site.host}{path}" if path.startswith("/") else absolute(href, tile.site.host)


format_of = Field[Tile, str, str | None]("The format of a book, a film, an album or a game.")


@format_of.source("small line before the price")
def _format(tile: Tile) -> str | None:
    return text(tile.parts.get("format"))


stars = Field[Tile, tuple[str | None, str | None], tuple[float | None, int | None]]("Rating and count of ratings.")


@stars.source("stars and what stands beside them")
def _stars(tile: Tile) -> tuple[str | None, str | None]:
    counted = tile.parts.get("count") if "stars" in tile.parts else None
    return text(tile.parts.get("icon")) or None, text(counted) or _in_brackets(tile.parts.get("stars"))


def _in_brackets(line: Node | None) -> str | None:
    """Until 2017 the count stands in brackets behind the stars."""
    found = _BRACKETS.search(text(line)) if line is not None else None
    return found[1] if found else None


@stars.settle
def _read_stars(tile: Tile, found: tuple[str | None, str | None] | None) -> tuple[float | None, int | None]:
    shown, counted = found or (None, None)
    value, count = rating(shown) if shown else None, integer(counted) if counted else None
    if shown and value is None:
        tile.unread.append("rating")
    if counted and count is None:
        tile.unread.append("ratingCount")
    return value, count


prices = Field[Tile, str, Prices]("The tile's own price; two amounts with a dash between are a range.")


@prices.source("price of the tile")
def _price(tile: Tile) -> str:
    node = tile.parts.get("price")
    now = first(node, _OLD_PRICE) if "zg_price" in (attr(node, "class") or "") else None
    return text(now if now is not None else node)


@prices.settle
def _read_prices(tile: Tile, shown: str | None) -> Prices:
    if not shown:
        return Prices()
    amounts = moneys(shown, tile.site)
    if not amounts and any(map(str.isdigit, shown)):
        tile.unread.append("price")
    if len(amounts) > 1 and any(dash in shown for dash in _DASHES):
        return Prices(price_range=PriceRange(min=amounts[0], max=amounts[1]))
    return Prices(amounts[0] if amounts else None)


offers = Field[Tile, Offers, Offers]('Offers of others: "18 offers from $16.91".', empty=Offers())


@offers.source("line that names the least price")
def _offers(tile: Tile) -> Offers | None:
    old = tile.parts.get("old_offers")
    if tile.offers is None and old is None:
        return None
    line, amount = map(text, tile.offers or (old, first(old, ".price")))
    least = next(iter(moneys(amount, tile.site)), None)
    return Offers(least, integer(line.replace(amount, " ", 1))) if least is not None else None


release_date = Field[Tile, str, str | None]("When a product came or comes out.")


@release_date.source("line of the date")
def _release(tile: Tile) -> str | None:
    shown = text(tile.parts.get("release"))
    found = iso_date(shown) if shown else None
    if shown and found is None:
        tile.unread.append("releaseDate")
    return found


movement = Field[Tile, Movement, Movement](
    "Sales rank now and a day before, and by how much it moved.", empty=Movement()
)


@movement.source("lines of the movement")
def _moved(tile: Tile) -> Movement | None:
    line, change = text(tile.parts.get("movement")), text(tile.parts.get("change"))
    if not line and not change:
        return None
    now = integer(line)
    behind = line.partition("(")[2] or line.partition("（")[2]
    return Movement(now, integer(behind) if behind else None, integer(change))


def is_prime(tile: Tile) -> bool | None:
    """Whether the tile has the badge."""
    return True if "prime" in tile.parts else None
