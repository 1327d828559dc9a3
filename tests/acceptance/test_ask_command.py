"""``azscraper ask``: of any target, with the options of its kind, and in one line what came of it."""

import pytest

from acceptance.conftest import read


@pytest.mark.parametrize(
    ("target", "record"),
    [
        ("https://www.amazon.com/gp/bestsellers/kitchen", "ChartRow"),
        ("https://www.amazon.com/dp/B0DEMO0001", "Product"),
        ("B0DEMO0001", "Product"),
        ("kettle", "SearchRow"),
    ],
)
def test_ask_takes_the_address_of_any_page(cli, target, record):
    rows = read(cli("ask", target, "--json"))
    assert read(cli("ask", target, "--json", "--where", 'marketplace="nowhere"')) == []
    assert {row["record"] for row in rows} == {record}
    assert rows[0]["asin"][:6] in cli("ask", target).output


def test_ask_takes_options_of_the_kind(cli):
    assert {row["page"] for row in read(cli("ask", "coffee", "-o", "pages=2", "--json"))} == {1, 2}
    summary = read(cli("ask", "B0DEMO0001", "--type", "offers", "-o", "conditions=new,used", "--summary"))
    assert summary["filtersApplied"] == ["new", "used"]
    assert "pages" in str(cli("ask", "coffee", "-o", "pges=2", exit_code=2).exception)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (
            ["B0DEMO0001", "--type", "detail"],
            2,
            "--type detail: there is no such kind of page; did you mean 'details'?",
        ),
        (["B0DEMO0001", "-o", "pages=2"], 2, "pages is not an option of details; it is one of search"),
        (["B0DEMO0001", "-o", "colour=red"], 2, "details; azscraper run details --help lists the options"),
        (["coffee", "-o", "pges=2"], 2, "pges is not an option of search; did you mean 'pages'?"),
        (["kettle", "-o", "pages=two"], 2, "config.pages: must be a whole number"),
        (["kettle", "-o", "pages=0"], 2, "config.pages: must be at least 1"),
        (["B0DEMO0001", "-m", "xx"], 2, "'xx' is not an Amazon marketplace"),
        (["B0DEM0", "--type", "details"], 2, "'B0DEM0' is neither an ASIN"),
        (["https://example.com/dp/B0DEMO0001"], 2, "is not an address of Amazon"),
        (["https://www.amazon.de/gp/cart"], 2, "of no kind of page that can be read"),
        (["B0FAULT404"], 1, "not_found: The marketplace has no such page."),
        (["B0FAULTCAP", "-o", "maxRetries=0"], 1, "blocked: The marketplace answered with a robot check."),
        (["zzz9x"], 0, "search zzz9x: "),
    ],
)
def test_ask_says_in_one_line_what_came_of_it(cli, arguments, exit_code, said):
    done = cli("ask", *arguments, exit_code=exit_code)
    line = str(done.exception) if exit_code == 2 else done.stderr.strip()
    assert said in line
    assert "\n" not in line
