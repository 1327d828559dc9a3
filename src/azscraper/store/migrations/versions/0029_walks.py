"""Kinds of pages beyond two: what a target is called by its kind, where its walk stands, what a row is made of.

The version before goes on beside: it writes ``asin`` and page numbers alone, and gets no task of another kind.
"""

from alembic import op

revision = "0029"
down_revision = "0028"

_SQL = """
ALTER TABLE jobs DROP CONSTRAINT jobs_type_check;
ALTER TABLE schedules DROP CONSTRAINT schedules_type_check;
ALTER TABLE targets
    ADD COLUMN key text,  -- one spelling of the target: an ASIN, a keyword
    ADD COLUMN kind text,  -- null: the job's type
    ADD COLUMN step text,  -- where its walk went wrong last
    ADD COLUMN step_attempts int;  -- tries of that step
ALTER TABLE results ADD COLUMN type text;  -- of the record; null: the main one of its kind
ALTER TABLE pages ADD COLUMN step text;  -- of the target's walk; null: its number
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
