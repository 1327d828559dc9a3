"""History: what products cost and where they stood, and from where on a project is told of a change."""

from alembic import op

revision = "0008"
down_revision = "0007"

_SQL = """
ALTER TABLE projects
    ADD COLUMN price_change_percent numeric NOT NULL DEFAULT 1 CHECK (price_change_percent >= 0),
    ADD COLUMN rating_change numeric NOT NULL DEFAULT 0.1 CHECK (rating_change >= 0);

-- No foreign keys below: these are written with every page that is stored, and outlive the jobs.
CREATE TABLE product_states (  -- the last observation of a product, and what a change of it was last told of
    project_id text NOT NULL,
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
    told_price numeric,
    told_currency text,
    knows_price boolean NOT NULL,  -- whether told_price was read from a page, even where it is null
    told_rating float8,
    told_availability text,
    PRIMARY KEY (project_id, marketplace, asin)
) WITH (fillfactor = 70);

CREATE TABLE product_observations (
    seq bigint GENERATED ALWAYS AS IDENTITY,
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
);

CREATE TABLE keyword_observations (  -- one row a search, not one a tile: a tile's position is its place in the arrays
    seq bigint GENERATED ALWAYS AS IDENTITY,
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
);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
