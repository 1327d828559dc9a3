"""The two roles: the owner migrates, the service reads and writes rows, and nobody changes what is append-only."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from azscraper.errors import InvalidInputError
from azscraper.operate import retention
from azscraper.store import db, migrations, partitions, roles

NOW = datetime.now(UTC)
ENTRY = "INSERT INTO credit_entries (id, organization_id, kind, amount) VALUES ('e', 'o', 'grant', 5)"


@pytest.fixture
def urls(database_url):
    return prepared(database_url)


@pytest.fixture(scope="module")
def refusing(databases):
    """Of one database for all that is refused, and so changes nothing."""
    with databases.lend() as database_url:
        yield prepared(database_url)


def prepared(database_url):
    """Owner and service of a database that the release before made, as its superuser."""
    owner, service = roles.prepare(database_url)
    roles.prepare(database_url)
    migrations.migrate(owner)
    roles.grant(owner, service)
    with psycopg.connect(service) as conn:
        conn.execute("INSERT INTO organizations (id, name, plan) VALUES ('o', 'O', 'free')")
        conn.execute(ENTRY)
    return owner, service


@pytest.mark.usefixtures("urls")
def test_the_owner_takes_over_what_was_there(database_url):
    with psycopg.connect(database_url) as conn:
        owners = """SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
                    UNION SELECT proowner::regrole::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
                    UNION SELECT typowner::regrole::text FROM pg_type WHERE typnamespace = 'public'::regnamespace"""
        assert conn.execute(owners).fetchall() == [(roles.OWNER,)]
        supers = conn.execute("SELECT rolname FROM pg_roles WHERE rolsuper AND rolname LIKE 'azscraper%'").fetchall()
        assert supers == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET action = 'x'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE credit_entries SET amount = 1",
        "DELETE FROM credit_entries",
        "TRUNCATE credit_entries",
        "TRUNCATE jobs",
        "DROP TABLE jobs",
        "ALTER TABLE credit_entries DISABLE TRIGGER ALL",
        "CREATE TABLE mine (a int)",
        "UPDATE alembic_version SET version_num = '9999'",
        "SET session_replication_role = replica",
        "SET ROLE azscraper_owner",
        "COPY jobs TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "ALTER ROLE azscraper_service SUPERUSER",
    ],
)
def test_the_service_may_not(refusing, statement):
    with psycopg.connect(refusing[1]) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)


@pytest.mark.parametrize(
    "statement", ["TRUNCATE credit_entries", "DELETE FROM credit_entries", "TRUNCATE audit CASCADE"]
)
def test_not_even_the_owner_changes_what_is_append_only(refusing, statement):
    with psycopg.connect(refusing[0]) as conn, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        conn.execute(statement)


async def test_the_service_makes_partitions_and_drops_old_ones(urls):
    service = urls[1]
    later = NOW + timedelta(days=400)
    partitions.ensure(service, now=later)
    async with db.open_pool(service, size=1) as pool:
        async with db.transaction(pool) as conn:
            assert partitions.RESULTS.start_of(later) in await partitions.starts(conn, partitions.RESULTS)
        assert await retention.expire_history(pool, before=later + timedelta(days=800)) > 0
        async with db.transaction(pool) as conn:
            assert await partitions.starts(conn, partitions.OBSERVATIONS[0]) == []


@pytest.mark.parametrize(
    "call",
    [
        "make_partition('jobs', 'jobs_2026', '', '', 'fillfactor = 50')",
        "make_partition('results', 'users', '', '', 'fillfactor = 50')",
        "make_partition('results', 'results_2030_01', 'a', 'b', 'fillfactor = 50) AS SELECT 1; --')",
        "drop_partition('results', 'credit_entries')",
        "drop_partition('credit_entries', 'credit_entries_1')",
        "drop_partition('results', 'results_1; DROP TABLE users')",
        "drop_partition('results', 'results_default')",
    ],
)
def test_the_functions_do_nothing_else(refusing, call):
    with psycopg.connect(refusing[1]) as conn, pytest.raises(psycopg.errors.InvalidParameterValue):
        conn.execute(f"SELECT {call}".encode())


@pytest.mark.usefixtures("urls")
def test_strangers_to_the_roles_may_not_call_the_functions(database_url):
    with psycopg.connect(database_url) as conn:
        conn.execute("CREATE ROLE stranger")
        conn.execute("SET ROLE stranger")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("SELECT drop_partition('results', 'results_2020_01')")


def test_a_role_that_may_not_migrate_says_who_may(empty_database_url):
    _, service = roles.prepare(empty_database_url)
    with pytest.raises(InvalidInputError, match=r"azscraper migrate.*AZSCRAPER_DATABASE_OWNER_URL"):
        migrations.migrate(service)


def test_one_role_for_both_needs_no_grants(database_url):
    roles.grant(database_url, database_url)
