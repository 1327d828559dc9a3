"""What one connection may cost: how long and how large a head is, how long a body takes, how many there are at once.

A proxy in front does this as well, and knows more of the clients; without one this is all there is.
"""

import re
import resource
from asyncio import AbstractEventLoop, TimerHandle, Transport
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any

import orjson
from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?")
"""RFC 3986, 3.2: a host and perhaps a port, without a user."""
_FRAMED = 8
"""Bytes that a byte of a body may take, sent alone: its chunk has a length and two ends of lines."""
_OTHER_FILES = 256
"""Connections to the database, logs, and files that are made or sent."""
_LINGER_SECONDS = 1.0
"""Between a refusal and the end: a socket that is closed with something unread takes the refusal back."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one process's connections."""

    connections: int = 1000
    head_bytes: int = 64 * 1024
    """Request line and headers; the same for what a chunked body has beside its data."""
    head_seconds: float = 20.0
    """From the connection's or the request's first byte to the last of the head."""
    body_seconds: float = 60.0
    """From the head's end to the body's: 16 MiB in that time are 280 KB/s."""
    send_seconds: float = 30.0
    """How long a client may take for what waits to be sent, which is 320 KB at most: 11 KB/s."""


def server_config(app: ASGIApp, *, host: str, port: int, bounds: Bounds = Bounds()) -> Config:
    """How uvicorn serves the application within the bounds. Sees to it that the process may open so many files."""
    _allow_files(bounds.connections + _OTHER_FILES)
    protocol = partial(BoundedProtocol, bounds=bounds)
    return Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        log_config=None,  # its lines go through the process's own handler, in the form that the settings say
        timeout_graceful_shutdown=5,
        http=protocol,  # type: ignore[arg-type] # whatever makes a protocol does
        ws="none",
        proxy_headers=False,  # ``proxies`` does it, and says when nobody named a proxy
    )


def _allow_files(most: int) -> None:
    """A connection is an open file, and many systems allow 1,024 where nobody asks for more."""
    now, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now != resource.RLIM_INFINITY and now < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


class _At(Enum):
    REST = auto()
    """Between two requests."""
    HEAD = auto()
    BODY = auto()


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    code: str
    message: str


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol within bounds, and with the one envelope for what never gets as far as a route."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
        *,
        bounds: Bounds,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._bounds = bounds
        self._at = _At.REST
        self._begun = 0
        """Requests that began in what came last."""
        self._beside = 0
        """Bytes since the request began, or since the last ones of its body."""
        self._awaited: _At | None = None
        self._deadline: TimerHandle | None = None
        self._wrong: _Refusal | None = None
        """With the head, where it is not within bounds."""
        self._refused = False
        self._taking: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Take the connection, or tell it to come again."""
        super().connection_made(transport)
        if len(self.connections) > self._bounds.connections:
            self._answer(_Refusal(503, "UNAVAILABLE", "Too many connections; try again later"))
            transport.close()
        else:
            self._await(_At.HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._await(None)
        self._stop_taking()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not take what is sent to it: it may come back to it for a while, and is cut off then."""
        super().pause_writing()
        self._stop_taking()
        self._taking = self.loop.call_later(self._bounds.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It took most of it."""
        super().resume_writing()
        self._stop_taking()

    def _stop_taking(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def data_received(self, data: bytes) -> None:
        """Pass it to the parser, then look whether the request is still within bounds."""
        if self.transport.is_closing() or self._refused:
            return
        before, self._begun, self._beside = self._at, 0, max(self._beside, 0)
        super().data_received(data)
        if self._refused or self.transport.is_closing():
            return
        if self._begun == 0 or (self._begun == 1 and before is _At.REST):  # else part of it belongs to another request
            self._beside += len(data)
        if self._at is not _At.REST and self._beside > self._bounds.head_bytes:
            self._refuse(_head_too_large(self._bounds))
        else:
            self._await(self._next())

    def _next(self) -> _At | None:
        """What has to come in time: an answer that is on its way is waited for as long as it takes."""
        if self._at is _At.REST and self.cycle is not None and not self.cycle.response_complete:
            return None
        return _At.BODY if self._at is _At.BODY else _At.HEAD

    def _await(self, awaited: _At | None) -> None:
        if awaited is self._awaited and self._begun == 0:
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self._awaited, self._deadline = awaited, None
        if awaited is not None:
            seconds = self._bounds.body_seconds if awaited is _At.BODY else self._bounds.head_seconds
            self._deadline = self.loop.call_later(seconds, self.transport.close)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._at, self._beside = _At.HEAD, 0
        self._begun += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer behind the body, which nobody here reads."""
        if self._at is _At.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole. What is wrong with it ends in ``send_400_response``, the parser's way out."""
        self._at, self._beside = _At.BODY, 0
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > self._bounds.head_bytes:
            self._wrong = _head_too_large(self._bounds)
        hosts = [value for name, value in self.headers if name == b"host"]
        if (
            len(hosts) > 1
            or (not hosts and self.parser.get_http_version() == "1.1")
            or not all(map(_HOST.fullmatch, hosts))
        ):
            self._wrong = _Refusal(
                400, "VALIDATION_ERROR", "A request has one Host header, with a host and perhaps a port"
            )  # RFC 9112, 3.2
        if self._wrong is not None:
            raise ValueError(self._wrong.message)  # the parser hands on no exception's own fields
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        self._beside = min(self._beside, 0) - _FRAMED * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._at = _At.REST
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser did not take: for our own reason, or because it is no HTTP."""
        self._refuse(self._wrong or _Refusal(400, "VALIDATION_ERROR", f"{msg} {_ENCODE}"))

    def _refuse(self, refusal: _Refusal) -> None:
        self._answer(refusal)
        self._refused = True
        self.transport.write_eof()
        self._await(None)
        self._deadline = self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    def _answer(self, refusal: _Refusal) -> None:
        error = {"code": refusal.code, "message": refusal.message, "details": []}
        body = orjson.dumps({"success": False, "error": error})
        head = b"content-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[refusal.status] + head + body)


_ENCODE = "An address has ASCII alone: write %C3%A4 for ä, and %20 for a blank."


def _head_too_large(bounds: Bounds) -> _Refusal:
    return _Refusal(431, "PAYLOAD_TOO_LARGE", f"The request line and headers are over {bounds.head_bytes} bytes")
