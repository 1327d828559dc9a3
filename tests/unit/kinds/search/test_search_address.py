"""Which addresses are result lists, what of them is kept, and which options they overrule."""

from decimal import Decimal

import pytest

from azscraper.kinds.kind import Asked
from azscraper.kinds.search import SEARCH
from azscraper.kinds.search.address import of_address, page_url, with_options
from azscraper.marketplaces import by_host
from azscraper.records.search import SearchOptions

US = by_host("www.amazon.com")
LIST = "https://www.amazon.com/s?"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("kettle", "kettle"),
        ("https://www.amazon.com/s?k=red+shoes&crid=2X&sprefix=red%2Caps%2C99&ref=nb_sb_noss_1", "red shoes"),
        ("/s?k=kettle&page=3&qid=1", "kettle"),
        ("https://www.amazon.com/s/ref=nb_sb_noss?url=search-alias%3Daps&field-keywords=kettle", "kettle"),
        ("https://www.amazon.com/s/ref=a9_asc_1/1-2-3?rh=i%3Aaps%2Ck%3Atshirt&keywords=tshirt&ie=UTF8&qid=1", "tshirt"),
        ("https://www.amazon.com/s?i=electronics&k=hub", LIST + "k=hub&i=electronics"),
        ("https://www.amazon.com/-/es/s?rh=n%3A172282%2Cn%3A281407&dc&qid=1&rnid=1&ref=sr_nr_n_1", LIST + "rh=n%3A172282%2Cn%3A281407"),
        ("amazon.com/s?k=hub&rh=p_36%3A1000-2000&s=price-asc-rank", LIST + "k=hub&rh=p_36%3A1000-2000&s=price-asc-rank"),
        ("https://m.amazon.com/Some-Slug/s?node=123&low-price=5&high-price=9", LIST + "low-price=5&high-price=9&node=123"),
        ("https://www.amazon.com/gp/search?keywords=hub&sort=review-rank", LIST + "k=hub&s=review-rank"),
        ("https://www.amazon.com/s?i=merchant-items&me=A2L77EE7U53NWQ&page=2", LIST + "i=merchant-items&me=A2L77EE7U53NWQ"),
        ("https://www.amazon.com/dp/B08N5WRWNW", "https://www.amazon.com/dp/B08N5WRWNW"),
        ("https://example.com/s?k=hub", "https://example.com/s?k=hub"),
        ("24/7 soap? yes", "24/7 soap? yes"),
        ("https://www.amazon.com/gp/search/other?rh=n:1&pickerToList=brandtextbin", "https://www.amazon.com/gp/search/other?rh=n:1&pickerToList=brandtextbin"),
    ],
)  # fmt: skip
def test_what_a_target_is(text, key):
    target = SEARCH.resolve(text, US)
    assert (target.key, target.marketplace) == (key, US)
    assert SEARCH.resolve(target.key, US) == target
    step = SEARCH.next(Asked(target, SearchOptions()), ())
    assert SEARCH.resolve(step.url, US) == target


def test_the_host_of_an_address_wins():
    assert SEARCH.resolve("https://www.amazon.de/s?k=Wasserkocher", US).marketplace.host == "www.amazon.de"


@pytest.mark.parametrize(
    ("text", "options", "page", "url"),
    [
        ("red shoes", {}, 1, "k=red+shoes"),
        (
            "a&b",
            {"sort": "price-asc", "minPrice": 10.5, "maxPrice": 20, "category": "books"},
            3,
            "k=a%26b&i=books&s=price-asc-rank&low-price=10.5&high-price=20&page=3",
        ),
        ("hub", {"node": "172282", "refinements": ["p_123:308445", "p_36:1000-"]}, 1, "k=hub&rh=n%3A172282%2Cp_123%3A308445%2Cp_36%3A1000-"),
        ("hub", {"sort": "price_low_to_high"}, 1, "k=hub&s=price-asc-rank"),
        ("tshrt", {"direct": True}, 2, "k=tshrt&page=2&dc"),
        (LIST + "k=hub&i=electronics&s=review-rank", {"category": "books", "sort": "newest", "node": "5"}, 1, "k=hub&i=electronics&rh=n%3A5&s=review-rank"),
        (LIST + "rh=n:1,p_1:2", {"node": "5", "refinements": ["p_9:9"]}, 1, "rh=n%3A1%2Cp_1%3A2"),
        (LIST + "k=x&low-price=3", {"minPrice": 10, "maxPrice": 20}, 1, "k=x&low-price=3&high-price=20"),
    ],
)  # fmt: skip
def test_what_an_address_says_wins_over_the_options(text, options, page, url):
    asked = Asked(SEARCH.resolve(text, US), SearchOptions.model_validate(options))
    listing = with_options(
        of_address(asked.target.key) or of_address(LIST + f"k={text.replace('&', '%26')}"), asked.options
    )
    assert page_url(listing, US, page, direct=bool(asked.options.direct)) == LIST + url


@pytest.mark.parametrize(
    ("query", "keyword", "node", "seller"),
    [
        ("k=hub", "hub", None, None),
        ("rh=n:1,n:2", None, "2", None),
        ("k=hub&node=7&bbn=8", "hub", "7", None),
        ("bbn=8&rh=p_1:2", None, "8", None),
        ("me=A2L77EE7U53NWQ", None, None, "A2L77EE7U53NWQ"),
        ("rh=p_6:A2L77EE7U53NWQ", None, None, "A2L77EE7U53NWQ"),
    ],
)
def test_what_the_rows_of_a_list_have_from_its_address(query, keyword, node, seller):
    listing = of_address(LIST + query)
    assert (listing.keyword, listing.node, listing.seller) == (keyword, node, seller)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kettle", set()),
        (LIST + "k=kettle", set()),
        (LIST + "k=x&i=books&s=y&low-price=1&high-price=2", {"category", "sort", "minPrice", "maxPrice"}),
        (LIST + "rh=n:1", {"node", "refinements"}),
        (LIST + "node=1&k=x", {"node"}),
    ],
)
def test_which_options_an_address_overrules(text, said):
    assert SEARCH.says(text) == said


def test_a_price_is_written_plainly():
    options = SearchOptions(min_price=float(Decimal("0.00001")), max_price=100)
    assert dict(with_options(of_address(LIST + "k=x"), options).params) == {
        "k": "x",
        "low-price": "0.00001",
        "high-price": "100",
    }
