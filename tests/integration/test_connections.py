"""What one connection may cost, over real sockets: heads, bodies and connections within bounds, each with short ones."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager, suppress

import pytest
import structlog
import uvicorn

from azscraper.cli.local.serving.logs import log_to_stderr
from azscraper.config import load_settings
from azscraper.web.guards.connections import Bounds, server_config

HEAD = b"POST / HTTP/1.1\r\nHost: test\r\n"
SOON = 10.0


async def echo(scope, receive, send):
    """The length of the body; ``/unread`` answers without reading, ``/slow`` after a while, ``/broken`` not at all."""
    assert scope["path"] != "/broken"
    length, more = 0, scope["path"] != "/unread"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message["body"]), message.get("more_body", False)
    if scope["path"] == "/slow":
        await asyncio.sleep(0.6)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(str(length)))]}
    )
    await send({"type": "http.response.body", "body": str(length).encode()})


@asynccontextmanager
async def serving(**bounds):
    config = server_config(echo, host="127.0.0.1", port=0, bounds=Bounds(**bounds))
    config.lifespan = "off"
    server = uvicorn.Server(config)
    server.capture_signals = suppress
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


async def ask(port, *parts, pause=0.0):
    """Everything that comes until the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    answer = b""
    with suppress(ConnectionError):
        answer = await asyncio.wait_for(reader.read(), SOON)
    writer.close()
    return answer


def refusal(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    assert b"application/json" in head
    return int(head.split()[1]), json.loads(body)["error"]["code"]


HEADS = [
    ("one header too long", [HEAD + b"A: " + b"x" * 5000 + b"\r\n\r\n"], 431),
    ("one without an end", [HEAD + b"A: ", *[b"x" * 1000] * 20], 431),
    ("many headers", [HEAD, *[b"A: b\r\n" * 100] * 20], 431),
    ("an address too long", [b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: test\r\n\r\n"], 431),
    ("trailers", [HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", *[b"A: b\r\n" * 100] * 20], 431),
    ("a chunk's extension", [HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;a=", *[b"x" * 1000] * 20], 431),
    ("no host", [b"GET / HTTP/1.1\r\n\r\n"], 400),
    ("a host with a blank", [b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"], 400),
    ("a user before the host", [b"GET / HTTP/1.1\r\nHost: evil@a\r\n\r\n"], 400),
    ("a path behind the host", [b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"], 400),
    ("two hosts", [b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"], 400),
    ("the same host twice", [b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"], 400),
    ("no HTTP", [b"nonsense\r\n\r\n"], 400),
]


async def test_a_head_that_is_too_large_or_wrong_is_refused_in_the_envelope():
    async with serving(head_bytes=4096) as port:
        for what, parts, status in HEADS:
            code = "PAYLOAD_TOO_LARGE" if status == 431 else "VALIDATION_ERROR"
            assert refusal(await ask(port, *parts)) == (status, code), what


async def test_letters_beyond_ascii_in_an_address_say_how_to_write_them():
    async with serving() as port:
        answer = await ask(port, "GET /?target=käse HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        assert refusal(answer) == (400, "VALIDATION_ERROR")
        assert b"write %C3%A4" in answer


async def test_what_is_within_bounds_passes():
    length = b"Content-Length: 300000\r\nConnection: close\r\n"
    chunked = HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    parts = [
        ([HEAD + length + b"\r\n" + b"x" * 300_000], b"300000"),
        ([HEAD + length + b"A: " + b"a" * 3000 + b"\r\n\r\n" + b"x" * 300_000], b"300000"),
        ([chunked + b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"], b"20000"),
        ([chunked, *[b"4000\r\n" + b"x" * 0x4000 + b"\r\n"] * 40, b"0\r\nA: b\r\n\r\n"], b"655360"),
        ([b"GET / HTTP/1.0\r\n\r\n"], b"0"),
        ([b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 500 + b"GET / HTTP/1.0\r\n\r\n"], b"0"),
    ]
    async with serving(head_bytes=4096) as port:
        for sent, body in parts:
            assert (await ask(port, *sent)).endswith(b"\r\n" + body)


@pytest.mark.parametrize("bounds", [{"head_seconds": 0.3}, {"body_seconds": 0.3}])
async def test_what_does_not_come_in_time_is_ended(bounds):
    half_head = [[], [HEAD], [b"\r\n"] * 40, [*[b"A: b\r\n"] * 40]]
    half_body = [
        [HEAD + b"Content-Length: 9\r\n\r\nx"],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\na\r\n"] * 40],
    ]
    unread = [[b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n", *[b"x"] * 40]]
    async with serving(**bounds) as port:
        cases = half_head if "head_seconds" in bounds else half_body + unread
        answers = await asyncio.gather(*(ask(port, *parts, pause=0.05) for parts in cases))
    assert all(answer == b"" or answer.startswith(b"HTTP/1.1 200") for answer in answers)


async def test_an_answer_is_waited_for_as_long_as_it_takes():
    async with serving(head_seconds=0.2, body_seconds=0.2) as port:
        request = b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert (await ask(port, request)).endswith(b"\r\n0")


async def test_one_connection_too_many_is_told_to_come_again():
    async with serving(connections=3) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert refusal(await ask(port)) == (503, "UNAVAILABLE")
        held[0][1].close()
        await held[0][1].wait_closed()
        async with asyncio.timeout(SOON):
            while not (await ask(port, b"GET / HTTP/1.0\r\n\r\n")).startswith(b"HTTP/1.1 200"):
                await asyncio.sleep(0.02)
        for _, writer in held[1:]:
            writer.close()


async def test_what_the_server_logs_takes_the_way_of_all_lines(capsys):
    handlers = logging.root.handlers[:]
    log_to_stderr(load_settings({"AZSCRAPER_LOG_FORMAT": "json"}))
    try:
        async with serving() as port:
            assert b" 500 " in await ask(port, b"GET /broken HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
    finally:
        logging.root.handlers[:] = handlers
        structlog.reset_defaults()
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["logger"] == "uvicorn.error"
