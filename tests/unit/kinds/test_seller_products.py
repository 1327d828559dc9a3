"""What a seller sells: what the kind keeps to, and which targets it takes."""

from dataclasses import replace
from pathlib import Path

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked
from azscraper.kinds.recognise import read_page
from azscraper.kinds.seller_products import SELLER_PRODUCTS
from azscraper.kinds.testing import check_kind
from azscraper.kinds.testing.cases import page_of
from azscraper.marketplaces import by_host
from azscraper.records.seller_products import SellerProductsOptions

US = by_host("www.amazon.com")
ID = "A2L77EE7U53NWQ"
CASES = Path(__file__).parents[2] / "cases"

test_kind = check_kind(SELLER_PRODUCTS, cases=CASES)


@pytest.mark.parametrize(
    ("text", "options", "url"),
    [
        (ID, {}, f"https://www.amazon.com/s?me={ID}"),
        (f" {ID.lower()} ", {"keyword": "kettle"}, f"https://www.amazon.com/s?k=kettle&me={ID}"),
        (
            f"https://www.amazon.de/s?me={ID}&marketplaceID=A1PA6795UKMFR9&page=3",
            {},
            f"https://www.amazon.de/s?me={ID}",
        ),
        (f"https://www.amazon.com/s?i=merchant-items&me={ID}", {}, f"https://www.amazon.com/s?me={ID}"),
        (f"https://www.amazon.com/s?k=pan&me={ID}", {"keyword": "kettle"}, f"https://www.amazon.com/s?k=pan&me={ID}"),
        (f"https://www.amazon.com/s?me={ID}&rh=p_36:1000-", {}, f"https://www.amazon.com/s?rh=p_36%3A1000-&me={ID}"),
        (f"/gp/search?merchant={ID}", {}, f"https://www.amazon.com/s?me={ID}"),
    ],
)
def test_what_a_target_asks_for(text, options, url):
    target = SELLER_PRODUCTS.resolve(text, US)
    assert SELLER_PRODUCTS.resolve(target.key, target.marketplace) == target
    step = SELLER_PRODUCTS.next(Asked(target, SellerProductsOptions.model_validate(options)), ())
    assert (step.url, step.reads) == (url, "seller-products")


def test_a_list_with_a_keyword_is_read_for_whoever_asked_for_the_seller():
    page = replace(page_of(CASES / "seller-products-en"), url=f"https://www.amazon.com/s?k=kettle&me={ID}")
    assert [read_page(page, None, wanted).type for wanted in ("", "seller-products")] == ["search", "seller-products"]


@pytest.mark.parametrize("text", ["", "kettle", "https://www.amazon.com/s?k=kettle", f"https://www.amazon.com/sp?seller={ID}", f"https://example.com/s?me={ID}"])  # fmt: skip
def test_what_names_no_seller(text):
    with pytest.raises(InvalidInputError, match="seller's id"):
        SELLER_PRODUCTS.resolve(text, US)
