"""Result lists that no shop serves: their reading is bounded, whatever their length and form."""

import pytest

from azscraper.kinds.recognise import parse
from azscraper.kinds.search.tiles import _Ancestry
from azscraper.parse.document import Document
from azscraper.records import PageKind

URL = "https://www.amazon.com/s?k=mug"
MODERN = '<div data-component-type="s-search-result" data-asin="B0{0:08}"><h2><a href="/dp/B0{0:08}">Mug</a></h2>'
CLASSIC = '<li id="result_{0}" data-asin="B0{0:08}" class="s-result-item"><h2><a href="/dp/B0{0:08}">Mug</a></h2>'
MANY = 10_000


@pytest.mark.parametrize(("tile", "closing"), [(MODERN, "</div>"), (CLASSIC, "</li>"), (CLASSIC, "")])
def test_of_a_list_of_thousands_five_hundred_are_read(tile: str, closing: str) -> None:
    html = "<ul id=s-results-list-atf>" + "".join(tile.format(number) + closing for number in range(MANY)) + "</ul>"
    parsed = parse(html.encode(), URL)
    assert [row.position for row in parsed.rows] == list(range(1, 501))


def test_a_nest_of_tiles_has_no_more_than_one() -> None:
    html = "<ul id=s-results-list-atf>" + "".join(MODERN.format(number) for number in range(4000)) + "</div>" * 4000
    parsed = parse(html.encode(), URL)
    assert parsed.kind is PageKind.SEARCH
    assert len(parsed.rows) == 1


def test_each_element_of_a_nest_is_asked_once_whatever_asks() -> None:
    nodes = Document(("<div><b>" * 1000).encode(), URL).whole("b")
    asked = []
    ancestry = _Ancestry(lambda node: bool(asked.append(node.mem_id)))
    assert {ancestry.nearest(node) for node in nodes} == {None}
    assert len(asked) == len(set(asked))
