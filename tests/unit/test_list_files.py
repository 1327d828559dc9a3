"""Files that want too much are ended with their process, in one sentence; the caller goes on."""

import asyncio
import io
import zipfile

import pytest

from azscraper import list_files
from azscraper.errors import InvalidInputError, UnavailableError
from unit.list_files import A, B, book

TOO_LARGE = "too large or too tangled"


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


HOSTILE = {
    "the corners of a sheet": (sparse("XFD1048576"), TOO_LARGE),
    "a sheet of 20 million cells": (sparse("ALL20000"), TOO_LARGE),
    "a row too far below": (sparse("B200001"), "200,000 rows"),
    "a column too far right": (sparse("AMK9"), "1,024 columns"),
    "a text of 600 MB": (changed(book(("S", [["ASIN"], ["x"]])), sharedStrings=lambda xml: xml.replace(b"<t>x", b"<t>x" + b"x" * 600_000_000)), TOO_LARGE),
    "an entity bomb": (
        changed(
            book(("S", [["ASIN"], [lambda sheet, row, column: sheet.write_url(row, column, "https://a.example")]])),
            sheet1=lambda xml: xml.replace(
                b"?>", b"?><!DOCTYPE x [" + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10 if n else b"x" * 99) for n in range(9)) + b"]>", 1
            ).replace(b"<sheetData>", b"<sheetData><!-- -->&i;"),
        ),
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_wants_too_much_is_one_sentence(body, said):
    with pytest.raises(InvalidInputError) as refused:
        list_files.read(body, "list.xlsx")
    assert said in refused.value.message
    assert "\n" not in refused.value.message


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(list_files, "MOST_SECONDS", 0.001)
    with pytest.raises(InvalidInputError) as refused:
        list_files.read(f"asin\n{A}\n".encode(), "list.csv")
    assert TOO_LARGE in refused.value.message


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
