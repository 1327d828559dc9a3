"""The ground: accounts, projects, plans, jobs, targets, results, marketplaces' shared state, and the queue's tables."""

from alembic import op

from azscraper.store import queue

revision = "0001"
down_revision = None

_SQL = """
CREATE TABLE organizations (
    id text PRIMARY KEY,
    name text NOT NULL,
    plan text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
    id text PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations,
    email text NOT NULL CONSTRAINT users_email_key UNIQUE,  -- stored lower-case
    name text,
    password_hash text NOT NULL,
    role text NOT NULL DEFAULT 'owner',
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE usage (  -- one row an organization and calendar month (UTC): the quota's counters
    organization_id text NOT NULL REFERENCES organizations,
    month date NOT NULL,
    jobs bigint NOT NULL DEFAULT 0,
    targets bigint NOT NULL DEFAULT 0,
    exports bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, month)
);

CREATE TABLE projects (
    id text PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations,
    name text NOT NULL,
    archived boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id)
);

CREATE TABLE jobs (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    project_id text NOT NULL,
    type text NOT NULL CHECK (type IN ('search', 'details')),
    status text NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    config json NOT NULL,  -- as sent: json keeps unknown keys, their order and their numbers
    -- counters: progress is read without counting rows
    total int NOT NULL,
    pending int NOT NULL,
    running int NOT NULL DEFAULT 0,
    succeeded int NOT NULL DEFAULT 0,
    failed int NOT NULL DEFAULT 0,
    cancelled int NOT NULL DEFAULT 0,
    result_count bigint NOT NULL DEFAULT 0,
    lane_runs int[] NOT NULL,  -- per lane, the number of its next chunk: a chunk's end counts once
    result_set_id text,
    error_code text,
    error_message text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    completed_at timestamptz,
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id),
    CHECK (pending >= 0 AND running >= 0 AND total = pending + running + succeeded + failed + cancelled)
) WITH (fillfactor = 70);  -- counters change often: room for updates in place
CREATE INDEX jobs_project_id_idx ON jobs (project_id, id DESC);
CREATE INDEX jobs_open_idx ON jobs (updated_at) WHERE status IN ('queued', 'running');

CREATE TABLE targets (
    job_id text NOT NULL REFERENCES jobs ON DELETE CASCADE,
    ordinal int NOT NULL,
    value text NOT NULL,  -- as sent
    marketplace text NOT NULL,  -- host
    asin text,  -- of a details target
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'success', 'failed', 'cancelled')),
    claim int NOT NULL DEFAULT 0,  -- grows with each claim: what an earlier claim brings is refused
    lane smallint,
    attempts int NOT NULL DEFAULT 0,
    retry_at timestamptz,
    error_code text,
    error_message text,
    http_status int,
    result_count int NOT NULL DEFAULT 0,
    fetched_at timestamptz,
    PRIMARY KEY (job_id, ordinal)
) WITH (fillfactor = 80);
CREATE INDEX targets_pending_idx ON targets (job_id, ordinal) WHERE status = 'pending';
CREATE INDEX targets_running_idx ON targets (job_id, lane) WHERE status = 'running';

CREATE TABLE results (
    job_id text NOT NULL REFERENCES jobs ON DELETE CASCADE,
    ordinal int NOT NULL,
    position int NOT NULL,
    record json NOT NULL,  -- json, not jsonb: goes out as it came in, without being built again
    PRIMARY KEY (job_id, ordinal, position)
);

CREATE TABLE page_summaries (
    job_id text NOT NULL REFERENCES jobs ON DELETE CASCADE,
    ordinal int NOT NULL,
    page int NOT NULL,
    summary json NOT NULL,
    PRIMARY KEY (job_id, ordinal, page)
);

CREATE TABLE hosts (  -- what all workers share about a marketplace
    host text PRIMARY KEY,
    next_slot_at timestamptz NOT NULL DEFAULT '-infinity',
    slowdown real NOT NULL DEFAULT 1,
    blocks int NOT NULL DEFAULT 0,  -- robot checks in a row
    open_until timestamptz,  -- the breaker
    probe_until timestamptz,  -- when it is half-open: a probe is out, and nobody else goes before this
    robots_status int,
    robots_body text,
    robots_fetched_at timestamptz
) WITH (fillfactor = 50);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
    for statement in queue.schema_sql():
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))  # the driver looks for placeholders
