"""What leaves the dashboard as a file: changes and chosen products, in the reader's words."""

import csv
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from azscraper.kinds.registry import kinds
from azscraper.results import exports, formats
from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source
from azscraper.web.api.change_files import ChangeRow
from azscraper.web.api.list_tables import ListedProduct
from azscraper.web.dashboard.language import texts
from azscraper.web.dashboard.pages import product_history
from integration.test_dashboard_sellers import BLUE, RED, US, base, browser, mine, seen, shown, token_of

__all__ = ["base", "browser", "mine"]  # fixtures


async def test_changes_are_filtered_and_taken_along(browser, base, mine):
    page = re.sub(" +", " ", await shown(browser, f"{base}/changes?days=7"))
    assert "5 changes" in page
    assert "All 5 Price 2 Stock 2 Sellers 1" in page
    lost = re.sub(" +", " ", await shown(browser, f"{base}/changes?kind=lost&mine=1&list={mine}"))
    assert "1 change " in lost
    assert "Buy box lost 1 Buy box won 0" in lost
    empty = await shown(browser, f"{base}/changes?marketplace=www.amazon.de")
    assert "Look at the last 7 days" in empty
    assert "All  0" in empty or "All 0" in re.sub(" +", " ", empty)
    file = await browser.get(f"{base}/changes/file?days=7&kind=price")
    assert re.fullmatch(r'attachment; filename="changes-\d{4}-\d\d-\d\d.csv"', file.headers["content-disposition"])
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    told = ("ASIN", "Change", "Before", "After", "Currency", "Percent")
    assert [tuple(row[name] for name in told) for row in rows] == [
        (RED, "price", "40.0", "30.0", "USD", "-25.0"),
        (RED, "price", "50.0", "40.0", "USD", "-20.0"),
    ]
    book = await browser.get(f"{base}/changes/file?days=7&format=xlsx")
    [head, *lines] = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert head[:5] == ["Time, UTC", "Marketplace", "ASIN", "Title", "Change"]
    assert len(lines) == 5
    assert {line[4] for line in lines} == {"price", "availability", "seller"}
    assert (await browser.get(f"{base}/changes?after=nonsense")).status_code == 404


async def test_the_api_gives_changes_as_a_file(base, tenant):
    url = base.removeprefix("/app") + "/changes"
    days_ago = {"since": "2000-01-01", "kind": "price,availability"}
    file = await tenant.http.get(url, params=days_ago | {"format": "csv", "min": 10})
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["after"] for row in csv.DictReader(io.StringIO(file.text))] == ["30.0", "40.0"]
    book = await tenant.http.get(url, params=days_ago | {"format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    told = (await tenant.http.get(url, params=days_ago)).json()
    assert len(rows) == told["meta"]["total"] + 1
    assert (await tenant.http.get(url, params={"format": "parquet"})).status_code == 400


async def test_chosen_products_are_a_file_for_spreadsheets(browser, base, tenant, services):
    async with transaction(services.pool) as conn:
        page = seen(services.clock(), RED, 0.1, 30, title="=1+1")
        await series.add(conn, Source("o", tenant.project_id, "j" * 24), [page])
    form = await token_of(browser) | {"marketplace": US, "asin": [RED, BLUE]}
    file = await browser.post(f"{base}/products/export", data=form)
    assert file.content.startswith(b'\xef\xbb\xbfTitle,ASIN,Marketplace,Price,"Price, currency",')
    rows = {row["ASIN"]: row for row in _rows_of(file)}
    assert (rows[RED]["Title"], rows[BLUE]["Title"]) == ("'=1+1", "Blue kettle")
    assert (rows[RED]["Price"], rows[BLUE]["Price"]) == ("30", "60")
    assert (rows[RED]["Change percent 7 days"], rows[RED]["Availability"]) == ("-40.0", "in stock")
    assert "Target price" not in rows[RED]


async def test_a_file_of_changes_is_an_export_of_the_month(base, browser, tenant, services):
    url = base.removeprefix("/app") + "/changes"
    for ask in (tenant.http.get(f"{url}?format=csv"), tenant.http.get(url), browser.get(f"{base}/changes/file")):
        assert (await ask).status_code == 200
    assert (await tenant.http.get("/usage")).json()["data"]["used"]["exportsThisMonth"] == 2
    async with transaction(services.pool) as conn:
        await conn.execute("UPDATE organizations SET plan = 'free'")
        await conn.execute("UPDATE usage SET exports = 20")
    spent = await tenant.http.get(f"{url}?format=xlsx")
    assert (spent.status_code, spent.json()["error"]["message"]) == (403, "Export limit reached for this month")
    assert (await tenant.http.get(f"/projects/{'0' * 24}/changes?format=csv")).status_code == 404
    assert (await browser.get(f"{base}/changes/file")).status_code == 403


async def test_a_file_of_changes_speaks_the_readers_language(browser, base):
    german = {"Accept-Language": "de"}
    file = await browser.get(f"{base}/changes/file?days=7", headers=german)
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert list(rows[0]) == [
        "Zeit", "Marktplatz", "ASIN", "Titel", "Änderung", "Vorher", "Nachher", "Währung", "Prozent", "Link",
    ]  # fmt: skip
    assert {row["Änderung"] for row in rows} == {"Preis", "Verfügbarkeit", "Verkäufer"}
    stock = [(row["Vorher"], row["Nachher"]) for row in rows if row["Änderung"] == "Verfügbarkeit"]
    assert stock == [("nicht auf Lager", "auf Lager"), ("auf Lager", "nicht auf Lager")]
    assert all(row["Zeit"].endswith("+00:00") for row in rows)
    book = await browser.get(f"{base}/changes/file?days=7&format=xlsx", headers=german)
    [head, *_] = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert head[:5] == ["Zeit, UTC", "Marktplatz", "ASIN", "Titel", "Änderung"]


def _rows_of(file):
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))


def _book_of(file):
    return CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()


async def test_files_of_products_speak_the_readers_language(browser, base, mine):
    german = {"Accept-Language": "de"}
    form = await token_of(browser) | {"marketplace": US, "asin": [RED, BLUE]}
    [row, _] = _rows_of(await browser.post(f"{base}/products/export", data=form, headers=german))
    assert list(row)[:5] == ["Titel", "ASIN", "Marktplatz", "Preis", "Preis, Währung"]
    assert row["Verfügbarkeit"] == "auf Lager"
    head, *lines = _book_of(await browser.get(f"/app/lists/{mine}/products.xlsx", headers=german))
    assert head[:5] == ["Titel", "ASIN", "Marktplatz", "Preis", "Preis, Währung"]
    assert "Geprüft am, UTC" in head
    assert {line[head.index("Verfügbarkeit")] for line in lines} == {"Auf Lager", ""}
    history = await browser.get(f"{base}/products/{RED}/history.csv?marketplace={US}", headers=german)
    assert list(_rows_of(history)[0])[:4] == ["Zeit", "Währung", "Preis", "Listenpreis"]
    assert {row["Verfügbarkeit"] for row in _rows_of(history)} == {"auf Lager"}


@pytest.mark.parametrize(
    ("said", "zone"),
    [("Asia%2FKolkata", "Asia/Kolkata"), ("Asia/Kolkata", "Asia/Kolkata")]
    + [(other, "UTC") for other in ("..%2Fetc%2Fpasswd", "Nowhere", "%00", "x" * 999)],
)
async def test_times_of_files_are_the_readers(browser, base, mine, said, zone):
    browser.cookies.set("azscraper_zone", said)
    form = await token_of(browser) | {"marketplace": US, "asin": [RED]}
    files = [
        await browser.get(f"{base}/changes/file?days=7"),
        await browser.get(f"{base}/products/{RED}/history.csv?marketplace={US}"),
        await browser.post(f"{base}/products/export", data=form),
    ]
    hour = "+00:00" if zone == "UTC" else "+05:30"
    for file in files:
        row = _rows_of(file)[0]
        assert (row.get("Time") or row["Checked at"]).replace("Z", "+00:00").endswith(hour), row
    books = [
        await browser.get(f"{base}/changes/file?days=7&format=xlsx"),
        await browser.get(f"/app/lists/{mine}/products.xlsx"),
    ]
    assert [f"{name}, {zone}" in _book_of(book)[0] for name, book in zip(("Time", "Checked at"), books, strict=True)]


async def test_files_of_the_api_stay_in_utc(base, tenant, mine):
    zone = {"Cookie": "azscraper_zone=Asia/Kolkata"}
    changes = await tenant.http.get(base.removeprefix("/app") + "/changes?format=csv&since=2000-01-01", headers=zone)
    assert all(row["time"].endswith("+00:00") for row in _rows_of(changes))
    book = await tenant.http.get(f"/lists/{mine}/export?names=labels", headers=zone)
    assert "Checked at, UTC" in _book_of(book)[0]


def test_each_header_of_a_table_for_people_is_in_the_catalogue():
    tables = [exports.columns_of(tuple(one for one in kind.columns if one.shown)) for kind in kinds().values()]
    columns = {column for table in tables for column in table} | {*formats.columns(ChangeRow), *product_history.COLUMNS}
    columns |= set(formats.columns(ListedProduct))
    parts = {part for column in columns for part in formats.label(column).split(", ")}
    catalogue = texts("de")._catalog  # noqa: SLF001 - a word that is the same in both languages is there too
    assert sorted(parts - catalogue.keys()) == []
