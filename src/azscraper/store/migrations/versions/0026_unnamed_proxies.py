"""Addresses of proxies that the settings do not name, and through which users logged in."""

from alembic import op

revision = "0026"
down_revision = "0025"

_SQL = """
CREATE TABLE unnamed_proxies (
    address text PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
