import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.errors import InvalidInputError
from azscraper.marketplaces import (
    MARKETPLACES,
    asin_from_url,
    by_host,
    find,
    is_asin,
    of_url,
    product_url,
    resolve_target,
)

ASINS = st.from_regex(r"[A-Z0-9]{10}", fullmatch=True)
SITES = st.sampled_from(list(MARKETPLACES.values()))


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("de", "www.amazon.de"),
        ("DE", "www.amazon.de"),
        ("uk", "www.amazon.co.uk"),
        ("gb", "www.amazon.co.uk"),
        ("co.uk", "www.amazon.co.uk"),
        ("jp", "www.amazon.co.jp"),
        ("us", "www.amazon.com"),
        ("com", "www.amazon.com"),
        ("be", "www.amazon.com.be"),
        ("cn", "www.amazon.cn"),
        ("amazon.com.tr", "www.amazon.com.tr"),
        ("smile.amazon.de", "www.amazon.de"),
        ("m.amazon.in", "www.amazon.in"),
        (" WWW.AMAZON.FR ", "www.amazon.fr"),
        ("www.amazon.nl:443", "www.amazon.nl"),
    ],
)
def test_a_site_is_found_by_host_or_country(text: str, host: str) -> None:
    assert find(text).host == host


@pytest.mark.parametrize("text", ["", "xx", "amazon.example", "www.amazon.com.evil.example", "germany"])
def test_an_unknown_site_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        find(text)
    assert "amazon.de" in refused.value.message
    assert refused.value.details[0].field == "marketplace"


def test_by_host_takes_no_country_code() -> None:
    with pytest.raises(InvalidInputError):
        by_host("de")


def test_every_site_names_its_hosts_for_redirects() -> None:
    for host, site in MARKETPLACES.items():
        assert set(site.hosts) == {host, site.domain, f"smile.{site.domain}", f"m.{site.domain}"}
        assert by_host(host) is site
        assert len(site.country) == 2
        assert len(site.currency) == 3


@pytest.mark.parametrize(
    ("url", "asin"),
    [
        ("https://www.amazon.de/Some-Title/dp/B000000001/ref=sr_1_1?th=1", "B000000001"),
        ("https://www.amazon.de/-/en/Some/dp/B000000001", "B000000001"),
        ("http://www.amazon.com/exec/obidos/ASIN/0123456789/", "0123456789"),
        ("http://www.amazon.com/exec/obidos/tg/detail/-/0123456789", "0123456789"),
        ("amazon.com/gp/aw/d/b000000001?x=1", "B000000001"),
        ("https://www.amazon.in/gp/product/B000000001", "B000000001"),
        ("https://www.amazon.in/gp/offer-listing/B000000001/", "B000000001"),
        ("https://www.amazon.com/product-reviews/B000000001", "B000000001"),
        ("https%3A%2F%2Fwww.amazon.de%2Fdp%2FB000000001", "B000000001"),
        ("/dp/B000000001", "B000000001"),
        ("/x?asin=B000000001", "B000000001"),
        ("https://www.amazon.com/dp/B0000000012", None),
        ("https://www.amazon.com/dp/B00", None),
        ("https://shop.example/dp/B000000001", None),
        ("https://www.amazon.com.evil.example/dp/B000000001", None),
        ("https://www.amazon.com@evil.example/dp/B000000001", None),
        ("//evil.example/dp/B000000001", None),
        ("http://[bad/dp/B000000001", None),
        ("/gp/redirect.html?adId=A123456789&url=%2Fdp%2FB000000001%2Fref%3Dx", "B000000001"),
        ("/%E3%81%82/dp/B000000001?url=%2Fdp%2FB000000002", "B000000001"),
        ("/a%2Fdp%2FB000000001/dp/B000000002/", "B000000001"),
        ("javascript:void(0)", None),
        ("#", None),
        ("", None),
    ],
)
def test_asin_from_url(url: str, asin: str | None) -> None:
    assert asin_from_url(url) == asin


@given(SITES, ASINS, st.booleans())
def test_a_product_address_names_its_asin_and_site(site: object, asin: str, variant: bool) -> None:  # noqa: FBT001
    url = product_url(site, asin, variant=variant)  # type: ignore[arg-type] # a strategy's value
    assert asin_from_url(url) == asin
    assert of_url(url) is site


@given(st.text())
def test_any_text_is_an_address_or_not(text: str) -> None:
    assert asin_from_url(text) is None or is_asin(str(asin_from_url(text)))
    of_url(text)


def test_a_variant_address_asks_for_its_own_price() -> None:
    assert product_url(find("de"), "B000000001", variant=True) == "https://www.amazon.de/dp/B000000001?th=1&psc=1"


@pytest.mark.parametrize(
    ("text", "expected"), [("B000000001", True), ("b000000001", False), ("B00", False), ("", False)]
)
def test_is_asin(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_asin(text) is expected


def test_a_target_is_an_asin_or_an_address_whose_host_wins() -> None:
    default = find("us")
    assert resolve_target(" b000000001 ", default).asin == "B000000001"
    assert resolve_target("B000000001", default).marketplace is default
    assert resolve_target("https://www.amazon.de/dp/B000000001", default).marketplace is find("de")
    assert resolve_target("/dp/B000000001", default).marketplace is default


@pytest.mark.parametrize("text", ["", "hello", "https://shop.example/dp/B000000001", "https://www.amazon.de/"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        resolve_target(text, find("us"))


SLUGS = st.sampled_from(["", "/", "/Some-Title", "/d", "/dp", "/gp", "/asin", "/-", "/a@b", "/a:b"])
ENDS = st.sampled_from(["", "/", "/ref=sr_1_1?th=1", "?asin=B999999999", "#x", "2", "/dp/B999999999"])


@given(st.sampled_from(["www.amazon.de", "amazon.com", "m.amazon.in", "shop.example"]), SLUGS, ASINS, ENDS)
def test_the_usual_addresses_are_read_as_all_others_are(host, slug, asin, end):
    url = f"https://{host}{slug}/dp/{asin}{end}"
    expected = asin_from_url(url), of_url(url)
    if expected[0] is None:
        with pytest.raises(InvalidInputError):
            resolve_target(url, by_host("www.amazon.fr"))
    else:
        found = resolve_target(url, by_host("www.amazon.fr"))
        assert (found.asin, found.marketplace) == expected
