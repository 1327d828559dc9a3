"""Under which names a project sells: what makes a buy box its own."""

from alembic import op

revision = "0053"
down_revision = "0051"

_SQL = "ALTER TABLE projects ADD COLUMN own_sellers text[] NOT NULL DEFAULT '{}'"


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
