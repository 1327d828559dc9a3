"""How often each field was filled, by the type of the record too: of mixed jobs one count said nothing of either."""

from alembic import op

revision = "0048"
down_revision = "0043"

_SQL = """
CREATE TABLE record_fill_rates (  -- fill_rates keeps what older releases count
    job_id text NOT NULL REFERENCES jobs ON DELETE CASCADE,
    record text NOT NULL,
    marketplace text NOT NULL,
    parser_version text NOT NULL,
    records bigint NOT NULL,
    filled jsonb NOT NULL,  -- JSON name of a field: in how many of the records it has a value
    PRIMARY KEY (job_id, record, marketplace, parser_version)
);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
