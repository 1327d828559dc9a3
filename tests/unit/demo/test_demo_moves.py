"""The marketplace that moves: what it shows at an hour is the truth of that hour, whenever it is asked for."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.demo.goods.catalogue import by_asin, product_at, products
from azscraper.demo.goods.locales import DE_DE, EN_US, JA_JP, LOCALES
from azscraper.demo.goods.moves import Clock, Moment, moment_at
from azscraper.demo.pages.bestsellers import ranked
from azscraper.demo.pages.offers import listed
from azscraper.demo.pages.product import product_html
from azscraper.demo.pages.search import search_html
from azscraper.demo.reading import record_of
from azscraper.demo.results import search
from azscraper.demo.truth import product_truth, truth
from azscraper.demo.views import Visit
from azscraper.kinds.details.follow import sighting_of
from azscraper.kinds.recognise import parse
from unit.demo.truth import differences, expected_product, expected_rows

DAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
HOURS = [moment_at(DAY + timedelta(hours=6 * n)) for n in range(4 * 60)]


def test_the_same_seed_and_hour_show_the_same_and_others_do_not():
    late = moment_at(DAY)
    first = [product_truth(product) for product in products(EN_US, late)]

    assert first == [product_truth(product_at(EN_US, product.asin, late)) for product in products(EN_US)]
    assert first != [product_truth(product) for product in products(EN_US, Moment(late.at, seed=2))]
    assert first != [product_truth(product) for product in products(EN_US, moment_at(DAY + timedelta(days=1)))]
    assert [product_truth(p) for p in products(DE_DE, late)] != first


@pytest.mark.parametrize("locale", [EN_US, DE_DE, JA_JP], ids=lambda locale: locale.language)
def test_in_sixty_days_everything_moves_and_no_product_stands_still(locale):
    seen = Counter()
    for asin in list(by_asin(locale))[:40:4]:
        rows = [product_truth(product_at(locale, asin, moment)) for moment in HOURS]
        seen.update(field for field in rows[0] if len({str(row[field]) for row in rows}) > 1)
        assert len({(row["rank"], row["price"], row["availability"]) for row in rows}) > 10
    assert {"price", "listPrice", "coupon", "deal", "availability", "quantity", "sellerId", "new"} <= set(seen)
    assert {"rating", "ratingCount", "boughtPastMonth", "rank", "badges"} <= set(seen)


def test_amounts_stay_amounts():
    for moment in HOURS[::20]:
        for product in products(JA_JP, moment):
            offer = product.offer
            assert offer.price is None or (offer.price > 0 and offer.price == offer.price.to_integral_value())
            assert offer.list_price is None or offer.list_price > offer.price
            assert (offer.deal is not None) == ("limited_deal" in product.badges)
            assert offer.price_range is None or offer.price_range[0] <= offer.price_range[1]


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.host)
def test_the_reader_finds_the_truth_of_the_hour(locale):
    wrong = []
    for number, product in enumerate(products(locale)[::6]):
        moment = HOURS[number % len(HOURS)]
        there = product_at(locale, product.asin, moment)
        parsed = parse(product_html(there, moment).encode(), f"https://{locale.host}/dp/{product.asin}")
        record = parsed.record.model_dump(mode="json", by_alias=True)
        wrong += [f"{product.asin} {moment.at} {line}" for line in differences(expected_product(there), record)]
        read, seeded = (
            sighting_of(one, marketplace=locale.host, observed_at=DAY).values
            for one in (parsed.record, record_of(there))
        )
        wrong += [f"{product.asin}: {each}" for each in {*read.items()} ^ {*seeded.items()}]
    assert wrong == []


def test_the_order_of_a_search_sways_and_its_reader_follows():
    orders = []
    for moment in HOURS[::48]:
        page = search(EN_US, "kitchen", 1, moment=moment)
        parsed = parse(search_html(page).encode(), "https://www.amazon.com/s?k=kitchen")
        rows = [row.model_dump(mode="json", by_alias=True) for row in parsed.rows]
        assert differences(expected_rows(page), rows) == []
        orders.append([tile.product.asin for tile in page.tiles if not tile.sponsored])
    assert len({tuple(order) for order in orders}) == len(orders)
    assert len(set(orders[0]) & set(orders[-1])) >= 5, "it sways; it is not another search"


def test_a_clock_runs_at_any_speed():
    clock = Clock(began=DAY, start=DAY - timedelta(days=60), speed=86_400)

    assert clock.moment(DAY).at == DAY - timedelta(days=60)
    assert clock.moment(DAY + timedelta(seconds=60)).at == DAY
    assert clock.moment(DAY + timedelta(days=1000)).at == datetime(2100, 1, 1, tzinfo=UTC)


def test_truth_names_what_was_asked():
    moment = moment_at(DAY)
    said = truth(EN_US, {"asin": "B0DEMO0001", "k": "kettle"}, moment)

    assert said["at"] == "2026-11-30T08:00:00+00:00"
    assert said["product"]["price"] == str(product_at(EN_US, "B0DEMO0001", moment).offer.price)
    assert [row["position"] for row in said["results"]] == list(range(1, len(said["results"]) + 1))
    later = moment_at(DAY + timedelta(days=20))
    first, second = (truth(EN_US, {"bestsellers": "kitchen"}, at)["bestsellers"] for at in (moment, later))
    assert first != second
    assert first == [one.asin for one in ranked(Visit(EN_US, {"department": "kitchen"}, moment=moment), "bestsellers")]
    assert said["offers"][0]["price"] == said["product"]["price"], "the buy box"
    nothing = truth(EN_US, {"asin": "B000000000"}, None)
    assert nothing == {"at": None, "marketplace": EN_US.host, "product": None, "offers": []}


def test_sellers_come_and_go():
    months = [moment_at(DAY - timedelta(days=30 * count)) for count in range(6)]
    found = [{one.seller.name for one in listed(product_at(EN_US, "B0DEMO0002", moment), moment)} for moment in months]

    assert len({frozenset(names) for names in found}) > 1
    assert {one.key for one in listed(product_at(EN_US, "B0DEMO0002", None))} == {
        f"listedB0DEMO0002{number:02}" for number in range(len(listed(product_at(EN_US, "B0DEMO0002", None))))
    }, "nothing moves in a marketplace that stands still"
