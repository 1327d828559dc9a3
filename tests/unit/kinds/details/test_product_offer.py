import pytest

from azscraper.records.parts import AvailabilityStatus as Status
from azscraper.records.parts import OfferState
from unit.kinds.details.product_page import price_tag, product


def _row(name: str, price: str, seller: str, stock: str) -> str:
    return (
        f'<div data-a-accordion-row-name="{name}" id="{name}"><div id="corePrice_feature_div">{price_tag(price)}</div>'
        f'<div id="availability"><span class="a-color-success">{stock}</span></div>'
        f'<a id="sellerProfileTriggerId" href="/gp/help/seller/x?seller=A{seller.upper()}&asin=B000000001">{seller}</a>'
        f'<input id="merchantID" value="M{seller.upper()}"></div>'
    )


def test_a_grocery_row() -> None:
    found = product(
        '<div id="buybox"><div data-a-accordion-row-name="almAccordionRow"><div id="alm-delivery-message">'
        "FREE delivery Friday, 10 AM - 2 PM</div>"
        '<div id="availability-string"><span class="a-color-success">In Stock</span></div>'
        '<div id="fresh-merchant-info"><table><tr><td>Ships From</td><td>Corner Store</td></tr>'
        "<tr><td>Sold by</td><td>Greens Ltd</td></tr></table></div></div></div>"
    )
    assert found.seller is not None
    assert found.delivery is not None
    assert found.availability is not None
    assert (found.seller.name, found.ships_from, found.availability.status) == (
        "Greens Ltd", "Corner Store", Status.IN_STOCK,
    )  # fmt: skip
    assert found.delivery.text == "FREE delivery Friday, 10 AM - 2 PM"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ja-jp", "最低価格: 新品 ￥1,430"),
        ("en-us", "Hardcover from $13.40"),
    ],
)
def test_lines_that_count_no_offers_of_one_kind(lang: str, line: str) -> None:
    assert (
        product(f'<div id="dynamic-aod-ingress-box"></div><div id="olp_feature_div">{line}</div>', lang=lang).offers
        is None
    )


def test_values_come_from_the_row_a_visitor_buys_by_default() -> None:
    rows = _row("usedAccordionRow", "$5.00", "Thrift", "Only 1 left in stock") + _row(
        "newAccordionRow", "$9.00", "Acme", "In Stock"
    )
    record = product(f'<div id="buybox">{rows}</div>')
    assert record.price is not None
    assert str(record.price.amount) == "9.00"
    assert record.seller is not None
    assert (record.seller.name, record.seller.id, record.seller.is_amazon) == ("Acme", "AACME", False)
    assert record.seller.url == "https://www.amazon.com/gp/help/seller/x?seller=AACME"
    assert record.availability is not None
    assert record.availability.status is Status.IN_STOCK
    assert record.condition is None


def test_a_used_offer_alone_is_the_offer_and_says_so() -> None:
    record = product(
        '<div id="buybox"><div id="usedOnlyBuybox"><span class="offer-price">$4.45</span>'
        '<div id="usedbuyBox"><strong>Used: Good</strong> Sold by <a href="/sp?seller=A1">Thrift</a></div></div></div>'
    )
    assert str(record.price and record.price.amount) == "4.45"
    assert record.condition == "Used: Good"
    assert record.seller is not None
    assert (record.seller.name, record.seller.id) == ("Thrift", "A1")


@pytest.mark.parametrize(
    ("sentence", "name", "ships_from", "by_amazon"),
    [
        ("Ships from and sold by Amazon.com. Gift-wrap available.", "Amazon.com", "Amazon.com", True),
        ("Ships from and sold by Acme Tools.", "Acme Tools", "Acme Tools", False),
        ("Sold by Acme and Fulfilled by Amazon.", "Acme", "Amazon", True),
        ("Dispatched from and sold by Amazon.co.uk.", "Amazon.co.uk", "Amazon.co.uk", True),
        ("Verkauf und Versand durch Amazon. Geschenkverpackung verfügbar.", "Amazon", "Amazon", True),
        ("Verkauf durch Acme und Versand durch Amazon. Für weitere", "Acme", "Amazon", True),
        ("Expédié et vendu par Amazon.", "Amazon", "Amazon", True),
        ("Vendido por Acme y gestionado por Amazon.", "Acme", "Amazon", True),
        ("この商品は、Amazon.co.jp が販売、発送します。", "Amazon.co.jp", "Amazon.co.jp", True),
    ],
)
def test_the_sentence_of_the_seller(sentence: str, name: str, ships_from: str | None, by_amazon: bool) -> None:  # noqa: FBT001
    record = product(f'<div id="merchant-info">{sentence}</div>')
    assert record.seller is not None
    assert record.seller.name == name
    assert record.ships_from == ships_from
    assert record.fulfilled_by_amazon is by_amazon


def test_the_lines_of_the_offer() -> None:
    def line(name: str, value: str) -> str:
        return f'<div id="{name}"><span class="offer-display-feature-text-message">{value}</span></div>'

    record = product(
        line("merchantInfoFeature_feature_div", "Amazon.com")
        + line("fulfillerInfoFeature_feature_div", "Amazon")
        + line("returnsInfoFeature_feature_div", "30-day refund")
        + '<input id="merchantID" value="A0">'
        + '<select id="quantity"><option value="1">1<option value="2">2</select>'
        + '<div id="mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_LARGE">'
        + '<span data-csa-c-delivery-price="FREE" data-csa-c-delivery-time="Monday, May 3">FREE delivery Monday, May 3. Details</span></div>'
    )
    assert record.seller is not None
    assert (record.seller.name, record.seller.id, record.seller.is_amazon) == ("Amazon.com", "A0", True)
    assert record.ships_from == "Amazon"
    assert record.return_policy == "30-day refund"
    assert record.max_quantity == 2
    assert record.delivery is not None
    assert record.delivery.text == "FREE delivery Monday, May 3"
    assert record.delivery.price is not None
    assert record.delivery.price.amount == 0


def test_the_tabular_buy_box() -> None:
    def line(label: str, value: str) -> str:
        return f'<div class="tabular-buybox-text" tabular-attribute-name="{label}"><span class="tabular-buybox-text-message">{value}</span></div>'

    record = product(f'<div id="tabular-buybox">{line("Ships from", "Amazon")}{line("Sold by", "Acme")}</div>')
    assert record.seller is not None
    assert record.seller.name == "Acme"
    assert record.ships_from == "Amazon"


def test_other_offers() -> None:
    record = product('<div id="olp_feature_div"><div>35 New from $37.08</div><div>11 Used from $39.18</div></div>')
    assert record.offers is not None
    assert (record.offers.new_count, record.offers.used_count) == (35, 11)
    assert str(record.offers.used_from and record.offers.used_from.amount) == "39.18"
    assert product('<div id="olp_feature_div">Paperback from $8.99</div>').offers is None


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (
            '<div id="availability">This item cannot be shipped to your selected delivery location.</div>',
            OfferState.NOT_SHIPPABLE,
        ),
        ('<div id="outOfStock"><span class="a-text-bold">Currently unavailable.</span></div>', OfferState.UNAVAILABLE),
        (
            '<div id="buybox"><span id="buybox-see-all-buying-choices">See All</span></div>',
            OfferState.SEE_ALL_BUYING_OPTIONS,
        ),
        ('<div id="partialStateBuybox">To buy, select Size</div>', OfferState.SELECT_VARIANT),
        (
            '<div id="priceNotAvailable_feature_div">To see product details, add this item to your cart</div>',
            OfferState.WITHHELD,
        ),
        ('<div id="buybox"><input name="submit.add-to-cart"></div>', OfferState.NONE),
    ],
)
def test_why_there_is_no_price(content: str, state: OfferState) -> None:
    record = product(content)
    assert record.price is None
    assert record.offer_state is state


def test_offers_of_this_format_and_no_other() -> None:
    record = product(
        '<a href="/gp/offer-listing/B000000009/ref=tmm_hrd_new_olp_0?condition=new">3 New <span>from</span> $2.00</a>'
        '<a href="/gp/offer-listing/B000000001/ref=dp_olp_all_mbc?condition=all">46 used &amp; new from $9.82</a>'
        '<a href="/gp/offer-listing/B000000001/ref=tmm_pap_used_olp_sr?condition=used">24 Used <span>from</span> $14.86</a>'
        '<p><a href="/gp/offer-listing/B000000001/ref=dp_olp_new?condition=new">56&nbsp;new</a>&nbsp;from <b>$14.87</b></p>'
    )
    assert record.offers is not None
    assert (record.offers.new_count, record.offers.used_count) == (56, 24)
    prices = [record.offers.new_from, record.offers.used_from]
    assert [str(price.amount) for price in prices if price] == ["14.87", "14.86"]


@pytest.mark.parametrize(
    ("content", "lang"),
    [
        ('<div id="merchant-info">Ships from and sold by Acme Inc.</div>', "en-us"),
        ('<div id="merchant-info">Verkauf und Versand durch <a href="/sp?seller=A1">Acme Inc</a>. Mehr</div>', "de-de"),
        ('<div id="merchant-info">Expédié et vendu par Acme Inc. Mehr</div>', "fr-fr"),
        ('<span id="ddmMerchantMessage">由<a href="/x">Acme Inc</a>直接销售和发货。</span>', "zh-cn"),
        (
            '<div id="merchantInfoFeature_feature_div"><p class="offer-display-feature-label">Enviado / Vendido</p><p class="offer-display-feature-text-message">Acme Inc</p></div>',
            "pt-br",
        ),
        (
            '<div id="sfsb_accordion_head"><div class="a-row">Ships from: <span>Acme Inc</span></div></div><a id="sellerProfileTriggerId">Acme Inc</a>',
            "en-us",
        ),
    ],
)
def test_one_name_for_who_sells_and_who_ships(content: str, lang: str) -> None:
    record = product(content, lang=lang)
    assert record.seller is not None
    assert (record.seller.name, record.ships_from) == ("Acme Inc", "Acme Inc")


@pytest.mark.parametrize(
    "content",
    [
        '<table><tr class="print-sold-by"><td>Sold by: </td><td><p>Acme, Inc.</p><p>Price set by seller.</p></td></tr></table>',
        '<ul><li id="sold-by-merchant"><b>Sold by:</b> Acme, Inc. </li></ul>',
    ],
)
def test_the_seller_of_a_kindle_book(content: str) -> None:
    record = product(content)
    assert record.seller is not None
    assert (record.seller.name, record.ships_from) == ("Acme, Inc.", None)


def test_the_seller_of_a_film() -> None:
    record = product('<div class="tancaccept">You agree. Sold by Acme LLC. Taxes may apply.</div>')
    assert record.seller is not None
    assert record.seller.name == "Acme LLC"


def test_a_used_item_that_amazon_ships() -> None:
    box = '<div id="usedOnlyBuybox">Sold by <a href="/x">Acme</a> <a id="SSOFpopoverLink_ubb">Fulfilled by Amazon</a></div>'
    assert product(box).ships_from == "Amazon"


@pytest.mark.parametrize(
    ("row", "head", "condition"),
    [
        ("newAccordionRow_0", "Buy new:", "New"),
        ("newAccordionRow", "Neuf: EUR 659,00", "Neuf"),
        ("newAccordionRow", "One-time purchase:", None),
        ("snsAccordionRow", "Buy new:", None),
    ],
)
def test_the_condition_of_the_row_of_new_items(row: str, head: str, condition: str | None) -> None:
    box = f'<div id="buybox"><div data-a-accordion-row-name="{row}"><p>{head}</p></div></div>'
    assert product(box).condition == condition


@pytest.mark.parametrize(
    ("lang", "sentence", "seller", "ships_from"),
    [
        ("pl-pl", "Sprzedawane i wysyłane przez Amazon.", "Amazon", "Amazon"),
        ("pl-pl", "Sprzedawane przez Acme i wysyłane przez Amazon.", "Acme", "Amazon"),
        ("tr-tr", "Amazon.com.tr tarafından satılır ve gönderilir.", "Amazon.com.tr", "Amazon.com.tr"),
        ("tr-tr", "Acme tarafından satılır ve Amazon tarafından gönderilir.", "Acme", "Amazon"),
        ("ar-ae", "تُباع بواسطة Acme وتُشحن من Amazon", "Acme", "Amazon"),
    ],
)
def test_sentences_of_sale(lang: str, sentence: str, seller: str, ships_from: str) -> None:
    found = product(f'<div id="merchant-info">{sentence}</div>', lang=lang)
    assert found.seller is not None
    assert (found.seller.name, found.ships_from) == (seller, ships_from)


def test_a_trial_of_a_membership_is_no_price_of_an_audiobook() -> None:
    rows = _row("audibleUpsellAccordionRow", "$0.00", "audible", "") + _row(
        "audibleCashAccordionRow", "$19.95", "x", ""
    )
    price = product(f'<div id="buybox">{rows}</div>').price
    assert price is not None
    assert str(price.amount) == "19.95"


def test_the_folded_head_of_a_row_repeats_an_id_without_its_content() -> None:
    message = '<div id="ddmDeliveryMessage"></div><div id="ddmDeliveryMessage">Arrives: <b>Monday, Dec 7</b></div>'
    found = product(f'<div id="buybox"><div data-a-accordion-row-name="newAccordionRow">{message}</div></div>').delivery
    assert found is not None
    assert found.text == "Arrives: Monday, Dec 7"


def test_the_table_of_seller_and_shipper_of_2020() -> None:
    def line(label: str, name: str) -> str:
        whole = f'<span class="a-truncate-full"><span class="tabular-buybox-text">{name}</span></span>'
        cut = f'<span class="a-truncate-cut"><span class="tabular-buybox-text">{name[:2]}…</span></span>'
        return f'<tr><td><span class="tabular-buybox-label">{label}</span></td><td>{whole}{cut}</td></tr>'

    record = product(f'<table id="tabular-buybox">{line("Ships from", "Amazon")}{line("Sold by", "Acme")}</table>')
    assert record.ships_from == "Amazon"
    assert record.seller is not None
    assert record.seller.name == "Acme"


def test_the_condition_of_a_section_of_new_items() -> None:
    assert product('<div id="buybox"><div id="buyNewSection"><b>Buy New</b> $21.02</div></div>').condition == "New"
    assert product('<div id="buybox"><div id="buyNewSection">EUR 10,99</div></div>', lang="de-de").condition is None


RETURN_ICON = '<div id="icon-farm-container"><div id="RETURNS_POLICY" data-type="{}"><a href="#">{}</a></div></div>'
FREE_RETURNS = '<div id="buybox"><a id="creturns-policy-anchor-text">FREE Returns</a>{}</div>'


@pytest.mark.parametrize(
    ("content", "policy"),
    [
        (RETURN_ICON.format("pop-over", "7 days Replacement"), "7 days Replacement"),
        (RETURN_ICON.format("redirect", "Returns Policy"), None),
        (FREE_RETURNS.format(""), "FREE Returns"),
        (
            FREE_RETURNS.format(
                '<a id="productSupportAndReturnPolicy-return-policy-anchor-text">Eligible for Return</a>'
            ),
            "Eligible for Return",
        ),
    ],
)
def test_the_return_policy_of_the_item_itself(content: str, policy: str | None) -> None:
    assert product(content).return_policy == policy


_PANEL = (
    '<div id="aod-pinned-offer"><div id="aod-offer-seller-rating"><i class="a-icon a-star-mini-4-5"></i>'
    "<span>(1,234 ratings) 92% positive over last 12 months</span></div></div>"
)


@pytest.mark.parametrize(
    ("content", "ratings"),
    [
        ('<div id="merchant-info">Sold by <a href="/sp?seller=A1">Lumen</a> (4.4 out of 5 stars | 312,345 ratings) and Fulfilled by Amazon.</div>', (4.4, 312345, None)),
        ('<div id="merchant-info">Vendu par Lumen (4,4 sur 5 étoiles | 1 234 évaluations) et expédié par Amazon.</div>', (4.4, 1234, None)),
        (_PANEL, (4.5, 1234, 92)),
        ('<div id="tbb_mr_star_dp"><i class="a-icon a-icon-star-mini a-star-brand-mini-4-5"></i><span>（3188件の評価）</span></div>', (4.5, 3188, None)),
        ('<div id="tbb_mr_star_dp"><i class="a-icon a-star-mini-5"></i><span>(1.234 Bewertungen)</span></div>' + _PANEL, (5.0, 1234, 92)),
        ('<div id="merchant-info">Sold by Lumen (UK) and Fulfilled by Amazon.</div>', (None, None, None)),
    ],
)  # fmt: skip
def test_what_buyers_think_of_the_seller(content: str, ratings: tuple[float | None, int | None, int | None]) -> None:
    record = product(content)
    assert (record.seller_rating, record.seller_rating_count, record.seller_positive_percent) == ratings
    if "merchant-info" in content:
        assert record.seller is not None
        assert record.seller.name.partition(" ")[0] == "Lumen"
        assert "|" not in record.seller.name
