"""``azscraper admin``: operators are made on the machine itself; passwords go in by standard input, and come out nowhere."""

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from acceptance.conftest import SECRET, clean_environ
from azscraper.errors import UnauthenticatedError
from azscraper.operate import operators
from azscraper.store.db import transaction
from azscraper.tenants import accounts, api_keys, audit, credentials, projects
from azscraper.tenants.keyring import Keyring

KEYS = Keyring(SECRET)


def run(database_url, *arguments, stdin=""):
    command = [sys.executable, "-m", "azscraper", "admin", *arguments]
    environ = clean_environ(DATABASE_URL=database_url)
    return subprocess.run(command, input=stdin, env=environ, capture_output=True, text=True, timeout=60, check=False)


def run_in_terminal(database_url, *arguments, answer):
    """The same, where somebody sits at the terminal."""
    command = [sys.executable, "-m", "azscraper", "admin", *arguments]
    main, side = pty.openpty()
    os.write(main, answer.encode())
    try:
        environ = clean_environ(DATABASE_URL=database_url)
        return subprocess.run(command, stdin=side, env=environ, capture_output=True, text=True, timeout=60, check=False)
    finally:
        os.close(side)
        os.close(main)


@pytest.fixture
async def squatter(pool):
    """Somebody who registered the operator's address first, and has a session and a key."""
    async with transaction(pool) as conn:
        user = await accounts.register(
            conn, email="ann@example.com", password_hash="his", name=None, plan="free", address="203.0.113.7"
        )
        project = await projects.create(conn, user.principal(), "EU keywords")
        key = credentials.new_key(os.urandom(credentials.KEY_BYTES))
        await api_keys.create(conn, user.principal(), project.id, name="nightly", key=key)
    return user, claims_of(user), key


def claims_of(user):
    now = datetime.now(UTC)
    token = credentials.sign_token(KEYS, user_id=user.id, organization_id=user.organization_id, token_id="t", now=now)
    return credentials.read_token(KEYS, token, now=now)


async def trail(conn, user):
    page = await audit.find_slice(conn, user.organization_id, action=None, before=None, limit=100)
    return [(entry.action, entry.actor_type, entry.details) for entry in page.items]


async def test_create_makes_an_operator(pool, database_url):
    made = run(database_url, "create", " Root@example.com", stdin="a long password\n")
    assert made.returncode == 0, made.stderr
    assert "a long password" not in made.stderr + made.stdout
    async with transaction(pool) as conn:
        found = await accounts.find_login(conn, "root@example.com")
    user, _ = accounts.check_password(found, "a long password")
    assert user.principal().is_admin


async def test_create_promotes_nobody(pool, database_url, squatter):
    refused = run(database_url, "create", "ANN@example.com", stdin="owners password\n")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    assert "admin promote" in refused.stderr
    async with transaction(pool) as conn:
        user = await accounts.user_of(conn, squatter[1])
        assert (user.role, (await accounts.find_login(conn, user.email))[1]) == ("owner", "his")


async def test_promote_shows_asks_and_ends_what_others_hold(pool, database_url, squatter):
    user, claims, key = squatter
    unanswered = run(database_url, "promote", "ann@example.com")
    assert (unanswered.returncode, "203.0.113.7" in unanswered.stdout) == (2, True)
    async with transaction(pool) as conn:
        assert (await accounts.user_of(conn, claims)).role == "owner"
    promoted = run_in_terminal(database_url, "promote", "ANN@example.com", answer="y\n")
    assert promoted.returncode == 0, promoted.stderr
    assert f"{datetime.now(UTC):%Y-%m}" in promoted.stdout
    assert "1 API key was deleted" in promoted.stderr.replace("\n", " ")
    async with transaction(pool) as conn:
        assert (await operators.lock(conn, "ann@example.com")).is_operator
        with pytest.raises(UnauthenticatedError):
            await accounts.user_of(conn, claims)
        with pytest.raises(UnauthenticatedError):
            await api_keys.principal_of(conn, key, address=None, now=datetime.now(UTC))
        assert (await accounts.user_of(conn, claims_of(user))).role == "admin"
        changed, deleted = (await trail(conn, user))[:2]
    assert changed[:2] == ("user.changed", "service")
    assert (changed[2]["before"], changed[2]["after"], changed[2]["sessionsEnded"]) == (
        {"role": "owner"},
        {"role": "admin"},
        True,
    )
    assert deleted[0] == "api_key.deleted"
    again = run(database_url, "promote", "ann@example.com", "--yes")
    assert (again.returncode, "already" in again.stderr) == (0, True)


async def test_demote_and_reset_password(pool, database_url, squatter):
    user, _, _ = squatter
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET role = 'admin'")
    demoted = run(database_url, "demote", "ann@example.com")
    assert (demoted.returncode, "No operator is left" in demoted.stderr) == (0, True)
    before = claims_of(user)
    reset = run(database_url, "reset-password", "Ann@example.com", stdin="her own password\n")
    assert reset.returncode == 0, reset.stderr
    assert "her own password" not in reset.stderr + reset.stdout
    async with transaction(pool) as conn:
        owner, _ = accounts.check_password(await accounts.find_login(conn, user.email), "her own password")
        assert not owner.principal().is_admin
        with pytest.raises(UnauthenticatedError):
            await accounts.user_of(conn, before)
        entries = await trail(conn, user)
    assert [action for action, _, _ in entries][:2] == ["user.password_changed", "user.changed"]
    assert "her own password" not in str(entries)


async def test_an_organization_is_suspended_and_let_in_again(squatter, pool, database_url):
    user, _, _ = squatter
    for command, name in (("suspend", user.organization_id), ("unsuspend", "ANN@example.com")):
        done = run(database_url, command, name)
        assert done.returncode == 0, done.stderr
        async with transaction(pool) as conn:
            assert (await accounts.find_login(conn, user.email) is None) is (command == "suspend")


def test_bad_input_is_one_line(database_url):
    for arguments, password, what in (
        (("create", "ann"), "", "E-mail address"),
        (("create", "new@example.com"), "short\n", "Password"),
        (("promote", "nobody@example.com", "--yes"), "", "does not have an account"),
        (("demote", "nobody@example.com"), "", "does not have an account"),
        (("suspend", "nobody@example.com"), "", "nobody@example.com"),
        (("unsuspend", "f" * 24), "", "Organization not found"),
    ):
        refused = run(database_url, *arguments, stdin=password)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.count("\n") == 1
        assert what in refused.stderr
