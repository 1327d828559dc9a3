"""What ``azscraper admin suspend`` and ``unsuspend`` do. A module of its own because it imports the database, which takes a second."""

import asyncio
from pathlib import Path

import structlog

from azscraper.cli.local.operators import in_transaction
from azscraper.cli.local.serving.processes import existing_database, settings_of
from azscraper.clock import utc_now
from azscraper.ids import is_id
from azscraper.operate import admin, suspensions
from azscraper.store.db import Conn
from azscraper.tenants import accounts
from azscraper.tenants.principal import Principal
from azscraper.wire.admin import OrganizationOut

_log = structlog.get_logger("azscraper")


def suspend(organization: str, data_dir: Path | None, *, cancel_jobs: bool) -> None:
    """Lock out an organization, named by its id or by a user's e-mail address. Raises NotFoundError."""

    async def suspend(conn: Conn) -> OrganizationOut:
        found = await _find(conn, organization)
        await suspensions.suspend(conn, Principal(found.id), found.id, cancel_jobs=cancel_jobs, now=utc_now())
        return found

    with existing_database(settings_of(data_dir)) as url:
        found = asyncio.run(in_transaction(url, suspend))
    _log.info("the organization is suspended", organization_id=found.id, name=found.name)


def unsuspend(organization: str, data_dir: Path | None) -> None:
    """Let an organization in again, named as in ``suspend``. Raises NotFoundError, ConflictError."""

    async def unsuspend(conn: Conn) -> OrganizationOut:
        found = await _find(conn, organization)
        await suspensions.unsuspend(conn, Principal(found.id), found.id, now=utc_now())
        return found

    with existing_database(settings_of(data_dir)) as url:
        found = asyncio.run(in_transaction(url, unsuspend))
    _log.info("the organization is active", organization_id=found.id, name=found.name)


async def _find(conn: Conn, name: str) -> OrganizationOut:
    if is_id(name):
        return await admin.get_organization(conn, name)
    return await admin.get_organization(conn, await accounts.organization_of(conn, name))
