"""Share of shelf and moves, beside what pandas makes of the same tiles."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azscraper.tracking.keywords import shelf
from azscraper.tracking.keywords.shelf import By, MoveKind, Placement, Search, Standing, Tile

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def search(*tiles, pages=1):
    return Search(NOW, "job", pages, tuple(Tile(*tile) for tile in tiles))


SHOWN = search(("A", True, "X", 1), ("B", False, "Y", 1), ("A", False, "X", 1), ("C", False, None, 2), pages=2)


def test_shares_of_organic_sponsored_and_both():
    assert [(one.name, one.tiles, one.best) for one in shelf.shares(SHOWN, Placement.BOTH, By.BRAND)] == [
        ("X", 2, 1),
        ("Y", 1, 2),
        (None, 1, 4),
    ]
    assert [(one.name, one.share) for one in shelf.shares(SHOWN, Placement.SPONSORED, By.ASIN)] == [("A", 1)]
    first = shelf.shares(SHOWN.within(1), Placement.ORGANIC, By.BRAND)
    assert [(one.name, one.share) for one in first] == [("Y", 0.5), ("X", 0.5)]
    assert first[0].weighted_share == pytest.approx(1 / (1 + 1 / np.log2(3)))
    assert shelf.shares(search(), Placement.BOTH, By.BRAND) == []


def test_where_a_product_or_a_brand_stands():
    assert shelf.standing(SHOWN, lambda tile: tile.asin == "A") == Standing(1, 2, 1)
    assert shelf.standing(SHOWN, lambda tile: tile.brand == "Y") == Standing(2, 1, None)


def test_who_entered_left_and_overtook():
    old = search(*((asin, False, None, 1) for asin in "ABCD"))
    new = search(*((asin, False, None, 1) for asin in "CAED"))
    assert [
        (one.asin, one.kind, one.before, one.after, one.overtook) for one in shelf.moves(old, new, Placement.ORGANIC)
    ] == [
        ("C", MoveKind.UP, 3, 1, ("A",)),
        ("A", MoveKind.DOWN, 1, 2, ()),
        ("E", MoveKind.ENTERED, None, 3, ()),
        ("B", MoveKind.LEFT, 2, None, ()),
    ]
    longer = search(*((asin, False, None, 1) for asin in "ABCD"), ("Z", False, None, 2), pages=2)
    assert shelf.moves(old, longer, Placement.ORGANIC) == []


_TILES = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.booleans(), st.sampled_from(["X", "Y", "Z"]), st.integers(1, 3)),
    min_size=1,
    max_size=20,
)


@settings(max_examples=30)
@given(_TILES, st.sampled_from(Placement), st.sampled_from(By), st.integers(1, 3))
def test_shares_equal_those_of_pandas(tiles, placement, by, pages):
    tiles = sorted(tiles, key=lambda tile: tile[3])
    frame = pd.DataFrame(tiles, columns=["asin", "sponsored", "brand", "page"])
    frame = frame[frame.page <= pages]
    if placement is not Placement.BOTH:
        frame = frame[frame.sponsored == (placement is Placement.SPONSORED)]
    weights = pd.Series(1 / np.log2(np.arange(len(frame)) + 2), index=frame.index)
    plain = frame[by.value].value_counts(normalize=True).to_dict()
    weighted = (weights.groupby(frame[by.value]).sum() / weights.sum()).to_dict()
    found = shelf.shares(search(*tiles, pages=3).within(pages), placement, by)
    assert {one.name: one.share for one in found} == pytest.approx(plain)
    assert {one.name: one.weighted_share for one in found} == pytest.approx(weighted)
