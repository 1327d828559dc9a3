"""Run the pretend marketplace on 127.0.0.1: inside the current event loop, or as a process of its own."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from azscraper.demo.app import make_app
from azscraper.demo.faults import Faults
from azscraper.demo.goods.moves import Clock
from azscraper.marketplaces import HOSTS

_ADDRESS = "127.0.0.1"
_SECONDS_TO_END = 1
"""What a slow answer gets before the server is stopped under it."""


def base_urls(base_url: str) -> dict[str, str]:
    """For ``AZSCRAPER_MARKETPLACE_BASE_URL``: each host, what completes its searches, and those of short links, to the
    marketplace at ``base_url``.
    """
    return dict.fromkeys(HOSTS, base_url)


@asynccontextmanager
async def running_marketplace(
    faults: Faults | None = None, clock: Clock | None = None, *, port: int = 0
) -> AsyncIterator[str]:
    """The marketplace in the current event loop; yields its base URL (``http://127.0.0.1:PORT``) when it answers.

    Port 0 takes a free one. Leaves signal handlers and logging alone. Raises OSError when the port is taken.
    """
    with _listening(port) as listener, _without_complaints():
        config = uvicorn.Config(
            make_app(faults, clock),
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_SECONDS_TO_END,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await server.answering.wait()
            yield f"http://{_ADDRESS}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the process that the marketplace is a guest of."""
        yield


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    # asyncio switches Nagle's delay off only on sockets that name their protocol; with it, each answer waits 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_ADDRESS, port))
        yield listener


@contextmanager
def _without_complaints() -> Iterator[None]:
    """While the marketplace runs, the server says nothing of answers that are cut off on purpose."""
    logger = logging.getLogger("uvicorn.error")
    logger.addFilter(_is_no_cut_off)
    try:
        yield
    finally:
        logger.removeFilter(_is_no_cut_off)


def _is_no_cut_off(record: logging.LogRecord) -> bool:
    return "without completing response" not in record.getMessage()
