"""Webhooks: where a project's events go, the events, and what became of each on its way to each endpoint."""

from alembic import op

revision = "0006"
down_revision = "0005"

_SQL = """
CREATE TABLE webhooks (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    project_id text NOT NULL,
    url text NOT NULL,
    events text[] NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,  -- why we switched it off
    secret text NOT NULL,  -- in clear: it signs
    previous_secret text,
    previous_secret_until timestamptz,
    failing_since timestamptz,  -- first failure after the last success
    paused_until timestamptz,  -- it asked us to slow down
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id),
    CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);
CREATE INDEX webhooks_project_id_idx ON webhooks (project_id, id);

CREATE TABLE webhook_events (
    id text PRIMARY KEY,  -- the webhook-id header: the same on every try and every endpoint
    organization_id text NOT NULL REFERENCES organizations,
    type text NOT NULL,
    body text NOT NULL,  -- the JSON that is signed and sent, byte for byte the same on every try
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE webhook_deliveries (
    id text PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,  -- the order of sending
    webhook_id text NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    event_id text NOT NULL REFERENCES webhook_events ON DELETE CASCADE,
    subject text NOT NULL,  -- id of what the event is about: one endpoint hears of one subject in order
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,  -- of a pending one that was tried before
    status_code int,
    latency_ms int,
    answer text,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    CHECK (status = 'pending' OR next_attempt_at IS NULL)
);
CREATE INDEX webhook_deliveries_pending_idx ON webhook_deliveries (webhook_id, subject, seq) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_webhook_id_idx ON webhook_deliveries (webhook_id, seq DESC);
CREATE INDEX webhook_deliveries_event_id_idx ON webhook_deliveries (event_id);

CREATE INDEX azscraper_tasks_of_subject_idx ON procrastinate_jobs ((args->>'subject'))
    WHERE status IN ('todo', 'doing');
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
