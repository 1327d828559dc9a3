"""What ``backup`` and ``restore`` do with this installation. A module of its own because it imports the database, which takes a second."""

import os
import shutil
from pathlib import Path

import orjson
import typer

from azscraper.cli.local.serving.processes import connected, end_on_signals, settings_of
from azscraper.cli.local.serving.secret import SECRET_FILE, jwt_secret
from azscraper.clock import utc_now
from azscraper.config import Settings
from azscraper.errors import InvalidInputError
from azscraper.launch import NOBODY_ELSE
from azscraper.operate import backups
from azscraper.store.embedded.folder import make_private, sync_folder
from azscraper.store.embedded.server import alone_on, embedded_server

_OLD_SECRETS_FILE = "jwt-old-secrets.json"
_DRAFT = "restore.new"
_OURS = {"postgres.lock", "postgres.users", _DRAFT}
"""May be in an empty data folder: of our own, or of a restore that was cut off."""


def backup(file: Path, data_dir: Path | None) -> None:
    """Write the backup, and say what is in it. Raises InvalidInputError, UnavailableError."""
    os.umask(NOBODY_ELSE)
    settings = settings_of(data_dir)
    with connected(settings) as urls:
        made = backups.write(
            file, url=urls.owner, archive=settings.archive_folder, secrets=_secrets(settings), now=utc_now()
        )
    pages = (
        f"{made.segments} files of kept pages"
        if made.manifest.has_archive
        else "no pages, which are in an object store"
    )
    typer.echo(f"{file} ({file.stat().st_size:,} bytes): the database, the master secret, {pages}")


def _secrets(settings: Settings) -> dict[str, str]:
    secrets = {SECRET_FILE: jwt_secret(settings)}
    if settings.jwt_old_secrets:
        secrets[_OLD_SECRETS_FILE] = orjson.dumps([old.get_secret_value() for old in settings.jwt_old_secrets]).decode()
    return secrets


def restore(file: Path, data_dir: Path | None) -> None:
    """Restore the backup, all or nothing. Raises InvalidInputError where there is something already, UnavailableError."""
    end_on_signals()
    os.umask(NOBODY_ELSE)
    settings = settings_of(data_dir)
    manifest = backups.read_manifest(file)
    secrets = backups.secrets_in(file)
    _require_secret(settings, secrets)
    make_private(settings.data_dir)
    if settings.database_url is None:
        with alone_on(settings.data_dir):
            _restore_all(file, settings)
            _put_secrets(settings.data_dir, secrets)
            (settings.data_dir / _DRAFT / "postgres").rename(settings.data_dir / "postgres")
            sync_folder(settings.data_dir)
            shutil.rmtree(settings.data_dir / _DRAFT)
    else:
        url = (settings.database_owner_url or settings.database_url).get_secret_value()
        backups.require_empty(url)
        _restore_pages(file, settings)
        _put_secrets(settings.data_dir, secrets)
        backups.restore_database(file, url)
    typer.echo(f"{file} of {manifest.made_at} is restored; start the service as before")
    if _OLD_SECRETS_FILE in secrets:
        typer.echo(f"Set AZSCRAPER_JWT_OLD_SECRETS to what is in {settings.data_dir / _OLD_SECRETS_FILE}")


def _require_secret(settings: Settings, secrets: dict[str, str]) -> None:
    """Another secret could read nothing of what the restored database holds encrypted."""
    named = settings.jwt_secret.get_secret_value() if settings.jwt_secret else None
    kept = settings.data_dir / SECRET_FILE
    found = named or (kept.read_text().strip() if kept.exists() else None)
    if found is not None and found != secrets.get(SECRET_FILE):
        where = "AZSCRAPER_JWT_SECRET" if named else str(kept)
        raise InvalidInputError(f"{where} is not the secret of the backup; unset it, or name an empty --data-dir")


def _restore_all(file: Path, settings: Settings) -> None:
    """Into a draft beside everything, so that what is cut off leaves an empty installation."""
    draft = settings.data_dir / _DRAFT
    found = {path.name for path in settings.data_dir.iterdir()} - _OURS
    if draft.exists():  # a restore was cut off, maybe before the database as its last part got its name
        found -= {"archive", SECRET_FILE, _OLD_SECRETS_FILE}
    if found:
        raise InvalidInputError(f"{settings.data_dir} is not empty: it has {min(found)}; name an empty --data-dir")
    if draft.exists():
        shutil.rmtree(settings.data_dir / "archive", ignore_errors=True)
        shutil.rmtree(draft)
    with embedded_server(draft) as server:
        backups.restore_database(file, server.url)
    _restore_pages(file, settings)


def _restore_pages(file: Path, settings: Settings) -> None:
    archive = settings.archive_folder
    if archive is None:
        typer.echo("Pages in the backup are left out: AZSCRAPER_ARCHIVE_URL is an object store", err=True)
    else:
        backups.restore_pages(file, archive)


def _put_secrets(data_dir: Path, secrets: dict[str, str]) -> None:
    for name, secret in secrets.items():
        descriptor = os.open(data_dir / name, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secret)
