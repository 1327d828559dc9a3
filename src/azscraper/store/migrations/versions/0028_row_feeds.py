"""The rows of a project in the order of storing; which schedule or list posted a job."""

from alembic import op

revision = "0028"
down_revision = "0026"

# Rows and failed targets are numbered per project, without gaps; a batch has the numbers seq - size + 1 to seq. The row of the
# feed is locked from the last statement of a storing transaction to its commit, so that numbers become visible in order.
# `feed_rest` is for what a worker of the release before stores, and for targets that were invalid from the start: with the
# job's end. It runs at the commit, behind the statements of the transaction.
_SQL = """
ALTER TABLE jobs ADD COLUMN schedule_id text, ADD COLUMN list_id text;

CREATE TABLE project_feeds (
    project_id text PRIMARY KEY,
    rows bigint NOT NULL,  -- the number of the last one
    failures bigint NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE TABLE row_batches (
    project_id text NOT NULL,
    failed boolean NOT NULL,  -- failed targets, else rows: each have numbers of their own
    seq bigint NOT NULL,  -- the number of the last one
    size int NOT NULL,
    job_id text NOT NULL,
    ordinals int4multirange NOT NULL,  -- of targets that ended with this batch or without rows
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (job_id, failed, seq)
) PARTITION BY RANGE (job_id);
CREATE TABLE row_batches_default PARTITION OF row_batches DEFAULT;
CREATE INDEX row_batches_seq_idx ON row_batches (project_id, failed, seq);
CREATE INDEX row_batches_stored_at_idx ON row_batches (project_id, failed, stored_at);

CREATE FUNCTION feed(of_project text, of_job text, new_rows int, row_ordinals int4multirange,
                     new_failures int, failed_ordinals int4multirange) RETURNS void LANGUAGE plpgsql AS $$
DECLARE last project_feeds%ROWTYPE;
BEGIN
    INSERT INTO project_feeds AS f VALUES (of_project, new_rows, new_failures)
        ON CONFLICT (project_id) DO UPDATE SET rows = f.rows + excluded.rows, failures = f.failures + excluded.failures
        RETURNING * INTO last;
    INSERT INTO row_batches (project_id, failed, seq, size, job_id, ordinals, stored_at)
        SELECT of_project, batch.failed, batch.seq, batch.size, of_job, batch.ordinals, clock_timestamp()
        FROM (VALUES (false, last.rows, new_rows, row_ordinals), (true, last.failures, new_failures, failed_ordinals))
            AS batch (failed, seq, size, ordinals) WHERE batch.size > 0;
END $$;

CREATE FUNCTION feed_rest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fed record; rest record;
BEGIN
    SELECT coalesce(sum(size) FILTER (WHERE NOT failed), 0) AS rows, coalesce(sum(size) FILTER (WHERE failed), 0) AS failures,
           coalesce(range_agg(ordinals) FILTER (WHERE NOT failed), '{}') AS row_ordinals,
           coalesce(range_agg(ordinals) FILTER (WHERE failed), '{}') AS failed_ordinals
        INTO fed FROM row_batches WHERE job_id = NEW.id;
    IF fed.rows < NEW.result_count OR fed.failures < NEW.failed THEN
        SELECT coalesce(sum(result_count) FILTER (WHERE status = 'success'), 0)::int AS rows,
               coalesce(range_agg(int4range(ordinal, ordinal + 1)) FILTER (WHERE status = 'success'), '{}') AS row_ordinals,
               (count(*) FILTER (WHERE status = 'failed'))::int AS failures,
               coalesce(range_agg(int4range(ordinal, ordinal + 1)) FILTER (WHERE status = 'failed'), '{}') AS failed_ordinals
            INTO rest FROM targets WHERE job_id = NEW.id
                AND NOT ordinal <@ CASE status WHEN 'success' THEN fed.row_ordinals ELSE fed.failed_ordinals END;
        PERFORM feed(NEW.project_id, NEW.id, rest.rows, rest.row_ordinals, rest.failures, rest.failed_ordinals);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER jobs_feed_rest AFTER UPDATE ON jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status IN ('queued', 'running') AND NEW.status NOT IN ('queued', 'running')) EXECUTE FUNCTION feed_rest();
CREATE CONSTRAINT TRIGGER jobs_feed_new AFTER INSERT ON jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.status NOT IN ('queued', 'running')) EXECUTE FUNCTION feed_rest();

-- what is there already: a batch a job, in the order of their ends
INSERT INTO project_feeds SELECT project_id, sum(result_count), sum(failed) FROM jobs WHERE pruned_at IS NULL GROUP BY project_id;
INSERT INTO row_batches (project_id, failed, seq, size, job_id, ordinals, stored_at)
    SELECT project_id, failed, sum(size) OVER (PARTITION BY project_id, failed ORDER BY stored_at, job_id ROWS UNBOUNDED PRECEDING),
           size, job_id,
           CASE WHEN is_over THEN int4multirange(int4range(0, total)) ELSE
               (SELECT range_agg(int4range(ordinal, ordinal + 1)) FROM targets t
                WHERE t.job_id = old.job_id AND t.status = CASE WHEN old.failed THEN 'failed' ELSE 'success' END) END,
           stored_at
    FROM (SELECT project_id, stream.failed, stream.size, id AS job_id, total, completed_at IS NOT NULL AS is_over,
                 coalesce(completed_at, updated_at) AS stored_at
          FROM jobs, LATERAL (VALUES (false, result_count), (true, jobs.failed)) AS stream (failed, size)
          WHERE pruned_at IS NULL AND stream.size > 0) AS old;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL.replace("%", "%%"))  # the driver looks for placeholders
