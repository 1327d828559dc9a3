"""The ranking that a list is. Pure."""

from azscraper.kinds.bestsellers.address import ROOT, chosen, of_key
from azscraper.kinds.kind import Asked, Found
from azscraper.kinds.observations import NOTHING, Observations, Ranking
from azscraper.records.bestsellers import BestsellersOptions, ChartRow


def follow(asked: Asked[BestsellersOptions], found: Found) -> Observations:
    """The list by its address. None for the root list, which is many, and for one whose ranks have gaps."""
    rows = [row for row in found.records if isinstance(row, ChartRow)]
    chart = of_key(asked.target.key)
    ranks = [row.rank for row in rows]
    if chart is None or chart.department == ROOT or ranks != list(range(1, len(ranks) + 1)):
        return NOTHING
    ranking = Ranking(
        marketplace=asked.target.marketplace.host,
        keyword=chosen(chart, asked.options).url(asked.target.marketplace),
        sort="",
        category="",
        pages=len(found.pages),
        observed_at=found.fetched_at,
        asins=tuple(row.asin for row in rows),
        sponsored=(False,) * len(rows),
    )
    return Observations(rankings=(ranking,))
