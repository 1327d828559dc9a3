"""A relay before PostgreSQL that can fail as networks do: it swallows bytes, is slow, or cuts connections."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_BLOCK_BYTES = 65_536
_SLOW_SECONDS = 0.1


class Mode(StrEnum):
    """What becomes of the bytes, of old connections and of new ones."""

    OPEN = "open"
    SILENT = "silent"
    """They are taken and never delivered; nobody is told. A connection that lost some stays silent for good."""
    SLOW = "slow"
    """Each block comes a tenth of a second late."""
    RESET = "reset"
    """Connections are cut at their next byte."""


class DatabaseProxy:
    """A TCP port of this machine that leads to the database. ``mode`` may be set at any time, from any thread."""

    def __init__(self, database_url: str) -> None:
        self._given = conninfo_to_dict(database_url)
        self.mode = Mode.OPEN
        self.port = 0
        self._ends: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Of the database, by way of the proxy."""
        return make_conninfo(**{**self._given, "host": "127.0.0.1", "port": self.port, "sslmode": "disable"})

    async def serve(self, started: threading.Event, stop: asyncio.Event) -> None:
        """Relay until ``stop`` is set."""
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        server.close()
        for end in self._ends:
            end.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there = await self._connect()
            self._ends |= {writer, there[1]}
            lost = asyncio.Event()
            await asyncio.gather(
                self._pump(reader, there[1], writer, lost), self._pump(there[0], writer, there[1], lost)
            )

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = str(self._given["host"]), self._given.get("port") or 5432
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, int(port))

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        other: asyncio.StreamWriter,
        lost: asyncio.Event,
    ) -> None:
        with suppress(OSError):
            while block := await reader.read(_BLOCK_BYTES):
                if self.mode is Mode.RESET:
                    writer.transport.abort()
                    other.transport.abort()
                    return
                if self.mode is Mode.SLOW:
                    await asyncio.sleep(_SLOW_SECONDS)
                if self.mode is Mode.SILENT:
                    lost.set()
                if not lost.is_set():
                    writer.write(block)
                    await writer.drain()
        writer.close()


@contextmanager
def database_proxy(database_url: str) -> Iterator[DatabaseProxy]:
    """A proxy that runs in a thread of its own."""
    proxy = DatabaseProxy(database_url)
    started, loops = threading.Event(), []

    async def main() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        await proxy.serve(started, stop)

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    started.wait()
    try:
        yield proxy
    finally:
        loop, stop = loops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join()
