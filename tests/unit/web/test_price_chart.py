from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.kinds.observations import ABSENT, number, text
from azscraper.tracking.statistics import Span
from azscraper.web.dashboard.charts.price_chart import NARROW, WIDE, History, colours, draw

START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=10)


def spans(*parts):
    """Each from a day on to a day, with its value."""
    return [Span(START + timedelta(days=a), START + timedelta(days=b), value) for a, b, value in parts]


def euros(amount):
    return number(Decimal(str(amount)), "EUR")


def history(price=(), listed=(), seller=(), availability=(), rank=()):
    return History(price, listed, seller, availability, rank)


def test_a_price_is_steps_and_a_gap_is_a_gap():
    price = spans((0, 2, euros(40)), (2, 4, ABSENT), (4, 10, euros(60)))
    gone = spans((2, 4, text("out_of_stock")), (4, 10, text("in_stock")))
    chart = draw(history(price, availability=gone), WIDE, start=START, end=END)

    assert chart.price == "M52.0 236.0H260.8M469.6 16.0H1096.0"
    assert [tick.value for tick in chart.ticks] == [40, 50, 60]
    assert [(gap.x, gap.width) for gap in chart.gaps] == [(260.8, 208.8)]
    assert chart.end == (1096.0, 16.0)


def test_without_a_price_now_nothing_stands_at_the_end():
    chart = draw(history(spans((0, 2, euros(40)), (2, 10, ABSENT))), WIDE, start=START, end=END)

    assert chart.end is None


def test_the_seller_who_held_it_longest_has_the_first_colour():
    seller = spans((0, 1, text("A")), (1, 5, text("B")), (5, 6, ABSENT), (6, 7, text("A")))
    chart = draw(history(spans((0, 10, euros(1))), seller=seller), NARROW, start=START, end=END)

    assert colours(seller) == {"B": 1, "A": 2}
    assert [(box.name, box.colour) for box in chart.sellers] == [("A", 2), ("B", 1), ("A", 2)]
    assert chart.rank == ""  # a phone has no room for it


@given(st.lists(st.decimals("0.01", "999999", places=2), min_size=1, max_size=20))
def test_everything_is_inside_of_the_frame(amounts):
    price = spans(*((day / 2, day / 2 + 0.5, euros(amount)) for day, amount in enumerate(amounts)))
    chart = draw(history(price, rank=price), WIDE, start=START, end=END)

    heights = [float(part) for part in chart.price.replace("M", " ").replace("H", " ").replace("V", " ").split()]
    assert all(16 <= value <= 1096 for value in heights)
    assert 2 <= len(chart.ticks) <= 8
    assert chart.ticks[0].value <= float(min(amounts)) <= float(max(amounts)) <= chart.ticks[-1].value


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_nothing_known_draws_an_empty_frame(frame):
    chart = draw(history(), frame, start=START, end=END)

    assert (chart.price, chart.end, list(chart.ticks)) == ("", None, [])
