"""What leaves the dashboard as a file: changes and chosen products, in the reader's words."""

import csv
import io
import re

from python_calamine import CalamineWorkbook

from azscraper.kinds.registry import kinds
from azscraper.results import exports, formats
from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source
from azscraper.web.api.change_files import ChangeRow
from azscraper.web.dashboard.language import texts
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
    assert file.content.startswith(b"\xef\xbb\xbfasin,marketplace,title,price,currency,")
    rows = {row["asin"]: row for row in csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))}
    assert (rows[RED]["title"], rows[BLUE]["title"]) == ("'=1+1", "Blue kettle")
    assert (rows[RED]["price"], rows[BLUE]["price"]) == ("30", "60")


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


def test_each_header_of_a_table_for_people_is_in_the_catalogue():
    tables = [exports.columns_of(tuple(one for one in kind.columns if one.shown)) for kind in kinds().values()]
    columns = {column for table in tables for column in table} | set(formats.columns(ChangeRow))
    parts = {part for column in columns for part in formats.label(column).split(", ")}
    catalogue = texts("de")._catalog  # noqa: SLF001 - a word that is the same in both languages is there too
    assert sorted(parts - catalogue.keys()) == []
