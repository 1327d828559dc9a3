"""The Amazon sites as data: host, country, currency, number habits and phrases; builds and reads their addresses.

``sites`` holds one row a site, ``urls`` writes and reads addresses, ``phrases`` and ``labels`` hold one row a language.
"""

from azscraper.marketplaces.phrase_kinds import Phrases
from azscraper.marketplaces.phrases import PHRASES, phrases_for
from azscraper.marketplaces.sites import MARKETPLACES, Marketplace, by_host, find
from azscraper.marketplaces.urls import (
    Target,
    asin_from_url,
    is_asin,
    of_url,
    product_url,
    resolve_target,
    search_url,
)

__all__ = [
    "MARKETPLACES",
    "PHRASES",
    "Marketplace",
    "Phrases",
    "Target",
    "asin_from_url",
    "by_host",
    "find",
    "is_asin",
    "of_url",
    "phrases_for",
    "product_url",
    "resolve_target",
    "search_url",
]
