"""The schema: brought to this release's version once, and left alone where a newer release has been."""

import psycopg
import pytest

import azscraper
from azscraper.errors import InvalidInputError
from azscraper.store import migrations


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


def newer(url: str, minimum_release: str) -> None:
    with psycopg.connect(url) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
        conn.execute("UPDATE schema_fits SET minimum_release = %s", [minimum_release])


def test_a_newer_schema_that_fits_is_left_alone(database_url):
    newer(database_url, azscraper.__version__)
    migrations.migrate(database_url)
    with psycopg.connect(database_url) as conn:
        assert conn.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_newer_schema_that_does_not_fit_is_refused_with_both_releases(database_url):
    newer(database_url, "99.10.0")
    with pytest.raises(InvalidInputError, match=f"AzScraper {azscraper.__version__} .* run 99.10.0 or later"):
        migrations.migrate(database_url)
