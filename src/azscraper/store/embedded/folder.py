"""The database's folder: made whole or not at all, looked at before each start. Callers hold the folder's lock."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile

import structlog

from azscraper.errors import InvalidInputError, UnavailableError
from azscraper.launch import ending_with_us
from azscraper.store.embedded.lock import is_alive
from azscraper.store.embedded.programs import MAJOR, SUPERUSER, Account, environ, program_for, spelled

_PRIVATE = 0o700
_READY_LINE = 7
_HBA = "# Written at each start. Only this machine's socket, in a folder of mode 0700, and there only who is named.\nlocal all all peer map=azscraper\n"
_SORTING = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""The same on every machine, whatever languages it has."""

Wait = Callable[["subprocess.Popen[bytes]", signal.Signals], int | None]
"""Waits for a process's end, or ends it by the signal when we are to stop: then None."""

_log = structlog.get_logger(__name__)


def make_private(path: Path) -> None:
    """Make the folder, closed to others; one that is there keeps its mode. Raises InvalidInputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            path.mkdir(mode=_PRIVATE)
        if not path.is_dir():
            raise NotADirectoryError(0, "Not a folder")
    except OSError as exc:
        raise InvalidInputError(f"{path} can't hold the data: {exc.strerror}; choose another --data-dir") from exc


def prepare(data_dir: Path, account: Account, *, lock: int, wait: Wait) -> None:
    """Make ``data_dir/postgres``, or see that this release can run it. Raises InvalidInputError, UnavailableError.

    A cluster is made beside it and then renamed: what is cut off in between leaves nothing that a later start trips over.
    """
    folder = data_dir / "postgres"
    shutil.rmtree(data_dir / "postgres.new", ignore_errors=True)
    if folder.exists():
        _judge(folder)
    if not folder.exists():
        _make(data_dir, account, lock=lock, wait=wait)
    if folder.exists():
        _write_access(folder, account)
        _forget_foreign_pid(folder)
        (folder / ".handle_pids.json").unlink(missing_ok=True)  # of the release before: who used the server


def major_of(folder: Path) -> int | None:
    """The major version of the PostgreSQL that made the folder; None where that was cut off, or nothing is there."""
    try:
        return int((folder / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return None


def _judge(folder: Path) -> None:
    """Raise InvalidInputError for a folder of another major version; put one aside that never became a database."""
    major = major_of(folder)
    if major is None or not (folder / "global" / "pg_control").exists():
        return _put_aside(folder)
    if major < MAJOR:
        raise InvalidInputError(
            f"{folder} is of PostgreSQL {major} and this release runs {MAJOR}: run `azscraper backup FILE` with the release"
            " that you used before, and `azscraper restore FILE` with this one into an empty --data-dir"
        )
    if major > MAJOR:
        raise InvalidInputError(f"{folder} is of PostgreSQL {major} and this release runs {MAJOR}: use a newer release")
    return None


def _put_aside(folder: Path) -> None:
    """Its making was cut off before there was anything in it."""
    if not any(folder.iterdir()):
        folder.rmdir()
        return
    aside = folder.with_name(f"postgres.unfinished-{datetime.now(UTC):%Y%m%d%H%M%S}")
    folder.rename(aside)
    _log.warning("the database's folder was never finished and is put aside", folder=str(aside))


def _make(data_dir: Path, account: Account, *, lock: int, wait: Wait) -> None:
    draft = data_dir / "postgres.new"
    draft.mkdir(mode=_PRIVATE)
    try:
        if account.uid != os.geteuid():
            os.chown(draft, account.uid, account.gid)
        with spelled(draft, account) as (path, descriptors):
            made = _initdb(path, account, (lock, *descriptors), wait)
        if made:
            draft.rename(data_dir / "postgres")
            sync_folder(data_dir)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _initdb(path: str, account: Account, descriptors: tuple[int, ...], wait: Wait) -> bool:
    """Whether it ran to its end; not so when we are to stop. Raises UnavailableError with PostgreSQL's own words."""
    command = [str(program_for(account, "initdb")), "--auth=peer", *_SORTING, "-U", SUPERUSER, "-D", path]
    user = (account.uid, account.gid) if account.uid != os.geteuid() else None
    with TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - ours
            ending_with_us(command, user=user), pass_fds=descriptors, stdout=said, stderr=said, env=environ()
        )
        code = wait(process, signal.SIGTERM)
        if code:
            said.seek(0)
            raise UnavailableError(f"The database can't be made: {why(said.read().decode(errors='replace'))}")
    return code == 0


_STAMP = re.compile(r"^.*?\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] ")
"""What PostgreSQL writes before a message, and initdb before that."""


def why(text: str) -> str:
    """The line of PostgreSQL's messages that tells most, with its hint: what it could not do, not what failed after that."""
    lines = [_STAMP.sub("", line).strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "could not", "error:"))]
    failed = [line for line in telling if "could not" in line]
    chosen = (failed or telling or lines or ["it said nothing"])[-1 if "FATAL" in text or "PANIC" in text else 0]
    hints = [line for before, line in pairwise(lines) if before == chosen and line.startswith("HINT:")]
    return f"{chosen} ({hints[-1].removeprefix('HINT:').strip()})" if hints else chosen


def _write_access(folder: Path, account: Account) -> None:
    """Who may connect, and as whom: the account and root, as every role."""
    names = dict.fromkeys([account.name, "root"])
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _write(descriptor, "pg_hba.conf", _HBA, account)
        _write(descriptor, "pg_ident.conf", "".join(f'azscraper "{name}" all\n' for name in names), account)
    finally:
        os.close(descriptor)


def _write(folder: int, name: str, text: str, account: Account) -> None:
    """Anew: the folder may be another user's, whose links we don't follow."""
    draft = f"{name}.new"
    with suppress(FileNotFoundError):
        os.unlink(draft, dir_fd=folder)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        if account.uid != os.geteuid():
            os.fchown(descriptor, account.uid, account.gid)
    os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)


def _forget_foreign_pid(folder: Path) -> None:
    """After a crash of the machine or its container the number may be another process's, and PostgreSQL would not start.

    That no server is left to lose is certain: each holds the lock that our caller holds now, and ``server`` has ended older ones.
    """
    pid = server_pid(folder)
    if pid is not None and is_alive(pid) and not is_postgres(pid):
        (folder / "postmaster.pid").unlink(missing_ok=True)


def server_pid(folder: Path) -> int | None:
    """The number that the last server on the folder had; None where it ended in order."""
    return int(lines[0]) if (lines := _pid_file(folder)) and lines[0].strip().isdigit() else None


def is_ready(folder: Path) -> bool:
    """Whether a living server on the folder takes connections."""
    lines = _pid_file(folder)
    pid = server_pid(folder)
    return len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready" and pid is not None and is_alive(pid)


def _pid_file(folder: Path) -> list[str]:
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def is_postgres(pid: int) -> bool:
    """Whether the process is a PostgreSQL server."""
    try:
        return (Path("/proc") / str(pid) / "comm").read_text().strip() == "postgres"
    except OSError:
        if sys.platform == "linux":  # it has ended
            return False
    found = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607 - a number
    return "postgres" in found.stdout


def sync_folder(path: Path) -> None:
    """Make the names in the folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
