"""Webhooks: endpoints, their secrets (shown once), what was delivered to them and what was not."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tenants.projects import Project
from azscraper.web.dashboard.forms import read, text, texts
from azscraper.web.dashboard.render import go, is_fragment, render, show_once
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.webhooks import deliveries, endpoints
from azscraper.webhooks.endpoints import Webhook
from azscraper.webhooks.outbound import check_url
from azscraper.wire.requests import NewWebhook, WebhookChange
from azscraper.words import DeliveryStatus, EventType

router = APIRouter(route_class=PageRoute)

_PAGE = 25


@router.get("/projects/{project_id}/webhooks")
async def list_webhooks(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """The project's endpoints, and the form of a new one."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await endpoints.find_all(conn, session.principal, project_id)
    return render(request, "webhooks.html", project=project, webhooks=found, events=list(EventType))


@router.post("/projects/{project_id}/webhooks")
async def create_webhook(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Make an endpoint; the answer shows its secret, and nothing will show it again."""
    body = read(NewWebhook, {"url": text(form, "url"), "events": texts(form, "events")})
    url = check_url(body.url, allow_loopback=services.webhook_allow_loopback)
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        secret = endpoints.new_secret()
        webhook = await endpoints.create(
            conn, session.principal, project_id, url=url, events=body.events, secret=secret, keys=services.keys
        )
    return _secret(request, project, webhook, secret)


def _secret(request: Request, project: Project, webhook: Webhook, secret: str) -> Response:
    return show_once(request, project=project, kind="webhook", secret=secret, next_=f"/app/webhooks/{webhook.id}")


@router.get("/webhooks/{webhook_id}")
async def show_webhook(
    *,
    request: Request,
    webhook_id: str,
    session: User_,
    services: ServicesDep,
    status: DeliveryStatus | None = None,
    before: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
) -> Response:
    """One endpoint and its deliveries, newest first."""
    async with transaction(services.pool) as conn:
        webhook = await endpoints.get(conn, session.principal, webhook_id)
        project = await projects.get(conn, session.principal, webhook.project_id)
        page = await deliveries.find_slice(
            conn, session.principal, webhook_id, status=status, before=before, limit=_PAGE
        )
    return render(
        request,
        "_deliveries.html" if is_fragment(request) else "webhook.html",
        project=project,
        webhook=webhook,
        deliveries=page.items,
        more=page.cursor,
        status=status,
        statuses=list(DeliveryStatus),
        events=list(EventType),
        before=before,
    )


@router.post("/webhooks/{webhook_id}")
async def change_webhook(
    request: Request, webhook_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Another URL, other events, on and off."""
    action = text(form, "action")
    if action in {"enable", "disable"}:
        body = WebhookChange(enabled=action == "enable")
    else:
        body = read(WebhookChange, {"url": text(form, "url"), "events": texts(form, "events")})
    url = None if body.url is None else check_url(body.url, allow_loopback=services.webhook_allow_loopback)
    async with transaction(services.pool) as conn:
        await endpoints.change(conn, session.principal, webhook_id, url=url, events=body.events, enabled=body.enabled)
    return go(request, f"/app/webhooks/{webhook_id}", notice="saved")


@router.post("/webhooks/{webhook_id}/rotate")
async def rotate_secret(request: Request, webhook_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """A new secret, shown this once; the one before signs along for a day."""
    async with transaction(services.pool) as conn:
        webhook, secret = await endpoints.rotate_secret(
            conn, session.principal, webhook_id, keys=services.keys, now=services.clock()
        )
        project = await projects.get(conn, session.principal, webhook.project_id)
    return _secret(request, project, webhook, secret)


@router.post("/webhooks/{webhook_id}/test")
async def send_test(request: Request, webhook_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Send a test event."""
    async with transaction(services.pool) as conn:
        await deliveries.send_test(conn, session.principal, webhook_id, now=services.clock())
    return go(request, f"/app/webhooks/{webhook_id}", notice="sent")


@router.post("/webhooks/{webhook_id}/delete")
async def delete_webhook(request: Request, webhook_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Delete the endpoint and its deliveries."""
    async with transaction(services.pool) as conn:
        webhook = await endpoints.get(conn, session.principal, webhook_id)
        await endpoints.delete(conn, session.principal, webhook_id)
    return go(request, f"/app/projects/{webhook.project_id}/webhooks", notice="deleted")


@router.post("/deliveries/{delivery_id}/redeliver")
async def redeliver(request: Request, delivery_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Send the same event once more."""
    async with transaction(services.pool) as conn:
        delivery = await deliveries.redeliver(conn, session.principal, delivery_id, now=services.clock())
    return go(request, f"/app/webhooks/{delivery.webhook_id}", notice="redelivered")
