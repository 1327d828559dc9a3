"""Every command and snippet of README and docs, as a reader would type it, page by page against a fresh ``azscraper up --demo``.

Blocks of ``sh`` and ``python`` run in order, in one folder and one environment a page. A block that can't run says so and why in its
own first line (```` ```sh not-run: reason ````); of those the syntax, the commands and their options are checked.
"""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from acceptance.conftest import forget_sign_ups, running_service
from azscraper.cli import app
from azscraper.client import AzScraper

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<mark>[^\n]+))?\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
PASSWORD = "correct horse"


@dataclass
class Block:
    """A fenced block of a page."""

    language: str
    mark: str | None
    code: str

    @property
    def is_run(self):
        return self.language in {"sh", "python"} and self.mark is None


def blocks(page):
    return [Block(found["language"], found["mark"], found["code"]) for found in BLOCK.finditer(page.read_text())]


def name(page):
    return str(page.relative_to(ROOT))


RUN = [page for page in PAGES if any(block.is_run for block in blocks(page))]


@pytest.fixture(scope="module")
def fresh():
    with running_service("--demo", WEBHOOK_ALLOW_LOOPBACK="true") as service:
        yield service


def logs_in(page):
    """Whether the page does itself what the tutorial ends with."""
    return any("azscraper login" in block.code for block in blocks(page)) or "session.json" in page.read_text()


def after_the_tutorial(url, email, folder):
    """What the end of the tutorial leaves behind, without the start of three commands: files in the folder, and variables."""
    with AzScraper(url) as client:
        login = {"url": url, "token": client.register(email, PASSWORD).access_token, "email": email}
        project = client.create_project("Mine").id
        key = client.create_api_key("scripts").key
    (folder / "config" / "azscraper").mkdir(parents=True)
    (folder / "config" / "azscraper" / "login.json").write_text(json.dumps(login))
    (folder / "project").write_text(f"{project}\n")
    return {"AZSCRAPER_API_KEY": key, "TOKEN": key, "API_BASE": url, "PROJECT_ID": project}


def script(page):
    """The page as one script: every block has its number in front, so that a failure names it."""
    lines = ["set -euo pipefail"]
    for number, block in enumerate(blocks(page), 1):
        if block.is_run:
            code = (
                block.code
                if block.language == "sh"
                else f"{shlex.quote(sys.executable)} - <<'PYTHON'\n{block.code}PYTHON\n"
            )
            lines += [f"echo '--- block {number}' >&2", code]
    return "\n".join(lines)


@pytest.mark.parametrize("page", RUN, ids=name)
def test_everything_on_the_page_runs(fresh, page, tmp_path):
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    forget_sign_ups(fresh)
    environ = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "COLUMNS": "160",
        "AZSCRAPER_URL": fresh.url,
    }
    email = f"{page.stem.lower()}-{page.parent.name}@example.com"
    if not logs_in(page):
        environ |= after_the_tutorial(fresh.url, email, tmp_path)
    code = script(page).replace("http://127.0.0.1:8000", fresh.url).replace("ann@example.com", email)
    # each login reads the password as one line from standard input
    wrapped = code.replace("azscraper login", f"printf '%s\\n' {shlex.quote(PASSWORD)} | azscraper login")
    done = subprocess.run(
        ["bash", "-c", wrapped], cwd=tmp_path, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert '"success":false' not in done.stdout.replace(" ", ""), done.stdout[-3000:]


def test_only_what_cannot_run_is_left_out():
    marked = [(name(page), block.mark) for page in PAGES for block in blocks(page) if block.mark]
    assert all(mark.startswith("not-run: ") and len(mark) > len("not-run: ....") for _, mark in marked), marked
    run = sum(block.is_run for page in PAGES for block in blocks(page))
    assert run > 3 * len(marked)
    languages = {block.language for page in PAGES for block in blocks(page)}
    assert languages <= {"sh", "python", "json", "yaml", "toml", "ini", "nginx", "text"}, (
        "console and bash blocks would not be run"
    )


LEFT_OUT = [
    pytest.param(block, id=f"{name(page)} {block.mark}") for page in PAGES for block in blocks(page) if block.mark
]


@pytest.mark.parametrize("block", LEFT_OUT)
def test_what_is_left_out_is_right_as_far_as_can_be_seen(block):
    if block.language == "python":
        ast.parse(block.code)
        return
    assert subprocess.run(["bash", "-n"], input=block.code, text=True, check=False, capture_output=True).returncode == 0
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for line in block.code.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["azscraper"]:
            parse(words[1:])
        if words[:1] == ["make"]:
            assert words[1] in targets


def parse(words):
    """The command and its options exist, and its arguments are enough; nothing is run."""
    command, context = typer.main.get_command(app), None
    while hasattr(command, "commands") and words and words[0] in command.commands:
        context = command.make_context(command.name, [], parent=context, resilient_parsing=True)
        command, words = command.commands[words[0]], words[1:]
    command.make_context(command.name, list(words), parent=context)


def test_the_site_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(ROOT / "docs"), str(tmp_path / "site")]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stderr
    assert "From nothing to a spreadsheet" in (tmp_path / "site" / "tutorial.html").read_text()
    assert not re.search(
        r'(src|href)="https?://[^"]*\.(js|css|woff2?)"', (tmp_path / "site" / "index.html").read_text()
    )
