"""What routes need: the services, and who is calling."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from azscraper import accounts, credentials
from azscraper.accounts import User
from azscraper.db import Pool, transaction
from azscraper.errors import UnauthenticatedError
from azscraper.web.schemas import ErrorEnvelope


@dataclass(frozen=True, slots=True)
class Services:
    """What the application was built with."""

    pool: Pool
    jwt_secret: str
    default_plan: str
    clock: Callable[[], datetime]
    webhook_allow_loopback: bool = False


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


ServicesDep = Annotated[Services, Depends(_services)]
_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="The accessToken of register or login")


async def _caller(
    services: ServicesDep, credential: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> User:
    if credential is None:
        raise UnauthenticatedError("Send the access token: Authorization: Bearer <accessToken>")
    claims = credentials.read_token(services.jwt_secret, credential.credentials, now=services.clock())
    async with transaction(services.pool) as conn:
        return await accounts.user_of(conn, claims)


Caller = Annotated[User, Depends(_caller)]


def errors(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The error answers of a route, for the OpenAPI document."""
    return {status: {"model": ErrorEnvelope, "description": _MEANING[status]} for status in statuses}


_MEANING = {
    400: "The request is wrong; details names each bad field",
    401: "No valid credential",
    403: "Not allowed, or a limit of the plan is reached",
    404: "No such object in this organization",
    409: "The object's state does not allow it",
    413: "The body is over 16 MiB",
    500: "Our fault; the message carries a request id",
    503: "The database does not answer",
}
