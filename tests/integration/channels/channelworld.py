"""A mailbox and services that receive, and a world whose clock and queue a test runs by hand."""

import asyncio
import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP

from azscraper.channels import channels, log, sending
from azscraper.channels.channels import Place
from azscraper.channels.links import Links
from azscraper.channels.mail import MailServer
from azscraper.channels.outgoing import Outgoing
from azscraper.channels.sending import Sender
from azscraper.channels.services import Hosts, service_of
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.tenants.keyring import Keyring
from azscraper.tracking.alerts import outbox

KEYS = Keyring("a secret of at least thirty-two characters")


class Mailbox:
    """An SMTP server. Answers with the next of its replies, the last one for ever."""

    def __init__(self, *replies):
        self.mails = []
        self.replies = list(replies) or ["250 OK"]

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd calls it
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply.startswith("2"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return reply

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="mail.example"), "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_):
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"


class World:
    """An organization with a project, a clock to turn, and the tasks of the queue to run by hand."""

    def __init__(self, pool, *, mailbox=None, hosts=Hosts.ANY):
        self.pool = pool
        self.now = datetime.now(UTC)
        server = MailServer.of(mailbox.url, "azscraper@shop.example") if mailbox else None
        links = Links("https://azscraper.example.com", KEYS)
        self.sender = Sender(
            pool,
            Outgoing(hosts),
            server,
            links,
            asyncio.Event(),
            0.2,
            lambda: self.now,
            outbox.alerts(links),
            lambda: 0.0,
        )

    async def begin(self, address="a@example.com"):
        async with transaction(self.pool) as conn:
            user = await accounts.register(conn, email=address, password_hash="-", name=None, plan="free")
            project = await projects.create(conn, user.principal(), "Kettles")
        self.principal, self.project_id = user.principal(), project.id
        return self

    def sends(self, **changes):
        self.sender = replace(self.sender, **changes)

    async def add(self, *, email=None, url=None, language="en", name=None):
        place = Place(email, url, service_of(url, self.sender.outgoing.hosts) if url else None)
        async with transaction(self.pool) as conn:
            channel, first = await channels.create(
                conn,
                self.principal,
                self.project_id,
                name=name or place.shown,
                place=place,
                language=language,
                keys=KEYS,
                now=self.now,
            )
            if first:
                await log.add(conn, channel.id, first, now=self.now)
        return channel

    async def channel(self, channel):
        async with transaction(self.pool) as conn:
            return await channels.get(conn, self.principal, channel.id)

    async def messages(self, channel):
        async with transaction(self.pool) as conn:
            return (await log.find_slice(conn, self.principal, channel.id, before=None, limit=100)).items

    async def test(self, channel):
        async with transaction(self.pool) as conn:
            return await log.send_test(conn, self.principal, channel.id, now=self.now)

    async def tasks(self):
        async with transaction(self.pool) as conn:
            cursor = await conn.execute(
                """DELETE FROM procrastinate_jobs WHERE task_name = 'send' AND coalesce(scheduled_at, '-infinity') <= %s
                   RETURNING args->>'channel_id'""",
                [self.now],
            )
            return [row[0] for row in await cursor.fetchall()]

    async def run(self):
        """Run what the queue holds until nothing is due."""
        while tasks := await self.tasks():
            for channel_id in tasks:
                await sending.send(self.sender, channel_id)
