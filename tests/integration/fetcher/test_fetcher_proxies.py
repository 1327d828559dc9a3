"""Proxies, settings, and the seam to the library."""

import base64
import ssl
import traceback
from inspect import isclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import client_exceptions, http_exceptions

from azscraper.crawl.fetcher import Fetcher, meaning
from azscraper.errors import (
    ConnectionFailedError,
    FetchError,
    FetchTimeoutError,
    InvalidInputError,
    ProxyFailedError,
)
from integration.badserver import BadServer, forward, plain, tunnel_to
from integration.certificates import self_signed
from integration.fetcher.conftest import AGENT, PAGE, SHOP, closed_port, quick, to

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
    return self_signed(tmp_path, SHOP)


def shop_with(certificate: Path) -> BadServer:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    return BadServer(otherwise=plain(PAGE), tls=tls)


async def test_through_a_tunnel_the_credentials_stay_with_the_proxy(certificate: Path) -> None:
    async with (
        shop_with(certificate) as shop,
        BadServer(otherwise=tunnel_to(shop.port)) as proxy,
        quick(proxies=(f"http://me:secret@127.0.0.1:{proxy.port}",), ca_file=certificate) as fetcher,
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
        with pytest.raises(ConnectionFailedError, match=r"\(self-signed certificate\).*AZSCRAPER_CA_FILE"):
            await fetcher.get(to("/dp/B000000001"))
        robots = await fetcher.robots(SHOP)  # asked first of all, so that its reason is what people read
    assert robots.status is None
    assert robots.body.startswith("the certificate was not accepted (self-signed certificate).")
    assert not shop.asked


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "can't be read: No such file"), (b"no certificate", "no certificates in PEM form")]
)
def test_a_file_of_certificates_that_is_none(tmp_path: Path, content: bytes | None, problem: str) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidInputError, match=problem):
        quick(ca_file=file)


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
