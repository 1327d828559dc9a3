"""Product pages."""

from itertools import islice
from typing import Any

from azscraper.demo.faults import asked_by_asin
from azscraper.demo.goods import locales
from azscraper.demo.goods.catalogue import by_asin, other_product, product_at, products, stand_in
from azscraper.demo.goods.drafts import draw
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.moves import Moment
from azscraper.demo.goods.opinions import reviews_of
from azscraper.demo.render import render
from azscraper.demo.views import View, Visit


def product_html(product: DemoProduct, moment: Moment | None = None) -> str:
    """The page of a product, with others as they are at that moment beside it."""
    return render(
        "product.html",
        product.locale,
        product=product,
        offer=product.offer,
        gallery=_gallery(product),
        twister=_twister(product),
        neighbours=_neighbours(product, moment),
        spoken_price=draw(product.asin, "spoken", 2) == 1,
        tabular=draw(product.asin, "tabular", 2) == 1,
        printed_reviews=reviews_of(product)[:3] if draw(product.asin, "reviews printed", 2) == 1 else (),
        day_text=locales.date_text,
    )


def _write(visit: Visit) -> str | None:
    product = visit.asked_product()
    return None if product is None else product_html(product, visit.moment)


def _other(visit: Visit) -> str:
    asin = visit.word("asin")
    product = by_asin(visit.locale).get(asin) or stand_in(visit.locale, asin)
    return f"/dp/{other_product(product).asin}"


PRODUCT = View(
    kind="product",
    paths=(
        "/dp/{asin}",
        "/gp/product/{asin}",
        "/dp/{asin}/{rest:path}",
        "/gp/product/{asin}/{rest:path}",
        "/{slug}/dp/{asin}",
        "/{slug}/dp/{asin}/{rest:path}",
    ),
    write=_write,
    key=lambda visit: f"/dp/{visit.word('asin')}",
    path_names=("asin",),
    asked=lambda visit: asked_by_asin(visit.word("asin")),
    redirects_to=_other,
)


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


def _neighbours(product: DemoProduct, moment: Moment | None) -> list[DemoProduct]:
    """Other priced products for the carousel, whose prices and stars are not this product's."""
    everything = products(product.locale)
    start = draw(product.asin, "neighbours", len(everything))
    others = [other.asin for other in (*everything[start:], *everything[:start]) if other.asin != product.asin]
    there = (product_at(product.locale, asin, moment) for asin in others)
    return list(islice((other for other in there if other and other.offer.price and other.rating), 4))
