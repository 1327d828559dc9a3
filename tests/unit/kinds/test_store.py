from datetime import UTC, datetime
from pathlib import Path

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, Done, Finish
from azscraper.kinds.recognise import parse
from azscraper.kinds.store import STORE
from azscraper.kinds.testing import check_kind
from azscraper.kinds.testing.cases import page_of
from azscraper.marketplaces import find
from azscraper.records.store import StoreItem, StoreOptions

CASES = Path(__file__).parents[2] / "cases"
FIRST = "00000000-DE30-4000-8000-000000000001"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
test_store = check_kind(STORE, cases=CASES)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (FIRST, "www.amazon.com"),
        (f"https://www.amazon.de/stores/page/{FIRST.lower()}?ingress=0", "www.amazon.de"),
        (f"https://www.amazon.com/stores/Lumen/page/{FIRST}?ref_=ast_bln", "www.amazon.com"),
        (f"amazon.fr/-/en/stores/Lumen%20et%20Fils/Lampes/page/{FIRST}", "www.amazon.fr"),
    ],
)
def test_what_names_a_store(text, host):
    target = STORE.resolve(text, find("us"))
    assert (target.key, target.marketplace.host) == (FIRST, host)
    assert STORE.address(target) == f"https://{host}/stores/page/{FIRST}"


@pytest.mark.parametrize(
    "text",
    [
        "https://www.amazon.com/stores/Lumen",
        "https://www.amazon.com/stores/author/B000APZ33E",
        f"https://example.com/stores/page/{FIRST}",
        "Lumen",
        "https://www.amazon.com/stores/page/1234",
    ],
)
def test_what_names_none(text):
    with pytest.raises(InvalidInputError, match="brand store's page"):
        STORE.resolve(text, find("us"))


def walked(subpages, fails=()):
    """The steps of a walk over the made-up store, whose pages come from two cases."""
    asked, done = Asked(STORE.resolve(FIRST, find("us")), StoreOptions(subpages=subpages)), ()
    while not isinstance(step := STORE.next(asked, done), Finish):
        page = page_of(CASES / ("store-en" if step.name == "1" else "store-de"))
        failure = "not_found" if step.name in fails else None
        done = (*done, Done(step, None if failure else STORE.reads(page, asked), failure, step.url, NOW))
    return asked, done


def test_the_walk_follows_the_navigation():
    asked, done = walked(5)
    second, third = FIRST[:-1] + "2", FIRST[:-1] + "3"
    assert [one.step.name for one in done] == ["1", f"sub:{second}", f"sub:{third}"]
    assert [one.step.optional for one in done] == [False, True, True]
    found = STORE.rows(asked, done)
    assert [row.position for row in found.records] == [1, 2, 3, 4, 5]
    assert found.summary.coverage.model_dump() == {"have": 5, "total": 3, "complete": True, "reason": None}
    assert [number for number, _ in found.pages] == [2, 3]


def test_without_subpages_one_page_is_read_and_said_to_be_not_all():
    asked, done = walked(None)
    assert len(done) == 1
    coverage = STORE.rows(asked, done).summary.coverage
    assert (coverage.complete, coverage.reason) == (False, None)


def test_a_page_that_does_not_come_is_named():
    asked, done = walked(1, fails=("sub:" + FIRST[:-1] + "2",))
    assert STORE.rows(asked, done).summary.coverage.reason == "not_served"


def test_a_product_in_two_places_is_one_row_with_what_both_say():
    first = parse(page_of(CASES / "store-en").body, "https://www.amazon.com/stores/page/" + FIRST).read.records[0]
    assert isinstance(first, StoreItem)
    assert (first.kind, first.title, first.image is not None) == ("editorial", "Lamp One", True)
    assert (float(first.price.amount), float(first.list_price.amount)) == (161.98, 209.99)
