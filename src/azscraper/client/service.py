"""``AzScraper`` and ``AsyncAzScraper``: the routes, each with its driver."""

from typing import Self

import httpx

from azscraper.client.account import Account
from azscraper.client.colours import Async, Sync
from azscraper.client.drivers import AsyncDriver, SyncDriver, options
from azscraper.client.routes import Routes


class AzScraper(Routes[Sync], Account[Sync]):
    """A client of a service; close it, or use it as a context manager.

    >>> client = AzScraper("http://127.0.0.1:8000", api_key="…")  # doctest: +SKIP
    """

    def __init__(
        self, url: str, *, api_key: str | None = None, token: str | None = None, timeout_seconds: float = 60.0
    ) -> None:
        """``api_key`` is a project's key, ``token`` an access token; ``login`` brings one as well.

        ``timeout_seconds`` is for silence of the service, not for a whole answer.
        """
        self._http = httpx.Client(**options(url, token=token or api_key, timeout_seconds=timeout_seconds))
        super().__init__(SyncDriver(self._http))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class AsyncAzScraper(Routes[Async], Account[Async]):
    """The same client, awaited: ``await client.run(…)``, ``async for product in job.results()``."""

    def __init__(
        self, url: str, *, api_key: str | None = None, token: str | None = None, timeout_seconds: float = 60.0
    ) -> None:
        """As ``AzScraper``."""
        self._http = httpx.AsyncClient(**options(url, token=token or api_key, timeout_seconds=timeout_seconds))
        super().__init__(AsyncDriver(self._http))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()
