"""Starts a program that ends when its parent does, however that dies: ``python launch.py PARENT SIGNAL UID GID PROGRAM …``.

A script of its own, without imports of the package: between fork and exec a process with threads may run hardly anything
safely, and the database's programs must drop root's rights before they ask for that signal, which a change of user clears.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
NOBODY_ELSE = 0o077
"""The umask of what serves: files that it makes are its user's alone."""
_UNCHANGED = -1


def ending_with_us(
    command: Sequence[str], *, by: signal.Signals = signal.SIGTERM, user: tuple[int, int] | None = None
) -> list[str]:
    """The command line that runs ``command`` as a child which gets the signal when this process (on Linux) ends.

    Files that it makes are its user's alone. Ctrl-C, which goes to a terminal's whole group of processes, does not reach
    it: who started it ends it in its turn, the database after those that still write to it. ``user`` is a user's and a group's number, for root, who then drops all
    other rights.
    """
    uid, gid = user or (_UNCHANGED, _UNCHANGED)
    launcher = [sys.executable, "-I", "-S", str(Path(__file__).resolve())]
    return [*launcher, str(os.getpid()), str(int(by)), str(uid), str(gid), *command]


def _launch(parent: int, by: int, uid: int, gid: int, command: list[str]) -> None:
    import ctypes  # noqa: PLC0415 - commands that import this module need none of it; read while we may read all files

    os.umask(NOBODY_ELSE)
    if os.getpgrp() != os.getpid():  # it may have been started as the head of a session
        os.setpgid(0, 0)
    if uid != _UNCHANGED:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    if os.getppid() != parent:  # it ended before it could be noticed
        raise SystemExit(1)
    try:
        os.execv(command[0], command)  # noqa: S606 - that is what this is for
    except OSError as exc:
        raise SystemExit(f"FATAL: {command[0]}: {exc.strerror}") from None


if __name__ == "__main__":
    _launch(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
