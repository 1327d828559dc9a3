"""Categories: what their kind keeps to, which addresses name one, and how a target walks from a node's page to its list."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.category import CATEGORY
from azscraper.kinds.kind import Asked, Done, Finish
from azscraper.kinds.recognise import read_page
from azscraper.kinds.testing import check_kind
from azscraper.kinds.testing.cases import page_of
from azscraper.marketplaces import by_host
from azscraper.parse.page import Page
from azscraper.records import SearchRow
from azscraper.records.category import CategoryOptions, CategoryPage
from azscraper.records.pages import Read

CASES = Path(__file__).parents[2] / "cases"
US = by_host("www.amazon.com")
THEN = datetime(2026, 1, 1, tzinfo=UTC)
LIST = "https://www.amazon.com/s?"

test_kind = check_kind(CATEGORY, cases=CASES)


@pytest.mark.parametrize(
    ("text", "key", "host"),
    [
        (" 172541 ", "172541", "www.amazon.com"),
        ("https://www.amazon.com/b?node=172541&ref_=x", "172541", "www.amazon.com"),
        ("https://www.amazon.de/-/en/b/?ie=UTF8&node=172541", "172541", "www.amazon.de"),
        ("https://www.amazon.com/electronics-store/b?ie=UTF8&node=172282", "172282", "www.amazon.com"),
        ("https://www.amazon.com/electronics-store/b/ref=dp_bc_1?node=172282", "172282", "www.amazon.com"),
        ("amazon.co.uk/gp/browse.html?node=560798", "560798", "www.amazon.co.uk"),
        ("/b?node=5", "5", "www.amazon.com"),
        (LIST + "rh=n%3A172282%2Cn%3A281407&dc&qid=1&ref=sr_nr_n_1", LIST + "rh=n%3A172282%2Cn%3A281407", "www.amazon.com"),
        (LIST + "i=electronics&rh=n:172541,p_123:5&s=review-rank&fs=true", LIST + "i=electronics&rh=n%3A172541%2Cp_123%3A5&s=review-rank", "www.amazon.com"),
        ("https://smile.amazon.com/s?bbn=283155&rh=p_n_publication_date:1", LIST + "rh=p_n_publication_date%3A1&bbn=283155", "www.amazon.com"),
    ],
)  # fmt: skip
def test_what_names_a_category(text, key, host):
    target = CATEGORY.resolve(text, US)
    assert (target.key, target.marketplace.host) == (key, host)
    assert CATEGORY.resolve(key, target.marketplace) == target
    assert CATEGORY.resolve(CATEGORY.address(target), US) == target


@pytest.mark.parametrize(
    "text",
    ["", "electronics", "12x", "https://www.amazon.com/b", LIST + "k=hub&rh=n:1", LIST + "me=A2L77EE7U53NWQ", "https://example.com/b?node=1"],
)  # fmt: skip
def test_what_names_none(text):
    with pytest.raises(InvalidInputError, match="names no category"):
        CATEGORY.resolve(text, US)


def page(layout, asins, last_page=None):
    rows = tuple(SearchRow(asin=asin, node="5") for asin in asins)
    return Read(rows, CategoryPage(layout=layout, node="5", name="Kettles", last_page=last_page), last_page)


def walk(text, *reads, **options):
    """The addresses that are asked for while the pages say that; None is a page that did not come."""
    asked = Asked(CATEGORY.resolve(text, US), CategoryOptions.model_validate(options))
    done, urls = (), []
    for read in reads:
        step = CATEGORY.next(asked, done)
        if isinstance(step, Finish):
            break
        urls.append(step.url.removeprefix("https://www.amazon.com"))
        done = (*done, Done(step, read, None if read else "robots_disallowed", step.url, THEN))
    return asked, done, urls


SHELVES, RESULTS = page("shelves", ["B0DEMO0009"]), page("results", ["B0DEMO0001"], last_page=3)


@pytest.mark.parametrize(
    ("text", "reads", "options", "urls"),
    [
        ("5", [SHELVES, RESULTS, RESULTS], {}, ["/b?node=5", "/s?rh=n%3A5"]),
        ("5", [RESULTS, RESULTS], {}, ["/b?node=5"]),
        ("5", [RESULTS, RESULTS, RESULTS], {"pages": 2}, ["/b?node=5", "/s?rh=n%3A5&page=2"]),
        ("5", [None, RESULTS, RESULTS], {}, ["/b?node=5", "/s?rh=n%3A5"]),
        ("5", [SHELVES, page("results", ["B0DEMO0001"], last_page=1), RESULTS], {"pages": 9}, ["/b?node=5", "/s?rh=n%3A5"]),
        ("5", [SHELVES, RESULTS], {"refinements": ["p_123:7"], "sort": "newest"}, ["/b?node=5", "/s?rh=n%3A5%2Cp_123%3A7&s=date-desc-rank"]),
        (LIST + "rh=n:5", [RESULTS, RESULTS], {"pages": 2}, ["/s?rh=n%3A5", "/s?rh=n%3A5&page=2"]),
    ],
)  # fmt: skip
def test_the_walk_of_a_target(text, reads, options, urls):
    assert walk(text, *reads, **options)[2] == urls


def test_rows_are_those_of_the_list_and_the_summary_that_of_the_page():
    asked, done, _ = walk("5", SHELVES, RESULTS)
    found = CATEGORY.rows(asked, done)
    assert [(row.asin, row.node, row.position, row.keyword) for row in found.records] == [("B0DEMO0001", "5", 1, None)]
    assert (found.summary.layout, found.summary.last_page, found.summary.coverage.have) == ("shelves", 3, 1)


def test_rows_of_the_page_stand_in_for_a_list_that_did_not_come():
    asked, done, _ = walk("5", SHELVES, page("results", []))
    assert [row.asin for row in CATEGORY.rows(asked, done).records] == ["B0DEMO0009"]


@pytest.mark.parametrize(("wanted", "kind"), [("", "category"), ("category", "category"), ("search", "search")])
def test_a_list_is_read_by_whoever_asked_for_it(wanted, kind):
    assert read_page(page_of(CASES / "category-de"), None, wanted).type == kind


@pytest.mark.parametrize("column", ["leftNav", "leftNavContainer"])
def test_the_column_of_2016_to_2020_has_what_is_above_and_below(column):
    link = '<li{}><span><a href="/x/b?ie=UTF8&amp;node={}"><span class="a-color-base">{}</span><span>(1,319)</span></a></span></li>'
    above = link.format(' class="s-ref-indent-neg-micro"', 11, "Kitchen")
    below = link.format("", 21, "Whistling") + link.format("", 22, "Electric")
    lists = f'<ul>{above}<li class="s-ref-indent-one"><h4 class="a-text-bold">Kettles</h4></li><ul class="s-ref-indent-two">{below}</ul></ul>'
    brand = '<h4>Brands</h4><ul><li><span data-s-ref-selected=\'{"url":"/Kettles/s?rh=n%3A5%2Cp_89%3ANordlys"}\'>Nordlys</span></li></ul>'
    tile = '<li id="result_0" data-asin="B000000001" class="s-result-item"><h2>Kettle</h2><a href="/dp/B000000001">Kettle</a></li>'
    page = f'<html><body><div id="{column}">{lists}{brand}</div><ul id="s-results-list-atf">{tile}</ul></body></html>'
    found = read_page(Page(page.encode(), "https://www.amazon.com/kettles/b?node=5"), None, "category").read.summary
    assert (found.node, found.name) == ("5", "Kettles")
    assert [(one.id, one.name) for one in found.parents] == [("11", "Kitchen")]
    assert [(one.id, one.name) for one in found.children] == [("21", "Whistling"), ("22", "Electric")]
    assert ("Brands", "Nordlys", "p_89:Nordlys") in [(one.group, one.name, one.value) for one in found.refinements]
