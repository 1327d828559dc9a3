"""What commands print for people (tables that fit, ids that can be copied, money as shops print it), and what they set."""

import io
import json
import subprocess
import sys
from functools import reduce

import pytest
from rich.console import Console

from azscraper.cli import show
from azscraper.cli.local.serving import processes
from azscraper.cli.progress import counted
from azscraper.cli.row_tables import money_text, row_table
from azscraper.kinds.kind import ColumnType
from azscraper.kinds.registry import kinds
from azscraper.marketplaces import MARKETPLACES
from azscraper.records.details import Product
from azscraper.records.parts import BestsellerRank, Money


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
    asked = {host for kind in kinds().values() for site in MARKETPLACES.values() for host in kind.hosts(site)}
    assert asked <= base_urls.keys()
    assert set(base_urls.values()) == {"http://127.0.0.1:9"}


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@pytest.mark.parametrize("kind", kinds().values(), ids=list(kinds()))
def test_a_table_has_the_columns_that_have_room(monkeypatch, kind, width):
    monkeypatch.setenv("COLUMNS", str(width))
    console = Console(width=width, file=io.StringIO())
    lead = next(one for one in kind.columns if one.type is not ColumnType.PICTURE)
    value = reduce(lambda inner, key: {key: inner}, reversed(lead.path), "Kettle " * 40)
    row = {"asin": "B000000001", "price": {"amount": 9.5, "currency": "EUR"}} | value
    table = row_table(kind.name, [row])
    console.print(table)
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "Kettle" in console.file.getvalue()
    has_price = width > 40 and any(one.name == "price" for one in kind.columns)
    assert ("9.50 EUR" in console.file.getvalue()) == has_price
    names = [column.header for column in table.columns]
    assert names[0].lower() == lead.name.lower()
    assert len(names) == len(set(names))


def test_records_show_what_their_json_shows(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    product = Product.model_construct(
        asin="B000000001",
        title="Kettle",
        price=Money(amount="9.5", currency="EUR"),
        bestseller_ranks=(BestsellerRank(rank=31185, category="Kitchen"),),
    )
    tables = [row_table("details", [row]) for row in (product, product.model_dump(mode="json", by_alias=True))]
    of_record, of_json = [{one.header: list(one.cells) for one in table.columns} for table in tables]
    assert of_record == of_json
    assert of_record["Rank"] == ["31185"]


def test_rows_of_a_kind_that_is_not_installed_have_their_keys():
    table = row_table("tables", [{"legs": 4, "wood": "oak"}, {"legs": 3}])
    assert [column.header for column in table.columns] == ["Legs", "Wood"]
    assert table.row_count == 2


@pytest.mark.parametrize(
    ("module", "unneeded"),
    [
        ("azscraper.cli", r"azscraper\.\w+\.|pydantic"),
        ("azscraper.cli.local.serving.processes", r"azscraper\.(client|kinds|records|web|wire)|fastapi|aiohttp"),
        ("azscraper.cli.remote.run", r"azscraper\.kinds"),
        ("azscraper.web.app", r"azscraper\.kinds\.\w+\.(?!address$|walk$|letters$)"),
    ],
)
def test_nothing_loads_parsers_that_reads_no_page(module, unneeded):
    """A start takes what it needs: parsers and phrases of two dozen sites are a third of a second, and so are the shapes of answers."""
    code = f"import re, sys, {module}; print(*filter(re.compile({unneeded!r}).match, sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    light = {"azscraper.kinds.search.address", "azscraper.kinds.details.walk"}
    assert not set(done.stdout.split()) - light
