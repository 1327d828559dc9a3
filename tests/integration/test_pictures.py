"""Pictures of products: from media hosts alone, at a pace of their own, small, and fetched once for all users."""

import asyncio
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from azscraper.crawl.fetcher import Fetcher
from azscraper.crawl.gate import Gate
from azscraper.store.db import transaction
from azscraper.web.picture_cache import Picture, PictureCache
from azscraper.web.pictures import PICTURE_BYTES, Pictures, is_picture
from integration.badserver import BadServer, plain

HOST = "m.media-amazon.com"
URL = f"https://{HOST}/images/I/71abc.jpg"
JPEG = plain(b"pixels", "Content-Type: image/jpeg")


def now():
    return datetime.now(UTC)


@asynccontextmanager
async def pictures_of(pool, folder, server, *, obey_robots=False, played=frozenset()):
    base_urls = dict.fromkeys([HOST, "www.amazon.com"], server.url)
    async with Fetcher(user_agent="test", base_urls=base_urls) as fetcher:
        gate = Gate(pool, fetcher, user_agent="test", rate=100, obey_robots=obey_robots, breaker_seconds=60, clock=now)
        yield Pictures(fetcher, gate, PictureCache(folder), played, now)
        await gate.close()


async def hosts_of(pool):
    async with transaction(pool) as conn:
        rows = await (await conn.execute("SELECT host, next_slot_at IS NOT NULL FROM hosts")).fetchall()
    return dict(rows)


async def test_a_picture_is_fetched_once_at_the_pace_of_its_host_and_small(pool, tmp_path):
    async with BadServer(otherwise=JPEG) as server, pictures_of(pool, tmp_path / "kept", server) as pictures:
        found = [await pictures.get(URL) for _ in range(3)]
        async with pictures_of(pool, tmp_path / "kept", server) as of_another_process:
            found.append(await of_another_process.get(URL))
    assert found == [Picture("image/jpeg", b"pixels")] * 4
    assert [asked.target for asked in server.asked] == ["/images/I/71abc._AC_SL320_.jpg"]
    assert await hosts_of(pool) == {HOST: True}
    assert (tmp_path / "kept").stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    "answer",
    [
        plain(b"x" * (PICTURE_BYTES + 1), "Content-Type: image/png"),
        plain(b"<script>", "Content-Type: text/html"),
        plain(b"gone", "Content-Type: image/png", status="404 Not Found"),
        plain(b"moved", "Location: http://127.0.0.1:1/", status="302 Found"),
    ],
)
async def test_what_is_no_small_picture_is_not_passed_on(pool, tmp_path, answer):
    async with BadServer(otherwise=answer) as server, pictures_of(pool, tmp_path, server) as pictures:
        assert await pictures.get(URL) is None
    assert list(tmp_path.iterdir()) == []


async def test_a_host_that_forbids_or_refuses_is_not_asked(pool, tmp_path):
    no = plain(b"User-agent: *\nDisallow: /images/I/secret\n")
    later = plain(b"", "Retry-After: 60", status="503 Service Unavailable")
    async with (
        BadServer({"/robots.txt": no}, otherwise=later) as server,
        pictures_of(pool, tmp_path, server, obey_robots=True) as pictures,
    ):
        assert await pictures.get(f"https://{HOST}/images/I/secret.jpg") is None
        found = [await pictures.get(f"https://{HOST}/images/I/{n}.jpg") for n in range(3)]
    assert found == [None] * 3
    assert [asked.target for asked in server.asked] == ["/robots.txt", "/images/I/0._AC_SL320_.jpg"]


async def test_a_marketplace_is_asked_only_where_it_is_played(pool, tmp_path):
    url = "https://www.amazon.com/images/I/71abc.jpg"
    async with BadServer(otherwise=JPEG) as server:
        async with pictures_of(pool, tmp_path, server) as pictures:
            assert await pictures.get(url) is None
        assert server.asked == []
        async with pictures_of(pool, tmp_path, server, played=frozenset({"www.amazon.com"})) as pictures:
            assert await pictures.get(url) == Picture("image/jpeg", b"pixels")
    assert await hosts_of(pool) == {}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/images/I/81%2BabcL.jpg", True),
        ("/images/%2e%2e/%2e%2e/dp/X", False),
        ("/images/%252e%252e/dp/X", False),
        ("/images/%25252525252e/dp/X", False),
        ("/images/..%5c..%5cdp", False),
        ("/images/a\\..\\b", False),
        ("/other/%2e./images/x.jpg", False),
        ("/dp/B000000001", False),
    ],
)
def test_no_other_path_is_asked_however_it_is_written(path, expected):
    assert is_picture(f"https://{HOST}{path}") is expected


def test_what_is_kept_is_bounded_and_the_oldest_leave(tmp_path):
    cache = PictureCache(tmp_path / "kept", most_bytes=1000, most_days=30)
    for n in range(20):
        cache.put(str(n), Picture("image/png", b"x" * 90))
        os.utime(next(p for p in cache.folder.iterdir() if p.stat().st_mtime > 10**9 + 100), (10**9 + n, 10**9 + n))
    cache.let_go()
    assert sum(path.stat().st_size for path in cache.folder.iterdir()) == 1000
    assert cache.get("19") is None, "older than thirty days"
    for path in cache.folder.iterdir():
        os.utime(path)
    assert [n for n in range(20) if cache.get(str(n))] == list(range(10, 20))


def test_a_disk_that_cannot_be_written_keeps_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    cache = PictureCache(tmp_path / "file")
    cache.put("a", Picture("image/png", b"x"))
    assert cache.get("a") is None


async def test_pictures_stand_in_line_at_the_pace(pool, tmp_path):
    async with BadServer(otherwise=JPEG) as server, pictures_of(pool, tmp_path, server) as pictures:
        urls = [f"https://{HOST}/images/I/{n}.jpg" for n in range(20)]
        found = await asyncio.gather(*(pictures.get(url) for url in urls))
        assert all(found)
        async with transaction(pool) as conn:
            row = await (await conn.execute("SELECT next_slot_at FROM hosts WHERE host = %s", [HOST])).fetchone()
    assert row[0] is not None
