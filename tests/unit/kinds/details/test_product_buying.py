"""How a product page lets people buy: rows of its box, promises, deals, coupons, subscriptions."""

from decimal import Decimal

import pytest

from unit.kinds.details.product_page import price_tag, product

ROW = '<div data-a-accordion-row-name="{name}" class="a-box {active}"><div>{head}</div>{price}<input name="offerListingID" value="{key}"><div id="merchant-info">Sold by <a id="sellerProfileTriggerId" href="/sp?seller={seller}">{seller}</a></div></div>'  # fmt: skip


def test_every_row_of_the_buy_box_and_the_sellers_below_it_are_ways_to_buy() -> None:
    rows = ROW.format(name="newAccordionRow", active="a-accordion-active", head="Buy new:", price=price_tag("$9.00", "a-price priceToPay"), key="k1", seller="A1")  # fmt: skip
    rows += ROW.format(
        name="usedAccordionRow",
        active="",
        head="Save with Used - Good",
        price=price_tag("$5.00"),
        key="k2",
        seller="A2",
    )
    rows += ROW.format(
        name="snsAccordionRowMiddle", active="", head="Subscribe", price=price_tag("$8.50"), key="k3", seller="A3"
    )
    rows += ROW.format(name="buyBackAccordionRow", active="", head="With Exchange", price="", key="", seller="A1")
    others = '<div id="mbc"><div class="mbc-offer-row"><span class="a-color-price">$9.99</span><p>Sold by: Ann Ltd</p></div></div>'
    found = product(f'<div id="buybox">{rows}</div>{others}').buying_options
    shown = [
        (one.kind, one.price and one.price.amount, one.offer_id, one.seller and one.seller.name, one.is_selected)
        for one in found
    ]
    assert shown == [
        ("new", Decimal("9.00"), "k1", "A1", True),
        ("used", Decimal("5.00"), "k2", "A2", False),
        ("subscription", Decimal("8.50"), "k3", "A3", False),
        ("other_seller", Decimal("9.99"), None, "Ann Ltd", False),
    ]
    assert found[1].condition == "Save with Used - Good"
    assert [one.condition_state for one in found] == ["new", "good", "new", None]


def test_a_box_without_rows_is_one_way_to_buy() -> None:
    centre = f'<div id="corePriceDisplay_desktop_feature_div">{price_tag("$9.00", "a-price priceToPay")}</div>'
    form = '<div id="buybox"><input name="items[0.base][offerListingId]" value="k1"></div>'
    record = product(centre + form)
    assert [(one.kind, one.offer_id, one.is_selected) for one in record.buying_options] == [("new", "k1", True)]
    assert record.offer_id == "k1"
    assert product('<div id="buybox"></div>').buying_options == ()


SLOT = '<div id="mir-layout-DELIVERY_BLOCK-slot-{}"><span data-csa-c-delivery-time="{}" data-csa-c-delivery-price="{}">{}</span></div>'


def test_all_promises_are_deliveries_and_the_first_is_the_delivery() -> None:
    count = '<span id="ftCountdown">2 hrs</span>'
    page = SLOT.format("PRIMARY_DELIVERY_MESSAGE_LARGE", "March 4", "FREE", f"FREE delivery March 4 {count}")
    page += SLOT.format("SECONDARY_DELIVERY_MESSAGE_LARGE", "March 2", "fastest", "Or fastest delivery March 2")
    page += SLOT.format("TERTIARY_DELIVERY_MESSAGE_LARGE", "March 1", "FREE", "Prime members get FREE delivery March 1")
    record = product(f"<script>var ocInitTimestamp = 1772000000;</script>{page}")
    assert [(one.kind, one.latest, one.price is not None, one.order_within) for one in record.deliveries] == [
        ("standard", "2026-03-04", True, "2 hrs"),
        ("fastest", "2026-03-02", False, None),
        ("prime", "2026-03-01", False, None),
    ]
    assert record.delivery is not None
    assert record.delivery.text == record.deliveries[0].text


@pytest.mark.parametrize(
    ("lang", "label", "kind"),
    [
        ("en-us", "Limited time deal", "limited_time"),
        ("de-de", "Blitzangebot", "lightning"),
        ("pt-br", "Oferta Relâmpago", "lightning"),
        ("en-us", "Prime Day Deal", "prime"),
        ("pt-br", "Oferta Black Friday", "event"),
    ],
)
def test_a_deal_taken_apart(lang: str, label: str, kind: str) -> None:
    bar = '<div id="dealProgress_feature_div">21% claimed</div>'
    found = product(f'<span id="dealBadgeSupportingText">{label}</span>{bar}', lang=lang).deal_detail
    assert found is not None
    assert (found.type, found.badge, found.percent_claimed) == (kind, label, 21)
    assert found.access_type == ("prime" if kind == "prime" else None)


@pytest.mark.parametrize(
    ("lang", "said", "starts"),
    [
        ("en-us", "Starts in 02:15:00", True),
        ("en-us", "Ends in 02:15:00", False),
        ("de-de", "Startet in 02:15:00", True),
        ("fr-fr", "Commence dans 02:15:00", True),
        ("es-es", "Empieza en 02:15:00", True),
        ("it-it", "Inizia tra 02:15:00", True),
        ("pt-br", "Começa em 02:15:00", True),
        ("nl-nl", "Begint over 02:15:00", True),
        ("pl-pl", "Rozpocznie się za 02:15:00", True),
        ("sv-se", "Börjar om 02:15:00", True),
        ("tr-tr", "02:15:00 sonra başlıyor", True),
        ("ja-jp", "開始まで 02:15:00", True),
        ("ja-jp", "終了まで 02:15:00", False),
        ("", "", False),
    ],
)
def test_a_timer_runs_until_a_deal_begins_or_ends(lang: str, said: str, starts: bool) -> None:  # noqa: FBT001
    moment = "2026-03-16T06:59:59Z"
    timer = f'<div id="dealTimer_feature_div">{said} <span data-target-time="{moment}"></span></div>'
    record = product(f'<span id="dealBadgeSupportingText">Lightning deal</span>{timer}', lang=lang)
    assert record.deal is not None
    assert record.deal_detail is not None
    told = (record.deal_detail.starts_at, record.deal_detail.ends_at)
    assert told == ((moment, None) if starts else (None, moment))
    assert record.deal.ends_at == told[1]


@pytest.mark.parametrize(
    ("line", "amount", "percent", "code", "only"),
    [
        ("Apply 5% coupon", None, 5, None, False),
        ("Apply $4.00 coupon", "4", None, None, False),
        ("Save 10% with promo code: 9MUETJPO", None, 10, "9MUETJPO", False),
        ("Save 20% on your first Subscribe and Save order", None, 20, None, True),
    ],
)
def test_a_coupon_taken_apart(
    line: str, amount: str | None, percent: int | None, code: str | None, only: object
) -> None:
    found = product(f'<label id="couponTextpctch1">{line}</label>').coupon_detail
    assert found is not None
    assert (found.amount and found.amount.amount, found.percent, found.code) == (
        Decimal(amount) if amount else None,
        percent,
        code,
    )
    assert found.subscription_only is only


def test_a_subscription_has_a_price_and_shares() -> None:
    row = f'{price_tag("$8.50")} Save 5% to 15% <select name="rcxFrequency"><option>2 weeks</option><option selected>1 month</option></select>'
    found = product(f'<div id="buybox"><div id="snsAccordionRowMiddle">{row}</div></div>').subscription
    assert found is not None
    assert (found.price and found.price.amount, found.percent, found.bulk_percent, found.default_frequency) == (Decimal("8.5"), 5, 15, "1 month")  # fmt: skip
