"""Tiles of made-up pages in the structure of each layout, and the rows that they must become."""

from decimal import Decimal

import pytest

from azscraper.records.parts import Money, OtherOffers
from unit.kinds.search.search_page import classic, modern, oldest, parse, per_unit, price, row, usd


def test_modern_tile_says_what_where_and_how_much() -> None:
    got = row(modern(prices=price("$29.99") + price("$39.99", strike=True)))
    assert (got.asin, got.title, got.url) == (
        "B000000001",
        "Steel kettle 1.7 l",
        "https://www.amazon.com/dp/B000000001",
    )
    assert got.image == "https://m.media-amazon.com/images/I/11abcDEF.jpg"
    assert (got.price, got.list_price, got.price_range, got.unit_price) == (usd("29.99"), usd("39.99"), None, None)
    assert (got.keyword, got.page, got.marketplace, got.language) == ("kettle", 1, "www.amazon.com", "en-US")
    assert (got.brand, got.sponsored, got.organic_position, got.warnings) == (None, False, 1, ())


def test_classic_tile_takes_the_full_title_and_the_maker() -> None:
    got = row(classic(title="Steel kettle with a very long name", price_row='<span class="s-price">$12.50</span>'))
    assert (got.title, got.brand) == ("Steel kettle with a very long name", "Hearth")
    assert got.image == "https://images-na.ssl-images-amazon.com/images/I/22ghi.jpg"
    assert got.price == usd("12.50")


def test_oldest_tile() -> None:
    got = row(oldest(), url="https://www.amazon.cn/s?field-keywords=x", lang="")
    assert (got.asin, got.title, got.rating, got.rating_count) == ("B000000001", "水壶", 4.4, 12)
    assert got.price == Money(amount=Decimal("1.99"), currency="CNY")
    assert (got.language, got.keyword) == (None, "x")


def test_offers_and_reviews_of_2012_stand_in_cells_and_list_items() -> None:
    listed = """<li class="med grey mkp2"><a href="/gp/offer-listing/B000000001"><span class="price bld">$305.00</span> new
      <span class="grey">(50 offers)</span></a></li><li class="med grey mkp2"><a href="/gp/offer-listing/B000000001">$296.27 used (9 offers)</a></li>"""
    got = row(oldest().replace("水壶", "Kettle (i15RV)").replace('<li class="rvw">', f"{listed}<li>"))
    assert got.other_offers == OtherOffers(count=50, from_price=usd("305.00"))
    table = """<div id="result_0" class="result product" name="B000000001"><div class="data"><h3 class="title"><a class="title" href="/dp/B000000001">Kettle (1960)</a></h3>
      <div class="stars"><span class="asinReviewsSummary"><a alt="4.6 out of 5 stars" href="#"></a></span></div>
      <div class="reviewsCount">(<a alt="4.6 out of 5 stars" href="#">2,820</a>)</div><table><tr><td class="toeNewPrice">&nbsp;</td>
      <td class="toeUsedPrice"><a href="/gp/offer-listing/B000000001">$58.98</a></td></tr></table></div></div>"""
    got = row(table)
    assert (got.rating, got.rating_count, got.price) == (4.6, 2820, None)
    assert got.other_offers == OtherOffers(count=None, from_price=usd("58.98"))


@pytest.mark.parametrize(
    ("line", "brand"),
    [
        ("by Hearth (Feb 2, 2014)", "Hearth"),
        ("by Hearth", "Hearth"),
        ("by A. Writer (Jul 8, 2014) - Kindle eBook", None),
        ("by The Band (Audio CD - 2011)", None),
    ],
)
def test_the_line_behind_the_title_of_2014(line: str, brand: str | None) -> None:
    assert row(oldest().replace("某人 (2011-05)", line)).brand == brand


def test_british_tiles_of_2014() -> None:
    tile = """<div id="result_0" class="fstRowGrid prod celwidget" name="B000000001">
      <h3 class="newaps"><a href="/K/dp/B000000001"><span class="lrg bold">Kettle [2005]</span></a> <span class="med reg">(2008)</span></h3>
      <ul class="rsltGridList grey"><li class="newp"><a href="/K/dp/B000000001"><span class="bld lrg red">£5.48</span></a>
      <div class="imageBox"><img class="prmImg" alt="prime" src="https://g-ecx.images-amazon.com/x.gif"></div></li>
      <li><span class="grey sml">Get it by <span class="bld grn nowrp">Thursday, Oct 9</span></span></li>
      <li class="sss2">FREE Delivery on orders over £10</span></li><li class="rvw"><span class="asinReviewsSummary">
      <a alt="4.5 out of 5 stars" href="#"><i class="a-icon a-icon-star a-star-4-5"></i></a></span><span class="rvwCnt">(<a href="#">363</a>)</span></li>
      </ul></div>"""
    got = row(tile, url="https://www.amazon.co.uk/s?k=kettle", lang="en-gb")
    assert (got.rating, got.rating_count, got.is_prime) == (4.5, 363, True)
    assert (got.delivery.text, got.delivery.price) == (
        "Get it by Thursday, Oct 9 FREE Delivery on orders over £10",
        None,
    )


def test_the_table_of_formats_of_2012_has_the_price_and_what_is_left() -> None:
    table = """<div id="result_0" class="result product" name="1587656183"><div class="imageBox"><img class="productImage"
      src="http://g-ecx.images-amazon.com/images/G/01/x-site/icons/no-img-sm.gif"></div><h3 class="title"><a class="title" href="/dp/1587656183">Kettles</a></h3>
      <table><tr><td class="tpType"><a href="/dp/1587656183">Hardcover <div class="lowStock">Only 2 left in stock - order soon.</div></a><div class="sss">FREE Shipping</div></td>
      <td class="toeListPrice"><strike>$85.00</strike></td><td class="toeOurPrice"><a href="/Kettles/dp/1587656183">$81.53</a></td>
      <td class="toeNewPrice"><a href="/gp/offer-listing/1587656183">$79.00</a></td></tr></table><li class="bestSellerMessage">#1 Best Seller</li></div>"""
    got = row(table)
    assert (got.price, got.list_price, got.availability.quantity) == (usd("81.53"), usd("85.00"), 2)
    assert (got.delivery.price, got.badges, got.image) == (usd("0"), ("best_seller",), None)


def test_positions_count_tiles_and_organic_positions_leave_advertisements_out() -> None:
    page = parse(
        modern(classes="AdHolder"),
        modern("B000000002"),
        modern("B000000001"),
        modern("B000000003", href="/sspa/click?x"),
    )
    assert [(r.position, r.organic_position, r.sponsored) for r in page.rows] == [
        (1, None, True),
        (2, 1, False),
        (3, 2, False),
        (4, None, True),
    ]


@pytest.mark.parametrize(
    "marks",
    [
        {"classes": "AdHolder"},
        {"ad": '<a class="puis-sponsored-label-text"><span>Gesponsert</span></a>'},
        {"ad": '<span class="aok-inline-block s-sponsored-label-info-icon"></span>'},
        {"body": '<div data-component-type="sp-sponsored-result"></div>'},
        {"body": '<h5 class="s-sponsored-header">広告</h5>'},
        {"href": "/gp/slredirect/picassoRedirect.html?url=%2Fdp%2FB000000001"},
        {"href": "/sspa/click?ie=UTF8&url=%2Fdp%2FB000000001%2F"},
    ],
)
def test_sponsored_by_markup_alone(marks: dict[str, str]) -> None:
    got = row(modern(prices=price("$29.99"), **marks))
    assert (got.sponsored, got.organic_position, got.price) == (True, None, usd("29.99"))


@pytest.mark.parametrize(
    "other",
    [
        '<div class="s-result-item" data-asin=""><h2>More results</h2></div>',
        '<div class="s-result-item s-widget"><div class="s-result-item" data-asin="B000000009"><h2>card</h2></div></div>',
        '<div data-component-type="s-search-result" data-asin="">placeholder</div>',
        '<div class="a-carousel"><div data-asin="B000000009">card</div></div>',
        '<div class="s-result-item"><div data-component-type="s-search-result" data-asin="B000000009">card</div></div>',
    ],
)
def test_what_is_no_product_tile_makes_no_row(other: str) -> None:
    assert [r.asin for r in parse(other, modern(), other).rows] == ["B000000001"]


def test_blocks_of_several_products_in_the_classic_layout_make_no_row() -> None:
    several = '<li id="result_0" data-asin="B000000008" class="s-result-item"><h2 class="s-access-title">a</h2><h2 class="s-access-title">b</h2></li>'
    assert [r.asin for r in parse(several, classic(place=1)).rows] == ["B000000001"]


def test_results_without_component_type_are_tiles_and_cards_within_them_are_not() -> None:
    card = '<div class="s-result-item" data-asin=""><div class="s-result-item" data-asin="B000000009"></div></div>'
    tile = '<div class="s-result-item" data-asin="B000000001"><h2><a href="/dp/B000000001">Kettle</a></h2></div>'
    assert [r.title for r in parse(card, tile).rows] == ["Kettle"]


def test_a_tile_around_a_tile_is_none() -> None:
    unclosed = modern("B000000001").rstrip().removesuffix("</div>")
    assert [
        row.asin for row in parse(unclosed, modern("B000000002", prices=price("$9.00")), modern("B000000003")).rows
    ] == [
        "B000000002",
        "B000000003",
    ]


def test_no_tiles_no_rows() -> None:
    assert parse("<p>nothing here</p>").rows == ()


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (price("$5.00"), ("5.00", None, None, None)),
        (price("$5.00") + per_unit("$0.50", "count"), ("5.00", None, "0.50 count", None)),
        (
            price("$5.00") + per_unit("$0.50", "Fl Oz") + price("$9.00", strike=True),
            ("5.00", "9.00", "0.50 Fl Oz", None),
        ),
        (price("$5.00") + "-" + price("$9.00"), (None, None, None, "5.00 9.00")),
        ("", (None, None, None, None)),
    ],
)
def test_amounts_of_a_price_recipe(recipe: str, expected: tuple[object, ...]) -> None:
    got = row(modern(prices=recipe))
    unit = got.unit_price and f"{got.unit_price.amount} {got.unit_price.per}"
    spread = got.price_range and f"{got.price_range.min.amount} {got.price_range.max.amount}"
    seen = (got.price and str(got.price.amount), got.list_price and str(got.list_price.amount), unit, spread)
    assert seen == expected


def test_instalments_are_no_unit_price() -> None:
    rate = '<span>em até 6x de</span><span class="a-price a-text-price"><span class="a-offscreen">R$ 39,22</span></span> sem juros'
    got = row(modern(prices=price("R$ 1.235,32") + rate), url="https://www.amazon.com.br/s?k=mesa", lang="pt-br")
    assert (got.price, got.unit_price) == (Money(amount=Decimal("1235.32"), currency="BRL"), None)


def test_other_formats_and_offers_are_not_the_price() -> None:
    other = f'<div data-cy="secondary-offer-recipe"><a href="/dp/B000000007">{price("$3.00")}</a></div>'
    assert row(modern(body=other)).price is None


def test_before_price_blocks_a_price_of_another_format_is_left_out() -> None:
    tile = f"""<div data-component-type="s-search-result" data-asin="B000000001"><h2><a href="/a/dp/B000000001">T</a></h2>
      <a href="/b/dp/B000000002">{price("$3.00")}</a><a href="/a/dp/B000000001">{price("$4.00")}{price("$6.00", strike=True)}</a></div>"""
    got = row(tile)
    assert (got.price, got.list_price) == (usd("4.00"), usd("6.00"))


@pytest.mark.parametrize(
    ("shown", "amount", "spread"),
    [
        (
            '<span class="a-offscreen">$18.66</span><span class="sx-price"><sup>$</sup><span>18</span><sup>66</sup></span>',
            "18.66",
            None,
        ),
        (
            '<span class="sx-price"><sup class="sx-price-currency">from $</sup><span>18</span><sup>66</sup></span>',
            "18.66",
            None,
        ),
        ('<span class="a-offscreen">$5.99 - $7.99</span><span class="sx-price"></span>', None, ("5.99", "7.99")),
        (
            '<span class="s-price">$5.99 <span class="a-letter-space"></span>-<span></span> $7.99</span>',
            None,
            ("5.99", "7.99"),
        ),
    ],
)
def test_classic_amounts(shown: str, amount: str | None, spread: tuple[str, str] | None) -> None:
    got = row(classic(price_row=shown))
    assert (got.price and str(got.price.amount)) == amount
    assert (got.price_range and (str(got.price_range.min.amount), str(got.price_range.max.amount))) == spread


def test_the_price_of_a_book_stands_before_that_of_its_other_edition() -> None:
    other = '<hr class="s-result-divider"><a href="/Other/dp/B000000009"><span class="a-color-price s-price a-text-bold">$7.00</span></a>'
    own = '<span class="a-color-price s-price a-text-bold">$5.00</span>'
    assert row(classic(price_row=own, body=other)).price == usd("5.00")


def test_classic_list_price_unit_price_and_offers() -> None:
    offers = """<div class="a-row"><a href="https://www.amazon.com/gp/offer-listing/B000000001/ref=x"><span class="a-text-strike"></span>
      <span class="a-size-base">$8.00</span> (9 used offers)</a></div>"""
    struck = '<span class="a-size-small a-color-secondary a-text-strike" aria-label="Suggested price">$20.00</span>'
    unit = '<span class="a-size-base a-color-price">($0.08/Count)</span>'
    got = row(classic(price_row='<span class="s-price">$10.00</span>' + struck + unit, body=offers))
    assert (got.price, got.list_price) == (usd("10.00"), usd("20.00"))
    assert (got.unit_price.amount, got.unit_price.per) == (Decimal("0.08"), "Count")
    assert (got.other_offers.count, got.other_offers.from_price) == (9, usd("8.00"))
    assert got.delivery is None


def test_a_price_that_cannot_be_read_is_a_warning() -> None:
    got = row(modern(prices=price("call us")))
    assert (got.price, got.warnings) == (None, ("price",))


@pytest.mark.parametrize(
    ("kwargs", "title", "brand"),
    [
        ({"title": "Kettle &amp; lid"}, "Kettle & lid", None),
        ({"title": "Kettle", "brand": "HEARTH"}, "Kettle", "HEARTH"),
        ({"title": "[Steel] kettle"}, "[Steel] kettle", None),
    ],
)
def test_titles_and_brands(kwargs: dict[str, str], title: str, brand: str | None) -> None:
    got = row(modern(**kwargs))
    assert (got.title, got.brand) == (title, brand)


def test_a_cut_title_is_completed_from_its_label() -> None:
    tile = """<div data-component-type="s-search-result" data-asin="B000000001"><a href="/dp/B000000001">
      <h2 aria-label="Sponsored Ad - Steel kettle with lid"><span>Steel kettle…</span></h2></a></div>"""
    assert row(tile).title == "Steel kettle with lid"


def test_the_author_of_a_book_is_no_brand() -> None:
    book = modern(
        "1234567890",
        ad='<div class="a-row a-color-secondary"><span class="a-size-base">by</span><span class="a-size-base">A. Writer</span></div>',
    )
    album = modern(
        ad='<a class="a-text-bold">Vinyl</a><div class="a-row a-color-secondary"><span class="a-size-base">by</span><span class="a-size-base">Band</span></div>'
    )
    maker = modern(
        ad='<div class="a-row a-color-secondary"><span class="a-size-base">by</span> <!-- x --> <span class="a-size-base">Maker</span></div>'
    )
    assert [row(tile).brand for tile in (book, album, maker)] == [None, None, "Maker"]


@pytest.mark.parametrize(
    ("line", "form", "brand"),
    [
        ("<span>by Maker</span>", "", "Maker"),
        ("<div class='a-row'><span>by Maker</span></div>", "PlayStation 5", "Maker"),
        (
            "<div class='a-row'><span>Ages 3+</span><span> | </span><span>de Maker</span></div>",
            "Nintendo Switch",
            "Maker",
        ),
        ("<span>by Band</span>", "Vinyl", None),
        ("<span>de 3 a 6 años</span>", "", None),
        ("<span>Ages 3+</span>", "", None),
    ],
)
def test_the_maker_of_a_game_is_its_brand(line: str, form: str, brand: str | None) -> None:
    tile = modern(
        ad=f'<a class="a-text-bold">{form}</a>' if form else "",
        body=f'<div data-cy="title-recipe"><div class="a-row a-size-base a-color-secondary">{line}</div></div>',
    )
    within = tile.replace("</h2></a></div>", f'</h2></a><div class="a-row a-color-secondary">{line}</div></div>')
    assert row(within).brand == brand


def test_makers_from_2020_to_2022_are_small_headings() -> None:
    tile = """<div data-component-type="s-search-result" data-asin="B000000001" class="s-result-item"><div class="s-title-instructions-style">
      <div class="a-row a-color-secondary"><h5 class="s-line-clamp-1"><span>HEARTH</span></h5></div>
      <h2 class="s-line-clamp-2"><a href="/dp/B000000001"><span>Steel kettle</span></a></h2></div></div>"""
    got = row(tile)
    assert (got.title, got.brand) == ("Steel kettle", "HEARTH")


@pytest.mark.parametrize(
    ("lang", "around", "language"),
    [
        ("de-de", "", "de-DE"),
        ("en", "", "en"),
        ("", '<input type="hidden" name="__mk_zh_CN" value="x">', "zh-CN"),
        ("", '<script>f({ a: 1\n    , language: "en_US"\n});</script>', "en-US"),
        ("", "<p>language: German</p>", None),
    ],
)
def test_language_as_served(lang: str, around: str, language: str | None) -> None:
    (only,) = parse(modern(), lang=lang, around=around).rows
    assert only.language == language


def test_titles_of_2019_are_headings_of_the_fifth_rank() -> None:
    tile = """<div class="s-result-item" data-asin="B000000001" data-index="3"><h5 class="s-line-clamp-1"><span>HEARTH</span></h5>
      <h5 class="a-color-base s-line-clamp-4"><a href="/dp/B000000001"><span>Steel kettle</span></a></h5></div>"""
    got = row(tile)
    assert (got.title, got.brand) == ("Steel kettle", "HEARTH")


def test_mobile_tiles_before_2019() -> None:
    tile = """<ul id="resultItems"><li class="sx-table-item"><a href="/gp/aw/d/B000000001/ref=mp_s_a_1_1?qid=1">
      <div class="sx-table-image"><img src="https://images-na.ssl-images-amazon.com/images/I/44mno._AC_SY200_.jpg"></div>
      <h5 class="a-size-base sx-title">Steel kettle</h5><span class="a-size-small a-color-price a-text-bold">$12.50</span>
      <i class="a-icon a-icon-star-small"><span class="a-icon-alt">4.5 out of 5 stars</span></i></a></li></ul>"""
    got = row(tile)
    assert (got.asin, got.title, got.price, got.rating) == ("B000000001", "Steel kettle", usd("12.50"), 4.5)
    assert got.image == "https://images-na.ssl-images-amazon.com/images/I/44mno.jpg"


def test_cards_of_category_pages() -> None:
    card = f"""<li class="octopus-pc-item octopus-pc-item-v3"><a class="octopus-pc-item-link" title="Steel kettle" href="/Kettle/dp/B000000001?x=1">
      <img class="octopus-pc-item-image" src="https://m.media-amazon.com/images/I/55pqr._AC_SF226.jpg">
      <div class="octopus-pc-asin-title"><span>Steel kettle</span></div><div class="octopus-pc-asin-price">{price("$9.99")}</div></a></li>"""
    got = row(card)
    assert (got.asin, got.title, got.price) == ("B000000001", "Steel kettle", usd("9.99"))


def test_mobile_tiles_link_around_everything() -> None:
    tile = f"""<div data-component-type="s-search-result" data-asin="B000000001"><a href="/dp/B000000001"><div><div>
      <h2 class="a-size-small"><span>Steel kettle with lid</span></h2></div>{price("$9.99")}</div></a></div>"""
    got = row(tile)
    assert (got.title, got.price) == ("Steel kettle with lid", usd("9.99"))
