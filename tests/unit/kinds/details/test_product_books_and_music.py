"""Made-up pages of books, audiobooks, albums and films."""

import pytest

from azscraper.kinds.recognise import parse
from azscraper.records import PageKind
from unit.kinds.details.product_page import product


def test_an_album_to_download() -> None:
    html = (
        '<!doctype html><html lang="en-us"><head><link rel="canonical" href="https://www.amazon.com/Tides/dp/B000000001"></head>'
        '<body><div id="dmusicProductTitle_feature_div"><h1>Tides</h1></div><div id="ArtistLinkSection"><a id="ProductInfoArtistLink" '
        'href="/dp/B000000002/ref=dm_ws">The Harbour</a></div><div id="dmusic_buybox_container"><a>Listen Now</a>'
        "<a>Buy MP3 Album <b>$9.99</b></a></div></body></html>"
    )
    found = parse(html.encode(), "")
    assert found.kind is PageKind.PRODUCT
    record = found.record
    assert record is not None
    assert (record.asin, record.title) == ("B000000001", "Tides")
    assert [person.name for person in record.contributors] == ["The Harbour"]
    assert str(record.price and record.price.amount) == "9.99"


def test_an_audiobook_with_prices_in_the_heads_of_its_rows() -> None:
    def row(name: str, head: str) -> str:
        return f'<div data-a-accordion-row-name="{name}"><h5>{head}</h5></div>'

    rows = row("adbl_bb_accordion_row_upsell", "Free with trial $0.00") + row(
        "adbl_bb_accordion_row_cash", "Buy $44.99"
    )
    details = '<div id="audibleProductDetails"><table><tr><th>Listening Length</th><td>9 hours</td></tr></table></div>'
    record = product(f'<div id="buybox">{rows}</div>{details}')
    assert str(record.price and record.price.amount) == "44.99"
    assert record.attributes == {"Listening Length": "9 hours"}


def test_savings_of_a_book_of_2021() -> None:
    saved = '<span>Save: </span><span id="savingsAmount">$11.01</span> <span>(7%)</span>'
    found = product(f'<div id="buybox"><div id="savingsSection">{saved}</div></div>').savings
    assert found is not None
    assert (str(found.amount and found.amount.amount), found.percent) == ("11.01", 7)


@pytest.mark.parametrize(
    ("byline", "brand"),
    [
        ('<span>Rated: </span><span>Exempt</span> <i></i> <span class="a-color-secondary">Format: </span>DVD', None),
        ("<span>Format: </span><span>Audio CD</span>", None),
        ("Brand: Acme", "Acme"),
        ("Acme", "Acme"),
        ('<a href="/acme">Acme: Kitchen</a>', "Acme: Kitchen"),
    ],
)
def test_the_format_of_a_film_is_no_brand(byline: str, brand: str | None) -> None:
    found = product(f'<div id="bylineInfo">{byline}</div>').brand
    assert (found and found.name) == brand


@pytest.mark.parametrize(
    ("line", "seller"),
    [
        ('<span data-test="adbl_bb_sold_delivered_by">Sold and delivered by Audible, an Amazon company</span>', "Audible"),
        ('<p id="adbl_bb_sold_and_delivered_by">Sold and delivered by Audible, an Amazon company</p>', "Audible"),
        ('<p id="dmusic_tracklist_footer_soldby">Sold by Amazon.com Services LLC. Taxes may apply.</p>', "Amazon.com Services LLC"),
    ],
)  # fmt: skip
def test_who_sells_what_is_downloaded(line: str, seller: str) -> None:
    found = product(line).seller
    assert found is not None
    assert found.name == seller
