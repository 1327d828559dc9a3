"""How high a user wants the rows of tables."""

from alembic import op

revision = "0054"
down_revision = "0053"

_SQL = """ALTER TABLE users ADD COLUMN density text NOT NULL DEFAULT 'regular'
    CONSTRAINT users_density_check CHECK (density IN ('regular', 'compact'))"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
