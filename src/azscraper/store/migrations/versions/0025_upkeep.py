"""When each loop of the workers' upkeep last ended well, by whichever worker."""

from alembic import op

revision = "0025"
down_revision = "0024"

_SQL = """
CREATE TABLE upkeep (
    loop text PRIMARY KEY,
    seconds real NOT NULL,  -- between two rounds
    succeeded_at timestamptz,
    failed_at timestamptz,
    error text  -- of the last round that failed
);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
