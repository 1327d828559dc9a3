"""Log in, log out, hand off, change the password; and how often one may guess."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from azscraper.errors import UnauthenticatedError
from azscraper.store.db import transaction
from azscraper.tenants import accounts, credentials, logins
from azscraper.tenants.credentials import hash_password
from integration.one_app import App
from integration.test_bad_requests import check

ANN = {"email": "ann@example.com", "password": "correct horse"}
WRONG = {"email": "ann@example.com", "password": "wrong horse"}
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def register(http):
    response = await http.post("/auth/register", json=ANN)
    assert response.status_code == 201
    return response.json()["accessToken"]


async def log_in(http, **changes):
    return await http.post("/auth/login", json=ANN | changes)


async def works(http, token):
    response = await http.get("/me", headers=bearer(token))
    if response.status_code != 200:
        check(response, 401, "UNAUTHORIZED")
    return response.status_code == 200


async def test_logout_revokes_the_token_that_was_sent_and_no_other(http):
    first = await register(http)
    second = (await log_in(http)).json()["accessToken"]
    for _ in range(2):
        response = await http.post("/auth/logout", headers=bearer(first))
        assert (response.status_code, response.json()) == (200, {"data": {"loggedOut": True}})
    assert not await works(http, first)
    assert await works(http, second)


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Bearer azs_nonsense", "Basic eDp5", "Bearer"])
async def test_logout_without_a_good_token_is_200_as_well(http, header):
    headers = {"Authorization": header} if header else {}
    assert (await http.post("/auth/logout", headers=headers)).status_code == 200


async def test_a_revoked_tokens_row_goes_once_the_token_has_expired(http, services, pool):
    clock = services.clock
    tokens = [await register(http), (await log_in(http)).json()["accessToken"]]
    await http.post("/auth/logout", headers=bearer(tokens[0]))
    object.__setattr__(services, "clock", lambda: clock() + timedelta(days=8))
    tokens.append((await log_in(http)).json()["accessToken"])
    await http.post("/auth/logout", headers=bearer(tokens[2]))
    async with transaction(pool) as conn:
        assert (await (await conn.execute("SELECT count(*) FROM revoked_tokens")).fetchone())[0] == 1


async def test_the_profile(http):
    headers = bearer(await register(http))
    me = (await http.get("/me", headers=headers)).json()["data"]
    assert (me["email"], me["name"]) == ("ann@example.com", None)
    changed = await http.patch("/me", json={"name": " Ann "}, headers=headers)
    assert changed.json()["data"] == me | {"name": "Ann"}
    assert (await http.patch("/me", json={}, headers=headers)).json()["data"]["name"] == "Ann"
    assert (await http.patch("/me", json={"name": None}, headers=headers)).json()["data"]["name"] is None
    assert (await http.get("/me", headers=headers)).json()["data"] == me


async def test_a_new_password_revokes_all_tokens_but_the_fresh_one(http):
    tokens = [await register(http), (await log_in(http)).json()["accessToken"]]
    body = {"currentPassword": ANN["password"], "newPassword": "a new password", "name": "Ann"}
    changed = await http.patch("/me", json=body, headers=bearer(tokens[0]))
    assert changed.status_code == 200
    assert changed.json()["data"]["name"] == "Ann"
    assert [await works(http, token) for token in tokens] == [False, False]
    assert await works(http, changed.json()["data"]["accessToken"])
    check(await log_in(http), 401, "UNAUTHORIZED")
    fresh = await log_in(http, password="a new password")
    assert await works(http, fresh.json()["accessToken"])


@pytest.mark.parametrize(
    "body",
    [
        {"currentPassword": "wrong horse", "newPassword": "a new password"},
        {"currentPassword": ANN["password"]},
        {"newPassword": "a new password"},
        {"currentPassword": ANN["password"], "newPassword": "short"},
        {"currentPassword": ANN["password"], "newPassword": "Password123"},
        {"name": ""},
        {"name": "a\x00b"},
        {"name": 7},
        [],
    ],
)
async def test_bad_changes_of_the_profile_change_nothing(http, body):
    headers = bearer(await register(http))
    check(await http.patch("/me", json=body, headers=headers), 400, "VALIDATION_ERROR")
    assert (await http.get("/me", headers=headers)).json()["data"]["name"] is None
    assert (await log_in(http)).status_code == 200


async def test_of_two_changes_of_the_password_at_a_time_one_wins(http):
    headers = bearer(await register(http))
    bodies = [{"currentPassword": ANN["password"], "newPassword": f"new password {n}"} for n in range(3)]
    responses = await asyncio.gather(*(http.patch("/me", json=body, headers=headers) for body in bodies))
    won = [n for n, response in enumerate(responses) if response.status_code == 200]
    assert len(won) == 1
    assert all(response.status_code in {200, 400, 401, 409} for response in responses)
    assert (await log_in(http, password=f"new password {won[0]}")).status_code == 200


async def test_a_code_is_traded_in_once(http):
    await register(http)
    given = (await http.post("/auth/login-handoff", json=ANN)).json()
    assert given["code"] == given["data"]["code"]
    body = {"code": given["code"]}
    responses = await asyncio.gather(*(http.post("/auth/verify-handoff", json=body) for _ in range(4)))
    (good,) = [response for response in responses if response.status_code == 200]
    session = good.json()
    assert session["accessToken"] == session["data"]["accessToken"]
    assert session["user"] == session["data"]["user"]
    assert await works(http, session["accessToken"])
    for response in responses:
        if response is not good:
            check(response, 401, "UNAUTHORIZED")


async def test_a_code_is_stored_hashed_and_ends_after_a_minute(http, services, pool):
    await register(http)
    code = (await http.post("/auth/login-handoff", json=ANN)).json()["code"]
    async with transaction(pool) as conn:
        assert code.encode() not in (await (await conn.execute("SELECT code_hash FROM handoffs")).fetchone())[0]
    clock = services.clock
    object.__setattr__(services, "clock", lambda: clock() + timedelta(seconds=61))
    check(await http.post("/auth/verify-handoff", json={"code": code}), 401, "UNAUTHORIZED")


async def test_a_code_ends_with_the_password_and_with_the_account(http, pool):
    headers = bearer(await register(http))
    code = (await http.post("/auth/login-handoff", json=ANN)).json()["code"]
    body = {"currentPassword": ANN["password"], "newPassword": "a new password"}
    await http.patch("/me", json=body, headers=headers)
    check(await http.post("/auth/verify-handoff", json={"code": code}), 401, "UNAUTHORIZED")
    again = (await http.post("/auth/login-handoff", json=ANN | {"password": "a new password"})).json()["code"]
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET disabled_at = now()")
    check(await http.post("/auth/verify-handoff", json={"code": again}), 401, "UNAUTHORIZED")


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": 7}, {"code": "x" * 201}, []])
async def test_bad_codes(http, body):
    check(await http.post("/auth/verify-handoff", json=body), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("code", ["x", "a\x00b", "ü"])
async def test_unknown_codes(http, code):
    check(await http.post("/auth/verify-handoff", json={"code": code}), 401, "UNAUTHORIZED")


async def test_neither_sign_ups_nor_other_work_in_threads_hold_up_a_log_in(http, monkeypatch):
    await register(http)
    over = threading.Event()
    monkeypatch.setattr(credentials, "hash_password", lambda password: over.wait() and hash_password(password))
    loop = asyncio.get_running_loop()
    busy = [loop.run_in_executor(None, over.wait) for _ in range(64)]  # more than the loop's own executor has threads
    names = [f"new{n}@example.com" for n in range(9)]
    sign_ups = [asyncio.create_task(http.post("/auth/register", json=ANN | {"email": name})) for name in names]
    await asyncio.sleep(0)
    try:
        assert (await log_in(http)).status_code == 200
        assert not any(sign_up.done() for sign_up in sign_ups)
    finally:
        over.set()
        answers = await asyncio.gather(*sign_ups)
        await asyncio.gather(*busy)
    assert {answer.status_code for answer in answers} == {201}


@pytest.mark.parametrize("host", ["testclient", "", "x" * 8000, "fe80::1%" + "x" * 8000, "a\x00b"])
async def test_what_a_proxy_tells_may_be_anything(services, host):
    transport = httpx.ASGITransport(App(services), client=(host, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        headers = bearer(await register(http))
        check(await http.post("/auth/login", json=WRONG), 401, "UNAUTHORIZED")
        entries = (await http.get("/audit", headers=headers)).json()["data"]
        assert {entry["address"] for entry in entries} == {"fe80::1" if "%" in host else None}


async def test_a_password_changed_while_it_was_looked_at_lets_nobody_in(http, pool):
    await register(http)
    async with transaction(pool) as conn:
        found = await accounts.find_login(conn, ANN["email"])
        await conn.execute("UPDATE users SET password_hash = 'another'")
        with pytest.raises(UnauthenticatedError):
            await logins.log_in(conn, found, address=None)
