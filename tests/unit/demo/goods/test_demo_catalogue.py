import re
import unicodedata
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from azscraper.demo.goods import catalogue
from azscraper.demo.goods.catalogue import by_asin, clean, isbn10, isbn13, other_product, products, stand_in
from azscraper.demo.goods.locales import (
    DE_DE,
    EN_US,
    JA_JP,
    LOCALES,
    bought_text,
    by_host,
    money_text,
    rating_text,
)
from azscraper.demo.results import TILES_A_PAGE, search
from azscraper.records.parts import AvailabilityStatus, OfferState

each_locale = pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.language)


@each_locale
def test_there_are_three_hundred_products_with_asins_of_their_own(locale):
    asins = [product.asin for product in products(locale)]

    assert len(asins) == len(set(asins)) == 300
    assert all(re.fullmatch(r"[A-Z0-9]{10}", asin) for asin in asins)
    assert asins[0] == "B0DEMO0001"


def test_every_language_has_each_phrase():
    english, *others = ((locale.phrases.keys(), locale.language) for locale in LOCALES)

    assert [language for phrases, language in others if phrases != english[0]] == []


def test_locales_share_asins_but_not_titles_or_prices():
    american, german, japanese = (products(locale) for locale in LOCALES)

    assert [p.asin for p in american] == [p.asin for p in german] == [p.asin for p in japanese]
    assert american[0].title != german[0].title != japanese[0].title
    assert american[0].offer.price != german[0].offer.price != japanese[0].offer.price


@each_locale
def test_products_are_the_same_when_made_again(locale):
    made = products(locale)
    catalogue.as_made.cache_clear()

    assert products(locale) == made


@each_locale
def test_every_state_of_an_offer_occurs(locale):
    states = Counter(product.offer.state for product in products(locale))
    statuses = {product.offer.status for product in products(locale)}

    assert set(states) >= {
        OfferState.FEATURED_OFFER,
        OfferState.SELECT_VARIANT,
        OfferState.SEE_ALL_BUYING_OPTIONS,
        OfferState.UNAVAILABLE,
    }
    assert statuses >= set(AvailabilityStatus) - {AvailabilityStatus.UNKNOWN}


@each_locale
def test_the_catalogue_is_varied(locale):
    made = products(locale)

    def has(fact):
        return sum(1 for product in made if fact(product)) >= 8

    assert has(lambda p: p.offer.coupon)
    assert has(lambda p: p.offer.deal and p.offer.list_price > p.offer.price)
    assert has(lambda p: p.offer.condition)
    assert has(lambda p: p.offer.unit_price)
    assert has(lambda p: p.offer.price_range)
    assert has(lambda p: p.rating is None)
    assert has(lambda p: len(p.image_names) > 3)
    assert has(lambda p: p.authors)
    assert has(lambda p: p.offer.seller and not p.offer.seller.is_shop)
    assert has(lambda p: p.printed_title != p.title or not p.title.isascii())


@each_locale
def test_facts_of_a_product_agree_with_one_another(locale):
    for product in products(locale):
        offer = product.offer
        assert product.title == clean(product.printed_title)
        assert (offer.price is None) == (offer.state is not OfferState.FEATURED_OFFER)
        assert offer.price is None or offer.price > 0
        assert offer.price is None or offer.price.as_tuple().exponent >= (0 if locale is JA_JP else -2)
        assert (offer.quantity is not None) == (offer.status is AvailabilityStatus.LOW_STOCK)
        assert (product.rating is None) == (product.rating_count is None) == (not product.histogram)
        assert sum(product.histogram) in {0, 100}
        assert len(set(product.image_names)) == len(product.image_names) >= 1


def test_titles_are_clean_unicode():
    for product in products(EN_US):
        assert unicodedata.is_normalized("NFC", product.title)
        assert not re.search("[\u200e\u200f\u00ad\u00a0\t]|  ", product.title)


@each_locale
def test_families_hang_together(locale):
    known = by_asin(locale)
    parents = [p for p in products(locale) if p.offer.price_range]

    for parent in parents:
        children = [known[member.asin] for member in parent.family.members]
        prices = [child.offer.price for child in children if child.offer.price is not None]
        assert parent.offer.price_range == (min(prices), max(prices))
        assert {child.selected for child in children} == {member.values for member in parent.family.members}
        assert parent.selected == ()


@pytest.mark.parametrize(
    ("locale", "amount", "text"),
    [
        (EN_US, Decimal("1299.00"), "$1,299.00"),
        (DE_DE, Decimal(1299), "1.299,00\u00a0€"),
        (JA_JP, Decimal(129900), "￥129,900"),
        (DE_DE, Decimal("0.92"), "0,92\u00a0€"),
    ],
)
def test_money_follows_the_locale(locale, amount, text):
    assert money_text(locale, amount) == text


def test_ratings_and_sales_follow_the_locale():
    assert [rating_text(locale, Decimal("4.5")) for locale in LOCALES] == [
        "4.5 out of 5 stars",
        "4,5 von 5 Sternen",
        "5つ星のうち4.5",
    ]
    assert bought_text(EN_US, 2000) == "2K+ bought in past month"
    assert bought_text(EN_US, 900) == "900+ bought in past month"


@pytest.mark.parametrize("host", ["www.amazon.de", "WWW.AMAZON.DE:443", "amazon.de", " www.amazon.de "])
def test_a_host_header_names_a_locale(host):
    assert by_host(host) is DE_DE


def test_other_hosts_are_american():
    assert by_host("127.0.0.1:8080") is EN_US


def test_isbns_have_right_check_digits():
    for number in range(151, 191):
        digits = isbn13(number).replace("-", "")
        tens = [10 if digit == "X" else int(digit) for digit in isbn10(number)]
        assert len(digits) == 13
        assert sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10 == 0
        assert sum((10 - place) * digit for place, digit in enumerate(tens)) % 11 == 0


@each_locale
def test_a_redirect_leads_to_another_product(locale):
    for product in products(locale):
        assert other_product(product).asin != product.asin
        assert not product.family or other_product(product).family == product.family


def test_a_stand_in_has_the_asked_asin_and_letters_beyond_ascii():
    product = stand_in(EN_US, "B0FAULT503")

    assert product.asin == "B0FAULT503"
    assert "ö" in product.title


@each_locale
def test_a_broad_search_fills_seven_pages_and_loses_no_organic_product(locale):
    keyword = products(locale)[0].categories[0].name.split()[0].strip(",")
    pages = [search(locale, keyword, n) for n in range(1, 9)]

    assert [len(page.tiles) for page in pages] == [TILES_A_PAGE] * 7 + [0]
    tiles = [tile for page in pages for tile in page.tiles]
    organic = [tile.product.asin for tile in tiles if not tile.sponsored]
    assert [tile.position for tile in tiles] == list(range(1, 113))
    assert [t.organic_position for t in tiles if not t.sponsored] == list(range(1, len(organic) + 1))
    assert len(organic) == len(set(organic)) == 98
    assert pages[0].total_is_estimate
    assert pages[0].last_page == 7


def test_a_narrow_search_counts_exactly_and_has_no_advertisements():
    found = search(EN_US, "letters VELMORA", 1)

    assert [tile.product.title for tile in found.tiles] == ["Letters from Velmora"]
    assert (found.total, found.total_is_estimate, found.last_page) == (1, False, 1)
    assert not found.tiles[0].sponsored


def test_a_nonsense_search_finds_nothing():
    assert search(EN_US, "xqzzyw plugh", 1) == replace(search(EN_US, "xqzzyw plugh", 1), tiles=(), total=0)


@pytest.mark.parametrize("page", [0, -1, 8, 999])
def test_pages_out_of_range_are_empty(page):
    assert search(EN_US, "kitchen", page).tiles == ()


def test_full_width_letters_match():
    assert search(JA_JP, "ＡＢＣ", 1).tiles
