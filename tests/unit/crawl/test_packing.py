"""Compressed bodies come out as they went in, however they are cut, and never beyond the limit."""

import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.crawl import packing
from azscraper.crawl.packing import Decoder, gzip_member, stored_member
from azscraper.errors import BodyBrokenError, BodyTooLargeError

_LIMIT = 3_000_000
_NOISE = random.Random(1).randbytes(1_500_000)  # stays as large when it is packed


def unpacked(packed: bytes, *, step: int, encoding: str = "gzip", limit: int = _LIMIT) -> tuple[bytes, bytes | None]:
    decoder = Decoder([encoding], limit)
    for start in range(0, len(packed), step):
        if not decoder.feed(packed[start : start + step]):
            break
    return decoder.finish()


@given(st.binary(max_size=3000), st.integers(1, 4000), st.sampled_from([gzip.compress, gzip_member, stored_member]))
def test_any_body_in_any_pieces(body, step, pack):
    packed = pack(body)
    assert unpacked(packed, step=step) == (body, packed)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 400))
def test_any_members(bodies, step):
    packed = b"".join(map(gzip.compress, bodies))
    assert unpacked(packed, step=step) == (b"".join(bodies), packed)


def test_two_members_of_one_size_are_both_read():
    packed = gzip.compress(b"a" * 100) * 2
    assert unpacked(packed, step=1000)[0] == b"a" * 200


@pytest.mark.parametrize("step", [65_536, 5_000_000])
def test_a_packed_body_beyond_what_is_unpacked_at_once(step):
    packed = gzip.compress(_NOISE)
    assert len(packed) > packing.AT_ONCE_BYTES
    assert unpacked(packed, step=step) == (_NOISE, packed)


@pytest.mark.parametrize("said", [0, 99, 101, 2**32 - 1])
def test_an_end_that_lies_about_the_size(said):
    packed = gzip.compress(b"a" * 100)[:-4] + said.to_bytes(4, "little")
    with pytest.raises(BodyBrokenError):
        unpacked(packed, step=1000)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity"])
@pytest.mark.parametrize("step", [7, 100_000])
def test_the_limit(encoding, step):
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "identity": bytes}[encoding]
    body, packed = unpacked(pack(b"a" * 1000), step=step, encoding=encoding, limit=1000)
    assert body == b"a" * 1000
    assert (packed is None) == (encoding == "identity")
    body, packed = unpacked(pack(b"a" * 1002), step=step, encoding=encoding, limit=1000)
    assert (body, packed) == (b"a" * 1001, None)


def test_what_is_larger_packed_than_it_may_be_unpacked():
    with pytest.raises(BodyTooLargeError):
        unpacked(b"\x00\x00\x00\xff\xff" * 500, step=100, encoding="deflate", limit=1000)
