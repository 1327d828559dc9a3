from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.parse.delivery.dates import delivery_days
from azscraper.parse.served import Served

FETCHED = Served(day=date(2026, 2, 27))


@pytest.mark.parametrize(
    ("language", "promise", "days"),
    [
        ("en-gb", "FREE delivery Sunday, 1 March", ("2026-03-01", "2026-03-01")),
        ("en-us", "FREE delivery Tomorrow, February 28", ("2026-02-28", "2026-02-28")),
        ("en-us", "FREE delivery Tomorrow", ("2026-02-28", "2026-02-28")),
        ("en-gb", "Get it by Friday, Mar 6", (None, "2026-03-06")),
        ("en-us", "Today 5 PM - 10 PM", ("2026-02-27", "2026-02-27")),
        ("de-de", "GRATIS Lieferung Mittwoch, 5. März", ("2026-03-05", "2026-03-05")),
        ("de-de", "Lieferung 5. - 7. März", ("2026-03-05", "2026-03-07")),
        ("de-de", "Lieferung zwischen 28. Februar und 3. März", ("2026-02-28", "2026-03-03")),
        ("fr-fr", "Livraison à 19,50 € mardi 17 mars", ("2026-03-17", "2026-03-17")),
        ("fr-fr", "Livraison GRATUITE entre le 5 et 7 mars", ("2026-03-05", "2026-03-07")),
        ("fr-fr", "Livraison GRATUITE mercredi 1er avril", ("2026-04-01", "2026-04-01")),
        ("it-it", "Consegna GRATUITA mar, 5 mag", ("2026-05-05", "2026-05-05")),
        ("it-it", "Consegna 5 - 9 mar", ("2026-03-05", "2026-03-09")),
        ("es-es", "Entrega GRATIS entre el 5 y el 7 de marzo", ("2026-03-05", "2026-03-07")),
        ("es-mx", "Entrega GRATIS el martes, 3 de marzo", ("2026-03-03", "2026-03-03")),
        ("nl-nl", "GRATIS bezorging maandag 9 maart", ("2026-03-09", "2026-03-09")),
        ("sv-se", "FRI leverans onsdag, 4 mars", ("2026-03-04", "2026-03-04")),
        ("sv-se", "Leverans 4 - 9 mars", ("2026-03-04", "2026-03-09")),
        ("pl-pl", "DARMOWA dostawa środa, 4 marca", ("2026-03-04", "2026-03-04")),
        ("pl-pl", "Dostawa 4 marca - 9 marca", ("2026-03-04", "2026-03-09")),
        ("tr-tr", "ÜCRETSİZ teslimat 4 Mart Çarşamba", ("2026-03-04", "2026-03-04")),
        ("tr-tr", "Teslimat 4 - 9 Mart", ("2026-03-04", "2026-03-09")),
        ("ar-ae", "توصيل مجاني الأربعاء، 4 مارس", ("2026-03-04", "2026-03-04")),
        ("ar-eg", "توصيل ٤ - ٩ مارس", ("2026-03-04", "2026-03-09")),
        ("pt-br", "Entrega GRÁTIS: Quarta-feira, 4 de Março", ("2026-03-04", "2026-03-04")),
        ("pt-br", "Entrega 4 - 9 de mar", ("2026-03-04", "2026-03-09")),
        ("ja-jp", "無料配送 3月4日 水曜日 にお届け", ("2026-03-04", "2026-03-04")),
        ("ja-jp", "3月4日-9日にお届け", ("2026-03-04", "2026-03-09")),
        ("ja-jp", "3月4日(水) - 3月9日(月)", ("2026-03-04", "2026-03-09")),
        ("en-us", "January 3 - 9", ("2026-01-03", "2026-01-09")),
        ("en-us", "Dec 30 - Jan 4", ("2025-12-30", "2026-01-04")),
        ("en-in", "FREE delivery Monday, 2 March 10 AM - 2 PM", ("2026-03-02", "2026-03-02")),
        ("ja-jp", "明日 2月28日 にお届け", ("2026-02-28", "2026-02-28")),
        ("en-us", "Arrives after Christmas. Need a gift sooner?", (None, None)),
        ("en-us", "FREE delivery: Thursday", ("2026-03-05", "2026-03-05")),
        (
            "en-us",
            "Get it as soon as March 6 - 27 when you choose Standard Shipping at checkout.",
            ("2026-03-06", "2026-03-27"),
        ),
        ("en-us", "Delivery Wednesday, March 4. Or fastest delivery Tuesday, March 3", ("2026-03-04", "2026-03-04")),
    ],
)
def test_a_promise_with_the_day_of_the_fetch(language: str, promise: str, days: tuple[str | None, str | None]) -> None:
    assert delivery_days(promise, language, FETCHED) == days


@pytest.mark.parametrize(
    ("promise", "days"),
    [
        ("Delivery Friday, March 6", ("2026-03-06", "2026-03-06")),
        ("Delivery Tuesday, January 6", ("2026-01-06", "2026-01-06")),
        ("Delivery Wednesday, January 6", ("2027-01-06", "2027-01-06")),
        ("Delivery January 6 - 9", (None, None)),
        ("Delivery Dec 30 - Jan 4", ("2026-12-30", "2027-01-04")),
        ("Delivery tomorrow", (None, None)),
        ("Want it tomorrow, Feb. 14? Choose One-Day Delivery", ("2026-02-14", "2026-02-14")),
        ("Delivery tomorrow, January 1", (None, None)),
        ("Order today, delivery Feb. 14", (None, None)),
        ("Delivery Saturday, March 6", ("2027-03-06", "2027-03-06")),
        ("Delivery Monday, March 6", (None, None)),
        ("Delivery Friday, March 6 - Tuesday, March 10", ("2026-03-06", "2026-03-10")),
    ],
)
def test_a_promise_with_the_year_of_the_page_alone(promise: str, days: tuple[str | None, str | None]) -> None:
    assert delivery_days(promise, "en-us", Served(year=2026)) == days


@pytest.mark.parametrize(
    ("language", "promise", "day"),
    [
        ("fr-fr", "Livraison le 6 mars", "2026-03-06"),
        ("fr-fr", "Livraison mar. 10 mars", "2026-03-10"),
        ("it-it", "Consegna 6 marzo", "2026-03-06"),
        ("it-it", "Consegna venerdì, 6 mar Ordina entro 20 ore", "2026-03-06"),
        ("de-de", "Lieferung Sonntag, 6. März", None),
    ],
)
def test_a_month_is_no_weekday(language: str, promise: str, day: str | None) -> None:
    assert delivery_days(promise, language, Served(year=2026)) == (day, day)


@pytest.mark.parametrize(
    ("language", "promise", "days"),
    [
        ("zh-cn", "送达日期: 后天(1月5日)–下周一(1月7日)，请即刻下单", ("2019-01-05", "2019-01-07")),
        ("zh-cn", "送达日期: 1月5日–下周五(1月7日)", (None, None)),
        ("ja-jp", "1月5日(土曜日) ~ 1月7日(月曜日)", ("2019-01-05", "2019-01-07")),
        ("ja-jp", "1月5日(月曜日)-7日", (None, None)),
    ],
)
def test_the_weekday_of_the_second_day_tells_the_year(
    language: str, promise: str, days: tuple[str | None, str | None]
) -> None:
    assert delivery_days(promise, language, Served(year=2018)) == days


def test_a_promise_on_a_page_of_nobody_knows_when() -> None:
    assert delivery_days("Delivery Friday, March 6", "en-us", Served()) == (None, None)


@given(st.text(max_size=80), st.sampled_from(["en-us", "de-de", "ja-jp", "ar-ae"]))
def test_any_text_gives_two_days_in_order_or_none(promise: str, language: str) -> None:
    earliest, latest = delivery_days(promise, language, FETCHED)
    assert earliest is None or (latest is not None and earliest <= latest)
