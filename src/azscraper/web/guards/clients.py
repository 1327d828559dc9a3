"""Who is on the other side when a password is sent: its address, and whether it has logged in before (device cookies)."""

import os
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request, Response

from azscraper import email_addresses
from azscraper.tenants import credentials
from azscraper.tenants.guesses import Guesser
from azscraper.web.deps import Services, address_of
from azscraper.web.guards import origin
from azscraper.web.guards.proxies import comes_from_unnamed_proxy

_COOKIE = "azscraper_device"
_NONCE_BYTES = 16
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Client:
    """A browser or program."""

    address: str | None
    shares_address: bool
    """The address is that of a proxy which nobody named; the clients behind it can't be told apart."""
    cookie: str
    """The device cookie, empty where there is none."""

    def guesses(self, services: Services, email: str) -> Guesser:
        """The client as one who sends a password for that account."""
        device = credentials.read_device(services.keys, email_addresses.key(email), self.cookie)
        return Guesser(email, self.address, shares_address=self.shares_address, device=device)


def _client(request: Request) -> Client:
    cookie = request.cookies.get(_name(request), "")
    return Client(address_of(request), comes_from_unnamed_proxy(request.scope), cookie)


ClientDep = Annotated[Client, Depends(_client)]


def remember(request: Request, response: Response, email: str) -> None:
    """Give who logged in a count of its own: strangers who guess at this account do not slow it down any more."""
    services = cast("Services", request.app.state.services)
    response.set_cookie(
        _name(request),
        credentials.device_cookie(services.keys, email_addresses.key(email), os.urandom(_NONCE_BYTES)),
        max_age=_YEAR_SECONDS,
        path="/",
        secure=origin.is_secure(request),
        httponly=True,
        samesite="lax",
    )


def _name(request: Request) -> str:
    return f"__Host-{_COOKIE}" if origin.is_secure(request) else _COOKIE
