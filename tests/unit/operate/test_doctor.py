"""What the doctor makes of facts: how bad it is, and what to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from azscraper.config import Settings
from azscraper.operate.doctor import judgements as judge
from azscraper.operate.doctor import surrounding_judgements as judge_around
from azscraper.operate.doctor.facts import (
    Connections,
    Database,
    Disk,
    Folder,
    Host,
    Opened,
    Partitions,
    ProxyAnswer,
    Queue,
    Route,
    Schedules,
    Schema,
    Upkeep,
    Webhooks,
    Workers,
)
from azscraper.operate.doctor.findings import Finding, State, exit_code, worst
from azscraper.store.embedded.programs import MAJOR

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
GB = 10**9
OK, WARNING, FAILED = State.OK, State.WARNING, State.FAILED

DATABASE = Database(version=180001, size=GB, seconds=0.002)
SCHEMA = Schema(found="0021", newest="0021", release="0.2.0", fits="0.1.0", is_fit=True)
HOST = Host("www.amazon.de", None, 1.0, 0, NOW, None, None, 200, "User-agent: *\nDisallow: /cart\n", NOW, NOW)
QUEUE = Queue("default", due=3, running=8, oldest_seconds=5, stalled=0, dead=0)
WORKERS = Workers(6, 0, ("azscraper-api/0.2.0", "azscraper-worker/0.2.0"))
LOOP = Upkeep("schedules", 5, 4, None)
TABLE = Partitions("targets", has_current=True, days_ahead=100, days_wanted=92, has_waiting=False)
SCHEDULES = Schedules(enabled=3, overdue=0, lag_seconds=0, switched_off=())
WEBHOOKS = Webhooks(enabled=2, switched_off=(), unsent=0, failed=0)
DISK = Disk("data folder", Path("/data"), free=50 * GB, total=100 * GB)


def robots(**changes: object) -> list[Finding]:
    return judge.judge_robots([replace(HOST, **changes)], user_agent="AzBot/1.0", obeyed=True)


def pace(**changes: object) -> list[Finding]:
    return judge.judge_pace([replace(HOST, **changes)], rate=1.0)


def breaker(*routes: Route, **changes: object) -> list[Finding]:
    return judge.judge_breaker([replace(HOST, **changes)], routes)


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


CASES = {
    "a database that answers": (judge.judge_database(DATABASE), OK, "takes writes"),
    "a slow one": (judge.judge_database(replace(DATABASE, seconds=2)), WARNING, "2000 ms"),
    "an old one": (judge.judge_database(replace(DATABASE, version=140010)), FAILED, "upgrade the server to 15"),
    "this schema": (judge.judge_schema(SCHEMA), OK, "fits AzScraper 0.1.0 and later"),
    "no schema": (judge.judge_schema(replace(SCHEMA, found=None)), FAILED, "run azscraper migrate"),
    "an older schema": (judge.judge_schema(replace(SCHEMA, found="0020")), FAILED, "run azscraper migrate"),
    "a newer schema that fits": (judge.judge_schema(replace(SCHEMA, found="0030")), WARNING, "finish the upgrade"),
    "a newer schema that does not": (
        judge.judge_schema(replace(SCHEMA, found="0030", fits="0.3.0", is_fit=False)),
        FAILED,
        "run 0.3.0 or later",
    ),
    "few connections": (judge.judge_connections(Connections(20, 97)), OK, "20 of 97"),
    "many connections": (judge.judge_connections(Connections(78, 97)), WARNING, "raise max_connections"),
    "no connections left": (judge.judge_connections(Connections(96, 97)), FAILED, "raise max_connections"),
    "readable robots": (robots(), OK, "readable: 1"),
    "robots a day old": (robots(robots_fetched_at=after(hours=-25)), OK, "25 h"),
    "no robots.txt there": (robots(robots_status=404, robots_body=""), OK, ""),
    "robots without an answer": (
        robots(robots_status=None, robots_body="No connection."),
        FAILED,
        "ago (No connection), so",
    ),
    "robots of pictures without an answer": (
        robots(host="m.media-amazon.com", robots_status=None, robots_body="No connection."),
        WARNING,
        "shows no pictures",
    ),
    "robots 503": (robots(robots_status=503), FAILED, "status 503"),
    "robots that forbid": (robots(robots_body="User-agent: *\nDisallow: /\n"), WARNING, "forbids product pages"),
    "robots never asked": (robots(robots_fetched_at=None), OK, "None is held"),
    "robots not obeyed": (judge.judge_robots([], user_agent="x", obeyed=False), WARNING, "OBEY_ROBOTS"),
    "an even pace": (pace(), OK, "1 requests a second"),
    "a slot that is booked": (pace(next_slot_at=after(seconds=2)), OK, ""),
    "a slot after a Crawl-delay": (
        pace(next_slot_at=after(seconds=100), robots_body="User-agent: *\nCrawl-delay: 100\n"),
        OK,
        "",
    ),
    "a slot by a wrong clock": (pace(next_slot_at=after(hours=3)), FAILED, "3 h ahead"),
    "a slow pace": (pace(slowdown=16.0), WARNING, "16 times slower"),
    "closed breakers": (breaker(open_until=None), OK, "closed"),
    "an open breaker": (breaker(blocks=5, open_until=after(minutes=1)), WARNING, "paused until 12:01:00 UTC"),
    "a half-open one": (breaker(blocks=5, open_until=after(minutes=-1)), WARNING, "half-open"),
    "one that stays open": (breaker(blocks=9, open_until=after(minutes=15)), FAILED, "lower its rate"),
    "a Retry-After": (breaker(paused_until=after(minutes=30)), WARNING, "asked for that"),
    "a Retry-After that is over": (breaker(paused_until=after(minutes=-1)), OK, ""),
    "a shut proxy": (
        breaker(Route("www.amazon.de", "http://one:1", 5, after(minutes=1), NOW)),
        WARNING,
        "http://one:1 is shut",
    ),
    "a proxy that failed once": (breaker(Route("www.amazon.de", "http://one:1", 1, None, NOW)), OK, ""),
    "kinds that are there": (judge.judge_kinds(["search"], known=["details", "search"]), OK, "details, search can be"),
    "a kind that lacks": (judge.judge_kinds(["lamps"], known=["details"]), WARNING, "install its package"),
    "tasks that run": (judge.judge_queue([QUEUE]), OK, "8 tasks run, 3 wait"),
    "a queue that stands": (judge.judge_queue([replace(QUEUE, running=0, oldest_seconds=90)]), FAILED, "none runs"),
    "a long queue": (judge.judge_queue([replace(QUEUE, oldest_seconds=1200)]), WARNING, "start more workers"),
    "stalled tasks": (judge.judge_queue([replace(QUEUE, stalled=2)]), FAILED, "without a heartbeat"),
    "dead tasks": (judge.judge_queue([replace(QUEUE, dead=2)]), WARNING, "left behind"),
    "two workers": (judge.judge_workers(WORKERS, release="0.2.0"), OK, "2 worker processes"),
    "no worker": (judge.judge_workers(replace(WORKERS, alive=0), release="0.2.0"), FAILED, "start azscraper worker"),
    "a silent worker": (judge.judge_workers(replace(WORKERS, silent=3), release="0.2.0"), WARNING, "no heartbeat"),
    "another release": (judge.judge_workers(WORKERS, release="0.3.0"), WARNING, "finish the upgrade"),
    "loops in time": (judge.judge_upkeep([LOOP]), OK, "1 loops"),
    "no loops yet": (judge.judge_upkeep([]), WARNING, "No worker has run"),
    "a late loop": (judge.judge_upkeep([replace(LOOP, age_seconds=600)]), FAILED, "10 min ago"),
    "an hourly loop": (judge.judge_upkeep([replace(LOOP, seconds=3600, age_seconds=7000)]), OK, ""),
    "a loop that failed once": (judge.judge_upkeep([replace(LOOP, error="Boom")]), WARNING, "Boom"),
    "a loop that fails": (judge.judge_upkeep([replace(LOOP, age_seconds=None, error="Boom")]), FAILED, "never"),
    "partitions ahead": (judge.judge_partitions([TABLE]), OK, "100 days"),
    "no partition now": (judge.judge_partitions([replace(TABLE, has_current=False)]), FAILED, "azscraper migrate"),
    "few partitions ahead": (judge.judge_partitions([replace(TABLE, days_ahead=20)]), WARNING, "20 days"),
    "rows that wait": (judge.judge_partitions([replace(TABLE, has_waiting=True)]), WARNING, "Rows wait"),
    "schedules in time": (judge.judge_schedules(SCHEDULES), OK, "3 are on"),
    "a late schedule": (judge.judge_schedules(replace(SCHEDULES, overdue=1, lag_seconds=90)), WARNING, "by 90 s"),
    "a very late one": (judge.judge_schedules(replace(SCHEDULES, overdue=1, lag_seconds=7200)), FAILED, "by 2 h"),
    "schedules switched off": (
        judge.judge_schedules(replace(SCHEDULES, switched_off=("a", "b", "c", "d"))),
        WARNING,
        "a, b, c and 1 more",
    ),
    "webhooks in time": (judge.judge_webhooks(WEBHOOKS), OK, "2 are on"),
    "messages not sent": (judge.judge_webhooks(replace(WEBHOOKS, unsent=4)), FAILED, "4 messages"),
    "webhooks switched off": (judge.judge_webhooks(replace(WEBHOOKS, switched_off=("a",))), WARNING, "owners"),
    "messages given up": (judge.judge_webhooks(replace(WEBHOOKS, failed=1)), WARNING, "given up"),
    "room": (judge_around.judge_disk([DISK]), OK, "50 GB"),
    "no folder yet": (judge_around.judge_disk([]), OK, "there yet"),
    "little room": (judge_around.judge_disk([DISK, replace(DISK, free=4 * GB)]), WARNING, "4.0 of 100 GB"),
    "no room": (judge_around.judge_disk([replace(DISK, free=GB // 2)]), FAILED, "make room"),
    "one clock": (judge_around.judge_clock(0.2), OK, "0.2 s"),
    "clocks apart": (judge_around.judge_clock(-5), WARNING, "5 s behind"),
    "a wrong clock": (judge_around.judge_clock(10_800), FAILED, "10800 s ahead of"),
    "no proxies": (judge_around.judge_proxies([]), OK, "directly"),
    "living proxies": (judge_around.judge_proxies([ProxyAnswer("http://one:1", None)]), OK, "1 take"),
    "a dead proxy": (
        judge_around.judge_proxies([ProxyAnswer("http://one:1", None), ProxyAnswer("http://two:1", "refused")]),
        WARNING,
        "refused",
    ),
    "dead proxies alone": (judge_around.judge_proxies([ProxyAnswer("http://two:1", "refused")]), FAILED, "refused"),
    "no data folder": (
        [judge_around.judge_folder(Folder(Path("/x"), is_there=False, major=None))],
        FAILED,
        "azscraper up",
    ),
    "another major": (
        [judge_around.judge_folder(Folder(Path("/x"), is_there=True, major=MAJOR - 1))],
        FAILED,
        "azscraper restore",
    ),
    "no server": (
        [judge_around.judge_folder(Folder(Path("/x"), is_there=True, major=MAJOR))],
        FAILED,
        "No database runs",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_facts_and_findings(case: str) -> None:
    findings, state, said = CASES[case]
    assert worst(findings) is state, findings
    assert any(said in finding.message for finding in findings), findings


PUBLIC = {"public_url": "https://azscraper.example.com", "trusted_proxies": "10.0.0.1"}
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"
SETTINGS = {
    "nothing set": ({}, False, None),
    "all of a public service": (PUBLIC, False, None),
    "this machine alone": ({"public_url": "http://localhost:8000", "registration": "open"}, True, None),
    "no TLS": (PUBLIC | {"public_url": "http://azscraper.example.com"}, False, "not https"),
    "a proxy that is not named": ({"public_url": PUBLIC["public_url"]}, False, "TRUSTED_PROXIES"),
    "open to all": (PUBLIC | {"registration": "open"}, False, "AZSCRAPER_REGISTRATION"),
    "open since before": (PUBLIC, True, "AZSCRAPER_REGISTRATION"),
    "closed since": (PUBLIC | {"registration": "invite"}, True, None),
    "webhooks to this machine": (PUBLIC | {"webhook_allow_loopback": True}, False, "ALLOW_LOOPBACK"),
    "a secret of each machine": ({"database_url": "postgresql://db/x"}, False, "AZSCRAPER_JWT_SECRET"),
    "one secret": ({"database_url": "postgresql://db/x", "jwt_secret": SECRET}, False, None),
    "no pace": ({"crawl_rate": 0}, False, "AZSCRAPER_CRAWL_RATE"),
    "no pace where nobody minds": ({"crawl_rate": 0, "marketplace_base_url": {"a": "http://b"}}, False, None),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_settings_that_do_not_fit(case: str) -> None:
    values, was_open, said = SETTINGS[case]
    findings = judge_around.judge_settings(Settings.model_validate(values), Opened(was_open))
    assert worst(findings) is (OK if said is None else WARNING), findings
    assert [said is None or said in finding.message for finding in findings] == [True]


@pytest.mark.parametrize(
    ("states", "code"),
    [((), 0), ((OK,), 0), ((OK, State.UNKNOWN), 0), ((WARNING, OK), 1), ((WARNING, FAILED, OK), 2)],
)
def test_the_exit_code_is_that_of_the_worst(states: tuple[State, ...], code: int) -> None:
    assert exit_code(Finding("x", state, "") for state in states) == code


@pytest.mark.parametrize("values", [{}, PUBLIC, {"public_url": PUBLIC["public_url"]}])
def test_a_proxy_that_users_come_through_is_named(values: dict[str, str]) -> None:
    opened = Opened(unnamed_proxies=("10.0.0.5",))
    [finding] = judge_around.judge_settings(Settings.model_validate(values), opened)
    assert finding.state is WARNING
    assert "Users come through 10.0.0.5" in finding.message
