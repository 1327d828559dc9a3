"""What commands print for people (tables that fit, ids that can be copied, money as shops print it), and what they set."""

import json

import pytest

from azscraper.cli import show
from azscraper.cli.local.serving import processes
from azscraper.cli.progress import counted
from azscraper.cli.row_tables import money_text
from azscraper.marketplaces import MARKETPLACES
from azscraper.records.parts import Money


def test_an_id_is_whole_on_a_narrow_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    id_ = "01a2224699f7f19f62eb57f5"
    columns = {"schedule": lambda _: id_, "cron": lambda _: "0 6 * * * Europe/Berlin", "next": lambda _: "word " * 20}
    show.table(columns, [1], empty="none")
    assert id_ in capsys.readouterr().out


def test_a_long_target_is_folded_and_lost_in_no_part(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    target = "https://www.amazon.de/" + "x" * 90
    show.table({"target": lambda _: target, "status": lambda _: "success"}, [1], empty="none")
    printed = capsys.readouterr().out
    assert printed.count("x") == 90
    assert "success" in printed


@pytest.mark.parametrize(
    ("amount", "text"),
    [("51.1", "51.10 EUR"), ("80.95", "80.95 EUR"), ("1299", "1299 EUR"), ("0.995", "0.995 EUR"), (None, "–")],
)
def test_money(amount, text):
    assert money_text(amount and Money(amount=amount, currency="EUR")) == text


def test_one_is_no_plural():
    assert [counted(count, "row") for count in (0, 1, 2000)] == ["0 rows", "1 row", "2,000 rows"]


def test_with_the_demo_no_fetch_leaves_the_machine():
    settings = processes.played_by("http://127.0.0.1:9", {})
    base_urls = json.loads(settings["AZSCRAPER_MARKETPLACE_BASE_URL"])
    assert base_urls == dict.fromkeys(MARKETPLACES, "http://127.0.0.1:9")
