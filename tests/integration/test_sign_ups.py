"""Sign-up: who may, by which invitation, who becomes the first operator, and how many an hour."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from structlog.testing import capture_logs

from azscraper.cli.local.serving.opening import Opening, address_to_open, opening
from azscraper.config import load_settings
from azscraper.operate import operators
from azscraper.store import migrations
from azscraper.store.db import open_pool, scalar, transaction
from azscraper.tenants import accounts, credentials, referrals, sign_ups
from azscraper.tenants.referrals import Rewards
from azscraper.tenants.sign_ups import Registration
from integration.one_app import App
from integration.test_bad_requests import check
from integration.test_sessions import register

NOW = datetime.now(UTC)


def client(services, address="203.0.113.7"):
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


@pytest.fixture
def invited(services):
    return replace(services, registration=Registration.INVITE)


@pytest.fixture
async def operator(pool):
    async with transaction(pool) as conn:
        await operators.create(conn, email="root@example.com", password_hash="none", plan="unlimited")
        return (await operators.lock(conn, "root@example.com")).principal


async def invitation(pool, code="c", now=NOW):
    async with transaction(pool) as conn:
        return await sign_ups.invite(conn, None, code=code, note=None, now=now)


async def sign_up(http, email="ann@example.com", **more):
    return await http.post("/auth/register", json={"email": email, "password": "correct horse"} | more)


async def users(pool):
    async with transaction(pool) as conn:
        return await scalar(conn, int, "SELECT count(*) FROM users")


@pytest.mark.usefixtures("operator")
@pytest.mark.parametrize(
    ("registration", "code", "words"),
    [
        (Registration.INVITE, None, "ask its operator for a link"),
        (Registration.INVITE, "another", "ask the operator of this installation for a new link"),
        (Registration.INVITE, "expired", "ask the operator of this installation for a new link"),
        (Registration.CLOSED, None, "ask its operator"),
        (Registration.CLOSED, "good", "ask its operator"),
    ],
)
async def test_a_refused_sign_up_says_whom_to_ask(pool, services, registration, code, words):
    await invitation(pool, "good")
    await invitation(pool, "expired", NOW - timedelta(days=7, seconds=1))
    async with client(replace(services, registration=registration)) as http:
        refused = await sign_up(http, **({"invitation": code} if code else {}))
    check(refused, 403, "FORBIDDEN")
    assert words in refused.json()["error"]["message"]
    assert await users(pool) == 1


@pytest.mark.usefixtures("operator")
async def test_an_invitation_opens_sign_up_once(pool, invited):
    await invitation(pool, "c")
    async with client(invited) as http:
        both = await asyncio.gather(*(sign_up(http, f"{n}@example.com", invitation="c") for n in range(2)))
        assert sorted(answer.status_code for answer in both) == [201, 403]
        check(await sign_up(http, "late@example.com", invitation="c"), 403, "FORBIDDEN")
    async with transaction(pool) as conn:
        (used,) = (await sign_ups.find_slice(conn, limit=10, offset=0)).items
    won = next(answer for answer in both if answer.status_code == 201)
    assert (used.status(NOW), used.organization_id) == ("used", won.json()["user"]["organizationId"])
    assert await users(pool) == 2


@pytest.mark.usefixtures("operator")
async def test_an_address_with_an_account_does_not_use_the_invitation_up(pool, invited):
    await invitation(pool, "c")
    async with client(invited) as http:
        check(await sign_up(http, "root@example.com", invitation="c"), 409, "CONFLICT")
        assert (await sign_up(http, invitation="c")).status_code == 201


async def test_operators_invite_list_and_revoke(pool, invited, tenant):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET role = 'admin'")
    services = replace(invited, public_url="https://azscraper.corp.test")
    headers = {"Authorization": f"Bearer {tenant.token}"}
    async with client(services) as http, client(services) as stranger:
        http.headers["Host"] = stranger.headers["Host"] = "azscraper.corp.test"
        made = await http.post("/admin/invitations", json={"note": "Bob"}, headers=headers)
        assert made.status_code == 201
        first = made.json()["data"]
        assert first["link"] == f"https://azscraper.corp.test/app/signup?invitation={first['code']}"
        second = (await http.post("/admin/invitations", json={}, headers=headers)).json()["data"]
        assert (await http.delete(f"/admin/invitations/{second['id']}", headers=headers)).status_code == 200
        check(await sign_up(stranger, "x@example.com", invitation=second["code"]), 403, "FORBIDDEN")
        assert (await sign_up(stranger, "x@example.com", invitation=first["code"])).status_code == 201
        check(await http.delete(f"/admin/invitations/{first['id']}", headers=headers), 409, "CONFLICT")
        listed = (await http.get("/admin/invitations", headers=headers)).json()
        assert (listed["meta"]["total"], [one["note"] for one in listed["data"]]) == (1, ["Bob"])
        assert "code" not in listed["data"][0]
        trail = (await http.get("/audit", headers=headers)).json()["data"]
    assert [entry["action"] for entry in trail][:3] == [
        "invitation.revoked",
        "invitation.created",
        "invitation.created",
    ]
    assert first["code"] not in str(trail)
    async with transaction(pool) as conn:
        stored = await scalar(conn, str, "SELECT string_agg(i::text, '') FROM invitations i")
    assert first["code"] not in stored


async def test_the_set_up_link_makes_the_first_operator_and_no_second(pool, invited):
    async with transaction(pool) as conn:
        for code in ("one", "two"):
            assert await sign_ups.begin_set_up(conn, code=code, now=NOW) is not None
    async with client(invited) as http:
        unready = await sign_up(http)
        check(unready, 403, "FORBIDDEN")
        assert "not set up yet" in unready.json()["error"]["message"]
        both = await asyncio.gather(*(sign_up(http, f"{code}@example.com", invitation=code) for code in ("one", "two")))
        assert sorted(answer.status_code for answer in both) == [201, 403]
        token = next(answer for answer in both if answer.status_code == 201).json()["accessToken"]
        assert (await http.get("/admin/stats", headers={"Authorization": f"Bearer {token}"})).status_code == 200
    async with transaction(pool) as conn:
        assert await sign_ups.begin_set_up(conn, code="three", now=NOW) is None
        await conn.execute("UPDATE users SET role = 'owner'")  # links of before stay void
    async with client(invited) as http:
        for code in ("one", "two", "three"):
            check(await sign_up(http, "late@example.com", invitation=code), 403, "FORBIDDEN")


async def test_ten_sign_ups_an_hour_and_network_before_anything_is_hashed(pool, services, monkeypatch):
    hashed = []
    monkeypatch.setattr(credentials, "hash_password", lambda password: hashed.append(password) or "none")
    clock = [NOW]
    services = replace(services, clock=lambda: clock[0])
    async with client(services) as http, client(services, "198.51.100.1") as other:
        answers = await asyncio.gather(*(sign_up(http, f"{n}@example.com") for n in range(15)))
        assert sorted(answer.status_code for answer in answers) == [201] * 10 + [429] * 5
        assert len(hashed) == 10
        late = await sign_up(http, "late@example.com")
        check(late, 429, "RATE_LIMIT_EXCEEDED")
        assert 0 < int(late.headers["Retry-After"]) <= 3600
        assert (await sign_up(other, "other@example.com")).status_code == 201
        await invitation(pool, "c")
        assert (await sign_up(http, "invited@example.com", invitation="c")).status_code == 201
        clock[0] += timedelta(hours=1, seconds=1)
        assert (await sign_up(http, "later@example.com")).status_code == 201
    async with client(services, "2001:db8::1") as one, client(services, "2001:db8::2") as two:
        for n in range(11):
            last = await sign_up(two if n % 2 else one, f"v6-{n}@example.com")
        check(last, 429, "RATE_LIMIT_EXCEEDED")


@pytest.mark.usefixtures("tenant")
async def test_rewards_for_organizations_that_nobody_invited_are_bounded(pool):
    async with transaction(pool) as conn:
        referrer = await scalar(conn, str, "SELECT id FROM organizations")
        code = (await referrals.standing(conn, referrer)).code
        paid = {}
        for n, vouched in [(n, False) for n in range(referrals.PAID + 2)] + [(99, True)]:
            user = await accounts.register(
                conn, email=f"{n}@example.com", password_hash="none", name=None, plan="unlimited"
            )
            await referrals.sign_up(conn, user.organization_id, code, rewards=Rewards(5, 5), vouched=vouched)
            job = f"{n:024x}"
            await conn.execute(
                """WITH p AS (INSERT INTO projects (id, organization_id, name) VALUES (%(job)s, %(org)s, 'x'))
                   INSERT INTO jobs (id, organization_id, project_id, type, status, config, total, pending,
                       succeeded, lane_runs, started_at, completed_at, result_set_id)
                   VALUES (%(job)s, %(org)s, %(job)s, 'details', 'completed', '{}', 1, 0, 1, '{}', now(), now(), %(job)s)""",
                {"job": job, "org": user.organization_id},
            )
            await referrals.reward(conn, job)
            paid[n] = await scalar(
                conn, bool, "SELECT paid_at IS NOT NULL FROM referrals WHERE referred_id = %s", [user.organization_id]
            )
        assert [n for n, is_paid in paid.items() if not is_paid] == [referrals.PAID, referrals.PAID + 1]
        assert (await referrals.standing(conn, referrer)).earned == 5 * (referrals.PAID + 1)
        await conn.execute("UPDATE referrals SET paid_at = paid_at - interval '31 days' WHERE paid_at IS NOT NULL")
        await referrals.reward(conn, f"{referrals.PAID:024x}")  # a later job
        assert (await referrals.standing(conn, referrer)).rewarded == referrals.PAID + 2


@pytest.mark.parametrize("has_users", [True, False])
def test_an_installation_with_users_stays_open_when_it_is_upgraded(empty_database_url, has_users):
    versions = sorted(path.name for path in (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    own = next(n for n, name in enumerate(versions) if name.endswith("_sign_ups.py"))
    migrations.upgrade(empty_database_url, versions[own - 1][:4])
    with psycopg.connect(empty_database_url) as conn:
        if has_users:
            conn.execute("INSERT INTO organizations (id, name, plan) VALUES ('o', 'x', 'free')")
            conn.execute("INSERT INTO users (id, organization_id, email, password_hash) VALUES ('u', 'o', 'a@b', 'x')")
    migrations.upgrade(empty_database_url, versions[own][:4])
    with psycopg.connect(empty_database_url) as conn:
        assert conn.execute("SELECT was_open FROM installation").fetchone() == (has_users,)


async def test_look_alike_addresses_are_one_account(pool, services):
    async with client(services) as http:
        made = await sign_up(http, "Ann@b\u00fccher.example")
        assert made.json()["user"]["email"] == "ann@xn--bcher-kva.example"
        for twin in ("\uff21nn@b\u00fccher.example", "ann@XN--BCHER-KVA.example", "ann@bu\u0308cher.example"):
            check(await sign_up(http, twin), 409, "CONFLICT")
            login = await http.post("/auth/login", json={"email": twin, "password": "correct horse"})
            assert login.status_code == 200
        for twin in ("an\u200bn@b\u00fccher.example", "\u0430nn@example.com"):
            check(await sign_up(http, twin), 400, "VALIDATION_ERROR")
    assert await users(pool) == 1


def test_twins_of_before_keep_their_accounts(empty_database_url):
    versions = sorted(path.name for path in (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    own = next(n for n, name in enumerate(versions) if name.endswith("_email_keys.py"))
    migrations.upgrade(empty_database_url, versions[own - 1][:4])
    twins = {
        "an\u200bn@example.com": "1",
        "ann@example.com": "2",
        "b\u200bob@example.com": "3",
        "\uff42ob@example.com": "4",
    }
    with psycopg.connect(empty_database_url) as conn:
        conn.execute("INSERT INTO organizations (id, name, plan) VALUES ('o', 'x', 'free')")
        for email, id_ in twins.items():
            conn.execute(
                "INSERT INTO users (id, organization_id, email, password_hash) VALUES (%s, 'o', %s, 'x')", [id_, email]
            )
    migrations.migrate(empty_database_url)

    async def found(email):
        async with open_pool(empty_database_url, size=1) as pool, transaction(pool) as conn:
            return (await accounts.find_login(conn, email))[0].id

    typed = twins | {"Bob@example.com": "3", "\uff21nn@example.com": "2"}
    assert {email: asyncio.run(found(email)) for email in typed} == typed


async def test_guesses_by_several_spellings_are_one_count(services):
    async with client(services) as http:
        spellings = ("Ann@example.com", "\uff21nn@example.com", "an\u200bn@example.com")
        guesses = [{"email": spelling, "password": "wrong horse"} for spelling in spellings]
        answers = await asyncio.gather(*[http.post("/auth/login", json=guess) for guess in guesses * 5])
    statuses = [answer.status_code for answer in answers]
    assert 429 in statuses, "five at once for each spelling would all be 401"
    assert set(statuses) <= {401, 429}


async def test_the_line_of_a_closed_service_says_how_the_first_operator_is_made(pool, http):
    settings = load_settings({"AZSCRAPER_REGISTRATION": "closed"})
    first = await opening(pool, settings, host="127.0.0.1", port=8000)
    assert first.line == (
        "AzScraper is ready: open http://127.0.0.1:8000"
        " (nobody can sign up; azscraper admin create ADDRESS makes the first operator)"
    )
    await register(http)
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET role = 'admin'")
    second = await opening(pool, settings, host="127.0.0.1", port=8000)
    assert second.line == "AzScraper is ready: open http://127.0.0.1:8000"


async def test_an_upgraded_installation_without_the_setting_stays_open_and_logs_so(pool):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE installation SET was_open = true")
    for host, environ, warnings in (
        ("192.0.2.1", {}, 1),
        ("127.0.0.1", {}, 0),
        ("192.0.2.1", {"AZSCRAPER_REGISTRATION": "open"}, 0),
    ):
        with capture_logs() as logs:
            first = await opening(pool, load_settings(environ), host=host, port=8000)
        assert first == Opening(Registration.OPEN, f"AzScraper is ready: open http://{host}:8000")
        assert [line["log_level"] for line in logs] == ["warning"] * warnings


@pytest.mark.parametrize(
    ("host", "public_url", "address"),
    [
        ("127.0.0.1", None, "http://127.0.0.1:8000"),
        ("0.0.0.0", None, "http://localhost:8000"),  # noqa: S104 - nothing is listened on
        ("::", None, "http://localhost:8000"),
        ("::1", None, "http://[::1]:8000"),
        ("0.0.0.0", "https://azscraper.corp.test", "https://azscraper.corp.test"),  # noqa: S104 - the same
    ],
)
def test_the_address_to_open_is_one_that_opens(host, public_url, address):
    settings = load_settings({"AZSCRAPER_PUBLIC_URL": public_url} if public_url else {})
    assert address_to_open(settings, host=host, port=8000) == address
