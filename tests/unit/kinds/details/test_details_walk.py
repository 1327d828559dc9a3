"""Which pages a product asks for: its own, its siblings', those that may have a code."""

from datetime import UTC, datetime

import pytest

from azscraper.crawl.policy import GiveUp
from azscraper.errors import InvalidInputError
from azscraper.kinds.details import DETAILS
from azscraper.kinds.kind import Asked, Done, Finish, Step, Target
from azscraper.kinds.search import SEARCH
from azscraper.marketplaces import find
from azscraper.records import Product, SearchRow
from azscraper.records.details import DetailsOptions
from azscraper.records.pages import Read
from azscraper.records.parts import VariantItem, Variants
from azscraper.records.search import SearchOptions

NOW = datetime(2026, 1, 1, tzinfo=UTC)
US = find("us")
CODE = "4006381333931"
FAMILY = Variants(items=tuple(VariantItem(asin=f"B00000000{n}", values={}) for n in range(1, 7)))


def product(asin, **fields):
    return Read((Product(asin=asin, **fields),))


def tiles(*asins, sponsored=()):
    return Read(tuple(SearchRow(asin=asin, sponsored=asin in sponsored) for asin in asins))


def walked(kind, asked, pages):
    """The steps' names, and how the walk ended; ``pages`` say what each step brings, None fails it."""
    done = ()
    while isinstance(step := kind.next(asked, done), Step):
        read = pages[step.name] if step.name in pages else pages["*"]
        done = (*done, Done(step, read, None if read else "not_found", step.url, NOW))
        assert len(done) <= kind.steps(asked)
    return [one.step.name for one in done], step, done


def details(key, *, known=(), **options):
    return Asked(Target("details", key, US), DetailsOptions(**options), known)


def test_a_product_is_one_page():
    asked = details("B000000001")
    names, ending, done = walked(DETAILS, asked, {"1": product("B000000001", variants=FAMILY)})
    assert (names, ending) == (["1"], Finish())
    assert (DETAILS.steps(asked), DETAILS.price(asked.options), DETAILS.credits(asked, done)) == (1, 2, 2)


@pytest.mark.parametrize(("most", "siblings"), [(None, 5), (3, 2), (1, 0), (100, 5)])
def test_siblings_are_read_up_to_the_limit(most, siblings):
    asked = details("B000000002", expand="variants", max_variants=most)
    names, _, done = walked(
        DETAILS, asked, {"1": product("B000000002", variants=FAMILY), "*": product("B00000000X", variants=FAMILY)}
    )
    assert names == ["1", *[f"dp:B00000000{n}" for n in (1, 3, 4, 5, 6)][:siblings]]
    assert DETAILS.credits(asked, done) == 2 * (1 + siblings)
    found = DETAILS.rows(asked, done).records
    assert [record.requested_asin for record in found] == ["B000000002", *[name[3:] for name in names[1:]]]


def test_a_sibling_that_fails_is_left_out_and_costs_nothing():
    asked = details("B000000001", expand="variants", max_variants=3)
    _, ending, done = walked(
        DETAILS,
        asked,
        {"1": product("B000000001", variants=FAMILY), "dp:B000000002": None, "dp:B000000003": product("B000000003")},
    )
    assert (ending, DETAILS.credits(asked, done)) == (Finish(), 4)
    assert [one.asin for one in DETAILS.rows(asked, done).records] == ["B000000001", "B000000003"]


@pytest.mark.parametrize(
    ("pages", "opened", "taken"),
    [
        ({"dp:A1": product("A1", ean=CODE), "dp:A2": product("A2")}, ["A1", "A2"], [("A1", True)]),
        (
            {"dp:A1": product("A1", ean=CODE), "dp:A2": product("A2", upc="0" + CODE)},
            ["A1", "A2"],
            [("A1", True), ("A2", True)],
        ),
        ({"dp:A1": product("A1", attributes={"EAN": "4012345678901 400-6381333931"})}, ["A1"], [("A1", True)]),
        ({"dp:A1": product("A1")}, ["A1"], [("A1", False)]),
        ({"dp:A1": product("A1", ean="4012345678901")}, ["A1"], None),
        ({"dp:A1": product("A1"), "dp:A2": product("A2")}, ["A1", "A2"], None),
        ({}, [], None),
        ({f"dp:A{n}": product(f"A{n}") for n in range(1, 9)}, ["A1", "A2", "A3", "A4", "A5"], None),
    ],
)
def test_a_code_is_what_prints_it(pages, opened, taken):
    asked = details(CODE)
    search = tiles(*[name[3:] for name in pages], sponsored=())
    names, ending, done = walked(DETAILS, asked, {"search": search, **pages})
    assert names == ["search", *[f"dp:{asin}" for asin in opened]]
    if taken is None:
        assert isinstance(ending, GiveUp)
        assert ending.code == "not_found"
        return
    assert ending == Finish()
    found = DETAILS.rows(asked, done).records
    assert [(one.asin, one.gtin_verified) for one in found] == taken
    assert {one.requested_gtin for one in found} == {CODE}
    assert DETAILS.credits(asked, done) == DETAILS.price(asked.options) == 2


def test_advertisements_have_no_code_and_what_is_known_is_not_searched_for():
    search = tiles("A1", "A2", sponsored=("A1",))
    names, _, _ = walked(DETAILS, details(CODE), {"search": search, "dp:A2": product("A2")})
    assert names == ["search", "dp:A2"]
    names, ending, _ = walked(DETAILS, details(CODE, known=("A7",)), {"dp:A7": product("A7", ean=CODE)})
    assert (names, ending) == (["dp:A7"], Finish())


def test_pages_that_could_not_be_read_are_not_taken_for_others():
    asked = details(CODE)
    first = DETAILS.next(asked, ())
    done = (Done(first, tiles("A1"), None, first.url, NOW),)
    step = DETAILS.next(asked, done)
    ending = DETAILS.next(asked, (*done, Done(step, None, "blocked", step.url, NOW)))
    assert isinstance(ending, GiveUp)
    assert ending.code == "blocked"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("4006381333931", CODE),
        ("EAN: 4006381333931", CODE),
        ("GTIN-13 04006381333931", CODE),
        ("4-006381-333931", CODE),
        ("036000291452", "036000291452"),
        ("0036000291452", "036000291452"),
        ("UPC 0 36000 29145 2", "036000291452"),
        ("96385074", "96385074"),
        ("979-10-90636-07-1", "9791090636071"),
        ("978-3-16-148410-0", "316148410X"),
    ],
)
def test_codes_as_they_are_written(text, key):
    assert DETAILS.resolve(text, US) == Target("details", key, US)


@pytest.mark.parametrize("text", ["4006381333932", "036000291453", "96385075", "979-10-90636-07-2", "12345678901"])
def test_a_wrong_check_digit_is_no_code(text):
    with pytest.raises(InvalidInputError):
        DETAILS.resolve(text, US)


def test_a_list_with_its_first_products():
    asked = Asked(Target("search", "kettle", US), SearchOptions(pages=2, with_details=3))
    pages = {"1": tiles("A1", "A2", "A1", sponsored=("A2",)), "2": tiles("A3"), "dp:A1": product("A1"), "dp:A3": None}
    names, ending, done = walked(SEARCH, asked, pages)
    assert (names, ending) == (["1", "2", "dp:A1", "dp:A3"], Finish())
    records = SEARCH.rows(asked, done).records
    assert [(one.record, one.asin) for one in records] == [
        *(("SearchRow", asin) for asin in ("A1", "A2", "A1", "A3")),
        ("Product", "A1"),
    ]
    assert (SEARCH.price(asked.options), SEARCH.credits(asked, done), SEARCH.counts(asked.options)) == (11, 7, 4)
    assert SEARCH.brings(asked.options) == ("details",)
    assert [one.asin for one in SEARCH.follow(asked, SEARCH.rows(asked, done)).products] == ["A1"]
