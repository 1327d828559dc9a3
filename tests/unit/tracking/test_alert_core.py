"""The core of rules: whether one condition holds at a check, and when a rule that holds fires again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.kinds.observations import ABSENT, Value, number, text
from azscraper.tracking.alerts.evaluating import Need, Past, Seen, judge, needs, next_memory
from azscraper.tracking.alerts.rules import Condition, Rearm, Rule, What
from azscraper.tracking.series_states import Change, Extreme, FieldState
from azscraper.words import AlertMatch, AlertOp, AlertRearm, AlertUnit

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
BEGAN = NOW - timedelta(days=30)
UNKNOWN = object()


def a_rule(*when, match=AlertMatch.ALL, rearm=None, currency="EUR"):
    fields = frozenset(one.source for one in when)
    return Rule("r", What(), when, match, currency, rearm or Rearm(), BEGAN, fields=fields)


def value(given):
    if given is None:
        return ABSENT
    return text(given) if isinstance(given, str) else number(given, "EUR")


def change(before, after, lowest=None):
    """From euros to euros, or from text to text; before may be unknown."""
    if before is UNKNOWN:
        return Change(None, value(after), None)
    low = Extreme(value(lowest), BEGAN) if lowest is not None else None
    return Change(value(before), value(after), FieldState(value(before), BEGAN, BEGAN, BEGAN, BEGAN, low, low))


def holds(condition, told, *, past=None, target=None):
    rule = a_rule(condition)
    seen = Seen(NOW, {condition.source: told} if told else {}, value(target) if target else None)
    known = dict.fromkeys(needs(rule, seen, None), past or Past())
    return judge(rule, seen, None, known).holds


def when(op, wanted=None, field="price", **more):
    return Condition(field, AlertOp(op), Decimal(wanted) if isinstance(wanted, int) else wanted, **more)


PERCENT = AlertUnit.PERCENT
HIGH = Past(Decimal(10), Decimal(40))
CASES = [
    (when("below", 20), change(25, 19), True),
    (when("below", 20), change(19, 19), True),
    (when("below", 20), change(19, 20), False),
    (when("below", 20), change(19, None), None),
    (when("below", 20), None, None),
    (when("above", 20), change(UNKNOWN, 21), True),
    (when("changes"), change(20, 21), True),
    (when("changes"), change(20, 20), False),
    (when("changes"), change(UNKNOWN, 20), None),
    (when("changes"), change(None, 20), None),
    (when("changes"), Change(number(20, "USD"), number(20, "EUR"), None), None),
    (when("appears"), change(None, 20), True),
    (when("appears"), change(20, 20), False),
    (when("appears"), change(UNKNOWN, 20), None),
    (when("disappears"), change(20, None), True),
    (when("disappears"), change(None, None), False),
    (when("changes_to", "in_stock", "availability"), change("unavailable", "in_stock"), True),
    (when("changes_to", "in_stock", "availability"), change("in_stock", "in_stock"), False),
    (when("changes_to", "in_stock", "availability"), change(UNKNOWN, "in_stock"), None),
    (when("lowest_ever"), change(20, 9, lowest=10), True),
    (when("lowest_ever"), change(20, 10, lowest=10), False),
    (when("lowest_ever"), change(UNKNOWN, 9), None),
    (when("enters_top", 100, "rank"), change(101, 100), True),
    (when("enters_top", 100, "rank"), change(None, 100), True),
    (when("enters_top", 100, "rank"), change(99, 100), False),
    (when("leaves_top", 100, "rank"), change(100, 101), True),
    (when("leaves_top", 100, "rank"), change(100, None), True),
    (when("leaves_top", 100, "rank"), change(UNKNOWN, 101), None),
    (when("happens", "Acme", "buyBoxLost"), change("Acme", "Other"), True),
    (when("happens", "Acme", "buyBoxLost"), change("Other", "Acme"), False),
    (when("happens", "Acme", "buyBoxWon"), change("Other", "Acme"), True),
    (when("happens", "Acme", "buyBoxWon"), change(None, "Acme"), None),
    (when("happens", 3, "reviewBelow"), Change(None, Value(Decimal(2)), None), True),
    (when("happens", 3, "reviewBelow"), Change(None, Value(Decimal(3)), None), False),
]  # fmt: skip
LOOKING_BACK = [
    (when("drops_by", 10, unit=PERCENT), change(40, 36), HIGH, True),
    (when("drops_by", 10, unit=PERCENT), change(40, 37), HIGH, False),
    (when("drops_by", 3), change(40, 37), HIGH, True),
    (when("drops_by", 0), change(40, 40), HIGH, False),
    (when("drops_by", 10, unit=PERCENT), change(UNKNOWN, 36), Past(), None),
    (when("rises_by", 50, unit=PERCENT), change(10, 15), HIGH, True),
    (when("rises_by", 50, unit=PERCENT), change(10, 14), HIGH, False),
    (when("lowest_in_days", days=30), change(20, 9), HIGH, True),
    (when("lowest_in_days", days=30), change(20, 10), HIGH, False),
    (when("happens", None, "newSeller"), change("A", "C"), Past(texts=frozenset("AB")), True),
    (when("happens", None, "newSeller"), change("A", "B"), Past(texts=frozenset("AB")), False),
    (when("happens", None, "newSeller"), change(UNKNOWN, "B"), Past(), None),
]


@pytest.mark.parametrize(("condition", "told", "expected"), CASES)
def test_one_condition_at_one_check(condition, told, expected):
    assert condition.problem is None
    assert holds(condition, told) is expected


@pytest.mark.parametrize(("condition", "told", "past", "expected"), LOOKING_BACK)
def test_a_condition_that_looks_back(condition, told, past, expected):
    assert condition.problem is None
    assert holds(condition, told, past=past) is expected


def test_a_target_is_the_items_and_in_its_currency():
    condition = when("below", "target")
    assert holds(condition, change(25, 19), target=20) is True
    assert holds(condition, change(25, 19)) is None
    dollars = Seen(NOW, {"price": change(25, 19)}, number(20, "USD"))
    assert judge(a_rule(condition), dollars, None, {}).holds is None


def test_money_in_another_currency_neither_fires_nor_arms():
    seen = Seen(NOW, {"price": change(25, 19)})
    assert judge(a_rule(when("below", 20), currency="USD"), seen, None, {}).holds is None


def test_a_drop_is_counted_from_the_days_or_from_when_it_fired_last():
    for days, since in ((7, NOW - timedelta(days=7)), (None, BEGAN)):
        rule = a_rule(when("drops_by", 10, days=days))
        assert needs(rule, Seen(NOW, {"price": change(40, 30)}), None) == {Need("price", since)}
    assert needs(rule, Seen(NOW, {}), None) == set()


@pytest.mark.parametrize(
    ("match", "price", "rank", "expected"),
    [
        (AlertMatch.ALL, 19, 5, True), (AlertMatch.ALL, 19, 500, False), (AlertMatch.ALL, 25, UNKNOWN, False),
        (AlertMatch.ALL, 19, UNKNOWN, None), (AlertMatch.ANY, 19, UNKNOWN, True), (AlertMatch.ANY, 25, UNKNOWN, None),
        (AlertMatch.ANY, 25, 500, False),
    ],
)  # fmt: skip
def test_all_or_any_of_several_where_one_may_be_unknown(match, price, rank, expected):
    rule = a_rule(when("below", 20), when("below", 100, "rank"), match=match)
    fields = {"price": change(30, price)} | ({} if rank is UNKNOWN else {"rank": change(50, rank)})
    verdict = judge(rule, Seen(NOW, fields), None, {})
    assert verdict.holds is expected
    assert bool(verdict.reasons) is bool(expected) or match is AlertMatch.ANY


prices = st.lists(st.sampled_from([15, 18, 25, None]), min_size=1, max_size=30)


def fired_at(rearm, told):
    rule, memory, found = a_rule(when("below", 20), rearm=rearm), None, []
    for hour, price in enumerate(told):
        seen = Seen(NOW + timedelta(hours=hour), {"price": change(25, price)})
        fires, memory = next_memory(rule, seen, memory, judge(rule, seen, memory, {}))
        found += [hour] if fires else []
    return found


@given(prices)
def test_after_a_return_it_fires_once_for_each_time_below(told):
    known = [price < 20 for price in told if price is not None]
    times = sum(now and not before for before, now in zip([False, *known], known, strict=False))
    assert len(fired_at(Rearm(AlertRearm.RETURN), told)) == times


@given(prices)
def test_once_is_at_the_first_time_below(told):
    first = [hour for hour, price in enumerate(told) if price is not None and price < 20][:1]
    assert fired_at(Rearm(AlertRearm.ONCE), told) == first


@given(prices, st.integers(1, 10))
def test_after_hours_it_fires_at_each_check_below_that_is_so_far_from_the_last(told, hours):
    expected = []
    for hour, price in enumerate(told):
        if price is not None and price < 20 and (not expected or hour >= expected[-1] + hours):
            expected.append(hour)
    assert fired_at(Rearm(AlertRearm.HOURS, hours), told) == expected
