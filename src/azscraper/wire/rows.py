"""Rows of a project on the wire, each with where it came from."""

from azscraper.records import Product, SearchRow
from azscraper.wire.base import Answer, Timestamp
from azscraper.wire.jobs import RowData, TargetError


class RowMeta(Answer):
    """Where a row came from."""

    job_id: str
    project_id: str
    schedule_id: str | None
    """The schedule that posted the job, if one did."""
    list_id: str | None
    """The list that posted the job, if one did."""
    target: str
    """As it was sent."""
    ordinal: int
    """Of the target in its job, from 0."""
    position: int
    """Of the row among those of its target, from 1; 0 of a failed target."""
    job_created_at: Timestamp
    stored_at: Timestamp | None
    row_id: str
    """Never changes, and no other row has it: jobId-ordinal-position."""
    cached: bool = False
    """Whether it is a copy of a row, or was read from a page, that was kept: `maxAge` allowed it."""


class StoredProduct(Product):
    """A product page, with where it came from."""

    meta: RowMeta


class StoredSearchRow(SearchRow):
    """A tile of a search page, with where it came from."""

    meta: RowMeta


class FailedTarget(Answer):
    """A target that failed for good."""

    target: str
    error: TargetError
    http_status: int | None
    attempts: int
    fetched_at: Timestamp | None
    meta: RowMeta


class FeedMeta(Answer):
    """How far this answer goes."""

    limit: int
    next_cursor: str
    """Where the next answer begins, today or in a year."""
    has_more: bool
    """Whether rows follow already."""
    skipped: int
    """How many rows in between were removed because they were old."""


class FeedPage(Answer):
    """Rows of a project in the order of storing; failed targets where they were asked for. Describes the answer; the rows are streamed as stored."""

    data: list[RowData | FailedTarget]
    meta: FeedMeta
