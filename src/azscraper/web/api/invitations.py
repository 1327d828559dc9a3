"""The operator's invitations: each link opens sign-up once, for a new organization."""

import os

from fastapi import APIRouter, Request

from azscraper.store.db import transaction
from azscraper.tenants import credentials, sign_ups
from azscraper.web.deps import Admin, Limit, Offset, ServicesDep, errors
from azscraper.web.guards import origin
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.access import Deleted
from azscraper.wire.admin import InvitationOut, NewInvitation, NewInvitationOut
from azscraper.wire.envelopes import Envelope, ListEnvelope, listed

router = APIRouter(prefix="/admin/invitations", tags=["admin"], route_class=StrictJson)

_CODE_BYTES = 32


@router.post("", status_code=201, operation_id="adminCreateInvitation", responses=errors(400, 401, 403, 413))
async def create_invitation(
    request: Request, body: NewInvitation, caller: Admin, services: ServicesDep
) -> Envelope[NewInvitationOut]:
    """Create a link that opens sign-up once, within seven days. Only this response shows it."""
    code = credentials.new_code(os.urandom(_CODE_BYTES))
    async with transaction(services.pool) as conn:
        made = await sign_ups.invite(conn, caller, code=code, note=body.note, now=services.clock())
    link = sign_ups.link(origin.of(request), code)
    return Envelope(data=NewInvitationOut.of(made, code=code, link=link))


@router.get("", operation_id="adminListInvitations", responses=errors(400, 401, 403))
async def list_invitations(
    *, _admin: Admin, services: ServicesDep, limit: Limit = 20, offset: Offset = 0
) -> ListEnvelope[InvitationOut]:
    """Invitations, newest first; those that were used or expired are listed for a month. limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await sign_ups.find_slice(conn, limit=limit, offset=offset)
    return listed(InvitationOut, page, limit=limit, offset=offset)


@router.delete("/{invitation_id}", operation_id="adminRevokeInvitation", responses=errors(401, 403, 404, 409))
async def revoke_invitation(invitation_id: str, caller: Admin, services: ServicesDep) -> Envelope[Deleted]:
    """Revoke an invitation that nobody has used."""
    async with transaction(services.pool) as conn:
        await sign_ups.revoke(conn, caller, invitation_id)
    return Envelope(data=Deleted(id=invitation_id))
