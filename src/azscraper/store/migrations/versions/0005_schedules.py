"""Schedules: jobs that are submitted again and again by the clock."""

from alembic import op

revision = "0005"
down_revision = "0004"

_SQL = """
CREATE TABLE schedules (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    project_id text NOT NULL,
    cron text NOT NULL,  -- as sent
    timezone text NOT NULL,  -- IANA name
    enabled boolean NOT NULL DEFAULT true,
    type text NOT NULL CHECK (type IN ('search', 'details')),
    targets text[] NOT NULL,  -- as sent
    config json NOT NULL,
    next_run_at timestamptz,
    last_run_at timestamptz,
    last_job_id text,  -- no foreign key: the job may be deleted before the schedule
    last_error text,  -- why the last slot brought no job
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id),
    CHECK (enabled = (next_run_at IS NOT NULL))
);
CREATE INDEX schedules_project_id_idx ON schedules (project_id, id DESC);
CREATE INDEX schedules_due_idx ON schedules (next_run_at) WHERE enabled;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
