from datetime import UTC, datetime, timedelta

import pytest

from azscraper.web.dashboard.charts.sparklines import spark

START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=30)


def points(*pairs):
    return [(START + timedelta(days=day), value) for day, value in pairs]


@pytest.mark.parametrize(
    ("given", "line", "y"),
    [
        (points((0, 10.0)), "M1.0 12.0H77.0", 12.0),  # one price: a flat line in the middle
        (points((-3, 10.0), (15, 20.0)), "M1.0 21.0H39.0V3.0H77.0", 3.0),  # a step, and what held before is drawn
        (points((0, 10.0), (10, None), (20, 20.0)), "M1.0 21.0H26.3M51.7 3.0H77.0", 3.0),  # a gap is a gap
        (points((0, 10.0), (15, None)), "M1.0 12.0H39.0", None),  # gone by now: no dot
    ],
)
def test_a_price_is_steps(given, line, y):
    found = spark(given, start=START, end=END)

    assert (found.line, found.y) == (line, y)


@pytest.mark.parametrize("given", [[], points((0, None))])
def test_nothing_known_draws_nothing(given):
    assert spark(given, start=START, end=END) is None


def test_only_a_line_without_gaps_has_an_area():
    assert spark(points((0, 1.0), (9, 2.0)), start=START, end=END).area.endswith("V24H1.0Z")
    assert spark(points((0, 1.0), (9, None), (12, 2.0)), start=START, end=END).area == ""
