"""The documents are true: generated pages are fresh, every name that can be set or met is described, links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import azscraper
from azscraper.client.account import Account
from azscraper.client.colours import listing, operation
from azscraper.client.jobs import Job
from azscraper.client.routes import Routes
from azscraper.config import Settings
from azscraper.errors import FetchError
from azscraper.records import PARSER_VERSION, Product, SearchRow
from azscraper.records.field_texts import texts_of_classes
from azscraper.records.parts import Record
from azscraper.webhooks.policy import DELAYS
from azscraper.words import EventType

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def test_the_reference_pages_are_fresh():
    command = [sys.executable, str(ROOT / "scripts" / "reference.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_every_setting_has_a_description():
    assert texts_of_classes("azscraper.config")["Settings"].keys() == Settings.model_fields.keys()


def test_every_target_error_is_documented():
    text = (REFERENCE / "errors.md").read_text()
    kinds = [FetchError, *FetchError.__subclasses__()]
    for code in {kind.code for kind in kinds} | {"not_found", "blocked", "parse_error", "invalid"}:
        assert f"`{code}`" in text


def test_every_event_is_documented():
    text = (ROOT / "docs" / "webhooks.md").read_text()
    for event in EventType:
        assert f"| `{event}` |" in text
    assert len(DELAYS) == 9, "the page names the nine delays"


def _records(kind):
    return [kind, *(found for child in kind.__subclasses__() for found in _records(child))]


@pytest.mark.parametrize("kind", _records(Record), ids=lambda kind: kind.__name__)
def test_every_record_says_what_it_is(kind):
    assert kind.__doc__


def test_every_field_is_in_the_reference():
    text = (REFERENCE / "records.md").read_text()
    for record in (Product, SearchRow):
        for field in record.model_fields.values():
            assert f"| `{field.alias}` |" in text


def test_every_method_of_the_client_is_in_the_reference():
    text = (REFERENCE / "client.md").read_text()
    found = {
        name
        for one in (*Routes.__mro__, *Account.__mro__, *Job.__mro__)
        for name, kind in vars(one).items()
        if isinstance(kind, operation | listing)
    }
    assert len(found) > 90
    assert [name for name in sorted(found) if f"\n### {name}\n" not in text] == []


@pytest.mark.parametrize(
    "page", [p.relative_to(ROOT) for p in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]], ids=str
)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)", (ROOT / page).read_text()):
        if "://" not in link:
            assert (ROOT / page).parent.joinpath(link).exists(), link


def test_the_changelog_tells_of_this_version_and_the_parsers_page_of_this_parser():
    assert azscraper.__version__ in (ROOT / "pyproject.toml").read_text()
    newest = re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1]
    assert newest == azscraper.__version__
    assert f"## {PARSER_VERSION}\n" in (REFERENCE / "parser-versions.md").read_text()


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_whole(page):
    cells = None
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if not line.startswith("|"):
            cells = None
            continue
        found = len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line)))
        assert line.rstrip().endswith("|"), f"{page.name}:{number}: a line break ends the table"
        assert cells in {None, found}, f"{page.name}:{number}: {found - 1} cells, the row before has {cells - 1}"
        cells = found
