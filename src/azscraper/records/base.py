"""What every record has, and what a page is called.

A field that the page does not show is ``None`` (lists: empty), never guessed. A value that is on the page but cannot
be read is ``None`` as well, and its JSON name stands in ``warnings``: absent and failed can be told apart. JSON keys
are camelCase; amounts are exact decimals in Python and JSON numbers on the wire.
"""

from datetime import datetime
from enum import StrEnum

from azscraper.records.parts import Record

PARSER_VERSION = "2026.11.4"
"""Changes whenever the same page could give another record; stored with every record."""


class PageKind(StrEnum):
    """What a fetched page is, decided before any field is read."""

    PRODUCT = "product"
    SEARCH = "search"
    EMPTY_SEARCH = "empty_search"
    """A real "no results" page: the target succeeds with zero rows."""
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    """Robot check, CAPTCHA, "automated access" text, 503 "Sorry" page."""
    SIGN_IN = "sign_in"
    CONSENT = "consent"
    TRUNCATED = "truncated"
    """A product or search page that was cut off before its content ended."""
    UNREADABLE = "unreadable"
    """Built so that reading it would take minutes; it is not read."""
    UNKNOWN = "unknown"


class PageRecord(Record):
    """What every record says about the page that it was read from."""

    url: str | None = None
    """Canonical: ``https://<host>/dp/<ASIN>``."""
    marketplace: str | None = None
    """Host, for example ``www.amazon.de``."""
    language: str | None = None
    """BCP 47, as served."""
    fetched_at: datetime | None = None
    """UTC; set by whoever fetched the page."""
    parser_version: str = PARSER_VERSION
    warnings: tuple[str, ...] = ()
    """JSON names of fields that the page shows but that could not be read."""
