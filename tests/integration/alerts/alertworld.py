"""A project whose products tell what a test says, at the time that it says; what fires, and what is sent."""

from datetime import timedelta
from decimal import Decimal

from azscraper.ids import new_id
from azscraper.kinds.observations import ABSENT, Sighting, number, text
from azscraper.store.db import scalar, transaction
from azscraper.tracking import observed, series
from azscraper.tracking.alerts import alerts, notices, runs, watching
from azscraper.tracking.alerts.alerts import Draft
from azscraper.tracking.alerts.rules import Condition, What
from azscraper.tracking.alerts.watching import Told
from azscraper.tracking.observed import Source
from azscraper.webhooks import endpoints
from azscraper.words import AlertOp
from integration.channels.channelworld import World

DE = "www.amazon.de"
JOB = "a" * 24


def value(given):
    """``19.9`` is euros, ``None`` nothing that is there."""
    if given is None:
        return ABSENT
    return text(given) if isinstance(given, str) else given if hasattr(given, "number") else number(given)


def euros(amount):
    return number(amount, "EUR")


def when(field, op, wanted=None, **more):
    return Condition(field, AlertOp(op), Decimal(str(wanted)) if isinstance(wanted, int | float) else wanted, **more)


class AlertWorld(World):
    """Turns the clock by an hour after each check, and by a minute after each rule."""

    async def alert(self, *conditions, what=None, channels=(), **more):
        draft = Draft("rule", what or What(), conditions, channels=tuple(one.id for one in channels), **more)
        async with transaction(self.pool) as conn:
            made = await alerts.create(conn, self.principal, self.project_id, draft, now=self.now)
        self.now += timedelta(minutes=1)
        return made

    async def see(self, *, at=None, **products):
        """``B1={"price": euros(20)}``: what the pages of one chunk tell; the products whose rules fired."""
        at = at or self.now
        sightings = [
            Sighting(DE, asin, at, {name: value(given) for name, given in fields.items()})
            for asin, fields in products.items()
        ]
        return await self.store(sightings)

    async def store(self, sightings=(), rankings=(), reviews=()):
        source = Source(self.principal.organization_id, self.project_id, JOB, "details")
        async with transaction(self.pool) as conn:
            told = await observed.add_rankings(conn, source, rankings)
            changed = await series.add(conn, source, sightings)
            events = await watching.watch(conn, source, await self.version(conn), Told(changed, told, reviews))
            if events:
                await endpoints.emit(conn, self.project_id, JOB, events)
        self.now += timedelta(hours=1)
        return [event.data["asin"] or event.data["subject"] for event in events]

    async def version(self, conn):
        return await scalar(
            conn, int, "SELECT version FROM alert_sets WHERE project_id = %s AND rules > 0", [self.project_id]
        )

    async def list_of(self, *items, name="L"):
        """A list of ``(asin, target, tags)``; its id."""
        list_id = new_id()
        async with transaction(self.pool) as conn:
            await conn.execute(
                """INSERT INTO lists (id, organization_id, project_id, name, type, marketplaces, config)
                   VALUES (%s, %s, %s, %s, 'details', %s, '{}')""",
                [list_id, self.principal.organization_id, self.project_id, name, [DE]],
            )
            for asin, target, tags in items:
                await conn.execute(
                    """INSERT INTO list_items (list_id, id, value, key, marketplace, tags, target_amount, target_currency)
                       VALUES (%s, %s, %s, %s, '', %s, %s, 'EUR')""",
                    [list_id, new_id(), asin, asin, tags, target],
                )
        return list_id

    async def job(self, *, total=4, failed=0, rows=100, **columns):
        """A job that has ended, judged; how many rules it fired."""
        job_id = new_id()
        async with transaction(self.pool) as conn:
            await conn.execute(
                """INSERT INTO jobs (id, organization_id, project_id, type, config, status, total, pending, succeeded, failed, result_count,
                       list_id, schedule_id, lane_runs)
                   VALUES (%s, %s, %s, 'details', '{}', 'completed', %s, 0, %s, %s, %s, %s, %s, '{0}')""",
                [
                    job_id, self.principal.organization_id, self.project_id, total, total - failed, failed, rows,
                    columns.get("list_id"), columns.get("schedule_id"),
                ],
            )  # fmt: skip
            source = Source(self.principal.organization_id, self.project_id, job_id)
            version = await self.version(conn)
            return len(await runs.watch_end(conn, source, version, quality_fell=columns.get("quality_fell", False)))

    async def notices(self, **more):
        async with transaction(self.pool) as conn:
            return (await notices.find_slice(conn, self.principal, self.project_id, limit=100, **more)).items
