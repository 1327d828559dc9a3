"""A shop that costs next to nothing: plays packed pages from memory. Arguments: a file that names one gzip'd page a line.

``/<anything>/dp/B<number>`` is page ``number`` of the list, which begins again at its end. Prints its base URL.
"""

import asyncio
import gzip
import sys
from pathlib import Path

import uvloop
from aiohttp import web

PAGES = [Path(name).read_bytes() for name in Path(sys.argv[1]).read_text().splitlines()]
HEADERS = {"Content-Type": "text/html;charset=UTF-8", "Content-Encoding": "gzip"}


async def page(request: web.Request) -> web.Response:
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        raise web.HTTPNotAcceptable
    return web.Response(body=PAGES[int(request.match_info["number"]) % len(PAGES)], headers=HEADERS)


async def main() -> None:
    app = web.Application()
    app.router.add_get("/{host}/dp/B{number:[0-9]+}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}", flush=True)  # noqa: SLF001 - a free port
    await asyncio.Event().wait()


assert all(gzip.decompress(page) for page in PAGES)
uvloop.run(main())
