"""A chunk's turn as arguments of its task: workers of the release before read and write them too."""

from azscraper.jobs.dispatch import Turn


def test_the_arguments_are_those_of_releases_before():
    assert Turn(7, 3, slept=True).args() == {"turn": 7, "step": 3, "slept": 1}
    assert Turn.of({"turn": 7, "step": 3, "slept": 1, "of_a_later_release": 1}) == Turn(7, 3, slept=True)
    assert Turn.of({}) == Turn(0, 1, slept=False)


def test_the_order_of_a_chunks_fetches():
    assert [Turn(100, 40).order(fetches) for fetches in range(3)] == [100, 140, 180]
