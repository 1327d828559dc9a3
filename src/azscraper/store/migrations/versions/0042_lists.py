"""Lists: what a project follows, whose jobs are posted by the clock or by hand."""

from alembic import op

revision = "0042"
down_revision = "0041"

_SQL = """
CREATE TABLE lists (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    project_id text NOT NULL,
    name text NOT NULL,
    type text NOT NULL,  -- of its jobs
    marketplaces text[] NOT NULL,  -- hosts
    config json NOT NULL,  -- options of its jobs, without a marketplace
    refresh json,  -- as it was asked for; null: by hand alone
    cron text,  -- what that comes to
    timezone text NOT NULL DEFAULT 'UTC',
    until timestamptz,
    next_run_at timestamptz,
    last_run_at timestamptz,
    last_jobs json NOT NULL DEFAULT '[]',
    last_error text,
    failures int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX lists_project_idx ON lists (project_id);
CREATE INDEX lists_due_idx ON lists (next_run_at) WHERE next_run_at IS NOT NULL;

CREATE TABLE list_items (
    list_id text NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    id text NOT NULL,
    value text NOT NULL,  -- as sent
    key text NOT NULL,  -- one spelling of it: an ASIN, a keyword
    kind text,  -- its type in a list of type auto; null: the list's
    marketplace text NOT NULL,  -- host; empty: each of the list
    note text NOT NULL DEFAULT '',
    tags text[] NOT NULL DEFAULT '{}',
    target_amount numeric,
    target_currency text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (list_id, id),
    UNIQUE (list_id, key, marketplace)
);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
