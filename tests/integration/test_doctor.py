"""What the doctor finds in a real database, with real folders and sockets."""

import asyncio
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from socket import create_server

import psycopg
import pytest

import azscraper
from acceptance.conftest import free_port
from azscraper.config import Settings
from azscraper.crawl import hosts
from azscraper.operate.doctor import examination, looks
from azscraper.operate.doctor.examination import examine
from azscraper.operate.doctor.findings import State
from azscraper.operate.loops import Loop, note
from azscraper.store import partitions, queue
from azscraper.store.db import open_pool, transaction
from azscraper.tenants import guesses
from azscraper.tenants.guesses import Guesser

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    (tmp_path / "archive").mkdir()
    return Settings.model_validate({"database_url": database_url, "data_dir": tmp_path, "jwt_secret": SECRET})


@pytest.fixture
def states(settings, database_url):
    async def examined(**changes):
        changed = settings.model_copy(update=changes)
        found = await examine(changed, database_url)
        assert [one.check for one in found if one.message.startswith("The check broke")] == []
        return {(one.check, one.subject): (one.state, one.message) for one in found}

    return examined


async def beat(pool):
    async with transaction(pool) as conn:
        await conn.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        await note(conn, "schedules", Loop(5, asyncio.Event().wait), None)


def prepared(database_url):
    partitions.ensure(database_url, now=datetime.now(UTC))


async def test_an_installation_that_works_has_nothing_to_tell(states, pool, database_url, tmp_path):
    prepared(database_url)
    await beat(pool)
    found = await states()
    bad = {
        key: value for key, value in found.items() if value[0] is not State.OK and key[0] not in {"disk", "connections"}
    }
    assert bad == {}
    assert [check for check, _ in found] == list(examination.ORDER)
    assert list((tmp_path / "archive").rglob("*")) == []


async def test_each_trouble_in_the_database_is_found_beside_the_others(states, pool, tenant, database_url):
    prepared(database_url)
    await tenant.post_job()
    schedule = {"cron": "* * * * *", "crawlConfig": {"type": "details", "targets": ["B000000001"]}}
    ids = []
    for _ in range(2):
        answer = await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=schedule)
        ids.append(answer.json()["data"]["id"])
    hook = {"url": "https://example.com/hook", "events": ["job.completed"]}
    webhook = (await tenant.http.post(f"/projects/{tenant.project_id}/webhooks", json=hook)).json()["data"]["id"]
    async with transaction(pool) as conn:
        for statement in (
            "UPDATE procrastinate_events SET at = now() - interval '2 minutes'",
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes'), (now())",
            """INSERT INTO hosts (host, next_slot_at, open_until, blocks, robots_status, robots_fetched_at, slowdown)
               VALUES ('www.amazon.de', now() + interval '3 hours', now() + interval '1 minute', 5, 503, now(), 1),
                      ('www.amazon.fr', now(), NULL, 0, 200, now(), 16)""",
            "INSERT INTO routes (host, proxy, blocks, open_until) VALUES ('www.amazon.fr', 'http://one:1', 5, now())",
        ):
            await conn.execute(statement)
        await conn.execute("UPDATE schedules SET next_run_at = now() - interval '1 hour' WHERE id = %s", [ids[0]])
        await conn.execute(
            "UPDATE schedules SET enabled = false, next_run_at = NULL, failures = 10 WHERE id = %s", [ids[1]]
        )
        await conn.execute("UPDATE webhooks SET enabled = false, disabled_reason = 'gone' WHERE id = %s", [webhook])
        await note(conn, "revive", Loop(30, asyncio.Event().wait), "Boom")
    found = await states()
    assert found["queue", "default"][0] is State.FAILED
    assert found["workers", None][0] is State.WARNING
    assert "Boom" in found["upkeep", "revive"][1]
    assert "3 h ahead" in found["pace", "www.amazon.de"][1]
    assert "16 times slower" in found["pace", "www.amazon.fr"][1]
    assert "status 503" in found["robots", "www.amazon.de"][1]
    assert "paused until" in found["breaker", "www.amazon.de"][1]
    assert "http://one:1 is shut" in found["breaker", "www.amazon.fr"][1]
    assert ids[1] in found["schedules", None][1]
    assert webhook in found["webhooks", None][1]
    assert found["database", None][0] is State.OK


async def test_partitions_that_are_missing_are_told(states, pool):
    async with transaction(pool) as conn:
        for name in [partitions.PAGES.partition(start) for start in await partitions.starts(conn, partitions.PAGES)]:
            await conn.execute(f"DROP TABLE {name}")  # type: ignore[arg-type]
    assert (await states())["partitions", "pages"][0] is State.FAILED


async def test_one_check_that_hangs_hides_no_other(states, database_url, monkeypatch):
    monkeypatch.setattr(examination, "SECONDS", 1.0)
    with psycopg.connect(database_url) as blocker:
        blocker.execute("LOCK TABLE schedules IN ACCESS EXCLUSIVE MODE")
        found = await states()
    assert found["schedules", None] == (State.FAILED, "No answer within 1 s")
    assert found["webhooks", None][0] is State.OK


async def test_a_read_only_database_fails_and_the_rest_is_told(database_url, settings):
    found = await examine(settings, f"{database_url}&options=-c%20default_transaction_read_only%3Don")
    states = {one.check: one.state for one in found}
    assert states["database"] is State.FAILED
    assert states["schema"] is State.OK


async def test_a_database_that_is_gone_leaves_the_others_checked(settings):
    found = await examine(settings, f"postgresql://postgres@127.0.0.1:{free_port()}/x")
    states = {one.check: (one.state, one.message) for one in found}
    assert states["database"][0] is State.FAILED
    assert "refused" in states["database"][1]
    assert states["queue"][0] is State.UNKNOWN
    assert states["archive"][0] is State.OK


async def test_proxies_are_connected_to_and_no_credentials_are_told(states):
    with closing(create_server(("127.0.0.1", 0))) as living:
        one = f"http://ann:secret@127.0.0.1:{living.getsockname()[1]}"
        two = f"http://127.0.0.1:{free_port()}"
        found = await states(proxies=(one, two))
        assert found["proxies", two][0] is State.WARNING
        assert ("proxies", one) not in found
        assert (await states(proxies=(one,)))["proxies", None][0] is State.OK
    found = await states(proxies=(one,))
    assert [subject for check, subject in found if check == "proxies"] == [one.replace("ann:secret@", "")]
    assert (await states(proxies=("ftp://x",)))["proxies", None][0] is State.FAILED


async def test_an_archive_that_takes_nothing_fails(states, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    found = await states(archive_url=(tmp_path / "file").as_uri())
    assert found["archive", None][0] is State.FAILED
    assert (await states(archive_days=0))["archive", None][0] is State.OK
    missing = tmp_path / "missing"
    assert (await states(archive_url=missing.as_uri()))["archive", None][0] is State.OK
    assert not missing.exists()


async def test_connections_say_which_part_and_release_they_are_of(pool, database_url):
    async with open_pool(database_url, size=1, part="azscraper-worker"), transaction(pool) as conn:
        await queue.forget_ended(conn)
        assert (await looks.workers(conn)).releases == (f"azscraper-worker/{azscraper.__version__}",)


async def test_robots_are_asked_anew_only_on_request(settings, pool, database_url):
    async with transaction(pool) as conn:
        await conn.execute(
            """INSERT INTO hosts (host, robots_status, robots_body, robots_fetched_at)
               VALUES ('www.amazon.de', 200, '', now() - interval '2 hours')"""
        )
    nobody = settings.model_copy(update={"marketplace_base_url": {"www.amazon.de": f"http://127.0.0.1:{free_port()}"}})

    async def robots(**how):
        [found] = [one for one in await examine(nobody, database_url, **how) if one.check == "robots"]
        return found

    assert (await robots()).message == "Held and readable: 1, the oldest read 2 h ago"
    asked = await robots(ask_robots=True)
    assert (asked.state, asked.subject) == (State.FAILED, "www.amazon.de")
    async with transaction(pool) as conn:
        assert (await hosts.robots(conn, "www.amazon.de")).status == 200


async def test_proxies_that_users_log_in_through_are_kept_and_told(states, pool):
    named = Guesser("ann@example.com", "10.0.0.4", shares_address=False)
    async with transaction(pool) as conn:
        await guesses.succeeded(conn, named)
        for last in range(5, 20):
            await guesses.succeeded(conn, Guesser("ann@example.com", f"10.0.0.{last}", shares_address=True))
        kept = await (await conn.execute("SELECT count(*) FROM unnamed_proxies")).fetchone()
    assert kept == (10,)
    state, message = (await states())["settings", None]
    assert state is State.WARNING
    assert "10.0.0.5," in message
    assert "10.0.0.4," not in message
