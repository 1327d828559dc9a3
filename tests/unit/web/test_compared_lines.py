"""Several products in one chart."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from azscraper.kinds.observations import Value
from azscraper.tracking.statistics import Span
from azscraper.web.dashboard.charts import compared_lines
from azscraper.web.dashboard.charts.axes import Frame

START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=10)
FRAME = Frame(100, 0, 100, 0, 100, 120, 3)


def spans(*numbers):
    """One value for each of as many equal parts of the ten days; None: no number."""
    step = (END - START) / len(numbers)
    values = [Value() if number is None else Value(Decimal(number), "EUR") for number in numbers]
    return [Span(START + step * place, START + step * (place + 1), value) for place, value in enumerate(values)]


def test_each_product_has_a_line_on_one_scale():
    chart = compared_lines.draw([spans(10, 20), spans(40), spans(None), []], FRAME, start=START, end=END)

    assert chart.lines == ["M0.0 100.0H50.0V66.7H100.0", "M0.0 0.0H100.0", "", ""]
    assert chart.ends == [(100.0, 66.7), (100.0, 0.0), None, None]
    assert [(tick.at, tick.value) for tick in chart.ticks] == [(100.0, 10), (66.7, 20), (33.3, 30), (0.0, 40)]


def test_the_best_rank_is_on_top():
    chart = compared_lines.draw([spans(100, 1)], FRAME, start=START, end=END, best_is_least=True)

    assert chart.lines == ["M0.0 100.0L50.0 0.0H100.0"]
    assert chart.ends == [(100.0, 0.0)]
    assert (chart.scale["low"], chart.scale["high"]) == (100, 1)


def test_prices_of_several_currencies_are_told_in_percent_of_the_first():
    told = compared_lines.as_index(spans(None, 40, 50, None))

    assert [span.value.number for span in told] == [None, 100, 125, None]


def test_readings_say_what_each_was_when_one_of_them_changed():
    times = compared_lines.readings([spans(10, 20), spans(7), []])

    assert times == [(START, [10, 7, None]), (START + timedelta(days=5), [20, 7, None])]


@pytest.mark.parametrize("lines", [[], [[]], [spans(None)]])
def test_nothing_makes_an_empty_chart(lines):
    chart = compared_lines.draw(lines, FRAME, start=START, end=END)

    assert not any(chart.lines)
    assert chart.ticks == []
