"""Pages behind the links in mails. Whoever has the link may: they need no account."""

from fastapi import APIRouter, Request, Response

from azscraper.channels import channels, recipients
from azscraper.channels.links import CONFIRM, UNSUBSCRIBE, recipient_of
from azscraper.store.db import transaction
from azscraper.web.dashboard.render import render
from azscraper.web.dashboard.session import PageRoute
from azscraper.web.deps import ServicesDep
from azscraper.web.guards.limits import LOGIN_BODY_BYTES, takes

router = APIRouter(route_class=PageRoute)


@router.get("/mail/confirm/{token}")
async def ask_to_confirm(request: Request, token: str, services: ServicesDep) -> Response:
    """A button: programs that look into mails open links, and must not agree to anything."""
    recipient_of(services.keys, CONFIRM, token)
    return render(request, "mail.html", what=CONFIRM, done=False)


@router.post("/mail/confirm/{token}")
@takes(LOGIN_BODY_BYTES)
async def confirm(request: Request, token: str, services: ServicesDep) -> Response:
    """The recipient agrees to mails."""
    recipient_id = recipient_of(services.keys, CONFIRM, token)
    async with transaction(services.pool) as conn:
        for channel_id in await recipients.confirm(conn, recipient_id, now=services.clock()):
            await channels.wake(conn, channel_id)
    return render(request, "mail.html", what=CONFIRM, done=True)


@router.get("/mail/unsubscribe/{token}")
async def ask_to_unsubscribe(request: Request, token: str, services: ServicesDep) -> Response:
    """The same the other way round."""
    recipient_of(services.keys, UNSUBSCRIBE, token)
    return render(request, "mail.html", what=UNSUBSCRIBE, done=False)


@router.post("/mail/unsubscribe/{token}")
@takes(LOGIN_BODY_BYTES)
async def unsubscribe(request: Request, token: str, services: ServicesDep) -> Response:
    """The recipient wants no more mails; mail programs ask this by themselves (RFC 8058)."""
    recipient_id = recipient_of(services.keys, UNSUBSCRIBE, token)
    async with transaction(services.pool) as conn:
        await recipients.refuse(conn, recipient_id, now=services.clock())
    return render(request, "mail.html", what=UNSUBSCRIBE, done=True)
