"""What a project opens with: what changed since yesterday."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from azscraper.kinds.observations import ABSENT, Sighting, number, text
from azscraper.store.db import transaction
from azscraper.tracking import morning, series
from azscraper.tracking.observed import Source

HOST = "www.amazon.com"
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
SINCE = NOW - timedelta(days=1)


def seen(asin, hours_ago, price, **fields):
    told = {name: text(value) for name, value in fields.items()}
    told["price"] = ABSENT if price is None else number(Decimal(price), "USD")
    return Sighting(HOST, asin, NOW - timedelta(hours=hours_ago), told)


@pytest.fixture
async def project(pool, tenant):
    pages = [
        seen("B000000001", 60, "50", title="Red kettle", seller="Anna", availability="in_stock"),
        seen("B000000001", 30, "45"),  # before yesterday
        seen("B000000001", 5, "40", seller="Bert"),
        seen("B000000001", 3, None, availability="out_of_stock"),
        seen("B000000001", 1, "44", availability="in_stock", title="Red kettle, new"),
        seen("B000000002", 60, "10", title="Pan"),
        seen("B000000002", 2, "12", coupon="Save 5%"),
    ]
    async with transaction(pool) as conn:
        for page in pages:
            await series.add(conn, Source("-", tenant.project_id, "job"), [page])
    return tenant.project_id


async def test_changes_since_yesterday_are_counted(pool, project):
    async with transaction(pool) as conn:
        counts = await morning.count(conn, project, since=SINCE)

    assert (counts.fell, counts.rose, counts.out, counts.back, counts.seller, counts.listing) == (1, 1, 1, 1, 1, 1)
    assert counts.stock == 2
