"""The script that people write: aiohttp, sixteen in flight, JSON lines. Arguments: file of URLs, file to write, parsel|lexbor."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import orjson
import uvloop
from fields import lexbor_row, parsel_row
from parsel import Selector
from selectolax.lexbor import LexborHTMLParser

READERS = {
    "parsel": lambda body: parsel_row(Selector(body=body, encoding="utf-8").css),
    "lexbor": lambda body: lexbor_row(LexborHTMLParser(body)),
}


async def main() -> None:
    urls, read = iter(Path(sys.argv[1]).read_text().split()), READERS[sys.argv[3]]
    with Path(sys.argv[2]).open("wb") as file:
        async with aiohttp.ClientSession() as http:

            async def crawl() -> None:
                for url in urls:
                    async with http.get(url) as response:
                        body = await response.read()
                    file.write(orjson.dumps(read(body)) + b"\n")

            await asyncio.gather(*(crawl() for _ in range(16)))


uvloop.run(main())
