"""A product page as a ``Product``: every field from its own block, whose sources stand in order of trust."""

from typing import Any

from azscraper.errors import ParseError
from azscraper.kinds.details import (
    attributes,
    identity,
    links,
    media,
    offer,
    price,
    seller,
    stock,
    text,
    variants,
)
from azscraper.kinds.details.buying import options, promises, subscription, terms
from azscraper.kinds.details.content import box, manufacturer, papers
from azscraper.kinds.details.neighbours import formats, related, together
from azscraper.kinds.details.opinions import ratings, review_list, summary
from azscraper.kinds.details.tables import ranks
from azscraper.marketplaces import product_url
from azscraper.parse.delivery import deliver_to
from azscraper.parse.document import Document
from azscraper.parse.sources import Field
from azscraper.records import Product

_MODULES = (
    identity,
    price,
    stock,
    seller,
    offer,
    terms,
    subscription,
    promises,
    options,
    ratings,
    review_list,
    media,
    text,
    attributes,
    ranks,
    links,
    variants,
    formats,
    together,
    related,
    summary,
    papers,
    box,
    manufacturer,
    deliver_to,
)
_FIELDS = {name: field for module in _MODULES for name, field in vars(module).items() if isinstance(field, Field)}
FIELDS: dict[str, Field[Document, Any, Any]] = {name: _FIELDS[name] for name in Product.model_fields if name in _FIELDS}
"""The fields that have a block in a module, by their name there, in the order of the record."""


def parse_product(document: Document) -> Product:
    """The record of a product page. Never raises: what the page shows but cannot be read is named in ``warnings``."""
    values: dict[str, Any] = {}
    warnings: list[str] = []
    for name, read in FIELDS.items():
        try:
            values[name] = document.once(read)
        except ParseError:
            warnings.append(name)
    family = values.get("variants")
    values |= attributes.lifted(document, family.selected if family else {})
    asin = values["asin"]
    return Product(
        url=product_url(document.marketplace, asin) if asin else None,
        marketplace=document.marketplace.host,
        language=document.language,
        warnings=tuple(Product.model_fields[name].alias or name for name in warnings),
        **values,
    )
