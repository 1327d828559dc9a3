"""Statistics of series equal those that pandas computes, cell by cell, from the same points."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azscraper.kinds.observations import ABSENT, number, text
from azscraper.tracking import charts, statistics
from azscraper.tracking.charts import Size
from azscraper.tracking.statistics import At, Step

BEGIN = datetime(2026, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours):
    return BEGIN + hours * HOUR


def points(*pairs):
    return [At(at(hours), value if value == ABSENT else number(Decimal(str(value)), "EUR")) for hours, value in pairs]


def held(found, *, checked, start=0, end=1000):
    return statistics.spans(found, checked_at=at(checked), start=at(start), end=at(end))


def test_a_value_holds_until_the_next_point_or_the_last_check():
    parts = held(points((0, 10), (4, 20)), checked=6)
    assert [(part.start, part.end, part.value.number) for part in parts] == [(at(0), at(4), 10), (at(4), at(6), 20)]
    assert statistics.numbers(parts).mean == pytest.approx((10 * 4 + 20 * 2) / 6)


def test_a_window_begins_with_the_value_that_held():
    parts = held(points((0, 10), (4, 20)), checked=6, start=2, end=5)
    assert [(part.start, part.end) for part in parts] == [(at(2), at(4)), (at(4), at(5))]
    assert held(points((0, 10)), checked=1, start=2) == []


def test_no_value_counts_in_no_mean_and_an_only_look_is_its_own():
    found = statistics.numbers(held(points((0, 10), (4, ABSENT), (8, 20)), checked=8))
    assert (found.mean, found.median, found.highest.number, found.changes, found.drops) == (10, 10, 20, 2, 0)
    assert statistics.numbers(held(points((0, 10)), checked=0)).mean == 10
    nothing = statistics.numbers([])
    assert (nothing.lowest, nothing.mean, nothing.median) == (None, None, None)


def test_another_currency_is_left_out():
    mixed = [At(at(0), number(500, "TRY")), *points((2, 10))]
    found = statistics.numbers(held(mixed, checked=4))
    assert (found.mean, found.highest.number) == (10, 10)


def test_shares():
    seller = [At(at(0), text("A")), At(at(1), ABSENT), At(at(2), text("B"))]
    assert statistics.shares_by_text(held(seller, checked=5)) == {"B": 0.75, "A": 0.25}
    stock = [At(at(0), text("in_stock")), At(at(6), text("out_of_stock")), At(at(7), text("unavailable"))]
    assert statistics.out_of_stock(held(stock, checked=8)) == 0.25
    assert statistics.out_of_stock(held(stock[:1], checked=0)) is None


_SERIES = st.tuples(
    st.dictionaries(st.integers(0, 200), st.one_of(st.none(), st.integers(1, 99)), min_size=1, max_size=12),
    st.integers(0, 100),
    st.integers(0, 150),
    st.integers(1, 150),
)


def cells(values, checked, start, end):
    """An hour a cell, each with the value of the last point: pandas' own joining, nothing of ours."""
    frame = pd.DataFrame({"hour": sorted(values), "value": [values[hour] for hour in sorted(values)]}).astype(
        {"hour": "int64", "value": "float64"}
    )
    hours = pd.DataFrame({"hour": range(max(start, min(values)), min(end, checked))}).astype("int64")
    joined = pd.merge_asof(hours, frame, on="hour")
    seen = frame[
        (frame.hour >= start) & ((frame.hour < min(end, checked)) | (frame.hour == checked) & (checked <= end))
    ]
    return joined, pd.concat([joined, seen])


@settings(max_examples=40)
@given(_SERIES)
def test_numbers_equal_those_of_pandas(drawn):
    values, more, start, length = drawn
    end = start + length
    values = {hour: value for hour, value in values.items() if hour < end} or {0: 1}
    checked = max(values) + more
    series = points(*((hour, ABSENT if value is None else value) for hour, value in sorted(values.items())))
    parts = held(series, checked=checked, start=start, end=end)
    joined, seen = cells(values, checked, start, end)
    _agree(statistics.numbers(parts), joined.value.dropna(), seen.dropna())
    means = joined.groupby(joined.hour // 24).value.mean().dropna()
    ours = {(cut.at - BEGIN) // (24 * HOUR): cut.numbers.mean for cut in statistics.cuts(parts, Step.DAY)}
    assert {day: ours[day] for day in means.index} == pytest.approx(means.to_dict())


def _agree(found, amounts, bounds):
    if len(amounts):
        assert found.mean == pytest.approx(amounts.mean())
        assert found.median == amounts.quantile(0.5, interpolation="lower")
    assert (found.lowest is None) == bounds.empty
    if found.lowest:
        assert (found.lowest.number, found.highest.number) == (bounds.value.min(), bounds.value.max())
        first = int(bounds[bounds.value == bounds.value.min()].hour.min())
        assert found.lowest.at == at(first)


@pytest.mark.parametrize(
    ("step", "first", "following"),
    [
        (Step.HOUR, datetime(2026, 1, 30, 5, tzinfo=UTC), datetime(2026, 1, 30, 6, tzinfo=UTC)),
        (Step.DAY, datetime(2026, 1, 30, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)),
        (Step.WEEK, datetime(2026, 1, 26, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)),
        (Step.MONTH, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_steps(step, first, following):
    assert step.start_of(at(5) + timedelta(minutes=5)) == first
    assert step.next_after(first) == following


def test_a_chart_is_a_picture_with_gaps_and_without_markup_of_others():
    parts = held(points((0, 10), (24, ABSENT), (48, 12)), checked=72)
    picture = charts.draw("<b>price</b>", {"price": parts}, at(0), at(72), Size(), is_rank=False)
    root = ET.fromstring(picture)  # noqa: S314 - our own
    line = [one for one in root if one.get("stroke-width") == "2"]
    assert len(line) == 1
    assert line[0].get("d").count("M") == 2
    assert root[0].text == "<b>price</b> (EUR)"
    assert "–" in charts.draw("price", {}, at(0), at(72), Size(), is_rank=False)


def test_a_chart_of_several_series_has_a_line_and_a_name_for_each():
    series = {"price": held(points((0, 10), (24, 14)), checked=72), "newFrom": held(points((0, 8)), checked=72)}
    root = ET.fromstring(charts.draw("B000000001", series, at(0), at(72), Size(), is_rank=False))  # noqa: S314 - our own
    lines = [one.get("stroke") for one in root if one.get("stroke-width") == "2"]
    names = {one.text: one.get("fill") for one in root if one.get("fill") in lines}
    assert names == dict(zip(["price", "newFrom"], lines, strict=True))
