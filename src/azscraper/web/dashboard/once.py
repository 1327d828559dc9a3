"""Forms that create: one that is sent again, because its answer never came, leads to what it created the first time.

A form carries a key of its own. The same key with other contents is another form: what was refused, or changed by hand, is
sent as new.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from azscraper.store.db import Conn
from azscraper.tenants import idempotency
from azscraper.tenants.idempotency import Answer, Key
from azscraper.web.dashboard.forms import text
from azscraper.web.dashboard.session import Form, User_
from azscraper.web.deps import Services, ServicesDep

_SEE_OTHER = 303
_NOT_CONTENTS = frozenset({"form_token", "form_key"})
"""Fields that differ between two loadings of one page."""


@dataclass(frozen=True, slots=True)
class Once:
    """A form that has its effect once; one that carries no key, each time."""

    key: Key | None
    services: Services

    async def led_to(self, conn: Conn) -> str | None:
        """Where the same form led when it came first, None when this is the first."""
        if self.key is None:
            return None
        kept = await idempotency.claim(conn, self.key, now=self.services.clock())
        return kept.body.decode() if kept else None

    async def leads_to(self, conn: Conn, url: str) -> str:
        """The address, which is kept in the caller's transaction."""
        if self.key is not None:
            await idempotency.keep(conn, self.key, Answer(_SEE_OTHER, url.encode()))
        return url


async def _once(request: Request, form: Form, session: User_, services: ServicesDep) -> Once:
    if not text(form, "form_key"):
        return Once(None, services)
    contents = await asyncio.to_thread(_fingerprint, form)
    route = f"{session.user.id} {request.method} {request.url.path}"
    return Once(Key(session.principal.organization_id, route, contents.hex(), contents), services)


def _fingerprint(form: FormData) -> bytes:
    found = hashlib.sha256(repr(text(form, "form_key")).encode())
    for name, value in form.multi_items():
        if name not in _NOT_CONTENTS:
            found.update(repr((name, value)).encode())
    return found.digest()


OnceDep = Annotated[Once, Depends(_once)]
