"""What comes back of a page: whole answers, and answers that break off or are no HTTP."""

import asyncio
import gzip
import random
import socket

import pytest

from azscraper.crawl.fetcher import Fetcher, PageRequest
from azscraper.crawl.robots import BODY_LIMIT as ROBOTS_LIMIT
from azscraper.errors import ConnectionFailedError, FetchError, FetchTimeoutError, ProxyFailedError
from integration.badserver import Asked, BadServer, head, plain, raw, redirect
from integration.fetcher.conftest import AGENT, HOSTS, NOW, PAGE, SHOP, closed_port, quick, to

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


async def test_what_is_archived_is_as_it_came_without_cookies(server: BadServer, fetcher: Fetcher) -> None:
    packed = gzip.compress(PAGE)
    server.answers["/"] = plain(packed, "Content-Encoding: gzip", "Set-Cookie: session=1; Path=/", "X-Shop: tea")
    page = await fetcher.get(to("/", language="de-DE", cookies={"session": "secret"}))
    assert (page.body, page.packed) == (PAGE, packed)
    assert {("Content-Encoding", "gzip"), ("X-Shop", "tea")} <= set(page.headers)
    assert {("Host", SHOP), ("User-Agent", AGENT), ("Accept-Language", "de-DE,de;q=0.9")} <= set(page.sent)
    assert "session" not in str(page.headers) + str(page.sent)
    server.answers["/"] = plain(PAGE)
    assert (await fetcher.get(to("/"))).packed is None


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
    assert (text.status, text.fetched_at) == (None, NOW)
    assert text.body.endswith("."), "why there was no answer, in words"
