"""Files in the dashboard's form of a new job: what is read of them, the choice, and what is left out as a file."""

import csv
import html
import io
import re

import httpx
import pytest

from integration.one_app import App
from integration.test_dashboard_pages import COOKIE, ORIGIN, form_token_of
from unit.jobs.list_files import FILES, A, B, book

CHOSEN = (
    "phone numbers left of it", "cp932", "links behind names", "HYPERLINK without a value", "numbers for ISBNs, named ASIN", "links of ODS",
    "cells without a value", "Japanese in cp932", "volumes left of them", "a keyword tool with a column for each product",
)  # fmt: skip


@pytest.fixture
async def form(services, tenant):
    """Sends a file as the page does; ``path`` is upload, left-out or preview."""
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=ORIGIN, cookies={COOKIE: tenant.token}
    ) as browser:
        token = await form_token_of(browser)

        async def send(path, body=None, name="list.csv", **fields):
            url = f"/app/projects/{tenant.project_id}/jobs/{path}"
            files = None if body is None else {"file": (name, body)}
            headers = {"HX-Request": "true"} if path != "left-out" else {}
            return await browser.post(url, data=fields | {"form_token": token}, files=files, headers=headers)

        yield send


def taken(response):
    """What goes into the form: the kind and the targets."""
    kind, values = re.search(r'<template data-kind="(\w+)"[^>]*>(.*?)</template>', response.text, re.DOTALL).groups()
    return kind, tuple(html.unescape(values).splitlines())


async def test_files_as_people_have_them_are_read_right(form):
    for file in (file for file in FILES if file.id in CHOSEN):
        response = await form("upload", file.body, file.name)
        assert taken(response) == (file.type, file.targets), file.id


async def test_a_column_of_product_codes_is_named(form):
    response = await form("upload", b"Name,EAN\nMug,4006381333931\nPen,5901234123457\n", rather="details")
    assert "The column “EAN” has product codes (EAN, UPC, GTIN), which are not ASINs." in response.text
    assert "product codes" not in (await form("upload", f"ASIN,EAN\n{A},4006381333931\n".encode())).text


async def test_the_choice_is_said_and_can_be_made(form):
    body = book(("Info", [["Read me"]]), ("List", [["parent_asin", "ASIN"], ["B0PARENT01", A], ["B0PARENT01", B]]))
    response = await form("upload", body, "a.xlsx")
    assert "2 products from the column “ASIN” of the sheet “List”." in response.text
    assert 'value="B:List" selected' in response.text
    assert taken(await form("upload", body, "a.xlsx", column="A:List", column_of="a.xlsx")) == (
        "details",
        ("B0PARENT01",),
    )
    again = await form("upload", f"ASIN\n{A}\n".encode(), "b.csv", column="Z:List", column_of="a.xlsx")
    assert taken(again) == ("details", (A,))


async def test_what_is_left_out_is_named_with_its_row_and_can_be_downloaded(form):
    body = f"Title,ASIN\nx,{A}\ny,B0DEMO 0002\nz,N/A\nw,=nope\n".encode()
    shown = html.unescape((await form("upload", body)).text)
    assert "2 entries are not recognised" in shown
    assert re.search(
        r"Row 3</span> <span class=\"mono\">B0DEMO 0002</span>: not an ASIN .*Did you mean <strong .*B0DEMO0002", shown
    )
    response = await form("left-out", body)
    assert response.headers["content-disposition"] == 'attachment; filename="left-out.csv"'
    assert list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == [
        ["Sheet", "Row", "Entry", "Reason", "Did you mean"],
        ["", "3", "B0DEMO 0002", "not an ASIN or a product address", B],
        ["", "4", "N/A", "no value", ""],
        ["", "5", "'=nope", "not an ASIN or a product address", ""],
    ]


async def test_what_is_left_out_of_a_pasted_list_can_be_downloaded_whole(form):
    pasted = "\n".join([A, *(f"nope{n}" for n in range(300))])
    response = await form("left-out", targets=pasted, type="details")
    assert len(response.content.splitlines()) == 301
    shown = (await form("preview", targets=pasted, type="details")).text
    assert shown.count("nope") == 50
    assert "and 250 more" in shown


async def test_a_file_that_wants_too_much_is_one_sentence(form):
    response = await form("upload", b"PK\x03\x04" + b"x" * 99, "a.xlsx")
    assert response.status_code == 400
    assert "not a workbook that can be read" in response.text


async def test_the_kind_that_was_chosen_is_taken_from_a_file_that_has_both(form):
    body = f"asin,keyword\n{A},kettle\n{B},coffee mug\n".encode()
    assert taken(await form("upload", body)) == ("details", (A, B))
    assert taken(await form("upload", body, rather="search")) == ("search", ("kettle", "coffee mug"))
    assert taken(await form("upload", body, rather="search", column="A:", column_of="list.csv")) == ("details", (A, B))
    assert taken(await form("upload", f"asin\n{A}\n".encode(), rather="search")) == ("details", (A,))
    assert (await form("upload", body, rather="x")).status_code == 400


async def test_products_lead_to_their_marketplace_before_anything_is_posted(form):
    fields = {"targets": f"{A}\nhttps://www.amazon.fr/dp/{B}\nB0DEMO 0002", "marketplace": "de"}
    shown = (await form("preview", type="details", **fields)).text
    for url in (f"https://www.amazon.de/dp/{A}", f"https://www.amazon.fr/dp/{B}", f"https://www.amazon.de/dp/{B}"):
        assert re.search(rf'<a class="shop" href="{url}" target="_blank" rel="noopener noreferrer"', shown), url
    assert 'class="shop"' not in (await form("preview", type="search", **fields)).text
    uploaded = (await form("upload", f"asin\n{A}\nB0DEMO 0002\n".encode(), marketplace="www.amazon.it")).text
    assert f'href="https://www.amazon.it/dp/{B}"' in uploaded


async def test_a_file_that_is_too_large_says_so_and_how_large_one_may_be(form):
    response = await form("upload", b"x" * 17 * 1024 * 1024)
    assert response.status_code == 413
    assert "up to 16 MB" in response.text


async def test_the_form_of_a_list_says_what_came_along(services, tenant):
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=ORIGIN, cookies={COOKIE: tenant.token}
    ) as browser:
        fields = {"form_token": await form_token_of(browser), "type": "details", "marketplaces": "www.amazon.com"}
        cells = f"ASIN\tNote\tTarget price\n{A}\tours\t29.99\n{B}\task Tom\t\n"
        url = f"/app/projects/{tenant.project_id}/lists/preview"
        page = re.sub(r"<[^>]+>|\s+", " ", (await browser.post(url, data=fields | {"targets": cells})).text)
        assert re.search("2 products found +1 target price +2 notes +2 pages per check", page)
        page = (await browser.post(url, data=fields | {"targets": "kettle\nteapot"})).text
        assert 'data-chooses="search">These are keywords</button>' in page


async def test_a_list_is_not_proposed_under_the_name_of_another(services, tenant):
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=ORIGIN, cookies={COOKIE: tenant.token}
    ) as browser:
        for name in ("Keywords", "Keywords", "Keywords 2"):
            body = {"name": name, "type": "search", "marketplaces": ["us"], "items": [{"target": "kettle"}]}
            await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=body)
        page = (await browser.get(f"/app/projects/{tenant.project_id}/lists/new?kind=search")).text
        assert 'value="Keywords 3"' in page
        assert 'data-name="Best sellers" value="bestsellers"' in page
