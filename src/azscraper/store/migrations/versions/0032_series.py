"""Series of each field of a product, and what each product's fields are by now."""

from alembic import op

revision = "0032"
down_revision = "0031"

# No foreign keys: these are written with every page that is stored, and outlive the jobs. What a change is from stands beside it:
# changes are listed newest first, and the value before may have left with its month.
# The history that is there comes along. It has no field that says whether a page without a value told that there is none, so that
# only a price is taken as gone, where the page said that the product is unavailable.
_SQL = """
CREATE TABLE product_series (
    project_id text NOT NULL,
    marketplace text NOT NULL,  -- host
    place text NOT NULL,  -- where to deliver; empty: none was asked for
    asin text NOT NULL,
    field text NOT NULL,
    observed_at timestamptz NOT NULL,
    value_number numeric,
    value_text text,  -- beside a number its unit; neither: there is none
    is_change boolean NOT NULL,  -- from a value that was known before
    before_number numeric,
    before_text text,
    job_id text,  -- null where it was imported
    source text NOT NULL,  -- type of the job, or 'imported'
    PRIMARY KEY (project_id, asin, marketplace, place, field, observed_at)
) PARTITION BY RANGE (observed_at);
CREATE TABLE product_series_default PARTITION OF product_series DEFAULT;
CREATE INDEX product_series_changes_idx ON product_series (project_id, observed_at) WHERE is_change;
CREATE INDEX product_series_field_changes_idx ON product_series (project_id, field, observed_at) WHERE is_change;

CREATE TABLE series_states (  -- a product's fields by now; never leaves
    project_id text NOT NULL,
    marketplace text NOT NULL,
    place text NOT NULL,
    asin text NOT NULL,
    first_at timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,  -- of all fields that are not in lapsed
    changed_at timestamptz NOT NULL,
    numbers jsonb NOT NULL,  -- by field
    texts jsonb NOT NULL,
    facts json NOT NULL,  -- by field, in ms since 1970: first, changed, stored, and of numbers lowest, its time, highest, its time, unit
    lapsed json NOT NULL,  -- by field, in ms: last told, of those that the last page did not tell
    PRIMARY KEY (project_id, asin, marketplace, place)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.1);

INSERT INTO product_series
SELECT project_id, marketplace, '', asin, field, observed_at, n, t, NOT is_first AND (n, t) IS DISTINCT FROM (before_n, before_t),
       before_n, before_t, job_id, 'details'
FROM (
    SELECT *, row_number() OVER w = 1 AS is_first, lag(n) OVER w AS before_n, lag(t) OVER w AS before_t,
           date_trunc('month', lag(observed_at) OVER w) AS month_before
    FROM (
        SELECT DISTINCT ON (project_id, marketplace, asin, f.field, observed_at)
               project_id, marketplace, asin, observed_at, job_id, f.field, f.n, f.t
        FROM product_observations o, LATERAL (VALUES
            ('price', price, currency), ('rating', rating::numeric, NULL), ('ratingCount', rating_count::numeric, NULL),
            ('rank', rank::numeric, left(rank_category, 80)), ('availability', NULL, availability)) AS f (field, n, t)
        WHERE f.n IS NOT NULL OR f.t IS NOT NULL OR f.field = 'price' AND availability = 'unavailable'
        ORDER BY project_id, marketplace, asin, f.field, observed_at, seq DESC
    ) told
    WINDOW w AS (PARTITION BY project_id, marketplace, asin, field ORDER BY observed_at)
) compared
WHERE is_first OR (n, t) IS DISTINCT FROM (before_n, before_t) OR month_before <> date_trunc('month', observed_at);

WITH ms AS (
    SELECT *, (extract(epoch FROM observed_at) * 1000)::bigint AS at FROM product_series
), facts AS (
    SELECT project_id, marketplace, asin, field, min(observed_at) AS first_at,
           coalesce(max(observed_at) FILTER (WHERE is_change), min(observed_at)) AS changed_at,
           (array_agg(value_number ORDER BY observed_at DESC))[1] AS n, (array_agg(value_text ORDER BY observed_at DESC))[1] AS t,
           json_build_array(min(at), coalesce(max(at) FILTER (WHERE is_change), min(at)), max(at),
               min(value_number), (array_agg(at ORDER BY value_number, at) FILTER (WHERE value_number IS NOT NULL))[1],
               max(value_number), (array_agg(at ORDER BY value_number DESC, at) FILTER (WHERE value_number IS NOT NULL))[1],
               (array_agg(value_text ORDER BY observed_at DESC) FILTER (WHERE value_number IS NOT NULL))[1]) AS fact
    FROM ms GROUP BY project_id, marketplace, asin, field
)
INSERT INTO series_states
SELECT project_id, marketplace, '', asin, min(first_at), greatest(max(coalesce(s.checked_at, s.observed_at)), max(changed_at)),
       max(changed_at), coalesce(jsonb_object_agg(field, n) FILTER (WHERE n IS NOT NULL), '{}'),
       coalesce(jsonb_object_agg(field, t) FILTER (WHERE t IS NOT NULL), '{}'), json_object_agg(field, fact), '{}'
FROM facts JOIN product_states s USING (project_id, marketplace, asin) GROUP BY project_id, marketplace, asin;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL.replace("%", "%%"))  # the driver looks for placeholders
