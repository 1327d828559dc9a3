"""Jobs that somebody waits for have a line of their own; targets say whether they were answered from what is kept.

The version before goes on beside: its jobs are none that somebody waits for, and its workers get no task of that line.
"""

from alembic import op

revision = "0036"
down_revision = "0032"

_SQL = """
ALTER TABLE jobs ADD COLUMN is_ask boolean NOT NULL DEFAULT false;
ALTER TABLE targets ADD COLUMN cached boolean NOT NULL DEFAULT false;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
