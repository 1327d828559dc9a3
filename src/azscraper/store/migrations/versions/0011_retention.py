"""Which jobs have lost their targets and rows because they were old."""

from alembic import op

revision = "0011"
down_revision = "0010"

_SQL = """
ALTER TABLE jobs ADD COLUMN pruned_at timestamptz;
CREATE INDEX jobs_unpruned_idx ON jobs (id) WHERE pruned_at IS NULL;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
