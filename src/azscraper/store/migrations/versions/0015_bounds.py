"""What is counted of things that cost a lot and nothing on a plan: reparses of a job, messages that a person sends."""

from alembic import op

revision = "0015"
down_revision = "0014"

_SQL = """
ALTER TABLE jobs ADD COLUMN reparse_root text;  -- of a reparse: the job that fetched, however many reparses lie between
CREATE INDEX jobs_reparse_root_idx ON jobs (coalesce(reparse_root, reparse_of)) WHERE reparse_of IS NOT NULL;
ALTER TABLE organizations
    ADD COLUMN recent_tests timestamptz[] NOT NULL DEFAULT '{}',  -- webhook.test messages of the last minute
    ADD COLUMN recent_redeliveries timestamptz[] NOT NULL DEFAULT '{}';
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
