"""Services by Apprise's own plug-ins, in their child process: what arrives, and what is never reached."""

import asyncio
import ssl
import sys
from datetime import timedelta

import orjson

from azscraper.channels.outgoing import Outgoing
from azscraper.channels.sent import Message
from azscraper.channels.services import Hosts
from integration.badserver import plain
from integration.certificates import self_signed
from integration.channels.channelworld import World
from integration.deliveryworld import Receiver

MESSAGE = Message("6a" * 12, "3 changes", "Kettle: 21.00 → 18.99", "<p>")
SHAPES = {
    "slack": (
        "slack.NotifySlack.webhook_url",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#c",
        "/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    ),
    "discord": (
        "discord.NotifyDiscord.notify_url",
        "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    ),
    "telegram": (
        "telegram.NotifyTelegram.notify_url",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "123456789:abcdefg_hijklmnop/sendMessage",
    ),
}
_SERVED_HERE = """
import importlib, json, sys
from azscraper.channels import child
module, name, attribute = {place!r}.split(".")
plugin = getattr(importlib.import_module("apprise.plugins." + module), name)
setattr(plugin, attribute, {url!r})
child.main()
"""


async def test_services_get_their_own_shape():
    """Slack, Discord, Telegram and ntfy, at once: each has a child that loads all of Apprise."""
    await asyncio.gather(_ntfy(), *(_of_shape(*each) for each in SHAPES.items()))


async def _ntfy():
    async with Receiver(plain(b"{}")) as receiver:
        url = f"ntfy://127.0.0.1:{receiver.port}/topic"
        assert (await Outgoing(Hosts.ANY).send(url, MESSAGE)).error is None
    said = orjson.loads(receiver.messages[-1][1])
    assert (said["topic"], said["title"]) == ("topic", MESSAGE.title)
    assert "18.99" in said["message"]


async def _of_shape(shape, told):
    place, url, path = told
    async with Receiver(plain(b"ok" if shape == "slack" else b'{"ok":true}')) as receiver:
        here = f"{receiver.url}/" if shape == "telegram" else receiver.url.rstrip("/")
        program = (sys.executable, "-c", _SERVED_HERE.format(place=place, url=here))
        assert (await Outgoing(Hosts.ANY, program).send(url, MESSAGE)).error is None
    _, body = receiver.messages[-1]
    assert "18.99" in orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    assert path in receiver.asked[-1].target


async def test_teams_gets_a_card(tmp_path):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(self_signed(tmp_path, "127.0.0.1"))
    receiver = Receiver(plain(b"", status="202 Accepted"))
    receiver.tls = tls
    async with receiver:
        url = f"workflows://127.0.0.1:{receiver.port}/a-workflow-id/a-signature?verify=no"
        assert (await Outgoing(Hosts.ANY).send(url, MESSAGE)).error is None
    assert receiver.asked[-1].target.startswith("/workflows/a-workflow-id/")
    assert orjson.loads(receiver.messages[-1][1])["attachments"][0]["content"]["type"] == "AdaptiveCard"


async def test_no_socket_leads_inside_unless_the_operator_allows_it():
    async with Receiver(plain(b"{}")) as receiver:
        urls = [f"ntfy://{host}:{receiver.port}/topic" for host in ("localhost", "2130706433")]
        found = await asyncio.gather(*(Outgoing(Hosts.PUBLIC).send(url, MESSAGE) for url in urls))
        assert {sending.error for sending in found} == {"The host's name does not lead to a public address"}
        assert receiver.messages == []


async def test_a_test_message_has_to_arrive_before_anything_else_is_sent(pool):
    world = await World(pool).begin()
    async with Receiver(plain(b"no", status="503 Down"), plain(b"{}")) as receiver:
        channel = await world.add(url=f"ntfy://127.0.0.1:{receiver.port}/secret-topic")
        assert "secret" not in channel.shown
        await world.run()
        assert (await world.channel(channel)).confirmed_at is None
        [message] = await world.messages(channel)
        assert (message.status, message.error) == ("pending", "The service answered 503")
        world.now += timedelta(seconds=6)
        await world.run()
    assert (await world.channel(channel)).confirmed_at == world.now
    assert orjson.loads(receiver.messages[-1][1])["message"].startswith("This is a test.")


async def test_a_receiver_that_hangs_is_left_after_its_time_and_paused(pool):
    world = await World(pool).begin()
    hang = asyncio.Event()

    async def never(_asked, _writer):
        await hang.wait()

    world.sends(outgoing=Outgoing(Hosts.ANY, total_seconds=4))
    async with Receiver(never) as receiver:
        channel = await world.add(url=f"ntfy://127.0.0.1:{receiver.port}/topic")
        await world.run()
        [message] = await world.messages(channel)
        assert (message.status, message.error) == ("pending", "No answer within 4 s")
        hang.set()
