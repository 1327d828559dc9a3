from pathlib import Path

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.author import AUTHOR
from azscraper.kinds.recognise import parse
from azscraper.kinds.testing import check_kind
from azscraper.kinds.testing.cases import page_of
from azscraper.marketplaces import find

CASES = Path(__file__).parents[2] / "cases"
test_author = check_kind(AUTHOR, cases=CASES)


@pytest.mark.parametrize(
    ("text", "key", "url"),
    [
        ("B000APZ33E", "B000APZ33E", "https://www.amazon.com/stores/author/B000APZ33E"),
        ("https://www.amazon.de/stores/author/B000APZ33E/allbooks?x=1", "B000APZ33E", "https://www.amazon.de/stores/author/B000APZ33E"),
        ("https://www.amazon.com/stores/Michael-Lewis/author/B000APZ33E/about", "B000APZ33E", "https://www.amazon.com/stores/author/B000APZ33E"),
        ("https://www.amazon.co.uk/Michael-Lewis/e/B000APZ33E/ref=dp_byline", "B000APZ33E", "https://www.amazon.co.uk/stores/author/B000APZ33E"),
        ("https://www.amazon.com/-/e/B000APZ33E", "B000APZ33E", "https://www.amazon.com/stores/author/B000APZ33E"),
        ("https://www.amazon.com/author/michaellewis", "michaellewis", "https://www.amazon.com/author/michaellewis"),
    ],
)  # fmt: skip
def test_what_names_an_author(text, key, url):
    target = AUTHOR.resolve(text, find("us"))
    assert (target.key, AUTHOR.address(target)) == (key, url)


@pytest.mark.parametrize(
    "text", ["Michael Lewis", "https://example.com/author/x", "https://www.amazon.com/dp/B000APZ33E", "0393027503"]
)
def test_what_names_none(text):
    with pytest.raises(InvalidInputError, match="author's id"):
        AUTHOR.resolve(text, find("us"))


def test_a_trial_is_not_a_price_and_other_widgets_hold_no_titles():
    page = page_of(CASES / "author-en")
    parsed = parse(page.body, page.url)
    by_asin = {row.asin: row for row in parsed.read.records}
    assert float(by_asin["B0DEMOBK02"].price.amount) == 17
    assert by_asin["B0DEMOBK04"].price is None
    assert "B0DEMOBK99" not in by_asin
    assert parsed.summary.coverage.model_dump() == {"have": 5, "total": 9, "complete": False, "reason": "not_served"}
    assert "B0DEMOBK05" in parsed.summary.listed_asins
