"""What the address of a table asks for, and the records that an export of it holds."""

import orjson
import pytest

from azscraper.kinds.registry import kinds
from azscraper.records import Product
from azscraper.results import formats
from azscraper.results.selection import Fields
from azscraper.web.dashboard.views import Asked, read_query

DEFAULT = [each.name for each in kinds()["details"].columns if each.shown]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("q=&lowest=&highest=&sort=", ""),
        ("q=+kettle+&page=1", "q=kettle"),
        ("sort=-price&page=3", "sort=-price&page=3"),
        ("sort=nothing", ""),
        ("page=0", ""),
        ("page=-1", ""),
        ("page=99999999999", ""),
        ("column=nothing", ""),
        ("column=price&column=title", "column=title&column=price"),
        ("&".join(f"column={name}" for name in DEFAULT), ""),
        ("q=a%00b", "q=ab"),
        ("&".join(["column=price"] * 5000), ""),
    ],
)
def test_an_address_is_read_and_written_in_one_way(query, canonical):
    assert read_query("details", query).query == canonical
    assert read_query("details", canonical).query == canonical


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({}, None),
        ({"lowest": "1,50", "highest": "2"}, None),
        ({"lowest": "2", "highest": "2"}, None),
        ({"lowest": "3", "highest": "2"}, "highest"),
        ({"lowest": "x"}, "lowest"),
        ({"highest": "1 000 Euro"}, "highest"),
        ({"highest": "nan"}, "highest"),
    ],
)
def test_a_wrong_price_limit_is_named(limits, field):
    problem = Asked("details", **limits).problem
    assert (problem.field if problem else None) == field


def test_a_change_begins_on_the_first_page():
    asked = read_query("search", "q=kettle&page=4")
    assert asked.but(sort="price").query == "q=kettle&sort=price"
    assert asked.view.offset == 300


def test_a_narrowed_record_has_the_keys_in_their_order():
    record = formats.narrowed(Product, Fields(("title", "price", "bestsellerRanks", "nothing")))
    assert formats.columns(record) == ["title", "price.amount", "price.currency", "bestsellerRanks"]


async def test_every_format_takes_a_narrowed_record():
    from azscraper.results.exports import Shape, stream  # noqa: PLC0415
    from azscraper.results.formats import Format  # noqa: PLC0415

    class Job:
        type = "details"
        kind_names = ("details",)
        is_over = True

    async def lines():
        yield b'{ "title" : "Kettle", "price" : {"amount":1.5,"currency":"USD"} }\n'

    for file_format in Format:
        file = b"".join(
            [block async for block in stream(lines(), Job(), file_format, Shape(Fields(("title", "price"))))]
        )
        assert file
        if file_format is Format.JSON:
            assert orjson.loads(file) == [{"title": "Kettle", "price": {"amount": 1.5, "currency": "USD"}}]
        if file_format is Format.CSV:
            assert file.splitlines() == [b"title,price.amount,price.currency", b"Kettle,1.5,USD"]
