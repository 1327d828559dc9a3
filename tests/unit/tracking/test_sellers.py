"""Sellers of a product over time, and the price gap, beside what pandas makes of the same looks."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azscraper.kinds.observations import ABSENT, OfferSeen, number, text
from azscraper.tracking import statistics
from azscraper.tracking.offers.sellers import Known, Look, Told, gaps, mean_gap, sellers
from azscraper.tracking.statistics import At

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def look(hour, *names, whole=True, prices=None):
    offers = tuple(
        OfferSeen(name, f"id of {name}", "new", Decimal(price))
        for name, price in zip(names, prices or [10] * len(names), strict=True)
    )
    return Look(NOW + hour * HOUR, NOW + hour * HOUR, whole, "EUR", offers)


def known_of(looks, buy_box=()):
    first = {}
    for one in looks:
        for name in sorted(one.sellers):
            first.setdefault(name, one.observed_at)
    box = {}
    for span in buy_box:
        if span.value.text:
            box.setdefault(span.value.text, span.start)
    return Known(first, min((one.observed_at for one in looks if one.is_whole), default=None), box)


def spans(values, *, end):
    """A value an hour; the last one holds to the end."""
    points = [At(NOW + hour * HOUR, value) for hour, value in values]
    return statistics.spans(points, checked_at=NOW + end * HOUR, start=NOW, end=NOW + end * HOUR)


def by_name(looks, buy_box=(), start=NOW):
    found = sellers(Told(start, looks, buy_box, known_of(looks, buy_box)))
    return {one.seller: one for one in found}


def test_who_came_and_who_left():
    found = by_name([look(0, "A", "B"), look(1, "A", "C"), look(2, "A", "C"), look(3, "A")])
    assert {name: (one.is_new, one.is_lost, one.is_listed) for name, one in found.items()} == {
        "A": (False, False, True),
        "B": (False, True, False),
        "C": (True, True, False),
    }
    assert (found["B"].left_at, found["C"].left_at) == (NOW + HOUR, NOW + 3 * HOUR)
    assert (found["C"].first_seen_at, found["C"].last_seen_at) == (NOW + HOUR, NOW + 2 * HOUR)
    assert found["A"].seller_id == "id of A"


def test_a_part_of_a_list_shows_who_is_there_and_not_who_left():
    found = by_name([look(0, "A", "B"), look(1, "A", "C", whole=False)])
    assert [name for name, one in found.items() if one.is_lost] == []
    assert found["C"].is_new
    assert by_name([look(0, "A", whole=False), look(1, "B", whole=False)])["B"].is_new is False, "nobody had seen all"


def test_who_was_there_before_the_time_is_lost_in_it_and_not_new():
    looks = [look(0, "A", "B"), look(5, "B")]
    found = by_name(looks, start=NOW + 2 * HOUR)
    assert (found["A"].is_new, found["A"].is_lost, found["B"].is_new) == (False, True, False)


def test_the_buy_box_knows_sellers_that_no_list_showed():
    box = spans([(0, text("A")), (2, text("B")), (3, text("A"))], end=4)
    found = by_name([], box)
    assert {name: (one.is_new, one.has_buy_box, one.buy_box_share) for name, one in found.items()} == {
        "A": (False, True, 0.75),
        "B": (True, False, 0.25),
    }
    assert (found["B"].offers, found["B"].price, found["B"].is_listed, found["B"].is_lost) == (0, None, False, False)
    listed = by_name([look(0, "A"), look(3, "A")], box)
    assert (listed["B"].is_lost, listed["B"].left_at) == (False, None), "it was there until another was seen"


def test_the_price_is_that_of_the_lowest_new_offer_in_the_last_look():
    last = Look(
        NOW,
        NOW,
        True,  # noqa: FBT003 - whole
        "EUR",
        (
            OfferSeen("A", None, "used", Decimal(5)),
            OfferSeen("A", None, "new", Decimal(9)),
            OfferSeen("A", None, "new", Decimal(8)),
        ),
    )
    [found] = sellers(Told(NOW, [last], (), known_of([last])))
    assert (found.price, found.condition, found.offers, found.currency) == (8, "new", 3, "EUR")


def test_the_gap_is_told_while_both_prices_are_known():
    price = spans([(0, number(20, "EUR")), (2, ABSENT), (4, number(22, "EUR"))], end=6)
    lowest = spans([(1, number(18, "EUR")), (4, number(20, "EUR")), (5, number(20, "EUR"))], end=6)
    found = gaps(price, lowest)
    assert [(one.at, one.until, one.amount) for one in found] == [
        (NOW + HOUR, NOW + 2 * HOUR, 2),
        (NOW + 4 * HOUR, NOW + 6 * HOUR, 2),
    ]
    assert found[0].percent == pytest.approx(100 / 9)
    assert gaps(price, spans([(0, number(18, "USD"))], end=6)) == []
    assert gaps([], []) == [], "of a product that was seen without a price"
    assert [
        one.amount for one in gaps(spans([(0, number(3, "EUR"))], end=0), spans([(0, number(1, "EUR"))], end=0))
    ] == [2]


NAMES = st.sets(st.sampled_from("ABCDE"), max_size=4)
AMOUNTS = st.lists(st.none() | st.integers(1, 9), min_size=1, max_size=8)


@settings(max_examples=60)
@given(st.lists(NAMES, min_size=1, max_size=8), st.lists(st.none() | st.sampled_from("ABC"), min_size=1, max_size=8))
def test_sellers_equal_those_that_pandas_finds(listed, box):
    looks = [look(hour, *sorted(names)) for hour, names in enumerate(listed)]
    end = max(len(listed), len(box))
    held = spans([(hour, text(name) if name else ABSENT) for hour, name in enumerate(box)], end=end)
    found = by_name(looks, held)

    table = pd.DataFrame([{name: name in names for name in "ABCDE"} for names in listed])
    series = pd.Series(box, dtype=object)
    seconds = pd.Series([3600.0] * (len(box) - 1) + [3600.0 * (end - len(box) + 1)])
    seen = [name for name in "ABCDE" if table[name].any() or (series == name).any()]
    assert sorted(found) == seen
    for name in seen:
        one, hours = found[name], table.index[table[name]]
        boxed = series.index[series == name]
        first = min([*hours[:1], *boxed[:1]])
        assert one.first_seen_at == NOW + first * HOUR
        earlier = first > 0 or (boxed[:1].tolist() == [first] and series[:first].notna().any())
        assert one.is_new == earlier
        has = series.notna()
        share = seconds[series == name].sum() / seconds[has].sum() if has.any() else 0
        assert one.buy_box_share == pytest.approx(share)
        if len(hours) and not len(boxed):
            assert one.last_seen_at == NOW + hours[-1] * HOUR
            assert one.is_lost == (hours[-1] < len(listed) - 1)


@settings(max_examples=60)
@given(AMOUNTS, AMOUNTS)
def test_gaps_equal_those_that_pandas_finds(prices, lowest):
    end = max(len(prices), len(lowest))
    found = gaps(
        *(
            spans([(at, ABSENT if one is None else number(one, "EUR")) for at, one in enumerate(told)], end=end)
            for told in (prices, lowest)
        )
    )
    hours = range(end)
    table = pd.DataFrame(
        {"price": pd.Series(prices, dtype=float), "lowest": pd.Series(lowest, dtype=float)}, index=hours
    )
    for column, told in (("price", prices), ("lowest", lowest)):
        table.loc[len(told) :, column] = float("nan") if told[-1] is None else told[-1]
    gap = (table["price"] - table["lowest"]).dropna()
    assert sum((one.until - one.at) / HOUR for one in found) == len(gap)
    hourly = {hour: one.amount for one in found for hour in hours if one.at <= NOW + hour * HOUR < one.until}
    assert hourly == gap.to_dict()
    assert mean_gap(found) == (pytest.approx(gap.mean()) if len(gap) else None)
