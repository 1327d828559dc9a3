"""What people call a job or a schedule: a name and tags."""

from alembic import op

revision = "0031"
down_revision = "0030"

_SQL = """
ALTER TABLE jobs ADD COLUMN name text, ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
ALTER TABLE schedules ADD COLUMN name text, ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
