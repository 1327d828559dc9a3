"""Which pages are product pages, and what they say."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from azscraper.kinds.details.identity import TITLE_IDS
from azscraper.kinds.details.read import parse_product
from azscraper.kinds.details.walk import all_products, is_code, prints
from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.walks import parted, product_of
from azscraper.kinds.whole import is_whole
from azscraper.parse.document import text
from azscraper.parse.page import Page
from azscraper.records import PageKind, Product
from azscraper.records.details import DetailsOptions
from azscraper.records.pages import Read

_TITLES = (*TITLE_IDS, "aiv-content-title", "udp")  # a film's, and those of phones in 2013
_BLOCKS = (
    "dp",
    "dp-container",
    "ppd",
    "centerCol",
    "handleBuy",
    "buybox",
    "desktop_buybox",
    "ASIN",
    "aiv-main-content",
    "priceBlock",
    "kicsBuyBox",
    "prodImageCell",
    "prices",
    "productDetails",
    "dmusic_buybox_container",
)
_OTHER_BLOCKS = ("olpOfferList", "olpOfferListColumn", "cm_cr-review_list", "zg-right-col", "zg_centerListWrapper")
_AFTER = ("reviewsMedley", "customerReviews", "customer-reviews_feature_div", "cm-cr-dp-review-list", "revSum")


def recognises(page: Page) -> bool:
    """Whether it shows a product, whole or not."""
    document = page.document
    if document.by_id(*_OTHER_BLOCKS) is not None:
        return False
    titled = any(text(document.by_id(name)) for name in _TITLES)
    if titled:
        return document.by_id(*_BLOCKS) is not None
    return document.by_id("ASIN") is not None and document.by_id("dp", "dp-container") is not None


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its record. Never raises."""
    if not is_whole(page.document, _AFTER):
        return Read(wrong=PageKind.TRUNCATED)
    record = parse_product(page.document)
    return Read((record,), warnings=record.warnings)


def rows(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> Found:
    """The record, with what the target asked for; those of its siblings behind it where these were asked for too."""
    code = asked.target.key if is_code(asked) else None
    records = tuple(
        product.model_copy(
            update={
                "fetched_at": one.fetched_at,
                "requested_asin": product_of(one.step) or asked.target.key,
                "requested_gtin": code,
                "gtin_verified": None if code is None else prints(product, code),
            }
        )
        for one, product in all_products(asked, done)
    )
    return Found(records, done[-1].fetched_at)


def with_products(rows: Callable[..., Found], asked: Asked[Any], done: tuple[Done, ...]) -> Found:
    """What the pages of a list come to, with the records of the products whose pages came behind them."""
    pages, products = parted(done)
    found = rows(asked, pages)
    records = (
        record.model_copy(update={"fetched_at": one.fetched_at, "requested_asin": product_of(one.step)})
        for one in products
        if one.read
        for record in one.read.records
        if isinstance(record, Product)
    )
    return replace(found, records=(*found.records, *records), fetched_at=done[-1].fetched_at)
