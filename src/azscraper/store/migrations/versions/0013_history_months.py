"""Observations by month, so that old ones can leave without a DELETE."""

from alembic import op

revision = "0013"
down_revision = "0012"

# A sequence and not an identity: before PostgreSQL 17 partitions know none, and a table with one can't be attached.
_SQL = """
ALTER TABLE {name} RENAME TO old_{name};
ALTER INDEX {name}_pkey RENAME TO old_{name}_pkey;
CREATE TABLE {name} (LIKE old_{name}) PARTITION BY RANGE (observed_at);
CREATE TABLE {name}_default PARTITION OF {name} DEFAULT;
CREATE SEQUENCE {name}_seq OWNED BY {name}.seq;
ALTER TABLE {name} ALTER seq SET DEFAULT nextval('{name}_seq'), ADD PRIMARY KEY (organization_id, {of}, observed_at, seq);
INSERT INTO {name} SELECT * FROM old_{name};
SELECT setval('{name}_seq', (SELECT coalesce(max(seq), 0) + 1 FROM {name}), false);
DROP TABLE old_{name};
"""


def upgrade() -> None:
    """Apply; only forward."""
    for name, of in (("product_observations", "asin"), ("keyword_observations", "keyword")):
        op.get_bind().exec_driver_sql(_SQL.format(name=name, of=of))
