"""What reviews tell: each is looked at once by a rule, and only if it was written since the rule began."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azscraper.kinds.observations import ReviewSeen, Value
from azscraper.tracking.alerts import items
from azscraper.tracking.alerts.items import Item
from azscraper.tracking.alerts.rule_sets import Watch
from azscraper.tracking.series_states import Change, Observed
from azscraper.words import AlertField as Special
from azscraper.words import AlertRearm as Again


@dataclass(frozen=True, slots=True)
class Seen:
    """A review before a rule."""

    subject: str
    """By which the rule remembers it; of a rule that fires once the product."""
    watch: Watch
    observed: Observed
    about: Mapping[str, Any]
    """What its reasons tell beside the stars."""


def checks(
    watches: Sequence[Watch], reviews: Sequence[ReviewSeen], found: Mapping[tuple[str, str], Sequence[Item]]
) -> Iterator[Seen]:
    """Each review before each rule that means its product; ``found`` are the items of the products.

    A page tells the day of a review alone: one of the day on which the rule began counts.
    """
    latest = {(one.marketplace, one.asin, one.id): one for one in sorted(reviews, key=lambda one: one.observed_at)}
    for watch in watches:
        once: set[str] = set()
        for one in latest.values():
            if one.written_on < watch.rule.began_at.date() or not _is_meant(
                watch, found.get((one.asin, one.marketplace), ())
            ):
                continue
            is_once = watch.rule.rearm.after is Again.ONCE
            if is_once and (one.asin in once or not _is_below(watch, one)):
                continue
            once.add(one.asin)
            yield Seen(one.asin if is_once else f"{one.asin}\n{one.id}", watch, _observed(one), _about(one))


def _is_meant(watch: Watch, own: Sequence[Item]) -> bool:
    return not watch.rule.looks_at_items or bool(items.meant(watch.rule.what, own))


def _is_below(watch: Watch, one: ReviewSeen) -> bool:
    """Whether it is worth the one time."""
    return any(condition.value is not None and one.stars < condition.value for condition in watch.rule.when)  # type: ignore[operator]


def _observed(one: ReviewSeen) -> Observed:
    fields: dict[str, Change] = {Special.REVIEW_BELOW: Change(None, Value(one.stars), None)}
    return Observed(one.marketplace, "", one.asin, one.observed_at, fields)


def _about(one: ReviewSeen) -> dict[str, Any]:
    return {"reviewId": one.id, "reviewTitle": one.title, "reviewDate": one.written_on.isoformat()}
