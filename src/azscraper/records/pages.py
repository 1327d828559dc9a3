"""A page as it came, and what it became."""

from dataclasses import dataclass
from datetime import datetime

from azscraper.records.base import PageKind
from azscraper.records.details import Product
from azscraper.records.search import PageSummary, SearchRow


@dataclass(frozen=True, slots=True)
class RawPage:
    """A fetched page as a value."""

    url: str
    """Where the body came from, after redirects."""
    status: int
    body: bytes
    """Decompressed."""
    content_type: str
    fetched_at: datetime
    retry_after: str | None = None
    """The header as sent, seconds or an HTTP date."""
    packed: bytes | None = None
    """The body as it came, where it came compressed."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer, less cookies and what belongs to the connection or the length."""
    sent: tuple[tuple[str, str], ...] = ()
    """Headers of the request, as the marketplace gets them, less cookies."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a page became: its kind, and a record or rows where the kind has them."""

    kind: PageKind
    record: Product | None = None
    """Set when ``kind`` is ``product``."""
    rows: tuple[SearchRow, ...] = ()
    """Set when ``kind`` is ``search``."""
    summary: PageSummary | None = None
    """Set when ``kind`` is ``search`` or ``empty_search``."""
    warnings: tuple[str, ...] = ()
