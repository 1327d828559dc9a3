"""One tile of a list: what the product is, how it is rated, what it costs.

Layouts: ``gridItemRoot`` and carousels (2021 on), ``li.zg-item-immersion`` (2017 to 2021), ``.zg_itemImmersion`` (before).
"""

from typing import NamedTuple

from azscraper.kinds.bestsellers.tiles import Tile
from azscraper.parse.dates import iso_date
from azscraper.parse.document import Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, clean, image, integer, moneys, rating
from azscraper.records.parts import Contributor, Money, PriceRange

_TITLES = '[class*="p13n-sc-truncate"],[class*="line-clamp"],.zg_title a'
_CUT = ("…", "...")
_ICON = ".a-icon-alt"
_STARS = ".a-icon-row,.zg_reviews"
_COUNT = ".a-size-small,.crAvgStars>a"
_PRICES = ".a-color-price,.zg_price .price,.zg_itemPriceBlock_normal .price"
_OFFERS = ".a-color-secondary,.zg_usedPrice"
_AMOUNT = '[class*="p13n-sc-price"],.price'
_BYLINE = ".a-row.a-size-small>a.a-link-child,.a-row.a-size-small>span.a-color-base,.zg_byline"
_FORMAT = ".a-row.a-size-small>span.a-color-secondary,.zg_bindingPlatform"
_RELEASE = ".zg-release-date,.zg_releaseDate"
_MOVEMENT = ".zg-sales-movement,.zg_salesMovement"
_CHANGE = ".zg-percent-change,.zg_percentChange"
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
    node = first(tile.node, _TITLES)
    shown = attr(node, "title") or text(node)
    return None if shown.endswith(_CUT) else clean(shown)


@title.source("text of the picture")
def _alternative(tile: Tile) -> str | None:
    """Where it says more than the line."""
    shown = clean(attr(first(tile.node, "img[alt]"), "alt") or "")
    return shown if len(shown) >= len(text(first(tile.node, _TITLES)).rstrip(".…")) else None


@title.source("line of the title, cut")
def _cut_line(tile: Tile) -> str | None:
    return text(first(tile.node, _TITLES))


image_of = Field[Tile, str, str | None]("The product's picture, in its largest form.")


@image_of.source("picture of the tile")
def _picture(tile: Tile) -> str | None:
    source = attr(first(tile.node, "img.p13n-product-image,img"), "src") or ""
    return image(source) if source.startswith(("https://", "http://", "//")) else None


byline = Field[Tile, tuple[Contributor, ...], tuple[Contributor, ...]](
    "Authors, artists or the publisher: the small line under the title.", empty=()
)


@byline.source("small line under the title")
def _by(tile: Tile) -> tuple[Contributor, ...]:
    node = first(tile.node, _BYLINE)
    name = text(node)
    return (
        (Contributor(name=name, url=absolute(href, tile.site.host) if (href := attr(node, "href")) else None),)
        if name
        else ()
    )


format_of = Field[Tile, str, str | None]("The format of a book, a film, an album or a game.")


@format_of.source("small line before the price")
def _format(tile: Tile) -> str | None:
    lines = (node for node in select(tile.node, _FORMAT) if first(node, _AMOUNT) is None)
    return next((line for node in lines if (line := text(node))), None)


stars = Field[Tile, tuple[str | None, str | None], tuple[float | None, int | None]]("Rating and count of ratings.")


@stars.source("stars and what stands beside them")
def _stars(tile: Tile) -> tuple[str | None, str | None]:
    icon = first(tile.node, _ICON)
    return (text(icon) or None if icon is not None else None, text(first(first(tile.node, _STARS), _COUNT)) or None)


@stars.settle
def _read_stars(tile: Tile, found: tuple[str | None, str | None] | None) -> tuple[float | None, int | None]:
    shown, counted = found or (None, None)
    value, count = rating(shown) if shown else None, integer(counted) if counted else None
    if shown and value is None:
        tile.unread.append("rating")
    if counted and count is None:
        tile.unread.append("ratingCount")
    return value, count


prices = Field[Tile, tuple[Node, str], Prices]("The tile's own price; two amounts with a dash between are a range.")


@prices.source("price of the tile")
def _price(tile: Tile) -> tuple[Node, str] | None:
    found = ((node, text(node)) for node in select(tile.node, _PRICES))
    return next(((node, shown) for node, shown in found if shown), None)


@prices.settle
def _read_prices(tile: Tile, found: tuple[Node, str] | None) -> Prices:
    if found is None:
        return Prices()
    shown = found[1]
    amounts = moneys(shown, tile.site)
    if not amounts and any(map(str.isdigit, shown)):
        tile.unread.append("price")
    if len(amounts) > 1 and any(dash in shown for dash in _DASHES):
        return Prices(price_range=PriceRange(min=amounts[0], max=amounts[1]))
    return Prices(amounts[0] if amounts else None)


offers = Field[Tile, Offers, Offers]('Offers of others: "18 offers from $16.91".', empty=Offers())


@offers.source("line that names the least price")
def _offers(tile: Tile) -> Offers | None:
    for node in select(tile.node, _OFFERS):
        amount = first(node, _AMOUNT)
        least = next(iter(moneys(text(amount), tile.site)), None) if amount is not None else None
        if least is not None:
            return Offers(least, integer(text(node).replace(text(amount), " ", 1)))
    return None


release_date = Field[Tile, str, str | None]("When a product came or comes out.")


@release_date.source("line of the date")
def _release(tile: Tile) -> str | None:
    shown = text(first(tile.node, _RELEASE))
    found = iso_date(shown) if shown else None
    if shown and found is None:
        tile.unread.append("releaseDate")
    return found


movement = Field[Tile, Movement, Movement](
    "Sales rank now and a day before, and by how much it moved.", empty=Movement()
)


@movement.source("lines of the movement")
def _moved(tile: Tile) -> Movement | None:
    line, change = text(first(tile.node, _MOVEMENT)), text(first(tile.node, _CHANGE))
    if not line and not change:
        return None
    now = integer(line)
    behind = line.partition("(")[2] or line.partition("（")[2]
    return Movement(now, integer(behind) if behind else None, integer(change))


def is_prime(tile: Tile) -> bool | None:
    """Whether the tile has the badge."""
    return True if first(tile.node, "i.a-icon-prime") is not None else None
