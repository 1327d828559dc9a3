from datetime import UTC, datetime, timedelta

import pytest

from azscraper.tracking.keywords.shelf import Search, Tile
from azscraper.web.dashboard.charts.positions import NARROW, WIDE, brands, draw, movers, own_share, shown

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
BRANDS = {"A": "Acme", "B": "Bolt", "C": "Acme", "D": None}


def search(days_ago, *tiles):
    """Tiles in order; a star marks those that were paid for."""
    made = tuple(Tile(tile.strip("*"), tile.endswith("*"), BRANDS[tile.strip("*")], 1) for tile in tiles)
    return Search(NOW - timedelta(days=days_ago), "job", 1, made)


SEARCHES = [search(8, "A", "B", "C"), search(1.1, "B", "A*", "A", "C"), search(0.1, "C", "D*", "B", "A")]


def test_a_line_is_where_a_product_stood_and_how_it_moved():
    chart = draw(SEARCHES, ["A", "D"], WIDE, start=NOW - timedelta(days=8), end=NOW)
    a, d = chart.lines

    assert (a.standing.overall, a.standing.organic, a.standing.sponsored, a.best) == (4, 3, None, 1)
    assert list(a.changes) == [-1, -2, None]
    assert a.path.count("L") == 2
    assert (d.standing.organic, d.standing.sponsored, list(d.changes)) == (None, 1, [None, None, None])
    assert [place for _, place in chart.ticks] == [1, 2, 3]


def test_a_gap_is_where_it_was_not_found():
    chart = draw([search(3, "A"), search(2, "B"), search(1, "A")], ["A"], WIDE, start=NOW - timedelta(days=3), end=NOW)

    assert chart.lines[0].path.count("M") == 2


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_stands_outside_of_the_frame(frame):
    chart = draw(SEARCHES, ["A", "D"], frame, start=NOW - timedelta(days=8), end=NOW)

    assert [day.x for day in (chart.days[0], chart.days[-1])] == [frame.left, frame.right]
    assert [height for height, _ in (chart.ticks[0], chart.ticks[-1])] == [frame.top, frame.bottom]
    assert (chart.lines[0].end or (0, 0))[0] <= frame.right
    assert chart.scale["right"] == frame.right


def test_who_moved_most_comes_first():
    moved = movers(SEARCHES, NOW)

    assert [(move.asin, move.before, move.after) for move in moved] == [("C", 3, 1), ("A", 2, 3), ("B", 1, 2)]


def test_one_search_moves_nobody():
    assert movers(SEARCHES[-1:], NOW) == []


def test_brands_have_their_shares_and_changes():
    found = brands(SEARCHES, NOW)

    assert [(one.name, one.organic, one.sponsored) for one in found] == [
        ("Acme", 0.5, 0.0),
        (None, 0.0, 0.25),
        ("Bolt", 0.25, 0.0),
    ]
    assert found[0].change == pytest.approx(0.5 - 2 / 3)


def on_pages(days_ago, *tiles):
    """``A2``: on the second page; a star as above."""
    made = tuple(Tile(tile[0], tile.endswith("*"), BRANDS[tile[0]], int(tile[1])) for tile in tiles)
    return Search(NOW - timedelta(days=days_ago), "job", 2, made)


def test_ads_are_marks_and_pages_are_areas():
    found = [on_pages(2, "A1*", "B1", "A1"), on_pages(0, "B1", "C1", "A2", "D2")]
    chart = draw(found, ["A"], WIDE, start=NOW - timedelta(days=2), end=NOW)
    [line] = chart.lines

    assert (line.marks, line.where) == ([(40, 16)], (2, 1))
    assert [(page.number, page.y, page.height) for page in chart.pages] == [(2, 166.0, 50.0)]  # between places 2 and 3
    assert [(organic, paid) for _, organic, paid in chart.readings] == [([2], [1]), ([3], [None])]


def test_movers_say_what_happened_on_the_first_page():
    found = [on_pages(2, "A1", "B1", "C2", "D2"), on_pages(0, "C1", "B1", "A2")]

    assert {mover.move.asin: mover.what for mover in shown(movers(found, NOW), found, NOW)} == {
        "C": "page_entered",
        "A": "page_left",
        "D": "left",
    }


def test_a_place_counts_by_its_weight_where_that_is_asked_for():
    found = [search(40, "B", "A"), search(0, "A", "B*", "B")]
    plain, weighted = (brands(found, NOW, weighted=each)[0] for each in (False, True))

    assert (plain.name, plain.share, plain.change) == ("Bolt", pytest.approx(2 / 3), pytest.approx(2 / 3 - 1 / 2))
    assert (weighted.name, weighted.organic) == ("Bolt", pytest.approx(0.5 / (1 + 0.6309 + 0.5), rel=1e-3))
    mine = own_share(found, {"A"}, NOW, weighted=True)
    assert (mine.share, mine.change) == (pytest.approx(0.4693, rel=1e-3), pytest.approx(0.4693 - 0.3868, rel=1e-2))
