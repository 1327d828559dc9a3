"""Wrong passwords: slowed down hard, told to the account's owner, and no way to keep that owner out."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from azscraper.errors import RateLimitedError
from azscraper.store.db import transaction
from azscraper.tenants import guesses
from azscraper.tenants.guesses import WINDOW, Guesser
from azscraper.web.app import make_app
from azscraper.web.guards import watched
from azscraper.web.guards.hashing import Hashing
from integration.one_app import App
from integration.test_bad_requests import check
from integration.test_sessions import ANN, WRONG, bearer, log_in, register

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
FREE = 5
NEW = {"currentPassword": ANN["password"], "newPassword": "a new password"}


@pytest.fixture(autouse=True)
def impatient(services):
    """What would wait is refused at once, so that no test waits."""
    object.__setattr__(services, "login_wait_seconds", 0.0)


def at(services, address, **changes):
    """A client at that address."""
    transport = httpx.ASGITransport(App(replace(services, **changes)), client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def guess(http, times, **changes):
    return [(await http.post("/auth/login", json=WRONG | changes)).status_code for _ in range(times)]


async def count(pool, guesser, now=NOW, wait=0.0):
    async with transaction(pool) as conn:
        return await guesses.count_try(conn, guesser, most_wait=timedelta(seconds=wait), now=now)


async def test_guesses_soon_wait_whether_or_not_the_account_exists(http, services):
    await register(http)
    async with at(services, "192.0.2.1", clock=lambda: NOW) as guesser:
        for email in ("ann@example.com", "nobody@example.com"):
            assert await guess(guesser, FREE, email=email) == [401] * FREE
        refused = [await log_in(guesser), await log_in(guesser, email="nobody@example.com")]
    for response in refused:
        check(response, 429, "RATE_LIMIT_EXCEEDED")
        assert response.headers["Retry-After"] == "1"
    assert refused[0].json() == refused[1].json()


async def test_each_guess_waits_twice_as_long_up_to_a_minute(pool):
    guesser, now, waits = Guesser("ann@example.com", "192.0.2.1"), NOW, []
    while now < NOW + WINDOW:
        try:
            await count(pool, guesser, now)
        except RateLimitedError as refused:
            waits.append(refused.retry_after_seconds)
            now += timedelta(seconds=refused.retry_after_seconds)
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert len(waits) + FREE < 30, "guesses a window"
    assert await count(pool, guesser, now + WINDOW) == timedelta()


async def test_a_try_that_comes_a_little_too_soon_waits_instead_of_being_refused(pool):
    guesser = Guesser("ann@example.com", "192.0.2.1")
    waits = [await count(pool, guesser, wait=8) for _ in range(FREE + 3)]
    assert [wait.total_seconds() for wait in waits] == [0] * FREE + [1, 3, 7]
    with pytest.raises(RateLimitedError) as refused:
        await count(pool, guesser, wait=8)
    assert refused.value.retry_after_seconds == 15
    with pytest.raises(RateLimitedError) as refused:  # and that did not make it longer
        await count(pool, guesser, NOW + timedelta(seconds=1), wait=8)
    assert refused.value.retry_after_seconds == 14


async def test_a_right_password_after_a_wait_gets_in(http, services):
    await register(http)
    async with at(services, "192.0.2.1", login_wait_seconds=5.0) as client:
        assert await guess(client, FREE) == [401] * FREE
        assert (await log_in(client)).status_code == 200
        assert await guess(client, FREE) == [401] * FREE, "begins anew"


async def test_strangers_do_not_keep_an_owner_out(http, services):
    await register(http)
    async with at(services, "192.0.2.1") as stranger, at(services, "198.51.100.7") as owner:
        assert (await guess(stranger, FREE + 2))[-2:] == [429, 429]
        assert (await log_in(owner)).status_code == 200


async def test_signing_up_is_a_log_in_too(http):
    await register(http)
    assert "azscraper_device" in http.cookies


async def test_a_client_that_logged_in_before_has_a_count_of_its_own(http, services, pool):
    await register(http)
    async with at(services, "192.0.2.1") as known, at(services, "192.0.2.1") as stranger:
        assert "HttpOnly" in (await log_in(known)).headers["set-cookie"]
        for n in range(60):  # from everywhere at once, and from the same network as well
            await count(pool, Guesser("ann@example.com", f"203.0.113.{n}"), wait=10**6, now=services.clock())
        await guess(stranger, FREE)
        check(await log_in(stranger), 429, "RATE_LIMIT_EXCEEDED")
        assert (await log_in(known)).status_code == 200
        assert await guess(known, FREE + 1) == [401] * FREE + [429]


async def test_a_device_cookie_is_good_for_its_account_alone(http, services, pool):
    await register(http)
    async with at(services, "192.0.2.1") as client:
        await log_in(client)
        assert await guess(client, FREE + 1, email="bob@example.com") == [401] * FREE + [429]
        async with transaction(pool) as conn:
            rows = await (await conn.execute("SELECT subject FROM login_failures")).fetchall()
        assert "guess:192.0.2.1:bob@example.com" in {row[0] for row in rows}
        client.cookies.set("azscraper_device", "forged.0000")
        assert (await guess(client, FREE + 1))[-1] == 429


async def test_a_session_may_always_change_the_password(http, services):
    headers = bearer(await register(http))
    async with at(services, "192.0.2.1") as client:
        await guess(client, FREE + 1)
        wrong = NEW | {"currentPassword": "wrong horse"}
        answers = [(await client.patch("/me", json=wrong, headers=headers)).status_code for _ in range(FREE + 1)]
        assert answers == [400] * FREE + [429], "a stolen session is no way to guess either"
    other = Guesser("ann@example.com", "192.0.2.1")
    assert other.limits[0].subject != replace(other, session_of="u").limits[0].subject


async def test_the_owner_changes_the_password_while_strangers_guess(http, services):
    headers = bearer(await register(http))
    async with at(services, "192.0.2.1") as client:
        await guess(client, FREE + 1)
        assert (await client.patch("/me", json=NEW, headers=headers)).status_code == 200


async def test_parallel_guesses_against_several_processes_do_not_overrun_the_limit(http, services):
    await register(http)
    clients = [at(services, "192.0.2.1", hashing=Hashing()) for _ in range(3)]
    parallel = [client.post("/auth/login", json=WRONG) for client in clients for _ in range(6)]
    statuses = [response.status_code for response in await asyncio.gather(*parallel)]
    assert sorted(statuses) == [401] * FREE + [429] * (18 - FREE)


async def test_right_passwords_are_not_counted(http):
    await register(http)
    responses = await asyncio.gather(*(log_in(http) for _ in range(FREE + 9)))
    assert {response.status_code for response in responses} == {200}


async def test_many_networks_together_have_a_limit_against_one_account(pool):
    tries = 0
    for n in range(200):
        with suppress(RateLimitedError):
            await count(pool, Guesser("ann@example.com", f"192.0.2.{n}"), NOW + timedelta(seconds=n))
            tries += 1
    assert 50 <= tries <= 50 + 200 / 30
    await count(pool, Guesser("bob@example.com", "192.0.2.1"))


@pytest.mark.parametrize(("shares", "free"), [(False, 50), (True, 1000)])
async def test_a_network_has_a_limit_over_all_accounts(shares, free):
    guesser = Guesser("ann@example.com", "2001:db8::1", shares_address=shares)
    limit = guesser.limits[-1]
    assert (limit.subject, limit.delay(free - 1)) == ("address:2001:db8::/64", timedelta())
    assert limit.delay(free) == limit.delay(10 * free) == timedelta(seconds=10)


async def test_no_list_of_leaks_is_tried_from_one_network(pool):
    for n in range(50):
        await count(pool, Guesser(f"user{n}@example.com", f"2001:db8::{n:x}"))
    with pytest.raises(RateLimitedError):
        await count(pool, Guesser("other@example.com", "2001:db8::ffff"))
    await count(pool, Guesser("other@example.com", "2001:db8:0:1::1"))
    await count(pool, Guesser("other@example.com", "2001:db8::ffff"), NOW + WINDOW)


async def test_counts_leave_with_their_window(pool):
    await count(pool, Guesser("Ann@example.com", None))
    await count(pool, Guesser("bob@example.com", None), NOW + WINDOW + timedelta(minutes=1))
    async with transaction(pool) as conn:
        rows = await (await conn.execute("SELECT subject FROM login_failures ORDER BY 1")).fetchall()
    assert rows == [("account:bob@example.com",), ("guess:unknown:bob@example.com",)]


async def entries(http, token):
    listed = await http.get("/audit", params={"action": "user.login_failed"}, headers=bearer(token))
    return [(entry["address"], entry["details"]) for entry in listed.json()["data"]]


async def test_the_owner_sees_one_entry_for_each_network_with_a_count(http, services):
    token = await register(http)
    before = REGISTRY.get_sample_value("azscraper_login_failures_total", {"reason": "password"}) or 0
    async with at(services, "192.0.2.1") as one, at(services, "198.51.100.7") as other:
        await guess(one, 3)
        await guess(other, 1)
        await guess(other, 1, email="nobody@example.com")
    told = {"email": "ann@example.com", "knownDevice": False}
    assert await entries(http, token) == [
        ("198.51.100.7", told | {"count": 1}),
        ("192.0.2.1", told | {"count": 3}),
    ]
    assert REGISTRY.get_sample_value("azscraper_login_failures_total", {"reason": "password"}) == before + 5
    clock = services.clock
    async with at(services, "192.0.2.1", clock=lambda: clock() + WINDOW) as later:
        await guess(later, 1)
    assert (await entries(http, token))[0] == ("192.0.2.1", told | {"count": 1})


@pytest.mark.parametrize("address", ["127.0.0.1", "192.0.2.9"])
async def test_an_unnamed_proxy_does_not_lock_everybody_out(http, services, address):
    await register(http)
    forwarded = {"X-Forwarded-For": "203.0.113.5"}
    async with at(services, address) as proxy:
        proxy.headers.update(forwarded)
        for n in range(12):
            assert await guess(proxy, FREE, email=f"user{n}@example.com") == [401] * FREE
        assert (await log_in(proxy)).status_code == 200


async def test_refusals_are_in_the_log_with_address_and_route(http, services):
    token = await register(http)
    with capture_logs() as logs:
        async with at(services, "192.0.2.1") as client:
            await guess(client, FREE + 1)
            await client.get("/me")
            await client.get("/admin/users", headers=bearer(token))
            await client.post("/app/login", data={"email": "ann@example.com", "password": "hidden"})
    lines = [line for line in logs if line["event"] == "request refused"]
    assert [(line["status"], line["method"], line["route"]) for line in lines] == [
        *[(401, "POST", "/auth/login")] * FREE,
        (429, "POST", "/auth/login"),
        (401, "GET", "/me"),
        (403, "GET", "/admin/users"),
        (403, "POST", "/app/login"),
    ]
    assert {line["address"] for line in lines} == {"192.0.2.1"}
    assert not any(secret in str(logs) for secret in ("horse", "hidden", token))


async def test_refusals_fill_no_disk(http, monkeypatch):
    monkeypatch.setattr(watched, "_LINES_A_MINUTE", 3)
    monkeypatch.setattr(watched.time, "monotonic", lambda: 100.0)
    with capture_logs() as logs:
        for _ in range(5):
            await http.get("/me")
        monkeypatch.setattr(watched.time, "monotonic", lambda: 160.0)
        await http.get("/me")
    assert [line.get("left_out") for line in logs] == [None, None, None, 2, None]


async def test_an_unnamed_proxy_is_told_once(services):
    transport = httpx.ASGITransport(make_app(services))  # it has told nobody yet
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        with capture_logs() as logs:
            for _ in range(3):
                await http.get("/health", headers={"X-Forwarded-For": "203.0.113.5"})
                await http.get("/health")
    (line,) = [line for line in logs if "TRUSTED_PROXIES" in line["event"]]
    assert (line["log_level"], line["address"]) == ("warning", "127.0.0.1")


@pytest.mark.parametrize(
    ("peer", "trusted", "seen"),
    [
        ("127.0.0.1", (), "127.0.0.1"),
        ("127.0.0.1", ("127.0.0.1",), "203.0.113.5"),
        ("10.1.2.3", ("10.0.0.0/8",), "203.0.113.5"),
        ("11.1.2.3", ("10.0.0.0/8",), "11.1.2.3"),
        ("11.1.2.3", ("*",), "203.0.113.5"),
    ],
)
async def test_only_named_proxies_are_believed(http, services, peer, trusted, seen):
    token = await register(http)
    forwarded = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}
    async with at(services, peer, trusted_proxies=trusted) as client:
        answer = await client.post("/auth/login", json=ANN, headers=forwarded)
        assert ("Secure" in answer.headers["set-cookie"]) is (seen == "203.0.113.5")
        listed = await client.get("/audit", params={"action": "user.logged_in"}, headers=bearer(token))
    assert listed.json()["data"][0]["address"] == seen
