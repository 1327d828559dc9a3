"""What keywords are of."""

import pytest

from azscraper.tracking.keywords.searched import Searched, searched


@pytest.mark.parametrize(
    ("keyword", "of"),
    [
        ("kettle", Searched("search", "kettle", "kettle")),
        ("javascript://x/gp/bestsellers/kitchen", Searched("search", *["javascript://x/gp/bestsellers/kitchen"] * 2)),
        ("https://www.amazon.de/s?k=tea", Searched("search", "https://www.amazon.de/s?k=tea", "https://www.amazon.de/s?k=tea")),
        ("https://www.amazon.de/gp/bestsellers/kitchen", Searched("bestsellers", "kitchen", "Kitchen", "best_sellers")),
        (
            "https://www.amazon.de/gp/new-releases/electronics/172541",
            Searched("bestsellers", "new_releases/electronics/172541", "Electronics 172541", "new_releases"),
        ),
    ],
)  # fmt: skip
def test_a_list_is_told_from_words(keyword, of):
    assert searched(keyword) == of


def test_a_list_that_an_option_chose_was_asked_for_without_it():
    found = searched("https://www.amazon.de/gp/new-releases/electronics")
    assert found.targets == ["new_releases/electronics", "electronics"]
