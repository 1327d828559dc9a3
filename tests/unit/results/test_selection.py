"""``where`` and ``fields``: from text to what is asked of the store, and what is left of a record."""

import contextlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.errors import InvalidInputError
from azscraper.results.selection import Fields, Term, read_fields, read_where

KNOWN = {"price", "title", "sponsored", "rating", "images", "offers"}
RECORD = {
    "title": "Kettle",
    "price": {"amount": 9.5, "currency": "EUR"},
    "images": ["a", "b"],
    "offers": [{"price": {"amount": 1}, "seller": "A"}, {"price": None, "seller": "B"}],
    "rating": None,
}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("price.amount<20", [("price.amount", "<", 20.0)]),
        ("sponsored=false,rating>=4.5", [("sponsored", "=", False), ("rating", ">=", 4.5)]),
        (' title ~ "a, \\"b\\" \\\\" , rating != -1 ', [("title", "~", 'a, "b" \\'), ("rating", "!=", -1.0)]),
        ('title="true"', [("title", "=", "true")]),
    ],
)
def test_where(text, terms):
    assert read_where(text, KNOWN).terms == tuple(Term(*term) for term in terms)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "can't be read"),
        ("price.amount", "can't be read"),
        ("price.amount<20,", "can't be read"),
        ("title=kettle", "can't be read"),
        ('title="kettle', "can't be read"),
        ("price.amount<1e5", "can't be read"),
        ("prise.amount<20", "did you mean 'price'"),
        ('meta.jobId="1"', "can't use meta"),
        ("title~5", "double quotes"),
        ("sponsored<true", "by = or !="),
        (",".join(["rating=1"] * 6), "at most 5"),
        ("price'); DROP TABLE jobs; --=1", "can't be read"),
    ],
)
def test_a_where_that_is_none(text, said):
    with pytest.raises(InvalidInputError, match=said) as raised:
        read_where(text, KNOWN)
    assert raised.value.details[0].field == "where"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for read in (read_where, read_fields):
        with contextlib.suppress(InvalidInputError):
            read(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title", {"title": "Kettle"}),
        ("rating,title", {"rating": None, "title": "Kettle"}),
        ("price.amount", {"price": {"amount": 9.5}}),
        ("price.amount,price", {"price": RECORD["price"]}),
        ("price,price.amount", {"price": RECORD["price"]}),
        ("offers.price.amount", {"offers": [{"price": {"amount": 1}}, {"price": None}]}),
        ("price,-price.currency", {"price": {"amount": 9.5}}),
        ("-price,-images,-offers", {"title": "Kettle", "rating": None}),
        ("-offers.price,-price,-images,-title", {"offers": [{"seller": "A"}, {"seller": "B"}], "rating": None}),
        ("sponsored", {}),
    ],
)
def test_fields(text, expected):
    fields = read_fields(text, KNOWN)
    assert fields.of(RECORD) == expected
    lines = orjson.dumps(RECORD) + b"\n"
    assert [orjson.loads(line) for line in fields.of_lines(lines * 2).splitlines()] == [expected] * 2


def test_no_fields_are_all():
    assert Fields().of(RECORD) == RECORD


@pytest.mark.parametrize(
    ("text", "kept"),
    [("title", ("title", "meta")), ("title,meta.rowId", ("title", "meta.rowId")), ("-title", ()), ("-meta", ())],
)
def test_fields_with_a_key_that_stays_unless_it_is_named(text, kept):
    assert read_fields(text, KNOWN | {"meta"}).with_key("meta").only == kept


def test_meta_that_was_not_asked_for():
    with pytest.raises(InvalidInputError, match="without include=meta"):
        read_fields("title,meta.rowId", KNOWN)


@pytest.mark.parametrize(
    "text", ["", "title,", "--title", "titel", "price..amount", "title;", ",".join(["title"] * 101)]
)
def test_fields_that_are_none(text):
    with pytest.raises(InvalidInputError) as raised:
        read_fields(text, KNOWN)
    assert raised.value.details[0].field == "fields"
