"""What ``azscraper api`` does. A module of its own because what it imports takes a second, which other parts need not wait for."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from socket import socket

import structlog
import uvicorn
import uvloop

import azscraper
from azscraper import metrics
from azscraper.channels.services import Hosts
from azscraper.cli.local.serving.opening import opening
from azscraper.cli.local.serving.ports import require_free
from azscraper.cli.local.serving.processes import (
    PATIENCE_SECONDS,
    database,
    require_plan,
    settings_of,
    stop_on_signals,
)
from azscraper.cli.local.serving.secret import keyring
from azscraper.cli.local.serving.watch import watch
from azscraper.clock import utc_now
from azscraper.config import PREFIX, Settings, load_settings
from azscraper.crawl.archive import Archive
from azscraper.crawl.fetcher import Fetcher
from azscraper.crawl.gate import Gate
from azscraper.errors import UnavailableError
from azscraper.launch import NOBODY_ELSE
from azscraper.operate import gauges
from azscraper.store.db import CALLER_WAITS, Pool, open_pool, transaction
from azscraper.tenants.referrals import Rewards
from azscraper.web import readiness
from azscraper.web.app import make_app
from azscraper.web.deps import Services
from azscraper.web.guards.connections import server_config
from azscraper.web.picture_cache import PictureCache
from azscraper.web.pictures import Pictures
from azscraper.web.readiness import Readiness

_POOL_SIZE = 14
_GAUGES_SECONDS = 5.0
"""How old the shared numbers on the metrics port may be."""

_log = structlog.get_logger("azscraper")


def api(host: str, port: int, data_dir: Path | None) -> None:
    """Run the HTTP service alone. Stateless: run as many as you like behind a load balancer."""
    os.umask(NOBODY_ELSE)
    settings = settings_of(data_dir)
    require_free(host, port)
    watch(settings, "azscraper-api")
    with database(settings, patience=PATIENCE_SECONDS) as url:
        require_plan(settings, url)
        uvloop.run(_serve(settings, url, host, port))


async def _serve(settings: Settings, url: str, host: str, port: int) -> None:
    async with (
        open_pool(url, size=_POOL_SIZE, waits=CALLER_WAITS, part="azscraper-api") as pool,
        open_pool(url, size=1, least=0, waits=readiness.WAITS, part="azscraper-api") as probe,
        Fetcher(
            user_agent=settings.user_agent,
            base_urls=settings.marketplace_base_url,
            proxies=settings.proxies,
            ca_file=settings.ca_file,
        ) as fetcher,
        _pictures(settings, pool, fetcher) as pictures,
    ):
        first = await opening(pool, settings, host=host, port=port)
        services = Services(
            pool,
            keyring(settings),
            settings.default_plan,
            utc_now,
            registration_credits=settings.registration_credits,
            referral_rewards=Rewards(settings.referrer_credits, settings.referred_credits),
            readiness=Readiness(probe),
            stopping=lambda: server.should_exit,
            user_agent=settings.user_agent,
            webhook_allow_loopback=settings.webhook_allow_loopback,
            sends_mail=settings.smtp_url is not None,
            channel_hosts=Hosts(settings.channel_hosts),
            archive=cache(
                partial(Archive, settings.archive, software=f"azscraper/{azscraper.__version__}", clock=utc_now)
            ),
            pictures=pictures,
            metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
            crawl_rate=settings.crawl_rate,
            registration=first.registration,
            public_url=settings.public_url,
            trusted_proxies=_trusted_proxies(settings, os.environ),
        )
        server = _Server(server_config(make_app(services), host=host, port=port), first.line)
        beside = [asyncio.create_task(_end_on(stop_on_signals(), server))]
        beside.append(asyncio.create_task(services.changes.listen(url)))
        if settings.metrics_port:
            beside.append(asyncio.create_task(_publish_gauges(pool)))
        await server.serve()
        for task in beside:
            task.cancel()


@asynccontextmanager
async def _pictures(settings: Settings, pool: Pool, fetcher: Fetcher) -> AsyncIterator[Pictures]:
    gate = Gate(
        pool,
        fetcher,
        user_agent=settings.user_agent,
        rate=settings.picture_rate,
        obey_robots=settings.obey_robots,
        breaker_seconds=settings.breaker_seconds,
        clock=utc_now,
    )
    cache = PictureCache(settings.data_dir.resolve() / "pictures")
    try:
        yield Pictures(fetcher, gate, cache, frozenset(settings.marketplace_base_url), utc_now)
    finally:
        await gate.close()


def _trusted_proxies(settings: Settings, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Also those of the name that earlier releases took, which was the HTTP server's own."""
    old = environ.get("FORWARDED_ALLOW_IPS", "")
    if settings.trusted_proxies or not old:
        return settings.trusted_proxies
    _log.warning("FORWARDED_ALLOW_IPS is out of use: name your proxies in AZSCRAPER_TRUSTED_PROXIES", proxies=old)
    return load_settings({f"{PREFIX}TRUSTED_PROXIES": old}).trusted_proxies if old != "*" else ("*",)


async def _publish_gauges(pool: Pool) -> None:
    """For the port without a token, which a thread without a database serves: what all processes share."""
    while True:
        with suppress(UnavailableError):
            async with transaction(pool) as conn:
                metrics.publish(await gauges.read(conn))
        await asyncio.sleep(_GAUGES_SECONDS)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, line: str) -> None:
        """``line`` is printed once clients can connect."""
        super().__init__(config)
        self._line = line

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        if self.started:
            print(self._line, flush=True)  # noqa: T201 - for the person at the terminal, not for the log

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours: uvicorn raises them again at its end, and the process would die before its database ends."""
        yield


async def _end_on(stop: asyncio.Event, server: uvicorn.Server) -> None:
    await stop.wait()
    server.should_exit = True
