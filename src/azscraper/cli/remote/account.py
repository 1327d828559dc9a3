"""``azscraper login``, ``logout``, ``whoami``, ``usage``: who the commands speak for."""

import os
import sys
from typing import Annotated

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import (
    JsonOption,
    Login,
    address,
    answering,
    login_path,
    save_login,
    saved_login,
    service,
)
from azscraper.client import AzScraper, ForbiddenError
from azscraper.client.models import Project, User
from azscraper.config import PREFIX
from azscraper.errors import InvalidInputError


def login(
    url: Annotated[
        str | None,
        typer.Option(
            envvar=f"{PREFIX}URL", help="Address of the service. Default: that of the last log-in, else this machine."
        ),
    ] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address. Default: the command asks.")] = None,
    code: Annotated[str | None, typer.Option(help="A one-time code from the dashboard, instead of a password.")] = None,
    register: Annotated[bool, typer.Option("--register", help="Create the account.")] = False,  # noqa: FBT002 - Typer reads options so
    invitation: Annotated[
        str | None, typer.Option(help="With --register: the link or the code of an invitation.")
    ] = None,
) -> None:
    """Log in to a service, and keep the access token for the commands that follow.

    The command asks for the password, or reads it as one line from standard input: other processes can read arguments and
    variables, so the password is in neither. The token is kept in a file that only you can read.
    """
    where = url or address({}, saved_login())
    if invitation is not None and not register:
        raise InvalidInputError("--invitation creates an account; add --register")
    with answering(), AzScraper(where) as client:
        if code is not None:
            session = client.verify_handoff(code)
        elif register:
            session = client.register(*_who_is(email, confirm=True), invitation=_code_of(invitation))
        else:
            session = client.login(*_who_is(email, confirm=False))
    path = save_login(Login(url=where, token=session.access_token, email=session.user.email))
    show.note(f"You are {session.user.email}; the token is kept in {path}")


def _who_is(email: str | None, *, confirm: bool) -> tuple[str, str]:
    return email or str(typer.prompt("E-mail", err=True)), _password(confirm=confirm)


def _code_of(invitation: str | None) -> str | None:
    """The code that an invitation's link ends with; a code is one already."""
    return None if invitation is None else invitation.rpartition("invitation=")[2].strip()


def _password(*, confirm: bool) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=confirm, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def logout() -> None:
    """Revoke the access token, and forget it."""
    saved = saved_login()
    if saved is None:
        show.note("You were not logged in")
        return
    login_path().unlink(missing_ok=True)
    with answering(), AzScraper(saved.url, token=saved.token) as client:
        client.logout()
    show.note("You are logged out")


def whoami(*, as_json: JsonOption = False) -> None:
    """Show which service the commands talk to, and for whom: a user, or a project by its key."""
    with service() as client:
        who = _who(client)
    if as_json:
        show.json(who)
    else:
        show.facts(
            {
                "service": address(os.environ, saved_login()),
                "you are": who.email if isinstance(who, User) else f"the key of project {who.name}",
            }
        )


def _who(client: AzScraper) -> User | Project:
    try:
        return client.me()
    except ForbiddenError:
        return client.project()


def usage(*, as_json: JsonOption = False) -> None:
    """Show the month's limits, what was used of them, and the credits."""
    with service() as client:
        found = client.usage()
    if as_json:
        show.json(found)
        return
    used, limits = found.used, found.limits
    show.facts(
        {
            "plan": found.plan,
            "jobs": f"{used.jobs_this_month} of {_limit(limits.jobs_per_month)}",
            "targets": f"{used.targets_this_month} of {_limit(limits.targets_per_month)}",
            "exports": f"{used.exports_this_month} of {_limit(limits.exports_per_month)}",
            "until": found.period.end,
            "credits": f"{found.credits.balance}, and {found.credits.reserved} held by open jobs",
        }
    )


def _limit(value: int | None) -> str:
    return "unlimited" if value is None else str(value)
