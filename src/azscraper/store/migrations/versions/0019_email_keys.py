"""One account for all ways to write an e-mail address."""

from alembic import op

from azscraper import email_addresses

revision = "0019"
down_revision = "0018"

# Null for accounts that the release before makes beside this schema, and for twins that are older than this rule:
# both go on, found by their address as it is stored.
_SQL = """
ALTER TABLE users ADD email_key text;
UPDATE users SET email_key = email WHERE email !~ '[^ -~]';
CREATE UNIQUE INDEX users_one_email_key ON users (email_key);
"""
_OTHERS = "SELECT id, email FROM users WHERE email_key IS NULL ORDER BY created_at, id"
_KEY = """UPDATE users SET email_key = %(key)s WHERE id = %(id)s
    AND NOT EXISTS (SELECT 1 FROM users WHERE email_key = %(key)s)"""


def upgrade() -> None:
    """Apply; only forward."""
    bind = op.get_bind()
    bind.exec_driver_sql(_SQL)
    for id_, email in bind.exec_driver_sql(_OTHERS).all():
        bind.exec_driver_sql(_KEY, {"key": email_addresses.key(email), "id": id_})
