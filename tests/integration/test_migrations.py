"""The schema: brought to this release's version once, and left alone where a newer release has been."""

import psycopg

from azscraper import migrations


def version(url):
    with psycopg.connect(url) as conn:
        return conn.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def test_an_empty_database_comes_to_the_newest_version(empty_database_url):
    migrations.migrate(empty_database_url)
    assert version(empty_database_url) == migrations.newest()
    migrations.migrate(empty_database_url)
    assert version(empty_database_url) == migrations.newest()


def test_a_part_of_the_release_before_starts_on_a_newer_schema(database_url):
    with psycopg.connect(database_url) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    migrations.migrate(database_url)
    assert version(database_url) == "9999"
