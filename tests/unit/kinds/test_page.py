import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.kinds.recognise import parse
from azscraper.records import PageKind

URL = "https://www.amazon.com/dp/B000000001"
PRODUCT = '<div id="dp"><span id="productTitle">Kettle</span><input id="ASIN" value="B000000001"></div>'
RESULTS = (
    '<div id="search"><div class="s-main-slot">'
    '<div data-asin="B000000001" data-component-type="s-search-result" class="s-result-item"><h2>Kettle</h2></div></div></div>'
)
LIST_OF_2019 = (
    '<span data-component-type="s-search-results"><div class="s-result-list">'
    '<div data-asin="B000000001" class="s-result-item"><h2>Kettle</h2></div></div></span>'
)
AUTOMATED = "<!-- To discuss automated access to Amazon data please contact api-services-support@amazon.com. -->"


def _page(content: str, end: str = "</body></html>") -> str:
    return f'<!doctype html><html lang="en-us"><head><title>Amazon.com</title></head><body>{content}{end}'


def _kind(html: str, url: str = URL) -> str:
    return parse(html.encode(), url).kind


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (_page(PRODUCT), PageKind.PRODUCT),
        (_page('<div id="handleBuy"></div><span id="btAsinTitle">Old [Paperback]</span>'), PageKind.PRODUCT),
        (_page('<div id="dp"><input id="ASIN" value="B000000001"></div>'), PageKind.PRODUCT),
        (_page(PRODUCT + AUTOMATED + "captcha opfcaptcha"), PageKind.PRODUCT),
        (_page(RESULTS), PageKind.SEARCH),
        (_page(RESULTS + AUTOMATED), PageKind.SEARCH),
        (_page(LIST_OF_2019), PageKind.SEARCH),
        (_page('<div data-asin="B000000001" class="s-result-item"></div>'), PageKind.UNKNOWN),
        (_page('<div id="resultsCol"></div>'), PageKind.EMPTY_SEARCH),
        (_page('<h1 id="noResultsTitle">Your search did not match</h1>'), PageKind.EMPTY_SEARCH),
        (
            _page('<div id="search"><div class="s-main-slot"><p>No results for xyz</p></div></div>'),
            PageKind.EMPTY_SEARCH,
        ),
        (_page(AUTOMATED + '<a href="/ref=cs_404_logo">x</a>'), PageKind.NOT_FOUND),
        (_page(AUTOMATED + '<form action="/errors/validateCaptcha">Continue shopping</form>'), PageKind.BLOCKED),
        (_page('<a href="/ref=cs_503_link">Sorry</a>'), PageKind.BLOCKED),
        (_page('<script src="https://x.token.awswaf.com/x/challenge.js"></script>'), PageKind.BLOCKED),
        (_page('<script>xhr.open("POST", "/_sec/verify?provider=interstitial")</script>'), PageKind.BLOCKED),
        (RESULTS, PageKind.SEARCH),
        ("Request was throttled. Please wait a moment and refresh the page", PageKind.BLOCKED),
        (_page('<script>ue_sn="opfcaptcha.amazon.com"</script>'), PageKind.BLOCKED),
        (_page('<form name="signIn"><input id="ap_email"></form>'), PageKind.SIGN_IN),
        (_page('<form id="ap_login_form" name="signIn"><input id="ap_email_login"></form>'), PageKind.SIGN_IN),
        (_page('<form id="sp-cc-container"><input name="accept"></form>'), PageKind.CONSENT),
        (_page('<div id="olpOfferList"></div><span id="title">Kettle</span><div id="dp">'), "empty_offers"),
        (_page('<div id="zg-right-col"><h1>Best Sellers</h1></div>'), PageKind.UNKNOWN),
        (_page("<h1>Welcome</h1>"), PageKind.UNKNOWN),
        ("", PageKind.UNKNOWN),
        ("hello", PageKind.UNKNOWN),
    ],
)
def test_kinds(html: str, kind: PageKind) -> None:
    assert _kind(html) == kind


def test_a_page_that_was_cut_is_truncated() -> None:
    assert _kind(_page(PRODUCT, end="")) is PageKind.TRUNCATED
    assert _kind(_page(RESULTS, end=""), "https://www.amazon.com/s?k=x") is PageKind.TRUNCATED
    assert _kind(_page("<div id=navbar>", end="")) is PageKind.TRUNCATED
    assert _kind(_page("<div id=navbar>", end=""), "https://www.amazon.com/") is PageKind.UNKNOWN


@pytest.mark.parametrize("last", ['<div id="navFooter">', '<div id="reviewsMedley">'])
def test_a_page_without_closing_tag_is_whole_when_its_content_is(last: str) -> None:
    assert _kind(_page(PRODUCT + last, end="")) is PageKind.PRODUCT


def test_parse_gives_what_the_kind_has() -> None:
    product = parse(_page(PRODUCT).encode(), URL)
    assert product.kind is PageKind.PRODUCT
    assert product.record is not None
    assert product.record.asin == "B000000001"
    search = parse(_page(RESULTS).encode(), "https://www.amazon.com/s?k=kettle")
    assert [row.asin for row in search.rows] == ["B000000001"]
    assert search.summary is not None
    empty = parse(_page('<div id="resultsCol"></div>').encode(), URL)
    assert (empty.kind, empty.rows) == (PageKind.EMPTY_SEARCH, ())
    counted = (
        '<div data-component-type="s-result-info-bar"><span>1-16 of 70 results</span></div><div id="resultsCol"></div>'
    )
    assert parse(_page(counted).encode(), URL).kind is PageKind.UNKNOWN
    blocked = parse(_page("Robot Check").encode(), URL)
    assert (blocked.kind, blocked.record, blocked.rows) == (PageKind.BLOCKED, None, ())


@given(st.binary(max_size=400))
def test_any_bytes_are_parsed(body: bytes) -> None:
    parse(body, URL)


@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "div", ' id="', "dp", "productTitle", '"', "price", "$1", "</", "{", "[", "\x00", "é"]
        )
    )
)
def test_any_pieces_of_markup_are_parsed(pieces: list[str]) -> None:
    parse(("".join(pieces) + PRODUCT + "".join(pieces) + "</html>").encode(), URL)
