"""Other offers in every language, conditions and grades, badges that look alike, the year of a promise."""

from decimal import Decimal

import pytest

from azscraper.records.parts import ConditionState
from unit.kinds.details.product_page import price_tag, product


@pytest.mark.parametrize(
    ("host", "lang", "line", "count", "amount"),
    [
        ("www.amazon.com", "en-us", "New & Used (3) from $8.99$8.99 & FREE Shipping.", 3, "8.99"),
        ("www.amazon.com", "en-us", "2 options from $8.99", 2, "8.99"),
        ("www.amazon.com", "en-us", "USED & NEW (109) FROM $3.92", 109, "3.92"),
        ("www.amazon.de", "de-de", "10 Angebote ab 4,99 €", 10, "4.99"),
        ("www.amazon.de", "de-de", "Neu & Gebraucht (2) ab 12,00 €", 2, "12"),
        ("www.amazon.fr", "fr-fr", "Neufs & occasions (7) 83,52 € + Livraison GRATUITE", 7, "83.52"),
        ("www.amazon.fr", "fr-fr", "3 options à partir de 12,00 €", 3, "12"),
        ("www.amazon.es", "es-es", "Otras 3 opciones desde 20,50 €", 3, "20.5"),
        ("www.amazon.it", "it-it", "2 opzioni da 9,90 €", 2, "9.9"),
        ("www.amazon.com.br", "pt-br", "Outras 4 opções a partir de R$ 99,00", 4, "99"),
        ("www.amazon.nl", "nl-nl", "2 opties vanaf € 15,00", 2, "15"),
        ("www.amazon.pl", "pl-pl", "5 opcji od 20,00 zł", 5, "20"),
        ("www.amazon.co.jp", "ja-jp", "新品&中古品 (6)件の出品：￥1,200より", 6, "1200"),
        ("www.amazon.co.jp", "ja-jp", "￥1,200から2個のオプション", 2, "1200"),
        ("www.amazon.com.tr", "tr-tr", "9,21 TL'den başlayan fiyatlarla 2 seçenek", 2, "9.21"),
        ("www.amazon.se", "sv-se", "Nya och begagnade (4) från 1 009,21 kr", 4, "1009.21"),
        ("www.amazon.sa", "ar-sa", "٣ خيارات من ٩٫٢١ ر.س.", 3, "9.21"),
        ("www.amazon.in", "hi-in", "नया और पुराना (4) ₹921.00 से", 4, "921"),
        ("www.amazon.com", "ko-us", "새 상품 및 중고품 (4) US$9.21부터", 4, "9.21"),
        ("www.amazon.com", "he-il", "חדש ומשומש (4) החל מ-US$9.21", 4, "9.21"),
        ("www.amazon.fr", "fr-fr", "Neuf & D'occasion (11)", 11, None),
    ],
)
def test_offers_that_are_not_told_apart(host: str, lang: str, line: str, count: int, amount: str | None) -> None:
    offers = product(f'<div id="olpLinkWidget_feature_div">{line}</div>', host, lang).offers
    assert offers is not None
    assert (offers.new_count, offers.used_count, offers.mixed_count) == (None, None, count)
    assert (offers.mixed_from and offers.mixed_from.amount) == (Decimal(amount) if amount else None)


def test_offers_that_are_told_apart_are_not_counted_together() -> None:
    lines = "<p>32 used & new from $11.45</p><p>28 New from $14.00</p><p>4 Used from $11.45</p>"
    offers = product(f'<div id="olp_feature_div">{lines}</div>').offers
    assert offers is not None
    assert (offers.new_count, offers.used_count, offers.mixed_count) == (28, 4, None)


USED_ONLY = '<div id="buybox"><div id="usedOnlyBuybox"><strong>{}</strong>' + price_tag("$4.45") + "</div></div>"


@pytest.mark.parametrize(
    ("lang", "words", "state"),
    [
        ("en-us", "Used: Like New", "like_new"),
        ("en-us", "Save with Used - Very Good", "very_good"),
        ("de-de", "Gebraucht: Akzeptabel", "acceptable"),
        ("fr-fr", "D'occasion: Bon", "good"),
        ("it-it", "Usato - Ottime condizioni", "very_good"),
        ("es-es", "De 2ª mano: Como nuevo", "like_new"),
        ("pt-br", "Usado: Muito bom", "very_good"),
        ("ja-jp", "中古品: 非常に良い", "very_good"),
        ("ja-jp", "コレクター商品 - ほぼ新品", "collectible"),
        ("ko-us", "중고 - 매우 좋음", "very_good"),
        ("he-il", "משומש - כמו חדש", "like_new"),
        ("hi-in", "पुराना - बहुत अच्छा", "very_good"),
        ("en-us", "Used", "unknown"),
        ("en-us", "", "unknown"),
    ],
)
def test_a_box_of_a_used_item_alone_has_a_price_and_a_condition(lang: str, words: str, state: str) -> None:
    record = product(USED_ONLY.format(words), lang=lang)
    assert record.price is not None
    assert (record.price.amount, record.condition_state) == (Decimal("4.45"), ConditionState(state))


def test_a_new_offer_is_new_where_the_page_says_so() -> None:
    centre = f'<div id="corePriceDisplay_desktop_feature_div">{price_tag("$9.00", "a-price priceToPay")}</div>'
    data = '<div class="twister-plus-buying-options-price-data">[{"buyingOptionType":"NEW"}]</div>'
    assert product(centre + data).condition_state is ConditionState.NEW
    assert product(centre).condition_state is None
    assert product(data).condition_state is None


def test_the_open_row_of_renewed_items_makes_the_offer() -> None:
    rows = "".join(
        f'<div data-a-accordion-row-name="renewedTier{tier}AccordionRow" class="a-box {active}"><div>Refurbished - {grade}</div>'
        f'{price_tag(printed, "a-price priceToPay")}<div id="merchant-info">Sold by <a href="/sp?seller=A{tier}">{grade} Ltd</a></div></div>'
        for tier, active, grade, printed in (
            (1, "", "Excellent", "$90.00"),
            (2, "a-accordion-active", "Good", "$80.00"),
        )
    )
    centres = "".join(
        f'<div id="apex_desktop_renewedTier{tier}AccordionRow"><div id="corePriceDisplay_desktop_feature_div">'
        f"{price_tag(printed, 'a-price priceToPay')}</div></div>"
        for tier, printed in ((1, "$90.00"), (2, "$80.00"))
    )
    for page in (rows, rows + centres):
        record = product(f'<div id="buybox">{page}</div>')
        assert record.price is not None
        assert record.seller is not None
        assert (record.price.amount, record.seller.id) == (Decimal("80.00"), "A2")
        assert (record.condition, record.condition_state) == ("Refurbished - Good", ConditionState.RENEWED)


ZEITGEIST = '<div id="zeitgeistBadge_feature_div"><a class="badge-link" href="{}"><i>#1</i></a></div>'


@pytest.mark.parametrize(
    ("block", "badges"),
    [
        ('<div id="acBadge_feature_div">Overall Pick</div>', ("overall_pick",)),
        ('<div id="acBadge_feature_div">Amazon\'s Choice</div>', ("amazons_choice",)),
        ('<div id="acBadge_feature_div">Climate Pledge Friendly</div>', ()),
        ('<div id="climatePledgeFriendlyBadge">1 feature</div>', ("climate_pledge",)),
        (ZEITGEIST.format("/gp/most-gifted/toys/1"), ("most_gifted",)),
        (ZEITGEIST.format("/gp/most-wished-for/toys/1"), ("most_wished_for",)),
        (ZEITGEIST.format("/gp/movers-and-shakers/toys"), ()),
        (ZEITGEIST.format("/gp/new-releases/toys/1"), ("new_release",)),
        (ZEITGEIST.format("/gp/bestsellers/toys/1"), ("best_seller",)),
    ],
)
def test_badges_that_look_alike(block: str, badges: tuple[str, ...]) -> None:
    assert product(block).badges == badges


PROMISE = '<div id="mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_LARGE">{}</div>'
NEW_YEAR = 1735603200  # 31 December 2024


@pytest.mark.parametrize(
    "stamp",
    [
        "<script>var ocInitTimestamp = {};</script>",
        '<iframe src="https://x.invalid/iu3?slot=navFooter&amp;ts={}000&amp;s=x"></iframe>',
        '<div data-acp-params="tok=x;ts={}395;rid=y"></div>',
        '<input name="csrf_ts" value="{}">',
    ],
)
@pytest.mark.parametrize(
    ("words", "earliest", "latest"),
    [
        ("FREE delivery January 3 - 7", "2025-01-03", "2025-01-07"),
        ("FREE delivery December 30 - January 2", "2024-12-30", "2025-01-02"),
        ("FREE delivery 17 January - 7 February", "2025-01-17", "2025-02-07"),
        ("FREE delivery December 28", "2024-12-28", "2024-12-28"),
    ],
)
def test_the_moment_that_scripts_carry_tells_the_year(stamp: str, words: str, earliest: str, latest: str) -> None:
    delivery = product(PROMISE.format(words) + stamp.format(NEW_YEAR)).delivery
    assert delivery is not None
    assert (delivery.earliest, delivery.latest) == (earliest, latest)


def test_a_moment_a_day_off_is_not_taken_for_the_day_of_tomorrow() -> None:
    delivery = product(
        PROMISE.format("FREE delivery tomorrow") + f"<script>var ocInitTimestamp = {NEW_YEAR};</script>"
    ).delivery
    assert delivery is not None
    assert delivery.latest is None
