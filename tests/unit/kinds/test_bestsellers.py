"""The five lists: what their kind keeps to, which addresses name one, and when a second page is asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.bestsellers import BESTSELLERS
from azscraper.kinds.kind import Asked, Done, Step
from azscraper.kinds.testing import check_kind
from azscraper.marketplaces import by_host
from azscraper.records.bestsellers import BestsellersOptions, ChartPage, ChartRow
from azscraper.records.pages import Read

CASES = Path(__file__).parents[2] / "cases"
US = by_host("www.amazon.com")
THEN = datetime(2026, 1, 1, tzinfo=UTC)

test_kind = check_kind(BESTSELLERS, cases=CASES)


@pytest.mark.parametrize(
    ("text", "key", "host"),
    [
        ("electronics", "electronics", "www.amazon.com"),
        (" Electronics/172623 ", "electronics/172623", "www.amazon.com"),
        ("root", "root", "www.amazon.com"),
        ("most_gifted/toys-and-games", "most_gifted/toys-and-games", "www.amazon.com"),
        ("https://www.amazon.com/gp/bestsellers", "root", "www.amazon.com"),
        ("https://www.amazon.de/-/en/gp/bestsellers/ce-de/571860/ref=zg_bs_nav_ce-de_1", "ce-de/571860", "www.amazon.de"),
        ("https://www.amazon.com/Best-Sellers/zgbs/ref=zg_bs_unv_0_1", "root", "www.amazon.com"),
        ("https://www.amazon.com/-/zh/%E9%94%80/zgbs/electronics", "electronics", "www.amazon.com"),
        ("amazon.co.uk/Best-Sellers-Books/zgbs/books/72/ref=zg?pg=2", "books/72", "www.amazon.co.uk"),
        ("https://www.amazon.com/gp/new-releases/toys-and-games/166508011", "new_releases/toys-and-games/166508011", "www.amazon.com"),
        ("https://m.amazon.in/gp/movers-and-shakers/books?ref_=x", "movers_and_shakers/books", "www.amazon.in"),
        ("https://smile.amazon.com/gp/most-wished-for", "most_wished_for/root", "www.amazon.com"),
        ("/zgbs/digital-text/156150011/142-2669579-2693744?tf=1", "digital-text/156150011?free", "www.amazon.com"),
    ],
)  # fmt: skip
def test_what_names_a_list(text, key, host):
    target = BESTSELLERS.resolve(text, US)
    assert (target.key, target.marketplace.host) == (key, host)
    assert BESTSELLERS.resolve(key, US).key == key
    step = BESTSELLERS.next(Asked(target, BestsellersOptions()), ())
    assert BESTSELLERS.resolve(step.url, US).key == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two words",
        "172623",
        "electronics/x",
        "https://www.amazon.com/dp/B08N5WRWNW",
        "https://example.com/gp/bestsellers",
        "https://www.amazon.com/s?k=bestsellers",
        "//",
        "/gp/bestseller",
    ],
)
def test_what_names_none(text):
    with pytest.raises(InvalidInputError, match="names no list"):
        BESTSELLERS.resolve(text, US)


@pytest.mark.parametrize(
    ("text", "options", "url"),
    [
        ("electronics", {}, "/gp/bestsellers/electronics"),
        ("electronics/1", {"list": "new_releases"}, "/gp/new-releases/electronics/1"),
        ("most_gifted/electronics", {"list": "new_releases"}, "/gp/most-gifted/electronics"),
        ("digital-text", {"free": True}, "/gp/bestsellers/digital-text?tf=1"),
        ("root", {"list": "movers_and_shakers"}, "/gp/movers-and-shakers"),
    ],
)
def test_the_target_wins_over_the_options(text, options, url):
    target = BESTSELLERS.resolve(text, US)
    step = BESTSELLERS.next(Asked(target, BestsellersOptions.model_validate(options)), ())
    assert step.url == f"https://www.amazon.com{url}"


def page_of(ranks, *, last_page=None, department="electronics", page=1):
    rows = tuple(ChartRow(list="best_sellers", rank=rank, asin=f"B0DEMO{rank:04}") for rank in ranks)
    return Read(rows, ChartPage(list="best_sellers", department=department, page=page, last_page=last_page), last_page)


def walk(*reads, text="electronics", **options):
    asked = Asked(BESTSELLERS.resolve(text, US), BestsellersOptions.model_validate(options))
    done = ()
    for read in reads:
        step = BESTSELLERS.next(asked, done)
        assert isinstance(step, Step)
        done = (*done, Done(step, read, None, step.url, THEN))
    return asked, done


@pytest.mark.parametrize(
    ("read", "options", "goes_on"),
    [
        (page_of(range(1, 51)), {}, True),
        (page_of(range(1, 51), last_page=2), {}, True),
        (page_of(range(1, 51)), {"pages": 1}, False),
        (page_of(range(1, 51), last_page=1), {}, False),
        (page_of(range(1, 50)), {}, False),
        (page_of(range(1, 8)), {}, False),
        (page_of([]), {}, False),
        (page_of(range(1, 121), department=None), {}, False),
    ],
)
def test_the_second_page_is_asked_for_after_a_full_first(read, options, goes_on):
    asked, done = walk(read, **options)
    following = BESTSELLERS.next(asked, done)
    assert isinstance(following, Step) is goes_on
    if goes_on:
        assert following.url == "https://www.amazon.com/gp/bestsellers/electronics?pg=2"


def test_a_second_page_that_is_the_first_again_adds_nothing():
    first = page_of(range(1, 51))
    asked, done = walk(first, first)
    found = BESTSELLERS.rows(asked, done)
    assert [row.position for row in found.records] == list(range(1, 51))


def test_a_whole_list_is_a_ranking_and_has_all_its_ranks():
    asked, done = walk(page_of(range(1, 51), last_page=2), page_of(range(51, 101), last_page=2, page=2))
    found = BESTSELLERS.rows(asked, done)
    assert [row.position for row in found.records] == [row.rank for row in found.records] == list(range(1, 101))
    assert (found.summary.coverage.have, found.summary.coverage.complete) == (100, True)
    (ranking,) = BESTSELLERS.follow(asked, found).rankings
    assert ranking.keyword == "https://www.amazon.com/gp/bestsellers/electronics"
    assert ranking.asins[99] == "B0DEMO0100"
    _, half = walk(page_of(range(1, 51), last_page=2), pages=1)
    assert BESTSELLERS.rows(asked, half).summary.coverage.complete is False
