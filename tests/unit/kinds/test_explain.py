import gzip
import json
from pathlib import Path

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.explain import explain, explain_all
from azscraper.kinds.recognise import parse
from azscraper.records import PageKind, Product, SearchRow
from integration.lampshop import lamps_offered
from unit.kinds.details.product_page import price_tag

CASES = Path(__file__).parents[2] / "cases"
_OF_THE_FETCH = {"record", "fetched_at", "requested_asin", "parser_version", "warnings"}
PAGE = (
    '<html lang="en-us"><body><div id="dp"><span id="productTitle">Kettle</span><input id="ASIN" value="B000000001">'
    f'<div id="corePriceDisplay_desktop_feature_div">{price_tag("$5.00", "a-price priceToPay")}</div>'
    f'<div id="buybox"><div id="corePrice_feature_div">{price_tag("$6.00")}</div></div>'
    '<table id="prodDetails"><tr><th>Package Weight</th><td>2 Pounds</td></tr><tr><th>Item Weight</th><td>1 Pound</td></tr>'
    "</table></div></body></html>"
).encode()


def case(name: str) -> tuple[bytes, str]:
    folder = CASES / name
    (page,) = folder.glob("page.*.gz")
    return gzip.decompress(page.read_bytes()), json.loads((folder / "case.json").read_text())["url"]


def test_the_first_source_that_speaks_is_used_and_the_others_are_heard() -> None:
    kind, (found,) = explain(PAGE, "https://www.amazon.com/dp/B000000001", "price")
    assert kind is PageKind.PRODUCT
    assert found.value == {"amount": 5, "currency": "USD"}
    assert [(said.source, said.value["amount"], said.used) for said in found.sources if said.value] == [
        ("price block of the centre column", 5, True),
        ("row of the buy box", 6, False),
    ]


def test_a_source_that_finds_nothing_is_not_the_one_that_is_used() -> None:
    page = PAGE.replace(b"</body>", b'<img id="landingImage" src="https://m.media-amazon.com/images/I/41a.jpg"></body>')
    _, (found,) = explain(page, "", "images")
    said = [(said.source, bool(said.value), said.used) for said in found.sources]
    assert [said[0], said[-1]] == [
        ("script of the gallery", False, False),
        ("main image and thumbnails", True, True),
    ]


def test_rows_of_the_tables_are_the_sources_of_what_is_lifted_out_of_them() -> None:
    _, (found,) = explain(PAGE, "", "weight")
    assert found.value == "1 Pound"
    assert [(said.source, said.value, said.used) for said in found.sources] == [
        ("Item Weight", "1 Pound", True),
        ("Package Weight", "2 Pounds", False),
    ]


@pytest.mark.parametrize("name", sorted(set(Product.model_fields) - _OF_THE_FETCH))
def test_every_field_of_a_product_is_explained(name: str) -> None:
    body, url = case("hardline-en")
    field = Product.model_fields[name].alias or name
    _, (found,) = explain(body, url, field)
    record = parse(body, url).record
    assert record is not None
    assert found.value == record.model_dump(mode="json", by_alias=True)[field]
    assert [said.used for said in found.sources].count(True) == (found.value not in (None, [], {}, False))


@pytest.mark.parametrize("name", sorted(set(SearchRow.model_fields) - _OF_THE_FETCH))
def test_a_field_of_every_tile_is_explained(name: str) -> None:
    body, url = case("search-de")
    field = SearchRow.model_fields[name].alias or name
    _, found = explain(body, url, field)
    rows = parse(body, url).rows
    assert [(one.position, one.asin, one.value) for one in found] == [
        (row.position, row.asin, row.model_dump(mode="json", by_alias=True)[field]) for row in rows
    ]
    assert all(one.sources for one in found)


def test_the_source_that_gave_a_tile_s_price() -> None:
    body, url = case("search-en")
    _, found = explain(body, url, "price")
    used = next(said for one in found if one.value for said in one.sources if said.used)
    assert used.source == "price elements"


def test_a_page_without_the_field_and_a_name_without_a_field() -> None:
    body, url = case("no-results-en")
    assert explain(body, url, "price")[1] == []
    with pytest.raises(InvalidInputError, match="listPrice"):
        explain(PAGE, "", "nonsense")
    with pytest.raises(InvalidInputError, match=r"read from a page; did you mean 'listPrice'\?; fields are aPlus"):
        explain(PAGE, "", "listprice")
    with pytest.raises(InvalidInputError):
        explain(PAGE, "", "fetchedAt")


def test_a_kind_of_another_package_is_explained_by_its_reader() -> None:
    page = b'<html><body><p id="lamps">Globe, Tiffany</p></body></html>'
    with lamps_offered():
        kind, found = explain(page, "https://www.amazon.com/lamps/lumen", "name")
        assert explain_all(page, "")[1]["fields"]["watts"][1]["sources"] == [
            {"source": "page", "value": None, "used": False}
        ]
    assert kind == "lamps"
    assert [(one.position, one.value) for one in found] == [(1, "Globe"), (1, "Tiffany")]
    assert [said.source for said in found[0].sources if said.used] == ["page"]


_OF_KINDS = ("author", "bestsellers", "category", "deals", "offers", "reviews", "store", "suggestions")
_SAID_BY_ITS_ABSENCE = {"type"}
"""A proposal is a keyword where its object says nothing else."""


@pytest.mark.parametrize("name", sorted(one.name for one in CASES.iterdir() if one.name.startswith(_OF_KINDS)))
def test_a_value_of_every_kind_is_of_one_of_its_sources(name: str) -> None:
    """Of those fields that have sources; that a value of none is said by the page as a whole is for the others."""
    body, url = case(name)
    _, told = explain_all(body, url)
    silent = {
        field
        for field, records in told["fields"].items()
        for one in records
        if len(one["sources"]) and one["value"] not in (None, [], {}, "", False)
        if not any(said["used"] for said in one["sources"])
    }
    assert silent <= _SAID_BY_ITS_ABSENCE


def test_a_deal_says_by_which_key_of_which_place_it_is_known() -> None:
    body, url = case("deals-en")
    _, found = explain(body, url, "dealPrice")
    used = {said.source for one in found for said in one.sources if said.used}
    assert "productSearchResponse: price.priceToPay.price" in used
    assert any(source.startswith("tile: ") for source in used)


def test_the_summary_of_a_list_has_sources_too() -> None:
    body, url = case("offers-en")
    (found,) = explain(body, url, "ratingCount")[1]
    assert [said.source for said in found.sources if said.used] == ["#aod-asin-reviews-count-title"]
