"""The page of accuracy: every label speaks of a field of a record, and values of other parsers are read in their favour."""

import importlib
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def accuracy():
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return importlib.import_module("accuracy")
    finally:
        sys.path.remove(str(ROOT / "scripts"))


def test_every_label_speaks_of_a_field(accuracy):
    fields = importlib.import_module("score_fields")
    for model, labels in (
        (accuracy.Product, fields.PRODUCT),
        (accuracy.SearchRow, fields.ROW),
        (accuracy.PageSummary, fields.SUMMARY),
    ):
        assert {label for label in labels if accuracy.field_of(label, model) is None} == set()
    of = {
        label: accuracy.field_of(label, accuracy.Product) for label in ("sellerIsAmazon", "reviewDate", "variantCount")
    }
    assert of == {"sellerIsAmazon": "seller", "reviewDate": "topReviews", "variantCount": "variants"}
    assert accuracy.field_of("adBlockProducts", accuracy.PageSummary) == "adBlocks"


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        ("price", "$1,234.50", 1234.5),
        ("price", 8.99, 8.99),
        ("price", "", None),
        ("rating", "4.6 out of 5 stars", 4.6),
        ("ratingCount", "1,234 ratings", 1234),
        ("firstImage", ["https://m.media-amazon.com/images/I/91EpHNSPFnL._SY522_.jpg"], "91EpHNSPFnL"),
        ("title", "Kettle", "Kettle"),
    ],
)
def test_values_of_other_parsers_are_read_in_their_favour(accuracy, name, value, plain):
    assert accuracy.plain_value(name, value, "www.amazon.com") == plain


def test_the_parsers_are_pinned_apart_from_the_product(accuracy):
    assert set(accuracy.versions()) == set(accuracy.PARSERS)
    lock = (ROOT / "bench" / "accuracy" / "requirements.lock").read_text()
    assert all(f"{line}" in lock for line in (ROOT / "bench" / "accuracy" / "requirements.txt").read_text().split())
    npm = json.loads((ROOT / "bench" / "accuracy" / "package-lock.json").read_text())
    assert not any("resolved" in package for package in npm["packages"].values())


def test_the_worst_of_several_labels_counts(accuracy):
    good, bad = accuracy.Score(right=4, read=4, shown=4), accuracy.Score(right=1, read=2, shown=3)
    lines = accuracy.fields_table(accuracy.SearchRow, {"otherOffersCount": good, "otherOffersFrom": bad}, "tiles")
    assert [line.rsplit("| ", 3)[-3:] for line in lines if line.startswith("| `otherOffers`")] == [
        ["4 ", "0.500 ", "0.333 |"]
    ]
