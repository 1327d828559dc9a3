"""Who runs the server of a data folder, and who uses it: locks on files inside it, which end with the processes that hold them."""

import fcntl
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from azscraper.errors import InvalidInputError

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that runs the server."""

    pid: int
    alone: bool
    """Whether it wants no second one of its kind: ``azscraper up``."""

    @property
    def is_alive(self) -> bool:
        """Not so when only what it started still holds the lock."""
        return is_alive(self.pid)


class FolderLock:
    """The lock of whoever runs the server. Children that inherit ``descriptor`` hold it too: it is free when all have ended."""

    def __init__(self, data_dir: Path, *, alone: bool) -> None:
        self.descriptor = open_private(data_dir / "postgres.lock", os.O_RDWR)
        self._alone = alone
        self.is_held = False

    def take(self) -> bool:
        """Whether it is ours now."""
        if not self.is_held and _flock(self.descriptor, fcntl.LOCK_EX):
            self.is_held = True
            line = f"{os.getpid()} {'up' if self._alone else 'command'}"
            os.pwrite(self.descriptor, f"{line:<30}\n".encode(), 0)
        return self.is_held

    def holder(self) -> Holder | None:
        """Who took it last."""
        words = os.pread(self.descriptor, 64, 0).split()
        return Holder(int(words[0]), words[1] == b"up") if len(words) > 1 and words[0].isdigit() else None

    def close(self) -> None:
        """Let go of it."""
        os.close(self.descriptor)


class Users:
    """The processes that use the server, so that the last one out stops it."""

    def __init__(self, data_dir: Path) -> None:
        self._descriptor = open_private(data_dir / "postgres.users", os.O_RDWR)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)  # waits for a server that is just being stopped

    def wait_for_the_others(self, seconds: float) -> bool:
        """Whether they left in time; from then on who comes waits for ``close``."""
        end = time.monotonic() + seconds
        while not _flock(self._descriptor, fcntl.LOCK_EX):
            if time.monotonic() > end:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def close(self) -> None:
        """No longer use it."""
        os.close(self._descriptor)


def is_alive(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def open_private(path: Path, flags: int) -> int:
    """A file that is its owner's alone: never through a link; of whoever owns the folder, so that root leaves nothing closed to them.

    Raises InvalidInputError.
    """
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        hint = f"; run as the user that owns {path.parent}" if isinstance(exc, PermissionError) else ""
        raise InvalidInputError(f"{path} can't be opened: {exc.strerror}{hint}") from exc
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def _flock(descriptor: int, operation: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
        return True
    return False
