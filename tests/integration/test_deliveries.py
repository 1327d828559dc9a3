"""Events on their way to a receiver with faults: signed, in order, none lost, however often a task runs."""

import asyncio
from datetime import timedelta

import orjson
import pytest
from standardwebhooks import Webhook as Verifier

from azscraper.store.db import transaction
from azscraper.tenants import audit
from azscraper.webhooks import delivering, endpoints
from azscraper.webhooks.endpoints import Event
from azscraper.webhooks.outbound import Outbound
from azscraper.words import EventType
from integration.badserver import plain, redirect, silence
from integration.deliveryworld import SUBJECT, Receiver, World, status


@pytest.fixture
async def impatient_world(pool):
    """For receivers that say nothing; elsewhere a stall of the machine would count as silence and be tried later."""
    async with Outbound(allow_loopback=True, total_seconds=2.0) as outbound:
        yield await World(pool, outbound).begin()


async def test_nobody_listens_nothing_is_written(world):
    await world.emit(1, 2)
    async with transaction(world.pool) as conn:
        assert (await (await conn.execute("SELECT count(*) FROM webhook_events")).fetchone())[0] == 0
    assert await world.tasks() == []


async def test_a_message_is_signed_and_the_delivery_tells_how_it_went(world):
    async with Receiver(plain(b"thanks", status="202 Accepted")) as receiver:
        webhook, secret = await world.listen(receiver.url + "/hook")
        await world.emit(1)
        await world.run()
        [(headers, body)] = receiver.messages
        message = Verifier(secret).verify(body, headers)
        assert (message["type"], message["data"]) == ("target.failed", {"n": 1})
        [delivery] = await world.deliveries(webhook)
        assert headers["webhook-id"] == delivery.event_id
        assert (delivery.status, delivery.attempts, delivery.status_code) == ("delivered", 1, 202)
        assert (delivery.answer, delivery.error, delivery.next_attempt_at) == ("thanks", None, None)
        assert delivery.latency_ms >= 0
        assert await world.tasks() == []


async def test_only_what_an_endpoint_asked_for_is_sent_to_it(world):
    async with Receiver() as receiver, Receiver() as other:
        await world.listen(receiver.url, EventType.TARGET_FAILED)
        await world.listen(other.url, EventType.JOB_COMPLETED)
        await world.emit(1)
        await world.run()
        assert (receiver.told(), other.told()) == ([1], [])


async def test_an_event_goes_with_its_transaction_or_not_at_all(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url)
        with pytest.raises(ZeroDivisionError):
            async with transaction(world.pool) as conn:
                await endpoints.emit(conn, world.project_id, SUBJECT, [Event(EventType.TARGET_FAILED, {})])
                raise ZeroDivisionError
        assert await world.tasks() == []


async def test_later_events_of_a_subject_wait_for_the_earlier_one(world):
    async with Receiver(status("500 No"), plain(b"ok")) as receiver:
        webhook, _ = await world.listen(receiver.url)
        await world.emit(1, 2)
        await world.emit(3)
        await world.run()
        assert receiver.told() == [1]
        await world.emit(4)
        await world.emit(9, subject="b" * 24)
        await world.run()
        assert receiver.told() == [1, 9]
        world.now += timedelta(seconds=6)
        await world.run()
        assert receiver.told() == [1, 9, 1, 2, 3, 4]
        first = [headers["webhook-id"] for headers, body in receiver.messages if orjson.loads(body)["data"]["n"] == 1]
        assert first[0] == first[1]
        assert [d.attempts for d in await world.deliveries(webhook)] == [2, 1, 1, 1, 1]
        assert await world.tasks() == []
        assert (await world.look(webhook)).failing_since is None


async def test_a_delivery_is_given_up_after_ten_tries_and_the_next_one_goes(world):
    async with Receiver(*[status("500 No")] * 10, plain(b"ok")) as receiver:
        webhook, secret = await world.listen(receiver.url)
        await world.emit(1, 2)
        for _ in range(10):
            await world.run()
            world.now += timedelta(hours=24, seconds=1)
            async with transaction(world.pool) as conn:  # ten tries of a day each are more than five days
                await conn.execute("UPDATE webhooks SET failing_since = %s", [world.now])
        assert receiver.told() == [1] * 10 + [2]
        given_up, delivered = await world.deliveries(webhook)
        assert (given_up.status, given_up.attempts, given_up.error) == (
            "failed",
            10,
            "It answered 500; only 2xx is success",
        )
        assert (delivered.status, delivered.attempts) == ("delivered", 1)
        assert len({headers["webhook-timestamp"] for headers, _ in receiver.messages[:10]}) == 10
        assert secret.startswith("whsec_")


async def test_five_days_of_failure_switch_an_endpoint_off(world):
    async with Receiver(status("500 No")) as receiver:
        webhook, _ = await world.listen(receiver.url)
        await world.emit(1, 2)
        await world.run()
        assert (await world.look(webhook)).failing_since is not None
        world.now += timedelta(days=5, seconds=1)
        await world.run()
        row = await world.look(webhook)
        assert (row.enabled, row.disabled_reason) == (False, "It failed for 5 days")
        assert [d.status for d in await world.deliveries(webhook)] == ["failed", "failed"]
        await world.emit(3)
        assert await world.tasks() == []


async def test_410_switches_an_endpoint_off_at_once(world):
    async with Receiver(status("410 Gone")) as receiver:
        webhook, _ = await world.listen(receiver.url)
        await world.emit(1, 2)
        await world.run()
        assert receiver.told() == [1]
        assert (await world.look(webhook)).disabled_reason == "It answered 410 Gone"
        first, second = await world.deliveries(webhook)
        assert (first.status_code, second.error) == (410, "The webhook was switched off")


async def test_the_owner_is_told_when_an_endpoint_is_switched_off(world):
    async with Receiver(status("410 Gone")) as gone, Receiver() as other:
        webhook, _ = await world.listen(gone.url + "/?token=x", EventType.TARGET_FAILED, EventType.WEBHOOK_DISABLED)
        await world.listen(other.url, EventType.WEBHOOK_DISABLED)
        await world.emit(1)
        await world.run()
        [(_, body)] = other.messages
        assert orjson.loads(body)["data"] == {
            "webhookId": webhook.id,
            "projectId": world.project_id,
            "url": gone.url + "/",
            "reason": "It answered 410 Gone",
        }
        assert gone.told() == [1]
    async with transaction(world.pool) as conn:
        page = await audit.find_slice(
            conn, world.principal.organization_id, action=audit.Action.WEBHOOK_DISABLED, before=None, limit=9
        )
    [entry] = page.items
    assert (entry.actor_type, entry.object_id) == ("service", webhook.id)
    assert entry.details["reason"] == "It answered 410 Gone"


async def test_two_endpoints_that_end_at_once_do_not_lock_each_other_out(world):
    async with Receiver(status("410 Gone")) as one, Receiver(status("410 Gone")) as other:
        webhooks_made = [(await world.listen(receiver.url))[0] for receiver in (one, other)]
        await world.emit(1)
        await world.run()
        assert [(await world.look(webhook)).enabled for webhook in webhooks_made] == [False, False]


async def test_a_receiver_that_asks_for_time_gets_it_from_all_lanes(world):
    async with Receiver(plain(b"", "Retry-After: 60", status="429 Slow down"), plain(b"ok")) as receiver:
        await world.listen(receiver.url)
        await world.emit(1)
        await world.run()
        await world.emit(9, subject="b" * 24)
        world.now += timedelta(seconds=59)
        await world.run()
        assert receiver.told() == [1]
        world.now += timedelta(seconds=2)
        await world.run()
        assert sorted(receiver.told()) == [1, 1, 9]


async def test_silence_and_redirects_are_failures(impatient_world):
    async with Receiver() as inside:
        async with Receiver(silence, redirect(inside.url + "/inside"), plain(b"ok")) as receiver:
            webhook, _ = await impatient_world.listen(receiver.url)
            await impatient_world.emit(1)
            for _ in range(3):
                await impatient_world.run()
                impatient_world.now += timedelta(minutes=6)
            assert receiver.told() == [1, 1, 1]
            [delivery] = await impatient_world.deliveries(webhook)
            assert (delivery.status, delivery.attempts) == ("delivered", 3)
        assert inside.messages == []


async def test_both_secrets_sign_for_a_day_after_a_rotation(world):
    async with Receiver() as receiver:
        webhook, old = await world.listen(receiver.url)
        async with transaction(world.pool) as conn:
            _, new = await endpoints.rotate_secret(
                conn, world.principal, webhook.id, keys=world.deliverer.keys, now=world.now
            )
        await world.emit(1)
        await world.run()
        headers, body = receiver.messages[0]
        assert Verifier(old).verify(body, headers) == Verifier(new).verify(body, headers)
        world.now += timedelta(hours=24)
        await world.emit(2)
        await world.run()
        assert len(receiver.messages[0][0]["webhook-signature"].split()) == 2
        assert len(receiver.messages[1][0]["webhook-signature"].split()) == 1


async def test_a_task_that_runs_twice_loses_nothing_and_records_once(world):
    async with Receiver() as receiver:
        webhook, _ = await world.listen(receiver.url)
        await world.emit(1, 2, 3)
        [args] = await world.tasks(take=True)
        await asyncio.gather(*[delivering.deliver(world.deliverer, **args) for _ in range(3)])
        await world.run()
        assert sorted(set(receiver.told())) == [1, 2, 3]
        firsts = [receiver.told().index(number) for number in (1, 2, 3)]
        assert firsts == sorted(firsts)
        assert [(d.status, d.attempts) for d in await world.deliveries(webhook)] == [("delivered", 1)] * 3
        await delivering.deliver(world.deliverer, **args)
        await world.emit(4)
        assert len(await world.tasks()) == 1


async def test_a_task_that_runs_again_after_a_failure_does_not_try_before_its_time(world):
    async with Receiver(status("500 No"), plain(b"ok")) as receiver:
        await world.listen(receiver.url)
        await world.emit(1)
        [args] = await world.tasks(take=True)
        await delivering.deliver(world.deliverer, **args)
        await delivering.deliver(world.deliverer, **args)
        assert receiver.told() == [1]
        world.now += timedelta(seconds=6)
        await world.run()
        assert receiver.told()[-1] == 1
        assert await world.tasks() == []


async def test_events_that_come_while_a_lane_is_sent_are_sent_once(world):
    async with Receiver() as receiver:
        webhook, _ = await world.listen(receiver.url)

        async def emit_all():
            for number in range(20):
                await world.emit(number)

        async def run_until_sent():
            async with asyncio.timeout(20):
                while len(set(receiver.told())) < 20:
                    await world.run()
                    await asyncio.sleep(0)

        await asyncio.gather(emit_all(), run_until_sent())
        await world.run()
        assert receiver.told() == list(range(20))
        assert {d.status for d in await world.deliveries(webhook)} == {"delivered"}


async def test_a_long_lane_goes_to_the_end_of_the_queue_now_and_then(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url)
        await world.emit(*range(25))
        [args] = await world.tasks(take=True)
        await delivering.deliver(world.deliverer, **args)
        assert receiver.told() == list(range(20))
        await world.run()
        assert receiver.told() == list(range(25))


async def test_a_worker_that_ends_leaves_the_lane_to_others(world):
    async with Receiver(silence) as receiver:
        webhook, _ = await world.listen(receiver.url)
        await world.emit(1)
        [args] = await world.tasks(take=True)
        sending = asyncio.create_task(delivering.deliver(world.deliverer, **args))
        async with asyncio.timeout(10):
            while not receiver.messages:
                await asyncio.sleep(0.01)
            world.deliverer.stop.set()
            await sending
        assert len(await world.tasks()) == 1
        [delivery] = await world.deliveries(webhook)
        assert (delivery.status, delivery.attempts) == ("pending", 0)


async def test_a_lane_whose_task_was_lost_is_revived(world):
    async def revive(minutes):
        async with transaction(world.pool) as conn:
            return await delivering.revive(conn, due_before=world.now + timedelta(minutes=minutes))

    async with Receiver() as receiver:
        await world.listen(receiver.url)
        await world.emit(1, 2)
        assert await revive(1) == 0
        await world.tasks(take=True)
        assert await revive(-1) == 0
        assert await revive(1) == 1
        assert await revive(1) == 0
        await world.run()
        assert receiver.told() == [1, 2]


async def test_a_deleted_endpoint_ends_its_lanes(world):
    async with Receiver() as receiver:
        webhook, _ = await world.listen(receiver.url)
        await world.emit(1)
        async with transaction(world.pool) as conn:
            await endpoints.delete(conn, world.principal, webhook.id)
        await world.run()
        assert receiver.messages == []
