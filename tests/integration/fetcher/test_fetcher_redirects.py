"""Redirects lead to another page of the same marketplace or nowhere."""

import contextlib
import random

import pytest

from azscraper.crawl.fetcher import MAX_REDIRECTS, Fetcher, PageRequest
from azscraper.errors import ConnectionFailedError, RedirectRefusedError
from integration.badserver import BadServer, head, plain, raw, redirect
from integration.fetcher.conftest import HOSTS, OTHER_SHOP, PAGE, SHOP, quick, to


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
