"""Series: each field on its own, with the rows or not at all; what was there before them, and the release before beside them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import psycopg
import pytest

from azscraper.kinds.details.follow import sighting_of
from azscraper.kinds.observations import ABSENT, Observations, Ranking, Sighting, number, text
from azscraper.records import Product
from azscraper.running import chunks
from azscraper.running.save import Outcome, save
from azscraper.store import migrations, partitions
from azscraper.store.db import fetch_all, transaction
from azscraper.tracking import observed, series
from azscraper.tracking.observed import RankingChange, Source
from azscraper.tracking.series import COLUMNS, Stored
from integration.test_history import RANKING, SEEN

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOST, ASIN = "www.amazon.de", "B000000001"
SOURCE = Source("o", "p", "j")


def seen(hours=0, asin=ASIN, place="", **values):
    return Sighting(HOST, asin, NOW + timedelta(hours=hours), values, place)


def euros(amount):
    return number(amount, "EUR")


async def add(pool, *sightings, source=SOURCE):
    async with transaction(pool) as conn:
        return await series.add(conn, source, sightings)


async def points(pool, columns="field, value_number, value_text, is_change, before_number"):
    async with transaction(pool) as conn:
        cursor = await conn.execute(f"SELECT {columns} FROM product_series ORDER BY asin, place, field, observed_at")
        return await cursor.fetchall()


async def states(pool, project="p"):
    async with transaction(pool) as conn:
        rows = await fetch_all(conn, Stored, f"SELECT {COLUMNS} FROM series_states s WHERE project_id = %s", [project])
    return {row.key: row.state for row in rows}


async def test_each_field_has_its_own_points(pool):
    await add(pool, seen(price=euros(10), seller=text("A")), seen(asin="B000000002", price=euros(5)))
    [told] = await add(pool, seen(1, price=euros(9), seller=text("A")))
    await add(pool, seen(2, price=ABSENT))
    assert await points(pool) == [
        ("price", 10, "EUR", False, None),
        ("price", 9, "EUR", True, 10),
        ("price", None, None, True, 9),
        ("seller", None, "A", False, None),
        ("price", 5, "EUR", False, None),
    ]
    assert {name: (change.before, change.after) for name, change in told.fields.items()} == {
        "price": (euros(10), euros(9)),
        "seller": (text("A"), text("A")),
    }
    state = (await states(pool))[HOST, "", ASIN]
    assert (state.fields["price"].value, state.fields["seller"].checked_at) == (ABSENT, NOW + timedelta(hours=1))


async def test_all_that_product_pages_tell_is_stored(pool):
    records = [
        Product.model_validate({name: value for name, value in case["expected"]["record"].items() if value is not None})
        for path in sorted((Path(__file__).parents[1] / "cases").glob("*/case.json"))
        if "record" in (case := orjson.loads(path.read_bytes()))["expected"]
    ]
    told = [sighting_of(record, marketplace=record.marketplace, observed_at=NOW) for record in records]
    await add(pool, *told)
    assert {(key[0], key[2]): set(state.fields) for key, state in (await states(pool)).items()} == {
        (one.marketplace, one.asin): set(map(str, one.values)) for one in told
    }
    assert len(await points(pool)) == sum(len(one.values) for one in told)


async def test_places_are_products_of_their_own(pool):
    await add(pool, seen(price=euros(10)), seen(place="10115", price=euros(11)))
    assert [row[1] for row in await points(pool)] == [10, 11]
    assert set(await states(pool)) == {(HOST, "", ASIN), (HOST, "10115", ASIN)}


async def test_a_product_twice_in_a_chunk_is_one_observation(pool):
    [told] = await add(pool, seen(1, price=euros(10)), seen(0, price=euros(9), rating=number(4.5)))
    assert (told.fields["price"].after, told.fields["rating"].after) == (euros(10), number(4.5))


async def test_rankings_are_told_beside_the_ones_before(pool):
    other = replace(
        RANKING, observed_at=RANKING.observed_at + timedelta(hours=1), asins=("B", "A"), sponsored=(False, True)
    )
    async with transaction(pool) as conn:
        assert await observed.add_rankings(conn, SOURCE, [RANKING]) == [RankingChange(None, RANKING)]
        [change] = await observed.add_rankings(conn, SOURCE, [other])
        assert await observed.add_rankings(conn, SOURCE, [RANKING]) == []
    assert isinstance(change.before, Ranking)
    assert (tuple(change.before.asins), change.after) == (RANKING.asins, other)


async def test_series_come_with_the_rows_or_not_at_all(tenant, pool):
    job = await tenant.post_job(targets=[ASIN])
    async with transaction(pool) as conn:
        chunk = await chunks.claim(conn, job["id"], lane=0, run=0, now=NOW)
    told = Observations((SEEN,), sightings=(seen(price=euros(10)),))
    for claim in (chunk.targets[0].claim - 1, chunk.targets[0].claim):
        async with transaction(pool) as conn:
            await save(conn, chunk, [Outcome(0, claim, "success", 1, observed=told)])
    assert await points(pool, "project_id, job_id, source") == [(tenant.project_id, job["id"], "details")]


async def test_old_months_leave_and_values_bounds_and_flat_lines_stay(pool, database_url):
    for day in (0, 1, 30, 60):  # January to March
        await add(pool, seen(24 * day, price=euros(10 if day else 4), rating=number(4.5)))
    before = await states(pool)
    partitions.ensure(database_url, now=NOW)
    async with transaction(pool) as conn:
        table = next(table for table in partitions.TABLES if table.name == "product_series")
        await partitions.drop(conn, table, table.start_of(NOW))
    assert [row[:2] for row in await points(pool)] == [("price", 10), ("price", 10), ("rating", 4.5), ("rating", 4.5)]
    assert await states(pool) == before
    [told] = await add(pool, seen(24 * 61, price=euros(10)))
    assert told.fields["price"].known.lowest.value == euros(4)


OLD_OBSERVATION = """INSERT INTO product_observations (organization_id, project_id, job_id, marketplace, asin, observed_at, price,
    currency, rating, rating_count, rank, rank_category, availability)
    VALUES ('o', 'p', 'j', %s, %s, %s, %s, 'EUR', 4.5, 100, %s, 'Küche', 'in_stock')"""
OLD_STATE = """INSERT INTO product_states AS s (project_id, marketplace, asin, observed_at, price, currency, rating,
    rating_count, rank, rank_category, availability, told_price, told_currency, knows_price, told_rating,
    told_availability, checked_at)
    VALUES ('p', %(host)s, %(asin)s, %(at)s, %(price)s, 'EUR', 4.5, 100, 5, 'Küche', 'in_stock', %(price)s, 'EUR', true, 4.5, 'in_stock', %(at)s)
    ON CONFLICT (project_id, marketplace, asin) DO UPDATE SET observed_at = excluded.observed_at, price = excluded.price,
    checked_at = greatest(s.checked_at, excluded.checked_at) WHERE s.observed_at <= excluded.observed_at"""


def write_old(conn, day, price, rank):
    """What the version before the series writes, word for word."""
    at = NOW + timedelta(days=day)
    conn.execute(OLD_OBSERVATION, [HOST, ASIN, at, price, rank])
    conn.execute(OLD_STATE, {"host": HOST, "asin": ASIN, "at": at, "price": price})


async def test_a_month_of_history_comes_along(empty_database_url):
    migrations.upgrade(empty_database_url, "0031")
    prices = [20 - day // 7 for day in range(31)]
    with psycopg.connect(empty_database_url) as conn:
        for day, price in enumerate(prices):
            write_old(conn, day, price, 5)
    migrations.migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as conn:
        found = conn.execute(
            "SELECT field, value_number, is_change FROM product_series ORDER BY field, observed_at"
        ).fetchall()
        [state] = [Stored(*row).state for row in conn.execute(f"SELECT {COLUMNS} FROM series_states s").fetchall()]
        assert conn.execute("SELECT count(*) FROM product_series_default").fetchone() == (0,)
        write_old(conn, 31, 5, 7)  # the version before goes on beside
    assert [row[1:] for row in found if row[0] == "price"] == [
        (20, False),
        (19, True),
        (18, True),
        (17, True),
        (17, False),
        (16, True),
    ]
    assert [row[1:] for row in found if row[0] == "rank"] == [(5, False), (5, False)]
    price, last = state.fields["price"], NOW + timedelta(days=30)
    assert (price.value, price.lowest.value, price.highest.value) == (euros(16), euros(16), euros(20))
    assert (price.checked_at, price.changed_at, price.highest.at) == (last, NOW + timedelta(days=28), NOW)
    assert state.fields["availability"].value == text("in_stock")


@pytest.mark.parametrize("hours", [1, -1])
async def test_what_is_stored_twice_is_there_once(pool, hours):
    await add(pool, seen(price=euros(10)))
    await add(pool, seen(hours, price=euros(9)))
    await add(pool, seen(hours, price=euros(9)))
    assert len(await points(pool)) == 2
