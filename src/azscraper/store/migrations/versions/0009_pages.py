"""Where each fetched page is in the archive, by day of the fetch; and of which job a job reads the pages again."""

from alembic import op

revision = "0009"
down_revision = "0008"

_SQL = """
CREATE TABLE pages (
    job_id text NOT NULL,
    organization_id text NOT NULL,
    ordinal int NOT NULL,
    number int NOT NULL,  -- result page of a search; 1 of details
    request bytea NOT NULL,  -- hash of what was asked for: equal where one answer can stand for another
    accepted boolean NOT NULL,  -- whether the page was what was asked for
    fetched_at timestamptz NOT NULL,
    segment text NOT NULL,  -- of the archive
    start bigint NOT NULL,
    length int NOT NULL,
    PRIMARY KEY (job_id, ordinal, number, fetched_at)
) PARTITION BY RANGE (fetched_at);
CREATE INDEX pages_request_idx ON pages (organization_id, request, fetched_at DESC) WHERE accepted;
CREATE TABLE pages_default PARTITION OF pages DEFAULT;

ALTER TABLE jobs ADD COLUMN reparse_of text;  -- the job whose archived pages are read instead of fetching any
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
