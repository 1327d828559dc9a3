"""The archive: fetched pages as WARC 1.1, one gzip member a record, in a folder or an object store.

The only module that knows warcio and obstore. A page is kept as it came over the wire, so that it costs a copy and no
compression where the shop compressed it. Many processes write, each to segments of its own; pages that come together are
made durable together. A record that a crash tore is at the end of its segment, and nobody was told its location.
"""

import asyncio
import base64
import errno
import hashlib
import io
import os
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from azscraper import metrics
from azscraper.crawl.packing import gzip_member, stored_member
from azscraper.errors import Detail, InvalidInputError, PageGoneError, UnavailableError
from azscraper.ids import new_id
from azscraper.records import RawPage

SEGMENT_BYTES = 256 * 1024 * 1024
"""A file that has grown over this is closed and another begun."""

_ROOT = "pages"
_LINGER_SECONDS = 0.25
"""An object store has no append: pages are gathered for so long, to one object."""
_PAUSE = timedelta(seconds=30)
"""After a failure nothing is archived for so long: rows count more than pages, and must not wait for a dead store."""
_STORE_TIMEOUT = timedelta(seconds=10)
_ERRORS = (BaseError, OSError, ValueError)
"""What the object store library raises; a time-out and a missing object are OSErrors."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a page's response record is."""

    segment: str
    """Path of the file or object, below the archive's URL."""
    start: int
    """Offset in bytes."""
    length: int
    """Of the compressed record."""


class _Sink(Protocol):
    async def write(self, pages: Sequence[RawPage], now: datetime) -> list[Location]:
        """Make the pages durable; where they are."""


_GONE = (
    "The page is no longer in the archive, or not in the one that this worker reaches: if workers run on several machines, "
    "they need one AZSCRAPER_ARCHIVE_URL."
)


class Archive:
    """One a worker process, safe for concurrent use; use with ``async with``."""

    def __init__(self, url: str, *, software: str, clock: Callable[[], datetime]) -> None:
        """``url`` is ``file:///…`` or one that obstore knows (``s3://bucket/prefix``); credentials and endpoint of an
        object store come from the environment variables of its vendor. ``software`` is named in each segment.

        Raises InvalidInputError for a URL that leads nowhere.
        """
        self._store = _open(url)
        folder = _folder_of(url)
        self._sink: _Sink = _Folder(folder, software) if folder else _Bucket(self._store, software)
        self._linger_seconds = 0.0 if folder else _LINGER_SECONDS
        self._clock = clock
        self._waiting: list[tuple[Sequence[RawPage], asyncio.Future[list[Location] | None]]] = []
        self._flusher: asyncio.Task[None] | None = None
        self._paused_until: datetime | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._flusher is not None:
            await self._flusher

    async def store(self, pages: Sequence[RawPage]) -> list[Location] | None:
        """The locations of the pages, in order, once they are durable. None when the store fails: that is logged."""
        if not pages:
            return []
        if self._paused_until is not None and self._clock() < self._paused_until:
            return None
        stored: asyncio.Future[list[Location] | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((pages, stored))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        return await stored

    async def _flush(self) -> None:
        """Write what waits until nothing does; what comes meanwhile is the next batch."""
        await asyncio.sleep(self._linger_seconds)
        while self._waiting:
            batch, self._waiting = self._waiting, []
            locations = await self._write([page for pages, _ in batch for page in pages])
            for pages, stored in batch:
                mine = None if locations is None else [locations.pop(0) for _ in pages]
                if not stored.done():  # its chunk was cancelled meanwhile
                    stored.set_result(mine)

    async def _write(self, pages: Sequence[RawPage]) -> list[Location] | None:
        try:
            return await self._sink.write(pages, self._clock())
        except _ERRORS as exc:
            self._paused_until = self._clock() + _PAUSE
            metrics.ARCHIVE_FAILURES.inc()
            with suppress(OSError):  # the log may be on the same full disk
                _log.error("pages were not archived", pages=len(pages), pause=str(_PAUSE), error=str(exc)[:500])
            return None

    async def read(self, location: Location) -> RawPage:
        """The page as it was fetched. Raises PageGoneError when it is no longer there."""
        try:
            packed = await obstore.get_range_async(
                self._store, location.segment, start=location.start, length=location.length
            )
            return await asyncio.to_thread(_page, bytes(packed))
        except (*_ERRORS, ArchiveLoadFailed, zlib.error) as exc:
            raise PageGoneError(_GONE) from exc

    async def delete_before(self, day: date) -> int:
        """Delete the segments that were begun before the day (UTC); how many. Raises UnavailableError when the store fails."""
        try:
            return await self._delete_before(day)
        except _ERRORS as exc:
            raise UnavailableError("The archive does not answer") from exc

    async def _delete_before(self, day: date) -> int:
        deleted = 0
        for prefix in await self._days():
            if prefix < f"{_ROOT}/{day:%Y/%m/%d}":
                paths = [found["path"] for found in await obstore.list(self._store, prefix).collect_async()]
                await obstore.delete_async(self._store, paths)
                deleted += len(paths)
        return deleted

    async def _days(self) -> list[str]:
        prefixes = [_ROOT]
        for _ in ("year", "month", "day"):
            listed = [await obstore.list_with_delimiter_async(self._store, prefix) for prefix in prefixes]
            prefixes = [str(found) for each in listed for found in each["common_prefixes"]]
        return prefixes


def _folder_of(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _open(url: str) -> ObjectStore:
    folder = _folder_of(url)
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            return LocalStore(folder, automatic_cleanup=True)
        return from_url(
            url,
            # an endpoint that is named with http:// is meant so; options given here replace those of the environment
            client_options={"timeout": _STORE_TIMEOUT, "connect_timeout": _STORE_TIMEOUT, "allow_http": True},
            retry_config={"max_retries": 3, "retry_timeout": _STORE_TIMEOUT},
        )
    except _ERRORS as exc:
        name = "AZSCRAPER_ARCHIVE_URL"
        raise InvalidInputError(f"{name} can't be opened: {exc}", [Detail(name, "can't be opened")]) from exc


async def probe(url: str) -> None:
    """Write an object, read it back and remove it. Raises UnavailableError with the store's reason, InvalidInputError for a bad URL."""
    path, data = f"doctor/{new_id()}", b"Written by azscraper doctor"
    store = _open(url)
    try:
        await obstore.put_async(store, path, data)
        try:
            found = await (await obstore.get_async(store, path)).bytes_async()
        finally:
            await obstore.delete_async(store, path)
    except _ERRORS as exc:
        raise UnavailableError(f"The archive can't be written to and read: {str(exc).splitlines()[0][:300]}") from exc
    if bytes(found) != data:
        raise UnavailableError("The archive returns other data than was written to it")


class _Folder:
    """Appends to one file, and begins another each day and when the file is large. One writer at a time."""

    def __init__(self, folder: Path, software: str) -> None:
        self._folder = folder
        self._software = software
        self._segment = ""
        self._size = 0
        self._day: date | None = None

    async def write(self, pages: Sequence[RawPage], now: datetime) -> list[Location]:
        """Durable means flushed to the disk, as PostgreSQL's commits are."""
        return await asyncio.to_thread(self._append, pages, now)

    def _append(self, pages: Sequence[RawPage], now: datetime) -> list[Location]:
        data, locations = _records(pages)
        if self._day != now.date() or self._size >= SEGMENT_BYTES:
            self._begin(now)
        self._day = None  # should this fail, nothing more goes behind what may be a torn record
        start = _append_durably(self._folder / self._segment, data)
        self._day = now.date()
        self._size = start + len(data)
        return [Location(self._segment, start + location.start, location.length) for location in locations]

    def _begin(self, now: datetime) -> None:
        self._segment = _new_segment(now)
        path = self._folder / self._segment
        path.parent.mkdir(parents=True, exist_ok=True)
        head = _head(self._segment, self._software, now)
        _append_durably(path, head)
        for folder in (path.parent, *path.parent.parents[:4]):  # each holds the name of the one before
            sync_folder(folder)
        self._size = len(head)


def _append_durably(path: Path, data: bytes) -> int:
    """Append all of it, or nothing; where it begins. Raises OSError."""
    with path.open("ab", buffering=0) as file:
        start = os.fstat(file.fileno()).st_size
        try:
            _write_all(file, data)
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                os.ftruncate(file.fileno(), start)  # to the last whole record
            raise
    return start


def _write_all(file: io.FileIO, data: bytes) -> None:
    """A disk that fills takes a part of what it is given, and says so by a number alone."""
    left = memoryview(data)
    while left:
        written = file.write(left)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left = left[written:]


def sync_folder(path: Path) -> None:
    """Make the names in the folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Bucket:
    """Writes each batch as one object, whole or not at all."""

    def __init__(self, store: ObjectStore, software: str) -> None:
        self._store = store
        self._software = software

    async def write(self, pages: Sequence[RawPage], now: datetime) -> list[Location]:
        """Durable means that the store has acknowledged the object."""
        segment = _new_segment(now)
        head = _head(segment, self._software, now)
        data, locations = await asyncio.to_thread(_records, pages)
        await obstore.put_async(self._store, segment, head + data)
        return [Location(segment, len(head) + location.start, location.length) for location in locations]


class _Writer(WARCWriter):  # type: ignore[misc]  # published without types
    """Without digests of blocks: a second look at each page, for what gzip's checksum and the payload's digest tell as well."""

    def ensure_digest(self, record: ArcWarcRecord, *, payload: bool = True, **_: bool) -> None:
        super().ensure_digest(record, block=False, payload=payload)


def _new_segment(now: datetime) -> str:
    return f"{_ROOT}/{now.astimezone(UTC):%Y/%m/%d}/{new_id()}.warc.gz"


def _head(segment: str, software: str, now: datetime) -> bytes:
    """The record that says what wrote the segment."""
    writer = _Writer(io.BytesIO(), gzip=False, warc_version="1.1")
    info = {"software": software, "format": "WARC File Format 1.1"}
    record = writer.create_warcinfo_record(segment.rsplit("/", 1)[1], info)
    record.rec_headers.replace_header("WARC-Date", _warc_date(now))
    return gzip_member(_written(record))


def _records(pages: Sequence[RawPage]) -> tuple[bytes, list[Location]]:
    """Response and request of each page; the locations of the responses, counted from the first byte."""
    out = io.BytesIO()
    locations = []
    for page in pages:
        response, request = _pair(page)
        pack = gzip_member if page.packed is None else stored_member
        data = pack(_written(response))
        locations.append(Location("", out.tell(), len(data)))
        out.write(data)
        out.write(gzip_member(_written(request)))
    return out.getvalue(), locations


def _pair(page: RawPage) -> tuple[ArcWarcRecord, ArcWarcRecord]:
    writer = _Writer(io.BytesIO(), gzip=False, warc_version="1.1")
    body = page.body if page.packed is None else page.packed
    headers = [*page.headers, ("Content-Length", str(len(body)))]
    response = writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders(_status_line(page.status), headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": _warc_date(page.fetched_at)},
    )
    url = urlsplit(page.url)
    target = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
    request = writer.create_warc_record(
        page.url,
        "request",
        http_headers=StatusAndHeaders(f"GET {target} HTTP/1.1", [*page.sent], is_http_request=True),
        warc_headers_dict={
            "WARC-Date": _warc_date(page.fetched_at),
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    return response, request


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} "


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _written(record: ArcWarcRecord) -> memoryview:
    """The record, not packed yet: the writer's own gzip, at level 9, takes longer than reading a page."""
    out = io.BytesIO()
    _Writer(out, gzip=False, warc_version="1.1").write_record(record)
    return out.getbuffer()


def _page(packed: bytes) -> RawPage:
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(packed))), None)
    except AttributeError as exc:  # the library's, of a head that is cut off
        raise ArchiveLoadFailed("no whole head") from exc
    if record is None or record.http_headers is None:
        raise ArchiveLoadFailed("no record")
    body = _whole_body(record)
    return RawPage(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(record.http_headers.get_statuscode()),
        body=body,
        content_type=record.http_headers.get_header("Content-Type", ""),
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
    )


def _whole_body(record: ArcWarcRecord) -> bytes:
    """What the page says, unpacked; a page that is not whole is none. Raises ArchiveLoadFailed."""
    raw = record.raw_stream.read()
    length = record.http_headers.get_header("Content-Length")
    digest = record.rec_headers.get_header("WARC-Payload-Digest")
    found = "sha1:" + base64.b32encode(hashlib.sha1(raw, usedforsecurity=False).digest()).decode()
    if (length is not None and length != str(len(raw))) or (digest is not None and digest != found):
        raise ArchiveLoadFailed("the record is not whole")
    record.raw_stream = io.BytesIO(raw)
    return bytes(record.content_stream().read())
