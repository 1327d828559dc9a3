"""Targets out of pasted texts, CSV files and workbooks: nothing is dropped without being named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azscraper import marketplaces
from azscraper.errors import InvalidInputError
from azscraper.jobs.target_lists import read as read_list
from azscraper.jobs.target_lists import read_pasted, recognise_text, recognition
from unit.jobs.list_files import COM, FILES, HEADERS, A, B, C, book, csv

US = marketplaces.find("us")


def read(body, name="list.csv", **wanted):
    return read_list(body if isinstance(body, bytes) else csv(body), name, US, **wanted)


def rows(entries):
    return tuple(each.row for each in entries)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.id)
def test_a_file_as_people_have_it_is_read_right(file):
    found = read(file.body, file.name, kind=file.type).found
    assert found.targets == file.targets
    assert tuple(sorted(rows(found.rejected) + rows(found.passed_over))) == file.left_out


@pytest.mark.parametrize(
    "file", [file for file in FILES if "each marketplace" not in file.id], ids=lambda file: file.id
)
def test_a_column_that_was_found_can_be_chosen(file):
    reading = read(file.body, file.name, kind=file.type)
    sheet = next(iter(reading.sheets), None)
    again = read(file.body, file.name, kind=file.type, column=reading.letter, sheet=sheet)
    assert set(file.targets) <= set(again.found.targets)


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_what_is_counted_of_keywords_is_no_keyword(header):
    assert read(f"{header} volume,{header}\n12000,kettle\n900,mug\n", kind="search").found.targets == ("kettle", "mug")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f"keyword,asin\nkettle,{A}\n", "details"),
        (f"Search Term,#1 Clicked ASIN\nkettle,{A}\n", "search"),
        ("Search Volume,Keyword\n5,kettle\n", "search"),
        (f"{A}\n{B}\n", "details"),
        ("kettle\ncoffee mug\n", "search"),
    ],
)
def test_what_a_file_is_about_is_told(body, kind):
    assert read(body).kind == kind


def test_the_choice_is_said():
    file = book(("Info", [["Read me"]]), ("List", [["Name", "ASIN"], ["x", A]]))
    reading = read(file, "a.xlsx", kind="details")
    assert (reading.sheets, reading.column, reading.letter) == (("List",), "ASIN", "B")
    assert [(each.sheet, each.column, each.kind) for each in reading.offers] == [
        ("Info", "A", "search"),
        ("List", "Name", "search"),
        ("List", "ASIN", "details"),
    ]


@pytest.mark.parametrize(
    ("kind", "targets"),
    [
        ("offers", (A, B)),
        ("reviews", (A, B)),
        ("seller", ("A2L77EE7U53NWQ", "A1PA6795UKMFR9")),
        ("seller-products", ("A2L77EE7U53NWQ", "A1PA6795UKMFR9")),
        ("suggestions", ("kettle", "steel mug")),
    ],
)
def test_a_kind_says_which_column_holds_its_targets(kind, targets):
    body = f"keyword,sold by,asin\nkettle,A2L77EE7U53NWQ,{A}\nsteel mug,A1PA6795UKMFR9,{B}\n"
    assert read(body, kind=kind).found.targets == targets


@pytest.mark.parametrize(
    ("column", "targets"), [("parent_asin", ("B0PARENT01",)), ("B", (A,)), ("PARENT_ASIN", ("B0PARENT01",))]
)
def test_the_choice_can_be_made(column, targets):
    assert read(f"parent_asin,asin\nB0PARENT01,{A}\n", kind="details", column=column).found.targets == targets


def test_a_sheet_can_be_chosen():
    file = book(("DE", [["ASIN"], [A]]), ("FR", [["ASIN"], [B]]))
    assert read(file, kind="details").sheets == ("DE", "FR")
    assert read(file, kind="details", sheet="fr").found.targets == (B,)


@pytest.mark.parametrize(
    ("body", "wanted", "said"),
    [
        ("", {}, "empty"),
        ("\n\n", {}, "empty"),
        ("ASIN\n", {"kind": "details"}, "no rows"),
        (b"\x00\x01\x02", {}, "encoding can't be told"),
        (b"PK\x03\x04 no workbook", {}, "not a workbook"),
        (b"\xd0\xcf\x11\xe0 none", {}, "not a workbook"),
        (book(("S", [["ASIN"]]))[:-200] + b"PK\x05\x06" + b"\x00" * 18, {}, "not a workbook"),
        (
            f"asin,name\n{A},x\n",
            {"kind": "details", "column": "sku"},
            "no column named 'sku'. Its columns: 'asin', 'name'",
        ),
        (book(("S", [["ASIN"], [A]])), {"kind": "details", "sheet": "T"}, "no sheet named 'T'. Its sheets: 'S'"),
        ("keyword\nkettle\n", {"kind": "details"}, "the column 'keyword' looks like keywords"),
        (f"asin,volume\n{A},5\n", {"kind": "search"}, "the column 'asin' looks like products"),
        (f"title,asin\nkettle,{A}\n", {"kind": "search"}, "the column 'asin' looks like products"),
        ("name,ean\nmug,4006381333931\n", {"kind": "details"}, "the column 'ean' has product codes (EAN, UPC, GTIN)"),
        ("sku\nAB12345678\n", {"kind": "details"}, "No column of the file is one of products"),
        ("node_id\n1234567890\n", {"kind": "details"}, "No column of the file is one of products"),
        ("phone,sku\n4155550123,AB12345678\n", {"kind": "details"}, "No column of the file is one of products"),
        ("," * 1024 + "\nasin,b\n" + f"{A},b\n" * 9, {}, "1,024 columns"),
        ("asin\n" + f"{A}\n" * 200_000, {}, "200,000 rows"),
        ("keyword\nчайник\n".encode("cp1251"), {}, "encoding can't be told"),
        ("mot-clé\ncrème brûlée\n".encode("mac_roman"), {}, "encoding can't be told"),
        ("Suchbegriff\nKöfferchen\n".encode("cp850"), {}, "encoding can't be told"),
        ("słowo kluczowe\nśliczny kubek\n".encode("iso8859_2"), {}, "encoding can't be told"),
        (b"\xff\xfea", {}, "encoding can't be told"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "",
)
def test_what_is_not_taken_is_said_with_what_to_do(body, wanted, said):
    with pytest.raises(InvalidInputError) as refused:
        read(body, **wanted)
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("text", "reason", "repair"),
    [
        ("nonsense", "not_a_product", None),
        ("BODEMO00O1X", "not_a_product", None),
        ("B0DEMO 0001", "not_a_product", A),
        ("Kettle-B0DEMO0001-blue", "not_a_product", A),
        ("https://amzn.in/3abcdef", "short_link", None),
        ("z.cn/d/0abcdef", "short_link", None),
        ("https://www.amzn.in/d/0abcdef", "short_link", None),
        ("https://www.ebay.com/itm/1", "foreign_address", None),
        ("https://www.amazon.de/s?k=kettle", "no_product", None),
        ("12345678905", "gtin", None),
        ("9.78013E+12", "rounded", None),
        ("9,78013E+12", "rounded", None),
    ],
)
def test_what_is_no_product_is_named_with_reason_and_repair(text, reason, repair):
    (rejected,) = read(f"asin\n{A}\n{text}\n", kind="details").found.rejected
    assert (rejected.row, rejected.reason, rejected.repair) == (3, reason, repair)
    assert rejected.message


def test_pasted_products_are_taken_apart():
    found = recognise_text(
        "details", f"{A}, nope;{A.lower()}\n\n{COM}/dp/{B} the mug\n{C} B0DEMO00012\n0 13 110362 8\n", US
    )
    assert found.targets == (A, f"{COM}/dp/{B}", C, "0131103628")
    assert [(each.row, each.value, each.reason) for each in found.rejected] == [
        (1, "nope", "not_a_product"),
        (4, "B0DEMO00012", "not_a_product"),
    ]
    assert found.duplicates == 1
    assert found.marketplaces == {"www.amazon.com": 4}


def test_products_among_pasted_keywords_are_counted():
    found = recognise_text("search", f"kettle\n{A}", US)
    assert (found.targets, found.products) == (("kettle", A), 1)


def test_pasted_keywords_keep_their_commas():
    assert recognise_text("search", "coffee, ground\n\n nan \n-\n", US).targets == ("coffee, ground", "nan")


def test_words_in_a_list_of_products_are_no_asins():
    found = recognise_text("details", f"wireless headphones\n{A}", US)
    assert (found.targets, rows(found.rejected)) == ((A,), (1,))


SHEET = f"ASIN\tProdukt\tPreis\tNotiz\n{A}\tKettle\t34,99\trot\n\t\t\t\n{COM}/dp/{B}\tToaster\t\t\nB00000009\tTippfehler\t1\t\n{A}\tKettle\t\t\n"


@pytest.mark.parametrize("text", [SHEET, SHEET.replace("34,99", "34.99").replace("\t", ","), SHEET.partition("\n")[2]])
def test_cells_pasted_from_a_spreadsheet_are_read_by_their_columns(text):
    """Of its lines only the typing error is named, and a word of ten letters beside it is not a product."""
    found, beside = read_pasted("details", text, US)
    assert found.targets == (A, f"{COM}/dp/{B}")
    assert [each.value for each in found.rejected] == ["B00000009"]
    assert found.duplicates == 1
    assert beside[0] == ({"note": "rot"} if text.startswith("ASIN") else {})


def test_ten_letters_alone_are_a_word():
    found = recognise_text("details", f"Tippfehler\n{A}", US)
    assert (found.targets, rows(found.rejected)) == ((A,), (1,))


def test_a_keyword_that_is_too_long_is_rejected():
    assert recognise_text("search", "x" * 501, US).rejected[0].reason == "too_long"


def test_no_more_than_a_job_takes_is_recognised(monkeypatch):
    monkeypatch.setattr(recognition, "MOST_TARGETS", 2)
    found = recognise_text("search", "a\nb\nc\na", US)
    assert found.targets == ("a", "b")
    assert [each.reason for each in found.rejected] == ["too_many"]
    assert found.duplicates == 1


def test_a_wide_row_and_a_long_column_cost_what_their_cells_cost():
    wide = "asin," * 500 + "\n" + f"{A}\n" * 20_000  # rows times columns: ten million
    assert read(wide, kind="details").found.duplicates == 19_999


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_list_or_a_refusal(body):
    try:
        reading = read(body)
    except InvalidInputError:
        return
    assert reading.offers or reading.is_text


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["details", "search"]))
def test_every_entry_of_a_text_is_accounted_for(text, kind):
    found = recognise_text(kind, text, US)
    says_something = marketplaces.plain(text).strip(",;| ")
    assert found.targets or found.rejected or found.passed_over or not says_something
