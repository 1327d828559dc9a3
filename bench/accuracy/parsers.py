"""Parsers of others on saved pages, each used as its own documentation says. Runs in an environment of its own.

``python parsers.py`` reads lines of JSON from standard input: ``path`` of a page (gzip), ``url``, ``host``, ``asin``. For each page
and parser it writes one line: what the parser calls its values, under the names of our labels, or the error that it raised.
"""

import contextlib
import gzip
import io
import json
import sys
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def amzpy(body: str, page: Json) -> Json:
    """``parse_product_page(html, url)`` and ``parse_search_page(html, base_url)``."""
    from amzpy.parser import parse_product_page, parse_search_page

    if page["kind"] == "search":
        rows = parse_search_page(body, f"https://{page['host']}") or []
        return {"rows": {row["asin"]: _row(row) for row in rows}}
    found = parse_product_page(body, page["url"]) or {}
    return {
        "title": found.get("title"),
        "price": found.get("price"),
        "brand": found.get("brand"),
        "rating": found.get("rating"),
        "ratingCount": found.get("reviews_count"),
        "firstImage": found.get("img_url"),
    }


def _row(row: Json) -> Json:
    return {
        "title": row.get("title"),
        "price": row.get("price"),
        "brand": row.get("brand"),
        "rating": row.get("rating"),
        "ratingCount": row.get("reviews_count"),
        "image": row.get("img_url"),
    }


def amz_parser(body: str, page: Json) -> Json:
    """``ListingParser(html, site, asin)``, a method a field."""
    from amz_parser.listing_parser import ListingParser

    listing = ListingParser(body, page["host"], page["asin"])
    return {
        "title": _said(listing.get_title),
        "price": _said(listing.get_price),
        "brand": _said(listing.get_brand),
        "rating": _said(listing.get_rating),
        "ratingCount": _said(listing.get_rating_cnt),
        "firstImage": _said(listing.get_main_img_url),
        "sellerName": _said(listing.get_sold_by),
    }


def amazonparser(body: str, page: Json) -> Json:
    """``AmazonAEProductPageParser(html, base_url).get_product_details()``; made for amazon.ae. A method a field, so that one that fails costs no other."""
    from AmazonParser.product import AmazonAEProductPageParser

    product = AmazonAEProductPageParser(html=body, base_url=f"https://{page['host']}/")
    reviews = _said(product.get_reviews) or {}
    return {
        "title": _said(product.get_title),
        "price": (_said(product.get_price) or {}).get("value"),
        "brand": _said(product.get_brand_name),
        "rating": reviews.get("rate"),
        "ratingCount": reviews.get("count"),
        "firstImage": _said(product.get_image),
        "sellerName": (_said(product.get_seller_detail) or {}).get("seller_name"),
    }


def amazon_page_parser(body: str, _: Json) -> Json:
    """``DetailParser(html).parse()``."""
    from amazon_page_parser.parsers import DetailParser

    found = DetailParser(body)
    images = _said(found.parse_images) or []
    return {
        "title": _said(found.parse_title),
        "rating": _said(found.parse_star),
        "ratingCount": _said(found.parse_reviews),
        "firstImage": images[0] if images and isinstance(images[0], str) else None,
    }


def extruct(body: str, page: Json) -> Json:
    """``extract(html, base_url)``: the metadata that the page declares, of a product or as Open Graph."""
    import extruct as library

    found = library.extract(body, base_url=page["url"], uniform=True, errors="ignore")
    kinds = [item for syntax in ("json-ld", "microdata", "rdfa") for item in found.get(syntax, [])]
    product = next((item for item in kinds if item.get("@type") == "Product"), {})
    graph = next(iter(found.get("opengraph", [])), {})
    offers = product.get("offers") or {}
    rating = product.get("aggregateRating") or {}
    return {
        "title": product.get("name") or graph.get("og:title"),
        "price": offers.get("price") if isinstance(offers, dict) else None,
        "brand": (product.get("brand") or {}).get("name")
        if isinstance(product.get("brand"), dict)
        else product.get("brand"),
        "rating": rating.get("ratingValue") if isinstance(rating, dict) else None,
        "ratingCount": rating.get("reviewCount") if isinstance(rating, dict) else None,
        "firstImage": product.get("image") or graph.get("og:image"),
    }


def _said(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Exception:
        return None


PARSERS: dict[str, tuple[Callable[[str, Json], Json], bool]] = {
    "amzpy": (amzpy, True),
    "amz-parser": (amz_parser, False),
    "AmazonParser": (amazonparser, False),
    "amazon-page-parser": (amazon_page_parser, False),
    "extruct": (extruct, False),
}
"""Each with whether it reads result pages, too."""


def main() -> None:
    for line in sys.stdin:
        page = json.loads(line)
        with gzip.open(page["path"]) as file:
            body = file.read().decode("utf-8", "replace")
        for name, (parse, reads_lists) in PARSERS.items():
            if page["kind"] == "search" and not reads_lists:
                continue
            values: Json = {}
            error = None
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    values = parse(body, page)
            except Exception as exc:
                error = type(exc).__name__
            print(json.dumps({"parser": name, "file": page["file"], "values": values, "error": error}, default=str))


if __name__ == "__main__":
    main()
