"""Channels: where alerts go, what was sent, and what was not."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from azscraper.channels import channels, log
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.web import alerting
from azscraper.web.dashboard.forms import given, read, text
from azscraper.web.dashboard.render import go, is_fragment, language_of, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.wire.channels import ChannelChange, NewChannel

router = APIRouter(route_class=PageRoute)

_PAGE = 25


@router.get("/projects/{project_id}/channels")
async def list_channels(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """The project's channels, and the form of a new one."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await channels.find_all(conn, session.principal, project_id)
    return render(request, "channels.html", project=project, channels=found, sends_mail=services.sends_mail)


@router.post("/projects/{project_id}/channels")
async def create_channel(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Make a channel; its first message is on its way."""
    place = text(form, "address")
    body = read(
        NewChannel,
        {"url" if "://" in place else "email": place, **given(form, "name"), "language": language_of(request)},
    )
    async with transaction(services.pool) as conn:
        made = await alerting.create_channel(conn, services, session.principal, project_id, body)
    return go(request, f"/app/channels/{made.id}", notice="created")


@router.get("/channels/{channel_id}")
async def show_channel(
    *,
    request: Request,
    channel_id: str,
    session: User_,
    services: ServicesDep,
    before: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
) -> Response:
    """One channel and its messages, newest first."""
    async with transaction(services.pool) as conn:
        channel = await channels.get(conn, session.principal, channel_id)
        project = await projects.get(conn, session.principal, channel.project_id)
        page = await log.find_slice(conn, session.principal, channel_id, before=before, limit=_PAGE)
    return render(
        request,
        "_messages.html" if is_fragment(request) else "channel.html",
        project=project,
        channel=channel,
        messages=page.items,
        more=page.cursor,
        before=before,
    )


@router.post("/channels/{channel_id}")
async def change_channel(
    request: Request, channel_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Another name or language, on and off."""
    action = text(form, "action")
    if action in {"enable", "disable"}:
        body = ChannelChange(enabled=action == "enable")
    else:
        body = read(ChannelChange, given(form, "name", "language"))
    async with transaction(services.pool) as conn:
        await channels.change(
            conn, session.principal, channel_id, name=body.name, language=body.language, enabled=body.enabled
        )
    return go(request, f"/app/channels/{channel_id}", notice="saved")


@router.post("/channels/{channel_id}/test")
async def send_test(request: Request, channel_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Send a test message."""
    async with transaction(services.pool) as conn:
        await log.send_test(conn, session.principal, channel_id, now=services.clock())
    return go(request, f"/app/channels/{channel_id}", notice="message_sent")


@router.post("/channels/{channel_id}/delete")
async def delete_channel(request: Request, channel_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Delete the channel and its messages."""
    async with transaction(services.pool) as conn:
        channel = await channels.get(conn, session.principal, channel_id)
        await channels.delete(conn, session.principal, channel_id)
    return go(request, f"/app/projects/{channel.project_id}/channels", notice="deleted")
