"""The front door: says what a page is, then has it read. Pure; never raises on any bytes."""

import re
from datetime import date, datetime, time
from typing import Any

from azscraper.kinds.kind import Asked, Kind
from azscraper.kinds.registry import in_turn, kinds
from azscraper.kinds.whole import is_cut
from azscraper.marketplaces import asin_from_url
from azscraper.parse.page import Page
from azscraper.records import PageKind, Parsed
from azscraper.records.pages import Read
from azscraper.records.parts import Record

_SMALL_BYTES = 120_000  # the largest robot check, error or sign-in page seen is 20 KB, the smallest product page 39 KB
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
_PAGE_KINDS = {kind.value: kind for kind in PageKind}
_CONSENT = ("sp-cc-container", "cos-banner", "sp-cc-standalone")


def parse(body: bytes, url: str, fetched_on: date | None = None, *, media_type: str = "text/html") -> Parsed:
    """What the page is, and what it says. ``url`` is where the body came from.

    ``fetched_on`` is the day on which it did; promises of delivery name days without a year.
    """
    fetched_at = datetime.combine(fetched_on, time.min) if fetched_on else None
    return read_page(Page(body, url, media_type, fetched_at))


def read_page(page: Page, asked: Asked[Any] | None = None, wanted: str = "") -> Parsed:
    """What the page is, and what it says, read for ``asked`` where somebody asked for it. Never raises on any bytes.

    ``wanted`` is the kind that it is hoped to be of: of a page that several recognise, that one reads it.
    """
    kind = recognise(page, wanted)
    return Parsed(wall(page)) if kind is None else read_as(kind, page, asked)


def read_as(kind: Kind[Any], page: Page, asked: Asked[Any] | None = None) -> Parsed:
    """What a page says that the kind recognises. Never raises on any bytes."""
    read = kind.reads(page, asked)
    if read.wrong is not None:
        return Parsed(read.wrong)
    return Parsed(_name(kind, read), kind.name, read)


def as_json(parsed: Parsed) -> dict[str, Any]:
    """As commands print it and saved cases keep it: a product as ``record``, what another kind reads as ``rows``."""
    page: dict[str, Any] = {"kind": parsed.kind}
    if parsed.record is not None:
        page["record"] = _dumped(parsed.record)
    elif parsed.type is not None:
        page["rows"] = [_dumped(one) for one in parsed.read.records]
    if parsed.summary is not None:
        page["summary"] = _dumped(parsed.summary)
    return page | {"warnings": list(parsed.warnings)}


def _dumped(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", by_alias=True)


def recognise(page: Page, wanted: str = "") -> Kind[Any] | None:
    """The kind whose content the page shows. Content comes first: such a page is never called a block."""
    if not page.is_json and page.document.is_beyond_reason:
        return None
    first = kinds().get(wanted)
    if first is not None and _takes(first, page):
        return first
    may_be_any = not page.is_json
    asked = (kind for kind in in_turn() if kind is not first and (may_be_any or kind.may_be_json))
    return next((kind for kind in asked if kind.recognises(page)), None)


def _takes(kind: Kind[Any], page: Page) -> bool:
    """Whether who hopes for the kind has it: any page of the kind that it narrows is one, whatever its address says."""
    wider = kinds().get(kind.narrows)
    return kind.recognises(page) or (wider is not None and wider.recognises(page))


def _name(kind: Kind[Any], read: Read) -> str:
    name = kind.page_name if read.records or not kind.empty_is_success else f"empty_{kind.page_name}"
    return _PAGE_KINDS.get(name, name)


def wall(page: Page) -> PageKind:
    """What a page is that shows content of no kind."""
    document, body = page.document, page.body
    if document.is_beyond_reason:
        return PageKind.UNREADABLE
    small = len(body) < _SMALL_BYTES
    if small and (said := _says(body)) is not None:
        return said
    if document.by_id(*_SIGN_IN) is not None:
        return PageKind.SIGN_IN
    if small and document.by_id(*_CONSENT) is not None:
        return PageKind.CONSENT
    is_asked_for = asin_from_url(page.url) or "/s" in page.url
    return PageKind.TRUNCATED if is_cut(document, body) and is_asked_for else PageKind.UNKNOWN


def _says(body: bytes) -> PageKind | None:
    if _NOT_FOUND.search(body):
        return PageKind.NOT_FOUND
    return PageKind.BLOCKED if _BLOCKED.search(body) else None
