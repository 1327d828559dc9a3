import asyncio
import gzip
import json
import os
import signal
import sys
import time
import zlib
from email.utils import parsedate_to_datetime

import httpx
import pytest

from azscraper.demo.faults import Fault, Faults, RobotsAnswer
from azscraper.demo.goods.catalogue import by_asin
from azscraper.demo.goods.locales import LOCALES
from azscraper.demo.server import base_urls, running_marketplace
from azscraper.marketplaces import MARKETPLACES
from azscraper.marketplaces.sites import SHORT_LINKS
from unit.demo.visits import product_page, search_page


@pytest.fixture
async def shop():
    async with running_marketplace(Faults(delay_seconds=0.3, retry_after_seconds=7)) as base_url, client(base_url) as c:
        yield c


def client(base_url):
    return httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=10)


async def raw(shop, path):
    """Status, headers and undecoded body."""
    async with shop.stream("GET", path) as response:
        return response, b"".join([part async for part in response.aiter_raw()])


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.language)
@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
@pytest.mark.parametrize(
    "path",
    ["/dp/B0DEMO0001", "/gp/product/B0DEMO0001?th=1&psc=1", "/Some-Kettle/dp/B0DEMO0001/ref=sr_1_1"],
)
async def test_a_product_page_in_the_language_of_the_host(shop, locale, header, path):
    response = await shop.get(path, headers={header: locale.host})

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html;charset=UTF-8"
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-language"] == locale.language
    assert response.content == product_page(locale, "B0DEMO0001").body


async def test_no_gzip_unless_asked(shop):
    response = await shop.get("/dp/B0DEMO0001", headers={"Accept-Encoding": "identity"})

    assert "content-encoding" not in response.headers
    assert response.content == product_page(LOCALES[0], "B0DEMO0001").body


async def test_a_search_page_by_number(shop):
    response = await shop.get("/s", params={"k": "キッチン", "page": "3"}, headers={"Host": "www.amazon.co.jp"})

    assert response.content == search_page(LOCALES[2], "キッチン", 3).body


@pytest.mark.parametrize("page", ["", "x", "99999999999999999999", "-1", "²"])
async def test_a_strange_page_number_is_the_first_page(shop, page):
    response = await shop.get("/s", params={"k": "tea", "page": page})

    assert response.content == search_page(LOCALES[0], "tea", 1).body


@pytest.mark.parametrize("path", ["/dp/B000000000", "/nothing/here", "/gp/cart"])
async def test_what_is_unknown_is_the_dog_page(shop, path):
    response = await shop.get(path)

    assert response.status_code == 404
    assert "Page Not Found" in response.text


async def test_pictures_robots_home_and_advertisements(shop):
    picture = await shop.get("/images/I/71demo00010L._AC_SL1500_.jpg")
    robots = await shop.get("/robots.txt")
    advertisement = await shop.get("/sspa/click", params={"url": "/X/dp/B0DEMO0005/ref=sr_1_1"})
    trap = await shop.get("/sspa/click", params={"url": "//elsewhere.example"})

    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.content == (await shop.get("/images/I/71demo00010L.jpg")).content
    assert "Disallow: /dp/B0FAULTROB" in robots.text
    assert (await shop.get("/")).status_code == 200
    assert advertisement.headers["location"] == "/X/dp/B0DEMO0005/ref=sr_1_1"
    assert trap.headers["location"] == "/dp/B0DEMO0001"


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("CAP", 200, "captchacharacters"),
        ("C53", 503, "captchacharacters"),
        ("CON", 200, "/errors/validateCaptcha"),
        ("503", 503, "Something went wrong"),
        ("RAS", 503, "Something went wrong"),
        ("RAD", 503, "Something went wrong"),
        ("429", 429, "Something went wrong"),
        ("500", 500, "Something went wrong"),
        ("SGN", 200, "ap_email"),
        ("404", 404, "Page Not Found"),
        ("EMP", 200, ""),
    ],
)
@pytest.mark.parametrize("path", ["/dp/B0FAULT{}", "/s?k=fault:{}"])
async def test_pages_that_were_not_asked_for(shop, path, code, status, words):
    response = await shop.get(path.format(code))

    assert response.status_code == status
    assert words in response.text
    assert "productTitle" not in response.text
    assert "s-search-result" not in response.text


async def test_retry_after_in_both_forms(shop):
    seconds = await shop.get("/dp/B0FAULTRAS")
    too_many = await shop.get("/dp/B0FAULT429")
    date = await shop.get("/dp/B0FAULTRAD")
    neither = await shop.get("/dp/B0FAULT503")

    assert seconds.headers["retry-after"] == too_many.headers["retry-after"] == "7"
    assert 5 <= parsedate_to_datetime(date.headers["retry-after"]).timestamp() - time.time() <= 8
    assert "retry-after" not in neither.headers


async def test_a_slow_page_is_late_and_good(shop):
    began = time.monotonic()
    response = await shop.get("/dp/B0FAULTSLO")

    assert time.monotonic() - began >= 0.3
    assert "productTitle" in response.text


async def test_a_body_cut_off_below_its_length(shop):
    with pytest.raises(httpx.RemoteProtocolError):
        await shop.get("/dp/B0FAULTCUT")


async def test_chunks_cut_off(shop):
    async with shop.stream("GET", "/dp/B0FAULTCHU") as response:
        assert response.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in response.headers
        with pytest.raises(httpx.RemoteProtocolError):
            await response.aread()


async def test_html_cut_off_with_the_right_length(shop):
    response = await shop.get("/dp/B0FAULTTRU")

    assert int(response.headers["content-length"]) == len(response.content)
    assert "</html>" not in response.text


async def test_redirects(shop):
    variant = next(p for p in by_asin(LOCALES[0]).values() if p.family)
    async with running_marketplace(Faults({Fault.REDIRECT_OTHER: 1})) as base_url, client(base_url) as other:
        within = await other.get(f"/dp/{variant.asin}")
    away = await shop.get("/dp/B0FAULTOFF")
    elsewhere = await shop.get("/dp/B0FAULTRED")

    siblings = {member.asin for member in variant.family.members} - {variant.asin}
    assert within.status_code == 302
    assert within.headers["location"].removeprefix("/dp/") in siblings
    assert away.headers["location"].startswith("https://elsewhere.example/")
    assert elsewhere.headers["location"].removeprefix("/dp/") in by_asin(LOCALES[0])


@pytest.mark.parametrize(("host", "charset"), [("www.amazon.com", "latin-1"), ("www.amazon.co.jp", "cp932")])
async def test_a_wrong_charset(shop, host, charset):
    response = await shop.get("/dp/B0FAULTCHR", headers={"Host": host})

    assert response.headers["content-type"] == "text/html;charset=UTF-8"
    with pytest.raises(UnicodeDecodeError):
        response.content.decode("utf-8")
    assert "productTitle" in response.content.decode(charset)


async def test_a_gzip_bomb_is_one_valid_member(shop):
    response, body = await raw(shop, "/dp/B0FAULTZIP")

    assert response.headers["content-encoding"] == "gzip"
    assert len(body) < 400_000
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    size = len(unpacker.decompress(body, 1 << 20))
    while unpacker.unconsumed_tail:
        size += len(unpacker.decompress(unpacker.unconsumed_tail, 1 << 20))
    size += len(unpacker.flush())
    assert unpacker.eof
    assert size == 256 << 20


async def test_a_page_that_fails_twice_and_then_answers(shop):
    statuses = [(await shop.get("/dp/B0FAIL2503")).status_code for _ in range(4)]
    searches = [(await shop.get("/s", params={"k": "fail1:CAP tea"})).text for _ in range(2)]
    german = await shop.get("/dp/B0FAIL2503", headers={"Host": "www.amazon.de"})

    assert statuses == [503, 503, 200, 200]
    assert "captchacharacters" in searches[0]
    assert "s-search-result" in searches[1]
    assert german.status_code == 503


async def test_rates_come_out_the_same_in_each_run():
    async def statuses():
        async with running_marketplace(Faults({Fault.UNAVAILABLE: 0.3}, seed=5)) as base_url, client(base_url) as shop:
            return [(await shop.get(f"/dp/B0DEMO{n:04}")).status_code for n in range(1, 41)]

    first = await statuses()
    assert first == await statuses()
    assert {200, 503} == set(first)


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (RobotsAnswer.UNAVAILABLE, 503, ""),
        (RobotsAnswer.MISSING, 404, ""),
        (RobotsAnswer.DISALLOW_ALL, 200, "Disallow: /\n"),
    ],
)
async def test_robots_answers(answer, status, words):
    async with running_marketplace(Faults(robots=answer)) as base_url, client(base_url) as shop:
        response = await shop.get("/robots.txt")

    assert response.status_code == status
    assert words in response.text


async def test_requests_are_counted_until_reset(shop):
    for path in ("/robots.txt", "/dp/B0DEMO0001", "/dp/B0FAULTEMP", "/s?k=tea", "/images/I/x.jpg"):
        await shop.get(path, headers={"Host": "www.amazon.de"})
    stats = (await shop.get("/__stats")).json()

    assert stats["counts"] == {"robots": 1, "product": 2, "search": 1, "image": 1}
    assert stats["faults"] == {"empty": 1}
    assert stats["asked"]["www.amazon.de/dp/B0DEMO0001"] == 1
    assert stats["asked"]["www.amazon.de/s?k=tea&page=1"] == 1
    log = stats["hosts"]["www.amazon.de"]
    assert len(log["pages"]) == 3
    assert log["pages"] == sorted(log["pages"])
    assert log["robots"][0] < log["pages"][0] <= time.monotonic()

    assert (await shop.post("/__reset")).status_code == 204
    assert (await shop.get("/__stats")).json()["counts"] == {}


async def test_two_marketplaces_run_side_by_side_and_end():
    async with running_marketplace() as one, running_marketplace() as two:
        assert one != two
        async with client(one) as shop:
            assert (await shop.get("/")).status_code == 200
    async with client(one) as shop:
        with pytest.raises(httpx.ConnectError):
            await shop.get("/")


async def test_a_taken_port_is_an_error():
    async with running_marketplace() as base_url:
        with pytest.raises(OSError, match="in use"):
            async with running_marketplace(port=int(base_url.rpartition(":")[2])):
                pass


async def test_it_stops_under_a_slow_answer():
    async with running_marketplace(Faults({Fault.SLOW: 1}, delay_seconds=60)) as base_url, client(base_url) as shop:
        asking = asyncio.create_task(shop.get("/dp/B0DEMO0001"))
        while not (await shop.get("/__stats")).json()["faults"]:
            pass
        began = time.monotonic()
    assert time.monotonic() - began < 10
    with pytest.raises(httpx.HTTPError):
        await asking


def test_base_urls_name_all_hosts_that_are_asked():
    completing = {site.completion.host for site in MARKETPLACES.values() if site.completion}
    hosts = {*MARKETPLACES, *completing, *SHORT_LINKS}
    assert base_urls("http://127.0.0.1:1") == dict.fromkeys(hosts, "http://127.0.0.1:1")


async def test_a_short_link_leads_to_a_product_without_the_network(shop):
    answers = [await shop.get(path, headers={"X-Forwarded-Host": "amzn.to"}) for path in ("/3xYz", "/3xYz", "/d/4abc")]
    led = [answer.headers["location"] for answer in answers]
    assert [answer.status_code for answer in answers] == [301] * 3
    assert led[0] == led[1] != led[2]
    assert (await shop.get(led[0].removeprefix("https://www.amazon.com"))).status_code == 200


@pytest.fixture
def environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


async def test_as_a_process_it_names_its_url_and_stops_on_a_signal(environment):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "azscraper.demo",
        "--faults",
        json.dumps({"unavailable": 1.0}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    base_url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
    async with client(base_url) as shop:
        assert (await shop.get("/dp/B0DEMO0001")).status_code == 503
    process.send_signal(signal.SIGTERM)
    output, complaints = await asyncio.wait_for(process.communicate(), 20)

    assert (process.returncode, output, complaints) == (0, b"", b"")


async def test_as_a_process_it_refuses_bad_faults(environment):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "azscraper.demo",
        "--faults",
        "{",
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    _, complaints = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 2
    assert b"faults are a JSON object" in complaints


async def test_cut_off_answers_are_no_news(shop, caplog):
    with pytest.raises(httpx.RemoteProtocolError):
        await shop.get("/dp/B0FAULTCUT")

    assert caplog.records == [] or all("completing" not in r.getMessage() for r in caplog.records)


async def test_gzip_as_sent_is_the_page(shop):
    response, body = await raw(shop, "/dp/B0DEMO0001")

    assert len(body) == int(response.headers["content-length"])
    assert gzip.decompress(body) == product_page(LOCALES[0], "B0DEMO0001").body
