"""The picture in mails: a file that readers of PNG take, with the steps where they belong."""

import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from azscraper.channels.pictures import HEIGHT, WIDTH, Bar, steps

LINE = 3


def decoded(png):
    """Its pixels, row by row; chunks and checksums are looked at as a strict reader does."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(name + body),)
        chunks[name] = body
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (width, height, depth, kind, rest) == (WIDTH * 2, HEIGHT * 2, 8, 3, [0, 0, 0])
    flat = zlib.decompress(chunks[b"IDAT"])
    rows = [flat[at : at + width + 1] for at in range(0, len(flat), width + 1)]
    assert len(rows) == height
    assert all(row[0] == 0 and max(row) <= LINE for row in rows)
    return [row[1:] for row in rows]


def lines_at(rows, share):
    """The middle of what is drawn as a line in a column, from the bottom, as a share of the height."""
    column = [row[round(share * (WIDTH * 2 - 1))] for row in rows]
    marked = [y for y, colour in enumerate(column) if colour == LINE]
    return 1 - (marked[0] + marked[-1]) / 2 / len(rows) if marked else None


def test_a_fall_and_a_gap():
    rows = decoded(steps([Bar(0, 0.4, 1), Bar(0.4, 0.6, 0.5), Bar(0.7, 1, 0)]))
    assert [lines_at(rows, at) is not None for at in (0.2, 0.5, 0.65, 0.8)] == [True, True, False, True]
    high, middle, low = (lines_at(rows, at) for at in (0.2, 0.5, 0.8))
    assert high > 0.9
    assert 0.45 < middle < 0.55
    assert low < 0.1


shares = st.floats(0, 1)


@given(st.lists(st.builds(Bar, shares, shares, shares), max_size=20))
def test_any_bars_make_a_small_picture(bars):
    png = steps(bars)
    assert len(png) < 8000
    decoded(png)
