"""Builds made-up product pages in Amazon's structure and reads them."""

import json

from azscraper.kinds.details.read import parse_product
from azscraper.parse.document import Document
from azscraper.records import Product

REVIEW = """<div id="cm-cr-dp-review-list"><div id="customer_review-R1" data-hook="review"><span class="a-profile-name">Ann</span>
<a data-hook="review-title"><i data-hook="review-star-rating"><span class="a-icon-alt">4.0 out of 5 stars</span></i><span>Good</span></a>
<span data-hook="review-date">Reviewed in the United States on June 26, 2023</span><span data-hook="avp-badge">Verified</span>
<span data-hook="review-body"><div data-hook="review-collapsed"><span>Boils.</span></div><a>Read more</a></span>
<span data-hook="helpful-vote-statement">12 people found this helpful</span></div></div>"""


def product(content: str, host: str = "www.amazon.com", lang: str = "en-us", head: str = "") -> Product:
    """The record of a page with this content beside an ASIN and a title."""
    html = (
        f'<!doctype html><html lang="{lang}"><head>{head}</head><body><div id="dp"><span id="productTitle">Kettle</span>'
        f'<form><input type="hidden" id="ASIN" value="B000000001"></form>{content}</div></body></html>'
    )
    return parse_product(Document(html.encode(), f"https://{host}/dp/B000000001"))


def price_tag(printed: str, classes: str = "a-price", attributes: str = "") -> str:
    """An ``a-price`` element with an offscreen text."""
    return f'<span class="{classes}" {attributes}><span class="a-offscreen">{printed}</span><span aria-hidden="true">{printed}</span></span>'


def said(record: object) -> dict[str, object]:
    """A part as JSON, without what is not there."""
    return json.loads(record.model_dump_json(by_alias=True, exclude_none=True, exclude_defaults=True))  # type: ignore[attr-defined]
