"""From made-up products to HTML in Amazon's page structure: its ids, classes and data attributes, our own templates."""

import gzip
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from azscraper.demo.goods import locales
from azscraper.demo.goods.catalogue import by_asin, products, stand_in
from azscraper.demo.goods.drafts import draw
from azscraper.demo.goods.locales import Locale
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.results import ResultPage, search

_PAGES_KEPT = 1024
"""Of each kind, some 30 kB a page with its gzip: all products of the three locales, and as many search pages."""
_GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page, plain and compressed."""

    body: bytes
    gzipped: bytes


@lru_cache(_PAGES_KEPT)
def product_page(locale: Locale, asin: str, *, standing_in: bool = False) -> Page | None:
    """The product page of an ASIN; None if there is no such product and none is to stand in for it."""
    product = stand_in(locale, asin) if standing_in else by_asin(locale).get(asin)
    return None if product is None else _page(product_html(product))


@lru_cache(_PAGES_KEPT)
def search_page(locale: Locale, keyword: str, page: int, *, query: str | None = None) -> Page:
    """One page of results, or the "no results" page."""
    return _page(search_html(search(locale, keyword, page, query=query)))


@lru_cache(_PAGES_KEPT)
def other_page(locale: Locale, name: str) -> Page:
    """A page that was not asked for: the name of a template without ``.html``, such as ``robot_check``."""
    return _page(_render(f"{name}.html", locale))


def product_html(product: DemoProduct) -> str:
    """The product page as text."""
    return _render(
        "product.html",
        product.locale,
        product=product,
        offer=product.offer,
        gallery=_gallery(product),
        twister=_twister(product),
        neighbours=_neighbours(product),
        spoken_price=draw(product.asin, "spoken", 2) == 1,
        tabular=draw(product.asin, "tabular", 2) == 1,
    )


def search_html(page: ResultPage) -> str:
    """The search page as text."""
    return _render("search.html", page.locale, result=page, pages=_page_links(page), range_text=_range_text(page))


def _page(html: str) -> Page:
    body = html.encode()
    return Page(body, gzip.compress(body, _GZIP_LEVEL, mtime=0))


def _render(template: str, locale: Locale, **context: Any) -> str:
    return _environment().get_template(template).render(locale=locale, t=locale.phrases, **context)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "price_parts": locales.price_parts,
        "money": locales.money_text,
        "number": locales.count_text,
        "stars": locales.rating_text,
        "rating_number": locales.rating_number,
        "bought": locales.bought_text,
        "product_path": _product_path,
        "tile_link": _tile_link,
    }
    return environment


def _product_path(product: DemoProduct) -> str:
    """Amazon's canonical path, with words of the title in front: ``/Oakumi-Kettle-O001/dp/B0DEMO0001``."""
    words = re.findall(r"[A-Za-z0-9]+", product.title)[:5]
    return f"/{'-'.join(words) or '-'}/dp/{product.asin}"


def _tile_link(product: DemoProduct, page: ResultPage, position: int, *, sponsored: bool) -> str:
    """Where a tile leads; for an ad through the click counter, with the real path inside."""
    query = urlencode({"keywords": page.keyword, "sr": f"8-{position}"})
    path = f"{_product_path(product)}/ref=sr_1_{position}{'_sspa' if sponsored else ''}?{query}"
    return f"/sspa/click?ie=UTF8&sp_csd=demo&url={quote(path, safe='')}" if sponsored else path


def _gallery(product: DemoProduct) -> list[dict[str, Any]]:
    """The image block's data; every third product has no high-resolution picture, as happens."""
    pictures = []
    for name, url in zip(product.image_names, product.images, strict=True):
        stem = url.removesuffix(".jpg")
        has_large = int(name[6:10]) % 3 != 0
        sizes = {f"{stem}._AC_SX{width}_.jpg": [width, width] for width in (342, 466, 679)}
        pictures.append(
            {
                "hiRes": f"{stem}._AC_SL1500_.jpg" if has_large else None,
                "thumb": f"{stem}._AC_US40_.jpg",
                "large": f"{stem}._AC_.jpg",
                "main": sizes,
                "variant": "MAIN",
            }
        )
    return pictures


def _twister(product: DemoProduct) -> dict[str, Any] | None:
    """The variation data as the page's script holds it."""
    family = product.family
    if family is None:
        return None
    columns = zip(*(member.values for member in family.members), strict=True)
    values = [list(dict.fromkeys(column)) for column in columns]
    return {
        "num_total_variations": len(family.members),
        "currentAsin": product.asin,
        "parentAsin": family.parent_asin,
        "dimensions": list(family.keys),
        "dimensionsDisplay": list(family.dimensions),
        "variationValues": dict(zip(family.keys, values, strict=True)),
        "selected_variations": dict(zip(family.keys, product.selected, strict=False)),
        "dimensionValuesDisplayData": {member.asin: list(member.values) for member in family.members},
        "dimensionToAsinMap": {
            "_".join(str(values[n].index(value)) for n, value in enumerate(member.values)): member.asin
            for member in family.members
        },
    }


def _neighbours(product: DemoProduct) -> list[DemoProduct]:
    """Other priced products for the carousel, whose prices and stars are not this product's."""
    everything = products(product.locale)
    start = draw(product.asin, "neighbours", len(everything))
    others = [other for other in (*everything[start:], *everything[:start]) if other.asin != product.asin]
    return [other for other in others if other.offer.price is not None and other.rating is not None][:4]


def _page_links(page: ResultPage) -> list[tuple[int, str]]:
    return [(n, "/s?" + urlencode({"k": page.keyword, "page": n})) for n in range(1, page.last_page + 1)]


def _range_text(page: ResultPage) -> str:
    """``1-16 of over 130 results for``."""
    if not page.tiles:
        return ""
    phrases = page.locale.phrases
    pattern = phrases["results_over"] if page.total_is_estimate else phrases["results_range"]
    first, last = page.tiles[0].position, page.tiles[-1].position
    return pattern.format(first, last, locales.count_text(page.locale, page.total))
