"""Availability, quantity and delivery of a product page."""

import pytest

from azscraper.records.parts import AvailabilityStatus as Status
from unit.kinds.details.product_page import product


@pytest.mark.parametrize(
    ("lang", "line", "status", "quantity"),
    [
        ("en-us", "In Stock", Status.IN_STOCK, None),
        ("en-us", "Only 3 left in stock - order soon.", Status.LOW_STOCK, 3),
        ("en-us", "Only 11 left in stock (more on the way).", Status.LOW_STOCK, 11),
        ("en-us", "Currently unavailable.", Status.UNAVAILABLE, None),
        ("en-us", "Temporarily out of stock.", Status.OUT_OF_STOCK, None),
        ("en-us", "Usually ships within 1 to 2 months.", Status.BACKORDER, None),
        ("en-us", "Usually ships within 2 to 3 days.", Status.IN_STOCK, None),
        ("en-us", "Available to ship in 1-2 days", Status.IN_STOCK, None),
        ("en-us", "In stock on November 20, 2026. Order it now.", Status.BACKORDER, None),
        ("en-us", "Temporarily out of stock. Order now and we'll deliver when available.", Status.BACKORDER, None),
        ("en-us", "This item will be released on June 3, 2027.", Status.PREORDER, None),
        ("en-us", "Customize device to see availability", Status.UNKNOWN, None),
        ("en-us", "Available from these sellers.", Status.IN_STOCK, None),
        ("en-us", "Out of Print--Limited Availability.", Status.UNAVAILABLE, None),
        ("de-de", "Erhältlich bei diesen Anbietern.", Status.IN_STOCK, None),
        ("de-de", "Auf Lager", Status.IN_STOCK, None),
        ("de-de", "Nur noch 2 auf Lager (mehr ist unterwegs).", Status.LOW_STOCK, 2),
        ("de-de", "Derzeit nicht verfügbar.", Status.UNAVAILABLE, None),
        ("de-de", "Gewöhnlich versandfertig in 2 bis 3 Tagen.", Status.IN_STOCK, None),
        ("de-de", "Gewöhnlich versandfertig in 1 bis 2 Monaten.", Status.BACKORDER, None),
        ("de-de", "Vorübergehend nicht auf Lager.", Status.OUT_OF_STOCK, None),
        ("fr-fr", "Il ne reste plus que 5 exemplaire(s) en stock.", Status.LOW_STOCK, 5),
        ("fr-fr", "Actuellement indisponible.", Status.UNAVAILABLE, None),
        ("fr-fr", "En stock", Status.IN_STOCK, None),
        ("it-it", "Disponibilità immediata", Status.IN_STOCK, None),
        ("it-it", "Disponibilità: solo 4", Status.LOW_STOCK, 4),
        ("it-it", "Attualmente non disponibile", Status.UNAVAILABLE, None),
        ("it-it", "Temporaneamente non disponibile.", Status.OUT_OF_STOCK, None),
        ("it-it", "Generalmente spedito entro 4-5 giorni.", Status.IN_STOCK, None),
        ("fr-fr", "Expédition sous 1 à 2 mois.", Status.BACKORDER, None),
        ("es-es", "Temporalmente sin stock.", Status.OUT_OF_STOCK, None),
        ("sv-se", "För närvarande inte tillgänglig.", Status.UNAVAILABLE, None),
        ("sv-se", "Tillfälligt slut i lager.", Status.OUT_OF_STOCK, None),
        ("sv-se", "Skickas vanligtvis inom 2 till 3 dagar.", Status.IN_STOCK, None),
        ("nl-nl", "Momenteel niet verkrijgbaar.", Status.UNAVAILABLE, None),
        ("pl-pl", "Tymczasowo niedostępny.", Status.OUT_OF_STOCK, None),
        ("pl-pl", "Zwykle wysyłane w ciągu 1 do 2 miesięcy.", Status.BACKORDER, None),
        ("pl-pl", "Dostępny", Status.IN_STOCK, None),
        ("tr-tr", "Şu anda mevcut değil.", Status.UNAVAILABLE, None),
        ("tr-tr", "Geçici olarak stokta yok.", Status.OUT_OF_STOCK, None),
        ("ar-ae", "متوفر", Status.IN_STOCK, None),
        ("ar-ae", "غير متوفر مؤقتاً", Status.OUT_OF_STOCK, None),
        ("ja-jp", "一時的に在庫切れ; 入荷時期は未定です。", Status.BACKORDER, None),
        ("ja-jp", "通常2～3日以内に発送します。", Status.IN_STOCK, None),
        ("pt-br", "Geralmente enviado em 2 a 3 dias.", Status.IN_STOCK, None),
        ("pt-br", "Temporariamente sem estoque.", Status.OUT_OF_STOCK, None),
        ("es-es", "En stock", Status.IN_STOCK, None),
        ("es-es", "Sólo queda(n) 7 en stock.", Status.LOW_STOCK, 7),
        ("es-es", "No disponible.", Status.UNAVAILABLE, None),
        ("nl-nl", "Op voorraad", Status.IN_STOCK, None),
        ("nl-nl", "Nog slechts 2 op voorraad.", Status.LOW_STOCK, 2),
        ("sv-se", "I lager", Status.IN_STOCK, None),
        ("sv-se", "Endast 3 kvar i lager.", Status.LOW_STOCK, 3),
        ("pl-pl", "Zostało tylko 4 szt.", Status.LOW_STOCK, 4),
        ("pl-pl", "Obecnie niedostępny.", Status.UNAVAILABLE, None),
        ("tr-tr", "Stokta sadece 5 adet kaldı.", Status.LOW_STOCK, 5),
        ("tr-tr", "Stokta var", Status.IN_STOCK, None),
        ("ar-ae", "تبقى 3 فقط", Status.LOW_STOCK, 3),
        ("ar-ae", "غير متوفر حالياً", Status.UNAVAILABLE, None),
        ("ja-jp", "在庫あり。", Status.IN_STOCK, None),
        ("ja-jp", "残り3点（入荷予定あり）", Status.LOW_STOCK, 3),
        ("ja-jp", "現在在庫切れです。", Status.UNAVAILABLE, None),
        ("ja-jp", "通常1～2か月以内に発送します。", Status.BACKORDER, None),
        ("pt-br", "Em estoque", Status.IN_STOCK, None),
        ("pt-br", "Apenas 2 em estoque", Status.LOW_STOCK, 2),
        ("pt-br", "Não disponível.", Status.UNAVAILABLE, None),
        ("he-il", "נותרו רק 3 במלאי", Status.LOW_STOCK, 3),
        ("he-il", "לא זמין כעת.", Status.UNAVAILABLE, None),
        ("ko-kr", "재고 있음", Status.IN_STOCK, None),
        ("ko-kr", "현재 구매할 수 없습니다.", Status.UNAVAILABLE, None),
        ("hi-in", "फ़िलहाल उपलब्ध नहीं है.", Status.UNAVAILABLE, None),
        ("zh-cn", "现在有货。", Status.IN_STOCK, None),
        ("zh-cn", "库存中仅剩 3 件", Status.LOW_STOCK, 3),
    ],
)
def test_availability_in_every_language(lang: str, line: str, status: Status, quantity: int | None) -> None:
    found = product(f'<div id="availability"><span class="a-size-medium">{line}</span></div>', lang=lang).availability
    assert found is not None
    assert (found.status, found.quantity, found.text) == (status, quantity, line)


def test_the_language_of_the_site_where_the_page_names_none() -> None:
    found = product('<div id="availability"><span>Auf Lager</span></div>', host="www.amazon.de", lang="").availability
    assert found is not None
    assert found.status is Status.IN_STOCK


def test_availability_on_a_page_that_names_another_language_than_it_speaks() -> None:
    found = product(
        '<div id="availability"><span>Auf Lager.</span></div>', host="www.amazon.de", lang="fr-fr"
    ).availability
    assert found is not None
    assert found.status is Status.IN_STOCK


def test_an_offer_to_order_behind_the_status_line() -> None:
    found = product(
        '<div id="availability"><span class="a-color-price">Temporarily out of stock.</span><br>'
        "Order now and we'll deliver when available.</div>"
    ).availability
    assert found is not None
    assert (found.status, found.text) == (Status.BACKORDER, "Temporarily out of stock.")


def test_the_days_of_a_delivery_from_its_own_data() -> None:
    found = product(
        '<div id="mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_LARGE"><span data-csa-c-delivery-time='
        '"Thursday, March 5">FREE delivery Thursday, March 5 to 10 buyers</span></div><p>© 1996-2026, Amazon.com, Inc.</p>'
    ).delivery
    assert found is not None
    assert (found.earliest, found.latest) == ("2026-03-05", "2026-03-05")


def test_the_promise_of_a_phone_of_2013() -> None:
    found = product(
        '<div id="price-block"><p>FREE Super Saver Shipping on orders over $25.</p>'
        "<p>Want it delivered by Thursday, March 5? Order within <span>14hr 42min</span>, and choose One-Day Shipping at checkout.</p></div>"
        "<p>© 1996-2026, Amazon.com, Inc.</p>"
    ).delivery
    assert found is not None
    assert (found.latest, found.price) == ("2026-03-05", None)


_COPYRIGHT = "<p>© 1996-2026, Amazon.com, Inc.</p>"


@pytest.mark.parametrize(
    ("lang", "line", "told"),
    [
        ("en-us", "FREE delivery Friday, March 6. Order within 8 hrs 9 mins", "FREE delivery Friday, March 6"),
        ("en-us", "FREE delivery: Friday, Mar 6 Order within 7 mins Details", "FREE delivery: Friday, Mar 6"),
        ("it-it", "Consegna più veloce: venerdì, 6 mar Ordina entro 20 ore e 53 min Maggiori informazioni", "Consegna più veloce: venerdì, 6 mar"),
        ("es-us", "Entrega el viernes, 6 de marzo a Perú. Realiza el pedido en 12 hrs 19 mins", "Entrega el viernes, 6 de marzo a Perú"),
        ("pt-br", "Entrega GRÁTIS: sexta-feira, 6 de Março. Se pedir dentro de 10 hrs 24 mins", "Entrega GRÁTIS: sexta-feira, 6 de Março"),
        ("en-us", "Want it Friday, March 6? Order within 3 hrs 20 mins and choose One-Day Shipping at checkout", "Want it Friday, March 6? Order within 3 hrs 20 mins and choose One-Day Shipping at checkout"),
        ("en-us", "Order within 3 hrs", "Order within 3 hrs"),
    ],
)  # fmt: skip
def test_a_delivery_without_what_is_left_to_order(lang: str, line: str, told: str) -> None:
    found = product(f'<div id="ddmDeliveryMessage">{line}</div>{_COPYRIGHT}', lang=lang).delivery
    assert found is not None
    assert found.text == told
    assert found.latest == ("2026-03-06" if "6" in line else None)


def test_the_first_of_two_promises() -> None:
    message = "Lieferung: <b>Montag, 7. Dez.</b><br><div>Schnellste Lieferung: <b>Freitag, 4. Dez.</b></div>"
    found = product(f'<div id="ddmDeliveryMessage">{message}</div>{_COPYRIGHT}', lang="de-de").delivery
    assert found is not None
    assert (found.text, found.earliest) == ("Lieferung: Montag, 7. Dez.", "2026-12-07")


@pytest.mark.parametrize(
    ("promise", "cost", "amount"),
    [
        ("Arrives: Dec 9 - 12", "+ $5.39 shipping", "5.39"),
        ("Arrives: Dec 9 - 12", "&amp; <b>FREE Shipping</b>. <a>Details</a>", "0"),
        ("Arrives: Dec 9 - 12", "+ $99.23 Shipping &amp; Import Fees Deposit to Nowhere", None),
        ("Arrives: Dec 9 - 12", "FREE Shipping on orders over $25", None),
        ("Want it Friday, Dec 9?", "&amp; <b>FREE Shipping</b>", None),
        ("Get it as soon as Dec 9 when you choose Expedited Shipping at checkout.", "+ $1.99 shipping", None),
    ],
)
def test_the_cost_of_a_delivery_beside_the_price(promise: str, cost: str, amount: str | None) -> None:
    content = f'<span id="price-shipping-message">{cost}</span><div id="ddmDeliveryMessage">{promise}</div>'
    found = product(content).delivery
    assert found is not None
    assert (str(found.price.amount) if found.price else None) == amount


def test_a_refusal_is_no_promise_of_a_delivery() -> None:
    message = '<div id="ddmDeliveryMessage">Kein Verkäufer liefert diesen Artikel aktuell nach Nirgendwo.</div>'
    assert product(message, "www.amazon.de", "de-de").delivery is None


@pytest.mark.parametrize(
    ("last", "most"), [('<option value="3">3</option>', 3), ("<option value=''>3+</option>", None)]
)
def test_a_list_that_ends_with_a_plus_has_no_largest_quantity(last: str, most: int | None) -> None:
    listed = f'<select id="quantity"><option value="1">1</option><option value="2">2</option>{last}</select>'
    assert product(f'<div id="buybox">{listed}</div>').max_quantity == most


PROMISE = '<div id="mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_LARGE">{}</div>'


NO_PROMISE = '<div id="mir-layout-DELIVERY_BLOCK-slot-NO_PROMISE_UPSELL_MESSAGE">{}</div>'
FREE_SHIPPING = '<span id="ourprice_shippingmessage">&amp; <b>FREE Shipping</b>. <a>Details</a></span>'


@pytest.mark.parametrize(
    ("content", "text", "price"),
    [
        (PROMISE.format("FREE delivery Monday, June 23 on your first order"), "FREE delivery Monday, June 23", 0),
        (PROMISE.format("FREE delivery Monday, June 23 on orders over $35"), "FREE delivery Monday, June 23", None),
        (NO_PROMISE.format("$30.98 delivery"), "$30.98 delivery", 30.98),
        (NO_PROMISE.format("") + FREE_SHIPPING, "FREE Shipping", 0),
        (FREE_SHIPPING, "FREE Shipping", 0),
        ('<span id="ourprice_shippingmessage">+ $1.99 shipping</span>', "$1.99 shipping", 1.99),
        ('<span id="price-shipping-message">FREE Shipping on orders over $35</span>', "FREE Shipping on orders", None),
        (
            '<p id="fast-track-message">As soon as March 6 when you choose Standard Shipping</p>' + FREE_SHIPPING,
            "As soon as March 6",
            0,
        ),
        (
            '<p id="fast-track-message">Want it Friday? Choose One-Day Shipping</p>' + FREE_SHIPPING,
            "Want it Friday?",
            None,
        ),
        ('<div id="usedOnlyBuybox"><div id="usedbuyBox"><p>+ $3.00 shipping</p>Used</div></div>', "$3.00 shipping", 3),
        ('<p id="ftMessage"><b>Want it Friday, Sept. 12?</b></p>', "Want it Friday, Sept. 12?", None),
    ],
)
def test_what_delivery_of_one_unit_costs(content: str, text: str, price: float | None) -> None:
    found = product(content).delivery
    assert found is not None
    assert found.text.startswith(text)
    assert (float(found.price.amount) if found.price else None) == price


@pytest.mark.parametrize("words", ["FREE Returns", "Get Fast, Free Shipping with Amazon Prime", "Fulfilled", ""])
def test_what_is_no_price_of_shipping(words: str) -> None:
    assert product(f'<span id="price-shipping-message">{words}</span>').delivery is None
