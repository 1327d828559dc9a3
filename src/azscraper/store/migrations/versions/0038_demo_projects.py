"""Projects that came with the built-in marketplace, to be looked at and deleted."""

from alembic import op

revision = "0038"
down_revision = "0036"

_SQL = "ALTER TABLE projects ADD COLUMN is_demo boolean NOT NULL DEFAULT false;"


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
