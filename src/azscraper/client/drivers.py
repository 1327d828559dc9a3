"""The two drivers: the same four steps carried out on httpx, blocking or awaited. Nothing is decided here."""

import asyncio
import ipaddress
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing, closing
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import orjson

import azscraper
from azscraper.client.calls import Answer, Call, Lost
from azscraper.client.flows import Emit, EmitAll, Flow, Items, Open, Pause, Read, Step, next_step
from azscraper.errors import Detail, InvalidInputError

T = TypeVar("T")

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def options(base_url: str, *, token: str | None, timeout_seconds: float) -> dict[str, Any]:
    """Of an httpx client for the service. Raises InvalidInputError for what is no http address."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{base_url!r} is not the address of a service; write http://HOST:PORT or https://HOST"
        raise InvalidInputError(message, [Detail("url", message)])
    headers = {"User-Agent": f"azscraper-python/{azscraper.__version__}"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if _is_here(parts.hostname):
        headers["Accept-Encoding"] = "identity"  # packing would take longer than the way
    return {
        "base_url": base_url.rstrip("/"),
        "headers": headers,
        "timeout": timeout_seconds,
        "trust_env": not _is_here(parts.hostname),
    }


def _is_here(host: str) -> bool:
    """This machine is reached without the proxy that the environment may name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _request(http: httpx.Client | httpx.AsyncClient, call: Call[Any]) -> httpx.Request:
    content = call.body if call.body is None or isinstance(call.body, bytes) else orjson.dumps(call.body)
    headers: Mapping[str, str] = {"Content-Type": "application/json"} if content is not None else {}
    return http.build_request(
        call.method, call.path, params=dict(call.params), content=content, headers={**headers, **call.headers}
    )


def _head(response: httpx.Response) -> Answer:
    return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()})


def _lost(exc: httpx.RequestError) -> Lost:
    return Lost(str(exc) or type(exc).__name__, was_sent=not isinstance(exc, _NEVER_SENT))


class SyncDriver:
    """Carries flows out, blocking."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def use(self, token: str) -> None:
        """Send this access token from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    def run(self, flow: Flow[T]) -> T:
        """The flow's result."""
        with closing(_SyncLine(self._http)) as line:
            reply = None
            try:
                while True:
                    reply = line.take(flow.send(reply))
            except StopIteration as end:
                result: T = end.value
                return result

    def iterate(self, flow: Items[T]) -> Iterator[T]:
        """The items that the flow emits."""
        with closing(_SyncLine(self._http)) as line:
            step = next(flow, None)
            while step is not None:
                reply = None
                if isinstance(step, EmitAll):
                    yield from step.items
                elif isinstance(step, Emit):
                    yield step.item
                else:
                    reply = line.take(step)
                step = next_step(flow, reply)


class AsyncDriver:
    """Carries flows out, awaited."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    def use(self, token: str) -> None:
        """Send this access token from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    async def run(self, flow: Flow[T]) -> T:
        """The flow's result."""
        async with aclosing(_AsyncLine(self._http)) as line:
            reply = None
            try:
                while True:
                    reply = await line.take(flow.send(reply))
            except StopIteration as end:
                result: T = end.value
                return result

    async def iterate(self, flow: Items[T]) -> AsyncIterator[T]:
        """The items that the flow emits."""
        async with aclosing(_AsyncLine(self._http)) as line:
            step = next(flow, None)
            while step is not None:
                reply = None
                if isinstance(step, EmitAll):
                    for item in step.items:
                        yield item
                elif isinstance(step, Emit):
                    yield step.item
                else:
                    reply = await line.take(step)
                step = next_step(flow, reply)


class _SyncLine:
    """The connection of one flow: at most one answer is open at a time."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._response: httpx.Response | None = None
        self._blocks: Iterator[bytes] = iter(())

    def take(self, step: Step) -> Answer | Lost | bytes | None:
        """Carry the step out; the reply to it."""
        match step:
            case Pause(seconds):
                time.sleep(seconds)
                return None
            case Read():
                return self._read()
            case Open(call):
                self.close()
                return self._open(call)

    def _open(self, call: Call[Any]) -> Answer | Lost:
        try:
            self._response = self._http.send(_request(self._http, call), stream=True)
        except httpx.TransportError as exc:
            return _lost(exc)
        self._blocks = self._response.iter_bytes()
        return _head(self._response)

    def _read(self) -> bytes | Lost:
        try:
            return next(self._blocks, b"")
        except (httpx.TransportError, httpx.DecodingError) as exc:
            return _lost(exc)

    def close(self) -> None:
        """Give the connection back."""
        if self._response is not None:
            self._response.close()


class _AsyncLine:
    """The same, awaited."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._response: httpx.Response | None = None
        self._blocks: AsyncIterator[bytes]

    async def take(self, step: Step) -> Answer | Lost | bytes | None:
        """Carry the step out; the reply to it."""
        match step:
            case Pause(seconds):
                await asyncio.sleep(seconds)
                return None
            case Read():
                return await self._read()
            case Open(call):
                await self.aclose()
                return await self._open(call)

    async def _open(self, call: Call[Any]) -> Answer | Lost:
        try:
            self._response = await self._http.send(_request(self._http, call), stream=True)
        except httpx.TransportError as exc:
            return _lost(exc)
        self._blocks = self._response.aiter_bytes()
        return _head(self._response)

    async def _read(self) -> bytes | Lost:
        try:
            return await anext(self._blocks, b"")
        except (httpx.TransportError, httpx.DecodingError) as exc:
            return _lost(exc)

    async def aclose(self) -> None:
        """Give the connection back."""
        if self._response is not None:
            await self._response.aclose()
