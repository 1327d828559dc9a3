"""The dashboard's texts: everything has a German translation, and every code of ours an explanation."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from azscraper.errors import FetchError
from azscraper.kinds.registry import BUILT_IN
from azscraper.records.options import described
from azscraper.web.dashboard import language, render
from azscraper.web.dashboard.explanations import TARGET_ERRORS, error_help
from azscraper.web.dashboard.language import words

ROOT = Path(__file__).parents[3]


def test_every_text_has_a_translation():
    command = [sys.executable, str(ROOT / "scripts" / "messages"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_every_target_error_is_explained():
    kinds = [FetchError, *FetchError.__subclasses__()]
    for code in {kind.code for kind in kinds} | {"not_found", "blocked", "parse_error", "invalid"}:
        help_ = error_help(code)
        assert help_ is TARGET_ERRORS[code]
        assert language.texts("de").gettext(help_.advice) != help_.advice


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_a_built_in_kind_reads_in_german(kind):
    assert language.texts("de").gettext(kind.label) != kind.label
    form = render._environment("de").get_template("_crawl_options.html")  # noqa: SLF001 - a part of pages
    labels = form.make_module({"theme": ""}).LABELS
    own = {option.key for option in described(kind.options)} - {"marketplace"}  # which has a place of its own
    assert own <= set(labels)


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("en", {"amount": 1299.5, "currency": "EUR"}, "€1,299.50"),
        ("de", {"amount": 1299.5, "currency": "EUR"}, "1.299,50\xa0€"),
        ("en", {"amount": 1299, "currency": "JPY"}, "¥1,299"),
        ("en", {"amount": None, "currency": None}, "–"),
        ("en", None, "–"),
    ],
)
def test_money_reads_as_in_the_language(code, value, text):
    assert words(code).money(value) == text


@pytest.mark.parametrize(
    ("code", "cron", "text"),
    [
        ("en", "0 6 * * 1-5", "At 06:00, Monday through Friday"),
        ("de", "0 6 * * 1-5", "Um 06:00, Montag bis Freitag"),
        ("en", "@daily", "At 00:00"),
        ("en", "not cron", "not cron"),
    ],
)
def test_a_schedule_reads_as_words(code, cron, text):
    assert words(code).cron(cron) == text


@pytest.mark.parametrize(
    ("code", "text"), [("en", "Sunday 29 November, 07:00"), ("de", "Sonntag, 29. November, 07:00")]
)
def test_a_date_reads_as_in_the_language(code, text):
    at = datetime(2026, 11, 29, 6, tzinfo=UTC)
    assert f"{words(code).day_in(at, 'Europe/Berlin')}, {words(code).clock_in(at, 'Europe/Berlin')}" == text


def test_ratings_have_one_decimal():
    assert [words("de").rating(value) for value in (4, 4.25, None)] == ["4,0", "4,25", "–"]


@pytest.mark.parametrize(
    ("code", "value", "currency", "text"),
    [
        ("en", 40, "USD", "$40"),
        ("de", 40, "EUR", "40\xa0€"),
        ("en", 3000, "EGP", "3,000"),
        ("en", 99.5, "SAR", "99.5"),
        ("en", 1200, None, "1,200"),
    ],
)
def test_what_stands_beside_a_chart_leaves_out_a_currency_that_is_too_long(code, value, currency, text):
    assert words(code).axis(value, currency) == text
