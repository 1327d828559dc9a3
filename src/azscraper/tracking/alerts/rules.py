"""A rule of alerts: what it watches, when it fires, how often. Values alone; ``evaluating`` judges by them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from azscraper.records.parts import AvailabilityStatus
from azscraper.words import MONEY_FIELDS, TEXT_FIELDS, SeriesField
from azscraper.words import AlertField as Special
from azscraper.words import AlertMatch as Match
from azscraper.words import AlertOp as Op
from azscraper.words import AlertRearm as Again
from azscraper.words import AlertUnit as Unit
from azscraper.words import RunField as Run

TARGET = "target"
"""The value that stands for the target price of an item."""
OWN = "own"
"""The value that stands for the price of one's own cheapest product in the same list; for the other products of it alone."""

EVENTS = frozenset({Op.CHANGES, Op.CHANGES_TO, Op.APPEARS, Op.DISAPPEARS, Op.ENTERS_TOP, Op.LEAVES_TOP, Op.HAPPENS})
"""Ops that hold at one check alone: each time is another."""
WINDOWED = frozenset({Op.DROPS_BY, Op.RISES_BY, Op.LOWEST_IN_DAYS})
"""Ops that look back."""
_OF_NUMBERS = frozenset(set(Op) - {Op.HAPPENS})
_OF_TEXTS = frozenset({Op.CHANGES, Op.CHANGES_TO, Op.APPEARS, Op.DISAPPEARS})
_OF_POSITIONS = frozenset({Op.BELOW, Op.ABOVE, Op.CHANGES, Op.APPEARS, Op.DISAPPEARS, Op.ENTERS_TOP, Op.LEAVES_TOP})
_OF_SHARES = frozenset({Op.BELOW, Op.ABOVE, Op.CHANGES})
_NEEDS_NUMBER = frozenset({Op.BELOW, Op.ABOVE, Op.DROPS_BY, Op.RISES_BY, Op.ENTERS_TOP, Op.LEAVES_TOP})
_OF_SELLERS = frozenset({Special.NEW_SELLER, Special.BUY_BOX_LOST, Special.BUY_BOX_WON})
_OF_SERIES = frozenset({*SeriesField})
_HAPPENING = frozenset({*_OF_SELLERS, *Run, Special.REVIEW_BELOW})
_PREFIXES = ("rank:", "chart:")
"""Of fields that there is one of for each category or chart."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that has to be so."""

    field: str
    op: Op
    value: Decimal | str | None = None
    unit: Unit = Unit.AMOUNT
    days: int | None = None
    source: str = dataclasses.field(init=False, compare=False, repr=False)
    """The field of the observation that it looks at."""

    def __post_init__(self) -> None:
        source = SeriesField.SELLER.value if self.field in _OF_SELLERS else self.field
        object.__setattr__(self, "source", source)

    @property
    def looks_back(self) -> bool:
        """Whether it needs to know what was before the last check."""
        return self.op in WINDOWED or self.field == Special.NEW_SELLER

    @property
    def is_event(self) -> bool:
        """Whether it holds at one check alone."""
        return self.op in EVENTS

    @property
    def compares_own(self) -> bool:
        """Whether it compares with the price of an own product."""
        return self.value == OWN and self.op in {Op.BELOW, Op.ABOVE}

    @property
    def needs_currency(self) -> bool:
        """Whether its value is an amount of money."""
        is_amount = self.unit is Unit.AMOUNT and isinstance(self.value, Decimal)
        return self.field in MONEY_FIELDS and is_amount and self.op not in {Op.ENTERS_TOP, Op.LEAVES_TOP}

    @property
    def problem(self) -> str | None:
        """What is wrong with it, in words; None when nothing is."""
        if (ops := _ops_of(self.field)) is None:
            return "has a field that is not known"
        if self.op not in ops:
            return f"can't look at {self.field} by {self.op}; possible: {', '.join(sorted(ops))}"
        return self._problem_of_value

    @property
    def _problem_of_next_value(self) -> str | None:
        if self.value is None:
            return "needs a value"
        if isinstance(self.value, str) != (self.field in TEXT_FIELDS):
            return "needs a text as its value" if self.field in TEXT_FIELDS else "needs a number as its value"
        if self.field == SeriesField.AVAILABILITY and self.value not in _STATES:
            return f"needs a state as its value: {', '.join(_STATES)}"
        return None

    @property
    def _problem_of_stand_in(self) -> str | None:
        if self.compares_own:
            return None if self.field == SeriesField.PRICE else "has own as its value, which is for the field price"
        fits = self.op in {Op.BELOW, Op.ABOVE} and self.field in MONEY_FIELDS
        return None if fits else "has a target, which is for below and above and for prices"

    @property
    def _problem_of_value(self) -> str | None:
        if self.value == TARGET or self.compares_own:
            return self._problem_of_stand_in
        if (self.op in _NEEDS_NUMBER or self.field == Special.REVIEW_BELOW) and not _is_number(self.value):
            return "needs a number as its value"
        if self.op is Op.CHANGES_TO:
            return self._problem_of_next_value
        if self.field in {Special.BUY_BOX_LOST, Special.BUY_BOX_WON} and not isinstance(self.value, str):
            return "needs the name of a seller as its value"
        if self.field in _RUNS and not (self.value is None or _is_number(self.value)):
            return "needs a number as its value, or none"
        return "needs days" if self.op is Op.LOWEST_IN_DAYS and self.days is None else None


_RUNS = frozenset(Run)
_STATES = tuple(AvailabilityStatus)


def _is_number(value: object) -> bool:
    return isinstance(value, Decimal) and value >= 0


def _ops_of(name: str) -> frozenset[Op] | None:
    """The ops that can look at the field; None of an unknown one."""
    if name in _HAPPENING:
        return frozenset({Op.HAPPENS})
    if name == Special.SHARE:
        return _OF_SHARES
    if name in set(Special):
        return _OF_POSITIONS
    if name in TEXT_FIELDS:
        return _OF_TEXTS
    return _OF_NUMBERS if name in _OF_SERIES or name.startswith(_PREFIXES) else None


@dataclass(frozen=True, slots=True)
class What:
    """What a rule watches: the products that all of these name; without any, all of the project. Or runs of jobs."""

    products: tuple[str, ...] = ()
    """ASINs."""
    list_id: str | None = None
    tag: str | None = None
    """Of items of lists."""
    seller: str | None = None
    """In the buy box."""
    keyword: str | None = None
    """Positions are those of its results."""
    node: str | None = None
    """Positions are those in its list of best sellers: their conditions name the field of it."""
    runs: bool = False
    """Jobs of the list or the schedule, or all."""
    schedule_id: str | None = None
    marketplaces: tuple[str, ...] = ()
    """Hosts; without any, all."""

    @property
    def document(self) -> dict[str, Any]:
        """As it is stored."""
        pairs = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs.items() if value}

    @classmethod
    def of_json(cls, document: Mapping[str, Any]) -> Self:
        """From what is stored."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in document.items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Rearm:
    """When it fires again."""

    after: Again = Again.RETURN
    hours: int = 24
    """Of HOURS."""

    def allows(self, memory: "Memory | None", at: datetime, *, is_event: bool) -> bool:
        """Whether a rule whose conditions hold fires at this check."""
        if memory is None:
            return True
        match self.after:
            case Again.ONCE:
                return False
            case Again.HOURS:
                return at >= memory.fired_at + timedelta(hours=self.hours)
            case Again.RETURN:
                return memory.is_armed or is_event


@dataclass(frozen=True, slots=True)
class Memory:
    """What a rule knows of one product (or keyword, or job) for which it has fired."""

    fired_at: datetime
    is_armed: bool
    """Its conditions have not held since."""


@dataclass(frozen=True, slots=True)
class Rule:
    """All that is needed to judge by it."""

    id: str
    what: What
    when: tuple[Condition, ...]
    match: Match
    currency: str | None
    rearm: Rearm
    began_at: datetime
    """When it was made, or what it watches was changed last."""
    expires_at: datetime | None = None
    fields: frozenset[str] = dataclasses.field(default=frozenset())
    """That its conditions look at."""
    looks_back: bool = dataclasses.field(init=False, compare=False)
    """Whether one of them needs to know what was before the last check."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "looks_back", any(one.looks_back for one in self.when))

    @property
    def looks_at_items(self) -> bool:
        """Whether what it says of a product depends on the lists that have it: their tags, or its target price."""
        return bool(self.what.list_id or self.what.tag) or any(
            one.value == TARGET or one.compares_own for one in self.when
        )

    @property
    def looks_at_own(self) -> bool:
        """Whether it compares products with one's own in the same list."""
        return any(one.compares_own for one in self.when)

    @property
    def looks_at_reviews(self) -> bool:
        """Whether it judges reviews instead of what pages tell of products."""
        return any(one.field == Special.REVIEW_BELOW for one in self.when)

    @property
    def problem(self) -> str | None:
        """What is wrong with it as a whole, in words; None when nothing is."""
        if any(one.problem for one in self.when):
            return next(f"when.{at} {one.problem}" for at, one in enumerate(self.when) if one.problem)
        if self.what.runs != all(one.field in set(Run) for one in self.when):
            return "when looks at runs, and what does not, or the other way round"
        if any(one.field in set(Run) for one in self.when) and not self.what.runs:
            return "when mixes runs and products"
        return self._problem_of_reviews or self._problem_of_positions

    @property
    def _problem_of_reviews(self) -> str | None:
        if not self.looks_at_reviews:
            return None
        if any(one.field != Special.REVIEW_BELOW for one in self.when):
            return "reviews need a rule of their own"
        return "reviews are of products, lists or tags" if self.what.seller or self.what.node else None

    @property
    def _problem_of_positions(self) -> str | None:
        names = {one.field for one in self.when}
        if names & {Special.POSITION, Special.ORGANIC_POSITION, Special.SHARE}:
            if not self.what.keyword:
                return "positions and shares need a keyword or a node in what"
            if Special.SHARE in names and not (self.what.keyword and self.what.products and len(names) == 1):
                return "a share needs a keyword and products in what, and a rule of its own"
        if self.what.keyword and names - {Special.POSITION, Special.ORGANIC_POSITION, Special.SHARE}:
            return "a keyword has positions and shares alone"
        return None
