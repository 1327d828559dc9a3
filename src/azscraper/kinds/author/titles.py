"""A title of an author, as the grid's widget holds it."""

from functools import lru_cache
from typing import Any

from azscraper.kinds.store.cards import (
    Offer,
    asin_of,
    image_of,
    offer_of,
    range_of,
    stars_of,
    title_of,
    url_of,
)
from azscraper.parse.dates import iso_date
from azscraper.parse.dig import dig, items, said, whole
from azscraper.parse.document import Document
from azscraper.parse.values import absolute
from azscraper.records.author import AuthorTitle, Edition, TitleSeries
from azscraper.records.parts import AvailabilityStatus, BestsellerRank, Contributor
from azscraper.records.unchecked import unchecked

_MOST = 1000
_made = unchecked(AuthorTitle)


def titles(document: Document, content: dict[str, Any], author: str | None) -> list[AuthorTitle]:
    """All titles that the widget holds of that author, in its order."""
    products = {asin: one for one in items(content, "products")[:_MOST] if (asin := asin_of(one))}
    offers = {asin: offer_of(one, document) for asin, one in products.items()}
    known: dict[frozenset[str], tuple[Edition, ...]] = {}
    found = []
    for place, (asin, product) in enumerate(products.items(), 1):
        named = _named_editions(product)
        key = frozenset(named)
        if key not in known:
            known[key] = _editions(named, offers)
        place_in_list = {"author_id": author, "position": place, "editions": known[key]}
        found.append(_title(document, asin, product, offers[asin], place_in_list))
    return found


def _title(document: Document, asin: str, product: object, offer: Offer, own: dict[str, Any]) -> AuthorTitle:
    site, (stars, count) = document.marketplace, stars_of(product)
    rank = _rank(product, site.host)
    state = offer.availability
    is_preorder = state is not None and state.status is AvailabilityStatus.PREORDER
    offers = dig(product, "marketplaceOfferSummary", "anyOfferSummary")
    return _made(
        url=url_of(site, asin),
        marketplace=site.host,
        language=document.language,
        asin=asin,
        title=title_of(product),
        image=image_of(product),
        format=said(product, "bindingInformation", "binding", "displayString"),
        format_id=said(product, "bindingInformation", "binding", "symbol"),
        price=offer.price,
        price_label=offer.label,
        list_price=offer.listed,
        list_price_kind=offer.listed_kind,
        savings=offer.savings,
        rating=stars,
        rating_count=count,
        release_date=iso_date(state.text) if is_preorder and state and state.text else None,
        is_preorder=is_preorder,
        is_best_seller=rank is not None and rank.rank == 1,
        bestseller_rank=rank,
        accolade=said(product, "accoladesBadge", "category"),
        series=_series(product),
        contributors=tuple(_contributors(product, site.host)),
        offer_count=whole(offers, "offerCount"),
        price_range=range_of(dig(offers, "minPrice"), dig(offers, "maxPrice")),
        availability=state,
        seller=offer.seller,
        product_type=said(product, "productCategory", "productType"),
        **own,
    )


def _rank(product: object, host: str) -> BestsellerRank | None:
    for badge in items(product, "bestSellers", "badges"):
        rank, category = whole(badge, "rank"), said(badge, "viewOnAmazon", "data", "displayString")
        if rank and category:
            link = said(badge, "viewOnAmazon", "url")
            return BestsellerRank(rank=rank, category=category, url=absolute(link, host) if link else None)
    return None


def _series(product: object) -> TitleSeries | None:
    told = dig(product, "bookSeriesInfo")
    name = said(told, "seriesTitle")
    return TitleSeries(name=name, position=whole(told, "position"), total=whole(told, "total")) if name else None


def _contributors(product: object, host: str) -> list[Contributor]:
    found = []
    for told in items(product, "byLine", "contributors"):
        name, link = said(told, "name"), said(told, "links", 0, "url")
        if name:
            url = _absolute(link, host) if link else None
            found.append(_contributor(name, said(told, "roles", 0, "displayString"), url))
    return found


@lru_cache(maxsize=256)  # a page names a few people in every title
def _contributor(name: str, role: str | None, url: str | None) -> Contributor:
    return Contributor(name=name, role=role, url=url)


@lru_cache(maxsize=256)
def _absolute(link: str, host: str) -> str | None:
    return absolute(link.replace("&amp;", "&"), host)


def _named_editions(product: object) -> dict[str, str]:
    """The formats of the work by their ASINs."""
    found: dict[str, str] = {}
    for told in items(product, "mediaMatrix", "items"):
        asin, format_ = asin_of(dig(told, "product")), said(told, "binding", "displayString")
        if asin and format_:
            found.setdefault(asin, format_)
    return found


def _editions(named: dict[str, str], offers: dict[str, Offer]) -> tuple[Edition, ...]:
    prices = {asin: offers[asin].price for asin in named if asin in offers}
    return tuple(Edition(asin=asin, format=format_, price=prices.get(asin)) for asin, format_ in named.items())
