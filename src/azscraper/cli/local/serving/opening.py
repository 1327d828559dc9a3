"""What the start of the HTTP service decides and prints: who may sign up, the address to open, the set-up link."""

import os
from dataclasses import dataclass

import structlog

from azscraper.clock import utc_now
from azscraper.config import Settings
from azscraper.operate import operators
from azscraper.store.db import Pool, transaction
from azscraper.tenants import credentials, sign_ups
from azscraper.tenants.sign_ups import Registration

_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not listened on
_CODE_BYTES = 32
_CLOSED = " (nobody can sign up; azscraper admin create ADDRESS makes the first operator)"

_log = structlog.get_logger("azscraper")


@dataclass(frozen=True, slots=True)
class Opening:
    """How a service opens."""

    registration: Registration
    line: str
    """For whoever is at the terminal; holds the set-up link, and so is not logged."""


async def opening(pool: Pool, settings: Settings, *, host: str, port: int) -> Opening:
    """Decide, and make a set-up link where sign-up is by invitation and nobody is an operator yet."""
    async with transaction(pool) as conn:
        was_open = await sign_ups.was_open(conn)
        registration = sign_ups.registration_of(settings, host=host, was_open=was_open)
        code = credentials.new_code(os.urandom(_CODE_BYTES))
        by_link = registration is Registration.INVITE
        made = await sign_ups.begin_set_up(conn, code=code, now=utc_now()) if by_link else None
        nobody = registration is Registration.CLOSED and await operators.count(conn) == 0
    if was_open and sign_ups.is_left_open(settings, host=host):
        _log.warning(
            "everybody who can connect may sign up; set AZSCRAPER_REGISTRATION to invite, or to open to keep it"
        )
    line = _line(address_to_open(settings, host=host, port=port), code if made else None)
    return Opening(registration, line + _CLOSED if nobody else line)


def address_to_open(settings: Settings, *, host: str, port: int) -> str:
    """The public address, or else one at which this machine reaches the service."""
    if settings.public_url is not None:
        return settings.public_url
    name = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def _line(address: str, code: str | None) -> str:
    if code is None:
        return f"AzScraper is ready: open {address}"
    days = sign_ups.LIFETIME.days
    return f"AzScraper is ready: open {sign_ups.link(address, code)} to set it up (works once, within {days} days)"
