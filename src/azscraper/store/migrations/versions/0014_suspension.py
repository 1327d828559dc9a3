"""Organizations that are suspended."""

from alembic import op

revision = "0014"
down_revision = "0013"

_SQL = """
ALTER TABLE organizations ADD COLUMN suspended_at timestamptz;
ALTER TABLE organizations ADD COLUMN suspension_reason text CHECK (suspension_reason IN ('operator', 'no_enabled_user'));
ALTER TABLE organizations ADD CHECK ((suspended_at IS NULL) = (suspension_reason IS NULL));
UPDATE organizations o SET suspended_at = now(), suspension_reason = 'no_enabled_user'
    WHERE EXISTS (SELECT 1 FROM users WHERE organization_id = o.id)
      AND NOT EXISTS (SELECT 1 FROM users WHERE organization_id = o.id AND disabled_at IS NULL);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
