"""Webhook secrets, sealed. Columns of their own: the release before goes on in those that it knows (see webhook_secrets)."""

from alembic import op

revision = "0017"
down_revision = "0016"

_SQL = """
ALTER TABLE webhooks ADD COLUMN sealed_secret bytea, ADD COLUMN sealed_previous bytea;
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
