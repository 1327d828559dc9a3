"""What rows of offers come to: how many of each condition, the least price of each."""

from collections.abc import Sequence

from azscraper.records.offers import LowestOffers, OfferCounts, OfferRow, OffersSummary
from azscraper.records.parts import ConditionState, Coverage, Money

GROUP_OF = {
    ConditionState.NEW: "new",
    ConditionState.RENEWED: "renewed",
    ConditionState.COLLECTIBLE: "collectible",
    ConditionState.LIKE_NEW: "used",
    ConditionState.VERY_GOOD: "used",
    ConditionState.GOOD: "used",
    ConditionState.ACCEPTABLE: "used",
    ConditionState.UNKNOWN: "used",
}
"""What counts and lowest prices tell apart; loans are in none of them."""


def group_of(row: OfferRow) -> str | None:
    """new, used, renewed or collectible; None for a loan and for an offer that names no condition."""
    return GROUP_OF.get(row.condition.state) if row.condition else None


def summed(
    summary: OffersSummary, rows: Sequence[OfferRow], *, total: int | None, has_more: bool = False
) -> OffersSummary:
    """The summary with what its rows come to; ``total`` is how many offers the list claims."""
    counts: dict[str, int] = {}
    lowest: dict[str, Money] = {}
    for row in rows:
        group = group_of(row)
        if group is None:
            continue
        counts[group] = counts.get(group, 0) + 1
        if row.price and (group not in lowest or row.price.amount < lowest[group].amount):
            lowest[group] = row.price
    have = len(rows)
    return summary.model_copy(
        update={
            "featured": next((row for row in rows if row.is_featured), None),
            "counts": OfferCounts(**counts),
            "lowest": LowestOffers(**lowest),
            "coverage": Coverage(have=have, total=total, complete=not has_more if total is None else have >= total),
        }
    )
