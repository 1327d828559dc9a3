"""A job's config out of its row: what was stored under other rules is kept and says what of it counts for nothing."""

import pickle

import pytest

from azscraper.errors import InvalidInputError
from azscraper.jobs import options, plan
from azscraper.kinds.details import DETAILS
from azscraper.kinds.search import SEARCH
from azscraper.records.details import DetailsOptions
from azscraper.records.search import SearchOptions
from azscraper.wire.crawls import JobConfig


def test_a_config_comes_back_as_it_was_sent():
    sent = {"pages": 2.0, "maxRetries": 1, "of_mine": {"a": [1]}}
    config = JobConfig.of_json(sent)
    assert (config.pages, config.max_retries) == (2, 1)
    assert config.as_sent == sent
    assert list(config.as_sent) == list(sent)
    assert config.as_options(SearchOptions)[1] == ()
    assert JobConfig.of_json(config.as_sent) == config


@pytest.mark.parametrize(
    ("stored", "wrong"),
    [
        ({"pages": 5000, "weight": 2}, ["pages"]),
        ({"marketplace": "www.amazon.atlantis", "weight": 2, "maxAge": -1}, ["maxAge", "marketplace"]),
    ],
)
def test_what_does_not_hold_any_more_counts_for_nothing(stored, wrong):
    config = JobConfig.of_json(stored)
    assert [problem.field for problem in config.as_options(SearchOptions)[1]] == wrong
    assert (config.pages, config.marketplace, config.max_age, config.weight) == (None, None, None, 2)
    assert config.as_sent == stored


def test_a_config_travels_to_the_overseer():
    config = JobConfig.of_json({"pages": 5000, "weight": 2})
    came = pickle.loads(pickle.dumps(config))  # noqa: S301 - our own
    assert (came, came.as_sent) == (config, config.as_sent)
    assert came.as_options(SearchOptions) == config.as_options(SearchOptions)


def test_pages_of_a_target():
    assert SEARCH.most_steps(SearchOptions(pages=3)) == 3
    assert SEARCH.most_steps(SearchOptions()) == 1
    assert DETAILS.most_steps(DetailsOptions()) == 1


def test_a_config_is_bounded():
    with pytest.raises(InvalidInputError, match="16 KiB"):
        plan.checked("search", JobConfig.of_json({"of_mine": "x" * 16_385}))


def test_a_number_that_json_can_not_hold_is_refused():
    with pytest.raises(InvalidInputError, match="config: has a number of over 64 bits"):
        plan.checked("search", JobConfig.of_json({"minPrice": 10**20}))


def test_bounds_that_no_price_meets_are_told():
    (warning,) = options.without_effect("search", {"minPrice": 20, "maxPrice": 10.5})
    assert (warning.field, warning.message) == ("config.maxPrice", "is below minPrice, so no price fits")
    assert options.without_effect("search", {"minPrice": 10, "maxPrice": 10}) == []


def test_a_claimed_option_of_another_shape_is_kept_and_has_no_effect():
    sent = {"node": 5, "refinements": "brand", "direct": "yes", "pages": 2}
    config = plan.checked("search", JobConfig.model_validate(sent))
    assert (config.as_sent, config.pages, config.node) == (sent, 2, None)
    assert config.as_options(SearchOptions)[0].refinements is None
    found = options.without_effect("search", sent)
    assert sorted(one.field for one in found) == ["config.direct", "config.node", "config.refinements"]
    assert all(one.message.startswith("has no effect: ") for one in found)


def test_what_an_address_says_itself_is_told():
    address = "https://www.amazon.com/s?k=hub&s=review-rank"
    (warning,) = options.without_effect("search", {"sort": "newest", "pages": 2}, ["kettle", address])
    assert warning.field == "config.sort"
    assert address in warning.message
    assert options.without_effect("search", {"sort": "newest"}, ["kettle"]) == []
