from decimal import Decimal

import pytest

from azscraper.records.parts import Money, OfferState
from unit.kinds.details.product_page import price_tag, product

PARTS = (
    '<span class="a-price priceToPay"><span class="a-offscreen"> </span><span aria-hidden="true"><span class="a-price-symbol">{sign}</span>'
    '<span class="a-price-whole">{whole}<span class="a-price-decimal">{mark}</span></span><span class="a-price-fraction">{cents}</span></span></span>'
)
STRUCK = price_tag("$49.99", "a-price a-text-price", 'data-a-strike="true"')


def _centre(content: str) -> str:
    return f'<div id="corePriceDisplay_desktop_feature_div">{content}</div>'


def _usd(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="USD")


@pytest.mark.parametrize(
    ("content", "amount"),
    [
        (_centre(price_tag("$32.97", "a-price priceToPay")), "32.97"),
        (_centre(PARTS.format(sign="$", whole="1,032", mark=".", cents="97")), "1032.97"),
        (_centre(STRUCK + price_tag("$32.97")), "32.97"),
        ('<div id="corePrice_desktop">' + price_tag("$9.99", "a-price apexPriceToPay") + "</div>", "9.99"),
        ('<span id="priceblock_dealprice">$8.00</span><span id="priceblock_ourprice">$9.00</span>', "8.00"),
        ('<div id="price"><span id="priceblock_ourprice">From: $119.99</span></div>', "119.99"),
        ('<span id="kindle-price">$10.99</span>', "10.99"),
        ('<div id="buybox"><span id="price_inside_buybox">$7.50</span></div>', "7.50"),
        ('<div id="buybox"><div id="corePrice_feature_div">' + price_tag("$6.50") + "</div></div>", "6.50"),
        ('<div id="buybox"><div><div id="rentBox" class="offer-price">$2</div></div><div><div id="buyNewSection"><span class="offer-price">$40.52</span></div></div></div>', "40.52"),
        ('<div id="priceBlock"><span id="actualPriceValue"><b class="priceLarge">$18.77</b></span></div>', "18.77"),
        ('<div id="priceBlock"><b class="priceLarge">$0.97</b></div>', "0.97"),
        ('<strong id="price">$23.99</strong>', "23.99"),
    ],
)  # fmt: skip
def test_price_in_each_layout(content: str, amount: str) -> None:
    record = product(content)
    assert record.price == _usd(amount)
    assert record.offer_state is OfferState.FEATURED_OFFER


@pytest.mark.parametrize(
    ("host", "sign", "whole", "mark", "cents", "expected"),
    [
        ("www.amazon.de", "€", "1.299", ",", "00", "1299.00 EUR"),
        ("www.amazon.com.br", "R$", "303", ",", "05", "303.05 BRL"),
        ("www.amazon.in", "₹", "1,08,999", "", "", "108999 INR"),
        ("www.amazon.co.jp", "￥", "12,980", "", "", "12980 JPY"),
        ("www.amazon.ca", "$", "12", ".", "99", "12.99 CAD"),
        ("www.amazon.com", "EUR", "12", ".", "99", "12.99 EUR"),
    ],
)
def test_price_from_its_parts(*, host: str, sign: str, whole: str, mark: str, cents: str, expected: str) -> None:
    record = product(_centre(PARTS.format(sign=sign, whole=whole, mark=mark, cents=cents)), host)
    assert record.price is not None
    assert f"{record.price.amount} {record.price.currency}" == expected


def test_prices_outside_the_offer_are_not_the_price() -> None:
    record = product('<div id="sims"><div class="a-carousel">' + price_tag("$3.33") + "</div></div>")
    assert record.price is None
    assert record.offer_state is OfferState.WITHHELD
    assert record.warnings == ()


def test_an_unreadable_price_is_named_in_the_warnings() -> None:
    record = product(_centre('<span class="a-price priceToPay">ask us</span>'))
    assert record.price is None
    assert "price" in record.warnings


def test_list_price_and_savings() -> None:
    badge = '<span class="savingsPercentage">-34%</span>'
    record = product(
        _centre(badge + price_tag("$32.97", "a-price priceToPay") + f'<span class="basisPrice">List: {STRUCK}</span>')
    )
    assert record.list_price == _usd("49.99")
    assert record.savings is not None
    assert (record.savings.percent, record.savings.amount) == (34, None)


def test_a_list_price_that_is_not_above_the_price_is_none() -> None:
    assert product(_centre(price_tag("$49.99", "a-price priceToPay") + STRUCK)).list_price is None


def test_old_list_price_and_savings() -> None:
    record = product(
        '<div id="price"><span class="a-text-strike">$80.00</span><span id="priceblock_ourprice">$64.99</span>'
        '<span id="regularprice_savings">$15.01 (19%)</span></div>'
    )
    assert record.list_price == _usd("80.00")
    assert record.savings is not None
    assert (record.savings.percent, record.savings.amount) == (19, _usd("15.01"))


def test_a_range_is_no_price() -> None:
    spread = f'<span class="a-price-range">{price_tag("$10.00")} - {price_tag("$19.00")}</span>'
    for content in (
        '<div id="corePrice_desktop">' + spread + "</div>",
        '<span id="priceblock_ourprice">$10.00 - $19.00</span>',
    ):
        record = product(content)
        assert record.price is None
        assert record.price_range is not None
        assert (record.price_range.min, record.price_range.max) == (_usd("10.00"), _usd("19.00"))
        assert record.offer_state is OfferState.SELECT_VARIANT


def test_unit_price() -> None:
    unit = f'<span class="pricePerUnit">({price_tag("57,14 €", "a-price a-text-price")} / kg)</span>'
    record = product(_centre(price_tag("8,00 €", "a-price priceToPay") + unit), "www.amazon.de", "de-de")
    assert record.unit_price is not None
    assert (str(record.unit_price.amount), record.unit_price.currency, record.unit_price.per) == ("57.14", "EUR", "kg")
    assert record.list_price is None


def test_a_coupon_is_told_without_the_link_to_its_terms() -> None:
    label = (
        '<span id="couponText1">Save 10% when you <b>subscribe</b> . <a href="#">Terms</a><style>a {}</style></span>'
    )
    assert product(label).coupon == "Save 10% when you subscribe."


def test_a_deal_ends_when_its_own_timer_does() -> None:
    timer = '<span data-target-time="{}">05:12:33</span>'
    badge = '<div id="dealBadge_feature_div"><span class="dealBadgeTextColor">Lightning deal</span></div>'
    ad = f'<div id="ad">{timer.format("2026-01-01T00:00Z")}</div>'
    of_its_own = f'<div id="dealTimer_feature_div">{timer.format("2026-03-16T06:59:59Z")}</div>'
    broken = f'<div id="dealTimer_feature_div">{timer.format("soon")}</div>'
    ends = [
        record.deal and record.deal.ends_at
        for record in map(product, (badge + ad, badge + ad + of_its_own, badge + broken))
    ]
    assert ends == [None, "2026-03-16T06:59:59Z", None]


def test_coupon_deal_and_subscription() -> None:
    record = product(
        _centre(price_tag("$5.00", "a-price priceToPay")) + '<label id="couponText1">Apply 5% coupon</label>'
        '<span id="dealBadgeSupportingText">Limited time deal</span><span id="sns-base-price">$4.75</span>'
    )
    assert record.coupon == "Apply 5% coupon"
    assert record.deal is not None
    assert record.deal.label == "Limited time deal"
    assert record.subscribe_and_save == _usd("4.75")
    assert "limited_deal" in record.badges


@pytest.mark.parametrize(
    "content",
    [
        (
            '<td id="couponBadgeRegularVpc"><i>Coupon</i></td><div id="vpcButton"><div class="vpcApplyCoupon"><label>'
            '<input type="checkbox"><span class="a-checkbox-label">Apply 10% coupon</span></label></div></div>'
        ),
        '<label id="couponText1">Apply 10% coupon <a href="#">Shop items</a> | <a href="#">Terms</a></label>',
    ],
)
def test_a_coupon_without_its_badge_and_its_links(content: str) -> None:
    assert product(content).coupon == "Apply 10% coupon"
