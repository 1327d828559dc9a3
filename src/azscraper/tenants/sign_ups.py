"""Who may sign up: everybody, who has an invitation, or nobody; and how many strangers an hour."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import LiteralString

from azscraper.config import Settings
from azscraper.errors import ConflictError, ForbiddenError, RateLimitedError
from azscraper.ids import new_id
from azscraper.slices import Slice
from azscraper.store.db import (
    Conn,
    columns_of,
    count_rows,
    fetch_all,
    fetch_existing,
    fetch_one,
    look_up,
    scalar,
    sweep,
)
from azscraper.tenants import audit, credentials
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal, network_of

LIFETIME = timedelta(days=7)
"""Of an invitation."""
TRIES = 10
WINDOW = timedelta(hours=1)
"""So many sign-ups a network in so much time: more people than sign up from one office, and too few to fill the hashing threads."""
_KEPT = timedelta(days=30)
"""Used and expired invitations are listed so long."""


class Registration(StrEnum):
    """Who may sign up."""

    OPEN = "open"
    INVITE = "invite"
    CLOSED = "closed"


class Opens(StrEnum):
    """What an invitation opens."""

    ORGANIZATION = "organization"
    """A new organization and its owner."""
    SET_UP = "set_up"
    """The same, for the first operator of the installation."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Opens sign-up once. Its code is shown when it is made, and stored nowhere."""

    id: str
    kind: str
    note: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    organization_id: str | None
    """The organization that signed up with it."""

    def status(self, now: datetime) -> str:
        """Open, used or expired."""
        return "used" if self.used_at else "open" if self.expires_at > now else "expired"


@dataclass(frozen=True, slots=True)
class _Count:
    tries: int
    ends_at: datetime


_COLUMNS = columns_of(Invitation)
_USABLE: LiteralString = """code_hash = %(hash)s AND used_at IS NULL AND expires_at > %(now)s
    AND (kind <> 'set_up' OR NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin'))"""


def link(origin: str, code: str) -> str:
    """The page of the dashboard at ``origin`` that takes the code."""
    return f"{origin}/app/signup?invitation={code}"


def registration_of(settings: Settings, *, host: str, was_open: bool) -> Registration:
    """The setting. Without one: open where only this machine can connect, or the installation was open before; else by invitation.

    ``host`` is the address that the service listens on.
    """
    if settings.registration is not None:
        return Registration(settings.registration)
    private = _is_loopback(host) and settings.public_url is None and not settings.trusted_proxies
    return Registration.OPEN if private or was_open else Registration.INVITE


def is_left_open(settings: Settings, *, host: str) -> bool:
    """Whether an installation without the setting is open only because it was before: strangers may be able to connect."""
    return settings.registration is None and registration_of(settings, host=host, was_open=False) is Registration.INVITE


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def was_open(conn: Conn) -> bool:
    """Whether the installation had users while registration could not be closed."""
    return bool(await scalar(conn, bool, "SELECT was_open FROM installation"))


async def has_operator(conn: Conn) -> bool:
    """Whether somebody is an operator."""
    return bool(await scalar(conn, bool, "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')"))


async def admit(
    conn: Conn, registration: Registration, code: str | None, *, address: str | None, now: datetime
) -> None:
    """Let a sign-up go on to what costs time. Who has an invitation is not counted.

    ``code`` is the invitation's. Raises ForbiddenError, which says whom to ask, and RateLimitedError.
    """
    if await look(conn, registration, code, now=now) is None:
        await _count_try(conn, address, now=now)


async def look(conn: Conn, registration: Registration, code: str | None, *, now: datetime) -> Invitation | None:
    """The invitation, if it is good; None where none is needed. Raises ForbiddenError, which says whom to ask."""
    if registration is Registration.CLOSED:
        raise ForbiddenError("Sign-up is closed on this installation; ask its operator")
    params = {"hash": credentials.digest(code or ""), "now": now}
    found = await fetch_one(conn, Invitation, f"SELECT {_COLUMNS} FROM invitations WHERE {_USABLE}", params)
    if found is None and registration is Registration.INVITE:
        raise ForbiddenError(await _refusal(conn, code))
    return found


async def _refusal(conn: Conn, code: str | None) -> str:
    if not await has_operator(conn):
        return "This installation is not set up yet; open the link that it printed in its terminal at the last start"
    if code is None:
        return "Sign-up is by invitation on this installation; ask its operator for a link"
    return "This invitation was used or has expired; ask the operator of this installation for a new link"


async def _count_try(conn: Conn, address: str | None, *, now: datetime) -> None:
    """Raises RateLimitedError, whose transaction takes the try back: the window ends when it would have ended."""
    if address is None:
        return
    count = await fetch_existing(
        conn,
        _Count,
        """INSERT INTO sign_up_tries AS t (network, tries, ends_at) VALUES (%(network)s, 1, %(ends_at)s)
           ON CONFLICT (network) DO UPDATE
           SET tries = CASE WHEN t.ends_at > %(now)s THEN t.tries + 1 ELSE 1 END,
               ends_at = CASE WHEN t.ends_at > %(now)s THEN t.ends_at ELSE excluded.ends_at END
           RETURNING tries, ends_at""",
        {"network": network_of(address), "ends_at": now + WINDOW, "now": now},
    )
    if count.tries > TRIES:
        seconds = ceil((count.ends_at - now).total_seconds())
        raise RateLimitedError("Too many sign-ups from this address; try again later", seconds)
    await sweep(conn, "sign_up_tries", "network", "ends_at < %s", now)


async def use(
    conn: Conn, registration: Registration, code: str | None, organization_id: str, *, now: datetime
) -> Invitation | None:
    """Use the invitation up for the new organization; None where none is needed and none is good.

    Of two sign-ups with one code, or two first operators, one gets it. Raises ForbiddenError for the other.
    """
    if code is None and registration is Registration.OPEN:
        return None
    await conn.execute("SELECT FROM installation FOR UPDATE")
    used = await fetch_one(
        conn,
        Invitation,
        f"UPDATE invitations SET used_at = %(now)s, organization_id = %(organization_id)s WHERE {_USABLE} RETURNING {_COLUMNS}",
        {"hash": credentials.digest(code or ""), "now": now, "organization_id": organization_id},
    )
    if used is None and registration is not Registration.OPEN:
        raise ForbiddenError(await _refusal(conn, code))
    return used


async def invite(conn: Conn, admin: Principal | None, *, code: str, note: str | None, now: datetime) -> Invitation:
    """Keep the hash of a new invitation's code. ``admin`` is the operator who invites; None is the command line."""
    made = await _create(
        conn, Opens.ORGANIZATION, created_by=admin.user_id if admin else None, code=code, note=note, now=now
    )
    await sweep(conn, "invitations", "id", "expires_at < %s", now - _KEPT)
    if admin is not None:
        details = {"after": {"note": note, "expiresAt": made.expires_at.isoformat()}}
        await audit.note(conn, admin, Action.INVITATION_CREATED, made.id, details=details)
    return made


async def begin_set_up(conn: Conn, *, code: str, now: datetime) -> Invitation | None:
    """Keep the hash of a set-up link's code; None, and nothing is kept, where there is an operator.

    Links of other starts stay good: of several processes each prints its own.
    """
    if await has_operator(conn):
        return None
    await conn.execute("DELETE FROM invitations WHERE kind = 'set_up' AND expires_at <= %s", [now])
    return await _create(conn, Opens.SET_UP, created_by=None, code=code, note=None, now=now)


async def end_set_up(conn: Conn) -> None:
    """There is an operator: set-up links that nobody used are void for ever."""
    await conn.execute("DELETE FROM invitations WHERE kind = 'set_up' AND used_at IS NULL")


async def _create(
    conn: Conn, opens: Opens, *, created_by: str | None, code: str, note: str | None, now: datetime
) -> Invitation:
    return await fetch_existing(
        conn,
        Invitation,
        f"""INSERT INTO invitations (id, kind, code_hash, note, created_by, created_at, expires_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING {_COLUMNS}""",
        [new_id(), opens, credentials.digest(code), note, created_by, now, now + LIFETIME],
    )


async def find_slice(conn: Conn, *, limit: int, offset: int) -> Slice[Invitation]:
    """Invitations, newest first; those of the set-up are not among them."""
    rows = await fetch_all(
        conn,
        Invitation,
        f"SELECT {_COLUMNS} FROM invitations WHERE kind = 'organization' ORDER BY id DESC LIMIT %s OFFSET %s",
        [limit, offset],
    )
    return Slice(rows, await count_rows(conn, "SELECT count(*) FROM invitations WHERE kind = 'organization'"))


async def revoke(conn: Conn, admin: Principal | None, invitation_id: str) -> None:
    """Take an invitation back. Raises NotFoundError, and ConflictError for one that was used."""
    found = await look_up(
        conn,
        Invitation,
        f"SELECT {_COLUMNS} FROM invitations WHERE id = %s AND kind = 'organization' FOR UPDATE",
        [invitation_id],
        what="Invitation",
        named=invitation_id,
    )
    if found.used_at is not None:
        raise ConflictError("The invitation was used already")
    await conn.execute("DELETE FROM invitations WHERE id = %s", [invitation_id])
    if admin is not None:
        await audit.note(
            conn, admin, Action.INVITATION_REVOKED, invitation_id, details={"before": {"note": found.note}}
        )
