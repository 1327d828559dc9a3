"""What a struck price is, by the words beside it."""

import pytest

from azscraper.parse.list_price import kind_of_list_price

LABELS = {
    "de": "UVP: recommended|Statt: was|Niedrigster Preis der letzten 30 Tage: lowest_30_days|Vorheriger Preis: was|Listenpreis: list",
    "fr": "Prix conseillé : recommended|Prix habituel : typical|Ancien prix : was|Prix le plus bas des 30 derniers jours : lowest_30_days",
    "it": "Prezzo consigliato: recommended|Prezzo di listino: list|Prezzo più basso recente: lowest_30_days|Era: was|Prezzo mediano: typical",
    "es": "Precio recomendado: recommended|Precio de lista: list|Precio anterior: was|Precio más bajo de los últimos 30 días: lowest_30_days",
    "nl": "Adviesprijs: recommended|Laagste prijs in de afgelopen 30 dagen: lowest_30_days|Catalogusprijs: list|Mediaanprijs: typical",
    "pl": "Cena katalogowa: list|Najniższa cena z ostatnich 30 dni: lowest_30_days|Poprzednia cena: was|Typowa cena: typical",
    "sv": "Listpris: list|Lägsta pris senaste 30 dagarna: lowest_30_days|Tidigare pris: was|Rek. pris: recommended",
    "tr": "Liste Fiyatı: list|Son 30 günün en düşük fiyatı: lowest_30_days|Önceki Fiyat: was|Tavsiye Edilen Fiyat: recommended",
    "pt": "De: list|Preço sugerido: recommended|Preço mediano: typical|Preço anterior: was",
    "ja": "参考価格: list|過去価格: was|メーカー希望小売価格 recommended|中央値価格 typical",
    "ar": "السعر المعلن: list|السعر السابق was|أقل سعر خلال 30 يوم lowest_30_days|السعر المقترح recommended",
    "zh": "市场价: list|原价: was|标价： list|建议零售价 recommended",
    "en": "M.R.P.: list|RRP: recommended|Was: was|Typical price: typical|Lowest price in 30 days: lowest_30_days",
    "ko": "정가: list",
    "he": "מחיר מחירון: list",
    "hi": "एम.आर.पी.: list",
}


@pytest.mark.parametrize("language", LABELS)
def test_what_a_label_says(language: str) -> None:
    printed = [line.rsplit(" ", 1) for line in LABELS[language].split("|")]
    assert [[label, kind_of_list_price(label, language)] for label, _ in printed] == printed
