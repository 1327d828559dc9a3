"""A disk that fills: what the archive says is there reads back as it was, and nothing else is said to be there."""

import gzip
import random
import resource
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.crawl.archive import Archive, Location
from azscraper.errors import PageGoneError
from azscraper.records import RawPage

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def page(rng, number, *, packed):
    body = rng.randbytes(rng.randrange(1, 4000)) + b"<p>%d</p>" % number
    return RawPage(
        url=f"https://www.amazon.com/dp/B{number:09}",
        status=200,
        body=body,
        content_type="text/html",
        fetched_at=NOW,
        headers=(("Content-Type", "text/html"), *((("Content-Encoding", "gzip"),) if packed else ())),
        packed=gzip.compress(body) if packed else None,
    )


@contextmanager
def room(size):
    """No file gets larger: a write to its edge is short, as on a full disk, the next one fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("seed", range(20))
async def test_what_has_a_place_reads_back_whole_however_the_disk_fills(tmp_path, seed):
    rng = random.Random(seed)
    now = NOW
    stored = []
    async with Archive(tmp_path.as_uri(), software="test", clock=lambda: now) as archive:
        for batch in range(6):
            pages = [page(rng, 10 * batch + number, packed=rng.random() < 0.5) for number in range(rng.randrange(1, 4))]
            with room(rng.randrange(100, 12_000)):
                locations = await archive.store(pages)
            stored += zip(pages, locations or [], strict=False)
            now += timedelta(minutes=1)
        whole = [page(rng, 100 + number, packed=False) for number in range(3)]
        stored += zip(whole, await archive.store(whole), strict=True)
        for kept, location in stored:
            assert (await archive.read(location)).body == kept.body
    for segment in tmp_path.rglob("*.warc.gz"):
        members = segment.read_bytes()
        while members:  # each record is whole
            inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
            inflater.decompress(members)
            assert inflater.eof
            members = inflater.unused_data


async def test_half_a_page_is_no_page(tmp_path):
    rng = random.Random(1)
    async with Archive(tmp_path.as_uri(), software="test", clock=lambda: NOW) as archive:
        for packed in (True, False):
            kept = page(rng, 1, packed=packed)
            (location,) = await archive.store([kept])
            for cut in range(1, location.length, 97):
                torn = Location(location.segment, location.start, location.length - cut)
                try:  # without the last bytes, which are checksums, it is whole
                    assert (await archive.read(torn)).body == kept.body
                    assert cut < 16
                except PageGoneError:
                    pass
