"""What a form says of a wrong field: a sentence of ours in both languages, whatever the library behind it says."""

from datetime import UTC, datetime

import pytest

from azscraper.crawl.policy import Verdict, decide_page
from azscraper.errors import InvalidInputError
from azscraper.kinds.registry import kinds
from azscraper.records.options import described
from azscraper.web.dashboard import language
from azscraper.web.dashboard.explanations import reason
from azscraper.web.dashboard.forms import read
from azscraper.web.dashboard.refusals import in_words
from azscraper.wire.crawls import JobConfig, NewSchedule
from azscraper.wire.new_lists import ItemChange, RefreshIn
from azscraper.wire.requests import NewProject, NewWebhook, ProjectChange, Registration

REFUSED = [
    (NewProject, {"name": ""}, "Fill this in.", "Füllen Sie dies aus."),
    (NewProject, {"name": "n" * 201}, "Write at most 200 characters.", "Schreiben Sie höchstens 200 Zeichen."),
    (NewProject, {}, "Fill this in.", "Füllen Sie dies aus."),
    (Registration, {"email": "ann", "password": "correct horse"}, "Write an e-mail address", "E-Mail-Adresse"),
    (Registration, {"email": "ann@example.com", "password": "x"}, "Write at least 8 characters.", "mindestens 8"),
    (ProjectChange, {"change_thresholds": {"price_percent": "much"}}, "Write a number, for", "Schreiben Sie eine Zahl"),
    (ProjectChange, {"change_thresholds": {"price_percent": 1001}}, "Write 1000 or less.", "Schreiben Sie höchstens 1000."),
    (ProjectChange, {"change_thresholds": {"rating": -1}}, "Write 0 or more.", "Schreiben Sie mindestens 0."),
    (ItemChange, {"target_price": "cheap"}, "Write a number, for", "Schreiben Sie eine Zahl"),
    (ItemChange, {"tags": ["t"] * 30}, "Choose at most 20.", "Wählen Sie höchstens 20."),
    (RefreshIn, {"every": "day", "until": "never"}, "Write a day, for example 2026-12-31.", "Schreiben Sie einen Tag"),
    (NewWebhook, {"url": "https://a.example", "events": ["moon"]}, "Choose one of these: 'job", "Wählen Sie eines davon"),
    (NewSchedule, {"cron": "0 8 * * *"}, "Fill this in.", "Füllen Sie dies aus."),
]  # fmt: skip
OURS = [
    ("is not an IANA time zone such as Europe/Berlin", "Choose a time zone of the list, for example Europe/Berlin."),
    ("has 3 fields; write 5 (minute, hour, …), for example 0 8 * * *", "Write five parts with spaces between, for example 0 8 * * *."),
    ("line 7: nothing was recognised", "Line 7: Nothing of it is recognised. Write one per line, for example B0DEMO0001 or the address of a product."),
    ("is longer than 2048 characters", "Write at most 2048 characters."),
    ("has 100% of something new", "has 100% of something new"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "values", "english", "german"), REFUSED)
def test_what_the_library_finds_is_a_sentence_of_ours(body, values, english, german):
    with pytest.raises(InvalidInputError) as refused:
        read(body, values)
    message = refused.value.details[0].message
    assert "Input should" not in message
    assert in_words(message, language.texts("en").gettext).startswith(english)
    assert german in in_words(message, language.texts("de").gettext)


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_no_option_is_refused_in_the_librarys_words(kind):
    for option in described(kind.options):
        for value in ("soon", -5, 10**12, "x" * 5000):
            for found in JobConfig.of_json({option.key: value}).as_options(kind.options)[1]:
                german = in_words(found.message, language.texts("de").gettext)
                assert "should" not in german, (option.key, found.message)
                assert "must" not in german, (option.key, found.message)


@pytest.mark.parametrize(("message", "sentence"), OURS)
def test_messages_of_features_are_sentences(message, sentence):
    assert in_words(message, language.texts("en").gettext) == sentence


TROUBLE = {
    "missing": "Check the ASIN and whether this marketplace sells it.",
    "other": "The page is of no known kind.",
    "attempts": 3,
    "retry_after": None,
    "now": datetime(2026, 11, 30, tzinfo=UTC),
    "base_seconds": 1,
    "jitter": 0,
}


@pytest.mark.parametrize("max_retries", [0, 9])
@pytest.mark.parametrize("status", [200, 404, 418, 429, 503])
@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.WANTED}))
def test_what_happened_to_a_target_is_said_in_german(verdict, status, max_retries):
    message = decide_page(verdict, status, max_retries=max_retries, **TROUBLE).message
    said = reason(message, language.texts("de").gettext)
    assert not {"The", "Check", "Retry", "Open", "It", "If", "Lower"} & set(said.split()), said
    assert reason(message, str) == message
