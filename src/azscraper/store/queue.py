"""The queue: tasks in the same PostgreSQL as everything else. The only module that knows the task engine.

A task is deferred on the caller's own connection, so inside the caller's transaction: a job and its first tasks commit
together or not at all.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

import procrastinate
import structlog
from procrastinate import exceptions
from procrastinate.jobs import Job
from procrastinate.manager import JobManager, NotificationCallback, get_channel_for_queues
from procrastinate.worker import Worker

from azscraper import tracing
from azscraper.clock import utc_now
from azscraper.errors import UnavailableError
from azscraper.heartbeats import Heartbeats
from azscraper.store.db import Conn, Pool

TaskFunction = Callable[..., Awaitable[None]]

DEFAULT_QUEUE = "default"
HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 10.0
"""A worker silent for this long is dead: five heartbeats missed. Its tasks go to others; fences refuse its late writes."""
_SWEEP_SECONDS = 3.0
_POLL_SECONDS = 1.0
"""How late a task with a start time may begin; tasks without one are announced by NOTIFY."""
_ENGINE_ENDS_SECONDS = 1.0
"""Beyond the grace of the tasks."""
_TRIES = 20
"""Runs of a task that fails with an error of ours, over about a quarter of an hour."""
_LONGEST_WAIT_SECONDS = 60
_DATABASE_WAIT_SECONDS = 2
"""What a task waits whose database went away: about a restart."""

_PUT_BACK = """
    SELECT procrastinate_retry_job_v2(id, %(now)s, NULL, NULL, NULL) FROM
        (SELECT id FROM procrastinate_jobs WHERE id = %(task)s AND status = 'doing' AND attempts = %(attempts)s
            FOR UPDATE) AS same
"""
"""The library's own way, but of the row as it was seen: two who saw it stalled would both put it back, the slower one when
it runs again."""

_log = structlog.get_logger(__name__)
_deferrer = procrastinate.App(connector=procrastinate.PsycopgConnector())


async def defer(
    conn: Conn,
    task: str,
    *,
    at: datetime | None = None,
    queue: str = DEFAULT_QUEUE,
    priority: int = 0,
    **args: str | int,
) -> None:
    """Put a task into the queue within the caller's transaction, to run at once or from ``at`` on.

    Of the tasks that may run, the one of the highest priority (a 32-bit number) goes first, then the oldest.
    """
    trace = tracing.traceparent()
    configured = _deferrer.configure_task(
        task, schedule_at=at, queue=queue, priority=priority, connection=conn, allow_unknown=True
    )
    with _the_databases_errors():
        await configured.defer_async(**args, **({"traceparent": trace} if trace else {}))


@contextmanager
def _the_databases_errors() -> Iterator[None]:
    """Within a transaction of ours they pass as they are: whoever opened it knows which of them are outages."""
    try:
        yield
    except exceptions.ConnectorException as exc:
        raise (exc.__cause__ or exc) from None


async def has_tasks(conn: Conn, job_id: str) -> bool:
    """Whether any task of the job waits or runs."""
    return bool(await _task_ids(conn, job_id))


async def has_task(conn: Conn, task: str, *, subject: str, webhook_id: str) -> bool:
    """Whether a task with these arguments waits or runs."""
    cursor = await conn.execute(
        """SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = %s
             AND args->>'subject' = %s AND args->>'webhook_id' = %s LIMIT 1""",
        [task, subject, webhook_id],
    )
    return await cursor.fetchone() is not None


async def abort(conn: Conn, job_id: str) -> None:
    """Take the job's waiting tasks out and have the running ones stopped, once the caller's transaction commits."""
    for task_id in await _task_ids(conn, job_id):
        with _the_databases_errors():
            await _deferrer.job_manager.cancel_job_by_id_async(task_id, abort=True, delete_job=True, connection=conn)


async def _task_ids(conn: Conn, job_id: str) -> list[int]:
    cursor = await conn.execute(
        "SELECT id FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND args->>'job_id' = %s ORDER BY id",
        [job_id],
    )
    return [row[0] for row in await cursor.fetchall()]


async def beat(conn: Conn, job_id: str, *, lane: int, run: int) -> None:
    """Keep the worker that runs this chunk of a job alive in the others' eyes while it can't do so itself."""
    await conn.execute(
        """UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id IN
               (SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing' AND args->>'job_id' = %s
                  AND (args->>'lane')::int = %s AND (args->>'run')::int = %s)""",
        [job_id, lane, run],
    )


async def forget_ended(conn: Conn) -> int:
    """Take tasks out that ended and were left behind; how many.

    Tasks leave the queue when they end, but for one way: a worker that dies with a task that it was to stop. Putting
    that task back makes the engine call it failed, and keep it.
    """
    cursor = await conn.execute("DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing')")
    return cursor.rowcount


class Bell:
    """Wakes the engines of a process when a task comes for them: one connection listens for all.

    The database wakes each connection that listens at every notification, whoever it is for.
    """

    def __init__(self) -> None:
        self._engines: dict[str, NotificationCallback] = {}
        self._listening: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def listening(self, pool: Pool, queues: Iterable[str]) -> AsyncIterator[Self]:
        """Within the block it rings for tasks of these queues."""
        app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        async with app.open_async(pool):
            listen = app.job_manager.listen_for_jobs(on_notification=self._ring, queues=queues)
            self._listening = asyncio.create_task(listen)
            self._listening.add_done_callback(_seen)
            try:
                yield self
            finally:
                with suppress(Exception):  # the engines have raised it
                    await _ended(self._listening)

    async def wake(self, queues: Iterable[str], engine: NotificationCallback) -> None:
        """Call the engine from now on. Raises what broke the connection for good."""
        assert self._listening is not None  # noqa: S101 - engines run within the block
        self._engines |= dict.fromkeys(get_channel_for_queues(queues), engine)
        await asyncio.shield(self._listening)

    async def _ring(self, *, channel: str, notification: Any) -> None:
        if engine := self._engines.get(channel):
            await engine(channel=channel, notification=notification)


async def run_worker(
    pool: Pool,
    tasks: Mapping[str, TaskFunction],
    *,
    stop: asyncio.Event,
    concurrency: int,
    grace_seconds: float,
    queues: Sequence[str] = (DEFAULT_QUEUE,),
    bell: Bell | None = None,
    heartbeats: Heartbeats | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Run the queues' tasks until ``stop`` is set; then wait ``grace_seconds`` for the running ones before they are cancelled.

    Tasks of workers that died are put back, by whichever worker sees it first, within about 15 s; so is a task that the database
    gave this worker and that is not running here. Raises what broke the
    worker itself, such as a database that is gone. Shows ``heartbeats`` that it lives. Listens itself where there is no ``bell``.
    """
    app, here = _app(tasks, clock), _Here()
    app.job_manager = _Manager(app.connector, queues[0], heartbeats or Heartbeats(), bell)
    engine = Worker(
        app,
        queues=list(queues),  # a tuple would become a record in SQL
        concurrency=concurrency,
        install_signal_handlers=False,
        fetch_job_polling_interval=_POLL_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        shutdown_graceful_timeout=grace_seconds,
        delete_jobs="always",
        worker_middleware=[here.note],
    )
    async with app.open_async(pool):
        worker: asyncio.Task[object] = asyncio.create_task(engine.run())  # type: ignore[no-untyped-call]
        sweeper: asyncio.Task[object] = asyncio.create_task(_sweep(app, engine, here, clock))
        stopper: asyncio.Task[object] = asyncio.create_task(stop.wait())
        for part in (worker, sweeper):
            part.add_done_callback(_seen)
        try:
            await asyncio.wait([worker, sweeper, stopper], return_when=asyncio.FIRST_COMPLETED)
        finally:
            here.over = True
            stopper.cancel()
            worker.cancel()  # the engine's word for a graceful stop
            try:
                await _ended(sweeper)
            finally:
                await asyncio.wait([worker], timeout=grace_seconds + _ENGINE_ENDS_SECONDS)
                await _ended(worker)


def _seen(part: asyncio.Task[object]) -> None:
    """An error is raised by the wait for its part; where that is cancelled, another error is why, and in the log already."""
    if not part.cancelled():
        part.exception()


async def _ended(part: asyncio.Task[object]) -> None:
    """Cancel a part until it ends: a library may lose a single word to do so, and the wait would have no end. Raises its error."""
    while not part.done():
        part.cancel()
        await asyncio.wait([part], timeout=1)
    if not part.cancelled() and (error := part.exception()) is not None:
        raise error


class _Manager(JobManager):
    """Shows this process that its engine beats, and listens by the bell that engines share."""

    def __init__(
        self, connector: procrastinate.BaseConnector, queue: str, heartbeats: Heartbeats, bell: Bell | None
    ) -> None:
        super().__init__(connector)
        self._bell = bell
        self._beat = partial(heartbeats.beat, queue)
        self._beat()

    async def update_heartbeat(self, worker_id: int) -> None:
        await super().update_heartbeat(worker_id)
        self._beat()

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        if self._bell is None or queues is None:
            await super().listen_for_jobs(on_notification=on_notification, queues=queues)
        else:
            await self._bell.wake(queues, on_notification)


def _app(tasks: Mapping[str, TaskFunction], clock: Callable[[], datetime]) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector())
    retry = _Again(clock)
    for name, function in tasks.items():
        app.task(name=name, retry=retry)(_traced(name, function))
    return app


class _Again(procrastinate.BaseRetryStrategy):
    """Soon and without end after an outage of the database, which is no fault of the task; else ever later.

    By the given clock: the engine would count from this machine's, which may be hours ahead of all others.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock

    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate.jobs.Job
    ) -> procrastinate.RetryDecision | None:
        if isinstance(exception, UnavailableError):
            return self._after(_DATABASE_WAIT_SECONDS)
        if job.attempts >= _TRIES:
            return None
        return self._after(min(2**job.attempts, _LONGEST_WAIT_SECONDS))

    def _after(self, seconds: float) -> procrastinate.RetryDecision:
        return procrastinate.RetryDecision(retry_at=self._clock() + timedelta(seconds=seconds))


def _traced(name: str, function: TaskFunction) -> TaskFunction:
    """The task within the trace of who put it into the queue."""

    async def run(*, traceparent: str | None = None, **args: Any) -> None:
        with tracing.span(name, parent=traceparent, **args):
            await function(**args)

    return run


class _Here:
    """What a worker runs. The database may think more of it: its answer that told of a task, or ours that told of a task's
    end, was lost when it went away at that moment.
    """

    def __init__(self) -> None:
        self.over = False
        self._running: set[int | None] = set()
        self._missing: dict[int | None, float] = {}

    async def note(self, run: Callable[[], Awaitable[Any]], context: procrastinate.JobContext, _: Worker) -> object:
        """Run the task, known to run here meanwhile."""
        self._running.add(context.job.id)
        try:
            return await run()
        finally:
            self._running.discard(context.job.id)

    def lost(self, tasks: Iterable[Job], now: float) -> list[Job]:
        """Those of the worker's tasks, by the database's word, that have not run here for ``STALLED_SECONDS``."""
        missing = {task.id: task for task in tasks if task.id not in self._running}
        self._missing = {key: self._missing.get(key, now) for key in missing}
        return [task for key, task in missing.items() if now - self._missing[key] >= STALLED_SECONDS]


async def _sweep(app: procrastinate.App, engine: Worker, here: _Here, clock: Callable[[], datetime]) -> None:
    while not here.over:
        for task in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await put_back(app, task, clock(), "task taken over from a dead worker")
        own = await app.job_manager.list_jobs_async(status="doing", worker_id=engine.worker_id or -1)
        for task in here.lost(own, asyncio.get_running_loop().time()):
            await put_back(app, task, clock(), "task put back that the database lost sight of when it went away")
        await asyncio.sleep(_SWEEP_SECONDS)


async def put_back(app: procrastinate.App, task: Job, now: datetime, why: str) -> None:
    """Let a task that was seen under way be taken again at that time, unless another worker was faster; logs why."""
    if await app.connector.execute_query_all_async(_PUT_BACK, task=task.id, attempts=task.attempts, now=now):
        _log.warning(why, task=task.task_name, **task.task_kwargs)


def schema_sql() -> Iterable[str]:
    """The statements that make the queue's tables in an empty database."""
    yield procrastinate.schema.SchemaManager.get_schema()
    yield (
        "CREATE INDEX azscraper_tasks_of_job_idx ON procrastinate_jobs ((args->>'job_id'))"
        " WHERE status IN ('todo', 'doing')"
    )
