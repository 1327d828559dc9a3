"""What must hold after the drill. Each finding is a sentence; none is the proof."""

from collections.abc import Iterator

from customers import Customer, Reference
from system import System

from azscraper.kinds.registry import kinds

_COUNTS = {  # of what there must be nothing
    "jobs that are not over": "SELECT id FROM jobs WHERE status IN ('queued', 'running')",
    "targets that are not over": "SELECT job_id, ordinal FROM targets WHERE status IN ('pending', 'running')",
    "jobs whose counters are not those of their targets": """
        SELECT j.id FROM jobs j JOIN (
            SELECT job_id, count(*) AS total, count(*) FILTER (WHERE status = 'success') AS succeeded,
                   count(*) FILTER (WHERE status = 'failed') AS failed,
                   count(*) FILTER (WHERE status = 'cancelled') AS cancelled FROM targets GROUP BY job_id) t
        ON t.job_id = j.id WHERE (j.total, j.succeeded, j.failed, j.cancelled)
            <> (t.total, t.succeeded, t.failed, t.cancelled) OR j.pending <> 0 OR j.running <> 0""",
    "jobs whose rows are not as many as they say": """
        SELECT j.id FROM jobs j LEFT JOIN (SELECT job_id, count(*) AS rows FROM results GROUP BY job_id) r
        ON r.job_id = j.id WHERE j.result_count <> coalesce(r.rows, 0)""",
    "targets whose rows are not as many as they say": """
        SELECT t.job_id, t.ordinal FROM targets t LEFT JOIN (
            SELECT job_id, ordinal, count(*) AS rows FROM results GROUP BY 1, 2) r USING (job_id, ordinal)
        WHERE t.result_count <> coalesce(r.rows, 0)""",
    "tasks left in the queue": "SELECT id, status, task_name, args FROM procrastinate_jobs",
    "targets that wait for a job that is over": "SELECT * FROM waiting_targets",
    "messages that were not delivered": "SELECT id, status, error FROM webhook_deliveries WHERE status <> 'delivered'",
    "failed targets": "SELECT job_id, ordinal, error_code, error_message FROM targets WHERE status = 'failed'",
    "duplicate requests in the idempotency table": """
        SELECT route, key FROM idempotency_keys GROUP BY organization_id, route, key HAVING count(*) > 1""",
}


def findings(system: System, customers: list[Customer], reference: Reference) -> list[str]:
    """Everything that is wrong."""
    return [
        *(f"an outage was answered as a fault of ours: {fault}" for fault in system.faults_of_ours),
        *(f"{part.name} ended with a trace {part.ends[1]} times" for part in system.parts if part.ends[1]),
        *_leftovers(system),
        *_jobs(system, customers),
        *(finding for customer in customers for finding in _rows(customer, reference)),
        *_ledger(system),
        *_messages(system),
    ]


def _leftovers(system: System) -> Iterator[str]:
    for what, sql in _COUNTS.items():
        rows = system.query(sql)
        if rows:
            yield f"{len(rows)} {what}, for example {rows[:3]}"


def _jobs(system: System, customers: list[Customer]) -> Iterator[str]:
    stored = {row[0] for row in system.query("SELECT id FROM jobs")}
    accepted = {job_id for customer in customers for job_id in customer.accepted}
    if accepted - stored:
        yield f"accepted jobs that are not there: {accepted - stored}"
    if len(stored - accepted) > 2:
        yield f"jobs that nobody was told of: {stored - accepted}"


def _rows(customer: Customer, reference: Reference) -> Iterator[str]:
    for job_id, posted in customer.accepted.items():
        job = customer.ask("GET", f"/jobs/{job_id}")
        expected = {"completed", "cancelled"} if job_id in customer.cancelled else {"completed"}
        if job["status"] not in expected:
            yield f"job {job_id} ended as {job['status']}"
        if job["status"] != "completed":
            continue
        wanted = [row for target in posted["targets"] for row in reference.of(posted["type"], target) or []]
        if customer.rows(job_id) != wanted:
            yield f"the rows of job {job_id} are not those of the run without faults"


def _ledger(system: System) -> Iterator[str]:
    prices = " ".join(f"WHEN '{name}' THEN {kind.price(kind.options())}" for name, kind in kinds().items())
    wrong = system.query(
        f"""SELECT j.id, e.held, j.succeeded FROM jobs j LEFT JOIN (
                SELECT job_id, -sum(amount) AS held FROM credit_entries WHERE job_id IS NOT NULL GROUP BY job_id) e
            ON e.job_id = j.id WHERE coalesce(e.held, 0) <> j.succeeded * CASE j.type {prices} END"""
    )
    if wrong:
        yield f"{len(wrong)} jobs did not cost what they brought, for example {wrong[:3]}"


def _messages(system: System) -> Iterator[str]:
    sent = system.query("SELECT id, type FROM webhook_events")
    lost = [row for row in sent if row[0] not in system.receiver.seen]
    if lost:
        yield f"{len(lost)} messages never came, for example {lost[:3]}"
    told = system.query(
        """SELECT j.id FROM jobs j WHERE NOT EXISTS (
               SELECT 1 FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id
               WHERE d.subject = j.id AND e.type IN ('job.completed', 'job.failed', 'job.cancelled'))"""
    )
    if told:
        yield f"jobs whose end nobody was told: {told[:3]}"
    yield from _order(system)


def _order(system: System) -> Iterator[str]:
    ended: set[str] = set()
    for message in system.receiver.seen.values():
        job_id = message["data"]["jobId"]
        if message["type"] == "job.started" and job_id in ended:
            yield f"job {job_id} was told to have begun after its end"
        if message["type"] != "job.started":
            ended.add(job_id)
