"""What delivery costs in a tile: what is free in fewer or other words, and what only members of Prime get, in every language and layout."""

import pytest

from azscraper.marketplaces import all_phrases
from azscraper.parse.delivery.price import is_for_members, is_free
from unit.kinds.search.search_page import classic, modern, parse, row

SPEEDS = [
    ("en-US", "FREE One-Day Get it tomorrow, Dec 17"),
    ("en-US", "FREE Same-Day delivery, order by 2 pm"),
    ("en-IN", "FREE Two-Day Delivery by Friday"),
    ("en-US", "Get it Today FREE Overnight 4 AM - 8 AM"),
    ("de-DE", "KOSTENLOSE Same-Day-Zustellung"),
    ("fr-FR", "Livraison en 1 jour ouvré GRATUITE"),
    ("es-ES", "Envío en 1 día GRATIS"),
    ("it-IT", "Consegna in 1 giorno GRATUITA"),
    ("pt-BR", "GRÁTIS: entrega no mesmo dia"),
    ("nl-NL", "GRATIS dezelfde dag in huis"),
    ("sv-SE", "GRATIS samma dag"),
    ("pl-PL", "Dostawa tego samego dnia: BEZPŁATNA"),
    ("tr-TR", "ÜCRETSİZ aynı gün teslimat"),
    ("ja-JP", "当日お急ぎ便 無料"),
    ("zh-CN", "免费次日达"),
    ("ko-KR", "당일 배송 무료"),
    ("ar-AE", "توصيل في نفس اليوم مجاناً"),
    ("he-IL", "משלוח באותו היום בחינם"),
    ("hi-IN", "मुफ़्त वन-डे डिलीवरी"),
]
MEMBERS = [
    ("en-US", "FREE Delivery for Prime members"),
    ("en-US", "FREE delivery Tomorrow with Prime"),
    ("en-GB", "Join Prime to get FREE delivery Tomorrow, Aug 1"),
    ("de-DE", "GRATIS Lieferung für Prime-Mitglieder"),
    ("fr-FR", "Livraison GRATUITE pour les membres Prime"),
    ("es-ES", "Entrega GRATIS para miembros Prime"),
    ("it-IT", "Consegna GRATUITA per i clienti Prime"),
    ("pt-BR", "Frete GRÁTIS para membros Prime"),
    ("nl-NL", "GRATIS bezorging voor Prime-leden"),
    ("sv-SE", "GRATIS leverans för Prime-medlemmar"),
    ("pl-PL", "Darmowa dostawa z Prime"),
    ("tr-TR", "Prime üyelerine ÜCRETSİZ teslimat"),
    ("ja-JP", "プライム会員は配送料無料"),
    ("zh-CN", "Prime会员免费配送"),
    ("ko-KR", "프라임 회원 무료 배송"),
    ("ar-AE", "توصيل مجاني لأعضاء برايم"),
    ("he-IL", "משלוח חינם לחברי פריים"),
    ("hi-IN", "प्राइम सदस्यों के लिए मुफ़्त डिलीवरी"),
]
OTHERS = [
    ("en-US", "Or Non-members get FREE delivery Fri, Aug 5"),
    ("de-DE", "Nicht-Mitglieder erhalten GRATIS Lieferung am Freitag"),
    ("fr-FR", "Livraison GRATUITE sans Prime vendredi 5 août"),
    ("ja-JP", "会員以外は配送料無料"),
    ("es-ES", "Envío GRATIS en tu primer pedido"),
    ("pt-BR", "Entrega GRÁTIS na primeira compra"),
]


def block(line: str) -> str:
    return modern(body=f'<div data-cy="delivery-recipe"><div class="a-row"><span>{line}</span></div></div>')


def labelled(line: str) -> str:
    """A tile of 2020 to 2022: no recipes, a line with a label."""
    heading = '<h2><a href="/dp/B000000001"><span>Kettle</span></a></h2>'
    label = f'<div class="a-row s-align-children-center"><span aria-label="{line}">{line}</span></div>'
    return f'<div data-asin="B000000001" data-component-type="s-search-result">{heading}{label}</div>'


def small(line: str) -> str:
    """A tile of 2014 to 2019."""
    text = f'<span class="a-size-small a-color-secondary"><span class="a-color-success">{line}</span></span>'
    return classic(body=f'<div class="a-row">{text}</div>')


LAYOUTS = [block, labelled, small]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("lang", "line"), SPEEDS)
def test_free_in_the_name_of_a_speed(layout, lang: str, line: str) -> None:
    assert row(layout(line), lang=lang).delivery.price.amount == 0


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("lang", "line"), MEMBERS)
def test_what_members_pay_is_nobody_elses_price(layout, lang: str, line: str) -> None:
    got = row(layout(line), lang=lang).delivery
    assert (got.text, got.price) == (line, None)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("lang", "line"), OTHERS)
def test_what_everyone_else_gets_is_a_price(layout, lang: str, line: str) -> None:
    assert row(layout(line), lang=lang).delivery.price.amount == 0


def test_the_price_behind_what_members_pay() -> None:
    lines = (
        "<span>Join Prime to get FREE delivery Tomorrow</span></div><div class=a-row><span>$5.99 delivery Fri</span>"
    )
    got = row(modern(body=f'<div data-cy="delivery-recipe"><div class="a-row">{lines}</div></div>')).delivery
    assert (got.text, str(got.price.amount)) == ("Join Prime to get FREE delivery Tomorrow $5.99 delivery Fri", "5.99")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en-US", "Delivery Fri, Apr 10"),
        ("en-US", "Free returns. Delivery tomorrow"),
        ("en-US", "FREE 30-day trial"),
        ("sv-SE", "Leverans fredag 5 juni"),
        ("it-IT", "Consegna venerdì"),
    ],
)
def test_other_things_are_free(lang: str, line: str) -> None:
    assert not is_free(line, lang)


def test_every_language_has_a_line_of_each_kind() -> None:
    for table in (SPEEDS, MEMBERS):
        assert {lang[:2] for lang, _ in table} == set(all_phrases())
    assert not any(is_for_members(line) for _, line in SPEEDS + OTHERS)


@pytest.mark.parametrize(
    ("lang", "words", "day", "host"),
    [
        ("de-DE", "Lieferung bis", "Montag, 4. Feb", "de"), ("en-US", "Get it by", "Monday, Feb 4", "com"), ("fr-FR", "Recevez-le d'ici le", "lundi 4 février", "fr"),
        ("es-ES", "Recíbelo el", "lunes, 4 de feb", "es"), ("it-IT", "Ricevilo entro", "lunedì 4 febbraio", "it"), ("ja-JP", "お届け", "2月4日 月曜日", "co.jp"),
    ],
)  # fmt: skip
def test_the_day_that_is_printed_bold_before_2019(lang: str, words: str, day: str, host: str) -> None:
    line = f'<div><span class="a-size-small a-color-secondary">{words} <span class="a-color-secondary a-text-bold">{day}</span></span></div>'
    dated = '<div><span class="a-size-small a-color-secondary">4. Feb 2018</span></div>'
    page = {
        "lang": lang,
        "url": f"https://www.amazon.{host}/s?k=kettle",
        "around": "<p>© 1996-2019, Amazon.com, Inc.</p>",
    }
    (found,) = parse(classic(body=dated + line), **page).rows
    assert (found.delivery.text, found.delivery.latest) == (f"{words} {day}", "2019-02-04")


def test_a_line_behind_the_price_of_2021_is_no_delivery_and_the_place_is() -> None:
    lowest = '<div class="a-row a-color-secondary"><div class="a-row"><span aria-label="Lowest price in 30 days"><span>Lowest price in 30 days</span></span></div></div>'
    place = '<div class="a-row a-color-secondary s-align-children-center"><span class="a-size-small a-color-secondary">Ships to Turkey</span></div>'
    stock = '<div class="a-row"><span aria-label="In stock on February 10, 2021."><span>In stock on February 10, 2021.</span></span></div>'
    paid = '<div class="a-row"><a href="/dp/B000000001"><span class="a-price"><span class="a-offscreen">$49.95</span></span></a></div>'
    tile = f"""<div data-asin="B000000001" data-component-type="s-search-result" class="s-result-item"><h2><a href="/dp/B000000001"><span>Kettle</span></a></h2>
      <div class="a-section">{paid}{lowest}</div><div class="a-section">{place}{stock}</div></div>"""
    found = row(tile)
    assert found.delivery.text == "Ships to Turkey"
    assert found.availability.text == "In stock on February 10, 2021."
