"""When a list refreshes itself, and items of lists as files."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from azscraper.errors import InvalidInputError
from azscraper.tracking.lists import item_files
from azscraper.tracking.lists.items import Item, NewItem
from azscraper.tracking.lists.refresh import EVERY, Refresh, of_cron

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""A Monday."""


@pytest.mark.parametrize(
    ("refresh", "expression"),
    [
        (Refresh("day", "08:00"), "0 8 * * *"),
        (Refresh("day"), "0 6 * * *"),
        (Refresh("day", "08:30", ("fri", "mon")), "30 8 * * mon,fri"),
        (Refresh("6 hours"), "0 0,6,12,18 * * *"),
        (Refresh("6 hours", "08:15"), "15 2,8,14,20 * * *"),
        (Refresh("hour", "00:05"), "5 * * * *"),
        (Refresh("week"), "0 6 * * mon"),
        (Refresh("month", "00:00"), "0 0 1 * *"),
        (Refresh(cron="*/5 * * * *"), "*/5 * * * *"),
    ],
)
def test_words_become_cron(refresh, expression):
    assert refresh.expression == expression
    assert refresh.next_run(NOW) > NOW


@pytest.mark.parametrize(
    ("refresh", "field"),
    [
        (Refresh(), "refresh"),
        (Refresh("day", cron="* * * * *"), "refresh"),
        (Refresh("5 hours"), "refresh.every"),
        (Refresh("day", "8:00"), "refresh.at"),
        (Refresh("day", "24:00"), "refresh.at"),
        (Refresh("day", weekdays=("monday",)), "refresh.weekdays"),
        (Refresh("month", weekdays=("mon",)), "refresh.weekdays"),
        (Refresh(cron="* * * * *", at="08:00"), "refresh.cron"),
        (Refresh(cron="often"), "cron"),
        (Refresh("day", timezone="Mars/Base"), "timezone"),
    ],
)
def test_what_does_not_go_together_is_named(refresh, field):
    with pytest.raises(InvalidInputError) as raised:
        refresh.next_run(NOW)
    assert raised.value.details[0].field == field


def test_a_zone_and_an_end():
    berlin = Refresh("day", "08:00", timezone="Europe/Berlin", until=datetime(2026, 1, 6, 8, tzinfo=UTC))
    assert berlin.next_run(NOW) == datetime(2026, 1, 6, 7, tzinfo=UTC)
    assert berlin.next_run(datetime(2026, 1, 6, 7, tzinfo=UTC)) is None


def read(body):
    return item_files.read(body, lambda _: None)


def test_a_file_that_is_taken_out_can_be_put_in_again():
    item = Item(
        "1",
        "B000000001",
        "B000000001",
        None,
        "www.amazon.de",
        'say "hello", then\ngo',
        ["mine", "kitchen"],
        Decimal("19.90"),
        "EUR",
    )
    bare = Item("2", "kettle", "kettle", None, "", "", [], None, None)
    items = [
        NewItem("B000000001", "www.amazon.de", 'say "hello", then\ngo', ("mine", "kitchen"), Decimal("19.90"), "EUR"),
        NewItem("kettle"),
    ]
    assert read(item_files.write([item, bare])) == (items, [])


def test_columns_in_any_order_and_what_is_no_list():
    assert read(b"Note;Target\nx;B000000001\n;\n") == ([NewItem("B000000001", note="x")], [])
    assert read(b"asin\nB000000001\n") is None
    assert read("target\näöü".encode("latin-1")) is None
    wrong = "line 2: targetPrice 'cheap' is not a number such as 19.90"
    assert read(b"target,targetPrice\nB000000001,cheap\nB000000002,2\n") == (
        [NewItem("B000000002", target_price=Decimal(2))],
        [wrong],
    )


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("days", [(), ("mon",), ("mon", "tue", "wed", "thu", "fri"), ("sat", "sun")])
def test_what_is_said_in_words_is_read_back_as_the_same_runs(every, days):
    said = Refresh(every, "00:30" if "hour" in every else "08:30", () if every == "month" else days, timezone="UTC")
    assert of_cron(said.expression).expression == said.expression


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("0 8 * * 1-5", Refresh("day", "08:00", ("mon", "tue", "wed", "thu", "fri"))),
        ("30 6 * * 0,6", Refresh("day", "06:30", ("sat", "sun"))),
        ("0 8 * * mon", Refresh("week", "08:00", ("mon",))),
        ("15 */6 * * *", Refresh("6 hours", "00:15")),
        ("0 6 1 * *", Refresh("month", "06:00")),
        ("5 * * * MON", Refresh("hour", "00:05", ("mon",))),
    ],
)
def test_usual_cron_is_told_in_words(expression, said):
    assert of_cron(expression) == said


@pytest.mark.parametrize(
    "expression",
    ["", "@daily", "*/5 * * * *", "0 8,16 * * *", "0 8 15 * *", "0 8 * 6 *", "0 8 * * 5-1", "0 8 * * x", "x"],
)
def test_other_cron_stays_cron(expression):
    assert of_cron(expression) is None
