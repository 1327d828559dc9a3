"""Targets out of pasted texts, CSV files and workbooks: nothing is dropped without being named."""

import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from azscraper import marketplaces, target_lists
from azscraper.errors import InvalidInputError
from azscraper.target_lists import Rejected, guess_kind, read_table, recognise, split

US = marketplaces.find("us")


def workbook(rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        ("details", "B0DEMO0001, B0DEMO0002;B0DEMO0003\n\n  B0DEMO0004\t", 4),
        ("search", "wireless earbuds\n\n  coffee, ground  \n", 2),
        ("search", "", 0),
    ],
)
def test_a_pasted_text_is_taken_apart(kind, text, values):
    assert len(split(kind, text)) == values


def test_keywords_keep_their_commas():
    assert split("search", "coffee, ground\n") == ["coffee, ground"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("B0DEMO0001\nB0DEMO0002", "details"),
        ("https://www.amazon.de/dp/B0DEMO0001", "details"),
        ("headphones\nsmartwatch", "search"),  # ten letters each
        ("wireless earbuds", "search"),
        ("", "search"),
    ],
)
def test_the_kind_of_a_list_is_guessed(text, kind):
    assert guess_kind(text) == kind


def test_what_is_no_product_is_named_with_its_place():
    found = recognise("details", "B0DEMO0001\n\nnope, b0demo0001\nhttps://www.amazon.de/dp/B0DEMO0001 nix", US)
    assert found.targets == ("B0DEMO0001", "https://www.amazon.de/dp/B0DEMO0001")
    assert found.rejected == (Rejected(3, "nope", "not_a_product"), Rejected(4, "nix", "not_a_product"))
    assert found.duplicates == 1
    assert found.marketplaces == {"www.amazon.com": 1, "www.amazon.de": 1}


def test_a_target_that_is_too_long_is_rejected():
    assert recognise("search", "x" * 501, US).rejected[0].reason == "too_long"


def test_no_more_than_a_job_takes_is_recognised(monkeypatch):
    monkeypatch.setattr(target_lists, "MOST_TARGETS", 2)
    found = recognise("search", "a\nb\nc\na", US)
    assert found.targets == ("a", "b")
    assert [each.reason for each in found.rejected] == ["too_many"]
    assert found.duplicates == 1


FILES = {
    "semicolons": b"Title;ASIN\r\nKettle;B0DEMO0001\r\nPot;B0DEMO0002\r\n",
    "commas and a mark": "\ufeffTitle,ASIN\nKettle,B0DEMO0001\nPot,B0DEMO0002\n".encode(),
    "tabs in UTF-16": "Title\tASIN\nKettle\tB0DEMO0001\nPot\tB0DEMO0002\n".encode("utf-16"),
    "the Windows code page": "Titel;ASIN\nKöfferchen;B0DEMO0001\nTöpfe;B0DEMO0002".encode("cp1252"),
    "a workbook": workbook([["Title", "ASIN"], ["Kettle", "B0DEMO0001"], ["Pot", "B0DEMO0002"]]),
    "a short row": b"Title,ASIN\nKettle,B0DEMO0001\nalone\nPot,B0DEMO0002\n",
}


@pytest.mark.parametrize("body", FILES.values(), ids=FILES)
def test_the_column_of_products_is_found(body):
    table = read_table(body)
    assert table.chosen.name == "ASIN"
    assert table.chosen.kind == "details"
    assert table.chosen.values == ("B0DEMO0001", "B0DEMO0002")


def test_a_file_without_a_header_keeps_its_first_row():
    table = read_table(b"1;B0DEMO0001\n2;B0DEMO0002\n")
    assert table.chosen.name == "B"
    assert table.chosen.values == ("B0DEMO0001", "B0DEMO0002")


def test_the_column_of_keywords_goes_by_its_name():
    table = read_table("Volume,Suchbegriff\n10,wasserkocher\n20,kaffeemühle\n".encode())
    assert table.chosen.kind == "search"
    assert table.chosen.values == ("wasserkocher", "kaffeemühle")


def test_whole_numbers_of_a_workbook_have_no_fraction():
    assert read_table(workbook([["keyword"], [1984]])).chosen.values == ("1984",)


@pytest.mark.parametrize(
    "body",
    [b"", b"\n\n", b"ASIN\n", b"\x00\x01\x02", b"PK\x03\x04 no workbook", workbook([]), b"\xd0\xcf\x11\xe0 none"],
)
def test_what_is_no_table_is_refused(body):
    with pytest.raises(InvalidInputError):
        read_table(body)


def test_a_broken_workbook_is_refused():
    with pytest.raises(InvalidInputError):
        read_table(workbook([["ASIN"]])[:-200] + b"PK\x05\x06" + b"\x00" * 18)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_refusal(body):
    try:
        table = read_table(body)
    except InvalidInputError:
        return
    assert table.chosen.values
