"""The Amazon sites as data: host, country, currency, number habits and phrases; builds and reads their addresses.

``sites`` holds one row a site, ``urls`` writes and reads addresses, ``written`` and ``isbn`` know how people write a product,
``phrases`` and ``labels`` hold one row a language.
"""

from azscraper.marketplaces.isbn import isbn10, with_zeros
from azscraper.marketplaces.phrase_kinds import Phrases
from azscraper.marketplaces.phrases import PHRASES, phrases_for
from azscraper.marketplaces.sites import MARKETPLACES, Marketplace, by_host, find
from azscraper.marketplaces.urls import (
    Target,
    asin_from_url,
    find_target,
    is_asin,
    of_url,
    product_url,
    resolve_target,
    search_url,
)
from azscraper.marketplaces.written import Refusal, entries, is_certain, plain, readings, refusal, visible, words

__all__ = [
    "MARKETPLACES",
    "PHRASES",
    "Marketplace",
    "Phrases",
    "Refusal",
    "Target",
    "asin_from_url",
    "by_host",
    "entries",
    "find",
    "find_target",
    "is_asin",
    "is_certain",
    "isbn10",
    "of_url",
    "phrases_for",
    "plain",
    "product_url",
    "readings",
    "refusal",
    "resolve_target",
    "search_url",
    "visible",
    "with_zeros",
    "words",
]
