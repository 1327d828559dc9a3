"""Plans that operators make and change."""

from alembic import op

revision = "0012"
down_revision = "0011"

_SQL = """
CREATE TABLE plans (  -- limits per calendar month in UTC; null is unlimited
    name text PRIMARY KEY,
    jobs_per_month bigint CHECK (jobs_per_month >= 0),
    targets_per_month bigint CHECK (targets_per_month >= 0),
    exports_per_month bigint CHECK (exports_per_month >= 0),
    uses_credits boolean NOT NULL DEFAULT false,
    weight int NOT NULL DEFAULT 4 CHECK (weight > 0),  -- share of the crawl beside other organizations
    concurrency int CHECK (concurrency > 0),  -- targets in work at a time; null is unlimited
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO plans (name, jobs_per_month, targets_per_month, exports_per_month, uses_credits, weight, concurrency)
    VALUES ('free', 10, 100, 20, false, 1, 8), ('unlimited', NULL, NULL, NULL, false, 4, NULL),
           ('credits', NULL, NULL, NULL, true, 4, NULL);
ALTER TABLE organizations ADD CONSTRAINT organizations_plan_fkey FOREIGN KEY (plan) REFERENCES plans;

ALTER TABLE hosts ALTER COLUMN rate TYPE float8;  -- what an operator set is shown as it was set
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL)
