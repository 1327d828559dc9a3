"""Migrated databases for tests: cloned when there is none, emptied and lent again where that leaves no trace.

A clone copies hundreds of files; emptying the tables that a test wrote to takes a tenth of that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import psycopg

from azscraper.ids import new_id
from azscraper.store import migrations

_CATALOGS = (
    "pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_type", "pg_namespace",
    "pg_policy", "pg_statistic_ext", "pg_extension", "pg_default_acl",
)  # fmt: skip
_LEAVING_SECONDS = 1
"""For the last connection of a test to end."""
_MOST_BYTES = 16_000_000
"""Of tables: larger ones are slow to read though nothing is left in them."""


def url_of(server_url: str, database: str) -> str:
    return server_url.replace("/postgres?", f"/{database}?")


class Databases:
    """Of one server."""

    template = "template_azscraper"

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._free: list[str] = []
        self._emptying: dict[str, psycopg.Connection] = {}
        """Each kept open: what a connection learns of the catalogs costs more than what it is asked here."""
        with psycopg.connect(server_url, autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {self.template}")
        migrations.migrate(url_of(server_url, self.template))
        with psycopg.connect(url_of(server_url, self.template), autocommit=True) as conn:
            self._schema = _schema(conn)
            self._seeds = {table: _content(conn, table) for table in _written(conn) if _content(conn, table)}
            self._sequences = _sequences(conn)

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The URL of a database as migrations leave it."""
        name = self._free.pop() if self._free else self._clone()
        yield url_of(self._server_url, name)
        if self._is_emptied(name):
            self._free.append(name)
        else:
            self._emptying.pop(name).close()
            drop(self._server_url, name)

    def close(self) -> None:
        """End the connections."""
        for conn in self._emptying.values():
            conn.close()

    def _clone(self) -> str:
        name = create(self._server_url, self.template)
        self._emptying[name] = psycopg.connect(url_of(self._server_url, name), autocommit=True)
        return name

    def _is_emptied(self, name: str) -> bool:
        conn = self._emptying[name]
        try:
            return _is_alone(conn) and _schema(conn) == self._schema and self._empty(conn)
        except psycopg.OperationalError:  # a test ended all connections
            return False

    def _empty(self, conn: psycopg.Connection) -> bool:
        written = _written(conn)
        if sum(written.values()) > _MOST_BYTES or any(_content(conn, one) != it for one, it in self._seeds.items()):
            return False
        conn.execute("SET session_replication_role = replica")  # no triggers, in no order
        conn.execute("; ".join(f"DELETE FROM {table}" for table in written if table not in self._seeds) or "SELECT 1")
        for sequence, value in _sequences(conn).items():
            if value != self._sequences[sequence]:
                conn.execute("SELECT setval(%s, coalesce(%s, 1), %s)", [sequence, self._sequences[sequence], self._sequences[sequence] is not None])  # fmt: skip
        conn.execute("SELECT pg_stat_force_next_flush()")
        conn.execute("SELECT pg_stat_reset()")
        return True


def create(server_url: str, template: str) -> str:
    """A new database; its name."""
    name = f"test_{new_id()}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def drop(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _is_alone(conn: psycopg.Connection) -> bool:
    end = monotonic() + _LEAVING_SECONDS
    while others := conn.execute(
        """SELECT count(*) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
    ).fetchone()[0]:
        if monotonic() > end:
            break
        conn.execute("SELECT pg_sleep(0.005)")
    return not others


def _schema(conn: psycopg.Connection) -> list[tuple[int, int]]:
    """Whatever changes the schema, rights or settings writes a row of these."""
    parts = [f"SELECT count(*), max(xmin::text::bigint) FROM {catalog}" for catalog in _CATALOGS]
    parts.append(
        "SELECT count(*), 0 FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = current_database()"
    )
    return conn.execute(" UNION ALL ".join(parts)).fetchall()


def _written(conn: psycopg.Connection) -> dict[str, int]:
    """Tables that hold or held rows, and their bytes."""
    found = conn.execute(
        """SELECT oid::regclass::text, pg_relation_size(oid) FROM pg_class
           WHERE relkind = 'r' AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
             AND pg_relation_size(oid) > 0"""
    )
    return dict(found.fetchall())


def _content(conn: psycopg.Connection, table: str) -> str | None:
    return conn.execute(f"SELECT md5(string_agg(row::text, '' ORDER BY row::text)) FROM {table} row").fetchone()[0]


def _sequences(conn: psycopg.Connection) -> dict[str, int | None]:
    return dict(
        conn.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences").fetchall()
    )
