from datetime import UTC, datetime, timedelta

from azscraper.tracking.overviews import Ranking
from azscraper.web.dashboard.positions import draw, movers

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)


def search(days_ago, *tiles):
    """Tiles in order; a star marks those that were paid for."""
    return Ranking(
        "job", NOW - timedelta(days=days_ago), [t.strip("*") for t in tiles], [t.endswith("*") for t in tiles]
    )


SEARCHES = [search(8, "A", "B", "C"), search(1.1, "B", "A*", "A", "C"), search(0.1, "C", "D*", "B", "A")]


def test_a_line_is_where_a_product_stood_and_how_it_moved():
    chart = draw(SEARCHES, ["A", "D"], start=NOW - timedelta(days=8), end=NOW)
    a, d = chart.lines

    assert (a.position, a.organic, a.sponsored, a.best) == (4, 3, None, 1)
    assert list(a.changes) == [-1, -3, None]  # the third tile was its organic one yesterday
    assert a.path.count("L") == 2
    assert (d.position, d.organic, d.sponsored, list(d.changes)) == (2, None, 2, [None, None, None])
    assert [place for _, place in chart.ticks] == [1, 2, 3, 4]


def test_a_gap_is_where_it_was_not_found():
    chart = draw([search(3, "A"), search(2, "B"), search(1, "A")], ["A"], start=NOW - timedelta(days=3), end=NOW)

    assert chart.lines[0].path.count("M") == 2


def test_who_moved_most_comes_first():
    moved = movers(SEARCHES, NOW)

    assert {(one.asin, one.before, one.after) for one in moved} == {
        ("A", 3, 4),
        ("B", 1, 3),
        ("C", 4, 1),
        ("D", None, 2),
    }
    assert moved[0].asin == "C"


def test_one_search_moves_nobody():
    assert movers(SEARCHES[-1:], NOW) == []
    assert movers([], NOW) == []
