"""How often each field was filled, per job, marketplace and parser version: a layout change shows as a drop."""

from alembic import op

revision = "0002"
down_revision = "0001"

_SQL = """
CREATE TABLE fill_rates (
    job_id text NOT NULL REFERENCES jobs ON DELETE CASCADE,
    marketplace text NOT NULL,
    parser_version text NOT NULL,
    records bigint NOT NULL,
    filled jsonb NOT NULL,  -- JSON name of a field: in how many of the records it has a value
    PRIMARY KEY (job_id, marketplace, parser_version)
)
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
