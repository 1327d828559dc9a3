from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from azscraper.marketplaces import MARKETPLACES, Marketplace, find
from azscraper.parse.values import absolute, clean, image, integer, money, moneys, percent, rating


@pytest.mark.parametrize(
    ("text", "site", "expected"),
    [
        ("$12.99", "us", "12.99 USD"),
        ("$1,299.00", "ca", "1299.00 CAD"),
        ("CDN$ 12.99", "ca", "12.99 CAD"),
        ("$1,299.00", "mx", "1299.00 MXN"),
        ("$12.99", "au", "12.99 AUD"),
        ("S$12.99", "sg", "12.99 SGD"),
        ("US$12.99", "mx", "12.99 USD"),
        ("$12.99", "jp", "12.99 USD"),
        ("USD 12.99", "ae", "12.99 USD"),
        ("EUR 1.299", "us", "1299 EUR"),
        ("INR 1,29,999.00", "us", "129999.00 INR"),
        ("1.299,00 €", "de", "1299.00 EUR"),
        ("1.299 €", "de", "1299 EUR"),
        ("1 299,00 €", "fr", "1299.00 EUR"),
        ("1\u202f299,00\u00a0€", "fr", "1299.00 EUR"),
        ("1 299,00 €", "de", "1299.00 EUR"),
        ("€431.55", "de", "431.55 EUR"),
        ("€ 12,99", "nl", "12.99 EUR"),
        ("0,99 € / 100 ml", "de", "0.99 EUR"),
        ("£1,299.00", "uk", "1299.00 GBP"),
        ("₹1,29,999.00", "in", "129999.00 INR"),
        ("Rs. 499", "in", "499 INR"),
        ("M.R.P.: ₹999", "in", "999 INR"),
        ("￥1,299", "jp", "1299 JPY"),
        ("1,299円", "jp", "1299 JPY"),
        ("満2,000円以上", "jp", "2000 JPY"),
        ("￥1,299.00", "cn", "1299.00 CNY"),
        ("R$ 1.299,00", "br", "1299.00 BRL"),
        ("R1,299.00", "za", "1299.00 ZAR"),
        ("R 1 299,00", "za", "1299.00 ZAR"),
        ("1 299,00 zł", "pl", "1299.00 PLN"),
        ("1 299,00 kr", "se", "1299.00 SEK"),
        ("1 299 kr", "se", "1299 SEK"),
        ("2.299,00 TL", "tr", "2299.00 TRY"),
        ("₺2.299,00", "tr", "2299.00 TRY"),
        ("AED12.99", "ae", "12.99 AED"),
        ("د.إ.\u200f ١٬٢٩٩٫٠٠", "ae", "1299.00 AED"),
        ("SAR 1,234.50", "sa", "1234.50 SAR"),
        ("499,00 ج.م.", "eg", "499.00 EGP"),
        ("12.99", "us", "12.99 USD"),
        ("10 $12.99", "us", "12.99 USD"),
        ("20% off $5", "us", "5 USD"),
        ("($0.025 / count)", "us", "0.025 USD"),
    ],
)
def test_money_in_every_locale(text: str, site: str, expected: str) -> None:
    found = money(text, find(site))
    assert found is not None
    assert f"{found.amount} {found.currency}" == expected


@pytest.mark.parametrize("text", ["", "free", "4 stars", "Sterne 4", "20%", "kr", "€", "Error 404 here"])
def test_no_money(text: str) -> None:
    assert money(text, find("us")) is None


@pytest.mark.parametrize(
    ("text", "site", "amounts"),
    [
        ("$5.99$6.99", "us", ["5.99", "6.99"]),
        ("12,99 €12,99 €", "de", ["12.99", "12.99"]),
        ("$10.99 - $19.99", "us", ["10.99", "19.99"]),
        ("$5 - 9", "us", ["5", "9"]),
        ("10,99 - 19,99 €", "de", ["10.99", "19.99"]),
        ("$5 and 9 more", "us", ["5"]),
        ("no money", "us", []),
    ],
)
def test_moneys(text: str, site: str, amounts: list[str]) -> None:
    assert [str(found.amount) for found in moneys(text, find(site))] == amounts


def _printed(cents: int, site: Marketplace) -> str:
    whole, fraction = divmod(cents, 100)
    grouped = f"{whole:,}".replace(",", site.thousands)
    return f"{grouped}{site.decimal}{fraction:02d}"


@given(st.integers(1, 10**9), st.sampled_from(list(MARKETPLACES.values())), st.booleans())
@example(cents=100_000, site=MARKETPLACES["www.amazon.se"], before=True)
def test_money_in_any_sites_style_reads_back(cents: int, site: Marketplace, before: bool) -> None:  # noqa: FBT001
    number = _printed(cents, site)
    found = money(f"{site.currency} {number}" if before else f"{number} {site.currency}", site)
    assert found is not None
    assert found.amount == Decimal(cents) / 100
    assert found.currency == site.currency


@given(st.integers(0, 10**12), st.sampled_from([",", ".", " ", "\u00a0", "\u202f", ""]))
def test_counts_in_any_style_read_back(count: int, separator: str) -> None:
    assert integer(f"{count:,}".replace(",", separator)) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1,234 ratings", 1234),
        ("1.234 Sternebewertungen", 1234),
        ("1 234 évaluations", 1234),
        ("(1,234)", 1234),
        ("1,29,999", 129_999),
        ("2K+ bought in past month", 2000),
        ("1.5K+", 1500),
        ("1,2 mil", 1200),
        ("Mais de 10 mil compras", 10_000),
        ("1,2 Tsd. Mal", 1200),
        ("2.3万", 23_000),
        ("2 B+", 2000),
        ("٣٤٥", 345),
        ("5 Bewertungen", 5),
        ("3 books", 3),
        ("(1.9L)", 190_000),
        ("1.2Cr ratings", 12_000_000),
        ("3 Latte cups", 3),
        ("4.5 out of 5", None),
        ("none", None),
        ("9" * 5000, None),
    ],
)
def test_integer(text: str, count: int | None) -> None:
    assert integer(text) == count


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("4.5 out of 5 stars", 4.5),
        ("4,5 von 5 Sternen", 4.5),
        ("5つ星のうち4.3", 4.3),
        ("5つ星のうち 4", 4.0),
        ("5 yıldız üzerinden 4,3", 4.3),
        ("٤٫٥ من ٥ نجوم", 4.5),
        ("5 out of 5", 5.0),
        ("5", 5.0),
        ("7.5", None),
        ("no stars", None),
    ],
)
def test_rating(text: str, stars: float | None) -> None:
    assert rating(text) == stars


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("-20 %", 20),
        ("%20", 20),
        ("4 yıldız %92 olumlu", 92),
        ("٪٢٠", 20),
        ("(12.5%)", 12),
        ("20", None),
        ("9" * 400 + "%", None),
    ],
)
def test_percent(text: str, share: int | None) -> None:
    assert percent(text) == share


@pytest.mark.parametrize(
    ("url", "largest"),
    [
        ("https://m.media-amazon.com/images/I/71abc._AC_SX679_.jpg", "https://m.media-amazon.com/images/I/71abc.jpg"),
        ("//x.example/images/I/51a%2Bb._BO2,204_PIsitb,TopRight,35,-76_.jpg?q=1", "https://x.example/images/I/51a%2Bb.jpg"),
        ("http://x.example/images/I/41.__AC_SX300_QL70_ML2_.jpg", "https://x.example/images/I/41.jpg"),
        ("http://x.example/images/P/1234567890.01._SCLZZZZZZZ_.jpg", "https://x.example/images/P/1234567890.01.jpg"),
        ("https://x.example/images/I/A._CLa%7C1,2%7Cb.png%7C0+0.0,2.0_AC_SL150_.png", "https://x.example/images/I/A._CLa%7C1,2%7Cb.png%7C0+0.0,2.0_.png"),
        ("http://[bad", "http://[bad"),
    ],
)  # fmt: skip
def test_image(url: str, largest: str) -> None:
    assert image(url) == largest


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/gp/product/B000000001/ref=x?psc=1", "https://www.amazon.de/dp/B000000001"),
        ("/stores/Acme/page/1?ref_=ast_bln", "https://www.amazon.de/stores/Acme/page/1"),
        ("/s/ref=bl?ie=UTF8&field-keywords=Acme+B", "https://www.amazon.de/s?field-keywords=Acme+B"),
        ("/b?node=123&ref=x", "https://www.amazon.de/b?node=123"),
        ("/help/seller?seller=A1&asin=B000000001", "https://www.amazon.de/help/seller?seller=A1"),
        ("javascript:void(0)", None),
        ("http://[bad", None),
    ],
)
def test_absolute(href: str, url: str | None) -> None:
    assert absolute(href, "www.amazon.de") == url


def test_clean() -> None:
    assert clean("  a\u200e\n b\u00ad\u200bc\u00a0 ") == "a bc"
    assert clean("e\u0301") == "é"


@given(st.text())
def test_any_text_reads(text: str) -> None:
    site = find("us")
    moneys(text, site)
    integer(text)
    rating(text)
    percent(text)
    image(text)
    absolute(text, site.host)
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "written",
    [
        "/dp/B0DEMO0001/ref=sr_1_1?keywords=x&qid=1",
        "/b/ref=x/132-1234567-1234567?ie=UTF8&node=172282&pf=%2F",
        "https://www.amazon.com/s?k=a+b&rh=n%3A1&ref=nb#top",
        "http://www.amazon.com/s/ref=x?rh=n:1",
        "/a/./b/../s?k=tea",
        "//www.amazon.com/s?k=tea",
        "stores/page?node=1",
        "/Käse/b?node=1&field-keywords=käse",
        "https://WWW.amazon.com:443/b?node=2&node=3&k=",
    ],
)
def test_a_usual_address_is_cut_as_any_other_is(written):
    around = f" {written}"  # with a blank before it, it is joined and taken apart
    assert absolute(written, "www.amazon.com") == absolute(around, "www.amazon.com")


def test_an_experiment_is_no_part_of_a_picture_s_address() -> None:
    printed = "https://m.media-amazon.com/images/W/WEBP_402378-T2/images/I/71rt._AC_SL1500_.jpg"
    assert image(printed) == "https://m.media-amazon.com/images/I/71rt.jpg"
