import asyncio
import csv
import io
from decimal import Decimal

import orjson
from hypothesis import given
from hypothesis import strategies as st

from azscraper.formats import columns, csv_file, json_array
from azscraper.records import Availability, Money, Product, SearchRow

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
    text = collect(csv_file(blocks(records), names)).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == names
    assert rows[1:] == [[record.get(name) or "" for name in names] for record in records]


def test_nested_fields_have_dotted_columns_in_the_order_of_the_record():
    names = columns(Product)
    assert names.index("price.amount") + 1 == names.index("price.currency")
    assert "savings.amount.currency" in names
    assert "images" in names
    assert "price" not in names
    assert "availability.status" in names
    assert "otherOffers.from.amount" in columns(SearchRow)
    assert len(set(names)) == len(names)


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
