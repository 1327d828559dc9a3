"""Which kind of page a pasted address is of, and which target."""

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.registry import find_kind
from azscraper.marketplaces import find
from azscraper.marketplaces.addresses import address_of, short_link

ASIN = "B08N5WRWNW"
PASTED = [
    (ASIN, "details", "www.amazon.com", ASIN),
    (f" “{ASIN.lower()}” ", "details", "www.amazon.com", ASIN),
    (f"ASIN: {ASIN}", "details", "www.amazon.com", ASIN),
    ("978-3-16-148410-0", "details", "www.amazon.com", "316148410X"),
    ("316148410X", "details", "www.amazon.com", "316148410X"),
    (f"https://www.amazon.com/dp/{ASIN}", "details", "www.amazon.com", ASIN),
    (f"amazon.de/dp/{ASIN}", "details", "www.amazon.de", ASIN),
    (f"https://www.amazon.de/-/en/dp/{ASIN}?th=1&psc=1", "details", "www.amazon.de", ASIN),
    (
        f"https://www.amazon.co.jp/-/zh_TW/Echo-Dot/dp/{ASIN}/ref=sr_1_3?keywords=echo",
        "details",
        "www.amazon.co.jp",
        ASIN,
    ),
    (f"https://smile.amazon.com/gp/product/{ASIN}/", "details", "www.amazon.com", ASIN),
    (f"https://m.amazon.co.uk/gp/aw/d/{ASIN}", "details", "www.amazon.co.uk", ASIN),
    (
        f"https://www.amazon.fr/Un-Livre/dp/{ASIN}/ref=asc_df_{ASIN}?tag=x-21&linkCode=df0",
        "details",
        "www.amazon.fr",
        ASIN,
    ),
    (f"https://www.amazon.com/exec/obidos/ASIN/{ASIN}", "details", "www.amazon.com", ASIN),
    (f"http://amzn.com/{ASIN}", "details", "www.amazon.com", ASIN),
    (f"[a kettle](https://www.amazon.it/dp/{ASIN})", "details", "www.amazon.it", ASIN),
    ("https://www.amazon.com/sp?seller=A2L77EE7U53NWQ&ref=x", "seller", "www.amazon.com", "A2L77EE7U53NWQ"),
    ("https://www.amazon.de/-/en/gp/aag/main?seller=a2l77ee7u53nwq", "seller", "www.amazon.de", "A2L77EE7U53NWQ"),
    ("https://www.amazon.co.uk/shops/A2L77EE7U53NWQ", "seller", "www.amazon.co.uk", "A2L77EE7U53NWQ"),
    (f"https://www.amazon.com/gp/offer-listing/{ASIN}/ref=olp?condition=new", "offers", "www.amazon.com", ASIN),
    (f"https://www.amazon.com/dp/{ASIN}?aod=1&th=1", "offers", "www.amazon.com", ASIN),
    (f"https://www.amazon.in/gp/product/ajax/aodAjaxMain/?asin={ASIN}&pc=dp", "offers", "www.amazon.in", ASIN),
    (f"https://www.amazon.com/product-reviews/{ASIN}/ref=x", "reviews", "www.amazon.com", f"{ASIN}?"),
    (
        f"https://www.amazon.de/-/en/Kettle/product-reviews/{ASIN}?ie=UTF8&filterByStar=critical&tag=x",
        "reviews",
        "www.amazon.de",
        f"{ASIN}?filterByStar=critical",
    ),
    (f"https://www.amazon.com/gp/customer-reviews/R1AAAAAAAAAAAA?ASIN={ASIN}", "reviews", "www.amazon.com", ASIN),
    (
        "https://www.amazon.com/gp/bestsellers/electronics/172541?pg=2",
        "bestsellers",
        "www.amazon.com",
        "electronics/172541",
    ),
    (
        "https://www.amazon.de/-/en/gp/new-releases/toys/ref=zg_bs_tab",
        "bestsellers",
        "www.amazon.de",
        "new_releases/toys",
    ),
    (
        "https://www.amazon.com/Best-Sellers-Toys/zgbs/toys-and-games",
        "bestsellers",
        "www.amazon.com",
        "toys-and-games",
    ),
    ("https://www.amazon.co.jp/gp/movers-and-shakers", "bestsellers", "www.amazon.co.jp", "movers_and_shakers/root"),
    ("https://www.amazon.com/s?k=red+shoes&crid=1&sprefix=red&ref=nb_sb_noss", "search", "www.amazon.com", "red shoes"),
    (
        "https://www.amazon.de/-/en/s?k=hub&rh=n%3A340843031&dc&qid=1",
        "search",
        "www.amazon.de",
        "https://www.amazon.de/s?k=hub&rh=n%3A340843031",
    ),
    (
        f"https://www.amazon.com/Kettle/product-reviews/{ASIN}/ref=cm_cr?ie=UTF8&reviewerType=all_reviews",
        "reviews",
        "www.amazon.com",
        f"{ASIN}?reviewerType=all_reviews",
    ),
    (f"https://www.amazon.de/-/en/product-reviews/{ASIN}", "reviews", "www.amazon.de", f"{ASIN}?"),
    ("https://www.amazon.com/deals?ref_=nav_cs_gb", "deals", "www.amazon.com", "today"),
    ("https://www.amazon.co.uk/gp/goldbox", "deals", "www.amazon.co.uk", "today"),
    ("https://www.amazon.in/events/GreatFreedomFestival", "deals", "www.amazon.in", "greatfreedomfestival"),
    (
        "https://www.amazon.com/s?k=electric+kettle&ref=nb_sb_noss&crid=1X",
        "search",
        "www.amazon.com",
        "electric kettle",
    ),
    ("amazon.de/-/en/s?k=kessel", "search", "www.amazon.de", "kessel"),
    (
        "https://www.amazon.com/stores/Acme/page/9F16B940-F912-43FE-888C-5BB1B86337A9?ingress=0&visitId=x",
        "store",
        "www.amazon.com",
        "9F16B940-F912-43FE-888C-5BB1B86337A9",
    ),
    (
        "https://www.amazon.de/-/en/stores/page/9f16b940-f912-43fe-888c-5bb1b86337a9",
        "store",
        "www.amazon.de",
        "9F16B940-F912-43FE-888C-5BB1B86337A9",
    ),
    ("https://www.amazon.com/stores/author/B000APZ33E/allbooks?ref=x", "author", "www.amazon.com", "B000APZ33E"),
    ("https://www.amazon.com/Stephen-King/e/B000AQ0842", "author", "www.amazon.com", "B000AQ0842"),
    ("https://www.amazon.com/author/some.name", "author", "www.amazon.com", "some.name"),
    (
        "https://www.amazon.com/s?me=A2L77EE7U53NWQ&marketplaceID=ATVPDKIKX0DER",
        "seller-products",
        "www.amazon.com",
        "A2L77EE7U53NWQ",
    ),
    ("https://www.amazon.com/b?node=172541&ref=x", "category", "www.amazon.com", None),
    ("https://www.amazon.de/-/en/b/?ie=UTF8&node=569604", "category", "www.amazon.de", None),
    ("https://www.amazon.com/Headphones/b?node=172541", "category", "www.amazon.com", None),
    ("https://www.amazon.com/s?rh=n%3A172541&fs=true", "category", "www.amazon.com", None),
    ("https://www.amazon.com/s?k=kettle&me=A2L77EE7U53NWQ", "search", "www.amazon.com", None),
    ("https://www.amazon.com/s?i=electronics&rh=n:172541,p_36:-5000&k=kettle", "search", "www.amazon.com", None),
    ("https://www.amazon.com/b?node=172541&ref_=x", "category", "www.amazon.com", "172541"),
    ("https://www.amazon.de/-/en/elektronik/b/?ie=UTF8&node=562066", "category", "www.amazon.de", "562066"),
    (
        "https://www.amazon.com/s?rh=n%3A172282%2Cn%3A281407&dc&qid=1&ref=sr_nr_n_1",
        "category",
        "www.amazon.com",
        "https://www.amazon.com/s?rh=n%3A172282%2Cn%3A281407",
    ),
    ("https://www.amazon.com/s?me=A2L77EE7U53NWQ&page=2", "seller-products", "www.amazon.com", "A2L77EE7U53NWQ"),
    ("https://amzn.to/3xYzAbC", "auto", "www.amazon.com", "https://amzn.to/3xYzAbC"),
    ("amzn.eu/d/0aBcDeF", "auto", "www.amazon.com", "https://amzn.eu/d/0aBcDeF"),
    ("https://a.co/d/7hIjKlM", "auto", "www.amazon.com", "https://a.co/d/7hIjKlM"),
    ("<https://amzn.asia/d/1a2B3c4?x=1>", "auto", "www.amazon.com", "https://amzn.asia/d/1a2B3c4?x=1"),
]
NONE = [
    "kettle",
    "headphones",
    "electric kettle 1.7 l",
    "https://www.example.com/dp/B08N5WRWNW",
    "https://www.amazon.com",
    "https://www.amazon.com/",
    "https://www.amazon.com/gp/help/customer/display.html?nodeId=508510",
    "https://www.amazon.com/gp/cart/view.html",
    "https://www.amazon.com/ap/signin?openid.return_to=x",
    "https://aws.amazon.com/s3/",
    "https://music.amazon.com/albums/B08N5WRWNW",
    "https://www.amazon.com.evil.example/dp/B08N5WRWNW",
    "https://amzn.to/",
    "https://bit.ly/3xYzAbC",
    "javascript:alert(1)",
    "ftp://www.amazon.com/dp/B08N5WRWNW",
    "4006381333932",
    "9.78E+12",
    "B08N5WRWN",
    "ann@example.com",
]


@pytest.mark.parametrize(("text", "kind", "host", "key"), PASTED)
def test_what_is_pasted(text, kind, host, key):
    target = find_kind("auto").resolve(text, find("us"))
    assert (target.kind, target.marketplace.host, target.key) == (kind, host, key or target.key)


@pytest.mark.parametrize("text", NONE)
def test_what_names_nothing(text):
    with pytest.raises(InvalidInputError):
        find_kind("auto").resolve(text, find("us"))


def test_an_address_taken_apart():
    address = address_of("https://smile.amazon.de/-/en/s?k=a%26b+c&i=toys&k=second#top")
    assert address is not None
    assert (address.marketplace.host, address.path) == ("www.amazon.de", "/s")
    assert dict(address.query) == {"k": "a&b c", "i": "toys"}
    assert address.url == "https://www.amazon.de/s?k=a%26b+c&i=toys&k=second"
    assert address_of(address.url) == address


@pytest.mark.parametrize("text", ["https://amzn.to/a b", "https://evil.example/https://amzn.to/x", "amzn.to"])
def test_what_is_no_short_link(text):
    assert short_link(text) is None
