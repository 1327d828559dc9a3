"""Rows as the client reads them, of this release's service and of others."""

import pytest

from azscraper import records
from azscraper.errors import InvalidInputError, UnavailableError
from azscraper.kinds.registry import BUILT_IN
from azscraper.records.rows import ROWS, SUMMARIES
from azscraper.wire import reading, stored_rows

META = {
    "jobId": "0" * 24,
    "projectId": "1" * 24,
    "target": "x",
    "ordinal": 0,
    "position": 1,
    "jobCreatedAt": "2026-01-01T00:00:00.000Z",
    "rowId": "0-0-1",
}
OFFER = {"record": "OfferRow", "asin": "B0DEMO0001", "price": {"amount": 9.5, "currency": "EUR"}}


def test_every_kind_has_its_rows_and_its_summary():
    assert set(ROWS) == {record.__name__ for kind in BUILT_IN for record in kind.records}
    assert {kind.name: kind.summary.__name__ for kind in BUILT_IN if kind.summary} == SUMMARIES
    assert all(issubclass(getattr(stored_rows, f"Stored{name}"), getattr(records, name)) for name in ROWS)


def test_rows_are_of_the_type_that_they_name():
    offer = reading.row(OFFER)
    assert (type(offer), str(offer.price.amount)) == (records.OfferRow, "9.5")
    stored = reading.stored_row(OFFER | {"meta": META})
    assert (type(stored), stored.meta.job_id) == (stored_rows.StoredOfferRow, META["jobId"])
    assert isinstance(reading.summary("offers", {"asin": "B0DEMO0001"}), records.OffersSummary)


def test_rows_of_an_older_service_do_not_say_what_they_are():
    tile = {"asin": "B0DEMO0001", "keyword": "kettle", "page": 1, "position": 1, "sponsored": True}
    assert isinstance(reading.row(tile), records.SearchRow)
    assert isinstance(reading.row({"asin": "B0DEMO0001"}), records.Product)


def test_what_a_newer_service_adds_is_passed_over():
    there = {"status": "in_orbit", "text": "In orbit"}
    product = reading.row(
        {"record": "Product", "asin": "B0DEMO0001", "aura": 7, "availability": there, "title": "Kettle"}
    )
    assert (product.asin, product.title, product.availability) == ("B0DEMO0001", "Kettle", None)
    unknown = {"record": "HologramRow", "glow": True}
    assert reading.row(unknown) is unknown
    assert reading.stored_row(unknown | {"meta": META})["glow"]
    assert reading.summary("holograms", {"glow": True}) == {"glow": True}


def test_a_row_of_another_shape_is_an_error():
    with pytest.raises(UnavailableError, match="OfferRow"):
        reading.row(OFFER | {"position": "first"})
    with pytest.raises(InvalidInputError, match=r"rows\(\)"):
        reading.product_or_tile(OFFER)
