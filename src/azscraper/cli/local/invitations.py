"""What the admin commands do with invitations. A module of its own because it imports the database, which takes a second."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import typer

from azscraper.cli import show
from azscraper.cli.local.operators import in_transaction
from azscraper.cli.local.serving.processes import database, existing_database, settings_of
from azscraper.cli.remote.connection import DEFAULT_URL
from azscraper.clock import utc_now
from azscraper.errors import ConflictError, InvalidInputError
from azscraper.store.db import Conn
from azscraper.tenants import credentials, sign_ups
from azscraper.tenants.sign_ups import Invitation

_NOTE_LENGTH = 200
_LISTED = 100


def invite(note: str | None, url: str | None, data_dir: Path | None) -> None:
    """Make an invitation and print its link. Raises InvalidInputError, and ConflictError where sign-up is closed."""
    if note is not None and len(note) > _NOTE_LENGTH:
        raise InvalidInputError(f"--note: must have at most {_NOTE_LENGTH} characters")
    settings = settings_of(data_dir)
    if settings.registration == "closed":
        raise ConflictError("AZSCRAPER_REGISTRATION is closed: no invitation opens sign-up; set it to invite")
    code = credentials.new_code(os.urandom(32))

    async def make(conn: Conn) -> Invitation:
        return await sign_ups.invite(conn, None, code=code, note=note or None, now=utc_now())

    with database(settings) as database_url:
        made = asyncio.run(in_transaction(database_url, make))
    origin = (url or settings.public_url or DEFAULT_URL).rstrip("/")
    typer.echo(sign_ups.link(origin, code))
    show.note(f"The link works once, until {_time(made.expires_at)}")


def show_all(data_dir: Path | None) -> None:
    """Print the newest invitations."""
    with existing_database(settings_of(data_dir)) as url:
        page = asyncio.run(in_transaction(url, lambda conn: sign_ups.find_slice(conn, limit=_LISTED, offset=0)))
    now = utc_now()
    show.table(
        {
            "id": lambda each: each.id,
            "status": lambda each: each.status(now),
            "expires": lambda each: _time(each.expires_at),
            "note": lambda each: each.note or "",
        },
        page.items,
        empty="There are no invitations; azscraper admin invite makes one",
    )


def revoke(invitation_id: str, data_dir: Path | None) -> None:
    """Take an invitation back. Raises NotFoundError and ConflictError."""
    with existing_database(settings_of(data_dir)) as url:
        asyncio.run(in_transaction(url, lambda conn: sign_ups.revoke(conn, None, invitation_id)))
    show.note("The invitation is revoked")


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
