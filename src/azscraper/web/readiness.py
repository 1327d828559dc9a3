"""Whether the database takes what callers bring: read and written, over a connection of its own."""

import asyncio

from azscraper.errors import UnavailableError
from azscraper.store.db import SILENT, Pool, Waits, require_writable, transaction

WAITS = Waits(statement=4, lock=4, answer=5)
"""Of the connection: probes have little patience."""
_PAUSE_SECONDS = 1.0


class Readiness:
    """Answers any number of probes by one question at a time. ``pool`` should serve nobody else."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._asking: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self.knows_silence = False
        """Whether the database is silent, as far as somebody follows that."""

    async def require(self) -> None:
        """Raises UnavailableError when the database or the queue does not answer, or can't be written to."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
            self._asking.add_done_callback(lambda task: task.cancelled() or task.exception())  # askers may be gone
        await asyncio.shield(self._asking)

    def suspect(self) -> None:
        """A caller got no answer: follow whether the database or a busy pool is to blame, until it answers."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow())
            self._following.add_done_callback(lambda task: task.cancelled() or task.exception())

    def require_known(self) -> None:
        """Raises UnavailableError at once while the database is known to be silent, in place of a wait for it."""
        if self.knows_silence:
            raise UnavailableError(SILENT)

    async def _follow(self) -> None:
        try:
            while await self._asks_in_vain():
                self.knows_silence = True
                await asyncio.sleep(_PAUSE_SECONDS)
        finally:
            self.knows_silence = False

    async def _asks_in_vain(self) -> bool:
        """Whether nothing comes back: a database that can only be read still serves pages."""
        try:
            await self.require()
        except UnavailableError as exc:
            return exc.message == SILENT
        return False

    async def _ask(self) -> None:
        async with transaction(self._pool) as conn:
            await conn.execute("SELECT 1 FROM jobs LIMIT 1")
            await conn.execute("SELECT 1 FROM procrastinate_jobs LIMIT 1")
            await require_writable(conn)
