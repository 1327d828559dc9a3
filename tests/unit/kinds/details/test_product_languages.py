"""What only some languages print: ranks behind their category, labels, the month of sales."""

import pytest

from unit.kinds.details.product_page import price_tag, product


@pytest.mark.parametrize(
    ("host", "lang", "label", "line", "rank"),
    [
        ("www.amazon.co.jp", "ja-jp", "Amazon 売れ筋ランキング", "家電＆カメラ - 1,234位", (1234, "家電＆カメラ")),
        ("www.amazon.co.jp", "ja-jp", "Amazon 売れ筋ランキング", "- 12位イヤホン", (12, "イヤホン")),
        ("www.amazon.com.tr", "tr-tr", "En Çok Satanlar Sıralaması", "Elektronik kategorisinde 1.234. sırada", (1234, "Elektronik")),
        ("www.amazon.ae", "ar-ae", "تصنيف الأفضل مبيعاً", "#1,234 في إلكترونيات", (1234, "إلكترونيات")),
        ("www.amazon.co.jp", "en-us", "Amazon Bestseller", "#4 in Video Games", (4, "Video Games")),
    ],
)  # fmt: skip
def test_ranks(host: str, lang: str, label: str, line: str, rank: tuple[int, str]) -> None:
    bullet = f'<li><span><span class="a-text-bold">{label}:</span> {line}</span></li>'
    (found,) = product(f'<div id="detailBullets_feature_div"><ul>{bullet}</ul></div>', host, lang).bestseller_ranks
    assert (found.rank, found.category) == rank


@pytest.mark.parametrize(
    ("lang", "line", "count"),
    [
        ("tr-tr", "Son 1 ayda 200+ satın alındı", 200),
        ("ja-jp", "過去1か月で200点以上購入されました", 200),
        ("en-us", "2K+ bought in past month", 2000),
        ("sv-se", "Över 300 köpta under den senaste månaden", 300),
    ],
)
def test_the_sales_of_a_month(lang: str, line: str, count: int) -> None:
    found = product(f'<div id="social-proofing-faceout-title-tk_bought">{line}</div>', lang=lang)
    assert found.bought_past_month == count


def test_a_label_with_the_site_in_the_locative() -> None:
    row = "<tr><th>Amazon.com.tr’de Satışa Sunulduğu İlk Tarih</th><td>3 Mayıs 2020</td></tr>"
    assert (
        product(f'<table id="prodDetails">{row}</table>', "www.amazon.com.tr", "tr-tr").first_available == "2020-05-03"
    )


@pytest.mark.parametrize(
    ("lang", "line", "status"),
    [
        ("nl-nl", "Dit artikel verschijnt op 3 mei 2027.", "preorder"),
        ("pl-pl", "Ten produkt zostanie wydany 3 maja 2027", "preorder"),
        ("fr-fr", "Cet article paraîtra le 3 mai 2027.", "preorder"),
        ("it-it", "Questo articolo verrà rilasciato il 3 maggio 2027.", "preorder"),
        ("sv-se", "Beställ nu – skickas när varan finns i lager", "backorder"),
        ("tr-tr", "Bu satıcılardan temin edilebilir.", "in_stock"),
        ("ja-jp", "出品者からお求めいただけます。", "in_stock"),
        ("zh-tw", "有庫存", "in_stock"),
    ],
)
def test_stock(lang: str, line: str, status: str) -> None:
    found = product(f'<div id="availability"><span class="a-color-success">{line}</span></div>', lang=lang).availability
    assert found is not None
    assert found.status.value == status


@pytest.mark.parametrize(
    ("printed", "amount", "currency"),
    [
        ("KWD 12.345", "12.345", "KWD"),
        ("JOD 1,012.345", "1012.345", "JOD"),
        ("OMR 5", "5", "OMR"),
        ("USD 12.345", "12345", "USD"),
    ],
)
def test_currencies_with_thousandths(printed: str, amount: str, currency: str) -> None:
    centre = f'<div id="corePriceDisplay_desktop_feature_div">{price_tag(printed, "a-price priceToPay")}</div>'
    price = product(centre).price
    assert price is not None
    assert (str(price.amount), price.currency) == (amount, currency)


@pytest.mark.parametrize(
    ("lang", "day", "countdown"),
    [
        ("de-de", "GRATIS Lieferung Freitag, 6. März", ". Bestellung innerhalb 5 Stdn. und 58 Min"),
        ("fr-fr", "Livraison GRATUITE vendredi 6 mars", ". Commandez-le dans les 6 h et 56 mins"),
        ("es-es", "Entrega GRATIS el viernes, 6 de marzo", ". Haz el pedido en 4 horas 41 mins"),
        ("nl-nl", "GRATIS bezorging vrijdag 6 maart", ". Bestel binnen 8 uur 9 min"),
        ("sv-se", "FRI leverans fredag, 6 mars", ". Beställ inom 8 tim 9 min"),
        ("pl-pl", "DARMOWA dostawa piątek, 6 marca", ". Zamów w ciągu 8 godz. 9 min"),
        ("tr-tr", "ÜCRETSİZ teslimat 6 Mart Cuma", ". 8 saat 9 dk içinde sipariş verin"),
        ("ar-ae", "توصيل مجاني الجمعة، 6 مارس", ". اطلب خلال 8 ساعات 9 دقائق"),
        ("ja-jp", "無料配送 3月6日 金曜日 にお届け", " 8 時間 9 分以内にご注文の場合"),
    ],
)
def test_the_time_left_to_order(lang: str, day: str, countdown: str) -> None:
    message = f'<div id="ddmDeliveryMessage">{day}{countdown}</div><p>© 1996-2026, Amazon.com, Inc.</p>'
    found = product(message, lang=lang).delivery
    assert found is not None
    assert (found.text, found.latest) == (day, "2026-03-06")
