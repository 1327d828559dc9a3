"""Schema versions, forward only, each as SQL text in ``versions``. The only module that knows Alembic."""

from datetime import UTC, datetime
from pathlib import Path

import alembic.command
import alembic.config
import psycopg
import sqlalchemy

from azscraper import partitions
from azscraper.errors import UnavailableError

_MIGRATION_LOCK = 0x617A7363
"""Advisory lock: processes that start together migrate one after the other."""


def migrate(url: str) -> None:
    """Bring the database to this release's schema, and make the partitions of now and of what is ahead.

    Does nothing where that is done already. Raises UnavailableError when the database does not answer.
    """
    upgrade(url)
    partitions.ensure(url, now=datetime.now(UTC))


def upgrade(url: str, version: str = "head") -> None:
    """Bring the schema to a version, in one transaction. Raises UnavailableError when the database does not answer."""
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=sqlalchemy.NullPool
    )
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, version)
    except sqlalchemy.exc.OperationalError as exc:
        raise UnavailableError("The database does not answer; check AZSCRAPER_DATABASE_URL") from exc
