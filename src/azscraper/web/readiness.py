"""Whether the database takes what callers bring: read and written, over a connection of its own."""

import asyncio

from azscraper.store.db import Pool, Waits, require_writable, transaction

WAITS = Waits(statement=4, lock=4, answer=5)
"""Of the connection: probes have little patience."""


class Readiness:
    """Answers any number of probes by one question at a time. ``pool`` should serve nobody else."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._asking: asyncio.Task[None] | None = None

    async def require(self) -> None:
        """Raises UnavailableError when the database or the queue does not answer, or can't be written to."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
            self._asking.add_done_callback(lambda task: task.cancelled() or task.exception())  # askers may be gone
        await asyncio.shield(self._asking)

    async def _ask(self) -> None:
        async with transaction(self._pool) as conn:
            await conn.execute("SELECT 1 FROM jobs LIMIT 1")
            await conn.execute("SELECT 1 FROM procrastinate_jobs LIMIT 1")
            await require_writable(conn)
