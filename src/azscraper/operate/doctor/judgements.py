"""Facts in, findings out: what is well, what somebody should look at, what is broken, and what to do. Pure.

``surrounding_judgements`` has those of what is outside the database.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from azscraper.crawl import pacing, robots
from azscraper.crawl.robots import RobotsText
from azscraper.operate.doctor.facts import (
    Connections,
    Database,
    Host,
    Partitions,
    Queue,
    Route,
    Schedules,
    Schema,
    Upkeep,
    Webhooks,
    Workers,
)
from azscraper.operate.doctor.findings import Finding, State, failed, ok, or_ok, warning

OLDEST_POSTGRESQL = 15
QUEUES_OF_A_WORKER = 3
_FULL = 0.8
_ALL_BUT_FULL = 0.95
_SLOT_SLACK = timedelta(seconds=10)
"""A process may have booked some slots ahead, and clocks differ."""
_SLOW = 8.0
"""Factor on the time between two requests: three refusals in a row."""
_LONG_WAIT_SECONDS = 60.0
_OVERDUE_SECONDS = 600.0
_LATE_ROUNDS = 3
_LATE_SECONDS = 120.0
"""A loop is late after three times its interval and so much: rounds take time, and workers restart."""
_GB = 1_000_000_000


def judge_database(facts: Database) -> list[Finding]:
    """An answer in time, of a version that this release knows."""
    major = facts.version // 10_000
    if major < OLDEST_POSTGRESQL:
        message = f"PostgreSQL {major} is too old: upgrade the server to {OLDEST_POSTGRESQL} or later"
        return [failed("database", message)]
    said = f"PostgreSQL {major} answers in {facts.seconds * 1000:.0f} ms and takes writes ({facts.size / _GB:.1f} GB)"
    return [
        ok("database", said) if facts.seconds < 1 else warning("database", f"{said}: look at its load and the network")
    ]


def judge_schema(facts: Schema) -> list[Finding]:
    """A release works with its own schema, and with a newer one that says so."""
    need = f"this is AzScraper {facts.release}, which needs {facts.newest}"
    if facts.found is None:
        return [failed("schema", f"There is no schema yet, and {need}: run azscraper migrate")]
    if facts.found < facts.newest:
        return [failed("schema", f"The schema is {facts.found}, and {need}: run azscraper migrate")]
    fits = f"fits AzScraper {facts.fits} and later" if facts.fits else f"fits AzScraper {facts.release}"
    if facts.found == facts.newest:
        return [ok("schema", f"Schema {facts.found} {fits}")]
    if facts.is_fit:
        message = f"Schema {facts.found} is of a newer release and {fits}: finish the upgrade from {facts.release}"
        return [warning("schema", message)]
    wanted = facts.fits or "the release that made it"
    return [failed("schema", f"Schema {facts.found} is of a newer release, and {need}: run {wanted} or later")]


def judge_connections(facts: Connections) -> list[Finding]:
    """Free ones for one more process, at least."""
    said = f"{facts.used} of {facts.usable} connections are in use"
    if facts.used < _FULL * facts.usable:
        return [ok("connections", said)]
    state = State.FAILED if facts.used >= _ALL_BUT_FULL * facts.usable else State.WARNING
    return [Finding("connections", state, f"{said}: raise max_connections of PostgreSQL, or run fewer processes")]


def judge_robots(hosts: Sequence[Host], *, user_agent: str, obeyed: bool) -> list[Finding]:
    """Readable, and product pages allowed, for each marketplace in use."""
    if not obeyed:
        message = "robots.txt is not asked, because AZSCRAPER_OBEY_ROBOTS is off: make sure that you have permission"
        return [warning("robots", message)]
    troubles = [trouble for host in hosts if (trouble := _robots_trouble(host, user_agent)) is not None]
    held = [host for host in hosts if host.robots_fetched_at is not None]
    oldest = max((host.now - host.robots_fetched_at for host in held if host.robots_fetched_at), default=timedelta())
    said = f"Held and readable: {len(held)}, the oldest read {_span(oldest)} ago" if held else "None is held yet"
    return or_ok(troubles, "robots", said)


def _robots_trouble(host: Host, user_agent: str) -> Finding | None:
    if host.robots_fetched_at is None:
        return None
    text = RobotsText(host.robots_status, host.robots_body or "", host.robots_fetched_at)
    age = _span(max(host.now - host.robots_fetched_at, timedelta()))
    if not robots.is_known(text):
        why = f"status {text.status}" if text.status else text.body.strip()[:200].rstrip(".") or "no answer"
        return _unreadable(host.host, f"robots.txt could not be read {age} ago ({why})")
    if _is_marketplace(host.host) and not robots.allows(text, user_agent, f"https://{host.host}/dp/B000000000"):
        return warning(
            "robots", "robots.txt forbids product pages to AZSCRAPER_USER_AGENT: their targets fail", host.host
        )
    return None


def _unreadable(host: str, said: str) -> Finding:
    if _is_marketplace(host):
        return failed("robots", f"{said}, so nothing is fetched: check the network and the proxies", host)
    return warning("robots", f"{said}, so the dashboard shows no pictures: check the network", host)


def _is_marketplace(host: str) -> bool:
    """Else it holds products' pictures."""
    return host.startswith("www.")


def judge_pace(hosts: Sequence[Host], *, rate: float) -> list[Finding]:
    """Each marketplace's next slot is near, and its pace not far from the operator's."""
    troubles = [trouble for host in hosts if (trouble := _pace_trouble(host, rate)) is not None]
    said = f"Marketplaces asked in the last week: {len(hosts)}, at {_rate(rate)} unless an operator set another rate"
    return or_ok(troubles, "pace", said)


def _pace_trouble(host: Host, rate: float) -> Finding | None:
    own = rate if host.rate is None else host.rate
    text = RobotsText(host.robots_status, host.robots_body or "", host.now)
    interval = pacing.interval_seconds(own, robots.crawl_delay(text, "azscraper"), host.slowdown)
    ahead = (host.next_slot_at or host.now) - host.now
    if ahead > timedelta(seconds=2 * interval + pacing.HORIZON_SECONDS) + _SLOT_SLACK:
        message = (
            f"The next slot is {_span(ahead)} ahead, further than the pace allows: check the workers' clocks (NTP)"
        )
        return failed("pace", message, host.host)
    if host.slowdown >= _SLOW:
        message = f"It is asked {host.slowdown:.0f} times slower than {_rate(own)}, because it refuses or is late: lower its rate"
        return warning("pace", message, host.host)
    return None


def judge_breaker(hosts: Sequence[Host], routes: Sequence[Route]) -> list[Finding]:
    """Every marketplace may be asked, through every proxy."""
    troubles = [trouble for host in hosts if (trouble := _pause(host)) is not None]
    troubles += [trouble for route in routes if (trouble := _shut_route(route)) is not None]
    return or_ok(troubles, "breaker", "All are closed: no marketplace is paused")


def _pause(host: Host) -> Finding | None:
    until = max((at for at in (host.open_until, host.paused_until) if at is not None), default=None)
    if until is None or (until <= host.now and host.open_until is None):
        return None
    when = f"paused until {_clock(until)}" if until > host.now else "half-open: a single request decides"
    if host.blocks >= pacing.OPENS_AT + pacing.PAUSE_DOUBLINGS:
        message = f"It is {when}, after {host.blocks} refusals in a row: lower its rate, or use other proxies"
        return failed("breaker", message, host.host)
    why = f"after {host.blocks} refusals in a row" if host.blocks else "because it asked for that (Retry-After)"
    return warning("breaker", f"It is {when}, {why}: if it stays so, lower its rate", host.host)


def _shut_route(route: Route) -> Finding | None:
    if route.open_until is None:
        return None
    message = f"{route.proxy} is shut after {route.blocks} failures in a row: replace the proxy if that goes on"
    return warning("breaker", message, route.host)


def judge_kinds(wanted: Sequence[str], *, known: Collection[str]) -> list[Finding]:
    """Whatever an open job asks for is a kind of page that this installation has."""
    lacking = [
        warning("kinds", "Jobs wait for this kind of page, which is not installed here: install its package", name)
        for name in wanted
        if name not in known
    ]
    return or_ok(lacking, "kinds", f"{', '.join(known)} can be asked for")


def judge_queue(queues: Sequence[Queue]) -> list[Finding]:
    """Tasks that could run do run, and none is left behind."""
    troubles = [trouble for queue in queues for trouble in _queue_troubles(queue)]
    due, running = sum(queue.due for queue in queues), sum(queue.running for queue in queues)
    return or_ok(troubles, "queue", f"{running} tasks run, {due} wait")


def _queue_troubles(queue: Queue) -> list[Finding]:
    troubles = []
    waited = _span(timedelta(seconds=queue.oldest_seconds))
    if queue.oldest_seconds > _LONG_WAIT_SECONDS and queue.running == 0:
        message = f"{queue.due} tasks wait, the oldest for {waited}, and none runs: look at the workers and their log"
        troubles.append(failed("queue", message, queue.queue))
    elif queue.oldest_seconds > _OVERDUE_SECONDS:
        message = f"{queue.due} tasks wait, the oldest for {waited}: start more workers if jobs take too long"
        troubles.append(warning("queue", message, queue.queue))
    if queue.stalled:
        message = (
            f"{queue.stalled} tasks belong to workers without a heartbeat: a living worker takes them over; start one"
        )
        troubles.append(failed("queue", message, queue.queue))
    if queue.dead:
        message = f"{queue.dead} tasks ended and were left behind: a worker removes them within a minute; see its log"
        troubles.append(warning("queue", message, queue.queue))
    return troubles


def judge_workers(facts: Workers, *, release: str) -> list[Finding]:
    """At least one lives, and all parts are of this release."""
    if facts.alive == 0:
        return [failed("workers", "No worker shows a heartbeat: start azscraper worker, or azscraper up")]
    processes = max(1, round(facts.alive / QUEUES_OF_A_WORKER))
    living = f"{processes} worker process{'es' if processes > 1 else ''} alive"
    if facts.silent:
        message = f"{living}, but {facts.silent} queues of others show no heartbeat: look at the workers' log"
        return [warning("workers", message)]
    others = [name for name in facts.releases if not name.endswith(f"/{release}")]
    if others:
        message = f"{living}, but {', '.join(others)} is connected and this is {release}: finish the upgrade"
        return [warning("workers", message)]
    return [ok("workers", living + (f" ({', '.join(facts.releases)})" if facts.releases else ""))]


def judge_upkeep(loops: Sequence[Upkeep]) -> list[Finding]:
    """Each loop of the workers ended well not long ago."""
    if not loops:
        return [warning("upkeep", "No worker has run yet: start azscraper worker, or azscraper up")]
    return or_ok([*filter(None, map(_loop_trouble, loops))], "upkeep", f"{len(loops)} loops ended well in time")


def _loop_trouble(loop: Upkeep) -> Finding | None:
    age = "has never ended well" if loop.age_seconds is None else f"last ended well {_span_of(loop.age_seconds)} ago"
    is_late = loop.age_seconds is None or loop.age_seconds > _LATE_ROUNDS * loop.seconds + _LATE_SECONDS
    if loop.error is not None:
        message = f"It {age}, and then failed ({loop.error}): look at the workers' log"
        return Finding("upkeep", State.FAILED if is_late else State.WARNING, message, loop.loop)
    if is_late:
        every = _span_of(loop.seconds)
        return failed("upkeep", f"It {age} and should run every {every}: restart the workers", loop.loop)
    return None


def judge_partitions(tables: Sequence[Partitions]) -> list[Finding]:
    """Made ahead of time, with nothing in the default ones."""
    troubles = [trouble for table in tables if (trouble := _partition_trouble(table)) is not None]
    least = min((table.days_ahead for table in tables), default=0.0)
    return or_ok(troubles, "partitions", f"Tables are ready for at least {least:.0f} days ahead")


def _partition_trouble(table: Partitions) -> Finding | None:
    remedy = "run azscraper migrate"
    if not table.has_current:
        return failed("partitions", f"There is none for today, so rows go to the default one: {remedy}", table.table)
    if table.has_waiting:
        return warning("partitions", f"Rows wait in the default one: {remedy}", table.table)
    if table.days_ahead < table.days_wanted / 2:
        message = f"They reach {table.days_ahead:.0f} days ahead instead of {table.days_wanted:.0f}: {remedy}, and look at upkeep"
        return warning("partitions", message, table.table)
    return None


def judge_schedules(facts: Schedules) -> list[Finding]:
    """Each runs in its minute, and none was switched off by failures."""
    troubles = []
    if facts.overdue:
        state = State.FAILED if facts.lag_seconds > _OVERDUE_SECONDS else State.WARNING
        late = _span_of(facts.lag_seconds)
        message = f"{facts.overdue} are overdue, one by {late}: look at the workers and at the loop schedules"
        troubles.append(Finding("schedules", state, message))
    if facts.switched_off:
        message = (
            f"Switched off after failures: {_some(facts.switched_off)}; lastError says why, then switch them on again"
        )
        troubles.append(warning("schedules", message))
    return or_ok(troubles, "schedules", f"{facts.enabled} are on, and none is overdue")


def judge_webhooks(facts: Webhooks) -> list[Finding]:
    """Messages go out, and no endpoint was switched off by failures."""
    troubles = []
    if facts.unsent:
        message = (
            f"{facts.unsent} messages are due for over ten minutes and not sent: look at the workers and their log"
        )
        troubles.append(failed("webhooks", message))
    if facts.switched_off:
        message = (
            f"Switched off after failures: {_some(facts.switched_off)}; tell their owners, who switch them on again"
        )
        troubles.append(warning("webhooks", message))
    if facts.failed:
        message = (
            f"{facts.failed} messages were given up in the last day: their deliveries say why, and can be sent again"
        )
        troubles.append(warning("webhooks", message))
    return or_ok(troubles, "webhooks", f"{facts.enabled} are on, and nothing is late")


def _some(ids: Sequence[str], most: int = 3) -> str:
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more


def _rate(rate: float) -> str:
    return f"{rate:g} requests a second" if rate else "an unlimited rate"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S} UTC"


def _span_of(seconds: float) -> str:
    return _span(timedelta(seconds=seconds))


def _span(span: timedelta) -> str:
    """In the largest fitting unit: 12 s, 5 min, 3 h, 4 days."""
    seconds = max(span.total_seconds(), 0.0)
    for size, unit in ((172_800, "days"), (7200, "h"), (120, "min")):
        if seconds >= size:
            return f"{seconds / (86_400 if unit == 'days' else size / 2):.0f} {unit}"
    return f"{seconds:.0f} s"
