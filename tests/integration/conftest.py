"""The HTTP application without a socket: requests go straight into it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from azscraper.ids import new_id
from azscraper.operate import operators
from azscraper.store.db import Pool, transaction
from azscraper.tenants import accounts, credentials, projects
from azscraper.tenants.credentials import sign_token
from azscraper.tenants.keyring import Keyring
from azscraper.web.deps import Services
from azscraper.webhooks.outbound import Outbound
from integration.deliveryworld import World
from integration.one_app import App

SECRET = "a master secret of at least thirty-two characters"


@dataclass
class Tenant:
    """A logged-in user with a project."""

    http: httpx.AsyncClient
    project_id: str
    token: str

    async def post_job(self, **body: Any) -> dict[str, Any]:
        body = {"type": "details", "targets": ["B000000001", "B000000002"]} | body
        response = await self.http.post(f"/projects/{self.project_id}/jobs", json=body)
        assert response.status_code == 201, response.text
        return response.json()["data"]


@pytest.fixture(autouse=True, scope="session")
def _hashes_with_little_work() -> Iterator[None]:
    """From the first test on: a hash that was made with more work costs as much whenever it is compared."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(credentials, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def services(pool: Pool) -> Services:
    return Services(pool, Keyring(SECRET), "unlimited", lambda: datetime.now(UTC))


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def tenant(services: Services) -> AsyncIterator[Tenant]:
    async for tenant in _tenant(services, "ann@example.com"):
        yield tenant


@pytest.fixture
async def stranger(services: Services) -> AsyncIterator[Tenant]:
    async for tenant in _tenant(services, "bob@example.com"):
        yield tenant


async def _tenant(services: Services, email: str) -> AsyncIterator[Tenant]:
    async with transaction(services.pool) as conn:  # not over HTTP: a password's hash takes its time
        user = await accounts.register(conn, email=email, password_hash="none", name=None, plan="unlimited")
        project = await projects.create(conn, user.principal(), "EU keywords")
    token = sign_token(
        Keyring(SECRET),
        user_id=user.id,
        organization_id=user.organization_id,
        token_id=new_id(),
        now=datetime.now(UTC),
    )
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield Tenant(client, project.id, token)


@pytest.fixture
async def operator(stranger: Tenant, pool: Pool) -> Tenant:
    """The stranger, as an operator."""
    async with transaction(pool) as conn:
        bob = await operators.lock(conn, "bob@example.com")
        await operators.promote(conn, bob, now=datetime.fromtimestamp(0, UTC))  # the stranger's session goes on
    return stranger


@pytest.fixture
async def world(pool):
    """An organization, its project and its webhooks."""
    async with Outbound(allow_loopback=True) as outbound:
        yield await World(pool, outbound).begin()
