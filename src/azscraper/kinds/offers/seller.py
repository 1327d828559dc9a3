"""Who sells an offer, who sends it, and how buyers rate the seller."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from azscraper.kinds.details.seller import is_amazon
from azscraper.kinds.offers.listed import Listed
from azscraper.marketplaces import offer_labels
from azscraper.parse.document import Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, integer, percent, rating
from azscraper.records.parts import Seller

_RATED = '[id="aod-offer-seller-rating"]'
_OLD_SELLER = "olpSellerName"
_BESIDE = ".a-col-right"
_COUNTRY = ".aod-ships-from-country"
_MERCHANT_INPUT = "ftSelectMerchant"
_MERCHANT_NAMES = ("merchantID", "[merchantId]")
_OWN_SHOPS = frozenset(
    {
        "ATVPDKIKX0DER", "A3P5ROKL5A1OLE", "A3JWKAKR8XB7XF", "A1X6FK5RDHNB96", "A11IL2PNWYJU7H", "A1AT7YVPFBWXBL",
        "A3DWYIK6Y9EEQB", "AN1VRQENFRJN5",
    }
)  # fmt: skip
"""Amazon as a seller on .com, .co.uk, .de, .fr, .it, .es, .ca, .co.jp: the sites that had such lists."""
_IN_BRACKETS = re.compile(r"[(（]([^()（）]{1,40})[)）]")
_STARS = re.compile(r"a-star-(?:mini-|small-|medium-)?(\d)(?:-(\d))?(?![\d-])")
_SELLER_IN_QUERY = re.compile(r"[?&]seller=([A-Z0-9]{10,16})(?=[&#]|$)")
_SELLER_ID = re.compile(r"[A-Z0-9]{10,16}")
_SHIPS = tuple(f"{label} " for label in sorted(offer_labels("ships_from"), key=len, reverse=True))
_FULFILLED = "isAmazonFulfilled=1"
_LONGEST_NAME = 120

seller = Field[Listed, str, Seller | None](
    'The name beside "Sold by"; of Amazon itself there is no link, before 2020 a picture.'
)


@seller.source("link to the seller")
def _linked(offer: Listed) -> str:
    return text(offer.once(_link))


@seller.source("name beside the label")
def _named(offer: Listed) -> str:
    if offer.is_old:
        name = attr(first(offer.once(_block), "img"), "alt") or text(offer.once(_block))
        return name or _own_shop(offer)
    cell = first(offer.part("aod-offer-soldBy"), _BESIDE)
    return next(iter(lines(cell, without=_RATED)), "")


def _own_shop(offer: Listed) -> str:
    """Amazon, where its picture has no words, as until 2015."""
    is_own = first(offer.once(_block), "img") is not None and _merchant(offer) in _OWN_SHOPS
    return f"Amazon{offer.document.marketplace.host.removeprefix('www.amazon')}" if is_own else ""


@seller.settle
def _seller(offer: Listed, name: str | None) -> Seller | None:
    if not name or len(name) > _LONGEST_NAME:
        return None
    href = attr(offer.once(_link), "href")
    url = absolute(href, offer.document.marketplace.host) if href else None
    return Seller(name=name, id=_id_in(href) or _merchant(offer), url=url, is_amazon=is_amazon(name))


ships_from = Field[Listed, str, str | None]('The name beside "Ships from"; before 2020 only Amazon is named.')


@ships_from.source("name beside the label")
def _shipper(offer: Listed) -> str:
    cell = first(offer.part("aod-offer-shipsFrom"), _BESIDE)
    return next(iter(lines(cell, without=_COUNTRY)), "")


@ships_from.source("badge of fulfilment, before 2020")
def _badge(offer: Listed) -> str | None:
    if not offer.is_old:
        return None
    badge = offer.old_part("olpFbaPopoverTrigger")
    return "Amazon" if badge is not None or _FULFILLED in (attr(offer.once(_link), "href") or "") else None


ships_from_country = Field[Listed, str, str | None]('The place of "Ships from OH, United States."')


@ships_from_country.source("line of delivery, before 2020, or below the one who ships")
def _place(offer: Listed) -> str | None:
    beside = first(offer.part("aod-offer-shipsFrom"), _COUNTRY)
    for line in lines(offer.old_part("olpDeliveryColumn") if offer.is_old else beside):
        folded = line.lower()
        if folded.startswith(_SHIPS):
            label = next(filter(folded.startswith, _SHIPS))
            place = line[len(label) :].partition(".")[0]
            return place.rpartition(",")[2].strip() or None
    return None


fulfilled_by_amazon = Field[Listed, str, bool | None]("Whether Amazon sends it; none where the list names nobody.")


@fulfilled_by_amazon.source("the one who sends it")
def _sent(offer: Listed) -> str | None:
    return offer.once(ships_from)


@fulfilled_by_amazon.source("the seller")
def _sold(offer: Listed) -> str | None:
    """Before 2020 a seller whose offer has no badge sends it; later lists name who sends."""
    found = offer.once(seller)
    return found.name if found and (found.is_amazon or offer.is_old) else None


@fulfilled_by_amazon.settle
def _by_amazon(_: Listed, name: str | None) -> bool | None:
    return is_amazon(name) if name else None


seller_rating = Field[Listed, float, float | None]("Stars of the seller, by the class of their picture.")


@seller_rating.source("stars")
def _stars(offer: Listed) -> float | None:
    icon = first(offer.once(_rated), 'i[class*="a-star-"]')
    found = _STARS.search(attr(icon, "class") or "") if icon is not None else None
    if found is None:
        return None
    return float(f"{found[1]}.{found[2] or 0}")


@seller_rating.source("words of the stars")
def _said_stars(offer: Listed) -> float | None:
    said = text(first(offer.once(_rated), ".a-icon-alt"))
    return rating(said) if said else None


seller_rating_count = Field[Listed, str, int | None]('The number in brackets: "(266 ratings)".')


@seller_rating_count.source("line of the rating")
def _counted(offer: Listed) -> str | None:
    found = (match[1] for match in _IN_BRACKETS.finditer(offer.once(_rating_line)))
    return next((said for said in found if any(map(str.isdigit, said)) and "%" not in said), None)


@seller_rating_count.settle
def _count(_: Listed, said: str | None) -> int | None:
    return integer(said) if said else None


seller_positive_percent = Field[Listed, int, int | None]('The share of "88% positive over last 12 months".')


@seller_positive_percent.source("line of the rating")
def _positive(offer: Listed) -> int | None:
    return percent(offer.once(_rating_line))


is_new_seller = Field[Listed, bool, bool]('Whether the place of the rating says "Just launched" instead.', empty=False)


@is_new_seller.source("mark, before 2020")
def _marked_new(offer: Listed) -> bool:
    return offer.old_part("olpJustLaunched") is not None


@is_new_seller.source("words without a number")
def _said_new(offer: Listed) -> bool:
    line = offer.once(_rating_line)
    return not offer.is_old and bool(line) and not any(map(str.isdigit, line)) and offer.once(_stars) is None


def _link(offer: Listed) -> Node | None:
    return first(offer.once(_block), "a[href]")


def _block(offer: Listed) -> Node | None:
    return offer.old_part(_OLD_SELLER) if offer.is_old else offer.part("aod-offer-soldBy")


def _rated(offer: Listed) -> Node | None:
    if not offer.is_old:
        return offer.part("aod-offer-seller-rating")
    printed = (part for column in offer.old_parts("olpSellerColumn") for part in select(column, "p"))
    return next((part for part in printed if first(part, "b, i") is not None), None)


def _rating_line(offer: Listed) -> str:
    return text(offer.once(_rated))


def _id_in(href: str | None) -> str | None:
    """Of the link's query; before 2020 Amazon's own shops have it in the path."""
    if not href:
        return None
    if (usual := _SELLER_IN_QUERY.search(href)) is not None:
        return usual[1]
    parts = urlsplit(href)
    named = parse_qs(parts.query).get("seller", [""])[0] or parts.path.partition("/shops/")[2].partition("/")[0]
    return named if _SELLER_ID.fullmatch(unquote(named)) else None


def _names_merchant(id_: str, name: str) -> bool:
    whole, ending = _MERCHANT_NAMES
    return id_ == _MERCHANT_INPUT or name == whole or name.endswith(ending)


def _merchant(offer: Listed) -> str | None:
    found = offer.input(_names_merchant)
    return found if found and _SELLER_ID.fullmatch(found) else None
