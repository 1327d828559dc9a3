from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.deals import DEALS
from azscraper.kinds.kind import Asked, Done, Step
from azscraper.kinds.recognise import parse
from azscraper.kinds.testing import check_kind
from azscraper.marketplaces import find
from azscraper.records.deals import DealsOptions

test_deals = check_kind(DEALS, cases=Path(__file__).parents[2] / "cases")


@pytest.mark.parametrize(
    ("text", "key", "url"),
    [
        ("today", "today", "https://www.amazon.com/deals"),
        ("Today", "today", "https://www.amazon.com/deals"),
        ("https://www.amazon.de/deals?ref_=nav_cs_gb", "today", "https://www.amazon.de/deals"),
        ("https://www.amazon.fr/-/en/gp/goldbox/ref=gbps", "today", "https://www.amazon.fr/deals"),
        ("amazon.in/events/wintersale?x=1", "wintersale", "https://www.amazon.in/events/wintersale"),
    ],
)
def test_what_names_a_page_of_deals(text, key, url):
    target = DEALS.resolve(text, find("us"))
    assert (target.key, DEALS.address(target)) == (key, url)


@pytest.mark.parametrize(
    "text", ["tomorrow", "https://www.amazon.com/dp/B08N5WRWNW", "https://example.com/deals", "/deals", "B08N5WRWNW"]
)
def test_what_names_none(text):
    with pytest.raises(InvalidInputError, match="neither today"):
        DEALS.resolve(text, find("us"))


def test_a_department_is_asked_for_as_the_page_does_and_others_are_left_out():
    asked = Asked(DEALS.resolve("today", find("us")), DealsOptions(department="172282"))
    step = DEALS.next(asked, ())
    assert '"departments":["172282"]' in unquote(unquote(step.url)).replace("\\", "")
    read = DEALS.reads(page("deals-en"), asked)
    found = DEALS.rows(asked, (Done(step, read, None, step.url, datetime(2026, 1, 1, tzinfo=UTC)),))
    assert [row.asin for row in found.records] == ["B0DEMO0003"]
    assert found.summary.coverage.have == 1


def page(name):
    from azscraper.kinds.testing.cases import page_of  # noqa: PLC0415 - of the extra for tests

    return page_of(Path(__file__).parents[2] / "cases" / name)


def grid(products, host="www.amazon.com", currency="USD"):
    widget = f'{{"currencyIsoCode":"{currency}","productSearchResponse":{{"nextIndex":30,"products":[{products}]}}}}'
    text = f"<html><script>assets.mountWidget('slot-1', {widget});</script><div id='navFooter'></div></html>"
    return parse(text.encode(), f"https://{host}/deals")


def test_a_grid_that_came_empty_is_an_answer():
    assert grid("").kind == "empty_deals"


def test_a_widget_that_cannot_be_read_is_none():
    broken = b"<html><script>x = {\"productSearchResponse\": {,}}</script><div id='navFooter'></div></html>"
    assert parse(broken, "https://www.amazon.com/deals").kind == "unknown"


def test_tiles_of_deals_alone_make_no_page_of_deals_elsewhere():
    tile = b'<html><div data-csa-c-item-id="amzn1.asin.B0DEMO0001:amzn1.deal.aa11"><i class="a-truncate-full">Lamp</i></div><div id="navFooter"></div></html>'
    assert parse(tile, "https://www.amazon.com/").kind == "unknown"
    assert parse(tile, "https://www.amazon.com/events/lampdays").kind == "deals"


@pytest.mark.parametrize(
    ("host", "currency", "price", "amount"),
    [
        ("www.amazon.co.jp", "JPY", "1980", 1980),
        ("www.amazon.ae", "AED", "12.50", 12.5),
        ("www.amazon.de", "EUR", "1299.00", 1299),
    ],
)
def test_amounts_of_the_widget_are_those_of_machines(host, currency, price, amount):
    product = f'{{"asin":"B0DEMO0001","title":"Lamp","price":{{"priceToPay":{{"price":"{price}"}}}}}}'
    (row,) = grid(product, host, currency).read.records
    assert (float(row.deal_price.amount), row.deal_price.currency) == (amount, currency)


def test_a_step_is_named_for_its_page():
    assert DEALS.next(Asked(DEALS.resolve("today", find("jp")), DealsOptions()), ()) == Step(
        "1", "https://www.amazon.co.jp/deals", "deals"
    )
