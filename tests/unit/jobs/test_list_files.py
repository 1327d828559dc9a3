"""Files that want too much are ended with their process, in one sentence; the caller goes on."""

import asyncio
import io
import zipfile

import pytest

from azscraper import marketplaces
from azscraper.errors import InvalidInputError, UnavailableError
from azscraper.jobs import list_files
from azscraper.jobs.target_lists import read
from azscraper.web.dashboard import language
from unit.jobs.list_files import A, B, book

MEMORY = "more than 512 MB of memory"
TIME = "more than 20 seconds"


def changed(body, **parts):
    """The workbook with parts of its XML made into something else."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = parts.get(name.rpartition("/")[2].partition(".")[0])
            new.writestr(name, change(old.read(name)) if change else old.read(name))
    return file.getvalue()


def sparse(cell):
    """Two cells, A1 and the one named."""
    row = "".join(filter(str.isdigit, cell)).encode()
    body = book(("S", [["ASIN"], ["x"]]))
    return changed(
        body,
        sheet1=lambda xml: xml.replace(b'r="A2"', b'r="' + cell.encode() + b'"').replace(
            b'row r="2"', b'row r="' + row + b'"'
        ),
    )


HOSTILE = {  # made where they are read: the fourth takes seconds, in each process that collects tests
    "the corners of a sheet": (lambda: sparse("XFD1048576"), MEMORY),
    "a sheet of 20 million cells": (lambda: sparse("ALL20000"), MEMORY),
    "a row too far below": (lambda: sparse("B200001"), "200,000 rows"),
    "a column too far right": (lambda: sparse("AMK9"), "1,024 columns"),
    "a text of 600 MB": (lambda: changed(book(("S", [["ASIN"], ["x"]])), sharedStrings=lambda xml: xml.replace(b"<t>x", b"<t>x" + b"x" * 600_000_000)), MEMORY),
    "an entity bomb": (
        lambda: changed(
            book(("S", [["ASIN"], [lambda sheet, row, column: sheet.write_url(row, column, "https://a.example")]])),
            sheet1=lambda xml: xml.replace(
                b"?>", b"?><!DOCTYPE x [" + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10 if n else b"x" * 99) for n in range(9)) + b"]>", 1
            ).replace(b"<sheetData>", b"<sheetData><!-- -->&i;"),
        ),
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_wants_too_much_is_one_sentence(make, said):
    with pytest.raises(InvalidInputError) as refused:
        list_files.read(make(), "list.xlsx")
    assert said in refused.value.message
    assert "\n" not in refused.value.message
    assert _is_in_every_language(refused.value.details[0].message)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"asin\n", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"PK\x03\x04no", b"asin\n" + b"x" * 140_000 + b"\n", b"asin\n\x00\n",
        b"asin\n" + b"x\n" * 200_000, b"asin" + b"," * 1024,
    ],
    ids=["empty", "header", "picture", "zip", "cell", "nul", "rows", "columns"],
)  # fmt: skip
def test_why_a_file_is_not_taken_is_said_in_every_language(body):
    with pytest.raises(InvalidInputError) as refused:
        read(body, "list.csv", marketplaces.find("us"))
    assert _is_in_every_language(refused.value.details[0].message)


def _is_in_every_language(message):
    return language.texts("de").gettext(message) != message


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(list_files, "MOST_SECONDS", 0.001)
    with pytest.raises(InvalidInputError) as refused:
        list_files.read(f"asin\n{A}\n".encode(), "list.csv")
    assert TIME in refused.value.message


def test_what_is_wrong_with_a_file_comes_back_with_its_field():
    with pytest.raises(InvalidInputError) as refused:
        list_files.read(f"asin,b\n{A},c\n".encode(), "list.csv", column="sku")
    assert refused.value.details[0].field == "column"


async def test_files_are_read_while_others_wait_and_no_more_wait_than_there_is_room_for():
    body = f"asin\n{A}\nnope\n{B}\n".encode()
    room = list_files.MOST_AT_ONCE + list_files.MOST_WAITING
    reading = [asyncio.create_task(list_files.read_soon(body, "list.csv", kind="details")) for _ in range(room + 3)]
    found = await asyncio.gather(*reading, return_exceptions=True)
    refused = [each for each in found if isinstance(each, UnavailableError)]
    assert len(refused) == 3
    assert {each.found.targets for each in found if each not in refused} == {(A, B)}
    assert (await list_files.read_soon(body, "list.csv", kind="details")).found.rejected[0].row == 3
