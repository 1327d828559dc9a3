"""What a page says of subscriptions: when they save more, and which coupon is theirs."""

import pytest

from azscraper.records.page_parts import Subscription
from unit.kinds.details.product_page import price_tag, product

PRICE = price_tag("$8.50")


def subscribed(inside: str, beside: str = "", host: str = "www.amazon.com", lang: str = "en-us") -> Subscription:
    """Of a page with this in the row of the subscription, and beside the buy box."""
    box = f'<div id="buybox"><div id="snsAccordionRowMiddle">{PRICE}<div>{inside}</div></div></div>'
    found = product(box + beside, host=host, lang=lang).subscription
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("lang", "line", "number"),
    [
        ("en-us", "Save 15% when you receive 5 or more products in one auto-delivery to one address.", 5),
        ("en-gb", "Save 5% on this, 15% on at least 5 products", 5),
        ("de-de", "15 % sparen, wenn Sie 5 oder mehr Produkte in einer Lieferung erhalten", 5),
        ("de-de", "15 % bei mindestens 5 Spar-Abos", 5),
        ("fr-fr", "Économisez 15 % lorsque vous recevez 5 produits ou plus dans une même livraison", 5),
        ("es-es", "Ahorra un 15 % al recibir 5 o más productos en una entrega", 5),
        ("it-it", "Risparmia il 15% quando ricevi 5 o più prodotti", 5),
        ("pt-br", "Economize 10% em entregas com 5 ou mais produtos", 5),
        ("nl-nl", "Bespaar 15% als je 5 of meer producten ontvangt", 5),
        ("sv-se", "Spara 15 % när du får 5 eller fler produkter", 5),
        ("pl-pl", "Oszczędź 15%, zamawiając 5 lub więcej produktów", 5),
        ("tr-tr", "5 veya daha fazla ürün aldığınızda %15 tasarruf edin", 5),
        ("ja-jp", "同じ月に3件以上の定期おトク便で15%OFF", 3),
        ("ja-jp", "5% OFF。2,000円以上は送料無料", None),
        ("zh-cn", "一次收到5件以上商品可省15%", 5),
        ("ko-kr", "3개 이상 구독 시 15% 할인", 3),
        ("ar-ae", "وفر 15% عند استلام 5 منتجات أو أكثر", 5),
        ("he-il", "חסכו 15% בקבלת 5 מוצרים או יותר", 5),
        ("hi-in", "5 या अधिक उत्पादों पर 15% बचाएँ", 5),
        ("en-us", "Save 10% now and up to 15% on repeat deliveries. Free from $35 or more", None),
    ],
)
def test_from_how_many_products_on_it_saves_more(lang: str, line: str, number: int | None) -> None:
    assert subscribed(line, lang=lang).min_items == number


def test_what_stands_beside_the_row_counts_too() -> None:
    beside = '<div id="snsUpsellMessage_feature_div">Save up to 15% with 5 or more subscriptions</div>'
    found = subscribed("Save 5%", beside)
    assert (found.percent, found.bulk_percent, found.min_items) == (5, 15, 5)


@pytest.mark.parametrize(
    ("inside", "beside", "share"),
    [
        ('<div id="snsCoupon_feature_div">Extra 20% off your first order</div>', "", 20),
        ('<label id="couponTextpctch1">Apply 30% coupon</label>', "", 30),
        ("", '<label id="couponText1">30% off coupon applied. First Subscribe &amp; Save orders only.</label>', 30),
        ("", '<label id="couponText1">20% Coupon beim ersten Spar-Abo</label>', 20),
        ("", '<label id="couponText1">Economize 20% na primeira compra com Programe e Poupe</label>', 20),
        ("", '<label id="couponText1">Save 5% with coupon</label>', None),
        ("", '<label id="couponText1">Save $4.00 on your first subscription</label>', None),
        ("", "", None),
    ],
)
def test_a_coupon_is_no_share_of_the_subscription(inside: str, beside: str, share: int | None) -> None:
    found = subscribed(f"Save 5% to 15% {inside}", beside)
    assert (found.percent, found.bulk_percent, found.coupon_percent) == (5, 15, share)
