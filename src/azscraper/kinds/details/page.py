"""Which pages are product pages, and what they say."""

from typing import Any

from azscraper.kinds.details.identity import TITLE_IDS
from azscraper.kinds.details.read import parse_product
from azscraper.kinds.kind import Asked, Done, Found
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
    """The record, with what the target asked for."""
    fetched_at = done[-1].fetched_at
    update = {"fetched_at": fetched_at, "requested_asin": asked.target.key}
    records = (one for step in done if step.read for one in step.read.records if isinstance(one, Product))
    return Found(tuple(one.model_copy(update=update) for one in records), fetched_at)
