"""A line of steps as PNG, for mails: their readers show neither SVG nor scripts. Pure.

Steps have no slanted lines, and what is written stands beside the picture as text: rectangles of four colours are all
there is to draw, and such a file has about one kilobyte. A drawing library would be some megabytes for that.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 520, 88
"""As shown; twice as many pixels are drawn, for dense screens."""
_SCALE = 2
_GROUND, _GRID, _AREA, _LINE = range(4)
_COLOURS = bytes.fromhex("ffffffe4e8eee2f3f00b6b63")
_THICK = 4
_MARK = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """A value over a part of the time, both as shares from 0 to 1: of the width from the left, of the height from the bottom."""

    start: float
    end: float
    height: float


def steps(bars: Sequence[Bar]) -> bytes:
    """The picture: a line along the bars, joined where they touch, and a mark at the end of the last."""
    canvas = _Canvas(WIDTH * _SCALE, HEIGHT * _SCALE)
    boxes = [(canvas.x(bar.start), canvas.x(bar.end), canvas.y(bar.height)) for bar in bars]
    for part in (0.0, 0.5, 1.0):
        canvas.fill(0, canvas.y(part), canvas.width, canvas.y(part) + 1, _GRID)
    for left, right, y in boxes:
        canvas.fill(left, y, right, canvas.height, _AREA)
    before: tuple[int, int] | None = None
    for left, right, y in boxes:
        canvas.fill(left, y - _THICK // 2, max(right, left + 1), y + _THICK // 2, _LINE)
        if before is not None and before[0] == left:
            low, high = sorted((before[1], y))
            canvas.fill(left - _THICK // 2, low - _THICK // 2, left + _THICK // 2, high + _THICK // 2, _LINE)
        before = right, y
    if before is not None:
        canvas.fill(before[0] - 2 * _MARK, before[1] - _MARK, before[0], before[1] + _MARK, _LINE)
    return canvas.png()


class _Canvas:
    """Pixels of a few colours."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._pixels = bytearray(width * height)

    def x(self, share: float) -> int:
        return round(min(max(share, 0.0), 1.0) * self.width)

    def y(self, share: float) -> int:
        return round(_MARK + (1 - min(max(share, 0.0), 1.0)) * (self.height - 2 * _MARK - 1))

    def fill(self, left: int, top: int, right: int, bottom: int, colour: int) -> None:
        left, right = max(left, 0), min(right, self.width)
        if left < right:
            row = bytes([colour]) * (right - left)
            for y in range(max(top, 0), min(bottom, self.height)):
                self._pixels[y * self.width + left : y * self.width + right] = row

    def png(self) -> bytes:
        """As a file (W3C PNG, 3rd edition): 8 bits a pixel, of a palette, no filter."""
        rows = (self._pixels[at : at + self.width] for at in range(0, len(self._pixels), self.width))
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
        chunks = ((b"IHDR", head), (b"PLTE", _COLOURS), (b"IDAT", body), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
