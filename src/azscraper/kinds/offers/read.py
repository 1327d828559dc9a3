"""A list of offers, read: its rows and what it says about itself and its product. Pure; never raises on any page."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from azscraper.kinds.offers import offer as terms
from azscraper.kinds.offers import seller
from azscraper.kinds.offers.head import last_page_of, others_of, read_head
from azscraper.kinds.offers.listed import Listed, listed_in
from azscraper.kinds.offers.sums import summed
from azscraper.marketplaces import asin_from_url, product_url
from azscraper.parse.document import Document
from azscraper.parse.sources import Field
from azscraper.records.offers import OfferRow, OffersSummary
from azscraper.records.parts import Money
from azscraper.records.unchecked import unchecked

_made = unchecked(OfferRow)
FIELDS: dict[str, Field[Listed, Any, Any]] = {
    name: field
    for module in (terms, seller)
    for name, field in vars(module).items()
    if isinstance(field, Field) and name in OfferRow.model_fields
}
"""The fields of a row that have a block in a module, by name."""


def parse_offers(document: Document, url: str) -> tuple[tuple[OfferRow, ...], OffersSummary]:
    """The rows in page order, the featured offer first and each offer once, and what the page says about itself."""
    page, own = page_of(url), asin_from_url(url)
    rows = [_row(one, document, own, page, place) for place, one in enumerate(listed_in(document), 1)]
    offers = merged([row for row in rows if row is not None])
    summary = read_head(document, own or next((row.asin for row in offers), None))
    return offers, summed(
        summary, offers, total=_total(document, offers), has_more=page < (last_page_of(document) or 1)
    )


def _total(document: Document, offers: tuple[OfferRow, ...]) -> int | None:
    """How many offers the list claims: those that it counts, and the featured one."""
    others = others_of(document)
    return None if others is None else others + any(row.is_featured for row in offers)


def page_of(url: str) -> int:
    """The page of the list that an address asks for."""
    query = parse_qs(urlsplit(url).query) if url else {}
    said = (query.get("pageno") or query.get("page") or ["1"])[0]
    start = (query.get("startIndex") or [""])[0]
    if start.isdecimal() and len(start) < 6:  # noqa: PLR2004 - no list is as long
        return int(start) // 10 + 1
    return int(said) if said.isdecimal() and 0 < len(said) < 4 else 1  # noqa: PLR2004


def merged(offers: list[OfferRow]) -> tuple[OfferRow, ...]:
    """Each offer once, numbered: the featured one is listed again now and then, by its key, or by seller, condition and price."""
    kept: dict[object, OfferRow] = {}
    featured = next((one for one in offers if one.is_featured), None)
    for one in offers:
        if featured is not None and one is not featured and _is_same(featured, one):
            continue
        kept.setdefault(one.offer_id or id(one), one)
    return tuple(_at(place, one) for place, one in enumerate(kept.values(), 1))


def _at(place: int, one: OfferRow) -> OfferRow:
    return one if one.position == place else one.model_copy(update={"position": place})


def _is_same(featured: OfferRow, one: OfferRow) -> bool:
    if featured.offer_id and one.offer_id:
        return featured.offer_id == one.offer_id
    if featured.seller is None or one.seller is None or featured.price != one.price:
        return False
    state = featured.condition.state if featured.condition else None
    return featured.seller.name == one.seller.name and (one.condition is None or one.condition.state == state)


def row_of(one: Listed, document: Document, url: str) -> OfferRow | None:
    """The row of an offer, as if it stood alone; None for what is no offer."""
    return _row(one, document, asin_from_url(url), page_of(url), 1)


def _row(one: Listed, document: Document, own: str | None, page: int, position: int) -> OfferRow | None:
    values = {name: one.once(field) for name, field in FIELDS.items()}
    values["asin"] = values["asin"] or own
    if values["asin"] is None or not (values["price"] or values["seller"]):
        return None
    return _made(
        page=page,
        position=position,
        is_featured=one.is_featured,
        landed_price=landed(values["price"], values["shipping"]),
        url=product_url(document.marketplace, values["asin"]),
        marketplace=document.marketplace.host,
        language=document.language,
        warnings=tuple(dict.fromkeys(one.unread)),
        **values,
    )


def landed(price: Money | None, shipping: Money | None) -> Money | None:
    """Price and shipping together, where both are known in one currency."""
    if price is None or shipping is None or price.currency != shipping.currency:
        return None
    return Money(amount=price.amount + shipping.amount, currency=price.currency)
