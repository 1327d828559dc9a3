"""Webhooks and deliveries over HTTP."""

import os
from typing import Annotated

from fastapi import APIRouter, Query, Response

from azscraper.errors import ConflictError
from azscraper.store.db import transaction
from azscraper.tenants.keyring import Keyring, Purpose
from azscraper.web.deps import KeyCaller, Limit, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.once import OnceDep, again
from azscraper.webhooks import deliveries, endpoints
from azscraper.webhooks.outbound import check_url
from azscraper.webhooks.signing import derived_secret
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta, listed
from azscraper.wire.requests import NewWebhook, WebhookChange
from azscraper.wire.webhooks import DeliveryOut, KeptWebhook, WebhookOut, WebhookSecretOut
from azscraper.words import DeliveryStatus

router = APIRouter(tags=["webhooks"], route_class=StrictJson)

_Cursor = Annotated[int | None, Query(ge=0, le=2**63 - 1)]


@router.post(
    "/projects/{project_id}/webhooks",
    status_code=201,
    operation_id="createWebhook",
    response_model=Envelope[WebhookSecretOut],
    responses=errors(400, 401, 404, 409, 413),
)
async def create_webhook(
    project_id: str, body: NewWebhook, caller: KeyCaller, services: ServicesDep, once: OnceDep
) -> Response:
    """Create a webhook, which sends a project's events to a URL, signed by Standard Webhooks. Only this response shows its secret.

    If you repeat the request with the same Idempotency-Key, you get the same secret: it is derived again.
    """
    url = check_url(body.url, allow_loopback=services.webhook_allow_loopback)
    async with transaction(services.pool) as conn:
        if (kept := await once.kept(conn)) is not None:
            return again(_with_secret(services.keys, Envelope[KeptWebhook].model_validate_json(kept.body).data))
        seed = os.urandom(32).hex()
        secret = derived_secret(services.keys.key(Purpose.WEBHOOK_SEED), seed)
        webhook = await endpoints.create(
            conn, caller, project_id, url=url, events=body.events, secret=secret, keys=services.keys
        )
        answer = Envelope(data=WebhookSecretOut.of(webhook, secret=secret))
        kept_ = Envelope(data=KeptWebhook.of(webhook, seed=seed, kid=services.keys.kid, secret=None))
        return await once.answer(conn, answer, kept=kept_)


def _with_secret(keys: Keyring, kept: KeptWebhook) -> Envelope[WebhookSecretOut]:
    """Raises ConflictError when the service has none of the secrets left that there were when the webhook was made."""
    key = keys.all_keys(Purpose.WEBHOOK_SEED).get(kept.kid)
    secret = kept.secret or (derived_secret(key, kept.seed) if key else None)
    if secret is None:
        raise ConflictError("The secret can't be shown again; rotate it")
    return Envelope(data=WebhookSecretOut(**kept.model_dump(exclude={"seed", "kid", "secret"}), secret=secret))


@router.get("/projects/{project_id}/webhooks", operation_id="listWebhooks", responses=errors(401, 404))
async def list_webhooks(project_id: str, caller: KeyCaller, services: ServicesDep) -> ListEnvelope[WebhookOut]:
    """A project's webhooks, newest first."""
    async with transaction(services.pool) as conn:
        found = await endpoints.find_all(conn, caller, project_id)
    return ListEnvelope(data=[WebhookOut.of(webhook) for webhook in found], meta=Meta(total=len(found)))


@router.get("/webhooks/{webhook_id}", operation_id="getWebhook", responses=errors(401, 404))
async def get_webhook(webhook_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[WebhookOut]:
    """One webhook."""
    async with transaction(services.pool) as conn:
        return Envelope(data=WebhookOut.of(await endpoints.get(conn, caller, webhook_id)))


@router.patch("/webhooks/{webhook_id}", operation_id="changeWebhook", responses=errors(400, 401, 404, 413))
async def change_webhook(
    webhook_id: str, body: WebhookChange, caller: KeyCaller, services: ServicesDep
) -> Envelope[WebhookOut]:
    """Change the URL or the events; switch off or on."""
    if body.url is not None:
        check_url(body.url, allow_loopback=services.webhook_allow_loopback)
    async with transaction(services.pool) as conn:
        webhook = await endpoints.change(
            conn, caller, webhook_id, url=body.url, events=body.events, enabled=body.enabled
        )
    return Envelope(data=WebhookOut.of(webhook))


@router.delete("/webhooks/{webhook_id}", status_code=204, operation_id="deleteWebhook", responses=errors(401, 404))
async def delete_webhook(webhook_id: str, caller: KeyCaller, services: ServicesDep) -> None:
    """Delete a webhook and its deliveries."""
    async with transaction(services.pool) as conn:
        await endpoints.delete(conn, caller, webhook_id)


@router.post("/webhooks/{webhook_id}/rotate-secret", operation_id="rotateWebhookSecret", responses=errors(401, 404))
async def rotate_secret(webhook_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[WebhookSecretOut]:
    """Create a new secret, which only this response shows. For 24 hours, messages also carry a signature of the previous one."""
    async with transaction(services.pool) as conn:
        webhook, secret = await endpoints.rotate_secret(
            conn, caller, webhook_id, keys=services.keys, now=services.clock()
        )
    return Envelope(data=WebhookSecretOut.of(webhook, secret=secret))


@router.post(
    "/webhooks/{webhook_id}/test",
    status_code=201,
    operation_id="testWebhook",
    response_model=Envelope[DeliveryOut],
    responses=errors(400, 401, 404, 409, 429),
)
async def test_webhook(webhook_id: str, caller: KeyCaller, services: ServicesDep, once: OnceDep) -> Response:
    """Send a webhook.test event to this webhook alone, whatever events it receives; six per minute."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        delivery = await deliveries.send_test(conn, caller, webhook_id, now=services.clock())
        return await once.answer(conn, Envelope(data=DeliveryOut.of(delivery)))


@router.get("/webhooks/{webhook_id}/deliveries", operation_id="listDeliveries", responses=errors(400, 401, 404))
async def list_deliveries(
    *,
    webhook_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    status: DeliveryStatus | None = None,
    limit: Limit = 20,
    cursor: _Cursor = None,
) -> ListEnvelope[DeliveryOut]:
    """A webhook's deliveries, newest first; limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await deliveries.find_slice(conn, caller, webhook_id, status=status, before=cursor, limit=limit)
    return listed(DeliveryOut, page, limit=limit)


@router.post(
    "/deliveries/{delivery_id}/redeliver",
    status_code=201,
    operation_id="redeliver",
    response_model=Envelope[DeliveryOut],
    responses=errors(400, 401, 404, 409, 429),
)
async def redeliver(delivery_id: str, caller: KeyCaller, services: ServicesDep, once: OnceDep) -> Response:
    """Send the same event once more, as a delivery of its own and under the same webhook-id."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        delivery = await deliveries.redeliver(conn, caller, delivery_id, now=services.clock())
        return await once.answer(conn, Envelope(data=DeliveryOut.of(delivery)))
