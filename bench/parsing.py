"""Pages per second on one core: AzScraper with all fields beside parsel (lxml) reading the fields named below."""

import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from parsel import Selector
from selectolax.lexbor import LexborHTMLParser

from azscraper.parse.page import parse

Page = tuple[bytes, str]


def parsel_product(body: bytes) -> dict[str, object]:
    page = Selector(body=body, encoding="utf-8")
    return {
        "asin": page.css("#ASIN::attr(value), input[name=ASIN]::attr(value)").get(),
        "title": page.css("#productTitle::text").get(),
        "brand": page.css("#bylineInfo::text").get(),
        "price": page.css("#corePriceDisplay_desktop_feature_div .a-offscreen::text, #priceblock_ourprice::text").get(),
        "listPrice": page.css(".basisPrice .a-offscreen::text, .a-text-price .a-offscreen::text").get(),
        "availability": page.css("#availability span::text").get(),
        "rating": page.css("#acrPopover::attr(title)").get(),
        "ratingCount": page.css("#acrCustomerReviewText::text").get(),
        "images": page.css("#altImages img::attr(src)").getall(),
        "features": page.css("#feature-bullets li span::text").getall(),
        "categories": page.css("#wayfinding-breadcrumbs_feature_div a::text").getall(),
        "seller": page.css("#sellerProfileTriggerId::text, #merchant-info a::text").get(),
    }


def parsel_search(body: bytes) -> list[dict[str, object]]:
    tiles = Selector(body=body, encoding="utf-8").css("div[data-component-type=s-search-result]")
    return [
        {
            "asin": tile.attrib.get("data-asin"),
            "title": tile.css("h2 ::text").getall(),
            "url": tile.css("h2 a::attr(href), a.a-link-normal::attr(href)").get(),
            "image": tile.css("img.s-image::attr(src)").get(),
            "price": tile.css(".a-price:not(.a-text-price) .a-offscreen::text").get(),
            "listPrice": tile.css(".a-price.a-text-price .a-offscreen::text").get(),
            "rating": tile.css(".a-icon-alt::text").get(),
            "ratingCount": tile.css("a[href*=customerReviews] span::text").get(),
            "sponsored": bool(tile.css(".puis-sponsored-label-text, .s-sponsored-label-text")),
            "badges": tile.css(".a-badge-text::text").getall(),
        }
        for tile in tiles
    ]


def pages_per_second(read: Callable[[Page], object], pages: list[Page], *, rounds: int = 3) -> float:
    """The median of some rounds, after a warm-up, in CPU seconds of this process."""
    for page in pages[:5]:
        read(page)
    return statistics.median(_round(read, pages) for _ in range(rounds))


def _round(read: Callable[[Page], object], pages: list[Page]) -> float:
    start = time.process_time()
    for page in pages:
        read(page)
    return len(pages) / (time.process_time() - start)


def compare(pages: list[Page], peer: Callable[[bytes], object]) -> dict[str, float]:
    """Each reader over the same pages, in one run."""
    ours = pages_per_second(lambda page: parse(*page), pages)
    theirs = pages_per_second(lambda page: peer(page[0]), pages)
    bare = pages_per_second(lambda page: LexborHTMLParser(page[0]), pages)
    return {"AzScraper, all fields": ours, "parsel, twelve fields": theirs, "bare Lexbor parse": bare}


def real_pages(folder: Path, kind: str, limit: int) -> list[Page]:
    """The first raw pages of a kind from a folder of recorded pages."""
    lines: Iterable[dict[str, str]] = map(json.loads, (folder / "manifest.jsonl").read_text().splitlines())
    chosen = [line for line in lines if line["kind"] == kind and line["capture"] == "raw-http"][:limit]
    return [(gzip.decompress((folder / line["file"]).read_bytes()), _url(line)) for line in chosen]


def _url(line: dict[str, str]) -> str:
    path = f"dp/{line['asin']}" if line["kind"] == "details" else f"s?k={line['keyword']}"
    return f"https://{line['marketplace']}/{path}"
