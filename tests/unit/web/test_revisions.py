"""The change of an alert: each of its conditions is written anew, and what is no number is refused by its field."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from starlette.datastructures import FormData

from azscraper.errors import ConflictError, InvalidInputError
from azscraper.tracking.alerts.alerts import Draft
from azscraper.tracking.alerts.rules import Condition, What
from azscraper.web.dashboard.pages import revisions
from azscraper.words import AlertEvery, AlertMatch, AlertOp, AlertUnit

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
DROP = Condition("price", AlertOp.DROPS_BY, Decimal(10), AlertUnit.PERCENT, 7)
LOST = Condition("buyBoxLost", AlertOp.HAPPENS, "Anna")
GOAL = Condition("price", AlertOp.BELOW, "target")
UNDERCUT = Condition("price", AlertOp.BELOW, "own")
PLACE = Condition("position", AlertOp.ENTERS_TOP, Decimal(10))
FAILED = Condition("failed", AlertOp.HAPPENS)
REVIEW = Condition("reviewBelow", AlertOp.HAPPENS, Decimal(3))
RULE = Draft("price drops by 10 %", What(), (DROP, LOST, GOAL, UNDERCUT))


def revised(draft=RULE, **fields):
    old = SimpleNamespace(draft=draft, updated_at=NOW)
    return revisions.revised(old, FormData({"seen": NOW.isoformat()} | fields), "en")


def test_a_state_is_not_written():
    gone = Condition("availability", AlertOp.CHANGES_TO, "out_of_stock")
    draft = Draft("availability changes to out of stock", What(), (gone, LOST))
    assert [one.value for one in revisions.slots(draft, "en")] == [None, "Anna"]
    assert revised(draft, value_0="nonsense").when == (gone, LOST)


def test_each_condition_has_a_slot_with_what_can_be_written():
    found = revisions.slots(RULE, "en")
    assert [(one.said, one.value, one.days) for one in found] == [
        ("price drops by 10%", "10", 7),
        ("Anna loses the buy box", "Anna", None),
        ("price below target", None, None),
        ("price below my cheapest product in the list", None, None),
    ]


@pytest.mark.parametrize(
    ("fields", "when"),
    [
        ({}, (DROP, LOST, GOAL, UNDERCUT)),
        ({"value_0": "5,5", "days_0": "30"}, (replace(DROP, value=Decimal("5.5"), days=30), LOST, GOAL, UNDERCUT)),
        ({"value_1": "Bert", "value_2": "5", "value_3": "5"}, (DROP, replace(LOST, value="Bert"), GOAL, UNDERCUT)),
        ({"leave_0": "1", "leave_3": "1", "value_0": "much"}, (LOST, GOAL)),
        ({"value_0": "", "days_0": "", "days_1": "3"}, (DROP, LOST, GOAL, UNDERCUT)),
    ],
)
def test_what_is_written_stands_in_the_rule(fields, when):
    assert revised(**fields).when == when


@pytest.mark.parametrize(
    ("draft", "about", "has", "lacks"),
    [
        (RULE, "product", {"price_drops", "in_stock"}, {"price_below", "review_below"}),
        (replace(RULE, currency="EUR"), "product", {"price_below"}, {"review_below"}),
        (replace(RULE, what=What(marketplaces=("www.amazon.de",))), "product", {"price_below"}, set()),
        (Draft("", What(keyword="mug"), (PLACE,)), "keyword", {"position_leaves"}, {"price_drops"}),
        (Draft("", What(runs=True), (FAILED,)), "run", {"overdue"}, {"price_drops"}),
        (Draft("", What(), (REVIEW,)), "product", {"review_below"}, {"price_drops"}),
    ],
)
def test_what_can_join_a_rule_is_sound_with_it(draft, about, has, lacks):
    [(named, found)] = revisions.addable(draft).items()
    assert (named, found.keys() & (has | lacks)) == (about, has)
    for key, said in found.items():
        written = {about: key, f"{about}_value": "3", "product_seller": "Anna"}
        joined = revised(draft, **written)
        joined.require_sound()
        assert joined.when[:-1] == draft.when
        assert joined.when[-1].field == said.condition["field"]


def test_a_rule_of_ten_conditions_and_one_of_a_share_take_no_more():
    share = Draft("", What(keyword="mug", products=("B0DEMO0001",)), (Condition("share", AlertOp.BELOW, Decimal(1)),))
    for draft in (Draft("", What(), (DROP,) * 10), share):
        assert revisions.addable(draft) == {}
        assert revised(draft, product="in_stock", keyword="position_enters").when == draft.when


def test_an_amount_of_money_that_joins_brings_its_currency():
    draft = replace(RULE, what=What(marketplaces=("www.amazon.de",)))
    assert revised(draft, product="price_below", product_value="5").currency == "EUR"
    assert revised(draft, product="in_stock").currency is None


def test_a_name_that_says_the_first_condition_says_the_new_one():
    for said in ("price drops by 10%", "price drops by 10 %", "Preis fällt um 10 %"):
        assert revised(replace(RULE, name=said), value_0="5", name=said).name == "price drops by 5%"
    assert revised(value_0="5", name="Mine").name == "Mine"
    changed = revised(digest="daily", match="any")
    assert (changed.digest.every, changed.match) == (AlertEvery.DAILY, AlertMatch.ANY)


@pytest.mark.parametrize(
    ("field", "written"),
    [("value_0", one) for one in ("much", "NaN", "-1", "Infinity", "1e99")]
    + [("days_0", one) for one in ("0", "x", "-3", "3651", "9" * 30, "3\u00b2")],
)
def test_what_is_no_number_is_refused_by_its_field(field, written):
    with pytest.raises(InvalidInputError) as error:
        revised(**{field: written})
    assert error.value.details[0].field == field


def test_one_condition_stays_and_what_somebody_else_changed_is_not_written_over():
    with pytest.raises(InvalidInputError):
        revised(**{f"leave_{at}": "1" for at in range(4)})
    with pytest.raises(ConflictError):
        revised(seen="2026-11-30T07:00:00+00:00")
