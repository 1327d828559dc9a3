"""When a product was last checked, whether or not anything changed."""

from alembic import op

revision = "0024"
down_revision = "0023"

_SQL = """
ALTER TABLE product_states ADD checked_at timestamptz;  -- null: written by a release that did not know it; then observed_at
ALTER TABLE keyword_observations ADD checked_at timestamptz;  -- the last search that showed the same; null: observed_at
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
