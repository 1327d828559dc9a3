import asyncio
import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import orjson
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from azscraper.records import Product, SearchRow
from azscraper.records.parts import Availability, Category, Money, OtherOffers, VariantItem, Variants
from azscraper.results import formats_xlsx
from azscraper.results.exports import named
from azscraper.results.formats import Names, Reader, columns, csv_file, in_tables, json_array, label, narrowed
from azscraper.results.formats_parquet import parquet_file, schema_of
from azscraper.results.formats_xlsx import xlsx_file
from azscraper.results.selection import Fields

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
_RECORDS = st.lists(st.dictionaries(st.sampled_from(["asin", "title", "language"]), _TEXT | st.none()), max_size=20)


async def blocks(records, size=3):
    for start in range(0, len(records), size):
        yield b"".join(orjson.dumps(record) + b"\n" for record in records[start : start + size])


def collect(chunks):
    async def all_of():
        return b"".join([chunk async for chunk in chunks])

    return asyncio.run(all_of())


@given(_RECORDS)
def test_a_json_array_reads_back(records):
    assert orjson.loads(collect(json_array(blocks(records)))) == records


@given(_RECORDS)
def test_csv_reads_back(records):
    names = ["asin", "title", "language"]
    text = collect(csv_file(blocks(records), names, guard=False)).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == names
    assert rows[1:] == [[record.get(name) or "" for name in names] for record in records]


def test_csv_is_rfc_4180_to_the_byte():
    records = [{"asin": "B0", "title": 'a "b", c'}, {"title": "Größe\nXL"}]
    data = collect(csv_file(blocks(records), ["asin", "title"]))
    assert data == 'asin,title\r\nB0,"a ""b"", c"\r\n,"Größe\nXL"\r\n'.encode()


def test_nested_fields_have_dotted_columns_in_the_order_of_the_record():
    names = columns(Product)
    assert names.index("price.amount") + 1 == names.index("price.currency")
    assert "savings.amount.currency" in names
    assert "images" in names
    assert "price" not in names
    assert "availability.status" in names
    assert "otherOffers.from.amount" in columns(SearchRow)
    assert len(set(names)) == len(names)


def test_tables_keep_their_columns_and_leave_out_what_holds_much():
    names = columns(in_tables(Product))
    before = names.index("relatedAsins.newerModel")
    assert all(
        names.index(column) > before for column in ("offers.mixedCount", "offers.mixedFrom.amount", "listPriceKind")
    )
    assert names.index("offers.usedFrom.currency") + 1 == names.index("rating")
    assert not {"related", "imageDetails", "documents"} & set(names)
    assert {"related", "imageDetails", "documents"} < set(columns(Product))
    assert columns(narrowed(Product, Fields(("asin", "related")))) == ["asin", "related"]


def test_a_record_as_csv():
    product = Product(
        asin="B0DEMO0001",
        title='A "mug", blue\nand big',
        price=Money(amount=Decimal("29.90"), currency="USD"),
        availability=Availability(status="in_stock"),
        images=("https://example.com/1.jpg",),
        is_prime=False,
    )
    line = product.model_dump_json(by_alias=True).encode() + b"\n"

    async def one():
        yield line

    text = collect(csv_file(one(), columns(Product))).decode()
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert row["title"] == 'A "mug", blue\nand big'
    assert row["price.amount"] == "29.9"
    assert row["availability.status"] == "in_stock"
    assert row["images"] == '["https://example.com/1.jpg"]'
    assert row["isPrime"] == "false"
    assert row["listPrice.amount"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20"])
def test_csv_disarms_formulas_unless_told_otherwise(start):
    record = {"title": f"{start}1+1", "position": -5, "rating": -0.5, "brand": {"name": f"{start}x"}, "asin": "a=b"}
    names = ["title", "position", "rating", "brand.name", "asin"]

    def cells(**options):
        text = collect(csv_file(blocks([record]), names, **options)).decode()
        return list(csv.reader(io.StringIO(text, newline="")))[1]

    assert cells() == [f"'{start}1+1", "-5", "-0.5", f"'{start}x", "a=b"]
    assert cells(guard=False) == [f"{start}1+1", "-5", "-0.5", f"{start}x", "a=b"]


FULL = Product(
    asin="B0DEMO0001",
    title="=1+1",
    fetched_at=datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
    price=Money(amount=Decimal("1299.99"), currency="EUR"),
    rating=4,
    rating_count=12,
    rating_histogram={"5": 71, "1": 29},
    images=("https://example.com/1.jpg", "https://example.com/2.jpg"),
    attributes={"Colour": "blue"},
    categories=(Category(name="Home", id="1"), Category(name="Mugs")),
    variants=Variants(
        dimensions=("size",),
        selected={"size": "L"},
        items=(VariantItem(asin="B0DEMO0002", values={"size": "M"}, price=Money(amount=Decimal(5), currency="EUR")),),
    ),
    is_prime=True,
)


def stored(record):
    return orjson.loads(record.model_dump_json(by_alias=True))


def read_parquet(records, kind):
    return parquet.read_table(io.BytesIO(collect(parquet_file(blocks(records), kind))))


def test_parquet_has_the_types_of_the_record():
    table = read_parquet([stored(FULL), stored(Product())], Product)
    kinds = {field.name: field.type for field in table.schema}
    assert list(kinds) == [field.alias for field in Product.model_fields.values()]
    assert kinds["price"] == pa.struct([("amount", pa.decimal128(38, 9)), ("currency", pa.string())])
    assert kinds["fetchedAt"] == pa.timestamp("us", tz="UTC")
    assert kinds["images"] == pa.list_(pa.field("element", pa.string()))
    row, empty = table.to_pylist()
    assert row["price"] == {"amount": Decimal("1299.990000000"), "currency": "EUR"}
    assert row["fetchedAt"] == FULL.fetched_at
    assert (row["rating"], row["ratingCount"], row["isPrime"]) == (4.0, 12, True)
    assert row["ratingHistogram"] == [("5", 71), ("1", 29)]
    assert row["attributes"] == [("Colour", "blue")]
    assert row["categories"] == [{"name": "Home", "id": "1", "url": None}, {"name": "Mugs", "id": None, "url": None}]
    assert row["variants"]["items"][0]["price"]["amount"] == 5
    assert row["variants"]["selected"] == [("size", "L")]
    assert empty["price"] is None
    assert empty["images"] == []
    assert empty["offerState"] == "none"


@pytest.fixture
def parquet_path(tmp_path):
    path = tmp_path / "rows.parquet"
    path.write_bytes(collect(parquet_file(blocks([stored(FULL), stored(Product())]), Product)))
    return path


def test_duckdb_reads_the_types(parquet_path):
    with duckdb.connect() as db:
        rows = db.read_parquet(str(parquet_path))
        kinds = dict(zip(rows.columns, map(str, rows.types), strict=True))
        assert kinds["price"] == "STRUCT(amount DECIMAL(38,9), currency VARCHAR)"
        assert kinds["fetchedAt"] == "TIMESTAMP WITH TIME ZONE"
        assert kinds["images"] == "VARCHAR[]"
        assert kinds["attributes"] == "MAP(VARCHAR, VARCHAR)"
        sql = "SELECT price.amount, epoch_us(fetchedAt), images[2], attributes['Colour'], ratingCount + 1 FROM rows LIMIT 1"
        (found,) = db.sql(sql).fetchall()
    moment = int(FULL.fetched_at.timestamp()) * 1_000_000 + 123456
    assert found == (Decimal("1299.99"), moment, "https://example.com/2.jpg", "blue", 13)


def test_pandas_reads_the_types(parquet_path):
    frame = pd.read_parquet(parquet_path)
    assert frame["fetchedAt"].dtype == "datetime64[us, UTC]"
    row = frame.iloc[0]
    assert row["price"] == {"amount": Decimal("1299.99"), "currency": "EUR"}
    assert row["fetchedAt"].to_pydatetime() == FULL.fetched_at
    assert list(row["images"]) == list(FULL.images)
    assert frame.iloc[1]["price"] is None


@pytest.mark.parametrize("records", [[], [{}], [{"asin": "B000000001", "unknown": [1]}]])
def test_parquet_of_little(records):
    table = read_parquet(records, SearchRow)
    assert table.schema.equals(schema_of(SearchRow))
    assert table.column("asin").to_pylist() == [record.get("asin") for record in records]


_NAMES = [field.alias for field in Product.model_fields.values()]
_INTEGERS = st.integers(-(2**63), 2**64 - 1)  # JSON numbers in the store are of 64 bits
_JSON = st.recursive(
    st.none() | st.booleans() | _INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(_TEXT, parts, max_size=3),
    max_leaves=5,
)


@settings(max_examples=25)  # of up to ten records: a file costs more than its rows
@given(st.lists(st.dictionaries(st.sampled_from(_NAMES), _JSON), min_size=1, max_size=10))
def test_a_value_that_does_not_fit_never_breaks_a_file(records):
    async def each():
        for record in records:
            yield orjson.dumps(record) + b"\n"

    assert parquet.read_table(io.BytesIO(collect(parquet_file(each(), Product)))).num_rows == len(records)


def test_row_groups_keep_the_order():
    records = [{"asin": f"B{n:09}", "title": "x" * 2000} for n in range(6000)]
    data = collect(parquet_file(blocks(records, 100), SearchRow))
    file = parquet.ParquetFile(io.BytesIO(data))
    assert file.num_row_groups > 1
    assert file.read(["asin"]).column("asin").to_pylist() == [record["asin"] for record in records]


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_sheet(data):
    """Cell reference to (type, text) and the XML of the sheet's cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        tree = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    cells = {cell.get("r"): (cell.get("t", "n"), "".join(cell.itertext())) for cell in tree.iter(f"{_MAIN}c")}
    assert not list(tree.iter(f"{_MAIN}f")), "a formula"
    return cells


def test_a_workbook_has_texts_numbers_booleans_and_times():
    long = stored(SearchRow(asin="B0DEMO0003", title="x" * 40_000, other_offers=OtherOffers(count=3)))
    names = columns(SearchRow)
    full = {"asin": "B0DEMO0001", "title": "=1+1", "position": 7, "sponsored": True, "rating": 4.5}
    full["fetchedAt"] = "2026-03-01T12:00:00Z"
    cells = read_sheet(collect(xlsx_file(blocks([full, long]), {"SearchRow": SearchRow})))

    def at(name, row):
        index, letters = names.index(name) + 1, ""
        while index:
            index, rest = divmod(index - 1, 26)
            letters = chr(65 + rest) + letters
        return cells.get(f"{letters}{row}")

    assert at("otherOffers.count", 1) == ("inlineStr", "otherOffers.count")
    assert at("title", 2) == ("inlineStr", "=1+1")
    assert at("position", 2) == ("n", "7")
    assert at("rating", 2) == ("n", "4.5")
    assert at("sponsored", 2) == ("b", "1")
    assert at("fetchedAt", 2) == ("n", "46082.5")  # days since 1899-12-30
    assert at("otherOffers.count", 3) == ("n", "3")
    assert len(at("title", 3)[1]) == 32_767
    assert at("coupon", 2) is None


def test_rows_beyond_a_sheets_end_go_onto_the_next(monkeypatch):
    monkeypatch.setattr(formats_xlsx, "_SHEET_ROWS", 4)
    records = [{"asin": f"B{n:09}"} for n in range(7)]
    with zipfile.ZipFile(io.BytesIO(collect(xlsx_file(blocks(records), {"SearchRow": SearchRow})))) as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
    assert [[f"B{n:09}" in sheet for n in range(7)].count(True) for sheet in sheets] == [3, 3, 1]
    assert all("parserVersion" in sheet for sheet in sheets)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026-03-01T12:00:00", "n"),
        ("2026-03-01T13:00:00+01:00", "n"),
        ("1899-12-31T00:00:00Z", "inlineStr"),
        ("9999-12-31T23:59:59-05:00", "inlineStr"),
        ("yesterday", "inlineStr"),
    ],
)
def test_a_time_that_excel_does_not_know_stays_text(text, kind):
    cells = read_sheet(collect(xlsx_file(blocks([{"fetchedAt": text}]), {"SearchRow": SearchRow})))
    (found,) = [cell for name, cell in cells.items() if name.endswith("2")]
    assert found == (kind, "46082.5" if kind == "n" else text)


@given(_RECORDS)
def test_a_workbook_takes_any_text(records):
    read_sheet(collect(xlsx_file(blocks(records), {"SearchRow": SearchRow})))


@pytest.mark.parametrize(
    ("at", "there"),
    [
        ("2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00"),
        ("2026-07-01T12:00:00.123+00:00", "2026-07-01T14:00:00+02:00"),
        ("2026-03-01T23:30:00-05:00", "2026-03-02T05:30:00+01:00"),
        *((text, text) for text in ("2026-03-01", "2026-03-01T12:00:00", "2026-03-01T99:00:00Z", "soon", "T", "")),
        ("0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00+05:00"),
    ],
)
def test_times_of_a_file_for_people_are_those_of_the_readers_zone(at, there):
    reader = Reader(zone=ZoneInfo("Europe/Berlin"))
    records = [{"fetchedAt": at, "title": at}]
    told = collect(csv_file(blocks(records), ["fetchedAt", "title"], names=Names.LABELS, reader=reader))
    [row] = csv.DictReader(io.StringIO(told.decode("utf-8-sig")))
    assert row == {"Fetched at": there, "Title": at}
    plain = collect(csv_file(blocks(records), ["fetchedAt"], reader=reader)).decode()
    assert plain.splitlines()[1:] == ([at] if at else ['""'])


def test_a_workbook_for_people_names_the_readers_zone():
    asked = {"fetchedAt": ["fetchedAt"], "title": ["title"]}
    record = {"fetchedAt": "2026-03-01T23:30:00Z", "title": "2026-03-01T23:30:00Z"}
    reader = Reader(zone=ZoneInfo("Europe/Berlin"))
    book = collect(xlsx_file(blocks([record]), {"X": asked}, names=Names.LABELS, reader=reader))
    head, line = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert head == ["Fetched at, Europe/Berlin", "Title"]
    assert line == [datetime(2026, 3, 2, 0, 30), record["title"]]  # noqa: DTZ001 - Excel knows no zone


def test_a_workbook_for_people_has_words_days_and_amounts():
    record = {
        "price": {"amount": 1234.5, "currency": "EUR"},
        "releaseDate": "2026-03-01",
        "fetchedAt": "2026-03-01T12:00:00Z",
    }
    record |= {"bestsellerRanks": [{"rank": 31476}], "title": "A kettle, " + "long " * 30, "date of it": "2026-03-01"}
    yen = {"price": {"amount": 1234, "currency": "JPY"}, "releaseDate": "soon", "title": "2026-03-01"}
    asked = {name: name.split(".") for name in ("title", "price.amount", "price.currency", "releaseDate", "fetchedAt")}
    asked["rank"] = ["bestsellerRanks", "0", "rank"]
    asked["availability"] = ["availability", "status"]
    yen["availability"] = {"status": "out_of_stock"}
    made = collect(xlsx_file(blocks([record, yen]), {"Product": asked}, names=Names.LABELS))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        written = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = re.findall(r'formatCode="([^"]+)"', archive.read("xl/styles.xml").decode())

    assert sheet[0] == ["Title", "Price", "Price, currency", "Release date", "Fetched at, UTC", "Rank", "Availability"]
    assert sheet[1][1:] == [1234.5, "EUR", date(2026, 3, 1), datetime(2026, 3, 1, 12), 31476, ""]  # noqa: DTZ001 - Excel knows no zone
    assert sheet[2] == ["2026-03-01", 1234, "JPY", "soon", "", "", "Out of stock"]
    assert {"yyyy-mm-dd", "#,##0.00"} <= set(styles), "and #,##0 is one of Excel's own"
    assert '<autoFilter ref="A1:G3"/>' in written
    assert 'topLeftCell="A2" activePane="bottomLeft" state="frozen"' in written
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', written)]
    assert widths[0] > 55
    assert widths[1] < 12


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("price.amount", "Price"),
        ("price.currency", "Price, currency"),
        ("fetchedAt", "Fetched at"),
        ("parentAsin", "Parent ASIN"),
        ("url", "URL"),
        ("changePercent7Days", "Change percent 7 days"),
        ("otherOffers.from.amount", "Other offers, from"),
        ("amount", "Amount"),
    ],
)
def test_a_columns_name_in_words(column, words):
    assert label(column) == words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kettles & pans", "kettles-pans-2026-11-30.xlsx"),
        ("../../etc/passwd", "etc-passwd-2026-11-30.xlsx"),
        ("Wasserkocher für Büro", "wasserkocher-für-büro-2026-11-30.xlsx"),
        ('"\r\n', "rows-2026-11-30.xlsx"),
    ],
)
def test_a_file_is_named_by_what_it_is_of(text, name):
    assert named(text, datetime(2026, 11, 30, tzinfo=UTC), ".xlsx") == name
