"""Who may do what, and who did: revoked tokens, hand-off codes, project keys, counted log-in failures, the audit."""

from alembic import op

revision = "0004"
down_revision = "0003"

_SQL = """
ALTER TABLE users ADD COLUMN tokens_valid_from timestamptz NOT NULL DEFAULT '-infinity';  -- older tokens are refused

CREATE TABLE revoked_tokens (
    token_id text PRIMARY KEY,
    expires_at timestamptz NOT NULL  -- from then on the token is refused anyway, and the row may go
);
CREATE INDEX revoked_tokens_expires_at_idx ON revoked_tokens (expires_at);

CREATE TABLE handoffs (
    code_hash bytea PRIMARY KEY,  -- SHA-256 of the one-time code
    user_id text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX handoffs_expires_at_idx ON handoffs (expires_at);

CREATE TABLE api_keys (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    project_id text NOT NULL,
    name text NOT NULL,
    lookup text NOT NULL UNIQUE,  -- the key's public part: finds the row
    key_hash bytea NOT NULL,  -- SHA-256 of the whole key, which holds 200 random bits: no salt is needed
    key_hint text NOT NULL,
    disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id)
);
CREATE INDEX api_keys_project_id_idx ON api_keys (project_id, id DESC);

CREATE TABLE login_failures (  -- one row an account or address and window
    subject text PRIMARY KEY,
    failures int NOT NULL,
    ends_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX login_failures_ends_at_idx ON login_failures (ends_at);

CREATE TABLE audit (
    id text PRIMARY KEY,
    ordinal bigint GENERATED ALWAYS AS IDENTITY,  -- the order of entries within a millisecond, which ids don't keep
    organization_id text NOT NULL REFERENCES organizations,
    actor_type text NOT NULL CHECK (actor_type IN ('user', 'key', 'service')),
    actor_id text,  -- no reference: an entry outlives the key that it names
    action text NOT NULL,
    object_id text,
    address text,
    details json NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_ordinal_idx ON audit (organization_id, ordinal DESC);
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION refuse_audit_change();
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL.replace("%", "%%"))  # the driver looks for placeholders
