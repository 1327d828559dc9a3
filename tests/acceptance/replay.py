"""A tiny server that plays recorded pages: ``/<host>/dp/ASIN`` and ``/<host>/s?k=…``, everything else is 404."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

Key = tuple[str, str]


def recorded(folder: Path) -> dict[Key, dict]:
    """The manifest's line for each (host, ASIN) and (host, keyword); the first where there are several.

    A page that belongs to no product, such as a robot check, plays one with a made-up ASIN.
    """
    pages: dict[Key, dict] = {}
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        page = json.loads(line)
        name = page["asin"] or page["keyword"] or f"B{page['id'][:9]}"
        pages.setdefault((page["marketplace"], name.casefold()), page)
    return pages


@contextmanager
def replaying(folder: Path) -> Iterator[str]:
    """Serve the folder; yields the base URL, behind which a path begins with the host."""
    pages = recorded(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            host, _, path = unquote(url.path).lstrip("/").partition("/")
            query = parse_qs(url.query)
            name = query["k"][0] if "k" in query else path.removeprefix("dp/")
            page = pages.get((host, name.casefold()))
            body = gzip.decompress((folder / page["file"]).read_bytes()) if page else b""
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html;charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
