"""The ranking that a list is, and each product's rank in it. Pure."""

from azscraper.kinds.bestsellers.address import ROOT, chosen, of_key
from azscraper.kinds.kind import Asked, Found
from azscraper.kinds.observations import NOTHING, Observations, Ranking, Sighting, number
from azscraper.records.bestsellers import BestsellersOptions, ChartRow


def follow(asked: Asked[BestsellersOptions], found: Found) -> Observations:
    """The list by its address, and the rank of each of its products, which is a field of theirs.

    None for the root list, which is many, and for one whose ranks have gaps.
    """
    rows = [row for row in found.records if isinstance(row, ChartRow)]
    chart = of_key(asked.target.key)
    ranks = [row.rank for row in rows]
    if chart is None or chart.department == ROOT or ranks != list(range(1, len(ranks) + 1)):
        return NOTHING
    host, asked_for = asked.target.marketplace.host, chosen(chart, asked.options)
    ranking = Ranking(
        marketplace=host,
        keyword=asked_for.url(asked.target.marketplace),
        sort="",
        category="",
        pages=len(found.pages),
        observed_at=found.fetched_at,
        asins=tuple(row.asin for row in rows),
        sponsored=(False,) * len(rows),
    )
    field = f"chart:{asked_for.list}:{asked_for.node or asked_for.department}"
    ranked = tuple(Sighting(host, row.asin, found.fetched_at, {field: number(row.rank)}) for row in rows)
    return Observations(rankings=(ranking,), sightings=ranked)
