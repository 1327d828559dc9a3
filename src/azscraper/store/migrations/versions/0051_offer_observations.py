"""Who offered a product, over time: a row for each look at a list of offers that differs from the one before, and one a day."""

from alembic import op

revision = "0051"
down_revision = "0048"

# No foreign keys: these are written with pages that are stored, and outlive the jobs.
_SQL = """
CREATE TABLE offer_observations (
    project_id text NOT NULL,
    marketplace text NOT NULL,  -- host
    place text NOT NULL,  -- where to deliver; empty: none was asked for
    asin text NOT NULL,
    observed_at timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,  -- the last look that showed the same
    job_id text NOT NULL,
    is_whole boolean NOT NULL,  -- all offers were read: who is not among them did not sell it
    currency text,
    sellers text[] NOT NULL,  -- an element for each offer
    seller_ids text[] NOT NULL,
    conditions text[] NOT NULL,
    prices numeric[] NOT NULL,
    featured smallint,  -- which of them, from 1
    PRIMARY KEY (project_id, asin, marketplace, place, observed_at)
) PARTITION BY RANGE (observed_at);
CREATE TABLE offer_observations_default PARTITION OF offer_observations DEFAULT;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
