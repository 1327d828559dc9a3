"""A page as it came, and what it became."""

from dataclasses import dataclass
from datetime import datetime

from azscraper.records.base import PageKind, PageRecord
from azscraper.records.details import Product
from azscraper.records.parts import Record
from azscraper.records.search import SearchRow


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
class Read:
    """What a page of a kind says."""

    records: tuple[PageRecord, ...] = ()
    summary: Record | None = None
    """What the page says about itself."""
    last_page: int | None = None
    """Of a numbered list, where the page names it; else a list ends with its first page without records."""
    warnings: tuple[str, ...] = ()
    """JSON names of fields that the page shows but that could not be read."""
    wrong: PageKind | None = None
    """TRUNCATED: it ends before its content does. UNKNOWN: it says that it has records, and none can be read."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a page became: what it is, and what it says where it shows something of a kind."""

    kind: str
    """A ``PageKind``, or what another kind calls its pages."""
    type: str | None = None
    """Type of the jobs that ask for such pages; None of walls and of what can't be read."""
    read: Read = Read()

    @property
    def record(self) -> Product | None:
        """Of a product page."""
        return next((one for one in self.read.records if isinstance(one, Product)), None)

    @property
    def rows(self) -> tuple[SearchRow, ...]:
        """Of a search page."""
        return tuple(one for one in self.read.records if isinstance(one, SearchRow))

    @property
    def summary(self) -> Record | None:
        """What the page says about itself."""
        return self.read.summary

    @property
    def warnings(self) -> tuple[str, ...]:
        """JSON names of fields that the page shows but that could not be read."""
        return self.read.warnings
