"""The embedded server as a child of the process that runs it: kept running while it is used, stopped by the last one out.

Every process that uses the database of a folder stands by. One of them holds the folder's lock and runs the server; when that
process ends, however it ends, the next one takes over.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import orjson
import structlog

from azscraper.errors import InvalidInputError, ServiceError, UnavailableError
from azscraper.launch import ending_with_us
from azscraper.store.embedded import folder as folders
from azscraper.store.embedded.lock import FolderLock, Holder, Users, is_alive, open_private
from azscraper.store.embedded.programs import SUPERUSER, Account, account_for, environ, program_for, spelled

_LOOK_SECONDS = 0.05
_SAY_SECONDS = 10.0
"""What takes longer than this is told, once in so long."""
_STOP_SECONDS = 60.0
"""A server that has not ended by then is ended without a checkpoint: the next start recovers."""
_LOG_BYTES = 10_000_000
"""The server's log of this size becomes the old log at the next start."""
_LONGEST_PATH = 103
"""Bytes of a socket's path (macOS; four more on Linux)."""
_SOCKET = "/.s.PGSQL.5432"
_STEADY_SECONDS = 60.0
_LONGEST_PAUSE_SECONDS = 30.0

_OPTIONS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_directories": ".",  # the folder itself: no path that could be too long, or hold a comma
    "unix_socket_permissions": "0700",
    "log_checkpoints": "off",
}

_log = structlog.get_logger(__name__)


def pause_after(ran_seconds: float, before: float) -> float:
    """Seconds until the next start of what ended: one, doubled each time, at most 30; one again for what had run for a minute."""
    return 1.0 if before == 0 or ran_seconds >= _STEADY_SECONDS else min(before * 2, _LONGEST_PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes connections."""

    url: str
    """Of its superuser, over a Unix socket."""
    lock: int
    """Descriptor to be inherited by all that must have ended before another server or ``up`` may start on the folder."""


@contextmanager
def embedded_server(data_dir: Path, *, alone: bool = False, patience: float = float("inf")) -> Iterator[Server]:
    """Run the PostgreSQL that comes with the package on ``data_dir/postgres``, or share the one that runs there.

    It is started again whenever it ends. At the block's end a server that others use is kept for them ``patience`` seconds.
    ``alone``: for ``up``, of which a folder has one; raises InvalidInputError where another process runs the server.
    Raises InvalidInputError, UnavailableError when the server can't be had.
    """
    folders.make_private(data_dir)
    data_dir = data_dir.resolve()
    if alone and data_dir.stat().st_mode & 0o077:  # as the releases before left it
        _log.warning("other users of this machine can look into the data folder; run chmod 700", folder=str(data_dir))
    with closing(FolderLock(data_dir, alone=alone)) as lock:
        if alone:
            _take_alone(lock, data_dir)
        with closing(Users(data_dir)) as users, _kept(data_dir, lock), _reachable(data_dir / "postgres") as host:
            try:
                yield Server(_url(host), lock.descriptor)
            finally:
                if lock.is_held and not users.wait_for_the_others(patience):
                    _log.warning("the database is stopped although another process uses it")


def _url(host: str) -> str:
    return f"postgresql://{SUPERUSER}@/{SUPERUSER}?host={quote(host)}"


@contextmanager
def running_server(data_dir: Path) -> Iterator[str | None]:
    """The URL of the server that another process runs on the folder; None where none runs. Starts, keeps and writes nothing."""
    folder = data_dir.resolve() / "postgres"
    if not folders.is_ready(folder):
        yield None
        return
    with _reachable(folder) as host:
        yield _url(host)


@contextmanager
def alone_on(data_dir: Path) -> Iterator[None]:
    """Keep every server from the folder. Raises InvalidInputError where one runs."""
    with closing(FolderLock(data_dir.resolve(), alone=True)) as lock:
        _take_alone(lock, data_dir)
        yield


def _take_alone(lock: FolderLock, data_dir: Path) -> None:
    """Wait for a short command, and for what a killed process left. Raises InvalidInputError where one stays."""
    end = time.monotonic() + _SAY_SECONDS
    told = False
    while not lock.take():
        holder = lock.holder()
        if holder is not None and holder.is_alive and (holder.alone or time.monotonic() > end):
            raise InvalidInputError(
                f"{data_dir} is already run by process {holder.pid}; stop that, or choose another --data-dir"
            )
        if not told:
            _log.info("waiting for the process that uses the data folder", pid=holder.pid if holder else None)
            told = True
        if holder is not None and not holder.is_alive:
            _stop_orphan(data_dir / "postgres")
        time.sleep(_LOOK_SECONDS)


def _stop_orphan(folder: Path) -> None:
    """Where its parent could not take it along, as on systems without such a signal."""
    pid = folders.server_pid(folder)
    if pid is not None and is_alive(pid) and folders.is_postgres(pid):
        os.kill(pid, signal.SIGINT)


@contextmanager
def _reachable(folder: Path) -> Iterator[str]:
    """A path of the folder that is short enough for a socket in it, and without a comma, which parts hosts."""
    if len(os.fsencode(folder)) + len(_SOCKET) <= _LONGEST_PATH and "," not in str(folder):
        yield str(folder)
        return
    if not Path("/proc/self/fd").exists():
        raise InvalidInputError(f"{folder} is too long, or has a comma, for a socket in it; choose another --data-dir")
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/{os.getpid()}/fd/{descriptor}"  # open to our user and root alone, and gone with us
    finally:
        os.close(descriptor)


@contextmanager
def _kept(data_dir: Path, lock: FolderLock) -> Iterator[None]:
    """The server, ready; kept running by a thread until the block ends."""
    keeper = _Keeper(data_dir, lock)
    try:
        keeper.start()
        keeper.wait_until_ready()
        yield
    finally:
        keeper.end()


@dataclass
class _Keeper:
    """Runs the server whenever its folder's lock can be had. A thread: its process has other things to wait for."""

    data_dir: Path
    lock: FolderLock
    failure: Exception | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _was_ready: bool = False
    _pid: int | None = None
    """Of our own server, when we run it."""
    _stands_by: bool = False
    """Whether another process runs it."""

    def __post_init__(self) -> None:
        self.folder = self.data_dir / "postgres"
        self._thread = threading.Thread(target=self._keep, name="embedded-server", daemon=True)
        self.start = self._thread.start

    def end(self) -> None:
        """Stop the server, if it is ours."""
        self._stop.set()
        while self._thread.is_alive():
            self._thread.join(_LOOK_SECONDS)

    def wait_until_ready(self) -> None:
        """However long it recovers. Raises what made the first start fail."""
        told = time.monotonic()
        while not self._is_ready():
            if self.failure is not None:
                raise self.failure
            if time.monotonic() - told > _SAY_SECONDS:
                _log.info("the database is starting", log=str(self._log_path))
                told = time.monotonic()
            time.sleep(_LOOK_SECONDS)
        self._was_ready = True

    def _is_ready(self) -> bool:
        """Of our own server; of another process's where that holds the lock."""
        if self.lock.is_held:
            return (
                self._pid is not None and folders.server_pid(self.folder) == self._pid and folders.is_ready(self.folder)
            )
        return self._stands_by and folders.is_ready(self.folder)

    @property
    def _log_path(self) -> Path:
        return self.data_dir / "postgres.log"

    def _keep(self) -> None:
        pause = 0.0
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                if not self.lock.take():
                    self._stand_by(self.lock.holder())
                    self._stop.wait(_LOOK_SECONDS * 10)
                    continue
                self._run()
            except Exception as exc:  # noqa: BLE001 - a thread: whoever waits for it gets it, else it is logged
                if not self._was_ready:
                    self.failure = _told(exc)
                    return
                failure = _told(exc)
                if isinstance(failure, ServiceError):
                    _log.error("the database does not start", why=failure.message)
                else:
                    _log.exception("the database does not start")
            if not self._stop.is_set():
                pause = pause_after(time.monotonic() - began, pause)
                self._stop.wait(pause)

    def _stand_by(self, holder: Holder | None) -> None:
        self._stands_by = holder is not None and holder.is_alive
        if holder is not None and not holder.is_alive:
            _stop_orphan(self.folder)

    def _run(self) -> None:
        """From the start of the server to its end. Raises what PostgreSQL says when it was never ready."""
        self._refuse_older_release()
        account = account_for(self.folder)
        folders.prepare(self.data_dir, account, lock=self.lock.descriptor, wait=self._wait)
        if self._stop.is_set():
            return
        with spelled(self.folder, account) as (path, descriptors):
            code, said = self._serve(account, path, descriptors)
        if self._stop.is_set():
            return
        if not self._was_ready:
            raise UnavailableError(f"The database does not start: {folders.why(said)}; see {self._log_path}")
        _log.error("the database ended and is started again", exit_code=code, why=folders.why(said))

    def _serve(self, account: Account, path: str, descriptors: tuple[int, ...]) -> tuple[int | None, str]:
        command = [str(program_for(account, "postgres")), "-D", path]
        for name, value in (_OPTIONS | {"azscraper.folder": str(self.folder)}).items():
            command += ["-c", f"{name}={value}"]
        user = (account.uid, account.gid) if account.uid != os.geteuid() else None
        with open(self._log_path, "ab", opener=_private) as log:
            start = log.seek(0, os.SEEK_END)
            process = subprocess.Popen(  # noqa: S603 - ours
                ending_with_us(command, by=signal.SIGINT, user=user),
                pass_fds=(self.lock.descriptor, *descriptors),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environ(),
            )
            self._pid = process.pid
            code = self._wait(process, signal.SIGINT)
            self._pid = None
        with self._log_path.open("rb") as log:
            log.seek(start)
            return code, log.read()[-20_000:].decode(errors="replace")

    def _wait(self, process: "subprocess.Popen[bytes]", by: signal.Signals) -> int | None:
        while not self._stop.wait(_LOOK_SECONDS):
            if process.poll() is not None:
                return process.returncode
        process.send_signal(by)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _log.error("the database does not end and is killed")
            process.send_signal(signal.SIGQUIT)
            process.wait()
        return None

    def _refuse_older_release(self) -> None:
        """The releases before left the server to itself, with a list of who used it: stop it, unless one of them lives."""
        pid = folders.server_pid(self.folder)
        if pid is None or not is_alive(pid) or not folders.is_postgres(pid):
            return
        for user in _users_before(self.folder):
            if user != os.getpid() and is_alive(user):
                raise InvalidInputError(
                    f"{self.data_dir} is run by process {user} of an older release; stop that, or choose another --data-dir"
                )
        _log.warning("a database that a killed process left is stopped first", pid=pid)
        os.kill(pid, signal.SIGINT)
        while is_alive(pid) and not self._stop.wait(_LOOK_SECONDS):
            pass


def _users_before(folder: Path) -> list[int]:
    try:
        found = orjson.loads((folder / ".handle_pids.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return []
    return [pid for pid in found if isinstance(pid, int)] if isinstance(found, list) else []


def _told(exc: Exception) -> Exception:
    if isinstance(exc, OSError):
        return UnavailableError(
            f"The database does not start: {f'{exc.filename}: ' if exc.filename else ''}{exc.strerror}"
        )
    return exc


def _private(path: str, flags: int) -> int:
    """A log that has grown large becomes the old one."""
    file = Path(path)
    if file.exists() and file.stat().st_size > _LOG_BYTES:
        file.replace(f"{path}.old")
    return open_private(file, flags)
