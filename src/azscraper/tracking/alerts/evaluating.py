"""Whether a rule fires at a check. Pure; what lies back is asked for (``needs``) and given (``Past``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from azscraper.kinds.observations import ABSENT, Value
from azscraper.tracking.alerts.rules import OWN, TARGET, WINDOWED, Condition, Memory, Rule
from azscraper.tracking.series_states import Change
from azscraper.words import MONEY_FIELDS
from azscraper.words import AlertField as Special
from azscraper.words import AlertMatch as Match
from azscraper.words import AlertOp as Op
from azscraper.words import AlertRearm as Again
from azscraper.words import AlertUnit as Unit

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Need:
    """What has to be looked up of a field before a rule can be judged: its values from then on, the one at that time included."""

    field: str
    since: datetime | None
    """None: from the beginning."""


@dataclass(frozen=True, slots=True)
class Past:
    """The values of a field before the check, in the unit that it has at the check."""

    lowest: Decimal | None = None
    highest: Decimal | None = None
    texts: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Seen:
    """A check of one product."""

    at: datetime
    fields: Mapping[str, Change]
    """Those that it told."""
    target: Value | None = None
    """The item's target price."""
    own: Mapping[str, Decimal] = field(default_factory=dict)
    """By currency, the price of one's own cheapest product in the item's list; none where the product is one's own."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule fired: a condition that held."""

    condition: Condition
    before: Value | None
    after: Value
    compared_with: Decimal | None = None
    """The highest or lowest, or the target."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one rule at one check."""

    holds: bool | None
    """None: it can't be told, as something was missing."""
    reasons: tuple[Reason, ...] = ()

    @property
    def is_event(self) -> bool:
        """Whether it holds at this check alone."""
        return any(reason.condition.is_event for reason in self.reasons)


_NOTHING: set[Need] = set()


def needs(rule: Rule, seen: Seen, memory: Memory | None) -> set[Need]:
    """What has to be looked up of the past."""
    if not rule.looks_back:
        return _NOTHING
    found = set()
    for one in rule.when:
        if one.source not in seen.fields:
            continue
        if one.op in WINDOWED:
            found.add(Need(one.source, _since(rule, one, seen, memory)))
        if one.field == Special.NEW_SELLER:
            found.add(Need(one.source, None))
    return found


def _since(rule: Rule, one: Condition, seen: Seen, memory: Memory | None) -> datetime:
    if one.days is not None:
        return seen.at - timedelta(days=one.days)
    return memory.fired_at if memory else rule.began_at


_FALSE, _UNKNOWN = Verdict(holds=False), Verdict(holds=None)


def judge(rule: Rule, seen: Seen, memory: Memory | None, past: Mapping[Need, Past]) -> Verdict:
    """Whether the rule's conditions hold at the check, and why."""
    if len(rule.when) == 1:
        answer = _holds(rule, rule.when[0], seen, memory, past)
        return (
            Verdict(holds=True, reasons=(answer,))
            if isinstance(answer, Reason)
            else _FALSE
            if answer is False
            else _UNKNOWN
        )
    answers = [_holds(rule, one, seen, memory, past) for one in rule.when]
    reasons = tuple(answer for answer in answers if isinstance(answer, Reason))
    told = [None if answer is None else isinstance(answer, Reason) for answer in answers]
    if rule.match is Match.ANY:
        return Verdict(True if reasons else None if None in told else False, reasons)
    return Verdict(False if False in told else None if None in told else True, reasons if all(told) else ())


def _holds(
    rule: Rule, one: Condition, seen: Seen, memory: Memory | None, past: Mapping[Need, Past]
) -> Reason | bool | None:
    """The reason where it holds; False, or None where that can't be told."""
    change = seen.fields.get(one.source)
    if change is None or _is_foreign(rule, one, change.after):
        return None
    if one.op in WINDOWED:
        return _by_past(one, change, past.get(Need(one.source, _since(rule, one, seen, memory)), Past()))
    if one.op in {Op.BELOW, Op.ABOVE}:
        return _by_limit(one, change, seen)
    if one.field == Special.NEW_SELLER:
        return _by_sellers(one, change, past.get(Need(one.source, None), Past()))
    if one.field == Special.REVIEW_BELOW:
        return _reason(one, change) if _number(change.after) < _number(one.value) else False
    return _OPS[one.op](one, change)


def _is_foreign(rule: Rule, one: Condition, after: Value) -> bool:
    """Whether it is money of another currency than the rule's."""
    is_money = one.field in MONEY_FIELDS and after.number is not None
    return is_money and rule.currency is not None and after.text != rule.currency


def _by_limit(one: Condition, change: Change, seen: Seen) -> Reason | bool | None:
    number, limit = change.after.number, _limit(one, change, seen)
    if number is None or limit is None:
        return None
    holds = number < limit if one.op is Op.BELOW else number > limit
    return _reason(one, change, limit if one.value in {TARGET, OWN} else None) if holds else False


def _limit(one: Condition, change: Change, seen: Seen) -> Decimal | None:
    if one.value == TARGET:
        return seen.target.number if seen.target is not None and seen.target.text == change.after.text else None
    if one.value == OWN:
        return seen.own.get(change.after.text or "")
    assert isinstance(one.value, Decimal)  # noqa: S101 - the rule was checked
    return one.value


def _by_past(one: Condition, change: Change, past: Past) -> Reason | bool | None:
    number = change.after.number
    compared = past.highest if one.op is Op.DROPS_BY else past.lowest
    if number is None or compared is None:
        return None
    if one.op is Op.LOWEST_IN_DAYS:
        return _reason(one, change, compared) if number < compared else False
    moved = compared - number if one.op is Op.DROPS_BY else number - compared
    assert isinstance(one.value, Decimal)  # noqa: S101 - the rule was checked
    least = one.value if one.unit is Unit.AMOUNT else compared * one.value / _HUNDRED
    return _reason(one, change, compared) if moved > 0 and moved >= least else False


def _by_sellers(one: Condition, change: Change, past: Past) -> Reason | bool | None:
    if change.before is None or change.after.text is None:
        return None
    return _reason(one, change) if change.is_change and change.after.text not in past.texts else False


def _number(given: Value | Decimal | str | None) -> Decimal:
    """Of what is known to have one."""
    number = given.number if isinstance(given, Value) else given
    assert isinstance(number, Decimal)  # noqa: S101 - the rule was checked
    return number


def _reason(one: Condition, change: Change, compared_with: Decimal | None = None) -> Reason:
    return Reason(one, change.before, change.after, compared_with)


def _changes(one: Condition, change: Change) -> Reason | bool | None:
    if change.before is None or ABSENT in (change.before, change.after):
        return None
    if change.after.number is not None and change.before.text != change.after.text:
        return None  # another currency, or a rank in another category
    return _reason(one, change) if change.is_change else False


def _changes_to(one: Condition, change: Change) -> Reason | bool | None:
    if change.before is None or change.after == ABSENT:
        return None
    return _reason(one, change) if change.is_change and _is(change.after, one.value) else False


def _is(value: Value, wanted: Decimal | str | None) -> bool:
    return value.number == wanted if isinstance(wanted, Decimal) else value.number is None and value.text == wanted


def _appears(one: Condition, change: Change) -> Reason | bool | None:
    if change.before is None:
        return None
    return _reason(one, change) if change.before == ABSENT and change.after != ABSENT else False


def _disappears(one: Condition, change: Change) -> Reason | bool | None:
    if change.before is None:
        return None
    return _reason(one, change) if change.before != ABSENT and change.after == ABSENT else False


def _lowest_ever(one: Condition, change: Change) -> Reason | bool | None:
    lowest = change.known.lowest if change.known else None
    if change.after.number is None or lowest is None or lowest.value.number is None:
        return None
    if lowest.value.text != change.after.text:
        return None
    return _reason(one, change, lowest.value.number) if change.after.number < lowest.value.number else False


def _enters_top(one: Condition, change: Change) -> Reason | bool | None:
    if change.before is None:
        return None
    return _reason(one, change) if _is_in_top(one, change.after) and not _is_in_top(one, change.before) else False


def _leaves_top(one: Condition, change: Change) -> Reason | bool | None:
    if change.before is None:
        return None
    return _reason(one, change) if _is_in_top(one, change.before) and not _is_in_top(one, change.after) else False


def _is_in_top(one: Condition, value: Value) -> bool:
    assert isinstance(one.value, Decimal)  # noqa: S101 - the rule was checked
    return value.number is not None and value.number <= one.value


def _happens(one: Condition, change: Change) -> Reason | bool | None:
    """The buy box, lost or won by the seller that the condition names."""
    if change.before is None or ABSENT in (change.before, change.after):
        return None
    had, has = change.before.text == one.value, change.after.text == one.value
    happens = had and not has if one.field == Special.BUY_BOX_LOST else has and not had
    return _reason(one, change) if happens else False


_OPS = {
    Op.CHANGES: _changes,
    Op.CHANGES_TO: _changes_to,
    Op.APPEARS: _appears,
    Op.DISAPPEARS: _disappears,
    Op.LOWEST_EVER: _lowest_ever,
    Op.ENTERS_TOP: _enters_top,
    Op.LEAVES_TOP: _leaves_top,
    Op.HAPPENS: _happens,
}


def next_memory(rule: Rule, seen: Seen, memory: Memory | None, verdict: Verdict) -> tuple[bool, Memory | None]:
    """Whether the rule fires, and what it then knows of the product."""
    if verdict.holds and rule.rearm.allows(memory, seen.at, is_event=verdict.is_event):
        return True, Memory(seen.at, is_armed=False)
    if verdict.holds and memory is not None and rule.rearm.after is Again.HOURS:
        return False, Memory(
            memory.fired_at, is_armed=False
        )  # it fires when the hours are over, though nothing changes
    if verdict.holds is False and memory is not None and not memory.is_armed:
        return False, Memory(memory.fired_at, is_armed=True)
    return False, memory
