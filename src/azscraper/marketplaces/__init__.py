"""The Amazon sites as data: host, country, currency, number habits and phrases; builds and reads their addresses.

``sites`` holds one row a site, ``urls`` writes and reads addresses, ``written`` and ``isbn`` know how people write a product,
``phrases`` and ``labels`` read the words of each language from ``words/<language>.toml``.
"""

from azscraper.marketplaces.isbn import isbn10, with_zeros
from azscraper.marketplaces.phrase_kinds import Phrases
from azscraper.marketplaces.phrases import (
    all_phrases,
    alternatives,
    every_phrase,
    folded,
    language_of,
    offer_labels,
    phrase_pattern,
    phrases_for,
    seller_labels,
    spoken_in,
)
from azscraper.marketplaces.sites import HOSTS, MARKETPLACES, Marketplace, by_host, find, of_completion
from azscraper.marketplaces.urls import (
    SORTS,
    Target,
    asin_from_url,
    find_target,
    is_asin,
    names_product,
    of_url,
    product_url,
    resolve_target,
)
from azscraper.marketplaces.written import Refusal, entries, is_certain, plain, readings, refusal, visible, words

__all__ = [
    "HOSTS",
    "MARKETPLACES",
    "SORTS",
    "Marketplace",
    "Phrases",
    "Refusal",
    "Target",
    "all_phrases",
    "alternatives",
    "asin_from_url",
    "by_host",
    "entries",
    "every_phrase",
    "find",
    "find_target",
    "folded",
    "is_asin",
    "is_certain",
    "isbn10",
    "language_of",
    "names_product",
    "of_completion",
    "of_url",
    "offer_labels",
    "phrase_pattern",
    "phrases_for",
    "plain",
    "product_url",
    "readings",
    "refusal",
    "resolve_target",
    "seller_labels",
    "spoken_in",
    "visible",
    "with_zeros",
    "words",
]
