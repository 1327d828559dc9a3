"""What a page changes of what is known of a product."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.kinds.details.follow import sighting_of
from azscraper.kinds.observations import ABSENT, Sighting, number, text
from azscraper.records import Product
from azscraper.records.parts import (
    Availability,
    AvailabilityStatus,
    BestsellerRank,
    Delivery,
    Money,
    Offers,
    OfferState,
    Seller,
)
from azscraper.tracking.series import Stored, document
from azscraper.tracking.series_states import MOST_FIELDS, Extreme, step

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def seen(at=NOW, **values):
    return Sighting("www.amazon.de", "B000000001", at, values)


def walk(*pages):
    state, steps = None, []
    for page in pages:
        steps.append(step(state, page))
        state = steps[-1].state
    return steps


def euros(amount):
    return number(Decimal(str(amount)), "EUR")


def of(**fields):
    product = Product(asin="B000000001", **fields)
    return sighting_of(product, marketplace="www.amazon.de", observed_at=NOW)


def test_a_page_tells_all_of_its_offer_or_nothing_of_it():
    money = Money(amount=Decimal("9.99"), currency="EUR")
    told = of(
        price=money,
        delivery=Delivery(text="free", price=Money(amount=Decimal(3), currency="EUR")),
        seller=Seller(name="Kettles Ltd"),
        offers=Offers(new_count=3, new_from=money),
        availability=Availability(status=AvailabilityStatus.IN_STOCK),
        bestseller_ranks=(BestsellerRank(rank=7, category="Küche"), BestsellerRank(rank=1, category="Kessel")),
    ).values
    assert told["price"] == told["newFrom"] == euros("9.99")
    assert told["landedPrice"] == euros("12.99")
    assert (told["seller"], told["coupon"], told["newCount"]) == (text("Kettles Ltd"), ABSENT, number(3))
    assert (told["rank"], told["rank:Kessel"]) == (number(7, "Küche"), number(1))
    assert "usedCount" not in told
    assert "title" not in told
    assert of(offer_state=OfferState.UNAVAILABLE).values["seller"] == ABSENT
    assert of(offer_state=OfferState.SELECT_VARIANT).values == {}
    assert "listPrice" not in of(price=money, warnings=("listPrice",)).values


def test_only_changes_are_points_and_the_first_of_each_month():
    times = [NOW, NOW + HOUR, NOW + 2 * HOUR, NOW + timedelta(days=25), NOW + timedelta(days=26)]
    prices = [10, 10, 9, 9, 9]
    steps = walk(*(seen(at, price=euros(price)) for at, price in zip(times, prices, strict=True)))
    assert [[(p.value, p.is_change) for p in one.points] for one in steps] == [
        [(euros(10), False)],
        [],
        [(euros(9), True)],
        [(euros(9), False)],
        [],
    ]
    state = steps[-1].state.fields["price"]
    assert (state.first_at, state.changed_at, state.stored_at, state.checked_at) == (NOW, times[2], times[3], times[4])
    assert (state.lowest, state.highest) == (Extreme(euros(9), times[2]), Extreme(euros(10), NOW))


def test_what_a_page_does_not_tell_stays_with_its_last_check():
    first, second = walk(seen(price=euros(10), rating=number(4.5)), seen(NOW + HOUR, rating=number(4.6)))
    assert second.state.fields["price"] == first.state.fields["price"]
    assert second.state.checked_at == NOW + HOUR
    assert set(second.observed.fields) == {"rating"}
    change = second.observed.fields["rating"]
    assert (change.before, change.after, change.is_change) == (number(4.5), number(4.6), True)
    assert change.known == first.state.fields["rating"]
    assert [change.is_change for change in first.observed.fields.values()] == [False, False]


def test_no_value_is_a_value_and_extremes_outlive_it():
    steps = walk(*(seen(NOW + n * HOUR, price=price) for n, price in enumerate((euros(10), ABSENT, euros(12)))))
    assert [point.is_change for one in steps for point in one.points] == [False, True, True]
    field = steps[-1].state.fields["price"]
    assert (field.lowest, field.highest) == (Extreme(euros(10), NOW), Extreme(euros(12), NOW + 2 * HOUR))


def test_another_currency_begins_anew():
    *_, last = walk(seen(price=euros(10)), seen(NOW + HOUR, price=number(500, "TRY")))
    assert last.state.fields["price"].lowest == Extreme(number(500, "TRY"), NOW + HOUR)


def test_a_page_that_comes_late_is_a_point_and_no_change():
    *_, late = walk(seen(price=euros(10)), seen(NOW - HOUR, price=euros(8)))
    assert [(point.value, point.is_change) for point in late.points] == [(euros(8), False)]
    assert late.observed.fields == {}
    field = late.state.fields["price"]
    assert (field.value, field.checked_at, field.lowest.value) == (euros(10), NOW, euros(8))


def test_the_number_of_fields_is_bounded():
    many = {f"rank:{n}": number(n) for n in range(MOST_FIELDS + 5)}
    assert len(step(None, seen(**many)).state.fields) == MOST_FIELDS


_VALUES = st.one_of(
    st.just(ABSENT),
    st.integers(0, 99).map(lambda n: number(Decimal(n) / 10, "EUR")),
    st.sampled_from(["a", "b"]).map(text),
)
_PAGES = st.lists(
    st.tuples(st.integers(0, 24 * 90), st.dictionaries(st.sampled_from("abc"), _VALUES, max_size=3)), max_size=8
)


@given(_PAGES)
def test_a_state_reads_back_as_it_was_stored(pages):
    state = None
    for hours, values in pages:
        state = step(state, seen(NOW + hours * HOUR, **values)).state
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        lapsed = {
            name: (one.checked_at - epoch) // timedelta(milliseconds=1)
            for name, one in state.fields.items()
            if one.checked_at < state.checked_at
        }
        parts = {name: orjson.dumps(part).decode() for name, part in (document(state) | {"lapsed": lapsed}).items()}
        stored = Stored("www.amazon.de", "", "B000000001", state.checked_at, **parts)
        assert stored.state == state


@pytest.mark.parametrize("amount", [Decimal("0.1"), 1 / 3, Decimal("99999999.99"), 4.6])
def test_a_number_is_the_same_after_it_was_stored(amount):
    assert number(float(number(amount).number)) == number(amount)
