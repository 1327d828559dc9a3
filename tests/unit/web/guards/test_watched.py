"""What the end of the process cuts off is told to come again, not that something went wrong."""

import asyncio

from starlette.responses import Response

from azscraper.web.guards.watched import Watched


async def cut_off_while(begun):
    """What a client got of a request that was cancelled, as a server does that ends."""
    waits, sent = asyncio.Event(), []

    async def slow(_scope, _receive, send):
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        waits.set()
        await asyncio.sleep(3600)

    async def send(message):
        sent.append(message)

    watched = Watched(slow, cut_off=Response("ends", 503))
    asking = asyncio.create_task(watched({"type": "http", "method": "GET", "path": "/jobs"}, None, send))
    await waits.wait()
    asking.cancel()
    await asyncio.wait([asking], timeout=10)
    return sent, asking.cancelled()


async def test_a_request_without_an_answer_gets_one():
    sent, cancelled = await cut_off_while(begun=False)
    assert [message.get("status") for message in sent] == [503, None]
    assert sent[1]["body"] == b"ends"
    assert not cancelled


async def test_an_answer_that_has_begun_breaks_off():
    sent, cancelled = await cut_off_while(begun=True)
    assert [message["status"] for message in sent] == [200]
    assert cancelled
