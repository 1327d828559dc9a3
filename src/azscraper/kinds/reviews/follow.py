"""What a list of reviews tells that rules of alerts look at: who wrote how many stars, and when. Pure."""

from collections.abc import Iterator

from azscraper.kinds.kind import Asked, Found
from azscraper.kinds.observations import Observations, ReviewSeen, review
from azscraper.records.reviews import ReviewRow, ReviewsOptions


def follow(asked: Asked[ReviewsOptions], found: Found) -> Observations:
    """The reviews whose stars and day are printed."""
    return Observations(reviews=tuple(_reviews(asked, found)))


def _reviews(asked: Asked[ReviewsOptions], found: Found) -> Iterator[ReviewSeen]:
    host = asked.target.marketplace.host
    for one in found.records:
        if not isinstance(one, ReviewRow) or one.asin is None:
            continue
        seen = review(host, one.asin, one.id, rating=one.rating, day=one.date, title=one.title, at=found.fetched_at)
        if seen is not None:
            yield seen
