"""What fired on its way: workers that die send again under the same id, and who hangs holds up nobody else."""

import asyncio
from datetime import timedelta

import pytest

from azscraper.channels import channels, log, recipients, sending
from azscraper.channels.outgoing import Outgoing
from azscraper.channels.services import Hosts
from azscraper.store.db import transaction
from azscraper.tracking.alerts import outbox
from integration.alerts.alertworld import AlertWorld, euros, when
from integration.badserver import plain
from integration.channels.channelworld import Mailbox
from integration.deliveryworld import Receiver


@pytest.fixture
async def world(pool):
    async with Mailbox() as mailbox:
        world = await AlertWorld(pool, mailbox=mailbox).begin()
        world.mailbox = mailbox
        yield world


async def confirmed(world, address="ann@example.com"):
    channel = await world.add(email=address)
    async with transaction(world.pool) as conn:
        await recipients.confirm(conn, (await recipients.of_channel(conn, channel.id)).id, now=world.now)
        await conn.execute("DELETE FROM channel_messages")
    return channel


async def many_notices(world, channel, count):
    async with transaction(world.pool) as conn:
        await conn.execute(
            """WITH made AS (
                   INSERT INTO notices (id, organization_id, project_id, kind, alert_name, marketplace, place, subject, title, reasons, observed_at)
                   SELECT lpad(to_hex(n + %s), 24, '0'), %s, %s, 'alert', 'rule', '', '', 'B1', 'Kettle', '[]', now()
                   FROM generate_series(1, %s) n RETURNING id)
               INSERT INTO channel_notices (channel_id, notice_id, due_at) SELECT %s, id, %s FROM made""",
            [int(channel.id[-8:], 16), world.principal.organization_id, world.project_id, count, channel.id, world.now],
        )
        await channels.wake(conn, channel.id)


class KilledError(Exception):
    pass


async def test_a_worker_that_dies_between_storing_and_sending_sends_later(world):
    channel = await confirmed(world)
    await world.alert(when("price", "below", 20), currency="EUR", channels=[channel])
    await world.see(B1={"price": euros(19)})
    await world.tasks()  # the queue loses the task with its worker
    await world.run()
    assert world.mailbox.mails == []
    world.now += timedelta(minutes=1, seconds=1)
    async with transaction(world.pool) as conn:
        assert await outbox.revive(conn, due_before=world.now - timedelta(minutes=1)) == 1
    await world.run()
    assert len(world.mailbox.mails) == 1
    async with transaction(world.pool) as conn:
        assert await outbox.revive(conn, due_before=world.now + timedelta(days=1)) == 0


async def test_a_worker_that_dies_between_sending_and_saving_sends_the_same_id_again(world, monkeypatch):
    channel = await confirmed(world)
    await world.alert(when("price", "below", 20), currency="EUR", channels=[channel])
    await world.see(B1={"price": euros(19)})

    async def killed(*_):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_end", killed)
        with pytest.raises(KilledError):
            await world.run()
    await sending.send(world.sender, channel.id)
    assert len(world.mailbox.mails) == 1, "until the lease is over, the dead worker may still be sending"
    await world.see(B2={"price": euros(18)})
    world.now += log.SENDING
    async with transaction(world.pool) as conn:
        assert await log.revive(conn, due_before=world.now) == 1
    await world.run()
    first, second, third = world.mailbox.mails
    assert first["Message-ID"] == second["Message-ID"] != third["Message-ID"]
    assert first.get_body(("plain",)).get_content() == second.get_body(("plain",)).get_content()
    assert "B2" in third["Subject"]


async def test_a_mail_shows_how_the_price_got_there(world):
    channel = await confirmed(world)
    for price in (25, 30, 22):
        await world.see(B1={"price": euros(price), "title": "A <kettle>"}, B2={"price": euros(9)})
        world.now += timedelta(days=5)
    await world.alert(when("price", "below", 20), currency="EUR", channels=[channel])
    await world.see(B1={"price": euros(19)}, B2={"price": euros(9)})
    await world.run()
    [mail] = world.mailbox.mails
    plain_text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    begin = f"{world.now - timedelta(days=15, hours=4, minutes=1):%-d %b %Y}"
    assert f"Price since {begin}: lowest €19.00, highest €30.00" in plain_text
    assert "▅" in plain_text
    [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert picture.get_content().startswith(b"\x89PNG")
    assert "A &lt;kettle&gt; (amazon.de)" in html
    assert html.count("<img") == 1, "of a price that never moved there is nothing to see"


async def test_ten_thousand_notices_for_a_receiver_that_hangs_hold_nobody_up(world):
    released = asyncio.Event()

    async def never(_asked, _writer):
        await released.wait()

    world.sends(outgoing=Outgoing(Hosts.ANY, total_seconds=8))
    async with Receiver(plain(b"{}"), never) as receiver:
        slow = await world.add(url=f"ntfy://127.0.0.1:{receiver.port}/topic")
        await world.run()
        quick = await confirmed(world)
        await many_notices(world, slow, 10_000)
        await many_notices(world, quick, 120)
        await world.tasks()
        hanging = asyncio.create_task(sending.send(world.sender, slow.id))
        await sending.send(world.sender, quick.id)
        assert len(world.mailbox.mails) == 3, "fifty lines each"
        assert not hanging.done()
        await sending.send(world.sender, slow.id)  # another task of the same channel returns at once
        await hanging
        [message] = [one for one in await world.messages(slow) if one.kind == "alert"]
        assert message.status == "pending"
        assert message.error in {"The service did not answer in time", "No answer within 8 s"}  # whoever notices first
        released.set()
