"""The fetcher against a real socket with bad manners. Nothing here leaves 127.0.0.1."""

import asyncio
import base64
import contextlib
import gzip
import random
import shutil
import socket
import ssl
import subprocess
import time
import traceback
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from inspect import isclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import client_exceptions, http_exceptions

from azscraper.crawl.fetcher import BODY_LIMIT, MAX_REDIRECTS, Fetcher, PageRequest, meaning
from azscraper.crawl.robots import BODY_LIMIT as ROBOTS_LIMIT
from azscraper.errors import (
    BodyBrokenError,
    BodyTooLargeError,
    ConnectionFailedError,
    FetchError,
    FetchTimeoutError,
    InvalidInputError,
    ProxyFailedError,
    RedirectRefusedError,
)
from integration.badserver import Asked, BadServer, dribble, forward, head, plain, raw, redirect, silence, tunnel_to

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = "www.amazon.de"
OTHER_SHOP = "www.amazon.com"
HOSTS = frozenset({SHOP, "amazon.de"})
AGENT = "AzScraper/0.1 (test)"
PAGE = "<html>Größe: 5 €</html>".encode()
packed = partial(gzip.compress, mtime=0)  # the same bytes in each run: they name the cases


@pytest.fixture(autouse=True)
def _no_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(host: object, *_: object, **__: object) -> None:
        raise AssertionError(f"a test asked for {host!r}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
async def server() -> AsyncIterator[BadServer]:
    async with BadServer() as running:
        yield running


@pytest.fixture
async def fetcher(server: BadServer) -> AsyncIterator[Fetcher]:
    async with quick(base_urls=dict.fromkeys((*HOSTS, OTHER_SHOP), server.url)) as ready:
        yield ready


def quick(*, base_urls: dict[str, str] | None = None, proxies: tuple[str, ...] = ()) -> Fetcher:
    return Fetcher(
        user_agent=AGENT,
        base_urls=base_urls,
        proxies=proxies,
        clock=lambda: NOW,
        connect_seconds=5.0,
        total_seconds=5.0,
    )


def to(
    path: str, *, shop: str = SHOP, language: str | None = None, cookies: dict[str, str] | None = None
) -> PageRequest:
    return PageRequest(f"https://{shop}{path}", HOSTS, language=language, cookies=cookies or {})


def closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def deflate_raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


# --- a good answer


async def test_a_page_as_it_was_sent(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/dp/B000000001"] = plain(PAGE, "Content-Type: text/html;charset=UTF-8")
    page = await fetcher.get(to("/dp/B000000001?th=1&psc=1"))
    assert page.url == f"https://{SHOP}/dp/B000000001?th=1&psc=1"
    assert (page.status, page.body, page.content_type) == (200, PAGE, "text/html;charset=UTF-8")
    assert (page.fetched_at, page.retry_after) == (NOW, None)
    assert server.asked[0].target == "/dp/B000000001?th=1&psc=1"


async def test_it_names_itself_and_says_what_it_wants(server: BadServer, fetcher: Fetcher) -> None:
    await fetcher.get(to("/", language="de-DE", cookies={"lc-acbde": "de_DE", "i18n-prefs": "EUR"}))
    await fetcher.get(to("/", language="ja"))
    await fetcher.get(to("/"))
    sent, japanese, bare = (asked.headers for asked in server.asked)
    assert sent["user-agent"] == AGENT
    assert sent["accept"].startswith("text/html")
    assert sent["accept-encoding"] == "gzip, deflate"
    assert sent["accept-language"] == "de-DE,de;q=0.9"
    assert sent["cookie"] == "lc-acbde=de_DE; i18n-prefs=EUR"
    assert sent["x-forwarded-host"] == SHOP
    assert japanese["accept-language"] == "ja"
    assert not {"cookie", "accept-language"} & bare.keys()


async def test_a_tenants_words_cannot_become_headers(server: BadServer, fetcher: Fetcher) -> None:
    await fetcher.get(to("/", language="de\r\nX-Evil: 1", cookies={"a;b": "EUR; session=x\r\nX-Evil: 1"}))
    assert "x-evil" not in server.asked[0].headers
    assert "session=x" not in server.asked[0].headers["cookie"].split("; ")


async def test_cookies_that_a_shop_sets_are_forgotten(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/"] = plain(b"", "Set-Cookie: session=1; Path=/")
    await fetcher.get(to("/"))
    await fetcher.get(to("/"))
    assert "cookie" not in server.asked[1].headers


async def test_connections_are_kept(server: BadServer, fetcher: Fetcher) -> None:
    for _ in range(3):
        await fetcher.get(to("/dp/B000000001"))
    assert server.connections == 1


async def test_a_base_url_may_have_a_path(server: BadServer) -> None:
    server.answers["/replay/de/s"] = plain(b"found")
    async with quick(base_urls={SHOP: f"{server.url}/replay/de/"}) as fetcher:
        page = await fetcher.get(to("/s?k=a+b%2Fc&rh=n%3A1"))
    assert (page.body, page.url) == (b"found", f"https://{SHOP}/s?k=a+b%2Fc&rh=n%3A1")
    assert server.asked[0].target == "/replay/de/s?k=a+b%2Fc&rh=n%3A1"


async def test_without_a_base_url_the_address_itself_is_asked(server: BadServer) -> None:
    server.answers["/dp/B000000001"] = plain(PAGE)
    async with quick() as fetcher:
        page = await fetcher.get(PageRequest(f"{server.url}/dp/B000000001", HOSTS))
    assert page.body == PAGE
    assert "x-forwarded-host" not in server.asked[0].headers


@pytest.mark.parametrize("retry_after", ["120", "Sun, 01 Mar 2026 12:10:00 GMT"])
async def test_errors_are_pages_too(server: BadServer, fetcher: Fetcher, retry_after: str) -> None:
    server.answers["/"] = plain(b"Sorry", f"Retry-After: {retry_after}", status="503 Service Unavailable")
    page = await fetcher.get(to("/"))
    assert (page.status, page.body, page.retry_after) == (503, b"Sorry", retry_after)


@pytest.mark.parametrize("body", [PAGE, PAGE.decode().encode("latin-1", "replace"), b"\xff\xfe\x00\x80", b""])
async def test_the_charset_is_not_the_fetchers_business(server: BadServer, fetcher: Fetcher, body: bytes) -> None:
    server.answers["/"] = plain(body, "Content-Type: text/html; charset=shift_jis")
    assert (await fetcher.get(to("/"))).body == body


async def test_headers_that_are_no_text_can_be_stored(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/"] = plain(b"", "Content-Type: text/\udcff", "Retry-After: \udcfe")
    page = await fetcher.get(to("/"))
    assert (page.content_type, page.retry_after) == ("text/?", "?")


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


# --- broken connections and broken HTTP


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (raw(head("Content-Length: 100") + b"abc", close=True), "within the answer"),
        (raw(head("Content-Length: 100"), close=True), "within the answer"),
        (raw(head("Transfer-Encoding: chunked") + b"5\r\nhel", close=True), "within the answer"),
        (raw(head("Transfer-Encoding: chunked") + b"5\r\nhello\r\n", close=True), "within the answer"),
        (
            raw(head("Content-Encoding: gzip", "Content-Length: 900") + gzip.compress(PAGE)[:20], close=True),
            "within the answer",
        ),
        (raw(b"", close=True), "before the answer"),
        (raw(b"HTTP/1.1 200 OK\r\nConte", close=True), "before the answer"),
        (raw(head("Transfer-Encoding: chunked") + b"5\r\nhello\r\nZZ\r\n"), "not proper HTTP"),
        (raw(head("X-Long: " + "a" * 1_000_000)), "not proper HTTP"),
        (raw(head(*["X-Many: 1"] * 1000)), "not proper HTTP"),
        (raw(head("Content-Length: 1", "Content-Length: 2") + b"ab"), "not proper HTTP"),
        (raw(head("Content-Length: -1")), "not proper HTTP"),
        (raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), "not proper HTTP"),
    ],
)
async def test_broken_answers(server: BadServer, fetcher: Fetcher, answer: object, words: str) -> None:
    server.answers["/"] = answer  # type: ignore[assignment] # the table holds answers alone
    with pytest.raises(ConnectionFailedError, match=words) as caught:
        await fetcher.get(to("/"))
    assert caught.value.__cause__ is not None


async def test_chunks_that_break_after_a_good_start(server: BadServer) -> None:
    head_was_read = asyncio.Event()

    async def late(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head("Transfer-Encoding: chunked") + b"5\r\nhello\r\n")
        await head_was_read.wait()
        writer.write(b"ZZ\r\nnonsense\r\n")

    server.answers["/"] = late
    async with Fetcher(user_agent=AGENT, base_urls={SHOP: server.url}, total_seconds=0.5) as fetcher:
        asyncio.get_running_loop().call_later(0.1, head_was_read.set)
        # The library forgets to tell the reader of the body; then the time-out does.
        with pytest.raises((ConnectionFailedError, FetchTimeoutError)):
            await fetcher.get(to("/"))


async def test_nobody_listens() -> None:
    async with quick(base_urls={SHOP: f"http://127.0.0.1:{closed_port()}"}) as fetcher:
        with pytest.raises(ConnectionFailedError, match="could not be reached"):
            await fetcher.get(to("/"))


async def test_no_tls_on_the_other_side() -> None:
    async def plain_text(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head("Content-Length: 0", status="400 Bad Request"))
        writer.close()

    async with await asyncio.start_server(plain_text, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        async with quick(base_urls={SHOP: f"https://127.0.0.1:{port}"}) as fetcher:
            with pytest.raises(ConnectionFailedError, match="no safe connection"):
                await fetcher.get(to("/"))


async def test_a_name_that_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nowhere)
    async with quick() as fetcher:
        with pytest.raises(ConnectionFailedError, match="marketplace's name was not found"):
            await fetcher.get(to("/"))
    async with quick(proxies=("http://proxy.example:1",)) as fetcher:
        with pytest.raises(ProxyFailedError, match="proxy's name was not found"):
            await fetcher.get(to("/"))


async def test_a_name_that_cannot_be_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the name is refused before any look-up
    async with quick(base_urls={SHOP: f"http://{'a' * 64}.example"}) as fetcher:
        with pytest.raises(ConnectionFailedError, match="too long"):
            await fetcher.get(to("/"))


async def test_after_a_broken_answer_the_next_is_read_afresh(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/extra"] = raw(head("Content-Length: 2") + b"ok" + head("Content-Length: 4") + b"evil")
    server.answers["/good"] = plain(PAGE)
    for _ in range(3):
        assert (await fetcher.get(to("/extra"))).body == b"ok"
        assert (await fetcher.get(to("/good"))).body == PAGE


async def test_any_bytes_give_a_page_or_a_fetch_error(server: BadServer) -> None:
    chance = random.Random(7)
    good = [
        head("Content-Length: 20", "Content-Encoding: gzip", "Content-Type: text/html") + gzip.compress(b""),
        head("Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n",
        head("Location: /dp/B000000001", "Content-Length: 0", status="301 Moved"),
    ]
    outcomes: set[str] = set()
    async with Fetcher(user_agent=AGENT, base_urls={SHOP: server.url}, total_seconds=2) as fetcher:
        for _ in range(300):
            data = bytearray(chance.choice(good))
            for _ in range(chance.randint(1, 4)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            server.otherwise = raw(bytes(data), close=True)
            try:
                await fetcher.get(to("/"))
            except FetchError as error:
                outcomes.add(type(error).__name__)
            else:
                outcomes.add("page")
    assert {"page", "ConnectionFailedError", "BodyBrokenError", "RedirectRefusedError"} <= outcomes


# --- redirects


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize(
    "location",
    [
        "/dp/B000000002?psc=1",
        "B000000002?psc=1",
        f"https://{SHOP}/dp/B000000002?psc=1",
        f"//{SHOP}/dp/B000000002?psc=1#reviews",
        f"HTTPS://{SHOP.upper()}:443/dp/B000000002?psc=1",
    ],
)
async def test_another_asin(server: BadServer, fetcher: Fetcher, location: str, status: str) -> None:
    server.answers["/dp/B000000001"] = redirect(location, status)
    server.answers["/dp/B000000002"] = plain(PAGE)
    page = await fetcher.get(to("/dp/B000000001", cookies={"lc": "de"}))
    assert (page.url, page.body) == (f"https://{SHOP}/dp/B000000002?psc=1", PAGE)
    assert server.asked[1].headers["cookie"] == "lc=de"
    assert server.connections == 1


async def test_a_redirect_to_another_host_of_the_marketplace_goes_to_its_own_base_url(server: BadServer) -> None:
    async with BadServer() as second, quick(base_urls={SHOP: server.url, "amazon.de": second.url}) as fetcher:
        second.answers["/dp/B000000001"] = redirect(f"https://{SHOP}/dp/B000000001")
        server.answers["/dp/B000000001"] = plain(PAGE)
        page = await fetcher.get(to("/dp/B000000001", shop="amazon.de"))
    assert page.url == f"https://{SHOP}/dp/B000000001"
    assert second.asked[0].headers["x-forwarded-host"] == "amazon.de"
    assert server.asked[0].headers["x-forwarded-host"] == SHOP


async def test_from_http_to_https_is_fine_and_not_back(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/up"] = redirect(f"https://{SHOP}/there")
    server.answers["/down"] = redirect(f"http://{SHOP}/there")
    page = await fetcher.get(PageRequest(f"http://{SHOP}/up", HOSTS))
    assert page.url == f"https://{SHOP}/there"
    with pytest.raises(RedirectRefusedError, match="from https to http"):
        await fetcher.get(to("/down"))


@pytest.mark.parametrize(
    "location",
    [
        f"https://{OTHER_SHOP}/dp/B000000001",
        "https://www.amazon.de.evil.example/",
        "https://evil.example/www.amazon.de",
        "//evil.example/",
        f"https://{SHOP}:8443/",
        f"https://me@{SHOP}/",
        f"https://:secret@{SHOP}/",
        "https:dp/B000000001",
        f"https://{SHOP}@evil.example/",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "javascript:alert(1)",
        "data:text/html,hello",
        "file:///etc/passwd",
        "ftp://www.amazon.de/",
        "https://",
        "https:///dp/B000000001",
        "https://[::1",
        f"https://{SHOP}:port/",
        "/dp/%00",
        "/dp/B\tx",
        "/dp/\udcff",
        "/" + "a" * 8000,
    ],
)
async def test_redirects_that_lead_nowhere_good(server: BadServer, fetcher: Fetcher, location: str) -> None:
    server.answers["/dp/B000000001"] = redirect(location)
    with pytest.raises(RedirectRefusedError):
        await fetcher.get(to("/dp/B000000001"))
    assert len(server.asked) == 1


async def test_no_location_leads_off_the_marketplace(server: BadServer, fetcher: Fetcher) -> None:
    chance = random.Random(7)
    parts = [
        "https:",
        "http:",
        "/",
        "//",
        "@",
        ":",
        "?",
        "#",
        "[",
        "]",
        "%",
        "%2F",
        "\\",
        ".",
        "..",
        "443",
        "80",
        "é",
        SHOP,
    ]
    parts += ["amazon.de", "evil.example", "me", ";", " ", "::1", "\udcff", "\u200b", "xn--"]
    followed = 0
    for _ in range(500):
        location = "".join(chance.choices(parts, k=chance.randint(1, 6)))
        server.answers["/dp/B000000001"] = redirect(location)
        with contextlib.suppress(RedirectRefusedError):
            page = await fetcher.get(to("/dp/B000000001"))
            assert page.url.startswith(tuple(f"https://{host}/" for host in HOSTS)), location
            followed += 1
    assert followed > 50


async def test_a_nul_in_a_header_is_no_http(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/"] = redirect("/dp/\x00")
    with pytest.raises(ConnectionFailedError, match="not proper HTTP"):
        await fetcher.get(to("/"))


async def test_a_loop_ends(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/"] = redirect("/")
    with pytest.raises(RedirectRefusedError, match="more than 5 times"):
        await fetcher.get(to("/"))
    assert len(server.asked) == MAX_REDIRECTS + 1


async def test_five_redirects_are_followed(server: BadServer, fetcher: Fetcher) -> None:
    for step in range(MAX_REDIRECTS):
        server.answers[f"/{step}"] = redirect(f"/{step + 1}")
    server.answers[f"/{MAX_REDIRECTS}"] = plain(PAGE)
    assert (await fetcher.get(to("/0"))).body == PAGE


async def test_a_redirect_to_nowhere_is_a_page(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/"] = plain(b"gone?", status="302 Found")
    assert (await fetcher.get(to("/"))).status == 302


async def test_the_body_of_a_redirect_is_not_read(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/"] = raw(head("Location: /there", "Content-Length: 99999999", status="302 Found") + b"x")
    server.answers["/there"] = plain(PAGE)
    assert (await fetcher.get(to("/"))).body == PAGE


@pytest.mark.parametrize("url", ["https://[::1", "ftp://www.amazon.de/", "/dp/B000000001", "https://", ""])
async def test_a_request_that_is_no_url(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(RedirectRefusedError):
        await fetcher.get(PageRequest(url, HOSTS))


# --- robots.txt


async def test_robots(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/robots.txt"] = plain(b"\xef\xbb\xbfUser-agent: *\x00\nDisallow: /x", "Content-Type: text/plain")
    text = await fetcher.robots(SHOP)
    assert (text.status, text.body, text.fetched_at) == (200, "User-agent: *\nDisallow: /x", NOW)
    assert server.asked[0].headers["accept"].startswith("text/plain")


@pytest.mark.parametrize("status", ["404 Not Found", "503 Service Unavailable"])
async def test_robots_keeps_the_status(server: BadServer, fetcher: Fetcher, status: str) -> None:
    server.answers["/robots.txt"] = plain(b"", status=status)
    assert (await fetcher.robots(SHOP)).status == int(status[:3])


async def test_robots_follows_between_a_host_and_its_twin(server: BadServer) -> None:
    async with quick(base_urls={SHOP: server.url, "amazon.de": f"{server.url}/bare"}) as fetcher:
        server.answers["/bare/robots.txt"] = redirect(f"https://{SHOP}/robots.txt", "301 Moved")
        server.answers["/robots.txt"] = plain(b"User-agent: *")
        assert (await fetcher.robots("amazon.de")).body == "User-agent: *"


async def test_a_long_robots_is_cut(server: BadServer, fetcher: Fetcher) -> None:
    server.answers["/robots.txt"] = plain(
        gzip.compress(b"User-agent: *\n" + b"Disallow: /x\n" * 9_000_000, 1), "Content-Encoding: gzip"
    )
    text = await fetcher.robots(SHOP)
    assert text.status == 200
    assert ROBOTS_LIMIT - 20 < len(text.body) <= ROBOTS_LIMIT
    assert text.body.endswith("Disallow: /x\n")


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"", close=True),
        redirect("https://evil.example/robots.txt"),
        redirect("/robots.txt"),
        plain(b"x", "Content-Encoding: gzip"),
    ],
)
async def test_no_answer_about_robots_is_a_value(server: BadServer, fetcher: Fetcher, answer: object) -> None:
    server.answers["/robots.txt"] = answer  # type: ignore[assignment] # the table holds answers alone
    text = await fetcher.robots(SHOP)
    assert (text.status, text.body, text.fetched_at) == (None, "", NOW)


# --- proxies


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


async def test_a_plain_request_goes_through_the_proxy_with_its_credentials(server: BadServer) -> None:
    server.answers["/dp/B000000001"] = plain(PAGE)
    async with (
        BadServer(otherwise=forward) as proxy,
        quick(base_urls={SHOP: server.url}, proxies=(f"http://me:s%3Acret@127.0.0.1:{proxy.port}",)) as fetcher,
    ):
        for _ in range(2):
            assert (await fetcher.get(to("/dp/B000000001"))).body == PAGE
        assert [asked.target for asked in proxy.asked] == [f"{server.url}/dp/B000000001"] * 2
        assert [asked.headers["proxy-authorization"] for asked in proxy.asked] == [basic("me:s:cret")] * 2
        assert proxy.connections == 1
    assert server.asked[0].headers["x-forwarded-host"] == SHOP


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate of the shop with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    file = tmp_path / "shop.pem"
    name = ["-subj", f"/CN={SHOP}", "-addext", f"subjectAltName=DNS:{SHOP}"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = [openssl, "req", "-x509", *curve, *name, "-keyout", file, "-out", tmp_path / "certificate.pem"]
    subprocess.run(command, check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + (tmp_path / "certificate.pem").read_bytes())
    return file


def shop_with(certificate: Path) -> BadServer:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    return BadServer(otherwise=plain(PAGE), tls=tls)


async def test_through_a_tunnel_the_credentials_stay_with_the_proxy(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusting)
    async with (
        shop_with(certificate) as shop,
        BadServer(otherwise=tunnel_to(shop.port)) as proxy,
        quick(proxies=(f"http://me:secret@127.0.0.1:{proxy.port}",)) as fetcher,
    ):
        assert (await fetcher.get(to("/dp/B000000001"))).body == PAGE
    assert (proxy.asked[0].method, proxy.asked[0].target) == ("CONNECT", f"{SHOP}:443")
    assert proxy.asked[0].headers["proxy-authorization"] == basic("me:secret")
    assert shop.asked[0].target == "/dp/B000000001"
    assert "proxy-authorization" not in shop.asked[0].headers


async def test_a_certificate_that_nobody_vouches_for(certificate: Path) -> None:
    async with (
        shop_with(certificate) as shop,
        BadServer(otherwise=tunnel_to(shop.port)) as proxy,
        quick(proxies=(proxy.url,)) as fetcher,
    ):
        with pytest.raises(ConnectionFailedError, match="no safe connection"):
            await fetcher.get(to("/dp/B000000001"))
    assert not shop.asked


async def test_a_proxy_that_refuses_to_tunnel() -> None:
    async with BadServer() as proxy, quick(proxies=(f"http://me:secret@127.0.0.1:{proxy.port}",)) as fetcher:
        with pytest.raises(ProxyFailedError, match="refused") as caught:
            await fetcher.get(to("/dp/B000000001"))
    assert (proxy.asked[0].method, proxy.asked[0].target) == ("CONNECT", f"{SHOP}:443")
    assert proxy.asked[0].headers["proxy-authorization"] == basic("me:secret")
    assert "secret" not in "".join(traceback.format_exception(caught.value)) + repr(caught.value.__cause__)


async def test_a_proxy_without_credentials_is_sent_none(server: BadServer) -> None:
    async with (
        BadServer(otherwise=plain(PAGE)) as proxy,
        quick(base_urls={SHOP: server.url}, proxies=(proxy.url,)) as fetcher,
    ):
        assert (await fetcher.get(to("/"))).body == PAGE
    assert "proxy-authorization" not in proxy.asked[0].headers


async def test_a_proxy_that_asks_for_credentials(server: BadServer) -> None:
    denied = plain(b"", "Proxy-Authenticate: Basic", status="407 Proxy Authentication Required")
    async with (
        BadServer(otherwise=denied) as proxy,
        quick(base_urls={SHOP: server.url}, proxies=(proxy.url,)) as fetcher,
    ):
        with pytest.raises(ProxyFailedError, match="credentials"):
            await fetcher.get(to("/"))


async def test_no_proxy_there(server: BadServer) -> None:
    async with quick(base_urls={SHOP: server.url}, proxies=(f"http://me:secret@127.0.0.1:{closed_port()}",)) as fetcher:
        with pytest.raises(ProxyFailedError, match="could not be reached") as caught:
            await fetcher.get(to("/"))
    assert "secret" not in "".join(traceback.format_exception(caught.value)) + repr(caught.value.__cause__)
    assert not server.asked


async def test_proxies_take_turns(server: BadServer) -> None:
    async with (
        BadServer(otherwise=plain(b"one")) as one,
        BadServer(otherwise=plain(b"two")) as two,
        quick(base_urls={SHOP: server.url}, proxies=(one.url, two.url)) as fetcher,
    ):
        bodies = [(await fetcher.get(to("/"))).body for _ in range(4)]
    assert bodies == [b"one", b"two", b"one", b"two"]


async def test_proxies_of_the_environment_are_ignored(
    server: BadServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    server.answers["/"] = plain(PAGE)
    assert (await fetcher.get(to("/"))).body == PAGE


# --- settings and the seam


@pytest.mark.parametrize(
    "base_url", ["", "127.0.0.1:80", "ftp://127.0.0.1", "http://", "http://h?x=1", "http://h#x", "http://[::1"]
)
def test_a_bad_base_url_is_refused_at_the_start(base_url: str) -> None:
    with pytest.raises(InvalidInputError, match=r"marketplace_base_url\[www.amazon.de\]"):
        Fetcher(user_agent=AGENT, base_urls={SHOP: base_url})


def test_a_user_agent_that_would_break_the_request_is_refused_at_the_start() -> None:
    with pytest.raises(InvalidInputError, match="user_agent"):
        Fetcher(user_agent="x\r\nX-Evil: 1")


def library_errors() -> list[type[Exception]]:
    found = {
        error
        for module in (aiohttp, client_exceptions, http_exceptions)
        for error in vars(module).values()
        if isclass(error)
        and issubclass(error, (aiohttp.ClientError, http_exceptions.HttpProcessingError))
        and error not in (aiohttp.ClientError, aiohttp.ClientConnectionError, http_exceptions.HttpProcessingError)
    }
    return [*sorted(found, key=lambda error: error.__name__), TimeoutError, ConnectionResetError, ssl.SSLError]


@pytest.mark.parametrize("error", library_errors())
def test_every_error_of_the_library_has_a_meaning(error: type[Exception]) -> None:
    ours = meaning(error)
    assert ours is not None
    assert issubclass(ours.error, FetchError)
    assert issubclass(error, TimeoutError) == (ours.error is FetchTimeoutError)
    assert ("Proxy" in error.__name__) == (ours.error is ProxyFailedError)


def test_an_error_that_nobody_thought_of_has_none() -> None:
    assert meaning(ValueError) is None
    assert meaning(aiohttp.ClientError) is None
