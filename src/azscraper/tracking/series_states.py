"""What a page changes of what is known of a product: which points go into its series, and its state after. Pure.

A field gets a point where its value is another than before, and with its first observation of each month, so that old
months can leave and a flat line stays one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from azscraper.kinds.observations import Sighting, Value

MOST_FIELDS = 100
"""Of a product: names of categories change over the years."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The lowest or highest number of a field so far, and when it was first seen."""

    value: Value
    at: datetime


@dataclass(frozen=True, slots=True)
class FieldState:
    """A field of a product by now."""

    value: Value
    first_at: datetime
    changed_at: datetime
    """Since when it holds, as far as is known."""
    stored_at: datetime
    """Of its last point."""
    checked_at: datetime
    """When a page told it last, changed or not."""
    lowest: Extreme | None = None
    """Of all time; None of texts, and where there was never a number. A new unit begins anew."""
    highest: Extreme | None = None


@dataclass(frozen=True, slots=True)
class ProductState:
    """A product by now."""

    checked_at: datetime
    fields: Mapping[str, FieldState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """A value for a series."""

    field: str
    value: Value
    before: Value | None
    """None: it was not known, or the point comes late."""

    @property
    def is_change(self) -> bool:
        """Whether the value was known, and another."""
        return self.before is not None and self.before != self.value


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a page told, before and after: changed or not."""

    before: Value | None
    """None: it was not known. ``ABSENT``: known to be without a value."""
    after: Value
    known: FieldState | None
    """The field before this page: since when its value held, when it was last told, its lowest and highest of all time."""

    @property
    def is_change(self) -> bool:
        """Whether it was known, and is another now."""
        return self.before is not None and self.before != self.after


@dataclass(frozen=True, slots=True)
class Observed:
    """What one page told of one product, against what was known: what rules of alerts are evaluated on.

    ``observed.add`` gives one for each product of a chunk, in the transaction that stores it. Pages that come late, that
    are read again or imported give none.
    """

    marketplace: str
    place: str
    asin: str
    observed_at: datetime
    fields: Mapping[str, Change]
    """Those that the page told, by name."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a page comes to."""

    state: ProductState
    points: tuple[Point, ...]
    observed: Observed


def step(before: ProductState | None, seen: Sighting) -> Step:
    """The product after the page. Fields that the page does not tell stay as they are, their last check included."""
    known = before.fields if before else {}
    fields, points, changes = dict(known), [], {}
    month = _month(seen.observed_at)
    for word, value in seen.values.items():
        name = str(word)  # of an enumeration: plain, to be stored
        old = known.get(name)
        if old is None and len(fields) >= MOST_FIELDS:
            continue
        is_late = old is not None and seen.observed_at < old.checked_at
        if not is_late:
            changes[name] = Change(old.value if old else None, value, old)
        if is_stored := is_late or old is None or old.value != value or _month(old.stored_at) != month:
            points.append(Point(name, value, None if is_late or old is None else old.value))
        fields[name] = _next(old, value, seen.observed_at, is_late=is_late, is_stored=is_stored)
    checked_at = max(before.checked_at, seen.observed_at) if before else seen.observed_at
    observed = Observed(seen.marketplace, seen.place, seen.asin, seen.observed_at, changes)
    return Step(ProductState(checked_at, fields), tuple(points), observed)


def _month(moment: datetime) -> tuple[int, int]:
    at = moment.astimezone(UTC)
    return at.year, at.month


def _next(old: FieldState | None, value: Value, at: datetime, *, is_late: bool, is_stored: bool) -> FieldState:
    if old is None:
        return _with_extremes(FieldState(value, at, at, at, at), value, at)
    if is_late:
        return _with_extremes(replace(old, first_at=min(old.first_at, at)), value, at)
    is_change = value != old.value
    new = FieldState(  # not by replace, which takes five times as long: most fields of most pages come here
        value,
        old.first_at,
        at if is_change else old.changed_at,
        at if is_stored else old.stored_at,
        at,
        old.lowest,
        old.highest,
    )
    return _with_extremes(new, value, at) if is_change else new


def _with_extremes(state: FieldState, value: Value, at: datetime) -> FieldState:
    """With the number among its lowest and highest. Amounts of another currency are not compared with those before."""
    if value.number is None or (state.value != value and state.value.text != value.text):
        return state
    here = Extreme(value, at)
    return replace(
        state,
        lowest=here if _goes_beyond(value, state.lowest, -1) else state.lowest,
        highest=here if _goes_beyond(value, state.highest, 1) else state.highest,
    )


def _goes_beyond(value: Value, extreme: Extreme | None, sign: int) -> bool:
    if extreme is None or extreme.value.number is None or extreme.value.text != value.text:
        return True
    return value.number is not None and sign * (value.number - extreme.value.number) > 0
