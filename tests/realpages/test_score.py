"""The parsers against the labels: one item a field; a field that gets worse is one red line."""

import importlib.util
import sys
from pathlib import Path

import pytest

_PATH = Path(__file__).parents[2] / "scripts" / "score.py"
sys.path.insert(0, str(_PATH.parent))
_SPEC = importlib.util.spec_from_file_location("score", _PATH)
score = importlib.util.module_from_spec(_SPEC)
sys.modules["score"] = score
_SPEC.loader.exec_module(score)
silent_sources = importlib.import_module("silent_sources")

pytestmark = pytest.mark.xdist_group("scores")  # each test process that has one of them reads all pages

_STRICT = {
    "title",
    "asin",
    "price",
    "listPrice",
    "rating",
    "ratingCount",
    "availabilityStatus",
    "sponsored",
    "position",
    "rank",
    "currency",
    "seller",
}
_FEW = 5
"""Fields that fewer pages show say too little."""
_GOAL = 0.97
_STRICT_GOAL = 0.99

KNOWN = {
    ("product", "videosCount"): 0.952,  # a page of 2026 whose films are in no script of the gallery
}
"""What falls short of the goal, as far as it has come: a bound to be raised, never lowered."""


@pytest.fixture(scope="session")
def scores(pages_dir):
    urls = score.urls_of(pages_dir)
    rows, pages = score.score_search(pages_dir, urls)
    return {
        "product": score.score_products(pages_dir, urls),
        "row": rows,
        "page": pages,
        "kind": score.score_kinds(pages_dir, urls),
    }


@pytest.mark.parametrize("field", sorted(score.PRODUCT))
def test_product_field(scores, field):
    check(scores, "product", field)


@pytest.mark.parametrize("field", sorted(score.ROW))
def test_search_row_field(scores, field):
    check(scores, "row", field)


@pytest.mark.parametrize("field", [*score.SUMMARY, "asins"])
def test_search_page_field(scores, field):
    check(scores, "page", field)


def test_every_page_is_named_for_what_it_is(scores):
    assert [line for one in scores["kind"].values() for line in one.wrong] == []


@pytest.fixture(scope="session")
def other_kinds():
    return score.score_other_kinds() or pytest.skip("the folder of pages of other kinds is not here")


@pytest.mark.parametrize("kind", score.kinds_with_labels())
def test_fields_of_another_kind(other_kinds, kind):
    wanted = {field: _STRICT_GOAL if field.rpartition(".")[2] in _STRICT else _GOAL for field in other_kinds[kind]}
    poor = {
        field: found.wrong
        for field, found in other_kinds[kind].items()
        if min(found.precision, found.recall) < wanted[field]
    }
    assert poor == {}


def check(scores, table, field):
    found = scores[table][field]
    wanted = KNOWN.get((table, field), _STRICT_GOAL if field in _STRICT else _GOAL)
    if max(found.shown, found.read) >= _FEW:
        assert min(found.precision, found.recall) >= wanted, "\n".join(found.wrong)


UNPROVEN = {
    "subscribe_and_save", "subscription", "seller_rating", "seller_rating_count", "seller_positive_percent", "bundle_items", "is_bundle",
}  # fmt: skip
"""Fields of a product that no recorded page shows: their sources are known from public descriptions."""


def test_the_sources_that_never_win_are_told_and_those_that_do_are_not(pages_dir):
    silent = silent_sources.silent_sources(pages_dir, score.urls_of(pages_dir))
    assert "price block of the centre column" not in silent["price"]
    assert all(set(sources) <= set(silent_sources.sources_of(score.Product, name)) for name, sources in silent.items())
    unproven = {
        name for name, sources in silent.items() if len(sources) == len(silent_sources.sources_of(score.Product, name))
    }
    assert unproven <= UNPROVEN
    proven = (sources for name, sources in silent.items() if name not in unproven)
    assert sum(map(len, proven)) <= 100  # a bound to be lowered, never raised
