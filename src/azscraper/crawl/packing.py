"""Compressed bytes: what shops send is unpacked, what the archive keeps is packed. Pure. The only module that knows isal.

isal undoes gzip in half the time of Python's own zlib and packs in a quarter of it (docs/benchmarks.md).
"""

import zlib
from collections.abc import Sequence
from typing import Protocol

from isal import isal_zlib

from azscraper.errors import BodyBrokenError

_ZLIB_METHOD_DEFLATE = 8
_MOST_MEMBERS = 64
"""Of a gzip body: real ones have one. Each costs a copy of the piece that it came in, and may unpack to nothing."""
_GZIP = zlib.MAX_WBITS | 16
_LEVEL = 2
"""Of 0 to 3. The last takes three times as long for 3 % less."""


class _Inflater(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Decoder:
    """Undoes a Content-Encoding (RFC 9110 8.4.1) piece by piece, never beyond the room that it is given."""

    def __init__(self, encodings: Sequence[str]) -> None:
        """Raises BodyBrokenError for an encoding that nobody asked for."""
        self._encoding = ",".join(encodings).strip().lower().removeprefix("x-")
        if self._encoding not in ("", "identity", "gzip", "deflate"):
            raise BodyBrokenError("The page came in an encoding that was not asked for.")
        self._inflater: _Inflater | None = None
        self._members = 0

    @property
    def unpacks(self) -> bool:
        """Whether what is fed is compressed."""
        return self._encoding not in ("", "identity")

    def feed(self, packed: bytes, room: int) -> bytes:
        """At most ``room`` bytes (1 or more) of what the piece unpacks to; the rest is lost.

        Raises BodyBrokenError for what is not compressed the way it says.
        """
        if not self.unpacks:
            return packed[:room]
        chunks: list[bytes] = []
        while packed and room > 0:
            if self._inflater is None or self._inflater.eof:
                self._inflater = self._next_member(packed[0])
            chunks.append(self._inflate(self._inflater, packed, room))
            room -= len(chunks[-1])
            # A gzip body may have several members (RFC 1952 2.2).
            packed = self._inflater.unused_data
        return b"".join(chunks)

    def finish(self) -> None:
        """Raises BodyBrokenError when the packed body ended in the middle."""
        if self._inflater is not None and not self._inflater.eof:
            raise BodyBrokenError("The compressed page ended in the middle.")

    def _next_member(self, first_byte: int) -> _Inflater:
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise BodyBrokenError("The compressed page is in too many parts.")
        if self._encoding == "gzip":
            return isal_zlib.decompressobj(_GZIP)
        # "deflate" is the zlib format (RFC 1950), but some servers send it without its frame.
        framed = first_byte & 0x0F == _ZLIB_METHOD_DEFLATE
        return isal_zlib.decompressobj(zlib.MAX_WBITS if framed else -zlib.MAX_WBITS)

    @staticmethod
    def _inflate(inflater: _Inflater, packed: bytes, room: int) -> bytes:
        try:
            return inflater.decompress(packed, room)
        except isal_zlib.error as exc:  # type: ignore[misc]  # its stub says instance for class
            raise BodyBrokenError("The page is not compressed the way it says.") from exc


def gzip_member(data: bytes | memoryview) -> bytes:
    """The data as one gzip member."""
    packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)
    return packer.compress(data) + packer.flush()


def stored_member(data: bytes | memoryview) -> bytes:
    """The data as one gzip member that only frames it: what is compressed already gains nothing from being compressed again."""
    framer = zlib.compressobj(0, zlib.DEFLATED, _GZIP)
    return framer.compress(data) + framer.flush()
