"""What products of a list cost in the middle, day by day."""

from datetime import UTC, datetime, timedelta

from azscraper.web.dashboard.charts.medians import change, medians

START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=30)


def day(number):
    return START + timedelta(days=number)


def test_the_median_is_of_the_prices_that_hold():
    products = {
        "A": [(day(-5), 10.0), (day(10), 20.0)],
        "B": [(day(-1), 30.0), (day(20), None)],
        "C": [(day(5), 40.0)],
    }
    found = dict(medians(products, start=START, end=END))
    assert [found[day(at)] for at in (0, 5, 10, 20, 30)] == [20.0, 30.0, 30.0, 30.0, 30.0]
    assert change(list(found.items())) == 0.5


def test_without_prices_there_is_no_median_and_no_change():
    found = medians({"A": [(day(3), None)]}, start=START, end=END)
    assert {price for _, price in found} == {None}
    assert change(found) is None
