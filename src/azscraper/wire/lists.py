"""Lists on the wire."""

from collections.abc import Sequence

from azscraper.records.parts import Money
from azscraper.wire.base import Answer, Config, Open, Timestamp
from azscraper.words import JobType


class RefreshOut(Answer):
    """When a list refreshes itself."""

    every: str | None
    at: str | None
    weekdays: Sequence[str]
    cron: str | None
    timezone: str
    until: Timestamp | None


class PostedJobOut(Answer):
    """A job of a refresh."""

    marketplace: str
    """Host."""
    job_id: str


class ListOut(Answer):
    """A list."""

    id: str
    project_id: str
    organization_id: str
    name: str
    type: Open[JobType]
    marketplaces: Sequence[str]
    """Hosts."""
    config: Config
    refresh: RefreshOut | None
    items: int
    """How many."""
    next_run_at: Timestamp | None
    """Null without a refresh, and behind its end."""
    last_run_at: Timestamp | None
    last_jobs: Sequence[PostedJobOut]
    """Of the last refresh that posted any."""
    last_error: str | None
    """Why the last refresh posted no job; null if it did."""
    created_at: Timestamp
    updated_at: Timestamp


class ItemOut(Answer):
    """An item of a list."""

    id: str
    target: str
    """As it was put in."""
    key: str
    """One spelling of it: an ASIN, a keyword."""
    marketplace: str | None
    """Host; null: each of the list."""
    note: str
    tags: Sequence[str]
    target_price: Money | None
    """Nothing is converted: it is compared with prices in its currency alone."""
    compared_on: Sequence[str] = ()
    """Hosts of the list where prices are in the currency of `targetPrice`; empty without one."""


class PutOut(Answer):
    """What came of items that were put in."""

    added: int
    changed: int
    """That were in the list already."""
    total: int
    """Items of the list now."""
    duplicates: int = 0
    """Entries whose target stood there twice: the last one counts, of a sheet the first one."""
    left_out: int = 0
    """Lines of a file that give no item, with `onInvalid=skip`."""
    left_out_lines: Sequence[str] = ()
    """Which they are and why, at most 100."""


class RemovedOut(Answer):
    """What came of items that were taken out."""

    removed: int
