"""What the admin commands do with accounts. A module of its own because it imports the database, which takes a second."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from azscraper.cli import show
from azscraper.cli.local.serving.processes import database, existing_database, require_plan, settings_of
from azscraper.clock import utc_now
from azscraper.errors import InvalidInputError
from azscraper.operate import operators
from azscraper.operate.operators import Account
from azscraper.store.db import Conn, open_pool, transaction
from azscraper.tenants import credentials, passwords
from azscraper.wire.requests import Email, Password, in_words

T = TypeVar("T")


def create(email: str, password: Callable[[], str], data_dir: Path | None) -> None:
    """Make an operator. Raises InvalidInputError, and ConflictError when the address has an account."""
    settings = settings_of(data_dir)
    email = _checked(Email, "E-mail address", email)
    password_hash = _hashed(password(), email)
    with database(settings) as url:
        require_plan(settings, url)

        async def create(conn: Conn) -> None:
            await operators.create(conn, email=email, password_hash=password_hash, plan=settings.default_plan)

        asyncio.run(in_transaction(url, create))
    show.note(f"{email} is an operator now")


def promote(email: str, confirm: Callable[[str], None], data_dir: Path | None) -> None:
    """Show the account, ask, and make it an operator. Raises NotFoundError and ConflictError."""
    with existing_database(settings_of(data_dir)) as url:
        account = asyncio.run(in_transaction(url, lambda conn: operators.lock(conn, email.strip())))
        if account.is_operator:
            show.note(f"{account.email} is an operator already")
            return
        _show(account)
        confirm(f"Make {account.email} an operator? Its sessions end, and its organization's API keys are deleted")
        asyncio.run(in_transaction(url, lambda conn: _promote(conn, account.email)))
    show.note(
        f"{account.email} is an operator now; its sessions ended and {_keys(account)} deleted. The password stays: if you"
        f" are not sure who chose it, run azscraper admin reset-password {account.email}"
    )


async def _promote(conn: Conn, email: str) -> None:
    account = await operators.lock(conn, email)
    await operators.promote(conn, account, now=utc_now())


def demote(email: str, data_dir: Path | None) -> None:
    """Take the role away. Raises NotFoundError and ConflictError."""
    with existing_database(settings_of(data_dir)) as url:
        left = asyncio.run(in_transaction(url, lambda conn: _demote(conn, email.strip())))
    show.note(f"{email.strip()} is not an operator any more")
    if left == 0:
        show.note("No operator is left; azscraper admin create creates one")


async def _demote(conn: Conn, email: str) -> int:
    await operators.demote(conn, await operators.lock(conn, email))
    return await operators.count(conn)


def reset_password(email: str, password: Callable[[], str], data_dir: Path | None) -> None:
    """Set an account's password and end its sessions. Raises InvalidInputError and NotFoundError."""
    with existing_database(settings_of(data_dir)) as url:
        account = asyncio.run(in_transaction(url, lambda conn: operators.lock(conn, email.strip())))
        password_hash = _hashed(password(), account.email)
        asyncio.run(in_transaction(url, lambda conn: _reset_password(conn, account.email, password_hash)))
    show.note(f"{account.email} has a new password; its sessions ended")
    if account.keys:
        show.note(f"Its organization's API keys still work ({account.keys}): delete those that you do not know")
    if account.disabled:
        show.note("The account is disabled: an operator can enable it under Administration, Users")


async def _reset_password(conn: Conn, email: str, password_hash: str) -> None:
    account = await operators.lock(conn, email)
    await operators.reset_password(conn, account, password_hash, now=utc_now())


def _show(account: Account) -> None:
    made = f"{account.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    show.facts(
        {
            "account": account.email,
            "created": made,
            "from": account.registered_from or "unknown: the audit has no address",
            "API keys": account.keys,
        }
    )


def _keys(account: Account) -> str:
    return "1 API key was" if account.keys == 1 else f"{account.keys} API keys were"


async def in_transaction(url: str, act: Callable[[Conn], Awaitable[T]]) -> T:
    """What ``act`` gives, in a transaction of its own."""
    async with open_pool(url, size=1) as pool, transaction(pool) as conn:
        return await act(conn)


def _hashed(password: str, email: str) -> str:
    checked = _checked(Password, "Password", password)
    passwords.require(checked, email=email, field="Password")
    return credentials.hash_password(checked)


def _checked(rule: Any, what: str, value: str) -> str:
    """By the same rule as over HTTP; the value itself stays out of the message."""
    try:
        return str(TypeAdapter(rule).validate_python(value))
    except ValidationError as exc:
        raise InvalidInputError(f"{what}: {in_words(exc.errors(include_input=False)[0])}") from None
