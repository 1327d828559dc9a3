"""Two roles of the database: one that owns the tables and migrates them, one that the service works as.

The service's role reads and writes rows. It makes no tables, and it changes and removes nothing of what is append-only.
Partitions are made and dropped by functions that run as the owner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from azscraper.errors import InvalidInputError
from azscraper.store.db import UNHURRIED, address, telling_outages

OWNER: LiteralString = "azscraper_owner"
SERVICE: LiteralString = "azscraper_service"
"""The roles of the embedded database; an external one has whatever names its URLs have."""

_APPEND_ONLY = ("audit", "credit_entries")
_READ_ONLY = ("alembic_version",)

_LOCK = 0x617A726F
"""Advisory lock: one process grants at a time, as two would change the same rows of the catalogue."""

_CREATE = """
DO $$ BEGIN
    IF to_regrole('{owner}') IS NULL THEN CREATE ROLE {owner} LOGIN; END IF;
    IF to_regrole('{service}') IS NULL THEN CREATE ROLE {service} LOGIN; END IF;
END $$;
"""

# What the release before made belongs to the superuser. Sequences of columns go with their tables.
_TAKE_OVER = """
DO $$ DECLARE statement text; BEGIN
    FOR statement IN
        SELECT format('ALTER DATABASE %I OWNER TO {owner}', datname) FROM pg_database
            WHERE datname = current_database() AND datdba <> '{owner}'::regrole
        UNION ALL
        SELECT format('ALTER SCHEMA %I OWNER TO {owner}', nspname) FROM pg_namespace
            WHERE nspname = 'public' AND nspowner <> '{owner}'::regrole
        UNION ALL
        SELECT format('ALTER %s %s OWNER TO {owner}', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
                      c.oid::regclass)
            FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
                AND relowner <> '{owner}'::regrole
                AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = c.oid AND deptype IN ('a', 'i', 'e')
                                AND classid = 'pg_class'::regclass AND relkind = 'S')
        UNION ALL
        SELECT format('ALTER ROUTINE %s OWNER TO {owner}', p.oid::regprocedure)
            FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND proowner <> '{owner}'::regrole
                AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
        UNION ALL
        SELECT format('ALTER TYPE %s OWNER TO {owner}', t.oid::regtype)
            FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typowner <> '{owner}'::regrole
                AND typtype IN ('e', 'd')
                OR typnamespace = 'public'::regnamespace AND typowner <> '{owner}'::regrole AND typtype = 'c'
                AND EXISTS (SELECT 1 FROM pg_class WHERE oid = typrelid AND relkind = 'c')
    LOOP EXECUTE statement; END LOOP;
END $$;
"""


def prepare(superuser_url: str) -> tuple[str, str]:
    """Make both roles in the embedded database, and the owner own what is there; URLs of owner and service.

    Does nothing where that is done. Raises UnavailableError when the database does not answer.
    """
    names = {"owner": OWNER, "service": SERVICE}
    with _connected(superuser_url) as conn:
        conn.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for statement in (_CREATE, _TAKE_OVER):
            conn.execute(statement.format(**names).encode())
    return _as(superuser_url, OWNER), _as(superuser_url, SERVICE)


def _as(url: str, role: str) -> str:
    return url.replace("postgresql://postgres@", f"postgresql://{role}@", 1)


def grant(owner_url: str, service_url: str) -> None:
    """Let the service's role read and write rows. Does nothing where there is one role for both.

    Raises UnavailableError when the database does not answer, InvalidInputError when the owner may not grant.
    """
    service = conninfo_to_dict(service_url).get("user")
    if service is None or service == conninfo_to_dict(owner_url).get("user"):
        return
    role = sql.Identifier(str(service))
    with _connected(owner_url) as conn:
        conn.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "GRANT EXECUTE ON FUNCTION make_partition, drop_partition TO {role}",
            "REVOKE UPDATE, DELETE ON {append_only} FROM {role}",
            "REVOKE INSERT, UPDATE, DELETE ON {read_only} FROM {role}",
        ):
            conn.execute(
                sql.SQL(statement).format(role=role, append_only=_tables(_APPEND_ONLY), read_only=_tables(_READ_ONLY))
            )


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    try:
        with telling_outages("; check AZSCRAPER_DATABASE_URL"), psycopg.connect(address(url, UNHURRIED)) as conn:
            yield conn
    except psycopg.errors.InsufficientPrivilege as exc:
        raise InvalidInputError(
            f"The role of AZSCRAPER_DATABASE_OWNER_URL does not own the tables: {exc.diag.message_primary}"
        ) from exc


def _tables(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
