"""Channels over HTTP: where a project's alerts go."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from azscraper.channels import channels, log
from azscraper.channels.channels import Channel
from azscraper.store.db import transaction
from azscraper.web import alerting
from azscraper.web.deps import Caller, Limit, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.once import OnceDep
from azscraper.wire.channels import ChannelChange, ChannelMessageOut, ChannelOut, NewChannel
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta, listed

router = APIRouter(tags=["channels"], route_class=StrictJson)

_Cursor = Annotated[int | None, Query(ge=0, le=2**63 - 1)]


@router.post(
    "/projects/{project_id}/channels",
    status_code=201,
    operation_id="createChannel",
    response_model=Envelope[ChannelOut],
    responses=errors(400, 401, 403, 404, 409, 413, 429),
)
async def create_channel(
    project_id: str, body: NewChannel, caller: Caller, services: ServicesDep, once: OnceDep
) -> Response:
    """Create a channel. A service gets a test message, a mail recipient one mail that asks for their consent; 20 new recipients per day."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        channel = await alerting.create_channel(conn, services, caller, project_id, body)
        return await once.answer(conn, Envelope(data=_out(channel)))


def _out(channel: Channel) -> ChannelOut:
    return ChannelOut.of(channel, address=channel.shown)


@router.get("/projects/{project_id}/channels", operation_id="listChannels", responses=errors(401, 403, 404))
async def list_channels(project_id: str, caller: Caller, services: ServicesDep) -> ListEnvelope[ChannelOut]:
    """A project's channels, newest first."""
    async with transaction(services.pool) as conn:
        found = await channels.find_all(conn, caller, project_id)
    return ListEnvelope(data=[_out(channel) for channel in found], meta=Meta(total=len(found)))


@router.get("/channels/{channel_id}", operation_id="getChannel", responses=errors(401, 403, 404))
async def get_channel(channel_id: str, caller: Caller, services: ServicesDep) -> Envelope[ChannelOut]:
    """One channel."""
    async with transaction(services.pool) as conn:
        return Envelope(data=_out(await channels.get(conn, caller, channel_id)))


@router.patch("/channels/{channel_id}", operation_id="changeChannel", responses=errors(400, 401, 403, 404, 409, 413))
async def change_channel(
    channel_id: str, body: ChannelChange, caller: Caller, services: ServicesDep
) -> Envelope[ChannelOut]:
    """Change the name or the language; switch off or on."""
    async with transaction(services.pool) as conn:
        channel = await channels.change(
            conn, caller, channel_id, name=body.name, language=body.language, enabled=body.enabled
        )
    return Envelope(data=_out(channel))


@router.delete("/channels/{channel_id}", status_code=204, operation_id="deleteChannel", responses=errors(401, 403, 404))
async def delete_channel(channel_id: str, caller: Caller, services: ServicesDep) -> None:
    """Delete a channel and its messages."""
    async with transaction(services.pool) as conn:
        await channels.delete(conn, caller, channel_id)


@router.post(
    "/channels/{channel_id}/test",
    status_code=201,
    operation_id="testChannel",
    response_model=Envelope[ChannelMessageOut],
    responses=errors(400, 401, 403, 404, 409, 429),
)
async def test_channel(channel_id: str, caller: Caller, services: ServicesDep, once: OnceDep) -> Response:
    """Send a test message; six per minute."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        sent = await log.send_test(conn, caller, channel_id, now=services.clock())
        return await once.answer(conn, Envelope(data=ChannelMessageOut.of(sent)))


@router.get("/channels/{channel_id}/messages", operation_id="listChannelMessages", responses=errors(400, 401, 403, 404))
async def list_messages(
    *, channel_id: str, caller: Caller, services: ServicesDep, limit: Limit = 20, cursor: _Cursor = None
) -> ListEnvelope[ChannelMessageOut]:
    """A channel's messages, newest first; limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await log.find_slice(conn, caller, channel_id, before=cursor, limit=limit)
    return listed(ChannelMessageOut, page, limit=limit)
