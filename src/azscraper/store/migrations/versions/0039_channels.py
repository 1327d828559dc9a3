"""Where messages for people go, which mail recipients agreed, and what was sent."""

from alembic import op

revision = "0039"
down_revision = "0038"

_SQL = """
CREATE TABLE channels (
    id text PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE,
    project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
    name text NOT NULL,
    type text NOT NULL,  -- email, or the scheme of the service's URL
    shown text NOT NULL,  -- an address, or what of the URL tells no secret
    email_key text,  -- of type email
    sealed_url bytea,  -- of the others
    language text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,
    confirmed_at timestamptz,  -- by its test message; a mail recipient's is in `recipients`
    failing_since timestamptz,
    paused_until timestamptz,
    sending_until timestamptz,  -- a worker has a message of it in work
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (project_id, name)
);
CREATE INDEX channels_organization_idx ON channels (organization_id);
CREATE INDEX channels_email_key_idx ON channels (email_key) WHERE email_key IS NOT NULL;

CREATE TABLE recipients (
    id text NOT NULL UNIQUE,
    organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE,
    email_key text NOT NULL,
    asked_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    refused_at timestamptz,  -- unsubscribed
    PRIMARY KEY (organization_id, email_key)
);
CREATE INDEX recipients_asked_idx ON recipients (organization_id, asked_at);
CREATE INDEX recipients_email_key_idx ON recipients (email_key);

CREATE TABLE channel_messages (
    id text PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    channel_id text NOT NULL REFERENCES channels ON DELETE CASCADE,
    kind text NOT NULL,  -- test, confirmation, alert
    status text NOT NULL DEFAULT 'pending',
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    latency_ms int,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE INDEX channel_messages_channel_idx ON channel_messages (channel_id, seq);
CREATE INDEX channel_messages_pending_idx ON channel_messages (channel_id, seq) WHERE status = 'pending';
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
