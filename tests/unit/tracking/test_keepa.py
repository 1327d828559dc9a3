"""Exports of Keepa's product viewer, in the languages whose columns are known."""

from datetime import UTC, datetime

import pytest

from azscraper.marketplaces import find
from azscraper.tracking.importing import keepa
from azscraper.tracking.importing.imports import read

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ASIN = "B000000001"
CASES = {
    "english": (
        "Locale,Title,Brand,Buy Box: Current,New: Current,Sales Rank: Current,Reviews: Rating,Reviews: Rating Count,ASIN",
        f'com,Kettle,Brontiva,"$ 1,049.50",$ 39.90,"12,345",4.6,"1,893",{ASIN}',
        ("www.amazon.com", {"price": 1049.5, "newFrom": 39.9, "rank": 12345, "rating": 4.6, "ratingCount": 1893}),
    ),
    "spanish": (
        ("Locale;Título;Marca;Caja de Compra: Actual;Nuevo: Actual;Clasificación de Ventas: Actual;Opiniones: Valoraciones;"
        "Opiniones: Cantidad de valoraciones;Tendencias de ventas mensuales: Comprados el mes pasado;ASIN"),
        f"es;Hervidor;Brontiva;€ 29,99;€ 1.029,99;1.234;4,5;87;50+;{ASIN}",
        ("www.amazon.es", {"price": 29.99, "newFrom": 1029.99, "rank": 1234, "rating": 4.5, "ratingCount": 87, "boughtPastMonth": 50}),
    ),
    "french": (
        "Locale,Titre,Marque,Buy Box: Courant,Nouveau: Courant,Classement des ventes: Courant,ASIN",
        f"fr,Bouilloire,Brontiva,€ 19.99,-1,512,{ASIN}",
        ("www.amazon.fr", {"price": 19.99, "newFrom": None, "rank": 512}),
    ),
    "japanese": (
        "ASIN,商品名,ブランド,Buy Box: 現在価格,新品: 現在価格,新品アイテム数: 現在価格,月間売上トレンド: 先月の購入,売れ筋ランキング: 現在価格,URL: Amazon",
        f'{ASIN},電気ケトル,ブロンティバ,"¥ 2,980","¥ 2,700",4,120,15,https://www.amazon.co.jp/dp/{ASIN}?psc=1',
        ("www.amazon.co.jp", {"price": 2980, "newFrom": 2700, "newCount": 4, "boughtPastMonth": 120, "rank": 15}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_export_is_read_in_its_language(case):
    head, row, (host, numbers) = CASES[case]
    [seen] = read(f"\ufeff{head}\n{row}\n".encode(), now=NOW)
    assert (seen.marketplace, seen.asin, seen.observed_at) == (host, ASIN, NOW)
    told = {name: value for name, value in seen.values.items() if name not in {"title", "brand"}}
    assert {name: value.number and float(value.number) for name, value in told.items()} == numbers
    assert {value.text for name, value in told.items() if name in {"price", "newFrom"} and value.number} == {
        find(host).currency
    }
    assert seen.values["title"].text


def test_a_list_of_products_is_no_export():
    assert keepa.fields_of(["ASIN", "Title", "Price"]) == {}
    assert keepa.fields_of(["Buy Box: Current", "Title"]) == {}, "of which product?"
