"""Builds made-up product pages in Amazon's structure and reads them."""

from azscraper.parse.document import Document
from azscraper.parse.product import parse_product
from azscraper.records import Product


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
