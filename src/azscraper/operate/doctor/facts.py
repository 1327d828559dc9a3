"""What the checks look at. Values: ``looks`` and ``surroundings`` fill them in, ``judgements`` read them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Database:
    """A database that answers."""

    version: int
    """PostgreSQL's own number: 180001 is 18.1."""
    size: int
    """Bytes of this database."""
    seconds: float
    """That an answer took."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of an embedded database that does not run."""

    data_dir: Path
    is_there: bool
    major: int | None
    """Of the PostgreSQL that made it; None where that can't be read."""


@dataclass(frozen=True, slots=True)
class Opened:
    """How the installation is open to others, as far as its database knows."""

    was_open: bool = False
    """Everybody could sign up before there was a setting, and still may where it is unset."""
    unnamed_proxies: tuple[str, ...] = ()
    """Addresses of proxies that no setting names and users logged in through in the last week."""


@dataclass(frozen=True, slots=True)
class Schema:
    """Which schema the database has, and which one this release needs."""

    found: str | None
    newest: str
    release: str
    fits: str | None
    """The oldest release that the schema fits, where the database says so."""
    is_fit: bool
    """For this release."""


@dataclass(frozen=True, slots=True)
class Connections:
    """To the server, by everybody."""

    used: int
    usable: int
    """``max_connections`` less what is reserved."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Room in the file system of a folder."""

    name: str
    path: Path
    free: int
    """Bytes."""
    total: int


@dataclass(frozen=True, slots=True)
class ProxyAnswer:
    """Whether a proxy takes connections."""

    name: str
    """Without credentials."""
    error: str | None


@dataclass(frozen=True, slots=True)
class Host:
    """What all workers share about a marketplace that was asked in the last week."""

    host: str
    rate: float | None
    slowdown: float
    blocks: int
    next_slot_at: datetime | None
    open_until: datetime | None
    paused_until: datetime | None
    robots_status: int | None
    robots_body: str | None
    robots_fetched_at: datetime | None
    now: datetime
    """The database's clock, which all of these times are by."""


@dataclass(frozen=True, slots=True)
class Route:
    """A way to a marketplace through a proxy that was refused last."""

    host: str
    proxy: str
    blocks: int
    open_until: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """Tasks of one queue."""

    queue: str
    due: int
    running: int
    oldest_seconds: float
    """That a task which could run has waited."""
    stalled: int
    """Tasks of workers that show no heartbeat."""
    dead: int
    """Tasks that ended and were left behind."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Who serves the queues."""

    alive: int
    """Queues that living worker processes serve."""
    silent: int
    """Queues whose worker has shown no heartbeat for half a minute."""
    releases: tuple[str, ...]
    """``azscraper-api/0.1.0``: parts and releases that are connected."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A loop that all workers run."""

    loop: str
    seconds: float
    """Between two rounds."""
    age_seconds: float | None
    """Since a round last ended well; None where none did."""
    error: str | None
    """Of the last round that failed, unless one has ended well since."""


@dataclass(frozen=True, slots=True)
class Partitions:
    """Of one table that is cut by time."""

    table: str
    has_current: bool
    days_ahead: float
    days_wanted: float
    has_waiting: bool
    """Whether rows wait in the default partition."""


@dataclass(frozen=True, slots=True)
class Schedules:
    """Of all organizations that are not suspended."""

    enabled: int
    overdue: int
    """By more than a minute."""
    lag_seconds: float
    """Of the one that has been due longest."""
    switched_off: tuple[str, ...]
    """Ids of those that were switched off because they failed, ten at most."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Of all organizations."""

    enabled: int
    switched_off: tuple[str, ...]
    """Ids of those that were switched off because they failed, ten at most."""
    unsent: int
    """Messages that were due over ten minutes ago and were not sent."""
    failed: int
    """Messages that were given up in the last day."""
