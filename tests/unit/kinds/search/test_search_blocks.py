"""Made-up result pages: blocks between the rows, filters with their terms, the range of the results, the place that prices are for."""

import pytest

from azscraper.kinds.explain import explain
from azscraper.kinds.recognise import parse as parse_page
from azscraper.kinds.search.read import SearchPage
from azscraper.records.parts import DeliverTo
from unit.kinds.search.search_page import US, modern, parse, price
from unit.kinds.search.test_search_summary import info_bar

STORE = "https://aax.example/x/c/ab/https://www.amazon.com/stores/page/0A1B2C/?aref=x"
SPONSORED = '<a class="s-widget-sponsored-label-text" href="#">Sponsored</a>'


def widget(name: str, inner: str) -> str:
    return f'<div class="s-result-item s-widget" data-index="3"><div cel_widget_id="{name}">{inner}</div></div>'


def card(asin: str, title: str, amount: str, stars: str = "4.4", brand: str = "") -> str:
    """A product of a carousel, in the form of a tile."""
    over = f'<h2 class="a-size-mini"><span>{brand}</span></h2>' if brand else ""
    return f"""<li class="a-carousel-card"><div data-asin="{asin}" class="s-result-item">{over}<img class="s-image" alt="Sponsored Ad - {title}"
      src="https://m.media-amazon.com/images/I/{asin}._AC_UL320_.jpg"><h2><span>{title}</span></h2>
      <i class="a-icon a-icon-star"><span class="a-icon-alt">{stars} out of 5 stars</span></i>{price("$99.00", strike=True)}{price(amount)}</div></li>"""


def carousel(title: str, *cards: str, sponsored: bool = True) -> str:
    head = f"<h2>{title}</h2>{SPONSORED if sponsored else ''}"
    return widget("MAIN-FEATURED_ASINS_LIST-8", f'{head}<ol class="a-carousel">{"".join(cards)}</ol>')


def brand_card(brand: str, headline: str, label: str = "", products: str = "") -> str:
    named = f' aria-label="{label}"' if label else ""
    return f"""<div data-aid="300"{named}><a href="{STORE}"><img alt="Branded image from {brand}"
      src="https://m.media-amazon.com/images/S/al-na/big._SX920_.jpg"></a><a href="{STORE}"><img alt="{brand}"
      src="https://m.media-amazon.com/images/S/al-na/logo.jpg"></a><a href="{STORE}"><span class="a-truncate-full">{headline}</span>
      <span class="a-truncate-cut">{headline}</span></a>{products}</div>"""


def video(asin: str, title: str) -> str:
    inner = f"""<span data-component-type="sbv-video-single-product"><video src="https://m.media-amazon.com/v/ad.mp4"
      poster="https://m.media-amazon.com/images/I/frame.jpg"></video><span data-csa-c-item-id="amzn1.asin.{asin}:amzn1.promotion.X">
      <h2>{title}</h2></span></span>"""
    return widget("MAIN-VIDEO_SINGLE_PRODUCT-10", inner)


TOP = widget(
    "sb-themed-collection-desktop_loom-desktop-top-slot_1",
    brand_card(
        "Hearth",
        "Kettles for every kitchen",
        products='<div data-asin="B000000007"><a aria-label="Hearth kettle 1 l" href="#"></a><a aria-label="Rated 4.2 out of 5 stars by 35 reviews" href="#"></a></div>',
    ),
)
FOOTER = widget(
    "multi-brand-creative-desktop_loom-desktop-brand-footer-slot_51",
    f'<span role="heading">Brands related to your search</span>{brand_card("Brass & Co", "Boils in a minute")}{brand_card("Nordlys", "Quiet kettles")}',
)
NO_BLOCKS = widget("MAIN-MESSAGING-0", "<h2>Results</h2>") + widget("MAIN-TEXT_REFORMULATION-9", "<h2>Related</h2>")


def mixed() -> SearchPage:
    first, second = modern("B000000001"), modern("B000000002")
    found = carousel(
        "Highly rated",
        card("B000000005", "Glass kettle", "$20.00", brand="Vitra"),
        card("B000000006", "Tin kettle", "$9.50"),
    )
    return parse(TOP, NO_BLOCKS, first, found, video("B000000008", "Copper kettle"), second, FOOTER)


def test_blocks_are_no_rows_and_shift_no_positions() -> None:
    assert [(row.asin, row.position, row.organic_position) for row in mixed().rows] == [
        ("B000000001", 1, 1),
        ("B000000002", 2, 2),
    ]


def test_blocks_in_page_order_with_what_stands_before_them() -> None:
    ads = mixed().summary.ad_blocks
    assert [(ad.kind, ad.position, ad.is_sponsored, ad.title, ad.brand, ad.headline) for ad in ads] == [
        ("sponsored_brand", 0, True, None, "Hearth", "Kettles for every kitchen"),
        ("carousel", 1, True, "Highly rated", None, None),
        ("sponsored_brand", 2, True, "Brands related to your search", "Brass & Co", "Boils in a minute"),
        ("sponsored_brand", 2, True, "Brands related to your search", "Nordlys", "Quiet kettles"),
    ]
    assert (ads[0].url, ads[0].image) == (
        "https://www.amazon.com/stores/page/0A1B2C/",
        "https://m.media-amazon.com/images/S/al-na/big.jpg",
    )


def test_products_of_blocks() -> None:
    ads = mixed().summary.ad_blocks
    shown = [
        (one.asin, one.title, one.price and str(one.price.amount), one.rating) for ad in ads[:2] for one in ad.products
    ]
    assert shown == [
        ("B000000007", "Hearth kettle 1 l", None, 4.2),
        ("B000000005", "Glass kettle", "20.00", 4.4),
        ("B000000006", "Tin kettle", "9.50", 4.4),
    ]


def test_a_link_without_a_label_is_no_title() -> None:
    parts = f'<a aria-label="" href="#">{price("$57.00")}</a><a aria-label="Steel kettle" href="#"></a>'
    ad = brand_card("Hearth", "Kettles", products=f'<div data-asin="B000000007">{parts}</div>')
    (found,) = parse(modern(), widget("multi-brand", ad)).summary.ad_blocks
    assert [(one.title, one.price and str(one.price.amount)) for one in found.products] == [("Steel kettle", "57.00")]


def test_videos() -> None:
    (found,) = mixed().summary.video_blocks
    assert (found.asin, found.title, found.position, found.video) == (
        "B000000008",
        "Copper kettle",
        1,
        "https://m.media-amazon.com/v/ad.mp4",
    )
    assert found.thumbnail == "https://m.media-amazon.com/images/I/frame.jpg"


@pytest.mark.parametrize(
    ("label", "brand"),
    [
        ("Sponsored ad from Apple. &quot;Lean. Mean.&quot; Shop Apple.", "Apple"),
        ("Sponsored ad from The Earth Store", "The Earth Store"),
        ("Publicité sponsorisée à partir de Foucher. &quot;Nos livres&quot;", "Foucher"),
        ("Philipsのスポンサー広告。「新しい」Philipsを購入する。", "Philips"),
        ("Sponsorlu reklam: Vestel. &quot;Yeni&quot; Vestel alışverişi yap.", "Vestel"),
        ("来自Anker的赞助广告。“新” 购买Anker。", "Anker"),
        ("Anker의 스폰서 광고. &quot;새로운&quot; Anker 쇼핑하기", "Anker"),
        ("إعلان ممول من سوني. &quot;جديد&quot; تسوق سوني.", "سوني"),
    ],
)
def test_the_label_of_an_advertisement_names_the_brand(label: str, brand: str) -> None:
    ad = brand_card("logo of a bird", "Lean. Mean.", label)
    (found,) = parse(modern(), widget("multi-brand", ad)).summary.ad_blocks
    assert found.brand == brand


def test_the_call_to_shop_names_the_brand_where_nothing_else_does() -> None:
    ad = f'<div data-aid="1"><a href="{STORE}">Lean. Mean.</a><a href="{STORE}">Shop Apple</a><a href="{STORE}">Shop now</a></div>'
    (found,) = parse(modern(), widget("multi-brand", ad)).summary.ad_blocks
    assert (found.brand, found.headline) == ("Apple", "Lean. Mean.")


def test_editorial_blocks_and_carousels_of_the_shop_itself() -> None:
    editorial = widget(
        "MAIN-EDITORIAL_RECOMMENDATIONS-7", f"<h2>Expert picks</h2>{card('B000000009', 'Steel kettle', '$5.00')}"
    )
    own = carousel("Top rated from our brands", card("B000000005", "Glass kettle", "$20.00"), sponsored=False)
    ads = parse(modern(), editorial, own).summary.ad_blocks
    assert [(ad.kind, ad.is_sponsored, ad.title, len(ad.products)) for ad in ads] == [
        ("editorial", False, "Expert picks", 1),
        ("carousel", False, "Top rated from our brands", 1),
    ]


def test_a_carousel_of_2018() -> None:
    drawn = '<a><span class="a-offscreen">{}</span><span><span class="sx-price">$ 1</span></span></a>'
    picture = (
        '<img alt="{0}" src="saved/1.jpg" srcset="https://m.media-amazon.com/images/I/{0}._AC_US200_.jpg 1x, x 2x">'
    )
    cards = "".join(
        f'<li class="a-carousel-card"><a href="/dp/{asin}">{picture.format(asin)}</a>{drawn.format(said)}</li>'
        for asin, said in (("B000000005", "$15.99"), ("B000000006", "$13.00 - $15.00"))
    )
    block = widget("x", f'<h1>Top rated<a href="#">See more</a></h1><ol class="a-carousel">{cards}</ol>')
    (found,) = parse(modern(), block).summary.ad_blocks
    assert found.title == "Top rated"
    assert [(one.price and str(one.price.amount), one.image) for one in found.products] == [
        ("15.99", "https://m.media-amazon.com/images/I/B000000005.jpg"),
        (None, "https://m.media-amazon.com/images/I/B000000006.jpg"),
    ]


def filters(*lines: str) -> str:
    return f'<div id="s-refinements"><div id="p_123-title">Brand</div><ul>{"".join(lines)}</ul></div>'


def line(item: str, name: str, rh: str, ref: str = "sr_nr_p_123_1", extra: str = "") -> str:
    href = f"/s?k=kettle&rh={rh}&dc&ref={ref}"
    return f'<li id="{item}"><a class="s-navigation-item" href="{href}">{extra}<span>{name}</span></a></li>'


@pytest.mark.parametrize(
    ("rh", "ref", "value"),
    [
        ("n%3A172282%2Cp_123%3A219979", "sr_nr_p_123_1", "p_123:219979"),
        ("p_36%3A1000-1500", "sr_nr_p_36_2", "p_36:1000-1500"),
        ("n%3A11%2Cp_72%3A99", "sr_nr_n_3", "n:11"),
        ("i%3Aaps%2Ck%3Akettle%2Cp_89%3ABrass+%26+Co", "sr_nr_p_89_0", "p_89:Brass & Co"),
        ("i%3Aaps%2Ck%3Akettle", "x", None),
    ],
)
def test_the_term_that_a_filter_chooses(rh: str, ref: str, value: str | None) -> None:
    (found,) = parse(modern(), around=filters(line("p_123/1", "Hearth", rh, ref))).summary.refinements
    assert (found.value, found.is_applied) == (value, False)


def test_applied_filters_are_those_whose_link_leaves_their_term_out() -> None:
    clear = '<a class="s-navigation-item s-navigation-clear-link" href="/s?k=kettle"><span>Clear</span></a>'
    listed = filters(clear, line("p_123/77", "Hearth", "n%3A11"), line("p_123/88", "Vitra", "n%3A11%2Cp_123%3A88"))
    found = parse(modern(), around=listed).summary.refinements
    assert [(one.name, one.value, one.is_applied) for one in found] == [
        ("Hearth", "p_123:77", True),
        ("Vitra", "p_123:88", False),
    ]


def test_a_ticked_box_is_applied_and_a_range_of_prices_has_no_term_of_its_own() -> None:
    box = '<input type="checkbox" checked>'
    clear = '<a class="s-navigation-item s-navigation-clear-link" href="/s?k=kettle"><span>Clear</span></a>'
    ticked = parse(modern(), around=filters(line("p_85/5", "Prime", "n%3A11", extra=box))).summary.refinements
    picker = parse(modern(), around=filters(clear, line("p_36/dynamic-picker-0", "Up to $10", "p_36%3A-1000"))).summary
    assert [(one.value, one.is_applied) for one in ticked] == [("p_85:5", True)]
    assert [(one.value, one.is_applied) for one in picker.refinements] == [("p_36:-1000", False)]


def test_counts_and_terms_before_2019() -> None:
    column = """<div id="leftNavContainer"><h4>Brand</h4><a href="/s/ref=sr_nr_p_89_0?rh=k%3Akettle%2Cp_89%3AHearth&keywords=kettle">
      <span class="refinementLink">Hearth</span><span class="narrowValue"> (1,319)</span></a>
      <span data-s-ref-selected='{"url":"/s/ref=sr_nr_p_89_1?fst=x&amp;amp;rh=k%3Akettle%2Cp_89%3AVitra&amp;amp;keywords=kettle"}'>Vitra</span></div>"""
    found = parse(modern(), around=column).summary.refinements
    assert [(one.name, one.value, one.count) for one in found] == [
        ("Hearth", "p_89:Hearth", 1319),
        ("Vitra", "p_89:Vitra", None),
    ]
    assert found[1].url == "https://www.amazon.com/s?rh=k%3Akettle%2Cp_89%3AVitra&keywords=kettle"


@pytest.mark.parametrize(
    ("bar", "start", "end", "size"),
    [
        ("49-64 of 897 results for", 49, 64, 16),
        ("1-48 von mehr als 10.000 Ergebnissen für", 1, 48, 48),
        ("検索結果 20,000 以上 のうち 1-48件", 1, 48, 48),
        ("1-48 من أكثر من ٢٬٠٠٠ نتيجة لـ", 1, 48, 48),
        ("10.000 üzeri sonuç arasından 1-48 arası gösteriliyor. Aranan ürün:", 1, 48, 48),
        ("16 results for", None, None, None),
    ],
)
def test_the_range_of_the_results(bar: str, start: int | None, end: int | None, size: int | None) -> None:
    got = parse(modern(), around=info_bar(bar)).summary
    assert (got.result_from, got.result_to, got.page_size, got.is_past_end) == (start, end, size, False)


def test_a_range_that_runs_backwards_is_past_the_end() -> None:
    got = parse(modern(), around=info_bar("385-384 of 384 results for"), url=f"{US}&page=9").summary
    assert (got.is_past_end, got.page_size) == (True, None)


@pytest.mark.parametrize(("number", "kind"), [(9, "empty_search"), (1, "unknown")])
def test_a_page_that_counts_results_and_has_none_is_past_the_end_or_cannot_be_read(number: int, kind: str) -> None:
    url = f"{US}&page={number}"
    bar = info_bar("384 results for")
    body = f'<html lang="en-us"><body><div id="search"><div class="s-main-slot"></div></div>{bar}<div class="s-pagination-strip" id="pagn"></div></body></html>'
    parsed = parse_page(body.encode(), url)
    assert str(parsed.kind) == kind
    assert (parsed.summary is not None and parsed.summary.is_past_end) is (number > 1)
    assert (parsed.summary is not None and parsed.summary.empty_reason == "past_end") is (number > 1)


def test_sponsored_rows_are_counted() -> None:
    got = parse(modern("B000000001", classes="AdHolder"), modern("B000000002")).summary
    assert got.sponsored_count == 1


def header(above: str, below: str) -> str:
    return f'<span id="glow-ingress-line1">{above}</span><span id="glow-ingress-line2">{below}</span>'


@pytest.mark.parametrize(
    ("above", "below", "lang", "place"),
    [
        ("Deliver to", "Turkey", "en-us", DeliverTo(text="Turkey", country="TR")),
        ("Deliver to", "New York 10010", "en-us", DeliverTo(text="New York 10010", postal_code="10010")),
        ("Delivering to Mumbai 400017", "Update location", "en-in", DeliverTo(text="Mumbai 400017", postal_code="400017")),
        ("Deliver to Asha", "Mumbai 400017", "en-in", DeliverTo(text="Mumbai 400017", postal_code="400017")),
        ("Deliver to", "London SW1A 1", "en-gb", DeliverTo(text="London SW1A 1", postal_code="SW1A 1")),
        ("Votre adresse de livraison:", "Inde", "fr-fr", DeliverTo(text="Inde", country="IN")),
        ("Wohin damit", "10115 Berlin", "de-de", None),
        ("Lieferung nach", "Österreich", "de-de", DeliverTo(text="Österreich", country="AT")),
        ("A entrega será feita em Fortaleza 60540000", "Atualizar CEP", "pt-br", DeliverTo(text="Fortaleza 60540000", postal_code="60540000")),
        ("お届け先", "日本", "ja-jp", DeliverTo(text="日本", country="JP")),
        ("配送至:", "广州市天河区", "zh-cn", DeliverTo(text="广州市天河区")),
        ("Hola", "Elige tu dirección", "es-es", None),
    ],
)  # fmt: skip
def test_the_place_that_prices_are_for(above: str, below: str, lang: str, place: DeliverTo | None) -> None:
    assert parse(modern(), around=header(above, below), lang=lang).summary.deliver_to == place


def test_a_field_of_the_summary_is_explained() -> None:
    page = f'<html lang="en-us"><body><div class="s-main-slot">{modern()}</div>{info_bar("49-64 of 897 results for")}<div id="pagn"></div></body></html>'
    _, (found,) = explain(page.encode(), US, "resultFrom")
    assert found.value == 49
    assert [(said.source, said.used) for said in found.sources] == [("range in the line of the totals", True)]
