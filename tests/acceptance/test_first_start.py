"""The first start where others can connect: one line to open, a set-up link, and invitations from then on."""

import subprocess
import sys

import httpx
import pytest

from acceptance.conftest import clean_environ, free_port, prepared_data_dir, running

PASSWORD = "correct horse\n"


@pytest.fixture(scope="module")
def started():
    """The line that ``up`` prints, its address on this machine, and the folder of its data."""
    port = free_port()
    with prepared_data_dir() as data_dir:
        environ = clean_environ(DATA_DIR=data_dir, LOG_LEVEL="error")
        command = ["azscraper", "up", "--host", "0.0.0.0", "--port", str(port)]  # noqa: S104 - what the image does
        with running(command, environ, stdout=subprocess.PIPE, text=True) as process:
            yield process.stdout.readline(), f"http://localhost:{port}", data_dir


def command(*arguments, data_dir, config, stdin=""):
    environ = clean_environ(DATA_DIR=data_dir) | {"XDG_CONFIG_HOME": str(config)}
    argv = [sys.executable, "-m", "azscraper", *arguments]
    return subprocess.run(argv, input=stdin, env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_a_newcomer_sets_up_by_the_link_and_invites_others(started, tmp_path):
    line, url, data_dir = started
    assert line.startswith(f"AzScraper is ready: open {url}/app/signup?invitation=")
    link = line.split()[4]
    assert httpx.get(link, timeout=60).status_code == 200

    def sign_up(email, *more):
        arguments = ("login", "--register", "--email", email, "--url", url, *more)
        return command(*arguments, data_dir=data_dir, config=tmp_path / email, stdin=PASSWORD)

    refused = sign_up("stranger@example.com")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "not set up yet" in refused.stderr
    made = sign_up("root@example.com", "--invitation", link)
    assert made.returncode == 0, made.stderr
    token = httpx.post(
        f"{url}/auth/login", json={"email": "root@example.com", "password": PASSWORD.strip()}, timeout=60
    ).json()
    stats = httpx.get(f"{url}/admin/stats", headers={"Authorization": f"Bearer {token['accessToken']}"}, timeout=60)
    assert stats.status_code == 200
    refused = sign_up("stranger@example.com", "--invitation", link)
    assert (refused.returncode, "ask the operator of this installation for a new link" in refused.stderr) == (2, True)
    invited = command("admin", "invite", "--url", url, "--note", "Bob", data_dir=data_dir, config=tmp_path)
    assert invited.stdout.startswith(f"{url}/app/signup?invitation="), invited.stderr
    assert sign_up("bob@example.com", "--invitation", invited.stdout.strip()).returncode == 0
    listed = command("admin", "invitations", data_dir=data_dir, config=tmp_path)
    assert ("used" in listed.stdout, "Bob" in listed.stdout) == (True, True)
