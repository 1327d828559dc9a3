"""Targets, results and page summaries by month; what a lane has claimed and what waits to be tried again in tables of
their own, so that no index of ``targets`` tells a status: almost every update of a target then leaves the indexes alone.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

# What is there goes to the default partitions; the months are made, and filled, as ``partitions`` does at any time.
# No foreign keys to jobs: 100,000 targets would look the same job up 100,000 times, and months leave by being dropped.
_SQL = """
ALTER TABLE targets RENAME TO old_targets;
ALTER TABLE results RENAME TO old_results;
ALTER TABLE page_summaries RENAME TO old_page_summaries;
ALTER INDEX targets_pkey RENAME TO old_targets_pkey;
ALTER INDEX results_pkey RENAME TO old_results_pkey;
ALTER INDEX page_summaries_pkey RENAME TO old_page_summaries_pkey;

CREATE TABLE targets (
    job_id text NOT NULL,
    ordinal int NOT NULL,
    value text NOT NULL,  -- as sent
    marketplace text NOT NULL,  -- host
    asin text,  -- of a details target
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'success', 'failed', 'cancelled')),
    claim int NOT NULL DEFAULT 0,  -- grows with each claim: what an earlier claim brings is refused
    lane smallint,
    attempts int NOT NULL DEFAULT 0,
    error_code text,
    error_message text,
    http_status int,
    result_count int NOT NULL DEFAULT 0,
    fetched_at timestamptz,
    PRIMARY KEY (job_id, ordinal)
) PARTITION BY RANGE (job_id);
CREATE TABLE targets_default PARTITION OF targets DEFAULT;

CREATE TABLE results (
    job_id text NOT NULL,
    ordinal int NOT NULL,
    position int NOT NULL,
    record json NOT NULL,  -- json, not jsonb: goes out as it came in, without being built again
    PRIMARY KEY (job_id, ordinal, position)
) PARTITION BY RANGE (job_id);
CREATE TABLE results_default PARTITION OF results DEFAULT;

CREATE TABLE page_summaries (
    job_id text NOT NULL,
    ordinal int NOT NULL,
    page int NOT NULL,
    summary json NOT NULL,
    PRIMARY KEY (job_id, ordinal, page)
) PARTITION BY RANGE (job_id);
CREATE TABLE page_summaries_default PARTITION OF page_summaries DEFAULT;

CREATE TABLE lane_claims (  -- what a lane's chunk has claimed: how a dead worker's targets are found
    job_id text NOT NULL,
    lane smallint NOT NULL,
    ordinals int[] NOT NULL,
    PRIMARY KEY (job_id, lane)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE TABLE waiting_targets (  -- pending targets that were claimed before; the others are those from next_ordinal on
    job_id text NOT NULL,
    retry_at timestamptz NOT NULL,
    ordinal int NOT NULL,
    PRIMARY KEY (job_id, retry_at, ordinal)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

ALTER TABLE jobs ADD COLUMN next_ordinal int NOT NULL DEFAULT 0;  -- the first target that nobody has claimed yet
DROP INDEX jobs_open_idx;  -- named updated_at, so that every update of a job wrote to every index
CREATE INDEX jobs_open_idx ON jobs (id) WHERE status IN ('queued', 'running');

INSERT INTO targets SELECT job_id, ordinal, value, marketplace, asin, status, claim, lane, attempts,
    error_code, error_message, http_status, result_count, fetched_at FROM old_targets;
INSERT INTO results SELECT job_id, ordinal, position, record FROM old_results;
INSERT INTO page_summaries SELECT job_id, ordinal, page, summary FROM old_page_summaries;
INSERT INTO lane_claims SELECT job_id, lane, array_agg(ordinal) FROM old_targets
    WHERE status = 'running' GROUP BY job_id, lane;
INSERT INTO waiting_targets SELECT job_id, coalesce(retry_at, now()), ordinal FROM old_targets WHERE status = 'pending';
UPDATE jobs SET next_ordinal = total;
DROP TABLE old_targets, old_results, old_page_summaries;

-- the queue's rows come and go: vacuum by their number, not by their share, and room for updates in place
ALTER TABLE procrastinate_jobs SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE procrastinate_events SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
