"""Messages to receivers with bad manners: bounded in time and size, and nothing inside is ever reached."""

import asyncio
import socket

import pytest
from aiohttp.abc import AbstractResolver

from azscraper.webhooks.outbound import ANSWER_LIMIT, Outbound
from integration.badserver import BadServer, dribble, plain, raw, redirect, silence


@pytest.fixture
async def receiver():
    async with BadServer() as server:
        yield server


class Names(AbstractResolver):
    """A name server: each look-up of the name takes the next answer."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = 0

    async def resolve(self, host, port=0, family=socket.AF_INET):  # noqa: ARG002 - the shape of the seam
        self.asked += 1
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in addresses
        ]

    async def close(self):
        pass


async def post(url, **options):
    async with Outbound(**{"allow_loopback": True, "total_seconds": 1.0} | options) as outbound:
        return await outbound.post(url, body=b'{"a":1}', headers={"webhook-id": "m1"})


async def test_a_message_arrives_with_its_headers_and_the_answer_comes_back(receiver):
    received = []

    async def answer(asked, writer):
        received.append(await asked.reader.readexactly(int(asked.headers["content-length"])))
        await plain(b"thanks", "Retry-After: 7", status="202 Accepted")(asked, writer)

    receiver.answers["/hook"] = answer
    found = await post(f"{receiver.url}/hook?key=1")
    assert (found.status, found.body, found.retry_after, found.error) == (202, b"thanks", "7", None)
    assert found.latency_ms >= 0
    [asked] = receiver.asked
    assert (asked.method, asked.target) == ("POST", "/hook?key=1")
    assert (asked.headers["webhook-id"], asked.headers["content-type"]) == ("m1", "application/json")
    assert "cookie" not in asked.headers
    assert received == [b'{"a":1}']


async def test_only_the_start_of_an_answer_is_read(receiver):
    receiver.answers["/"] = raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000)
    found = await post(receiver.url)
    assert (found.status, found.body) == (200, b"x" * ANSWER_LIMIT)


@pytest.mark.parametrize("answer", [silence, dribble(b"x" * 100, seconds=0.1)])
async def test_a_slow_answer_is_given_up_in_time(receiver, answer):
    receiver.answers["/"] = answer
    found = await post(receiver.url, total_seconds=0.3)
    assert (found.status, found.timed_out) == (None, True)
    assert 250 <= found.latency_ms < 3000


async def test_redirects_are_not_followed(receiver):
    receiver.answers["/"] = redirect(f"{receiver.url}/inside", status="307 Temporary Redirect")
    receiver.answers["/inside"] = plain(b"a secret")
    assert (await post(receiver.url)).status == 307
    assert [asked.target for asked in receiver.asked] == ["/"]


@pytest.mark.parametrize("data", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
async def test_what_is_no_answer_is_a_failure(receiver, data):
    receiver.answers["/"] = raw(data, close=True)
    found = await post(receiver.url)
    assert (found.status, found.error) == (None, "The answer was not proper HTTP, or was cut short")


async def test_a_closed_port_is_a_failure():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = await post(f"http://127.0.0.1:{port}/")
    assert (found.status, found.error) == (None, "The host could not be reached")


async def test_a_name_that_leads_inside_is_refused_at_the_socket(receiver):
    for inside in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1"):
        names = Names([inside])
        found = await post(f"https://hooks.example.com:{receiver.port}/", allow_loopback=False, resolver=names)
        assert names.asked == 1
        assert (found.status, found.error) == (None, "The host's name does not lead to a public address")
    assert receiver.connections == 0


async def test_a_name_that_first_leads_outside_and_then_inside(receiver, monkeypatch):
    # The first address stands for a public one: nothing here may reach the internet.
    outside = "127.0.0.1"
    monkeypatch.setattr("azscraper.webhooks.outbound.is_public", lambda address: str(address) == outside)
    names = Names([outside], ["10.0.0.1"], ["127.0.0.2", "10.0.0.1"])
    async with Outbound(resolver=names, total_seconds=2.0) as outbound:
        url = f"https://hooks.example.com:{receiver.port}/"
        found = [await outbound.post(url, body=b"{}", headers={}) for _ in range(3)]
    assert receiver.connections == 1  # which then speaks no TLS
    assert found[0].error != "The host's name does not lead to a public address"
    assert [answer.error for answer in found[1:]] == ["The host's name does not lead to a public address"] * 2


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433", "127.1"])
async def test_an_inside_address_in_the_url_is_refused(receiver, host):
    found = await post(f"https://{host}:{receiver.port}/", allow_loopback=False)
    assert (found.status, found.error) == (None, "The URL must lead to a public address")
    assert receiver.connections == 0


async def test_the_socket_itself_is_guarded_whatever_the_url_says(receiver, monkeypatch):
    monkeypatch.setattr("azscraper.webhooks.outbound.check_url", lambda url, *, allow_loopback: url)  # noqa: ARG005 - its shape
    for host in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"):
        found = await post(f"http://{host}:{receiver.port}/", allow_loopback=False)
        assert found.status is None
    assert receiver.connections == 0


async def test_in_development_only_this_machine_is_let_in():
    found = await post("https://hooks.example.com/", resolver=Names(["192.168.0.1"]))
    assert found.error == "The host's name does not lead to a public address"


async def test_many_messages_at_once(receiver):
    receiver.otherwise = plain(b"ok")
    async with Outbound(allow_loopback=True) as outbound:
        posts = [outbound.post(f"{receiver.url}/{n}", body=b"{}", headers={}) for n in range(50)]
        assert {answer.status for answer in await asyncio.gather(*posts)} == {200}
