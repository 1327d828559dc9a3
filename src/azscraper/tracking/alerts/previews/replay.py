"""A rule judged again by the stored points of a product, or the stored results of a keyword, as if it had begun then. Pure.

Only what changed is stored: a check that changed nothing is not judged again, except the first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from azscraper.kinds.observations import Sighting, Value
from azscraper.tracking.alerts.checks import keywords
from azscraper.tracking.alerts.evaluating import Need, Past
from azscraper.tracking.alerts.notices import Firing
from azscraper.tracking.alerts.own_prices import NONE, Prices
from azscraper.tracking.alerts.rule_sets import Watch
from azscraper.tracking.alerts.rules import Memory
from azscraper.tracking.alerts.watching import Case, Check, Outcome, is_meant
from azscraper.tracking.observed import RankingChange
from azscraper.tracking.series_states import Observed, step


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a series."""

    field: str
    at: datetime
    value: Value
    fires: bool = True
    """Imported points never do."""


@dataclass(frozen=True, slots=True)
class Then:
    """What one's own products cost from a time on."""

    at: datetime
    prices: Prices


@dataclass(frozen=True, slots=True)
class Track:
    """A product, and what is stored of the fields that a rule looks at, in time's order."""

    marketplace: str
    place: str
    asin: str
    title: str | None
    checked_at: datetime
    dots: Sequence[Dot]
    target: Value | None = None
    own: Sequence[Then] = ()
    """What one's own products cost, from time to time."""

    def own_at(self, at: datetime) -> Prices:
        """What they cost then; nothing before the first time."""
        place = bisect_right(self.own, at, key=lambda then: then.at)
        return self.own[place - 1].prices if place else NONE


def of_product(watch: Watch, track: Track, start: datetime) -> Iterator[Firing]:
    """What the rule would have fired for the product from ``start`` on, in time's order."""
    past = _Pasts(track.dots)
    memory = None
    for seen in _checks(track, start):
        check = Check(track.asin, track.asin, seen)
        if not is_meant(watch.rule, check):
            continue
        case = Case.of(watch, check, memory, track.target, track.own_at(seen.observed_at))
        known = {(id(seen), need): past.of(need, seen) for need in case.needs}
        outcome = Outcome.of(case, known)
        memory = outcome.memory
        if outcome.firing is not None:
            yield replace(outcome.firing, title=outcome.firing.title or track.title)


def of_keyword(watch: Watch, rankings: Sequence[RankingChange]) -> Iterator[Firing]:
    """What the rule would have fired by these results of its keyword on one marketplace, in time's order."""
    memories: dict[str, Memory | None] = {}
    of_keyword = {watch.rule.what.keyword or "": [watch]}
    for one in rankings:
        for subject, asin, seen, watches in keywords.checks(of_keyword, [one]):
            check = Check(subject, asin, seen, watches)
            if not is_meant(watch.rule, check):
                continue
            outcome = Outcome.of(Case.of(watch, check, memories.get(subject)), {})
            memories[subject] = outcome.memory
            if outcome.firing is not None:
                yield outcome.firing


def _checks(track: Track, start: datetime) -> Iterator[Observed]:
    """Each time at which something was stored, with all that was known by then; and the first check, which finds what held."""
    state, told, begun = None, dict[str, Value](), False
    for at, dots in groupby(track.dots, key=lambda dot: dot.at):
        if not begun and at > start:
            begun = True
            if told:
                yield step(state, _sighting(track, start, told)).observed
        here = list(dots)
        told |= {dot.field: dot.value for dot in here}
        one = step(state, _sighting(track, at, told))
        state = one.state
        if at >= start and any(dot.fires for dot in here):
            yield one.observed
    if not begun and told and track.checked_at > start:
        yield step(state, _sighting(track, start, told)).observed


def _sighting(track: Track, at: datetime, told: Mapping[str, Value]) -> Sighting:
    return Sighting(track.marketplace, track.asin, at, dict(told), track.place)


class _Pasts:
    """What series held before a check, out of the points themselves. ``past`` asks the database the same."""

    def __init__(self, dots: Sequence[Dot]) -> None:
        self._values: dict[str, list[Value]] = {}
        self._times: dict[str, list[datetime]] = {}
        for dot in dots:
            self._values.setdefault(dot.field, []).append(dot.value)
            self._times.setdefault(dot.field, []).append(dot.at)

    def of(self, need: Need, seen: Observed) -> Past:
        """The values from the need's beginning to before the check, the one that held at its beginning included."""
        times = self._times[need.field]
        first = 0 if need.since is None else max(bisect_right(times, need.since) - 1, 0)
        held = self._values[need.field][first : bisect_left(times, seen.observed_at)]
        unit = seen.fields[need.field].after.text
        amounts = [one.number for one in held if one.number is not None and one.text == unit]
        texts = frozenset(one.text for one in held if one.number is None and one.text is not None)
        return Past(min(amounts, default=None), max(amounts, default=None), texts)
