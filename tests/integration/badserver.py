"""A local server with bad manners: each path is answered by a function that holds the socket.

What aiohttp.web would forbid (a cut body, a wrong length, a header of a megabyte) is the point here.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: Mapping[str, str]
    reader: asyncio.StreamReader = field(repr=False)
    """What the client sends after its request's head."""


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class BadServer:
    """Answers each path with its function, others with 404; keeps what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    otherwise: Answer | None = None
    tls: ssl.SSLContext | None = None
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while not writer.is_closing():
                await self._answer(await _asked(reader), writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client has hung up, or the test is over
        finally:
            writer.close()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.append(asked)
        answer = self.answers.get(asked.target.split("?", 1)[0], self.otherwise)
        await (answer or plain(b"", status="404 Not Found"))(asked, writer)


async def _asked(reader: asyncio.StreamReader) -> Asked:
    first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    return Asked(method, target, _headers(rest), reader)


def _headers(lines: list[str]) -> dict[str, str]:
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def plain(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    """A good answer."""
    return raw(head(*headers, f"Content-Length: {len(body)}", status=status) + body)


def raw(data: bytes, *, close: bool = False) -> Answer:
    """Exactly these bytes."""

    async def answer(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        if close:
            writer.close()

    return answer


def head(*headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("utf-8", errors="surrogateescape")


def redirect(location: str, status: str = "302 Found") -> Answer:
    return plain(b"moved", f"Location: {location}", status=status)


async def silence(_asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Takes the request and says nothing until the client goes."""
    await writer.wait_closed()


def dribble(body: bytes, *, seconds: float) -> Answer:
    """One byte at a time, so that some byte always comes before a time-out between two reads would."""

    async def answer(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head(f"Content-Length: {len(body)}"))
        for byte in body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(seconds)

    return answer


async def forward(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """What an HTTP proxy does with a plain request: sends it on to the host in its target, and the answer back."""
    url = urlsplit(asked.target)
    reader, onward = await asyncio.open_connection(url.hostname, url.port)
    path = url.path + (f"?{url.query}" if url.query else "")
    kept = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items() if not name.startswith("proxy-"))
    onward.write(f"{asked.method} {path} HTTP/1.1\r\nConnection: close\r\n{kept}\r\n".encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(_headers(answer.decode("latin-1").split("\r\n"))["content-length"])
    writer.write(answer + await reader.readexactly(length))
    onward.close()


def tunnel_to(port: int) -> Answer:
    """What an HTTP proxy does with CONNECT, but always to the one port."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        back, onward = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head(status="200 Connection established"))
        try:
            await asyncio.gather(_pump(asked.reader, onward), _pump(back, writer))
        finally:
            onward.close()

    return answer


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()
