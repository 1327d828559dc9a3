"""The sentence of an alert as the body that the API takes."""

import pytest
from starlette.datastructures import FormData

from azscraper.errors import InvalidInputError
from azscraper.web import alerting
from azscraper.web.dashboard import language, refusals
from azscraper.web.dashboard.pages import sentences
from azscraper.web.dashboard.pages.sentences import Choices

DE, US = "www.amazon.de", "www.amazon.com"
LIST = "0" * 24


def said(choices=None, **fields):
    rule = sentences.rule_of(FormData({"what": "", "product": "price_changes"} | fields), choices or Choices())
    return rule.model_dump(by_alias=True, exclude_unset=True, mode="json")


@pytest.mark.parametrize(
    ("fields", "what", "when"),
    [
        ({"what": f"list:{LIST}", "product": "price_target"}, {"listId": LIST, "marketplaces": []}, {"value": "target"}),
        ({"product": "undercut"}, {"marketplaces": []}, {"field": "price", "op": "below", "value": "own"}),
        ({"what": "tag:my: kettle"}, {"tag": "my: kettle", "marketplaces": []}, {"op": "changes"}),
        (
            {"what": "products", "products": "b000000001,\nB000000002", "marketplace": DE, "product": "price_below", "product_value": "19,90"},
            {"products": ["b000000001", "B000000002"], "marketplaces": [DE]},
            {"op": "below", "value": 19.9},
        ),
        (
            {"what": "keyword", "keyword_text": "tea kettle", "keyword": "position_enters", "keyword_value": "3"},
            {"keyword": "tea kettle", "products": [], "marketplaces": []},
            {"field": "position", "op": "enters_top", "value": 3.0},
        ),
        ({"product": "buy_box_lost", "product_seller": "Anna"}, {"marketplaces": []}, {"field": "buyBoxLost", "value": "Anna"}),
        ({"what": "run", "run": "overdue", "run_value": "5", "marketplace": DE}, {"runs": True}, {"field": "overdue", "value": 5.0}),
    ],
)  # fmt: skip
def test_what_a_sentence_says(fields, what, when):
    body = said(**fields)
    assert body["what"] == what
    assert when.items() <= body["when"][0].items()


def test_options_are_left_out_or_said():
    assert said().keys() == {"what", "when", "digest", "rearm"}
    body = said(
        digest="weekly", weekday="friday", at="09:30", timezone="Europe/Berlin", again="hours", again_hours="12",
        quiet_from="22:00", quiet_to="07:00", name="Mine",
    )  # fmt: skip
    assert body["digest"] == {"every": "weekly", "weekday": "friday", "at": "09:30", "timezone": "Europe/Berlin"}
    assert body["rearm"] == {"after": "hours", "hours": 12}
    assert body["quietHours"] == {"from": "22:00", "to": "07:00", "timezone": "Europe/Berlin"}
    assert body["name"] == "Mine"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"product": "nonsense"}, "product"),
        ({"product": "price_drops"}, "product_value"),
        ({"product": "price_drops", "product_value": "much"}, "product_value"),
        ({"product": "buy_box_lost"}, "product_seller"),
        ({"product": "price_below", "product_value": "20"}, "marketplace"),
        ({"what": "products"}, "products"),
        ({"what": "keyword", "keyword": "position_appears"}, "keyword_text"),
    ],
)
def test_what_is_missing_is_named_as_the_form_does(fields, field):
    with pytest.raises(InvalidInputError) as error:
        said(**fields)
    assert [detail.field for detail in error.value.details] == [field]


@pytest.mark.parametrize("what", ["products", "keyword"])
@pytest.mark.parametrize("bad", ["B0DEMO009", "https://a.example", "“B0DEMO009”", "it's'"])
def test_a_line_that_is_no_asin_is_named(what, bad):
    with pytest.raises(InvalidInputError) as error:
        said(
            what=what, products=f"\nB0DEMO0001, b0demo0002 {bad}\nx", keyword_text="kettle", keyword="position_appears"
        )
    (detail,) = error.value.details
    said_of = [refusals.in_words(detail.message, language.texts(code).gettext) for code in ("en", "de")]
    assert detail.field == "products"
    assert said_of == [
        f"Line 2: “{bad}” is not an ASIN. Write ten letters and digits, for example B0DEMO0001.",
        f"Zeile 2: „{bad}“ ist keine ASIN. Schreiben Sie zehn Buchstaben und Ziffern, zum Beispiel B0DEMO0001.",
    ]


def test_lines_of_what_is_not_chosen_are_not_read():
    assert said(what="", products="kettle")["what"] == {"marketplaces": []}


def test_the_only_marketplace_there_is_sets_the_currency():
    fields = {"product": "price_below", "product_value": "20"}
    assert said(Choices(hosts=[DE]), **fields)["what"]["marketplaces"] == [DE]
    with pytest.raises(InvalidInputError):
        said(Choices(hosts=[DE, US]), **fields)


@pytest.mark.parametrize(
    ("about", "key"), [(about, key) for about, endings in sentences.ENDINGS.items() for key in endings]
)
def test_every_ending_is_a_rule(about, key):
    what = {"product": "", "keyword": "keyword", "run": "run"}[about]
    fields = {
        "what": what,
        about: key,
        f"{about}_value": "3",
        "marketplace": DE,
        "keyword_text": "kettle",
        "product_seller": "Anna",
    }
    rule = sentences.rule_of(FormData(fields), Choices())
    assert alerting.draft_of(rule).name
