"""Jobs and schedules that go on without targets that are none."""

from alembic import op

revision = "0018"
down_revision = "0017"

_SQL = """
ALTER TABLE jobs ADD COLUMN invalid int NOT NULL DEFAULT 0;  -- of those that failed: from the start
ALTER TABLE schedules ADD COLUMN on_invalid text NOT NULL DEFAULT 'fail' CHECK (on_invalid IN ('fail', 'skip'));
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
