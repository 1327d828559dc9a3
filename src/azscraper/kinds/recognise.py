"""The front door: says what a page is, then has it read. Pure; never raises on any bytes."""

import re
from datetime import date

from azscraper.bytesearch import find
from azscraper.kinds.details.identity import TITLE_IDS
from azscraper.kinds.details.read import parse_product
from azscraper.kinds.search.read import parse_search
from azscraper.marketplaces import asin_from_url
from azscraper.parse.document import Document, first, text
from azscraper.records import PageKind, PageSummary, Parsed

_TITLES = (*TITLE_IDS, "aiv-content-title", "udp")  # a film's, and those of phones in 2013
_PRODUCT_BLOCKS = (
    "dp",
    "dp-container",
    "ppd",
    "centerCol",
    "handleBuy",
    "buybox",
    "desktop_buybox",
    "ASIN",
    "aiv-main-content",
    "priceBlock",
    "kicsBuyBox",
    "prodImageCell",
    "prices",
    "productDetails",
    "dmusic_buybox_container",
)
_OTHER_BLOCKS = ("olpOfferList", "olpOfferListColumn", "cm_cr-review_list", "zg-right-col", "zg_centerListWrapper")
_AFTER_PRODUCT = ("reviewsMedley", "customerReviews", "customer-reviews_feature_div", "cm-cr-dp-review-list", "revSum")
_RESULTS = ("s-results-list-atf", "atfResults", "resultsCol", "mainResults", "s-result-list")
_AFTER_SEARCH = ("pagn", "bottomBar", "pagnNextLink")
_FOOTERS = ("navFooter", "navBackToTop", "nav-ftr", "rhf", "footer", "nav-footer", "navFooterLine")
_TILE_OF_2019 = ".s-result-list .s-result-item[data-asin]"
_SMALL_BYTES = 120_000  # the largest robot check, error or sign-in page seen is 20 KB, the smallest product page 39 KB
_TAIL_BYTES = 4_000
_STATUS_NOT_FOUND = frozenset({404, 410})
_STATUS_BLOCKED = frozenset({202, 403, 429, 503})  # 202: an empty page or a script that is to prove a browser
_NOT_FOUND = re.compile(
    rb"cs_404|/error/404|ref=cs_404_|<title[^>]{0,80}>\s{0,80}(?:404|Page Not Found|Seite wurde nicht gefunden)",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    rb"validateCaptcha|opfcaptcha|captchacharacters|cvf-?captcha|cs_503|/error/500_503|/G/\d\d/error/|Robot Check|Bot Check"
    rb"|503 - Service Unavailable|api-services-support@amazon|gokuProps|awsWafCookie|Sorry! Something went wrong"
    rb"|bm-verify|/_sec/verify|sec-if-cpt-container|akam-logo"  # a script of the network before the shop is to prove a browser
    rb"|awswaf\.com|AwsWafIntegration|Request was throttled|The request could not be satisfied|Service Temporarily Unavailable",
    re.IGNORECASE,
)
_SIGN_IN = (
    "ap_email",
    "ap_signin_form",
    "authportal-main-section",
    "signInSubmit",
    "ap_password",
    "ap_login_form",
    "claim-collection-container",
)
_CONSENT = ("sp-cc-container", "cos-banner", "sp-cc-standalone")


def parse(body: bytes, url: str, fetched_on: date | None = None) -> Parsed:
    """What the page is, and its record or rows where the kind has them. ``url`` is where the body came from.

    ``fetched_on`` is the day on which it did; promises of delivery name days without a year.
    """
    document = Document(body, url, fetched_on)
    kind = classify(document, body, url)
    if kind is PageKind.PRODUCT:
        record = parse_product(document)
        return Parsed(kind=kind, record=record, warnings=record.warnings)
    if kind in {PageKind.SEARCH, PageKind.EMPTY_SEARCH}:
        found = parse_search(document, url)
        if not found.rows:
            return _without_rows(found.summary)
        warnings = tuple(dict.fromkeys(name for row in found.rows for name in row.warnings))
        return Parsed(kind=PageKind.SEARCH, rows=found.rows, summary=found.summary, warnings=warnings)
    return Parsed(kind=kind)


def _without_rows(summary: PageSummary) -> Parsed:
    """A page that counts results and has no tile that can be read is not taken for one without results."""
    if summary.total_results:
        return Parsed(kind=PageKind.UNKNOWN)
    return Parsed(kind=PageKind.EMPTY_SEARCH, summary=summary)


def classify(document: Document, body: bytes, url: str, status: int | None = None) -> PageKind:
    """The kind of a page. Content comes first: a page that shows a product or results is never called a block."""
    if document.is_beyond_reason:
        return PageKind.UNREADABLE
    if _is_product(document):
        return PageKind.PRODUCT if _is_whole(document, _AFTER_PRODUCT) else PageKind.TRUNCATED
    if _has_results(document):
        return PageKind.SEARCH if _is_whole(document, _AFTER_SEARCH) else PageKind.TRUNCATED
    if document.by_id("noResultsTitle") is not None or _says_no_results(document):
        return PageKind.EMPTY_SEARCH
    return _without_content(document, body, url, status)


def _is_product(document: Document) -> bool:
    if document.by_id(*_OTHER_BLOCKS) is not None:
        return False
    titled = any(text(document.by_id(name)) for name in _TITLES)
    if titled:
        return document.by_id(*_PRODUCT_BLOCKS) is not None
    return document.by_id("ASIN") is not None and document.by_id("dp", "dp-container") is not None


def _has_results(document: Document) -> bool:
    results = document.by_id(*_RESULTS)
    if results is not None or document.by_id("result_0") is not None or document.components("s-search-result"):
        return True
    return any(first(found, _TILE_OF_2019) is not None for found in document.components("s-search-results"))


def _says_no_results(document: Document) -> bool:
    slot = first(document.by_id("search"), ".s-main-slot, .s-no-outline")
    return slot is not None and _is_whole(document, _AFTER_SEARCH)


def _without_content(document: Document, body: bytes, url: str, status: int | None) -> PageKind:
    small = len(body) < _SMALL_BYTES
    if small and (status in _STATUS_NOT_FOUND or _NOT_FOUND.search(body)):
        return PageKind.NOT_FOUND
    if small and (_BLOCKED.search(body) or status in _STATUS_BLOCKED):
        return PageKind.BLOCKED
    if document.by_id(*_SIGN_IN) is not None:
        return PageKind.SIGN_IN
    if small and document.by_id(*_CONSENT) is not None:
        return PageKind.CONSENT
    if _is_cut(document, body) and (asin_from_url(url) or "/s" in url):
        return PageKind.TRUNCATED
    return PageKind.UNKNOWN


def _is_whole(document: Document, after: tuple[str, ...]) -> bool:
    """One page in twelve has no closing tag and yet all its content: what stands behind the content tells.

    A page cut out of its frame, which opens no ``<html>``, has none to close.
    """
    source = document.source
    if b"</html" in source[-_TAIL_BYTES:].lower() or document.by_id(*_FOOTERS, *after) is not None:
        return True
    return find(source, b"<html") < 0 and find(source, b"<HTML") < 0


def _is_cut(document: Document, body: bytes) -> bool:
    opens = b"<html" in body[:_TAIL_BYTES].lower()
    return opens and not _is_whole(document, ())
