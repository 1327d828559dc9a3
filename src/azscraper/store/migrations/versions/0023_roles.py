"""Partitions by functions that run as the tables' owner, for a service whose role makes no tables; no TRUNCATE of the ledger."""

from alembic import op

revision = "0023"
down_revision = "0022"

# What a caller names is looked up or held against a pattern: the service's role may call these, and must not get more by it.
_SQL = """
CREATE FUNCTION make_partition(parent text, partition text, first text, until text, options text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE key text;
BEGIN
    SELECT attname INTO key FROM pg_partitioned_table p JOIN pg_attribute a ON attrelid = partrelid AND attnum = partattrs[0]
        WHERE partrelid = to_regclass(parent);
    IF key IS NULL OR parent !~ '^[a-z_]+$' OR partition !~ ('^' || parent || '_[0-9_]+$')
        OR options !~ '^[a-z_]+ = [0-9.]+(, [a-z_]+ = [0-9.]+)*$' THEN
        RAISE EXCEPTION '% is no partition of %', partition, parent USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) WITH (%s)', partition, parent, options);
    EXECUTE format('WITH moved AS (DELETE FROM %1$I WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING *)
        INSERT INTO %5$I SELECT * FROM moved', parent || '_default', key, first, until, partition);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, first, until);
END $$;

CREATE FUNCTION drop_partition(parent text, partition text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF parent !~ '^[a-z_]+$' OR partition !~ ('^' || parent || '_[0-9_]+$')
        OR NOT EXISTS (SELECT 1 FROM pg_partitioned_table WHERE partrelid = to_regclass(parent)) THEN
        RAISE EXCEPTION '% is no partition of %', partition, parent USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', partition);
END $$;

REVOKE ALL ON FUNCTION make_partition, drop_partition FROM PUBLIC;

DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY ARRAY['make_partition', 'drop_partition'] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
    END LOOP;
END $$;

CREATE TRIGGER credit_entries_no_truncate BEFORE TRUNCATE ON credit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Apply; only forward."""
    op.get_bind().exec_driver_sql(_SQL.replace("%", "%%"))  # the driver looks for placeholders
