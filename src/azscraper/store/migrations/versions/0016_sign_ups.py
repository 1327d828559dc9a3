"""Who may sign up: invitations, sign-ups of each network, whether the installation was there before."""

from alembic import op

revision = "0016"
down_revision = "0015"

_SQL = """
CREATE TABLE invitations (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('organization', 'set_up')),  -- set_up: its sign-up makes the first operator
    code_hash bytea NOT NULL CONSTRAINT invitations_code_hash_key UNIQUE,
    note text,
    created_by text REFERENCES users,  -- null: the command line, or the start of the service
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    organization_id text REFERENCES organizations  -- the one that signed up with it
);

CREATE TABLE sign_up_tries (  -- counted over all API processes, before a password is hashed
    network text PRIMARY KEY,
    tries int NOT NULL,
    ends_at timestamptz NOT NULL
);

CREATE TABLE installation (  -- one row; also the lock of whoever becomes the first operator
    is_it boolean PRIMARY KEY DEFAULT true CHECK (is_it),
    was_open boolean NOT NULL  -- had users while registration could not be closed: without a setting it stays open
);
INSERT INTO installation (was_open) SELECT EXISTS (SELECT 1 FROM users);

ALTER TABLE referrals ADD vouched boolean NOT NULL DEFAULT false;  -- by an invitation: such rewards have no bound
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
