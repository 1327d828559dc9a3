"""A receiver of webhooks with faults, and a world whose clock and queue a test runs by hand."""

import asyncio
from datetime import UTC, datetime

import orjson

from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.tenants.keyring import Keyring
from azscraper.webhooks import deliveries, delivering, endpoints
from azscraper.webhooks.delivering import Deliverer
from azscraper.webhooks.endpoints import Event
from azscraper.words import EventType
from integration.badserver import BadServer, plain

KEYS = Keyring("a secret of at least thirty-two characters")
SUBJECT = "a" * 24


class Receiver(BadServer):
    """Keeps the bodies that it is sent; answers with the next of its answers, the last one for ever."""

    def __init__(self, *answers):
        super().__init__(otherwise=self._take)
        self.messages = []
        self.plan = list(answers) or [plain(b"ok")]

    async def _take(self, asked, writer):
        body = await asked.reader.readexactly(int(asked.headers["content-length"]))
        self.messages.append((asked.headers, body))
        answer = self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]
        await answer(asked, writer)

    def told(self):
        return [orjson.loads(body)["data"].get("n") for _, body in self.messages]

    def types(self):
        return [orjson.loads(body)["type"] for _, body in self.messages]


def status(text):
    return plain(b"no", status=text)


class World:
    """An organization with a project, a clock to turn, and the tasks of the queue to run by hand."""

    def __init__(self, pool, outbound):
        self.pool = pool
        self.now = datetime.now(UTC)
        self.deliverer = Deliverer(pool, outbound, asyncio.Event(), 0.2, lambda: self.now, KEYS, lambda: 0.0)

    async def begin(self):
        async with transaction(self.pool) as conn:
            user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="free")
            project = await projects.create(conn, user.principal(), "P")
        self.principal, self.project_id = user.principal(), project.id
        return self

    async def listen(self, url, *events):
        async with transaction(self.pool) as conn:
            secret = endpoints.new_secret()
            webhook = await endpoints.create(
                conn,
                self.principal,
                self.project_id,
                url=url,
                events=events or tuple(EventType),
                secret=secret,
                keys=KEYS,
            )
            return webhook, secret

    async def emit(self, *numbers, subject=SUBJECT):
        async with transaction(self.pool) as conn:
            events = [Event(EventType.TARGET_FAILED, {"n": number}) for number in numbers]
            await endpoints.emit(conn, self.project_id, subject, events)

    async def tasks(self, *, take=False):
        sql = "SELECT id, args, scheduled_at FROM procrastinate_jobs WHERE task_name = 'deliver' ORDER BY id"
        async with transaction(self.pool) as conn:
            rows = await (await conn.execute(sql)).fetchall()
            if take:
                due = [row for row in rows if row[2] is None or row[2] <= self.now]
                await conn.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [[row[0] for row in due]])
                return [row[1] for row in due]
        return rows

    async def run(self):
        """Run what is due until nothing is."""
        while due := await self.tasks(take=True):
            await asyncio.gather(*[delivering.deliver(self.deliverer, **args) for args in due])

    async def deliveries(self, webhook):
        async with transaction(self.pool) as conn:
            page = await deliveries.find_slice(conn, self.principal, webhook.id, status=None, before=None, limit=100)
        return page.items[::-1]

    async def look(self, webhook):
        async with transaction(self.pool) as conn:
            return await endpoints.get(conn, self.principal, webhook.id)
