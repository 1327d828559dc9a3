"""Schema versions, forward only, each as SQL text in ``versions``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

import azscraper
from azscraper.errors import InvalidInputError
from azscraper.store import partitions
from azscraper.store.db import UNHURRIED, address, telling_outages


def migrate(url: str) -> None:
    """Bring the database to this release's schema, and make the partitions of now and of what is ahead.

    Does nothing where that is done already, nor where a newer release has migrated to a schema that fits this one too.
    Raises InvalidInputError where it does not, and UnavailableError when the database does not answer.
    """
    version = version_of(url) or ""
    if version < newest():
        upgrade(url)
    elif version > newest():
        _require_fit(url, version)
    partitions.ensure(url, now=datetime.now(UTC))


def newest() -> str:
    """The version of this release, four digits."""
    return max(path.name[:4] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


def upgrade(url: str, version: str = "head") -> None:
    """Bring the schema to a version, in one transaction. Raises UnavailableError when the database does not answer."""
    from azscraper.store.migrations import chain  # noqa: PLC0415 - half a second that most starts need not wait for

    chain.upgrade(url, version)


def _require_fit(url: str, version: str) -> None:
    """A migration that this release can't work beside raises ``schema_fits.minimum_release`` to the first one that can."""
    with _connected(url) as conn:
        row = conn.execute("SELECT minimum_release FROM schema_fits").fetchone()
    least = str(row[0]) if row else azscraper.__version__
    if parts_of(least) > parts_of(azscraper.__version__):
        raise InvalidInputError(
            f"The database has schema {version} of a newer release. This is AzScraper {azscraper.__version__} with schema"
            f" {newest()}; run {least} or later"
        )


def parts_of(release: str) -> tuple[int, ...]:
    """To compare releases by: 0.10.0 is later than 0.9.1."""
    return tuple(int(part) for part in release.split(".")[:3])


def version_of(url: str) -> str | None:
    """The schema's version; None where there is none yet. Raises UnavailableError when the database does not answer."""
    with _connected(url) as conn:
        if conn.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return None
        row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    with telling_outages("; check AZSCRAPER_DATABASE_URL"), psycopg.connect(address(url, UNHURRIED)) as conn:
        yield conn
