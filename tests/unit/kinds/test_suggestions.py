"""Suggestions: what is a target, what is asked for, and what answers of any form come to."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, Done, Finish
from azscraper.kinds.recognise import parse
from azscraper.kinds.suggestions import SUGGESTIONS
from azscraper.kinds.suggestions.letters import MOST, letters_of
from azscraper.kinds.testing import check_kind
from azscraper.marketplaces import MARKETPLACES, by_host
from azscraper.records.pages import Read
from azscraper.records.suggestions import Department, Suggestion, SuggestionsOptions

CASES = Path(__file__).parents[2] / "cases"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
URL = "https://completion.amazon.com/api/2017/suggestions?prefix=kett&alias=aps"

test_suggestions = check_kind(SUGGESTIONS, cases=CASES)


def asked(text="kett", host="www.amazon.com", **options):
    return Asked(SUGGESTIONS.resolve(text, by_host(host)), SuggestionsOptions.model_validate(options))


def walked(wanted):
    """The addresses of all steps, of which none fails."""
    done, urls = (), []
    while not isinstance(step := SUGGESTIONS.next(wanted, done), Finish):
        urls.append(step.url)
        done = (*done, Done(step, Read(), None, step.url, NOW))
    return urls, done


def prefixes(urls):
    return [parse_qs(urlsplit(url).query)["prefix"][0] for url in urls]


def test_a_text_is_asked_of_the_host_of_the_marketplace_under_its_id():
    (url,), _ = walked(asked("wireless  earb ", "www.amazon.de", alias="electronics"))
    query = parse_qs(urlsplit(url).query)

    assert urlsplit(url).hostname == "completion.amazon.de"
    assert (query["prefix"], query["alias"], query["mid"], query["lop"]) == (
        ["wireless earb"],
        ["electronics"],
        ["A1PA6795UKMFR9"],
        ["de_DE"],
    )


@pytest.mark.parametrize(
    ("host", "beginning", "count"),
    [
        ("www.amazon.com", ["kett", "kett a", "kett b"], 27),
        ("www.amazon.de", ["kett", "kett a", "kett b"], 30),
        ("www.amazon.co.jp", ["kett", "kett あ", "kett い"], 45),
        ("www.amazon.com.tr", ["kett", "kett a", "kett b"], 30),
    ],
)
def test_with_depth_each_letter_of_the_first_language_is_asked_for(host, beginning, count):
    wanted = asked(host=host, depth=1)
    urls, done = walked(wanted)

    assert prefixes(urls)[:3] == beginning
    assert len(urls) == len(set(urls)) == count == SUGGESTIONS.steps(wanted)
    assert [one.step.optional for one in done] == [False] + [True] * (count - 1)


@pytest.mark.parametrize(("answered", "spent"), [(1, 1), (2, 2), (11, 2), (12, 3), (27, 4)])
def test_a_target_costs_one_and_one_more_for_each_ten_requests_beyond_the_first(answered, spent):
    wanted = asked(depth=1)
    _, done = walked(wanted)
    done = (*done[:answered], *(Done(one.step, None, "timeout", one.url, NOW) for one in done[answered:]))

    assert SUGGESTIONS.credits(wanted, done) == spent <= SUGGESTIONS.price(wanted.options)


def test_no_alphabet_is_longer_than_what_is_reserved():
    for site in MARKETPLACES.values():
        letters = letters_of(site.languages[0])
        assert len(set(letters)) == len(letters) <= MOST


def test_a_site_without_a_host_of_its_own_says_so():
    without = [site.host for site in MARKETPLACES.values() if site.completion is None]

    assert "www.amazon.eg" in without
    for host in without:
        with pytest.raises(InvalidInputError, match="no host is known that completes searches"):
            asked(host=host)


@pytest.mark.parametrize("text", ["", " ", "x" * 121, "https://completion.amazon.com/api/2017/suggestions"])
def test_what_is_no_beginning_of_a_search(text):
    with pytest.raises(InvalidInputError):
        asked(text)


def test_the_address_of_an_answer_is_what_was_typed_there():
    target = SUGGESTIONS.resolve("https://completion.amazon.co.jp/api/2017/suggestions?prefix=%E9%9B%BB", by_host("www.amazon.de"))  # fmt: skip
    assert (target.key, target.marketplace.host) == ("電", "www.amazon.co.jp")


FORMS = [
    {"suggestions": [{"value": "kettle"}, {"value": "kettle cover"}]},
    {"prefix": "kett", "suggestions": ["kettle", "kettle cover"]},
    ["kett", ["kettle", "kettle cover"]],
    ["kett", ["kettle", "kettle cover"], [{}, {"nodes": "none"}], []],
    {"alias": "aps", "suggestions": [{"value": " kettle "}, {"value": None}, {}, "kettle cover", 3, ["x"]]},
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrapped", ["{}", "completion = {};String();", "call.back({})"])
@pytest.mark.parametrize("media_type", ["application/json", "text/javascript; charset=UTF-8", "text/html"])
def test_only_the_value_of_a_suggestion_is_sure(form, wrapped, media_type):
    body = wrapped.format(orjson.dumps(form).decode()).encode()
    parsed = parse(body, URL, media_type=media_type)

    assert parsed.kind == "suggestions"
    assert [(one.value, one.prefix, one.position) for one in parsed.read.records] == [
        ("kettle", "kett", 1),
        ("kettle cover", "kett", 2),
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"alias":"aps","prefix":"zzz","suggestions":[]}', "empty_suggestions"),
        (b'["zzz",[]]', "empty_suggestions"),
        (b'{"suggestions":[]}', "unknown"),
        (b'{"suggestions":[{"title":"x"}]}', "unknown"),
        (b'["a","b"]', "unknown"),
        (b"[1,[2]]", "unknown"),
        (b"completion = [", "unknown"),
    ],
)
def test_what_is_no_list_of_suggestions(body, kind):
    assert parse(body, URL, media_type="application/json").kind == kind


def test_each_suggestion_comes_once_unless_it_searches_in_another_department():
    def one(value, prefix, department=None):
        return Suggestion(value=value, prefix=prefix, department=department and Department(alias=department))

    wanted = asked(depth=1)
    _, steps = walked(wanted)
    answers = [
        [one("kettle", "kett"), one("kettle", "kett", "kitchen")],
        [one("Kettle", "kett a"), one("kettle a", "kett a")],
    ]
    done = tuple(Done(step.step, Read(tuple(rows)), None, URL, NOW) for step, rows in zip(steps, answers, strict=False))
    done = (*done, Done(steps[2].step, None, "timeout", URL, NOW))
    found = SUGGESTIONS.rows(wanted, done)

    assert [(row.value, row.prefix) for row in found.records] == [
        ("kettle", "kett"),
        ("kettle", "kett"),
        ("kettle a", "kett a"),
    ]
    assert (found.summary.requests, found.summary.coverage.complete) == (2, False)
    assert found.summary.coverage.reason == "not_served"
