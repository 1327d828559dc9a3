"""A receiver of webhooks with faults: a real server, a thread a request."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook as Verifier

Answer = Callable[[BaseHTTPRequestHandler], None]


class Receiver:
    """Keeps what it is sent; answers with the next of ``plan``, and 200 when that is at its end."""

    def __init__(self, *plan: Answer) -> None:
        self.plan = list(plan)
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.messages.append(({name.lower(): value for name, value in request.headers.items()}, body))
        (self.plan.pop(0) if self.plan else status(200))(request)

    def ids(self) -> list[str]:
        """Of the events, in the order of their coming, each once for every try."""
        return [headers["webhook-id"] for headers, _ in self.messages]

    def verified(self, secret: str) -> list[Any]:
        """The events, read by the public library. Raises WebhookVerificationError."""
        return [Verifier(secret).verify(body, headers) for headers, body in self.messages]


def status(code: int, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in {**headers, "Content-Length": "0"}.items():
            request.send_header(name, value)
        request.end_headers()

    return answer


def dribble(pieces: int, seconds: float) -> Answer:
    """200 with a body that comes piece by piece."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(pieces))
        request.end_headers()
        for _ in range(pieces):
            request.wfile.write(b".")
            time.sleep(seconds)

    return answer


def hold(until: threading.Event) -> Answer:
    """No answer at all, and the end of the connection once ``until`` is set."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        until.wait(60)
        request.close_connection = True

    return answer


@contextmanager
def listening(receiver: Receiver) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self)

        def do_GET(self) -> None:
            receiver.take(self)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
