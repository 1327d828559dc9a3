"""A shop whose pages are made to stop whoever reads them; each kind under an ASIN of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRODUCT = b"<html><body><div id=dp><span id=productTitle>Mug</span></div>%s</body></html>"
_TILE = b'<div data-component-type="s-search-result" data-asin="B0%08d" class="s-result-item"><h2><a href="/dp/B0%08d">Mug</a></h2>'

ATTRIBUTES = "B000000001"
"""An element with 300,000 attributes."""
DISGUISED = "B000000002"
"""The same in a form that no look at the page's bytes tells."""
GOOD = [f"B0000001{number:02}" for number in range(12)]


def tiles(count: int, *, nested: bool) -> bytes:
    """A result list of so many, beside or within each other."""
    opened = (_TILE % (number, number) for number in range(count))
    if nested:
        return b"<html><body>" + b"".join(opened) + b"</div>" * count + b"</body></html>"
    return b"<html><body>" + b"</div>".join(opened) + b"</div></body></html>"


def crowded(value: bytes, count: int = 300_000) -> bytes:
    """A product page with one element of so many attributes."""
    return PRODUCT % (b"<p " + b" ".join(b"a%d=%s" % (number, value) for number in range(count)) + b">x</p>")


PAGES = {f"/dp/{ATTRIBUTES}": crowded(b"1"), f"/dp/{DISGUISED}": crowded(b'"<"')}


class _Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.split("?", 1)[0]
        body = PAGES.get(path, PRODUCT % b"" if path.startswith("/dp/") else b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on the test's terminal."""


@contextmanager
def hostile_shop() -> Iterator[str]:
    """Its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
