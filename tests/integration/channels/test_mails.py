"""Mails: nobody gets more than one that asks, until they agree; a failing server is tried again, and a dead one is let go."""

from datetime import timedelta

import pytest

from azscraper.channels import recipients
from azscraper.channels.links import CONFIRM, UNSUBSCRIBE, recipient_of
from azscraper.errors import ConflictError, NotFoundError, RateLimitedError
from azscraper.store.db import transaction
from integration.channels.channelworld import KEYS, Mailbox, World


@pytest.fixture
async def world(pool):
    async with Mailbox() as mailbox:
        world = await World(pool, mailbox=mailbox).begin()
        world.mailbox = mailbox
        yield world


def link_in(mail, what):
    text = mail.get_body(("plain",)).get_content()
    return next(word for word in text.split() if f"/app/mail/{what}/" in word).rpartition("/")[2]


async def agree(world, mail):
    async with transaction(world.pool) as conn:
        await recipients.confirm(conn, recipient_of(KEYS, CONFIRM, link_in(mail, CONFIRM)), now=world.now)


async def test_a_recipient_who_has_not_agreed_gets_one_mail_and_nothing_else(world):
    channel = await world.add(email="ann@example.com")
    again = await world.add(email="ANN@example.com", name="the same person")
    await world.run()
    [mail] = world.mailbox.mails
    assert mail["To"] == "ann@example.com"
    assert mail["Subject"] == "Do you want alerts by e-mail from AzScraper?"
    assert mail["Message-ID"] == f"<{(await world.messages(channel))[0].id}@shop.example>"
    for one in (channel, again):
        with pytest.raises(ConflictError):
            await world.test(one)
    await world.run()
    assert len(world.mailbox.mails) == 1
    await agree(world, mail)
    assert (await world.channel(again)).confirmed_at == world.now
    await world.test(channel)
    await world.run()
    assert (
        world.mailbox.mails[-1]
        .get_body(("plain",))
        .get_content()
        .startswith("This is a test. Alerts of the project “Kettles”")
    )


async def test_mails_speak_the_channels_language_and_have_html(world):
    await world.add(email="ann@example.com", language="de")
    await world.run()
    [mail] = world.mailbox.mails
    assert mail["Subject"] == "Möchten Sie Alarme von AzScraper per E-Mail?"
    assert '<html lang="de">' in mail.get_body(("html",)).get_content()


async def test_a_recipient_unsubscribes_and_comes_back(world):
    channel = await world.add(email="ann@example.com")
    await world.run()
    await agree(world, world.mailbox.mails[0])
    await world.test(channel)
    await world.run()
    mail = world.mailbox.mails[1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = mail["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    with pytest.raises(NotFoundError):
        recipient_of(KEYS, CONFIRM, token)
    async with transaction(world.pool) as conn:
        await recipients.refuse(conn, recipient_of(KEYS, UNSUBSCRIBE, token), now=world.now)
    off = await world.channel(channel)
    assert (off.enabled, off.disabled_reason) == (False, "The recipient unsubscribed")
    with pytest.raises(ConflictError):
        await world.test(channel)
    await world.add(email="ann@example.com", name="try again")
    await world.run()
    assert len(world.mailbox.mails) == 2
    await agree(world, world.mailbox.mails[0])
    assert (await world.channel(channel)).enabled


async def test_an_organization_asks_twenty_new_recipients_a_day(world, monkeypatch):
    monkeypatch.setattr(recipients, "ASKED_A_DAY", 2)
    for name in ("ann", "bob"):
        await world.add(email=f"{name}@example.com")
    with pytest.raises(RateLimitedError):
        await world.add(email="eve@example.com")
    await world.add(email="ann@example.com", name="known already")
    world.now += timedelta(days=1, minutes=1)
    await world.add(email="eve@example.com")


async def test_one_person_is_asked_by_three_organizations_a_day(pool, world):
    for name in ("a", "b", "c"):
        other = await World(pool).begin(f"{name}@other.example")
        await other.add(email="ann@example.com")
    with pytest.raises(RateLimitedError):
        await world.add(email="ann@example.com")


async def test_a_failing_server_is_tried_again_under_the_same_id(world):
    world.mailbox.replies[:] = ["451 later", "250 OK"]
    channel = await world.add(email="ann@example.com")
    await world.run()
    [message] = await world.messages(channel)
    assert (message.status, message.attempts, message.error) == ("pending", 1, "The mail server answered 451")
    world.now += timedelta(seconds=6)
    await world.run()
    [message] = await world.messages(channel)
    assert (message.status, message.attempts, message.error) == ("delivered", 2, None)
    assert world.mailbox.mails[0]["Message-ID"] == f"<{message.id}@shop.example>"
    assert (await world.channel(channel)).failing_since is None


async def test_a_channel_is_switched_off_after_five_days_of_failure(world):
    world.mailbox.replies[:] = ["451 later"]
    channel = await world.add(email="ann@example.com")
    while (await world.channel(channel)).enabled:
        await world.run()
        world.now += timedelta(hours=24, minutes=1)
        assert world.now < (await world.channel(channel)).created_at + timedelta(days=8)
    off = await world.channel(channel)
    assert off.disabled_reason == "It failed for 5 days"
    assert {one.status for one in await world.messages(channel)} == {"failed"}


async def test_an_installation_without_a_mail_server_says_so(world):
    world.sends(mail_server=None)
    channel = await world.add(email="ann@example.com")
    await world.run()
    assert (await world.messages(channel))[0].error == "This installation has no mail server"
