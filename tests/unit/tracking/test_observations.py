"""What a page tells of a product, what is kept of it, and when it counts as changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.kinds.details.follow import of_product
from azscraper.kinds.observations import Price, ProductObservation
from azscraper.kinds.search.follow import of_rows
from azscraper.records import Product, SearchRow
from azscraper.records.parts import Availability, AvailabilityStatus, BestsellerRank, Money, OfferState
from azscraper.tracking import observations
from azscraper.tracking.observations import Change, Position, Reference

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOST = "www.amazon.com"


def usd(amount):
    return Price(Decimal(str(amount)), "USD")


USUAL = {"price_percent": Decimal(1), "rating": Decimal("0.1")}


def seen(**values):
    return ProductObservation(HOST, "B000000001", NOW, **values)


def of(**fields):
    return of_product(Product(asin="B000000001", **fields), marketplace=HOST, observed_at=NOW)


def test_a_record_tells_its_price_rating_rank_and_availability():
    told = of(
        price=Money(amount=Decimal("9.99"), currency="USD"),
        rating=4.5,
        rating_count=10,
        bestseller_ranks=(BestsellerRank(rank=7, category="Kitchen"), BestsellerRank(rank=1, category="Kettles")),
        availability=Availability(status=AvailabilityStatus.LOW_STOCK),
    )
    assert told == seen(
        price=usd("9.99"), rating=4.5, rating_count=10, rank=7, rank_category="Kitchen", availability="low_stock"
    )


def test_a_record_without_an_asin_tells_nothing():
    assert of_product(Product(), marketplace=HOST, observed_at=NOW) is None
    asked = Product(requested_asin="B000000002")
    assert of_product(asked, marketplace=HOST, observed_at=NOW).asin == "B000000002"


@pytest.mark.parametrize(
    ("fields", "tells"),
    [
        ({"offer_state": OfferState.UNAVAILABLE}, True),
        ({"offer_state": OfferState.SEE_ALL_BUYING_OPTIONS}, True),
        ({"offer_state": OfferState.SELECT_VARIANT}, False),
        ({"offer_state": OfferState.NOT_SHIPPABLE}, False),
        ({"offer_state": OfferState.WITHHELD}, False),
        ({"offer_state": OfferState.NONE}, False),
        ({"offer_state": OfferState.UNAVAILABLE, "warnings": ("price",)}, False),
        ({"price": Money(amount=Decimal(1), currency="USD")}, True),
    ],
)
def test_no_price_is_told_only_where_the_page_says_so(fields, tells):
    assert of(**fields).tells_price is tells


def test_an_unknown_availability_tells_nothing():
    assert of(availability=Availability(status=AvailabilityStatus.UNKNOWN)).availability is None


@pytest.mark.parametrize(
    ("before", "now", "kept"),
    [
        (None, seen(), True),
        (seen(price=usd(1)), seen(price=usd(1)), False),
        (seen(price=usd(1)), seen(price=usd("1.00")), False),
        (seen(price=usd(1)), seen(price=usd(2)), True),
        (seen(rank=1), seen(rank=2), True),
        (seen(rating_count=1), seen(rating_count=2), True),
        (seen(), replace(seen(), observed_at=NOW + timedelta(hours=23)), False),
        (seen(), replace(seen(), observed_at=NOW + timedelta(hours=24)), True),
    ],
)
def test_an_observation_is_kept_when_something_changed_or_a_day_has_passed(before, now, kept):
    assert observations.is_kept(before, now) is kept


KNOWN = Reference(usd(100), knows_price=True, rating=4.5, availability="in_stock")
SAME = seen(price=usd(100), rating=4.5, availability="in_stock")


@pytest.mark.parametrize(
    ("now", "names"),
    [
        (SAME, []),
        (replace(SAME, price=usd("100.99")), []),
        (replace(SAME, price=usd(101)), ["price"]),
        (replace(SAME, price=usd(99)), ["price"]),
        (replace(SAME, price=None), ["price"]),
        (replace(SAME, price=None, tells_price=False), []),
        (replace(SAME, price=Price(Decimal(50), "EUR")), []),
        (replace(SAME, rating=4.6), ["rating"]),
        (replace(SAME, rating=4.4), ["rating"]),
        (replace(SAME, rating=4.45), []),
        (replace(SAME, rating=None), []),
        (replace(SAME, availability="out_of_stock"), ["availability"]),
        (replace(SAME, availability=None), []),
        (seen(price=usd(1), rating=1.0, availability="preorder"), ["price", "rating", "availability"]),
    ],
)
def test_what_counts_as_a_change(now, names):
    assert [change.name for change in observations.changes(KNOWN, now, **USUAL)] == names


def test_a_threshold_of_zero_is_any_change():
    any_change = {"price_percent": Decimal(0), "rating": Decimal(0)}
    now = replace(SAME, price=usd("100.01"), rating=4.51)
    assert [change.name for change in observations.changes(KNOWN, now, **any_change)] == ["price", "rating"]
    assert observations.changes(KNOWN, SAME, **any_change) == []


def test_nothing_is_told_of_what_was_never_known():
    assert observations.changes(Reference(), SAME, **USUAL) == []
    assert observations.next_reference(Reference(), SAME, []) == KNOWN


def test_a_price_that_comes_back_is_told():
    gone = Reference(None, knows_price=True)
    assert observations.changes(gone, seen(price=usd(5)), **USUAL) == [Change("price", None, usd(5))]


def follow(prices, percent):
    reference, told = Reference(), []
    for price in prices:
        now = seen(price=usd(price))
        found = observations.changes(reference, now, **USUAL | {"price_percent": Decimal(percent)})
        told += [(change.before.amount, change.after.amount) for change in found]
        reference = observations.next_reference(reference, now, found)
    return told


def test_small_steps_add_up():
    assert follow([100, 98, 96, 95, 94, 91, 90], 5) == [(100, 95), (95, 90)]


@given(st.lists(st.integers(1, 1000), max_size=30), st.integers(0, 50))
def test_what_is_told_is_a_chain_from_the_first_price_on(prices, percent):
    told = follow(prices, percent)
    assert all(before != after and abs(after - before) * 100 >= before * percent for before, after in told)
    ends = [after for _, after in told]
    assert [before for before, _ in told] == [*prices[:1], *ends][: len(told)]


def test_another_currency_is_where_comparing_begins_anew():
    euro = seen(price=Price(Decimal(50), "EUR"))
    assert observations.next_reference(KNOWN, euro, []).price == euro.price


@pytest.mark.parametrize(
    ("asin", "position"),
    [
        ("A", Position(1, 2, sponsored=True)),
        ("B", Position(2, 1, sponsored=False)),
        ("C", Position(3, None, sponsored=True)),
        ("D", Position(None, None, None)),
    ],
)
def test_where_a_product_stands(asin, position):
    assert observations.position_of(["A", "B", "C", "A"], [True, False, True, False], asin) == position


def test_a_ranking_is_the_rows_in_their_order():
    rows = [SearchRow(asin="A", sponsored=True), SearchRow(asin="B")]
    ranking = of_rows(
        rows, marketplace=HOST, keyword=" Wireless  Earbuds", sort=None, category=None, pages=1, observed_at=NOW
    )
    assert (ranking.keyword, ranking.asins, ranking.sponsored) == ("wireless earbuds", ("A", "B"), (True, False))
    assert (ranking.sort, ranking.category) == ("", "")
