"""The table of products: each on one marketplace as it is by now, with its price of the days before."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from azscraper.kinds.observations import ABSENT, Sighting, number, text
from azscraper.store.db import transaction
from azscraper.tenants.principal import Principal
from azscraper.tracking import product_table, series
from azscraper.tracking.observed import Source
from azscraper.tracking.product_table import Wanted

US, DE = "www.amazon.com", "www.amazon.de"
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)


def seen(asin, days_ago, price, host=US, **fields):
    """A page of that day: a price in dollars, or None for none."""
    told = {name: text(value) if isinstance(value, str) else number(value) for name, value in fields.items()}
    told["price"] = ABSENT if price is None else number(Decimal(price), "USD" if host == US else "EUR")
    return Sighting(host, asin, NOW - timedelta(days=days_ago), told)


@pytest.fixture
async def project(pool, tenant):
    """Four products: one fell, one rose, one is gone, one was seen once."""
    pages = [
        seen("B000000001", 40, "50", title="Red kettle", availability="in_stock", rating=4.5),
        seen("B000000001", 5, "40", seller="Anna"),
        seen("B000000001", 0.2, "30", seller="Bert", rank=7),
        seen("B000000002", 8, "10", title="Blue kettle", availability="in_stock", rating=3.5),
        seen("B000000002", 0.2, "12"),
        seen("B000000003", 8, "10", title="Pan", availability="in_stock"),
        seen("B000000003", 0.2, None, availability="unavailable"),
        seen("B000000004", 0.2, "99", title="100% cotton", availability="low_stock"),
        seen("B000000001", 0.2, "28", host=DE, title="Kessel"),
    ]
    async with transaction(pool) as conn:
        for page in pages:
            await series.add(conn, Source("-", tenant.project_id, "job"), [page])
    return tenant.project_id


@pytest.fixture
async def found(pool, project):
    async def found(**wanted):
        async with transaction(pool) as conn:
            cursor = await conn.execute("SELECT organization_id FROM projects WHERE id = %s", [project])
            owner = Principal((await cursor.fetchone())[0])
            return await product_table.find(conn, owner, project, Wanted(US, **wanted), now=NOW, limit=3, offset=0)

    return found


async def test_a_product_has_its_price_of_a_day_a_week_and_a_month_ago(found):
    line = (await found(text="red")).items[0]

    assert line.price == 30
    assert [line.change(days) for days in (1, 7, 30)] == [-0.25, pytest.approx(-0.4), pytest.approx(-0.4)]
    assert (line.seller, line.seller_before, line.rank, line.elsewhere) == ("Bert", "Anna", 7, [US, DE])


@pytest.mark.parametrize(
    ("wanted", "asins", "total"),
    [
        ({"sort": "d7"}, "123", 4),  # what fell most first; what is not known last
        ({"sort": "-d7"}, "213", 4),
        ({"sort": "price"}, "214", 4),
        ({"sort": "-rating"}, "123", 4),
        ({"sort": "title"}, "423", 4),
        ({"sort": "title", "text": "KETTLE"}, "21", 2),
        ({"sort": "title", "text": "0%"}, "4", 1),  # a percent sign is a percent sign
        ({"sort": "title", "text": "000003"}, "3", 1),
        ({"sort": "title", "stock": "out"}, "3", 1),
        ({"sort": "title", "moved": "fell"}, "1", 1),
        ({"sort": "title", "moved": "rose"}, "2", 1),
        ({"sort": "title", "asins": ["B000000002"]}, "2", 1),
    ],
)
async def test_products_are_found_and_sorted(found, wanted, asins, total):
    result = await found(**wanted)

    assert "".join(line.asin[-1] for line in result.items) == asins
    assert result.total == total


async def test_what_is_gone_has_no_price_and_no_change(found):
    gone = (await found(stock="out")).items[0]

    assert (gone.price, gone.change(7), gone.availability) == (None, None, "unavailable")


async def test_prices_come_with_the_one_before(pool, project):
    async with transaction(pool) as conn:
        points = await product_table.prices(
            conn, project, marketplace=US, asins=["B000000001", "B000000003"], since=NOW - timedelta(days=7)
        )
        places = await product_table.places(conn, project)

    assert [value for _, value in points["B000000001"]] == [50, 40, 30]
    assert [value for _, value in points["B000000003"]] == [10, None]
    assert [(place.marketplace, place.products) for place in places] == [(US, 4), (DE, 1)]
