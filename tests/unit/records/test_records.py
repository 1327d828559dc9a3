import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from azscraper.records import PageSummary, Product, SearchRow
from azscraper.records.parts import Money, OtherOffers


@given(st.decimals(0, 10**9, places=2))
def test_amounts_are_exact_numbers_on_the_wire(amount):
    text = Money(amount=amount, currency="EUR").model_dump_json(by_alias=True)
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal)["amount"] == amount


def test_whole_amounts_have_no_fraction():
    assert Money(amount=Decimal(1299), currency="JPY").model_dump_json() == '{"amount":1299,"currency":"JPY"}'


def test_keys_are_camel_case_and_every_field_is_there():
    record = Product().model_dump(by_alias=True)
    assert {"parentAsin", "aPlus", "isbn10", "boughtPastMonth", "subscribeAndSave", "relatedAsins"} <= record.keys()
    assert record["price"] is None
    assert record["images"] == ()
    assert OtherOffers(from_price=Money(amount=1, currency="EUR")).model_dump(by_alias=True)["from"] is not None


def test_every_field_of_the_records_has_a_schema():
    for record in (Product, SearchRow, PageSummary):
        schema = record.model_json_schema(by_alias=True, mode="serialization")
        assert set(schema["properties"]) == set(record.model_construct().model_dump(by_alias=True)) | {"asin"} & set(
            schema["properties"]
        )
