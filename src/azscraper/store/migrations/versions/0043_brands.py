"""Of each tile of a search: its brand, and the page it stood on. Share of shelf is counted by them."""

from alembic import op

revision = "0043"
down_revision = "0042"

_SQL = """
ALTER TABLE keyword_observations ADD COLUMN brands text[], ADD COLUMN tile_pages int[];  -- null: written by a release that did not know them
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
