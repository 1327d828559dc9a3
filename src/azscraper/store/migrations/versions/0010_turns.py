"""Turns of jobs, and what workers share about pace: an operator's rate, pauses, usual latency, breakers of proxies."""

from alembic import op

revision = "0010"
down_revision = "0009"

_SQL = """
ALTER TABLE jobs  -- fair queueing
    ADD COLUMN turn bigint NOT NULL DEFAULT 0,  -- virtual time of the chunk that was claimed last
    ADD COLUMN next_turn bigint NOT NULL DEFAULT 0;  -- virtual time of the chunk that is put into the queue next
CREATE INDEX jobs_open_of_organization_idx ON jobs (organization_id) WHERE status IN ('queued', 'running');

ALTER TABLE hosts
    ADD COLUMN rate real CHECK (rate >= 0),  -- requests per second, before the setting; 0 is unlimited
    ADD COLUMN paused_until timestamptz,  -- what a Retry-After asked for
    ADD COLUMN usual_seconds real;  -- how long answers take

CREATE TABLE routes (  -- a proxy to a marketplace: what is shut for one may be open for another
    host text NOT NULL,
    proxy text NOT NULL,  -- its URL without credentials
    blocks int NOT NULL DEFAULT 0,  -- refusals and failures in a row
    open_until timestamptz,
    probe_until timestamptz,
    PRIMARY KEY (host, proxy)
) WITH (fillfactor = 50);
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
