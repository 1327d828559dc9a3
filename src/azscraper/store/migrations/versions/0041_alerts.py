"""Rules of alerts, what they remember, what fired, and what of it goes where."""

from alembic import op

revision = "0041"
down_revision = "0040"

# No foreign keys from memories and notices to products: what is watched may come and go.
_SQL = """
CREATE TABLE alerts (
    id text PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE,
    project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
    name text NOT NULL,
    note text,
    what json NOT NULL,
    conditions json NOT NULL,
    match text NOT NULL,
    currency text,
    rearm json NOT NULL,
    digest json NOT NULL,
    quiet_hours json,
    enabled boolean NOT NULL DEFAULT true,
    expires_at timestamptz,
    began_at timestamptz NOT NULL,  -- made, or what it watches was changed
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alerts_project_idx ON alerts (project_id);
CREATE INDEX alerts_organization_idx ON alerts (organization_id);

CREATE TABLE alert_channels (
    alert_id text NOT NULL REFERENCES alerts ON DELETE CASCADE,
    channel_id text NOT NULL REFERENCES channels ON DELETE CASCADE,
    PRIMARY KEY (alert_id, channel_id)
);
CREATE INDEX alert_channels_channel_idx ON alert_channels (channel_id);

CREATE TABLE alert_sets (  -- workers keep a project's rules in memory until the version changes
    project_id text PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
    version bigint NOT NULL,
    rules int NOT NULL
);

CREATE TABLE alert_memories (  -- of each product, keyword or job for which a rule has fired
    project_id text NOT NULL,
    marketplace text NOT NULL,
    place text NOT NULL,
    subject text NOT NULL,
    alert_id text NOT NULL REFERENCES alerts ON DELETE CASCADE,
    fired_at timestamptz NOT NULL,
    is_armed boolean NOT NULL,
    PRIMARY KEY (project_id, subject, marketplace, place, alert_id)
);
CREATE INDEX alert_memories_alert_idx ON alert_memories (alert_id);

CREATE TABLE notices (
    id text PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE,
    project_id text NOT NULL,
    kind text NOT NULL,
    alert_id text,
    alert_name text,
    marketplace text NOT NULL,
    place text NOT NULL,
    subject text NOT NULL,  -- ASIN, keyword, job or channel
    asin text,
    title text,
    job_id text,
    reasons json NOT NULL,  -- the conditions that held, each with before and after
    observed_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz
);
CREATE INDEX notices_project_idx ON notices (project_id, seq);
CREATE INDEX notices_unread_idx ON notices (project_id) WHERE read_at IS NULL;
CREATE INDEX notices_alert_idx ON notices (alert_id, seq);
CREATE INDEX notices_organization_idx ON notices (organization_id);

CREATE TABLE channel_notices (
    channel_id text NOT NULL REFERENCES channels ON DELETE CASCADE,
    notice_id text NOT NULL REFERENCES notices ON DELETE CASCADE,
    due_at timestamptz NOT NULL,
    message_id text REFERENCES channel_messages ON DELETE CASCADE,  -- null: in none yet
    PRIMARY KEY (channel_id, notice_id)
);
CREATE INDEX channel_notices_due_idx ON channel_notices (channel_id, due_at) WHERE message_id IS NULL;
CREATE INDEX channel_notices_message_idx ON channel_notices (message_id);
CREATE INDEX channel_notices_notice_idx ON channel_notices (notice_id);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
