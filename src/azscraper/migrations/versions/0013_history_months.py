"""Observations by month, so that old ones can leave without a DELETE."""

from alembic import op

revision = "0013"
down_revision = "0012"

# A sequence and not an identity: before PostgreSQL 17 partitions know none, and a table with one can't be attached.
_SQL = """
ALTER TABLE product_observations RENAME TO old_product_observations;
ALTER INDEX product_observations_pkey RENAME TO old_product_observations_pkey;
CREATE SEQUENCE product_observations_seq;
CREATE TABLE product_observations (
    seq bigint NOT NULL DEFAULT nextval('product_observations_seq'),
    organization_id text NOT NULL,
    project_id text NOT NULL,
    job_id text NOT NULL,
    marketplace text NOT NULL,
    asin text NOT NULL,
    observed_at timestamptz NOT NULL,
    price numeric,
    currency text,
    rating float8,
    rating_count int,
    rank int,
    rank_category text,
    availability text,
    PRIMARY KEY (organization_id, asin, observed_at, seq)
) PARTITION BY RANGE (observed_at);
CREATE TABLE product_observations_default PARTITION OF product_observations DEFAULT;
INSERT INTO product_observations SELECT * FROM old_product_observations;
SELECT setval('product_observations_seq', (SELECT coalesce(max(seq), 0) + 1 FROM product_observations), false);
DROP TABLE old_product_observations;

ALTER TABLE keyword_observations RENAME TO old_keyword_observations;
ALTER INDEX keyword_observations_pkey RENAME TO old_keyword_observations_pkey;
CREATE SEQUENCE keyword_observations_seq;
CREATE TABLE keyword_observations (  -- one row a search, not one a tile: a tile's position is its place in the arrays
    seq bigint NOT NULL DEFAULT nextval('keyword_observations_seq'),
    organization_id text NOT NULL,
    project_id text NOT NULL,
    job_id text NOT NULL,
    marketplace text NOT NULL,
    keyword text NOT NULL,  -- lower case, single spaces
    sort text NOT NULL,
    category text NOT NULL,
    pages int NOT NULL,
    observed_at timestamptz NOT NULL,
    asins text[] NOT NULL,
    sponsored boolean[] NOT NULL,
    PRIMARY KEY (organization_id, keyword, observed_at, seq)
) PARTITION BY RANGE (observed_at);
CREATE TABLE keyword_observations_default PARTITION OF keyword_observations DEFAULT;
INSERT INTO keyword_observations SELECT * FROM old_keyword_observations;
SELECT setval('keyword_observations_seq', (SELECT coalesce(max(seq), 0) + 1 FROM keyword_observations), false);
DROP TABLE old_keyword_observations;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
