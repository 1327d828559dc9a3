"""The ranking that a keyword's rows are. Pure."""

from collections.abc import Sequence
from datetime import datetime

from azscraper.kinds.kind import Asked, Found
from azscraper.kinds.observations import NOTHING, Observations, Ranking, spelling
from azscraper.kinds.search.address import of_key, with_options
from azscraper.records import SearchRow
from azscraper.records.search import SearchOptions

LONGEST_BRAND = 100
"""Characters."""


def follow(asked: Asked[SearchOptions], found: Found) -> Observations:
    """Of a keyword by the keyword, of any other list by its address.

    No ranking of a keyword within price bounds: places in it can't be compared with those in another search for it.
    """
    options, listing = asked.options, of_key(asked.target.key)
    chosen = with_options(listing, options)
    if listing.is_plain and (options.min_price is not None or options.max_price is not None):
        return NOTHING
    is_keyword = listing.is_plain and not options.node and not options.refinements
    ranking = of_rows(
        [row for row in found.records if isinstance(row, SearchRow)],
        marketplace=asked.target.marketplace.host,
        keyword=asked.target.key if is_keyword else chosen.url(asked.target.marketplace),
        sort=options.sort if is_keyword else None,
        category=options.category if is_keyword else None,
        pages=len(found.pages),
        observed_at=found.fetched_at,
    )
    return Observations(rankings=(ranking,))


def of_rows(
    rows: Sequence[SearchRow],
    *,
    marketplace: str,
    keyword: str,
    sort: str | None,
    category: str | None,
    pages: int,
    observed_at: datetime,
) -> Ranking:
    """The ranking that the rows of one keyword, over all its pages, are."""
    return Ranking(
        marketplace=marketplace,
        keyword=spelling(keyword),
        sort=sort or "",
        category=category or "",
        pages=pages,
        observed_at=observed_at,
        asins=tuple(row.asin for row in rows),
        sponsored=tuple(row.sponsored for row in rows),
        brands=tuple(row.brand[:LONGEST_BRAND] if row.brand else None for row in rows),
        tile_pages=tuple(row.page for row in rows),
    )
