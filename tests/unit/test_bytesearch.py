"""Bytes are found where Python's own search finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.bytesearch import find, rfind

_FEW = st.binary(max_size=80).map(lambda data: bytes(byte % 3 for byte in data))  # so that much is found
_SOUGHT = st.binary(min_size=1, max_size=4).map(lambda data: bytes(byte % 3 for byte in data))
_POSITIONS = st.integers(0, 90)


@given(_FEW, _SOUGHT, _POSITIONS, st.none() | _POSITIONS)
def test_as_pythons_own_search(source: bytes, sought: bytes, start: int, end: int | None) -> None:
    assert find(source, sought, start, end) == source.find(sought, start, end)
    assert rfind(source, sought, start, end) == source.rfind(sought, start, end)


@pytest.mark.parametrize("sought", [b"parentAsin", b'"videos":[{', b"\xe4\xba\x9a", b"</"])
@pytest.mark.parametrize("before", [0, 1, 63, 64, 65, 1_000_003])
def test_words_anywhere_in_large_sources(sought: bytes, before: int) -> None:
    source = b"x" * before + sought + b"y" * 70 + sought + b"z" * 5
    assert find(source, sought) == before
    assert find(source, sought, before + 1) == rfind(source, sought) == before + len(sought) + 70
    assert find(source, sought, before + 1, before + 60) == -1
