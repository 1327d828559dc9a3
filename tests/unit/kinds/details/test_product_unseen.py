"""Faults of pages that were seen after the parsers were written, each as the kind that it is of."""

from decimal import Decimal

import pytest

from azscraper.records import Product
from unit.kinds.details.product_page import price_tag, product


def test_the_store_of_renewed_items_is_no_brand() -> None:
    byline = '<a id="bylineInfo" href="/Amazon-Renewed/b?node=1">Visit the Amazon Renewed Store</a>'
    row = '<table id="productDetails_feature_div"><tr><th>Brand</th><td>Lumbrik</td></tr></table>'
    assert product(byline).brand is None
    found = product(byline + row).brand
    assert found is not None
    assert (found.name, found.url) == ("Lumbrik", None)


def test_a_logo_in_a_byline_of_its_own_names_the_brand_and_its_store() -> None:
    logo = '<div id="bylineInfo_feature_div"></div><a id="brandLogoBylineLink" href="/stores/Lumbrik/page/1A"><img alt="Lumbrik" src="x"></a>'
    found = product(logo).brand
    assert found is not None
    assert (found.name, found.url) == ("Lumbrik", "https://www.amazon.com/stores/Lumbrik/page/1A")


@pytest.mark.parametrize(
    ("lang", "line"),
    [("en-us", "Renewed (13) from $238.00"), ("de-de", "Generalüberholt (13) ab $238.00")],
)
def test_offers_of_renewed_items_are_counted(lang: str, line: str) -> None:
    found = product(f'<div id="olpLinkWidget_feature_div"><span>{line}</span></div>', lang=lang).offers
    assert found is not None
    assert (found.mixed_count, found.mixed_from and found.mixed_from.amount) == (13, Decimal(238))
    assert found.new_count is None


@pytest.mark.parametrize(
    ("label", "printed"),
    [
        ("Size", '3.9" x 3.9" x 1.7" (99 mm x 99 mm x 43 mm)'),
        ("Tamanho", "100 mm x 100 mm x 89 mm"),
        ("Größe", "99 × 99 × 43 mm"),
    ],
)
def test_a_size_in_three_directions_is_the_dimensions(label: str, printed: str) -> None:
    table = '<table id="productDetails_feature_div">{}</table>'
    row = f"<tr><th>{label}</th><td>{printed}</td></tr>"
    record = product(table.format(row))
    assert (record.dimensions, record.size) == (printed, None)
    measured = product(table.format(row + "<tr><th>Product Dimensions</th><td>1 x 2 x 3 cm</td></tr>"))
    assert (measured.dimensions, measured.size) == ("1 x 2 x 3 cm", printed)
    assert product(table.format("<tr><th>Size</th><td>5 x 8 ft</td></tr>")).size == "5 x 8 ft"


def test_the_place_that_the_header_shortens_stands_whole_beside_the_offer() -> None:
    header = '<span id="glow-ingress-line1">Deliver to Ann</span><span id="glow-ingress-line2">Spring... 12345</span>'
    beside = '<div id="contextualIngressPtLabel_deliveryShortLine"><span>Deliver to Ann - </span><span>Springfield 12345</span></div>'
    found = product(header + beside).deliver_to
    assert found is not None
    assert (found.text, found.postal_code) == ("Springfield 12345", "12345")
    alone = product(header).deliver_to
    assert alone is not None
    assert alone.text == "Spring... 12345"


def test_a_ladder_of_categories_leads_to_the_list_of_its_end() -> None:
    line = '<ul><li><span>#11</span> <span>in <a href="/gp/bestsellers/pc">Computers</a> &gt; <a href="/gp/bestsellers/pc/9">Notebooks</a></span></li></ul>'
    (found,) = product(
        f'<table><tr id="SalesRank"><td>Best Sellers Rank</td><td>{line}</td></tr></table>'
    ).bestseller_ranks
    assert (found.rank, found.category) == (11, "Computers > Notebooks")
    assert found.url == "https://www.amazon.com/gp/bestsellers/pc/9"


def test_questions_are_counted_before_their_link_has_an_id() -> None:
    asked = '<div id="ask_feature_div"><span class="askPipe">|</span><a href="#Ask">10 answered questions</a></div>'
    assert product(asked).answered_questions == 10


def test_the_cost_beside_the_price_is_that_of_the_standard_way() -> None:
    price = '<span id="priceblock_ourprice">$1.19</span><span id="ourprice_shippingmessage"> + $5.39 shipping </span>'
    promise = "Estimated Delivery Date: Dec. 24 - 31 when you choose {} at checkout."
    costs = [
        _cost(product(price + f'<div id="fast-track-message">{promise.format(way)}</div>'))
        for way in ("Standard", "One-Day Shipping")
    ]
    assert costs == [Decimal("5.39"), None]


def _cost(record: Product) -> Decimal | None:
    assert record.delivery is not None
    return record.delivery.price and record.delivery.price.amount


SLOT = '<div id="mir-layout-DELIVERY_BLOCK-slot-{}_DELIVERY_MESSAGE_LARGE"><span data-csa-c-delivery-time="{}" data-csa-c-delivery-price="{}">{}</span></div>'


def test_each_row_of_the_buy_box_says_who_ships_what_is_left_and_when_it_comes() -> None:
    main = f'<div data-a-accordion-row-name="newAccordionRow" class="a-accordion-active">{price_tag("$9.00", "a-price priceToPay")}</div>'
    used = (
        f'<div data-a-accordion-row-name="usedAccordionRow"><h5>Used - Good</h5>{price_tag("$5.00")}<p>Ships from: Amazon</p><p>Sold by: Ann Ltd</p>'
        f'{SLOT.format("PRIMARY", "", "FREE", "FREE delivery Monday, April 21")}<div id="availability"><span>Only 1 left in stock.</span></div></div>'
    )
    feature = '<div id="{}Feature_feature_div"><span class="offer-display-feature-text-message">{}</span></div>'
    subscribed = (
        f'<div data-a-accordion-row-name="snsAccordionRowMiddle"><h5>Subscribe</h5>{price_tag("$8.50")}'
        f"{feature.format('merchantInfo', 'Amazon.com')}{SLOT.format('SECONDARY', '', '', 'Or fastest delivery Tuesday, April 22')}</div>"
    )
    _, second, third = product(f'<div id="buybox">{main}{used}{subscribed}</div>').buying_options
    assert second.seller is not None
    assert (second.seller.name, second.ships_from) == ("Ann Ltd", "Amazon")
    assert second.availability is not None
    assert second.availability.quantity == 1
    assert [(one.text, one.kind) for one in second.deliveries] == [("FREE delivery Monday, April 21", "standard")]
    assert third.seller is not None
    assert (third.seller.name, third.ships_from, third.availability) == ("Amazon.com", "Amazon.com", None)
    assert [one.kind for one in third.deliveries] == ["fastest"]


def test_a_product_of_a_comparison_has_its_price_and_stars_in_its_column() -> None:
    heads = '<th>This item</th><th><a href="/dp/B000000002/ref=psdc_1_t1"><img alt="Pot"></a></th><th><a href="/dp/B000000003/ref=psdc_1_t2">Pan</a></th>'
    stars = '<td>Rating</td><td><i class="a-icon a-icon-star a-star-4-5"><span class="a-icon-alt">4.5 out of 5 stars</span></i></td><td>-</td>'
    prices = f"<td>$1.00</td><td>{price_tag('$2.00')}</td><td>{price_tag('$3.00')}</td>"
    table = f"<table><tr>{heads}</tr><tr>{stars}</tr><tr>{prices}</tr></table>"
    (block,) = product(table).related
    assert [(one.asin, one.price and one.price.amount, one.rating) for one in block.products] == [
        ("B000000002", Decimal(2), 4.5),
        ("B000000003", Decimal(3), None),
    ]


def test_a_best_seller_among_neighbours_has_no_single_star() -> None:
    badge = '<i class="a-icon a-icon-addon p13n-best-seller-badge"><span class="a-icon-alt">#1 Best Seller</span></i>'
    card = (
        f'<li class="a-carousel-card"><a href="/dp/B000000002/ref=pd_sim_1_1">Pot</a>{badge}{price_tag("$2.00")}</li>'
    )
    (block,) = product(f"<div><h2>Also bought</h2><ol>{card}</ol></div>").related
    assert [one.rating for one in block.products] == [None]


def test_a_sheet_beside_a_card_does_not_head_the_row_of_products() -> None:
    sheet = '<div class="aok-hidden"><div><h2>Certificates</h2></div></div>'
    card = f'<div class="card">{sheet}<a href="/dp/B000000002/ref=pd_sim_1_1">Pot</a></div>'
    (block,) = product(f'<div><h2 class="a-carousel-heading">Greener pots</h2><div>{card}</div></div>').related
    assert block.title == "Greener pots"


def test_the_material_of_the_whole_comes_before_that_of_a_part() -> None:
    part = "<tr><th>Base Material</th><td>Wood</td></tr>"
    whole = "<tr><th>Material</th><td>Mango Wood</td></tr><tr><th>Material</th><td>Teak</td></tr>"
    found = [
        product(f'<table id="productDetails_feature_div">{rows}</table>').material for rows in (part + whole, part)
    ]
    assert found == ["Mango Wood", "Wood"]


def test_a_place_that_is_shortened_everywhere_is_as_the_header_has_it() -> None:
    header = '<span id="glow-ingress-line1">Entrega en Ciudad Ju... 32575</span><span id="glow-ingress-line2">Actualizar ubicación</span>'
    beside = '<div id="contextualIngressPtLabel_deliveryShortLine">{} Ciudad Juárez, 32575: actualizar ubicación</div>'
    told = [product(header + beside.format(words), lang="es-mx").deliver_to for words in ("Se entregará a", "Va a")]
    assert [one and one.text for one in told] == ["Ciudad Juárez, 32575", "Ciudad Ju... 32575"]


def test_a_page_that_failed_to_load_its_product_withholds_the_offer() -> None:
    sorry = '<div id="dpSorryPage"><h1 id="title">Kettle</h1><p>To see product details, add this item to your cart.</p></div>'
    assert product(sorry).offer_state == "withheld"


def test_a_note_of_the_language_behind_a_brand_is_no_part_of_it() -> None:
    byline = '<a id="bylineInfo" href="/-/pt/stores/Tundrelle{}/page/1A">Visite a Loja da Tundrelle (em Espanhol)</a>'
    named = [product(byline.format(tail), host="www.amazon.es", lang="pt-pt").brand for tail in ("", "Spain")]
    assert [one and one.name for one in named] == ["Tundrelle", "Tundrelle"]


@pytest.mark.parametrize(
    ("above", "below", "place"),
    [
        ("Deliver to Ann", "Dubai,Al Satwa", "Dubai,Al Satwa"),
        ("Delivering to Dubai", "Update location", "Dubai"),
        ("Lieferung nach Berlin", "Standort aktualisieren", "Berlin"),
        ("Liefern an Ann", "Berlin 10115", "Berlin 10115"),
        ("Deliver to", "sanfrancisco 94102", "sanfrancisco 94102"),
    ],
)
def test_a_customer_s_name_stands_above_the_place(above: str, below: str, place: str) -> None:
    header = f'<span id="glow-ingress-line1">{above}</span><span id="glow-ingress-line2">{below}</span>'
    found = product(header, lang="de-de" if "Lief" in above else "en-ae").deliver_to
    assert found is not None
    assert found.text == place


@pytest.mark.parametrize(("lang", "line"), [("de-de", "Lieferadresse wählen"), ("ja-jp", "お届け先を選択")])
def test_a_call_to_choose_a_place_names_none(lang: str, line: str) -> None:
    assert product(f'<div id="contextualIngressPtLabel_deliveryShortLine">{line}</div>', lang=lang).deliver_to is None


def test_a_format_that_members_read_for_nothing_costs_what_others_pay() -> None:
    card = (
        '<li class="swatchElement"><a class="a-button-text" href="/dp/B000000002"><span>{}</span><span class="a-color-secondary">0,00 €</span></a>'
        '<span class="extra-message olp-link"><a>{}</a></span></li>'
    )
    switch = card.format("Kindle", "2,99 € para comprar") + card.format("Audiobook", "")
    found = product(f'<ul id="tmmSwatches">{switch}</ul>', host="www.amazon.es", lang="pt-pt").formats
    assert [(one.format, one.price and one.price.amount) for one in found] == [
        ("Kindle", Decimal("2.99")),
        ("Audiobook", Decimal(0)),
    ]


def test_what_stands_for_a_picture_is_not_the_manufacturer_s_text() -> None:
    block = '<div id="aplus_feature_div"><p>Boils.</p><noscript>&lt;img alt="pot" src="x"&gt;</noscript></div>'
    assert product(block).a_plus == "Boils."


def test_a_kindle_book_says_what_is_saved() -> None:
    line = '<p class="a-color-price ebooks-price-savings">Poupe EUR 15,00 (83%)</p>'
    found = product(line, host="www.amazon.es", lang="pt-pt").savings
    assert found is not None
    assert (found.amount and found.amount.amount, found.percent) == (Decimal(15), 83)


def test_ranks_and_facts_of_a_portuguese_page_of_spain() -> None:
    rows = "".join(
        f"<tr><th>{label}</th><td>{value}</td></tr>"
        for label, value in [
            ("Produtor", "Lumbrik"),
            ("Referência do fabricante", "L-3"),
            ("Classificação dos produtos mais vendidos", "<span>9,283 em Bricolage</span>"),
        ]
    )
    record = product(f'<table id="productDetails_feature_div">{rows}</table>', host="www.amazon.es", lang="pt-pt")
    assert (record.manufacturer, record.model_number) == ("Lumbrik", "L-3")
    assert [(one.rank, one.category) for one in record.bestseller_ranks] == [(9283, "Bricolage")]


def test_a_coupon_in_two_parts_is_one_line() -> None:
    parts = '<span id="couponLabelpctch1">Economize 10%</span><span id="couponMessagepctch1"> com o cupom. <a>Termos</a></span>'
    record = product(
        f'<div id="promoPriceBlockMessage_feature_div">{parts}</div>', host="www.amazon.com.br", lang="pt-br"
    )
    assert record.coupon == "Economize 10% com o cupom."
    assert record.coupon_detail is not None
    assert record.coupon_detail.percent == 10


def test_a_time_to_ship_is_stock_and_a_link_no_part_of_the_promise() -> None:
    box = (
        '<div id="availability"><span>Estimativa de envio de 2 a 3 dias.</span></div>'
        '<div id="mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_LARGE">Entrega GRÁTIS: 10 - 28 de Junho. <a>Ver detalhes</a></div>'
    )
    record = product(f'<div id="buybox">{box}</div>', host="www.amazon.com.br", lang="pt-br")
    assert record.availability is not None
    assert record.availability.status == "in_stock"
    assert record.delivery is not None
    assert record.delivery.text == "Entrega GRÁTIS: 10 - 28 de Junho"


@pytest.mark.parametrize(
    ("lang", "printed", "code"),
    [
        ("de-de", "Vereinigte Staaten von...", "US"),
        ("de-de", "Vereinigtes Königr...", "GB"),
        ("en-us", "United Arab Emir...", "AE"),
        ("it-it", "Stati Uniti d'America", "US"),
        ("en-us", "United...", None),
        ("en-us", "Springfield...", None),
    ],
)
def test_a_country_is_known_by_its_beginning(lang: str, printed: str, code: str | None) -> None:
    words = {"de-de": "Liefern nach", "it-it": "Consegna a"}.get(lang, "Deliver to")
    header = f'<span id="glow-ingress-line1">{words}</span><span id="glow-ingress-line2">{printed}</span>'
    found = product(header, lang=lang).deliver_to
    assert found is not None
    assert (found.text, found.country) == (printed, code)
