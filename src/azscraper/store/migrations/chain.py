"""Runs the versions by Alembic: the only module that knows it. Imported where there is something to migrate, as it takes half a second."""

from pathlib import Path

import alembic.command
import alembic.config
import psycopg
import sqlalchemy

from azscraper.errors import InvalidInputError
from azscraper.store.db import UNHURRIED, address, telling_outages

_MIGRATION_LOCK = 0x617A7363
"""Advisory lock: processes that start together migrate one after the other."""


def upgrade(url: str, version: str = "head") -> None:
    """Bring the schema to a version, in one transaction.

    Raises UnavailableError when the database does not answer, InvalidInputError when the role may not change the schema.
    """
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(address(url, UNHURRIED)), poolclass=sqlalchemy.NullPool
    )
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, version)
    except sqlalchemy.exc.ProgrammingError as exc:
        if not isinstance(exc.orig, psycopg.errors.InsufficientPrivilege):
            raise
        raise InvalidInputError(
            "The schema must be brought to this release, which this role may not do; run `azscraper migrate` with"
            " AZSCRAPER_DATABASE_OWNER_URL first"
        ) from exc
    except sqlalchemy.exc.DBAPIError as exc:
        if not isinstance(exc.orig, psycopg.Error):
            raise
        with telling_outages("; check AZSCRAPER_DATABASE_URL"):
            raise exc.orig from exc
