"""What the admin commands do. A module of its own because it imports the database, which takes a second."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError

from azscraper import admin, credentials
from azscraper.cli.processes import database, require_plan, settings_of
from azscraper.db import open_pool, transaction
from azscraper.errors import InvalidInputError
from azscraper.web.schemas import Email, Password, in_words

_log = structlog.get_logger("azscraper")


def create(email: str, password: Callable[[], str], data_dir: Path | None) -> None:
    """Make an operator, or make one of an existing user; ``password`` is asked for a new one's. Raises InvalidInputError."""
    settings = settings_of(data_dir)
    email = _checked(Email, "E-mail address", email)
    with database(settings) as url:
        require_plan(settings, url)
        asyncio.run(_create(url, email, password, settings.default_plan))


async def _create(url: str, email: str, password: Callable[[], str], plan: str) -> None:
    async with open_pool(url, size=1) as pool:
        async with transaction(pool) as conn:
            user = await admin.find_user(conn, email)
            if user is not None:
                await admin.promote(conn, user)
                _log.info("an existing user is an operator now; the password stays", email=user.email)
                return
        password_hash = credentials.hash_password(_checked(Password, "Password", password()))
        async with transaction(pool) as conn:
            await admin.create(conn, email=email, password_hash=password_hash, plan=plan)
        _log.info("the operator is made", email=email)


def _checked(kind: Any, what: str, value: str) -> str:
    """By the same rule as over HTTP; the value itself stays out of the message."""
    try:
        return str(TypeAdapter(kind).validate_python(value))
    except ValidationError as exc:
        raise InvalidInputError(f"{what}: {in_words(exc.errors(include_input=False)[0])}") from None
