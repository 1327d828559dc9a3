"""A job whose records lack a field that those of the 30 days before had tells so, once a day."""

from datetime import timedelta

import orjson
import pytest

from azscraper.results.fill_rates import Filled
from azscraper.running import chunks
from azscraper.running.save import Outcome, Row, save
from azscraper.store.db import transaction
from azscraper.words import EventType
from integration.deliveryworld import Receiver
from integration.test_job_webhooks import make_job

HOST = "www.amazon.com"


async def run(world, records, *, priced, others=0):
    """A job of so many products, of which so many have a price, and of offers that all have one."""
    job = await make_job(world, 1)
    async with transaction(world.pool) as conn:
        chunk = await chunks.claim(conn, job.id, lane=0, run=0, now=world.now)
    (target,) = chunk.targets
    filled = tuple(Filled(HOST, ("asin", *["price"] * (place < priced)), "Product") for place in range(records))
    filled += (Filled(HOST, ("asin", "price"), "OfferRow"),) * others
    async with transaction(world.pool) as conn:
        await save(
            conn,
            chunk,
            [Outcome(target.ordinal, target.claim, "success", 1, rows=(Row(b"{}"),) * records, filled=filled)],
        )
    return job


def told(receiver):
    return [orjson.loads(body)["data"] for _, body in receiver.messages]


async def test_a_drop_is_told_once_a_day_with_both_shares(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url, EventType.JOB_QUALITY)
        await run(world, 50, priced=40)
        job = await run(world, 60, priced=24)
        await run(world, 60, priced=0)
        await world.run()
        assert told(receiver) == [
            {
                "jobId": job.id,
                "type": "details",
                "record": "Product",
                "marketplace": HOST,
                "field": "price",
                "records": 60,
                "share": 0.4,
                "recordsBefore": 50,
                "shareBefore": 0.8,
                "days": 30,
            }
        ]


async def test_records_of_each_type_are_counted_apart(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url, EventType.JOB_QUALITY)
        await run(world, 50, priced=50, others=500)
        job = await run(world, 50, priced=0, others=500)
        await world.run()
        assert [(event["jobId"], event["record"], event["records"]) for event in told(receiver)] == [
            (job.id, "Product", 50)
        ]


async def test_what_an_older_release_counted_is_compared_with(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url, EventType.JOB_QUALITY)
        await run(world, 50, priced=50)
        async with transaction(world.pool) as conn:
            await conn.execute(
                """WITH old AS (DELETE FROM record_fill_rates RETURNING job_id, marketplace, parser_version, records, filled)
                   INSERT INTO fill_rates SELECT * FROM old"""
            )
        await run(world, 50, priced=0)
        await world.run()
        assert [event["field"] for event in told(receiver)] == ["price"]


async def test_it_is_told_again_after_a_day(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url, EventType.JOB_QUALITY)
        await run(world, 200, priced=200)
        first = await run(world, 50, priced=0)
        async with transaction(world.pool) as conn:
            await conn.execute("UPDATE quality_drops SET told_at = told_at - interval '25 h'")
        second = await run(world, 50, priced=0)
        await world.run()
        assert [event["jobId"] for event in told(receiver)] == [first.id, second.id]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((50, 40), (60, 25)),  # more than half as often
        ((50, 40), (49, 0)),  # too few records
        ((49, 49), (60, 0)),  # too few before
        ((60, 11), (60, 0)),  # fewer than a fifth had it
    ],
)
async def test_what_is_no_drop_is_not_told(world, before, after):
    async with Receiver() as receiver:
        await world.listen(receiver.url, EventType.JOB_QUALITY)
        await run(world, before[0], priced=before[1])
        await run(world, after[0], priced=after[1])
        await world.run()
        assert told(receiver) == []


async def test_what_ended_over_30_days_ago_and_what_is_read_again_say_nothing(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url, EventType.JOB_QUALITY)
        old = await run(world, 50, priced=50)
        async with transaction(world.pool) as conn:
            await conn.execute(
                "UPDATE jobs SET completed_at = completed_at - %s WHERE id = %s", [timedelta(days=31), old.id]
            )
        await run(world, 50, priced=0)
        await world.run()
        assert told(receiver) == []
