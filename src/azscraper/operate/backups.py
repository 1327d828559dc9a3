"""A backup: the database, the archive and the secrets in one file, made while everything runs; and the way back.

The file is a tar. The dump is taken before the archive is read: segments only grow, and a page is durable before the row that
names it, so each page that the dump names is in the file.
"""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

import orjson
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import azscraper
from azscraper.errors import InvalidInputError, UnavailableError
from azscraper.store import migrations
from azscraper.store.db import telling_outages
from azscraper.store.embedded.folder import make_private, sync_folder
from azscraper.store.embedded.programs import environ, program

_FORMAT = 1
_MANIFEST = "azscraper-backup.json"
_DUMP = "database.dump"
_SECRETS = "secrets"
_PAGES = "pages"
_DRAFT = "restore.new"
_BLOCK_BYTES = 1024 * 1024
_LONGEST_SECRET_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; the first file in it."""

    format: int
    release: str
    schema: str
    """Version of the schema, four digits."""
    made_at: str
    has_archive: bool
    """Not where pages are kept in an object store, which has its own backups."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made or restored."""

    manifest: Manifest
    segments: int
    """Files of the archive."""


def write(target: Path, *, url: str, archive: Path | None, secrets: Mapping[str, str], now: datetime) -> Backup:
    """Write the backup to the file, which has its name once it is whole and on the disk. Readable by its owner alone.

    ``archive`` is the folder of pages, ``secrets`` are files by name. Raises InvalidInputError where the file can't be
    written, UnavailableError where the database can't be read.
    """
    manifest = Manifest(
        _FORMAT, azscraper.__version__, migrations.version_of(url) or "0000", now.isoformat(), archive is not None
    )
    try:
        with _whole(target) as file, TemporaryFile(dir=target.absolute().parent) as dump:
            _dump(url, dump)
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                _add(tar, _MANIFEST, orjson.dumps(asdict(manifest)))
                for name, secret in secrets.items():
                    _add(tar, f"{_SECRETS}/{name}", secret.encode())
                _add_file(tar, _DUMP, dump)
                return Backup(manifest, _add_segments(tar, archive) if archive else 0)
    except OSError as exc:
        raise InvalidInputError(f"{target} can't be written: {exc.strerror}; nothing is left of it") from exc


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    """A file that replaces the target when the block ends well."""
    draft = target.absolute().with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        sync_folder(target.absolute().parent)
    finally:
        draft.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    tar.addfile(_member(name, len(data)), BytesIO(data))


def _add_file(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    """The file as long as it is now; one that is shortened meanwhile, behind a torn record, is filled up with zeros."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    tar.addfile(_member(name, size), _Fixed(file, size))


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Fixed(BytesIO):
    """So many bytes of a file, whatever becomes of its end."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        super().__init__()
        self._file, self._left = file, size

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        data = self._file.read(wanted).ljust(wanted, b"\0")
        self._left -= wanted
        return data


def _add_segments(tar: tarfile.TarFile, archive: Path) -> int:
    added = 0
    for path in sorted((archive / _PAGES).rglob("*.warc.gz")):
        with suppress(FileNotFoundError), path.open("rb") as file:  # its day may end meanwhile
            _add_file(tar, str(PurePosixPath("archive", *path.relative_to(archive).parts)), file)
            added += 1
    return added


def read_manifest(source: Path) -> Manifest:
    """What the file says of itself. Raises InvalidInputError where it is no backup, or one that this release can't read."""
    with _opened(source) as tar:
        first = tar.next()
        if first is None or first.name != _MANIFEST:
            raise InvalidInputError(f"{source} is not a backup of AzScraper")
        manifest = Manifest(**orjson.loads(_content(tar, first).read(_LONGEST_SECRET_BYTES)))
    if manifest.format > _FORMAT or manifest.schema > migrations.newest():
        raise InvalidInputError(
            f"{source} was made by a newer release, {manifest.release}; restore it with that one or a later one"
        )
    return manifest


def secrets_in(source: Path) -> dict[str, str]:
    """The secrets of the backup, by name of their file."""
    with _opened(source) as tar:
        found = [member for member in tar if member.isreg() and PurePosixPath(member.name).parent.name == _SECRETS]
        return {
            PurePosixPath(member.name).name: _content(tar, member).read(_LONGEST_SECRET_BYTES).decode()
            for member in found
        }


def restore_pages(source: Path, archive: Path) -> int:
    """Put the archive's segments into the folder, all or none; how many. Raises InvalidInputError where it has pages."""
    make_private(archive)
    if (archive / _PAGES).exists():
        raise InvalidInputError(f"{archive} has pages already; name an empty --data-dir or AZSCRAPER_ARCHIVE_URL")
    draft = archive / _DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    count = 0
    with _opened(source) as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            if member.isreg() and parts[:2] == ("archive", _PAGES) and ".." not in parts:
                _extract(tar, member, draft.joinpath(*parts[1:]))
                count += 1
    if count:
        (draft / _PAGES).rename(archive / _PAGES)
        draft.rmdir()
        sync_folder(archive)
    return count


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    for folder in reversed(path.parents):
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(_content(tar, member), file, _BLOCK_BYTES)
        file.flush()
        os.fsync(file.fileno())


def restore_database(source: Path, url: str) -> None:
    """Restore the dump into the empty database, in one transaction. Raises InvalidInputError, UnavailableError."""
    require_empty(url)
    with _opened(source) as tar:
        dump = _content(tar, tar.getmember(_DUMP))
        arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        with _running("pg_restore", url, *arguments, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None  # noqa: S101 - asked for
            with suppress(BrokenPipeError), process.stdin as stdin:  # it says itself why it stopped reading
                shutil.copyfileobj(dump, stdin, _BLOCK_BYTES)


def require_empty(url: str) -> None:
    """Raise InvalidInputError where the database has tables."""
    with telling_outages("; check AZSCRAPER_DATABASE_URL"), psycopg.connect(url) as conn:
        row = conn.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1"
        ).fetchone()
    if row is not None:
        raise InvalidInputError("The database has tables already; restore into an empty one")


def _dump(url: str, dump: IO[bytes]) -> None:
    with _running("pg_dump", url, "--format=custom", "--compress=1", "--no-owner", "--no-privileges", stdout=dump):
        pass


@contextmanager
def _running(
    name: str, url: str, *arguments: str, stdin: int = subprocess.DEVNULL, stdout: IO[bytes] | int = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    """PostgreSQL's program on the database; ended and looked at when the block ends. The password is not on its command line.

    Raises UnavailableError with what it says.
    """
    address, password = without_password(url)
    command = [str(program(name)), *arguments, f"--dbname={address}"]
    variables = environ() | ({"PGPASSWORD": password} if password else {})
    with TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=said, env=variables)  # noqa: S603 - ours
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        if process.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or [f"exit code {process.returncode}"]
            raise UnavailableError(f"{name} failed: {next((line for line in lines if 'error' in line), lines[-1])}")


def without_password(url: str) -> tuple[str, str | None]:
    """The database's address for a command line, which all users of the machine can see, and the password."""
    options = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    password = options.pop("password", None)
    return make_conninfo("", **options), password


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as tar:
            yield tar
    except (tarfile.TarError, orjson.JSONDecodeError, TypeError, KeyError, EOFError) as exc:
        raise InvalidInputError(f"{source} is not a backup of AzScraper, or is not whole") from exc
    except OSError as exc:
        raise InvalidInputError(f"{exc.filename or source}: {exc.strerror}") from exc


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    assert content is not None  # noqa: S101 - a regular file
    return content
