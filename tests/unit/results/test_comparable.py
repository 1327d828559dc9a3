"""What of a record can be compared with what."""

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.registry import BUILT_IN
from azscraper.records import OfferRow, Product, SearchRow
from azscraper.results import comparable
from azscraper.results.selection import read_where

MODELS = (Product, SearchRow)
KEYS = {field.alias for model in MODELS for field in model.model_fields.values()}


@pytest.mark.parametrize(
    "text",
    [
        "price.amount<20,sponsored=false",
        'title~"kettle"',
        'availability.status="in_stock"',
        'images.0~"https"',
        'fetchedAt>="2026-01-01"',
        'record="Product"',
    ],
)
def test_what_fits(text):
    comparable.check(read_where(text, KEYS), MODELS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('price.amount="20"', "term 1, price.amount=: price.amount is a number; write for example price.amount<20"),
        ("rating>4,title=5", 'term 2, title=: title is a text; write for example title="kettle"'),
        ("sponsored=1", "sponsored is true or false; write for example sponsored=true"),
        ("price<20", "price has several values: compare one of them, such as price.amount"),
        ("price.amout<20", "price has no 'amout'; did you mean 'amount'?"),
        ('images~"x"', "images is a list: name one of its items, such as images.0"),
        ('images.first~"x"', "images is a list: name one of its items, such as images.0"),
        ('title.text="x"', "title has nothing below it"),
    ],
)
def test_what_never_fits(text, said):
    with pytest.raises(InvalidInputError) as raised:
        comparable.check(read_where(text, KEYS), MODELS)
    assert said in raised.value.message
    assert [detail.field for detail in raised.value.details] == ["where"]


def test_a_field_of_one_type_of_rows_is_enough():
    comparable.check(read_where("landedPrice.amount<20", {"landedPrice"}), [Product, OfferRow])


def test_each_value_that_a_person_sees_can_be_compared():
    """The paths of the tables, of every kind: none is taken for what it is not."""
    for kind in BUILT_IN:
        for column in kind.columns:
            for literal in ("1", "true", '"x"'):
                try:
                    comparable.check(read_where(f"{'.'.join(column.path)}={literal}", {column.path[0]}), kind.records)
                    break
                except InvalidInputError as exc:
                    said = exc.message
            else:
                assert "several values" in said or "is a list" in said, (kind.name, column.path, said)
