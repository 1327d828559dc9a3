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


def _format_row(name: str, price: str, *, link: str = "", chosen: bool = False, new: str = "—", used: str = "—") -> str:
    title = (
        f'<a href="{link}" class="title-text"><span class="a-color-base">{name}</span></a>'
        if link
        else f'<span class="title-text"><span class="a-color-base">{name}</span></span>'
    )
    return f"""<div class="top-level {"selected-row" if chosen else "unselected-row"}"><table><tr><td class="dp-title-col">{title}<span class="tmmErrorClass">"Please retry"</span></td>
      <td class="dp-price-col"><span class="a-color-price">{price}</span></td><td class="dp-new-col">{new}</td><td class="dp-used-col">{used}</td></tr></table></div>"""


def test_the_table_of_formats_where_tabs_stand_for_the_switch() -> None:
    rows = _format_row("Kindle", "$31.49", link="/A-Book/dp/B08DEMO001/ref=tmm_kin_title_0") + _format_row(
        "Paperback", "$47.49", chosen=True, new="$40.10", used="$12.00"
    )
    found = product(f'<div id="MediaMatrix"><div id="twister">{rows}</div></div>').formats
    assert [(one.format, one.asin, str(one.price.amount), one.is_selected) for one in found] == [
        ("Kindle", "B08DEMO001", "31.49", False),
        ("Paperback", "B000000001", "47.49", True),
    ]
    assert [str(one.from_price.amount) if one.from_price else None for one in found] == [None, "12.00"]


def test_the_numbers_of_a_book_above_its_text_where_the_details_did_not_come() -> None:
    above = '<div id="isbn_feature_div"><div class="a-row"><span>ISBN-13:</span> <span> 978-1838554590</span></div><div class="a-row"><span>ISBN-10:</span> <span>1838554599</span></div></div>'
    found = product(above)
    assert (found.isbn13, found.isbn10) == ("9781838554590", "1838554599")
