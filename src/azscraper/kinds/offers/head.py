"""What a list of offers says about itself and its product."""

from typing import Any

from azscraper.parse.delivery import deliver_to
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import image as largest
from azscraper.parse.values import integer
from azscraper.parse.values import rating as stars_said
from azscraper.records.offers import OffersSummary

_OLD_HEAD = "olpProductDetails"
_OLD_LEAD = ".olpSubHeadingSection"
"""Before the title: "New offers for"."""
_LONGEST_COUNT = 5
"""Digits; no list has as many offers."""
OFFERS_A_PAGE = 10
"""The featured offer is not counted among them."""

title = Field[Document, str, str | None]("The name of the product in the list's head.")


@title.ids("aod-asin-title-text")
def _panel_title(_: Document, node: Node) -> str:
    return text(node)


@title.source("head of the page, before 2020")
def _old_title(document: Document) -> str:
    return " ".join(lines(first(document.by_id(_OLD_HEAD), "h1"), without=_OLD_LEAD))


image = Field[Document, str, str | None]("The picture of the product in the list's head, in its largest form.")


@image.source("picture of the head")
def _picture(document: Document) -> str | None:
    node = document.by_id("aod-asin-image-id") or first(document.by_id("olpProductImage"), "img")
    found = attr(node, "src") or attr(node, "data-src")
    return largest(found) if found and "/images/I/" in found else None


rating = Field[Document, float, float | None]("Stars of the product, by their words; their picture is drawn in halves.")


@rating.source("words of the stars")
def _said_stars(document: Document) -> float | None:
    node = document.by_id("aod-asin-reviews", _OLD_HEAD)
    said = attr(document.by_id("aod-asin-reviews-star"), "aria-label") or text(first(node, ".a-icon-alt"))
    return stars_said(said) if said else None


rating_count = Field[Document, int, int | None]("How many rated the product.")


@rating_count.ids("aod-asin-reviews-count-title", "aod-asin-reviews-count")
def _counted(_: Document, node: Node) -> int | None:
    return integer(text(node))


@rating_count.source("link of the head, before 2020")
def _old_count(document: Document) -> int | None:
    said = text(first(document.by_id(_OLD_HEAD), 'span.a-size-small a[href*="product-reviews"]'))
    return integer(said) if said else None


FIELDS: dict[str, Field[Document, Any, Any]] = {
    "title": title,
    "image": image,
    "rating": rating,
    "rating_count": rating_count,
}


def read_head(document: Document, asin: str | None) -> OffersSummary:
    """What the head says; without what its rows come to."""
    values = {name: field(document) for name, field in FIELDS.items()}
    return OffersSummary(asin=asin, source="offer_list", deliver_to=document.once(deliver_to.deliver_to), **values)


def others_of(document: Document) -> int | None:
    """How many offers the panel counts beside the featured one."""
    said = attr(document.by_id("aod-total-offer-count"), "value")
    return int(said) if said and said.isdecimal() and len(said) <= _LONGEST_COUNT else None


def last_page_of(document: Document) -> int | None:
    """Of the panel by its count, ten offers a page; before 2020 the last number of the list of pages."""
    return document.once(_last_page)


def _last_page(document: Document) -> int | None:
    others = others_of(document)
    if others is not None:
        return max(1, -(-others // OFFERS_A_PAGE))
    if document.by_id("olpOfferList") is None:
        return None
    numbers = (integer(text(node)) for node in select(next(iter(document.whole("ul.a-pagination")), None), "li"))
    return max((number for number in numbers if number), default=1)
