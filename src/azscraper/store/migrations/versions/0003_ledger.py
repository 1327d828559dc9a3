"""Credits, answers kept for idempotency keys, the revision that a job's events are numbered by, referrals."""

from alembic import op

revision = "0003"
down_revision = "0002"

_SQL = """
CREATE TABLE credit_entries (  -- append-only; the sum of an organization's amounts is its balance
    id text PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations,
    kind text NOT NULL CHECK (kind IN ('registration', 'grant', 'referral', 'reserve', 'return')),
    amount bigint NOT NULL CHECK (amount <> 0),
    job_id text,  -- no reference: the ledger outlives the jobs
    note text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX credit_entries_organization_id_idx ON credit_entries (organization_id, id DESC) INCLUDE (amount);
CREATE UNIQUE INDEX credit_entries_job_id_kind_key ON credit_entries (job_id, kind) WHERE job_id IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'table %% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER credit_entries_append_only BEFORE UPDATE OR DELETE ON credit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE idempotency_keys (
    organization_id text NOT NULL REFERENCES organizations,
    route text NOT NULL,  -- method and path, ids included
    key text NOT NULL,
    fingerprint bytea NOT NULL,  -- of query and body
    status int,
    body bytea,  -- set by the transaction that made the row: nobody else ever sees it empty
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, route, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

ALTER TABLE jobs ADD COLUMN revision bigint NOT NULL DEFAULT 0;  -- grows with every change: numbers the job's events
CREATE FUNCTION next_revision() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.revision := OLD.revision + 1; RETURN NEW; END $$;
CREATE TRIGGER jobs_revision BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION next_revision();

CREATE TABLE referral_codes (
    organization_id text PRIMARY KEY REFERENCES organizations,
    code text NOT NULL CONSTRAINT referral_codes_code_key UNIQUE,
    clicks bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE referrals (
    referred_id text PRIMARY KEY REFERENCES organizations,  -- an organization is referred once
    referrer_id text NOT NULL REFERENCES organizations,
    referrer_credits bigint NOT NULL,  -- as promised when the referred one signed up
    referred_credits bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    paid_at timestamptz,
    CHECK (referred_id <> referrer_id)
);
CREATE INDEX referrals_referrer_id_idx ON referrals (referrer_id, referred_id DESC);

CREATE UNLOGGED TABLE referral_clicks (  -- the throttle's memory; may be lost
    address text PRIMARY KEY,
    recent timestamptz[] NOT NULL
) WITH (fillfactor = 50);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
