"""The signing secret: given, or made once and kept in the data folder. Never a default."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from azscraper.config import Settings
from azscraper.store.embedded.folder import make_private
from azscraper.tenants.keyring import Keyring

SECRET_FILE = "jwt-secret"  # noqa: S105 - a name


def keyring(settings: Settings) -> Keyring:
    """The secret and those that it replaced."""
    return Keyring(jwt_secret(settings), tuple(old.get_secret_value() for old in settings.jwt_old_secrets))


def jwt_secret(settings: Settings) -> str:
    """The secret of the settings, else the one in the data folder, made at first start (readable by its owner alone)."""
    if settings.jwt_secret is not None:
        return settings.jwt_secret.get_secret_value()
    make_private(settings.data_dir)
    path = settings.data_dir / SECRET_FILE
    _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    """Whole or not at all: processes that start together agree on one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
