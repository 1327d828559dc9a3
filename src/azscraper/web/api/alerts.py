"""Alerts and notices over HTTP."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Response

from azscraper.store.db import transaction
from azscraper.tracking.alerts import alerts, notices, wording
from azscraper.tracking.alerts.notices import Notice
from azscraper.web import alerting
from azscraper.web.deps import KeyCaller, Limit, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.once import OnceDep
from azscraper.wire.alerts import (
    AlertChange,
    AlertOut,
    AlertPreview,
    AlertTest,
    Marked,
    NewAlert,
    NoticeOut,
    NoticesRead,
)
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta, listed

router = APIRouter(tags=["alerts"], route_class=StrictJson)

_Cursor = Annotated[int | None, Query(ge=0, le=2**63 - 1)]


@router.post(
    "/projects/{project_id}/alerts",
    status_code=201,
    operation_id="createAlert",
    response_model=Envelope[AlertOut],
    responses=errors(400, 401, 404, 409, 413, 429),
)
async def create_alert(
    project_id: str, body: NewAlert, caller: KeyCaller, services: ServicesDep, once: OnceDep
) -> Response:
    """Create an alert: tell me when a product, a keyword or a job becomes as I say."""
    draft = alerting.draft_of(body)
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        ids = await alerting.channel_ids(conn, services, caller, project_id, body.channels)
        alert = await alerts.create(conn, caller, project_id, replace(draft, channels=ids), now=services.clock())
        return await once.answer(conn, Envelope(data=alerting.out(alert)))


@router.post(
    "/projects/{project_id}/alerts/preview",
    operation_id="previewAlert",
    responses=errors(400, 401, 404, 413, 429, 503),
)
async def preview_alert(
    project_id: str, body: NewAlert, caller: KeyCaller, services: ServicesDep
) -> Envelope[AlertPreview]:
    """Show what an alert would have told in the last 30 days, without creating it."""
    found = await alerting.preview(services, caller, project_id, alerting.draft_of(body))
    return Envelope(data=alerting.preview_out(found))


@router.get("/alerts/{alert_id}/preview", operation_id="previewExistingAlert", responses=errors(401, 404, 429, 503))
async def preview_existing_alert(alert_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[AlertPreview]:
    """Show what an alert would have told in the last 30 days, had it begun then."""
    async with transaction(services.pool) as conn:
        alert = await alerts.get(conn, caller, alert_id)
    found = await alerting.preview(services, caller, alert.project_id, alert.draft)
    return Envelope(data=alerting.preview_out(found))


@router.get("/projects/{project_id}/alerts", operation_id="listAlerts", responses=errors(401, 404))
async def list_alerts(project_id: str, caller: KeyCaller, services: ServicesDep) -> ListEnvelope[AlertOut]:
    """A project's alerts, newest first."""
    async with transaction(services.pool) as conn:
        found = await alerts.find_all(conn, caller, project_id)
    return ListEnvelope(data=[alerting.out(alert) for alert in found], meta=Meta(total=len(found)))


@router.get("/alerts/{alert_id}", operation_id="getAlert", responses=errors(401, 404))
async def get_alert(alert_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[AlertOut]:
    """One alert, with the number of products that it leaves out because of their currency."""
    async with transaction(services.pool) as conn:
        alert = await alerts.get(conn, caller, alert_id)
        return Envelope(data=alerting.out(alert, left_out=await alerts.count_left_out(conn, alert)))


@router.patch("/alerts/{alert_id}", operation_id="changeAlert", responses=errors(400, 401, 404, 409, 413, 429))
async def change_alert(
    alert_id: str, body: AlertChange, caller: KeyCaller, services: ServicesDep
) -> Envelope[AlertOut]:
    """Change an alert; switch it off or on."""
    async with transaction(services.pool) as conn:
        old = await alerts.lock(conn, caller, alert_id)
        draft = alerting.changed(old.draft, body)
        if body.channels is not None:
            ids = await alerting.channel_ids(conn, services, caller, old.project_id, body.channels)
            draft = replace(draft, channels=ids)
        alert = await alerts.change(conn, caller, old, draft, now=services.clock())
    return Envelope(data=alerting.out(alert))


@router.delete("/alerts/{alert_id}", status_code=204, operation_id="deleteAlert", responses=errors(401, 404))
async def delete_alert(alert_id: str, caller: KeyCaller, services: ServicesDep) -> None:
    """Delete an alert; its notices stay."""
    async with transaction(services.pool) as conn:
        await alerts.delete(conn, caller, alert_id)


@router.post(
    "/alerts/{alert_id}/test",
    status_code=201,
    operation_id="testAlert",
    response_model=Envelope[AlertTest],
    responses=errors(400, 401, 404, 409, 429),
)
async def test_alert(alert_id: str, caller: KeyCaller, services: ServicesDep, once: OnceDep) -> Response:
    """Send a test message to the alert's channels; six per minute."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        alert = await alerts.get(conn, caller, alert_id)
        sent, left_out = await alerting.send_test(conn, services, caller, alert)
        return await once.answer(conn, Envelope(data=AlertTest(sent_to=sent, left_out=left_out)))


@router.get("/projects/{project_id}/notices", operation_id="listNotices", responses=errors(400, 401, 404))
async def list_notices(
    *,
    project_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    unread: bool = False,
    alert: Annotated[str | None, Query(pattern=r"^[0-9a-f]{24}$")] = None,
    limit: Limit = 20,
    cursor: _Cursor = None,
) -> ListEnvelope[NoticeOut]:
    """What fired, newest first: all, those that nobody read, or those of one alert; limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await notices.find_slice(
            conn, caller, project_id, unread=unread, alert_id=alert, before=cursor, limit=limit
        )
    answer = listed(NoticeOut, replace(page, items=()), limit=limit)
    return answer.model_copy(update={"data": [_notice(each) for each in page.items]})


def _notice(notice: Notice) -> NoticeOut:
    return NoticeOut.of(notice, text=wording.line(notice, "en"), marketplace=notice.marketplace or None)


@router.patch("/projects/{project_id}/notices", operation_id="markNotices", responses=errors(400, 401, 404, 413))
async def mark_notices(
    project_id: str, body: NoticesRead, caller: KeyCaller, services: ServicesDep
) -> Envelope[Marked]:
    """Mark notices as read, or as unread."""
    async with transaction(services.pool) as conn:
        marked = await notices.mark_read(conn, caller, project_id, ids=body.ids, read=body.read, now=services.clock())
    return Envelope(data=Marked(marked=marked))
