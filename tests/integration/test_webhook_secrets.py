"""Webhook secrets at rest: sealed in the database, read beside the release before, sealed again when the key changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import EmptyWebhookSecretError

from azscraper.store.db import transaction
from azscraper.tenants.keyring import Keyring
from azscraper.webhooks import endpoints
from azscraper.webhooks import secrets as webhook_secrets
from integration.conftest import SECRET
from integration.deliveryworld import KEYS, Receiver
from integration.one_app import App

URL = "https://hooks.example.com/"
NEXT = Keyring("the next secret of at least thirty-two characters", (KEYS.secret,))


async def everything(pool):
    """All that the database holds about webhooks and repeated requests, as text."""
    async with transaction(pool) as conn:
        tables = ["webhooks", "idempotency_keys", "webhook_events", "audit"]
        rows = [await (await conn.execute(f"SELECT t::text FROM {table} t")).fetchall() for table in tables]
        bodies = await (await conn.execute("SELECT convert_from(body, 'UTF8') FROM idempotency_keys")).fetchall()
    return str(rows) + str(bodies)


async def test_no_secret_is_in_the_database(tenant, pool):
    path = f"/projects/{tenant.project_id}/webhooks"
    headers = {"Idempotency-Key": "once"}
    made = (await tenant.http.post(path, json={"url": URL}, headers=headers)).json()["data"]
    again = await tenant.http.post(path, json={"url": URL}, headers=headers)
    assert again.json()["data"] == made
    assert again.headers["idempotent-replayed"] == "true"
    rotated = (await tenant.http.post(f"/webhooks/{made['id']}/rotate-secret")).json()["data"]
    assert rotated["secret"] != made["secret"]
    kept = await everything(pool)
    assert made["id"] in kept
    for secret in (made["secret"], rotated["secret"]):
        assert secret.removeprefix("whsec_") not in kept
    assert "whsec_" not in kept


async def test_a_repeated_request_is_answered_after_the_master_secret_was_replaced_and_not_without_it(tenant, services):
    path, headers = f"/projects/{tenant.project_id}/webhooks", {"Idempotency-Key": "once"}
    made = (await tenant.http.post(path, json={"url": URL}, headers=headers)).json()["data"]
    for old, status in (((SECRET,), 201), ((), 401)):
        changed = replace(services, keys=Keyring("the next secret of at least thirty-two characters", old))
        transport = httpx.ASGITransport(App(changed))
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=tenant.http.headers) as http:
            again = await http.post(path, json={"url": URL}, headers=headers)
        assert again.status_code == status
        assert status != 201 or again.json()["data"] == made


async def signed_by(world, receiver, *secrets):
    """Which of the secrets the message that is sent now is signed with."""
    await world.emit(1)
    await world.run()
    headers, body = receiver.messages[-1]
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    own = [Verifier(secret).sign(headers["webhook-id"], sent_at, body.decode()) for secret in secrets]
    return [signature in headers["webhook-signature"].split() for signature in own]


async def old_release(pool, webhook_id, sql, *values):
    async with transaction(pool) as conn:
        await conn.execute(f"UPDATE webhooks SET {sql} WHERE id = %s", [*values, webhook_id])


async def seal_again(world, keys=KEYS):
    async with transaction(world.pool) as conn:
        return await webhook_secrets.seal_again(conn, keys, now=world.now)


async def rotate(world, webhook_id):
    async with transaction(world.pool) as conn:
        keys = world.deliverer.keys
        return (await endpoints.rotate_secret(conn, world.principal, webhook_id, keys=keys, now=world.now))[1]


async def test_what_the_release_before_wrote_is_read_and_then_sealed(world, pool):
    async with Receiver() as receiver:
        webhook, first = await world.listen(receiver.url)
        second, third = endpoints.new_secret(), endpoints.new_secret()
        clear = "secret = %s, sealed_secret = NULL"
        await old_release(pool, webhook.id, clear, first)  # it made the webhook
        assert await signed_by(world, receiver, first) == [True]
        rotation = "previous_secret = secret, previous_secret_until = now() + interval '1 day', secret = %s"
        await old_release(pool, webhook.id, rotation, second)
        assert await signed_by(world, receiver, first, second) == [True, True]
        assert await seal_again(world) == 1
        assert "whsec_" not in await everything(pool)
        assert await signed_by(world, receiver, first, second) == [True, True]
        await old_release(pool, webhook.id, rotation, third)  # what it finds in clear is empty
        assert await signed_by(world, receiver, first, second, third) == [False, True, True]
        assert (await seal_again(world), await seal_again(world)) == (1, 0)
        assert await signed_by(world, receiver, first, second, third) == [False, True, True]
        fourth = await rotate(world, webhook.id)
        assert await signed_by(world, receiver, second, third, fourth) == [False, True, True]
        world.now += timedelta(hours=25)
        assert await signed_by(world, receiver, third, fourth) == [False, True]


async def test_the_release_before_refuses_to_sign_with_what_it_cannot_read(world, pool):
    webhook, _ = await world.listen(URL)
    async with transaction(pool) as conn:
        row = await (await conn.execute("SELECT secret FROM webhooks WHERE id = %s", [webhook.id])).fetchone()
    with pytest.raises(EmptyWebhookSecretError):  # its task fails, and the queue tries again
        Verifier(row[0])


async def test_secrets_outlive_the_key_that_sealed_them(world):
    async with Receiver() as receiver:
        _, secret = await world.listen(receiver.url)
        world.deliverer = replace(world.deliverer, keys=NEXT)
        assert await signed_by(world, receiver, secret) == [True]
        assert (await seal_again(world, NEXT), await seal_again(world, NEXT)) == (1, 0)
        world.deliverer = replace(world.deliverer, keys=Keyring(NEXT.secret))
        assert await signed_by(world, receiver, secret) == [True]


async def test_a_secret_that_cannot_be_read_any_more_is_told_and_can_be_rotated(world):
    async with Receiver() as receiver:
        webhook, _ = await world.listen(receiver.url)
        world.deliverer = replace(world.deliverer, keys=Keyring("a secret that nobody named, of thirty-two"))
        await world.emit(1)
        await world.run()
        [delivery] = await world.deliveries(webhook)
        assert (delivery.status, delivery.error) == (
            "pending",
            "The secret of this webhook can't be read any more; rotate it",
        )
        secret = await rotate(world, webhook.id)
        world.now += timedelta(minutes=10)
        assert await signed_by(world, receiver, secret) == [True]
