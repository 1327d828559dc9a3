"""A small receiver of webhook messages on this machine."""

import queue
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import orjson

from azscraper.cli import show
from azscraper.errors import InvalidInputError, UnauthenticatedError
from azscraper.webhooks.signing import verified

_LONGEST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """What was posted here."""

    headers: dict[str, str]
    body: bytes


class Receiver:
    """Listens on loopback alone, and keeps what comes until it is taken. A context manager."""

    def __init__(self, port: int) -> None:
        """Raises InvalidInputError when the port is taken."""
        self.messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self.messages))
        except OSError as exc:
            raise InvalidInputError(
                f"Port {port} can't be listened on: {exc.strerror}; take another with --port"
            ) from None
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where to send."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(messages: queue.SimpleQueue[Message]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_BYTES)
            messages.put(
                Message({name.lower(): value for name, value in self.headers.items()}, self.rfile.read(length))
            )
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def print_events(listening: Receiver, secret: str, *, count: int | None, as_json: bool) -> None:
    """Print each message whose signature is good, one note a message whose is not; ends after ``count`` good ones."""
    show.note(f"listening on {listening.url}, Ctrl-C ends it")
    seen: set[str] = set()
    try:
        while count is None or len(seen) < count:
            message = listening.messages.get()
            try:
                payload = verified(secret, message.headers, message.body)
            except UnauthenticatedError as error:
                show.note(f"refused a message: {error.message}")
                continue
            if (identity := message.headers["webhook-id"]) not in seen:  # at least once: it may come again
                seen.add(identity)
                _print(payload, as_json=as_json)
    except KeyboardInterrupt:
        show.note(f"{len(seen)} events came")


def _print(payload: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(payload, option=orjson.OPT_APPEND_NEWLINE))
    else:
        facts = " ".join(f"{name}={value}" for name, value in payload["data"].items())
        sys.stdout.write(f"{payload['timestamp']} {payload['type']} {facts}\n")
    sys.stdout.flush()
