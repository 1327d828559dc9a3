"""Schema versions, forward only, each as SQL text in ``versions``."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg

from azscraper import partitions
from azscraper.db import UNHURRIED, address
from azscraper.errors import UnavailableError


def migrate(url: str) -> None:
    """Bring the database to this release's schema, and make the partitions of now and of what is ahead.

    Does nothing where that is done already, nor where a newer release has migrated: its schema keeps what this one
    reads. Raises UnavailableError when the database does not answer.
    """
    if (version_of(url) or "") < newest():
        upgrade(url)
    partitions.ensure(url, now=datetime.now(UTC))


def newest() -> str:
    """The version of this release, four digits."""
    return max(path.name[:4] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


def upgrade(url: str, version: str = "head") -> None:
    """Bring the schema to a version, in one transaction. Raises UnavailableError when the database does not answer."""
    from azscraper.migrations import chain  # noqa: PLC0415 - half a second that most starts need not wait for

    chain.upgrade(url, version)


def version_of(url: str) -> str | None:
    """The schema's version; None where there is none yet. Raises UnavailableError when the database does not answer."""
    try:
        with psycopg.connect(address(url, UNHURRIED)) as conn:
            if conn.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
                return None
            row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
            return row[0] if row else None
    except psycopg.OperationalError as exc:
        raise UnavailableError("The database does not answer; check AZSCRAPER_DATABASE_URL") from exc
