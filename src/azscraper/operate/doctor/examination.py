"""Runs all checks: each within its time, none hidden by another that fails."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import azscraper
from azscraper.config import Settings
from azscraper.errors import ServiceError
from azscraper.kinds.registry import kinds
from azscraper.operate.doctor import judgements as judge
from azscraper.operate.doctor import looks, surroundings
from azscraper.operate.doctor import surrounding_judgements as judge_around
from azscraper.operate.doctor.facts import Opened
from azscraper.operate.doctor.findings import Finding, State, failed
from azscraper.store.db import Conn, Waits, connection

SECONDS = 10.0
"""Within which each check ends."""
_ASK_SECONDS = 40.0
"""For a fetch of robots.txt, which has 30 s."""
_WAITS = Waits(statement=4, lock=4, answer=5)
_CONNECTIONS = 2
"""At a time: a server that has few left is looked at as well."""

Check = Callable[[], Awaitable[list[Finding]]]
Look = Callable[[Conn], Awaitable[list[Finding]]]


async def examine(settings: Settings, url: str | None, *, ask_robots: bool = False) -> list[Finding]:
    """All findings, in the order of the report. ``url`` is the database's; None where no embedded one runs. Never raises.

    ``ask_robots``: fetch the robots.txt of each marketplace in use instead of looking at what the workers hold.
    """
    around = {name: asyncio.create_task(_bounded(name, check)) for name, check in _around(settings).items()}
    inside = await _examine_database(settings, url)
    if ask_robots and url is not None and inside["robots"][0].state is not State.UNKNOWN:
        inside["robots"] = await _bounded("robots", partial(_ask_robots, settings, url), seconds=_ASK_SECONDS)
    findings = inside | {name: await task for name, task in around.items()}
    return [finding for name in ORDER for finding in findings[name]]


async def _examine_database(settings: Settings, url: str | None) -> dict[str, list[Finding]]:
    checks = _inside(settings)
    unreachable = (
        [judge_around.judge_folder(surroundings.folder(settings.data_dir))]
        if url is None
        else await _bounded("database", partial(_look, url, _nothing))
    )
    if url is None or unreachable:
        return {name: _unasked(name, settings) for name in checks} | {"database": unreachable}
    places = asyncio.Semaphore(_CONNECTIONS)

    async def one(name: str, look: Look) -> list[Finding]:
        async with places:
            return await _bounded(name, partial(_look, url, look))

    examining = {name: asyncio.create_task(one(name, look)) for name, look in checks.items()}
    return {name: await task for name, task in examining.items()}


async def _nothing(_: Conn) -> list[Finding]:
    return []


def _unasked(name: str, settings: Settings) -> list[Finding]:
    if name == "settings":
        return judge_around.judge_settings(settings, Opened())
    return judge_around.not_checked(name)


async def _look(url: str, look: Look) -> list[Finding]:
    async with connection(url, _WAITS) as conn:
        return await look(conn)


async def _ask_robots(settings: Settings, url: str) -> list[Finding]:
    async with connection(url, _WAITS) as conn:
        hosts = await looks.hosts(conn)
    found = await surroundings.robots_now(settings, hosts)
    return judge.judge_robots(found, user_agent=settings.user_agent, obeyed=settings.obey_robots)


async def _bounded(name: str, check: Check, *, seconds: float | None = None) -> list[Finding]:
    most = seconds or SECONDS
    try:
        async with asyncio.timeout(most):
            return await check()
    except TimeoutError:
        return [failed(name, f"No answer within {most:.0f} s")]
    except ServiceError as exc:
        return [failed(name, exc.message)]
    except Exception as exc:  # noqa: BLE001 - one check that breaks must not hide the others; its line says that it broke
        return [failed(name, f"The check broke ({type(exc).__name__}): {_line(exc)}")]


def _line(exc: Exception) -> str:
    said = getattr(getattr(exc, "diag", None), "message_primary", None) or str(exc)
    return said.strip().splitlines()[0][:300] if said.strip() else "it says nothing more"


def _around(settings: Settings) -> dict[str, Check]:
    """The checks that need no database."""

    async def disk() -> list[Finding]:
        return judge_around.judge_disk(await surroundings.disks(settings))

    async def proxies() -> list[Finding]:
        return judge_around.judge_proxies(await surroundings.proxies(settings))

    return {"disk": disk, "proxies": proxies, "archive": partial(surroundings.archive_works, settings)}


def _inside(settings: Settings) -> dict[str, Look]:
    """The checks that read the database."""
    return {
        "database": _then(looks.database, judge.judge_database),
        "settings": _then(looks.opened, partial(judge_around.judge_settings, settings)),
        "schema": _then(looks.schema, judge.judge_schema),
        "connections": _then(looks.connections, judge.judge_connections),
        "clock": _then(looks.clock, judge_around.judge_clock),
        "robots": _then(
            looks.hosts, partial(judge.judge_robots, user_agent=settings.user_agent, obeyed=settings.obey_robots)
        ),
        "pace": _then(looks.hosts, partial(judge.judge_pace, rate=settings.crawl_rate)),
        "breaker": _breaker,
        "queue": _then(looks.queues, judge.judge_queue),
        "kinds": _then(looks.open_types, partial(judge.judge_kinds, known=kinds())),
        "workers": _then(looks.workers, partial(judge.judge_workers, release=azscraper.__version__)),
        "upkeep": _then(looks.upkeep, judge.judge_upkeep),
        "partitions": _then(looks.partitions_ahead, judge.judge_partitions),
        "schedules": _then(looks.schedules, judge.judge_schedules),
        "webhooks": _then(looks.webhooks, judge.judge_webhooks),
    }


ORDER = (
    *(
        "settings",
        "database",
        "schema",
        "connections",
        "disk",
        "clock",
        "workers",
        "queue",
        "kinds",
        "upkeep",
        "partitions",
    ),
    *("archive", "proxies", "robots", "pace", "breaker", "schedules", "webhooks"),
)


def _then(look: Callable[[Conn], Awaitable[Any]], judgement: Callable[[Any], list[Finding]]) -> Look:
    async def examine(conn: Conn) -> list[Finding]:
        return judgement(await look(conn))

    return examine


async def _breaker(conn: Conn) -> list[Finding]:
    return judge.judge_breaker(await looks.hosts(conn), await looks.routes(conn))
