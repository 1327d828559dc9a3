"""Log-ins that are slowed down instead of refused, and how often they failed beside the audit."""

from alembic import op

revision = "0022"
down_revision = "0021"

_SQL = """
ALTER TABLE login_failures ADD COLUMN next_try_at timestamptz;
ALTER TABLE login_failures ADD COLUMN audit_id text;  -- the audit's entry of this subject and window

CREATE TABLE failed_logins (  -- the audit is append-only: what still grows stands beside it
    audit_id text PRIMARY KEY,
    count int NOT NULL
) WITH (fillfactor = 70);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
