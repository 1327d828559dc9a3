"""The parsers against the labels: one item a field; a field that gets worse is one red line."""

import importlib.util
import sys
from pathlib import Path

import pytest

_PATH = Path(__file__).parents[2] / "scripts" / "score.py"
_SPEC = importlib.util.spec_from_file_location("score", _PATH)
score = importlib.util.module_from_spec(_SPEC)
sys.modules["score"] = score
_SPEC.loader.exec_module(score)

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
}
_FEW = 5
"""Fields that fewer pages show say too little."""
_GOAL = 0.97
_STRICT_GOAL = 0.99

KNOWN = {
    ("product", "videosCount"): 0.952,  # a page of 2026 whose films are in no script of the gallery
    ("row", "badges"): 0.939,  # one amazon.in page of 2025 whose deal labels people did not count as badges
    ("row", "otherOffersCount"): 0.944,  # five of 90: "More Buying Choices" in tiles of 2025 on
    ("row", "otherOffersFrom"): 0.945,
    ("row", "price"): 0.953,  # "Or $9.49 to buy MP3", loans and subscriptions before the price to buy
    ("row", "unitPrice"): 0.761,  # ten of 42: "($5.11/Ounce)" of row layouts of 2020
    ("row", "variantCount"): 0.932,  # four of 59, swatches of two amazon.com.br pages of 2025 and 2026
    ("page", "keyword"): 0.955,  # two pages without a keyword, read from their title
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


def check(scores, table, field):
    found = scores[table][field]
    wanted = KNOWN.get((table, field), _STRICT_GOAL if field in _STRICT else _GOAL)
    if max(found.shown, found.read) >= _FEW:
        assert min(found.precision, found.recall) >= wanted, "\n".join(found.wrong)
