"""Ratings, badges, coupons, delivery and stock of made-up tiles."""

from decimal import Decimal

import pytest

from azscraper.records.parts import AvailabilityStatus
from unit.kinds.search.search_page import IN, US, classic, modern, row

STARS = '<i class="a-icon a-icon-star-small a-star-small-4-5"><span class="a-icon-alt">{}</span></i>'


def reviews(stars: str, count: str, extra: str = "") -> str:
    popover = f'<span class="a-declarative"><a class="a-popover-trigger" aria-label="x">{STARS.format(stars)}<i class="a-icon-popover"></i></a></span>'
    return f'<div data-cy="reviews-block"><div class="a-row a-size-small">{popover}{count}</div>{extra}</div>'


@pytest.mark.parametrize(
    ("stars", "count", "expected"),
    [
        ("4.5 out of 5 stars", '<a aria-label="3,215 ratings"><span>(3.2K)</span></a>', (4.5, 3215)),
        ("4,6 von 5 Sternen", '<a aria-label="1.234 Bewertungen"><span>1.234</span></a>', (4.6, 1234)),
        ("5つ星のうち4.3", '<span aria-label="2,034"><a href="#"><span>2,034</span></a></span>', (4.3, 2034)),
        ("3,6 de 5 estrelas", "<a><span>(9,9 mil)</span></a>", (3.6, 9900)),
        (
            "4.1 out of 5 stars",
            '<span data-component-type="x"><div><a aria-label="7 ratings">7</a></div></span>',
            (4.1, 7),
        ),
        ("4.0 out of 5 stars", "", (4.0, None)),
    ],
)
def test_stars_and_their_count(stars: str, count: str, expected: tuple[object, ...]) -> None:
    got = row(modern(body=reviews(stars, count)))
    assert (got.rating, got.rating_count) == expected


def test_classic_stars_and_count() -> None:
    block = f'<div class="a-row"><span name="B000000001"><a class="a-popover-trigger">{STARS.format("2 out of 5 stars")}</a></span><a href="#customerReviews">48,201</a></div>'
    got = row(classic(body=block))
    assert (got.rating, got.rating_count) == (2.0, 48201)


@pytest.mark.parametrize(
    ("line", "bought"),
    [
        ("10K+ bought in past month", 10_000),
        ("Mais de 400 compras no mês passado", 400),
        ("過去1か月で100点以上購入されました", 100),
        ("New on Amazon in past month", None),
        ("過去1ヵ月でAmazonで新しく追加された商品", None),
    ],
)
def test_bought_past_month(line: str, bought: int | None) -> None:
    extra = f'<div class="a-row"><span class="a-size-base a-color-secondary">{line}</span></div>'
    assert row(modern(body=reviews("4 out of 5", "", extra))).bought_past_month == bought


def test_bought_past_month_without_a_reviews_block_needs_the_month() -> None:
    lines = '<span class="a-size-base a-color-secondary">Pack of 6</span><span class="a-size-base a-color-secondary">200+ gekauft im letzten Monat</span>'
    assert row(modern(body=lines), lang="de").bought_past_month == 200
    one_month = '<span class="a-size-base a-color-secondary">過去一個月有3000個以上顧客購買</span>'
    assert row(modern(body=one_month), lang="zh-TW").bought_past_month == 3000
    korean = '<span class="a-size-base a-color-secondary">지난 달 50개 이상 구매</span>'
    assert row(modern(body=korean), lang="ko-KR").bought_past_month == 50


@pytest.mark.parametrize(
    ("markup", "badge"),
    [
        ('<span id="B000000001-best-seller" class="a-badge">Mais vendido</span>', "best_seller"),
        ('<a id="BESTSELLER_B000000001" class="a-badge">Best Seller</a>', "best_seller"),
        ('<div id="BEST_SELLER" class="rio-badge-component">Best Seller</div>', "best_seller"),
        ('<div id="NEW_ARRIVAL_T3" class="rio-badge-component">Top-Neuheiten</div>', "new_release"),
        ('<span id="B000000001-amazons-choice" class="a-badge">Overall Pick</span>', "overall_pick"),
        (
            '<div class="sx-badge-region"><span class="sx-badge-rectangle sx-amazonschoice-color">x</span></div>',
            "amazons_choice",
        ),
        ('<span id="DEAL_B000000001" class="a-badge">Oferta por tempo limitado</span>', "limited_deal"),
        ('<span id="BEST_DEAL_B000000001" class="a-badge">Limited time deal</span>', "limited_deal"),
        (
            '<span data-s-pc-sidesheet-open=\'{"m":["provenanceCertifications_desktop_cpf_badge"]}\'><a class="s-pc-badge">1 feature</a></span>',
            "climate_pledge",
        ),
        (
            '<div class="a-section s-cpf-badge"><a><span class="a-size-base s-cpf-badge">Certified</span></a></div>',
            "climate_pledge",
        ),
        (
            '<span data-s-pc-sidesheet-open=\'{"m":["provenanceCertifications_desktop_sbe_badge"]}\'><a class="s-pc-badge">Pequenas</a></span>',
            "small_business",
        ),
    ],
)
def test_badges_by_markup(markup: str, badge: str) -> None:
    assert row(modern(body=markup)).badges == (badge,)


def test_other_badges_are_left_out() -> None:
    others = """<span id="B000000001-nsm-badge" class="a-badge">New Season</span><i class="sx-bestseller-badge-primary">Save 8%</i>
      <span id="DEAL_B000000001" class="a-badge">Great Festival</span><span id="DEAL_B000000001" class="a-badge">Ends in 03:00:11</span>"""
    assert row(modern(body=others)).badges == ()


@pytest.mark.parametrize(
    "name",
    [
        "Limited time deal",
        "Blitzangebot",
        "Befristetes Angebot",
        "Oferta flash",
        "Offre à durée limitée",
        "数量限定タイムセール",
        "기간 한정 특가",
        "מבצע לזמן מוגבל",
    ],
)
def test_deals_for_a_time_are_a_badge_in_every_language(name: str) -> None:
    assert row(modern(body=f'<span id="DEAL_B000000001" class="a-badge">{name}</span>')).badges == ("limited_deal",)


def test_the_rank_of_2016_is_a_badge_and_no_coupon() -> None:
    body = """<span class="a-size-small sx-bestseller"><a href="/gp/bestsellers/hi/1/"><i class="a-icon sx-bestseller-badge-primary">#<span>1</span>
      Best Seller</i> <span class="sx-bestseller-node">in Kettles</span></a></span>"""
    got = row(classic(body=body))
    assert (got.badges, got.coupon) == (("best_seller",), None)


def test_coupon_is_the_unclipped_text() -> None:
    coupon = """<span data-component-type="s-coupon-component"><span class="s-coupon-clipped aok-hidden">5% off coupon applied</span>
      <span class="s-coupon-unclipped"><span>Save 5%</span> <span>with coupon</span></span></span>"""
    assert row(modern(prices=coupon)).coupon == "Save 5% with coupon"


def test_prime_variants_and_offers() -> None:
    body = """<i class="a-icon a-icon-prime a-icon-medium" aria-label="Amazon Prime"></i>
      <a class="a-link-normal s-color-swatch-link" href="#"><u>+7 other colors/patterns</u></a>
      <div data-cy="secondary-offer-recipe"><div class="a-row"><span>No featured offers available</span><br>
      <span class="a-color-base">$100.00</span><span class="a-declarative"><a href="/gp/offer-listing/B000000001/ref=x">(55+ used &amp; new offers)</a></span></div></div>"""
    got = row(modern(body=body))
    assert (got.is_prime, got.variant_count, got.price) == (True, 7, None)
    assert (got.other_offers.count, got.other_offers.from_price.amount) == (55, Decimal(100))


def test_offers_counted_in_wide_brackets() -> None:
    own = '<div class="a-row"><span>$2.00</span><a href="/gp/offer-listing/B000000001/">（12点の新品）</a></div>'
    assert row(modern(body=own), lang="ja").other_offers.count == 12


def test_offers_of_another_format_stand_in_where_the_tile_has_none_of_its_own() -> None:
    other = '<div class="a-row"><span>$1.00</span><a href="/gp/offer-listing/0000000001/">(5 new offers)</a></div>'
    own = '<div class="a-row"><span>$2.00</span><a href="/gp/offer-listing/B000000001/">(2 new offers)</a></div>'
    assert row(modern(body=other)).other_offers.count == 5
    assert row(modern(body=other + own)).other_offers.count == 2


def test_the_count_of_variants_has_words_before_it_in_some_languages() -> None:
    body = '<a class="s-color-swatch-link" href="#"><u>Mais 3 cores/estampas</u></a>'
    assert row(modern(body=body), lang="pt-BR").variant_count == 3


def delivery(*lines: list[str]) -> str:
    return (
        '<div data-cy="delivery-recipe">'
        + "".join(f'<div class="a-row"><span aria-label="{x}"><span>{x}</span></span></div>' for x in lines)
        + "</div>"
    )


@pytest.mark.parametrize(
    ("lines", "text", "cost"),
    [
        (
            ["FREE delivery Mon, 10 Nov", "Or fastest delivery Sat, 8 Nov"],
            "FREE delivery Mon, 10 Nov Or fastest delivery Sat, 8 Nov",
            0,
        ),
        (["₹40 delivery Mon, 4 May"], "₹40 delivery Mon, 4 May", 40),
        (["FREE delivery Tue on ₹499 of items"], "FREE delivery Tue on ₹499 of items", None),
        (["FREE delivery Sat", "on orders over ₹499"], "FREE delivery Sat on orders over ₹499", None),
        (["Delivery Mon, Apr 7"], "Delivery Mon, Apr 7", None),
        (["+ ₹99 delivery", "FREE delivery over ₹499"], "+ ₹99 delivery FREE delivery over ₹499", 99),
    ],
)
def test_delivery(lines: list[str], text: str, cost: int | None) -> None:
    got = row(modern(body=delivery(*lines)), url=IN, lang="en-in").delivery
    assert (got.text, got.price and got.price.amount) == (text, cost)


@pytest.mark.parametrize(
    ("line", "lang", "status", "quantity"),
    [
        ("Only 3 left in stock - order soon.", "en-us", AvailabilityStatus.LOW_STOCK, 3),
        ("Only 2 left in stock (more on the way).", "en-us", AvailabilityStatus.LOW_STOCK, 2),
        ("Il ne reste plus que 4 exemplaire(s) en stock.", "fr-fr", AvailabilityStatus.LOW_STOCK, 4),
        ("Somente 1 em estoque.", "pt-br", AvailabilityStatus.LOW_STOCK, 1),
        ("Stokta kalan son 1 ürün", "tr-tr", AvailabilityStatus.LOW_STOCK, 1),
        ("باقي 3 فقط - اطلبه الآن.", "ar-eg", AvailabilityStatus.LOW_STOCK, 3),
        ("Temporarily out of stock.", "en-us", AvailabilityStatus.OUT_OF_STOCK, None),
        ("Currently unavailable.", "en-us", AvailabilityStatus.UNAVAILABLE, None),
        ("Usually ships within 6 to 7 weeks", "en-us", AvailabilityStatus.BACKORDER, None),
        ("Available instantly", "en-us", AvailabilityStatus.IN_STOCK, None),
    ],
)
def test_availability(line: str, lang: str, status: AvailabilityStatus, quantity: int | None) -> None:
    got = row(modern(body=delivery("Delivery", line)), url=US, lang=lang)
    assert (got.availability.status, got.availability.text, got.availability.quantity) == (status, line, quantity)
    assert got.delivery.text == "Delivery"


@pytest.mark.parametrize(
    ("line", "lang", "cost"),
    [
        ("ÜCRETSİZ teslimat 24 Mart Pzt", "tr-tr", 0),
        ("₺49,90 teslimat 24 - 26 Mart", "tr-tr", Decimal("49.90")),
        ("FRI leverans mån, 24 mars", "sv-se", 0),
        ("Leverans för 49 kr ons, 26 mars", "sv-se", 49),
        ("DARMOWA dostawa pon., 24 mar", "pl-pl", 0),
        ("GRATIS bezorging ma. 24 mrt.", "nl-nl", 0),
        ("توصيل مجاني الاثنين, 24 مارس", "ar-ae", 0),
        ("Eligible for FREE UK Delivery", "en-gb", 0),
        ("FREE Super Saver Shipping", "en-us", 0),
        ("GRATIS-Versand durch Amazon", "de-de", 0),
        ("通常配送無料", "ja-jp", 0),
    ],
)
def test_what_delivery_costs_in_other_languages(line: str, lang: str, cost: Decimal) -> None:
    assert row(modern(body=delivery(line)), lang=lang).delivery.price.amount == cost


def test_classic_delivery_and_stock() -> None:
    body = """<span class="a-size-small a-color-secondary">Get it by <span class="a-color-success">Friday</span></span>
      <span class="a-size-small a-color-secondary">FREE Shipping on eligible orders</span>
      <span class="a-size-small a-color-price">Only 9 left in stock</span>"""
    got = row(classic(body=body))
    assert got.delivery.text == "Get it by Friday FREE Shipping on eligible orders"
    assert got.availability.quantity == 9


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Currently unavailable", AvailabilityStatus.UNAVAILABLE),
        ("In stock on January 14, 2020", AvailabilityStatus.BACKORDER),
        ("Only One Publishers", None),
        ("More Buying Choices", None),
    ],
)
def test_grey_lines_before_2020_speak_of_stock_that_is_not_there(line: str, status: AvailabilityStatus | None) -> None:
    got = row(classic(body=f'<div class="a-row"><span class="a-size-small a-color-secondary">{line}</span></div>'))
    assert got.delivery is None
    assert (got.availability.status if got.availability else None) is status


def test_delivery_before_a_link_to_promotions() -> None:
    body = """<span class="a-size-small a-color-secondary"><span class="a-color-secondary">FREE Shipping on orders over $35</span> and
      <a class="a-popover-trigger" href="#">1 more promotion</a></span>"""
    assert row(classic(body=body)).delivery.text == "FREE Shipping on orders over $35"


def test_what_a_buyer_saves_is_no_delivery_and_a_drawn_sign_is_no_text() -> None:
    body = """<div class="a-row"><span class="a-size-small a-color-secondary">You Save: </span><span class="a-size-small a-color-price">
      <span class="currencyINR">  </span>300 (23%)</span></div><div class="a-row"><a href="/gp/offer-listing/B000000001">
      <span class="a-color-price a-text-bold"><span class="currencyINR">  </span>1,210</span>offer<span>(11 offers)</span></a></div>"""
    got = row(classic(body=body), url=IN)
    assert (got.delivery, got.other_offers.count, got.other_offers.from_price.amount) == (None, 11, 1210)


def test_offers_of_india_of_2015_count_before_the_amount() -> None:
    body = """<div class="a-row"><a href="/gp/offer-listing/B000000001"><span class="a-color-price a-text-bold"></span> 2 offers
      <span class="a-color-price">from <span class="currencyINR">  </span>6,999.00</span></a></div>"""
    got = row(classic(body=body), url=IN)
    assert (got.other_offers.count, got.other_offers.from_price.amount) == (2, Decimal("6999.00"))


def test_a_broken_line_is_joined_with_a_space() -> None:
    body = '<div class="a-row"><span class="a-size-small a-color-secondary">FREE Delivery over Rs.499.<br>Cash on Delivery</span></div>'
    assert row(classic(body=body), url=IN).delivery.text == "FREE Delivery over Rs.499. Cash on Delivery"


def test_labels_of_2019_to_2022() -> None:
    tile = """<div data-component-type="s-search-result" data-asin="B000000001"><h2><a href="/dp/B000000001">Kettle</a></h2>
      <div class="a-row a-size-small"><span aria-label="4.8 out of 5 stars"><i class="a-icon-star-small"><span class="a-icon-alt">4.8 out of 5 stars</span></i>
      </span><span aria-label="31"><a href="#"><span>31</span></a></span></div>
      <span aria-label="Get it as soon as Thu, Jul 9"><span>Get it as soon as </span><span>Thu, Jul 9</span></span>
      <span aria-label="FREE Shipping by Amazon"><span>FREE Shipping by Amazon</span></span>
      <span aria-label="Only 4 left in stock."><span class="a-color-price">Only 4 left in stock.</span></span></div>"""
    got = row(tile)
    assert (got.rating, got.rating_count, got.availability.quantity) == (4.8, 31, 4)
    assert (got.delivery.text, got.delivery.price.amount) == ("Get it as soon as Thu, Jul 9 FREE Shipping by Amazon", 0)


def test_free_delivery_without_a_label_under_a_line_that_has_one() -> None:
    tile = """<div data-component-type="s-search-result" data-asin="B000000001"><h2><a href="/dp/B000000001">Kettle</a></h2>
      <div class="a-row s-align-children-center"><div class="a-row"><span aria-label="Recíbelo mañana"><span class="a-color-base">Recíbelo mañana</span></span></div>
      <div class="a-row"><span class="a-color-base">Envío GRATIS en tu primer pedido</span></div></div></div>"""
    got = row(tile, lang="es-ES").delivery
    assert (got.text, got.price.amount) == ("Recíbelo mañana Envío GRATIS en tu primer pedido", 0)


def test_where_a_seller_delivers_to_has_no_label_beside_stock_that_has_one() -> None:
    tile = """<div data-component-type="s-search-result" data-asin="B000000001"><h2><a href="/dp/B000000001">Kettle</a></h2>
      <div class="a-row a-size-base a-color-secondary s-align-children-center"><span class="a-size-small a-color-base">Delivers to Norway</span></div>
      <div class="a-row a-color-secondary"><span aria-label="Only 6 left in stock."><span class="a-color-price">Only 6 left in stock.</span></span></div></div>"""
    got = row(tile)
    assert (got.delivery.text, got.delivery.price, got.availability.quantity) == ("Delivers to Norway", None, 6)


def test_a_label_in_the_price_block_is_no_delivery() -> None:
    tile = """<div data-component-type="s-search-result" data-asin="B000000001"><h2><a href="/dp/B000000001">Kettle</a></h2>
      <div class="s-price-instructions-style"><div class="a-row"><span aria-label="Lowest price in 30 days">Lowest price in 30 days</span></div></div>
      <div class="a-row"><span aria-label="FREE delivery Sat, Oct 29">FREE delivery Sat, Oct 29</span></div></div>"""
    assert row(tile).delivery.text == "FREE delivery Sat, Oct 29"


def test_a_style_sheet_in_a_line_is_not_read() -> None:
    line = "FREE delivery Sat Or <style>.prime-brand-color {color: #111; }</style><span>Prime members</span> get it Fri"
    body = f'<div data-cy="delivery-recipe"><div class="udm-primary-delivery-message">{line}</div></div>'
    assert row(modern(body=body)).delivery.text == "FREE delivery Sat Or Prime members get it Fri"


def test_a_red_line_speaks_of_stock() -> None:
    line = "招待された方のみご購入いただけます"
    body = f'<div data-cy="delivery-recipe"><div class="a-row"><span aria-label="x"><span class="a-color-price">{line}</span></span></div></div>'
    got = row(modern(body=body), lang="ja-jp")
    assert (got.delivery, got.availability.status, got.availability.text) == (None, AvailabilityStatus.UNKNOWN, line)


def test_lines_and_badge_of_2019() -> None:
    tile = """<div data-asin="B000000001" class="s-result-item"><span data-component-type="s-status-badge-component"
      data-component-props='{"badgeType":"amazons-choice","asin":"B000000001"}'><span class="a-badge-text">Choice</span></span>
      <h2><a href="/dp/B000000001">Tetera</a></h2><div class="a-section">
      <div class="a-row a-color-secondary s-align-children-center"><div class="a-row s-align-children-center"><i class="a-icon-prime"></i>
      <span>Recíbelo el </span><span class="a-text-bold">martes, 16 de julio</span></div><div class="a-row"><span>Envío GRATIS disponible</span></div></div>
      <div class="a-row a-color-secondary"><span class="a-color-price">Sólo queda(n) 3 en stock.</span></div></div></div>"""
    got = row(tile, lang="es-es")
    assert got.badges == ("amazons_choice",)
    assert got.delivery.text == "Recíbelo el martes, 16 de julio Envío GRATIS disponible"
    assert (got.delivery.price.amount, got.availability.quantity) == (0, 3)


def test_free_delivery_without_a_label_and_what_a_subscription_saves() -> None:
    line = '<div class="a-row s-align-children-center"><span class="a-color-base">Envío GRATIS en tu primer pedido</span></div>'
    tile = f"""<div data-component-type="s-search-result" data-asin="B000000001"><h2><a href="/dp/B000000001">Kettle</a></h2>{line}</div>"""
    assert row(tile, lang="es-ES").delivery.text == "Envío GRATIS en tu primer pedido"
    saved = '<span class="a-size-small a-color-secondary">Abbonati e risparmia <span class="a-color-success">5.0%</span></span>'
    assert row(classic(body=saved)).delivery is None


def test_a_label_of_the_advertisement_is_no_delivery() -> None:
    label = '<a class="puis-sponsored-label-text"><span aria-label="View Sponsored information">Sponsored</span></a>'
    got = row(modern(ad=label))
    assert (got.delivery, got.sponsored) == (None, True)


def test_another_offer_in_the_tile_keeps_its_badge_and_coupon() -> None:
    other = """<div data-cy="secondary-offer-recipe"><span id="DEAL_B000000099" class="a-badge">Limited time deal</span>
      <span data-component-type="s-coupon-component"><span class="s-coupon-unclipped">Save 5% with coupon</span></span></div>"""
    got = row(modern(body=other))
    assert (got.badges, got.coupon) == ((), None)
