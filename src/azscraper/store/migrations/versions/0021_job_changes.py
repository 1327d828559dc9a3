"""A change of a job wakes who waits for it, and the schema says which releases it fits."""

from alembic import op

revision = "0021"
down_revision = "0020"

# In the trigger, so that a worker of the release before tells as well. The end is always told; else a job is told of at most
# every 250 ms: notifications are written one transaction after the other.
_SQL = """
ALTER TABLE jobs ADD COLUMN told_at timestamptz;
CREATE OR REPLACE FUNCTION next_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    IF NEW.status NOT IN ('queued', 'running') OR OLD.told_at IS NULL
       OR OLD.told_at NOT BETWEEN clock_timestamp() - interval '250 ms' AND clock_timestamp() THEN
        NEW.told_at := clock_timestamp();
        PERFORM pg_notify('azscraper_jobs', NEW.id);
    END IF;
    RETURN NEW;
END $$;

CREATE TABLE schema_fits (minimum_release text NOT NULL);
INSERT INTO schema_fits VALUES ('0.1.0');
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
