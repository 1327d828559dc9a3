"""The archive: what is fetched comes out again, from a folder and from an object store, whatever was torn meanwhile."""

import asyncio
import base64
import gzip
import hashlib
import io
import json
import subprocess
import sys
import zlib
from datetime import UTC, date, datetime, timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator

from azscraper.crawl import archive as archive_module
from azscraper.crawl.archive import Archive, Location
from azscraper.errors import InvalidInputError, PageGoneError
from azscraper.records import RawPage
from integration.s3server import BUCKET, running_s3

NOW = datetime(2026, 3, 15, 12, 0, 0, 123456, tzinfo=UTC)
HTML = "<html><title>Tea — 茶</title></html>".encode() * 200


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="module")
def s3():
    with running_s3() as environ:
        yield environ


@pytest.fixture(params=["folder", "s3"])
def url(request, tmp_path, monkeypatch):
    if request.param == "folder":
        return (tmp_path / "pages of shops").as_uri()
    for name, value in request.getfixturevalue("s3").items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{tmp_path.name}"


def page(name="a", *, body=HTML, packed=None, encoding=None, status=200):
    headers = (("Content-Type", "text/html; charset=utf-8"), ("X-Shop", "naïve"))
    if encoding:
        headers += (("Content-Encoding", encoding),)
    sent = (("Host", "www.amazon.com"), ("User-Agent", "AzScraper"))
    return RawPage(
        f"https://www.amazon.com/s?k={name}", status, body, "text/html; charset=utf-8", NOW, None, packed, headers, sent
    )


def opened(url, clock):
    return Archive(url, software="azscraper/test", clock=clock)


def came_back(got, stored):
    names = ("url", "status", "body", "content_type", "fetched_at")
    return [getattr(got, name) for name in names] == [getattr(stored, name) for name in names]


PAGES = [
    page("plain"),
    page("gzip", packed=gzip.compress(HTML), encoding="gzip"),
    page("deflate", packed=zlib.compress(HTML), encoding="deflate"),
    page("empty", body=b"", status=503),
    page("odd", body=b"\x00\xff" * 9, status=599),
]


async def test_every_page_comes_back_as_it_was_fetched(url, clock):
    async with opened(url, clock) as archive:
        locations = await archive.store(PAGES)
        assert await archive.store([]) == []
    async with opened(url, clock) as archive:  # another process
        for stored, location in zip(PAGES, locations, strict=True):
            assert came_back(await archive.read(location), stored)


async def test_pages_that_come_together_are_written_together(url, clock):
    async with opened(url, clock) as archive:
        stored = await asyncio.gather(*(archive.store([page(str(n)), page(f"{n}b")]) for n in range(20)))
        for n, locations in enumerate(stored):
            assert [(await archive.read(location)).url[-len(str(n)) :] for location in locations[:1]] == [str(n)]
        assert len({location.segment for locations in stored for location in locations}) <= 2


async def test_what_is_not_there_is_gone(url, clock):
    async with opened(url, clock) as archive:
        [location] = await archive.store([page()])
        for bad in (
            Location("pages/2026/03/15/nothing.warc.gz", 0, 10),
            Location(location.segment, location.start + 1, 10),
        ):
            with pytest.raises(PageGoneError):
                await archive.read(bad)


async def test_old_segments_are_deleted_and_young_ones_stay(url, clock):
    async with opened(url, clock) as archive:
        locations = []
        for days in range(4):
            clock.now = NOW + timedelta(days=days)
            locations += await archive.store([page(str(days))])
        assert await archive.delete_before(date(2026, 3, 17)) == 2
        assert await archive.delete_before(date(2026, 3, 17)) == 0
        for location in locations[:2]:
            with pytest.raises(PageGoneError):
                await archive.read(location)
        assert came_back(await archive.read(locations[2]), page("2"))
        assert came_back(await archive.read(locations[3]), page("3"))


def segments(folder):
    return sorted(folder.rglob("*.warc.gz"))


def test_the_files_are_warc_that_other_tools_read(tmp_path, clock):
    locations = asyncio.run(opened(tmp_path.as_uri(), clock).store(PAGES))
    [segment] = segments(tmp_path)
    assert segment.parent == tmp_path / "pages" / "2026" / "03" / "15"
    command = [
        sys.executable,
        "-m",
        "warcio.cli",
        "index",
        "-f",
        "offset,warc-type,warc-target-uri,http:status",
        str(segment),
    ]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [line["warc-type"] for line in lines] == ["warcinfo", *["response", "request"] * len(PAGES)]
    assert [int(line["offset"]) for line in lines if line["warc-type"] == "response"] == [p.start for p in locations]
    assert [line["http:status"] for line in lines if "http:status" in line] == ["200", "200", "200", "503", "599"]
    assert subprocess.run([sys.executable, "-m", "warcio.cli", "check", str(segment)], check=False).returncode == 0


async def test_the_request_is_kept_with_the_answer(tmp_path, clock):
    async with opened(tmp_path.as_uri(), clock) as archive:
        await archive.store([page()])
    [segment] = segments(tmp_path)
    with segment.open("rb") as file:
        _, response, request = [(r.rec_headers, r.http_headers) for r in ArchiveIterator(file)]
    assert response[0].protocol == "WARC/1.1"
    assert response[0].get_header("WARC-Date") == "2026-03-15T12:00:00.123456Z"
    payload_digest = base64.b32encode(hashlib.sha1(HTML, usedforsecurity=False).digest()).decode()
    assert response[0].get_header("WARC-Payload-Digest") == f"sha1:{payload_digest}"
    assert request[0].get_header("WARC-Concurrent-To") == response[0].get_header("WARC-Record-ID")
    assert request[1].get_header("Host") == "www.amazon.com"


async def test_a_torn_record_harms_nothing_that_was_promised(tmp_path, clock):
    async with opened(tmp_path.as_uri(), clock) as archive:
        locations = await archive.store(PAGES)
        [segment] = segments(tmp_path)
        with segment.open("ab") as file:  # a process that died in the middle of a write
            file.write(gzip.compress(HTML)[:40])
        for stored, location in zip(PAGES, locations, strict=True):
            assert came_back(await archive.read(location), stored)
    async with opened(tmp_path.as_uri(), clock) as archive:
        [location] = await archive.store([page("later")])
        assert location.segment != locations[0].segment
        assert came_back(await archive.read(location), page("later"))


async def test_a_large_segment_is_followed_by_another(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(archive_module, "SEGMENT_BYTES", 1000)
    async with opened(tmp_path.as_uri(), clock) as archive:
        locations = [(await archive.store([page(str(n))]))[0] for n in range(6)]
        for n, location in enumerate(locations):
            assert came_back(await archive.read(location), page(str(n)))
    assert 1 < len(segments(tmp_path)) < 7


async def test_a_store_that_fails_holds_nothing_up_and_is_tried_again_later(tmp_path, clock):
    async with opened(tmp_path.as_uri(), clock) as archive:
        (tmp_path / "pages").write_text("in the way")
        assert await archive.store([page()]) is None
        (tmp_path / "pages").unlink()
        assert await archive.store([page()]) is None
        clock.now += timedelta(minutes=1)
        [location] = await archive.store([page("again")])
        assert came_back(await archive.read(location), page("again"))


async def test_a_chunk_that_is_cancelled_takes_nobody_along(tmp_path, clock):
    async with opened(tmp_path.as_uri(), clock) as archive:
        cancelled = asyncio.create_task(archive.store([page("x")]))
        other = asyncio.create_task(archive.store([page("y")]))
        await asyncio.sleep(0)
        cancelled.cancel()
        [location] = await other
        assert came_back(await archive.read(location), page("y"))


@pytest.mark.parametrize("url", ["nothing", "s4://bucket", "file:///proc/none/here"])
def test_a_url_that_leads_nowhere_is_refused_at_once(url, clock):
    with pytest.raises(InvalidInputError, match="AZSCRAPER_ARCHIVE_URL"):
        opened(url, clock)


def test_what_came_compressed_is_not_compressed_again():
    packed = gzip.compress(HTML)
    data, [location] = archive_module._records([page(packed=packed, encoding="gzip")])  # noqa: SLF001 - its cost is the point
    assert packed in data[location.start : location.length]
    assert io.BytesIO(data).read(2) == b"\x1f\x8b"
