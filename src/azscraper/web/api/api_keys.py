"""Project API keys over HTTP."""

import os
from collections.abc import Iterator

from fastapi import APIRouter, Response

from azscraper.errors import ConflictError
from azscraper.store.db import transaction
from azscraper.tenants import api_keys, credentials
from azscraper.tenants.keyring import Keyring, Purpose
from azscraper.web.deps import Caller, Services, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.once import OnceDep, again
from azscraper.wire.access import ApiKeyOut, Deleted, KeptApiKey, NewApiKeyOut
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta
from azscraper.wire.requests import ApiKeyChange, NewApiKey

router = APIRouter(tags=["api keys"], route_class=StrictJson)


@router.get("/projects/{project_id}/api-keys", operation_id="listApiKeys", responses=errors(401, 403, 404))
async def list_api_keys(project_id: str, caller: Caller, services: ServicesDep) -> ListEnvelope[ApiKeyOut]:
    """The project's keys, newest first, without their secrets."""
    async with transaction(services.pool) as conn:
        found = await api_keys.find_all(conn, caller, project_id)
    return ListEnvelope(data=[ApiKeyOut.of(key) for key in found], meta=Meta(total=len(found)))


@router.post(
    "/projects/{project_id}/api-keys",
    status_code=201,
    operation_id="createApiKey",
    response_model=Envelope[NewApiKeyOut],
    responses=errors(400, 401, 403, 404, 409, 413),
)
async def create_api_key(
    project_id: str, body: NewApiKey, caller: Caller, services: ServicesDep, once: OnceDep
) -> Response:
    """Create a key that reaches this project alone. Only this response shows it.

    If you repeat the request with the same Idempotency-Key, you get the same key: it is not stored, but derived again.
    """
    async with transaction(services.pool) as conn:
        if (kept := await once.kept(conn)) is not None:
            return again(_with_key(services, Envelope[KeptApiKey].model_validate_json(kept.body).data))
        seed = os.urandom(32).hex()
        key = credentials.new_key(credentials.derived_bytes(services.keys.key(Purpose.API_KEY), seed))
        made = await api_keys.create(conn, caller, project_id, name=body.name, key=key)
        answer = Envelope(data=NewApiKeyOut.of(made, key=key))
        return await once.answer(conn, answer, kept=Envelope(data=KeptApiKey.of(made, seed=seed)))


def _with_key(services: Services, kept: KeptApiKey) -> Envelope[NewApiKeyOut]:
    """Raises ConflictError when the service's secret is another than when the key was made."""
    key = next((key for key in _possible_keys(services.keys, kept.seed) if key.endswith(kept.key_hint)), None)
    if key is None:
        raise ConflictError("The key can't be shown again; make another")
    return Envelope(data=NewApiKeyOut(**kept.model_dump(exclude={"seed"}), key=key))


def _possible_keys(keys: Keyring, seed: str) -> Iterator[str]:
    """Of each secret there was; the release before derived them from the secret itself."""
    own = keys.all_keys(Purpose.API_KEY).values()
    for key in (*own, *(secret.encode() for secret in keys.all_secrets)):
        yield credentials.new_key(credentials.derived_bytes(key, seed))


@router.patch(
    "/projects/{project_id}/api-keys/{key_id}",
    operation_id="changeApiKey",
    responses=errors(400, 401, 403, 404, 413),
)
async def change_api_key(
    project_id: str, key_id: str, body: ApiKeyChange, caller: Caller, services: ServicesDep
) -> Envelope[ApiKeyOut]:
    """Rename, disable or enable a key."""
    async with transaction(services.pool) as conn:
        key = await api_keys.change(
            conn, caller, project_id, key_id=key_id, name=body.name, disabled=body.wants_disabled
        )
    return Envelope(data=ApiKeyOut.of(key))


@router.delete("/projects/{project_id}/api-keys/{key_id}", operation_id="deleteApiKey", responses=errors(401, 403, 404))
async def delete_api_key(project_id: str, key_id: str, caller: Caller, services: ServicesDep) -> Envelope[Deleted]:
    """Delete a key."""
    async with transaction(services.pool) as conn:
        await api_keys.delete(conn, caller, project_id, key_id=key_id)
    return Envelope(data=Deleted(id=key_id))
