"""A field: its sources in order, what settles it, and what each source is heard to say."""

import pytest

from azscraper.errors import ParseError
from azscraper.kinds.details.read import FIELDS
from azscraper.kinds.explain import sources_of
from azscraper.parse.document import Document, Node, text
from azscraper.parse.sources import Field
from azscraper.records import Product, SearchRow


def page(body: str) -> Document:
    return Document(f"<html><body>{body}</body></html>".encode(), "")


def priced() -> Field[Document, str, str | None]:
    field = Field[Document, str, str | None]("A price.")

    @field.ids("new", "old", era="2011")
    def _in(_: Document, node: Node) -> str:
        return text(node)

    @field.source("address")
    def _address(document: Document) -> str:
        return document.url

    return field


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('<i id="old">2</i><i id="new">1</i>', "1"),
        ('<i id="new"> </i><i id="old">2</i>', "2"),
        ("", None),
    ],
)
def test_the_first_source_that_says_something_gives_the_value(body: str, value: str | None) -> None:
    assert priced()(page(body)) == value


def test_a_silent_field_is_what_it_is_when_empty() -> None:
    assert Field[Document, tuple[str, ...], tuple[str, ...]]("Many.", empty=())(page("")) == ()


def test_what_settles_a_field_sees_what_was_found_even_if_that_is_nothing() -> None:
    field = priced()
    field.settle(lambda document, found: (document.url, found))
    assert field(page('<i id="old">2</i>')) == ("", "2")
    assert field(page("")) == ("", None)


def test_all_sources_are_heard_by_name_and_one_that_cannot_be_read_says_so() -> None:
    field = priced()

    @field.source("broken")
    def _broken(_: Document) -> str:
        raise ParseError("no number")

    assert field.heard(page('<i id="old">2</i>')) == [
        ("#new, 2011", None),
        ("#old, 2011", "2"),
        ("address", ""),
        ("broken", "cannot be read: no number"),
    ]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_a_product_has_named_sources_and_says_what_it_is(name: str) -> None:
    names = [source.name for source in FIELDS[name].sources]
    assert names
    assert len(set(names)) == len(names)
    assert FIELDS[name].about.endswith((".", '."'))


def test_every_field_of_a_product_has_sources_but_those_of_the_page_and_the_fetch() -> None:
    of_the_page = {"url", "marketplace", "language", "warnings"}
    of_the_fetch = {"record", "fetched_at", "requested_asin", "requested_gtin", "gtin_verified", "parser_version"}
    assert set(FIELDS) <= set(Product.model_fields)
    assert {name for name in Product.model_fields if not sources_of(Product, name)} == of_the_page | of_the_fetch


def test_every_field_of_a_row_has_sources_but_those_of_the_page_and_the_fetch() -> None:
    of_the_page = {"keyword", "page", "position", "organic_position", "asin", "url", "marketplace", "language", "slot"}
    of_the_fetch = {"record", "fetched_at", "parser_version", "warnings"} | {"node", "seller_id"}
    assert {name for name in SearchRow.model_fields if not sources_of(SearchRow, name)} == of_the_page | of_the_fetch
