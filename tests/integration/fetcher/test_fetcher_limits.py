"""Encodings, sizes and times: what an answer may cost."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from functools import partial

import pytest

from azscraper.crawl.fetcher import BODY_LIMIT, MAX_REDIRECTS, Fetcher, PageRequest
from azscraper.errors import BodyBrokenError, BodyTooLargeError, FetchTimeoutError
from integration.badserver import Asked, BadServer, dribble, head, plain, raw, redirect, silence
from integration.fetcher.conftest import AGENT, PAGE, SHOP, to

packed = partial(gzip.compress, mtime=0)  # the same bytes in each run: they name the cases


def deflate_raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


# --- encodings


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", packed(PAGE)),
        ("x-gzip", packed(PAGE)),
        ("GZIP", packed(PAGE[:7]) + packed(PAGE[7:])),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", deflate_raw(PAGE)),
        ("identity", PAGE),
    ],
)
@pytest.mark.parametrize("step", [1, 5, 10_000])
async def test_encodings(server: BadServer, fetcher: Fetcher, encoding: str, packed: bytes, step: int) -> None:
    pieces = [packed[start : start + step] for start in range(0, len(packed), step)]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    server.answers["/"] = raw(head(f"Content-Encoding: {encoding}", "Transfer-Encoding: chunked") + chunked)
    assert (await fetcher.get(to("/"))).body == PAGE


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", PAGE),
        ("gzip", packed(PAGE)[:-3]),
        ("gzip", packed(PAGE)[:5]),
        ("gzip", packed(PAGE)[:-8] + b"12345678"),
        ("gzip", packed(PAGE) + b"more"),
        ("deflate", b"\xff\xff\xff"),
        ("br", PAGE),
        ("gzip, gzip", packed(packed(PAGE))),
    ],
)
async def test_a_body_that_is_not_what_it_says(
    server: BadServer, fetcher: Fetcher, encoding: str, packed: bytes
) -> None:
    server.answers["/"] = plain(packed, f"Content-Encoding: {encoding}")
    with pytest.raises(BodyBrokenError):
        await fetcher.get(to("/"))


async def test_no_body_needs_no_encoding(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/"] = plain(b"", "Content-Encoding: gzip", status="503 Service Unavailable")
    assert (await fetcher.get(to("/"))).body == b""


# --- sizes


async def test_a_bomb_is_never_unpacked_past_the_limit(server: BadServer, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(100 * 1024**2), 9)
    assert len(bomb) < 110 * 1024
    server.answers["/"] = plain(bomb, "Content-Encoding: gzip")
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLargeError):
            await fetcher.get(to("/"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * BODY_LIMIT


async def test_a_body_in_a_million_parts(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/"] = plain(gzip.compress(b"") * 500_000, "Content-Encoding: gzip")
    with pytest.raises(BodyBrokenError, match="too many parts"):
        await fetcher.get(to("/"))


async def test_blocks_that_unpack_to_nothing_end_too(server: BadServer, fetcher: Fetcher) -> None:
    empty_block = b"\x00\x00\x00\xff\xff"
    server.answers["/"] = plain(empty_block * (2 * BODY_LIMIT // 5 + 200_000), "Content-Encoding: deflate")
    with pytest.raises(BodyTooLargeError):
        await fetcher.get(to("/"))


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_the_limit_itself_is_allowed(server: BadServer, fetcher: Fetcher, encoding: str) -> None:
    def packed(size: int) -> bytes:
        return gzip.compress(bytes(size), 1) if encoding == "gzip" else bytes(size)

    server.answers["/fits"] = plain(packed(BODY_LIMIT), f"Content-Encoding: {encoding}")
    server.answers["/over"] = plain(packed(BODY_LIMIT + 1), f"Content-Encoding: {encoding}")
    assert len((await fetcher.get(to("/fits"))).body) == BODY_LIMIT
    with pytest.raises(BodyTooLargeError):
        await fetcher.get(to("/over"))


async def test_an_endless_body(server: BadServer, fetcher: Fetcher) -> None:
    async def endless(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head("Connection: close"))
        while True:
            writer.write(bytes(64 * 1024))
            await writer.drain()

    server.answers["/"] = endless
    with pytest.raises(BodyTooLargeError):
        await fetcher.get(to("/"))


# --- time


async def timed_out(fetcher: Fetcher, request: PageRequest) -> float:
    begun = time.monotonic()
    with pytest.raises(FetchTimeoutError, match="in time"):
        await fetcher.get(request)
    return time.monotonic() - begun


async def test_silence(server: BadServer) -> None:
    server.answers["/"] = silence
    async with Fetcher(user_agent=AGENT, base_urls={SHOP: server.url}, total_seconds=0.2) as fetcher:
        assert await timed_out(fetcher, to("/")) < 3


async def test_dribble(server: BadServer) -> None:
    server.answers["/"] = dribble(bytes(10_000), seconds=0.01)
    async with Fetcher(user_agent=AGENT, base_urls={SHOP: server.url}, total_seconds=0.3) as fetcher:
        assert await timed_out(fetcher, to("/")) < 3


async def test_the_time_is_for_all_redirects_together(server: BadServer) -> None:
    async def slow_redirect(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        await redirect(asked.target + "x")(asked, writer)

    server.otherwise = slow_redirect
    async with Fetcher(user_agent=AGENT, base_urls={SHOP: server.url}, total_seconds=0.4) as fetcher:
        await timed_out(fetcher, to("/"))
    assert len(server.asked) < MAX_REDIRECTS


async def test_cancelling_is_not_an_error_of_the_shop(server: BadServer, fetcher: Fetcher) -> None:
    asked = asyncio.Event()

    async def told(request: Asked, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await silence(request, writer)

    server.answers["/"] = told
    task = asyncio.create_task(fetcher.get(to("/")))
    await asyncio.wait_for(asked.wait(), 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
