"""Compressed bytes: what shops send is unpacked, what the archive keeps is packed. Pure. The only module that knows isal and libdeflate.

isal undoes gzip in half the time of Python's own zlib and packs in a quarter of it; libdeflate, which has no pieces, undoes it in a
third (docs/benchmarks.md).
"""

import zlib
from collections.abc import Sequence
from typing import Protocol

import deflate
from isal import isal_zlib

from azscraper.bytesearch import find
from azscraper.errors import BodyBrokenError, BodyTooLargeError

_ZLIB_METHOD_DEFLATE = 8
_MOST_MEMBERS = 64
"""Of a gzip body: real ones have one. Each costs a copy of the piece that it came in, and may unpack to nothing."""
_GZIP = zlib.MAX_WBITS | 16
_MEMBER_START = b"\x1f\x8b\x08"
"""Of gzip (RFC 1952 2.3), the method included."""
AT_ONCE_BYTES = 1024 * 1024
"""Of a packed body: twice the largest recorded one."""
_LEVEL = 2
"""Of 0 to 3. The last takes three times as long for 3 % less."""


class _Inflater(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Decoder:
    """Undoes a Content-Encoding (RFC 9110 8.4.1), never beyond a limit of bytes, however small they were packed.

    A body of usual size is unpacked at its end and at once, which takes two thirds of the time; a larger one, or one that is
    not what its end says, piece by piece.
    """

    def __init__(self, encodings: Sequence[str], limit: int) -> None:
        """Raises BodyBrokenError for an encoding that nobody asked for."""
        self._encoding = ",".join(encodings).strip().lower().removeprefix("x-")
        if self._encoding not in ("", "identity", "gzip", "deflate"):
            raise BodyBrokenError("The page came in an encoding that was not asked for.")
        self._is_packed = self._encoding in ("gzip", "deflate")
        self._limit = limit
        self._pieces: list[bytes] = []
        self._waiting: list[bytes] = []
        self._received = 0
        self._chunks: list[bytes] = []
        self._size = 0
        self._inflater: _Inflater | None = None
        self._members = 0

    def feed(self, packed: bytes) -> bool:
        """Take the body's next piece; False once there is more than the limit, and nothing further is wanted.

        Raises BodyBrokenError for what is not compressed the way it says, BodyTooLargeError for compressed blocks that unpack
        to nothing and could go on for ever.
        """
        self._received += len(packed)
        if self._received > 2 * self._limit:
            raise BodyTooLargeError("The page is larger packed than it may be unpacked.")
        self._pieces.append(packed)
        self._waiting.append(packed)
        if self._encoding != "gzip" or self._received > AT_ONCE_BYTES:
            self._unpack()
        return self._size <= self._limit

    def finish(self) -> tuple[bytes, bytes | None]:
        """The body, or its first bytes to one beyond the limit where there are more; and as it came, if it came compressed whole.

        Raises BodyBrokenError when the packed body ended in the middle.
        """
        packed = b"".join(self._pieces) if self._is_packed else None
        if packed and not self._chunks:
            body = _unpacked_at_once(packed, self._limit)
            if body is not None:
                return body, packed
        self._unpack()
        body = b"".join(self._chunks)
        if len(body) > self._limit:
            return body, None
        if self._inflater is not None and not self._inflater.eof:
            raise BodyBrokenError("The compressed page ended in the middle.")
        return body, packed

    def _unpack(self) -> None:
        for piece in self._waiting:
            if self._size <= self._limit:
                self._chunks.append(self._unpacked(piece, self._limit + 1 - self._size))
                self._size += len(self._chunks[-1])
        self._waiting.clear()

    def _unpacked(self, packed: bytes, room: int) -> bytes:
        """At most ``room`` bytes (1 or more) of what the piece unpacks to."""
        if not self._is_packed:
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


def _unpacked_at_once(packed: bytes, limit: int) -> bytes | None:
    """What one gzip member holds; None where it is not one member whose end tells its size (RFC 1952 2.3.1), within the limit."""
    size = int.from_bytes(packed[-4:], "little")
    if not 0 < size <= limit or find(packed, _MEMBER_START, 1) >= 0:
        return None
    try:
        return bytes(deflate.gzip_decompress(packed, size))
    except deflate.DeflateError:
        return None


def gzip_member(data: bytes | memoryview) -> bytes:
    """The data as one gzip member."""
    packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)
    return packer.compress(data) + packer.flush()


def stored_member(data: bytes | memoryview) -> bytes:
    """The data as one gzip member that only frames it: what is compressed already gains nothing from being compressed again."""
    framer = zlib.compressobj(0, zlib.DEFLATED, _GZIP)
    return framer.compress(data) + framer.flush()
