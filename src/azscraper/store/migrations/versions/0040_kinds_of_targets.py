"""Jobs whose targets are of several kinds, what each target cost, and which products have a code.

The version before goes on beside: it takes no task of such jobs, and of its own targets the cost is their equal share.
"""

from alembic import op

revision = "0040"
down_revision = "0039"

_SQL = """
ALTER TABLE jobs ADD COLUMN kinds text[];  -- whose records its rows are; null: its type's
ALTER TABLE targets ADD COLUMN credits int;  -- of what was fetched; null: an equal share of what the job holds
CREATE TABLE gtins (
    organization_id text NOT NULL,
    marketplace text NOT NULL,
    gtin text NOT NULL,
    asins text[] NOT NULL,
    found_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, marketplace, gtin)
);
CREATE INDEX gtins_found_at_idx ON gtins (found_at);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
