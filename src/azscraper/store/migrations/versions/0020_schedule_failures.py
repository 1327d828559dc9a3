"""How often in a row a schedule has failed."""

from alembic import op

revision = "0020"
down_revision = "0019"

_SQL = """
ALTER TABLE schedules ADD COLUMN failures int NOT NULL DEFAULT 0;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
