"""What all processes share, as numbers: read from the database when somebody looks, a few indexed queries."""

from collections import Counter
from typing import LiteralString

from azscraper.metrics import Sample
from azscraper.results.fill_rates import EVERY
from azscraper.store.db import Conn

_QUEUE: LiteralString = """
SELECT queue_name, CASE WHEN status = 'doing' THEN 'running' WHEN scheduled_at > now() THEN 'scheduled' ELSE 'due' END
           AS state, count(*), max(extract(epoch FROM now() - e.at))
FROM procrastinate_jobs j
LEFT JOIN LATERAL (SELECT greatest(max(at), j.scheduled_at) AS at FROM procrastinate_events
                   WHERE job_id = j.id AND type IN ('deferred', 'deferred_for_retry')) e ON true
WHERE status IN ('todo', 'doing') GROUP BY 1, 2"""
_SIMPLE: dict[str, LiteralString] = {
    "azscraper_jobs_open": "SELECT status, count(*) FROM jobs WHERE status IN ('queued', 'running') GROUP BY 1",
    "azscraper_targets_open": """
        SELECT state, total FROM (SELECT coalesce(sum(pending), 0) AS pending, coalesce(sum(running), 0) AS running
                                  FROM jobs WHERE status IN ('queued', 'running')) open,
               LATERAL (VALUES ('pending', pending), ('running', running)) v (state, total)""",
    "azscraper_workers": "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '10 s'",
    "azscraper_pace_slowdown": "SELECT host, slowdown FROM hosts",
    "azscraper_pace_paused_seconds": """
        SELECT host, greatest(0, extract(epoch FROM greatest(open_until, paused_until) - now())) FROM hosts
        WHERE greatest(open_until, paused_until) IS NOT NULL""",
    "azscraper_breaker_state": """
        SELECT host, proxy, CASE WHEN open_until IS NULL THEN 0 WHEN open_until > now() THEN 2 ELSE 1 END
        FROM (SELECT host, '' AS proxy, open_until FROM hosts UNION ALL SELECT host, proxy, open_until FROM routes) all_of""",
    "azscraper_schedule_lag_seconds": """
        SELECT greatest(0, coalesce(max(extract(epoch FROM now() - next_run_at)), 0)) FROM schedules
        WHERE enabled AND next_run_at < now() AND NOT EXISTS (SELECT 1 FROM organizations o
              WHERE o.id = schedules.organization_id AND o.suspended_at IS NOT NULL)""",
    "azscraper_upkeep_age_seconds": """
        SELECT loop, extract(epoch FROM now() - succeeded_at) FROM upkeep WHERE succeeded_at IS NOT NULL""",
    "azscraper_unread_pages": """
        SELECT kind, device, title, sum(pages) FROM unread_regions WHERE day = current_date AND region = ''
        GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 50""",
    "azscraper_unread_share": """
        SELECT r.kind, r.device, r.title, r.region, r.pages::float8 / p.pages FROM unread_regions r
        JOIN unread_regions p ON (p.day, p.kind, p.device, p.title, p.region) = (r.day, r.kind, r.device, r.title, '')
        WHERE r.day = current_date AND r.region <> '' ORDER BY r.pages DESC, 1, 2, 3, 4 LIMIT 50""",
    "azscraper_database_bytes": "SELECT pg_database_size(current_database())",
    "azscraper_database_connections": "SELECT sum(numbackends) FROM pg_stat_database",
    "azscraper_database_connections_most": "SELECT current_setting('max_connections')::int",
    "azscraper_webhooks_switched_off": "SELECT count(*) FROM webhooks WHERE NOT enabled AND disabled_reason IS NOT NULL",
    "azscraper_webhook_pending": "SELECT count(*) FROM webhook_deliveries WHERE status = 'pending'",
    "azscraper_webhook_lag_seconds": """
        SELECT coalesce(max(extract(epoch FROM now() - created_at)), 0) FROM webhook_deliveries
        WHERE status = 'pending'""",
}
_FILLED: LiteralString = f"""
SELECT r.marketplace, r.records, r.filled FROM jobs j
JOIN LATERAL (SELECT * FROM ({EVERY}) f WHERE f.job_id = j.id OFFSET 0) r ON true  -- OFFSET: by the index
WHERE j.completed_at > now() - interval '1 day' ORDER BY j.id DESC LIMIT 1000"""


async def read(conn: Conn) -> list[Sample]:
    """The shared gauges' values now."""
    samples = await _queue(conn) + await _fill_rates(conn)
    for gauge, sql in _SIMPLE.items():
        rows = await (await conn.execute(sql)).fetchall()
        samples += [Sample(gauge, float(value), tuple(labels)) for *labels, value in rows]
    return samples


async def _queue(conn: Conn) -> list[Sample]:
    samples = []
    for queue, state, count, oldest in await (await conn.execute(_QUEUE)).fetchall():
        samples.append(Sample("azscraper_queue_tasks", count, (queue, state)))
        if state == "due":
            samples.append(Sample("azscraper_queue_oldest_seconds", max(float(oldest or 0), 0.0), (queue,)))
    return samples


async def _fill_rates(conn: Conn) -> list[Sample]:
    """Of the last day's jobs, a thousand at most."""
    records: Counter[str] = Counter()
    filled: Counter[tuple[str, str]] = Counter()
    for marketplace, count, fields in await (await conn.execute(_FILLED)).fetchall():
        records[marketplace] += count
        for field, of_field in fields.items():
            filled[marketplace, field] += of_field
    return [Sample("azscraper_fill_rate", count / records[key[0]], key) for key, count in filled.items()]
