"""``azscraper admin create``: the password goes in by standard input, and comes out nowhere."""

import subprocess
import sys

from acceptance.conftest import clean_environ
from azscraper import accounts, admin
from azscraper.db import transaction


def run(database_url, email, password=""):
    command = [sys.executable, "-m", "azscraper", "admin", "create", email]
    environ = clean_environ(DATABASE_URL=database_url)
    return subprocess.run(command, input=password, env=environ, capture_output=True, text=True, timeout=60, check=False)


async def test_the_command_makes_an_operator(pool, database_url):
    made = run(database_url, " Root@example.com", "a long password\n")
    assert made.returncode == 0, made.stderr
    assert "a long password" not in made.stderr + made.stdout
    async with transaction(pool) as conn:
        found = await accounts.find_login(conn, "root@example.com")
    user, _ = accounts.check_password(found, "a long password")
    assert user.principal().is_admin


async def test_the_command_promotes_and_the_password_stays(pool, database_url):
    async with transaction(pool) as conn:
        await accounts.register(conn, email="ann@example.com", password_hash="hers", name=None, plan="free")
    for _ in range(2):
        assert run(database_url, "ANN@example.com").returncode == 0
    async with transaction(pool) as conn:
        assert (await admin.find_user(conn, "ann@example.com")).role == "admin"
        assert (await accounts.find_login(conn, "ann@example.com"))[1] == "hers"


def test_bad_input_is_one_line(database_url):
    for email, password, what in (("ann", "", "E-mail address"), ("new@example.com", "short\n", "Password")):
        refused = run(database_url, email, password)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.count("\n") == 1
        assert what in refused.stderr
