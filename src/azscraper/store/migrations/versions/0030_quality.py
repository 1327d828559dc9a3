"""When a field was last told to be filled less than it was; regions of pages that no source read, counted by day."""

from alembic import op

revision = "0030"
down_revision = "0029"

_SQL = """
CREATE TABLE quality_drops (
    project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
    type text NOT NULL,  -- of the job
    marketplace text NOT NULL,
    field text NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (project_id, type, marketplace, field)
);
CREATE TABLE unread_regions (
    day date NOT NULL,
    kind text NOT NULL,
    device text NOT NULL,
    title text NOT NULL,  -- id of the element that holds the title
    region text NOT NULL,  -- id or data-feature-name; '' counts the pages that were looked at
    pages integer NOT NULL,
    PRIMARY KEY (day, kind, device, title, region)
);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
