"""``azscraper admin``: the operators of an installation."""

import sys
from typing import Annotated

import typer

from azscraper.cli.local.serve import DataDir
from azscraper.errors import InvalidInputError

app = typer.Typer(help="Manage the operators of this installation.", no_args_is_help=True)

_Address = Annotated[str, typer.Argument(help="E-mail address of the account.", metavar="ADDRESS")]


@app.callback()
def admin() -> None:
    """Manage the operators of this installation."""


@app.command()
def create(
    email: Annotated[str, typer.Argument(help="E-mail address of the operator.", metavar="ADDRESS")],
    data_dir: DataDir = None,
) -> None:
    """Create an operator. The address must not have an account yet: `admin promote` makes a user an operator.

    The command asks for the password, or reads it as one line from standard input: other processes can read arguments and
    variables, so the password is in neither.
    """
    from azscraper.cli.local import operators  # noqa: PLC0415 - takes a second, which --help need not wait for

    operators.create(email, _password, data_dir)


@app.command()
def promote(
    email: _Address,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Make a user an operator. Shows when and from where the account was created, and asks.

    Addresses are not verified: make sure that the account belongs to the person whom you mean. All sessions of the user end, and
    the API keys of the organization are deleted.
    """
    from azscraper.cli.local import operators  # noqa: PLC0415 - the same

    operators.promote(email, _agreed if yes else _confirm, data_dir)


@app.command()
def demote(email: _Address, data_dir: DataDir = None) -> None:
    """Take the operator role away from a user. The account and its organization stay."""
    from azscraper.cli.local import operators  # noqa: PLC0415 - the same

    operators.demote(email, data_dir)


@app.command()
def reset_password(email: _Address, data_dir: DataDir = None) -> None:
    """Set a user's password, and end all sessions of the user.

    The command asks for the password, or reads it as one line from standard input.
    """
    from azscraper.cli.local import operators  # noqa: PLC0415 - the same

    operators.reset_password(email, _password, data_dir)


_Organization = Annotated[str, typer.Argument(help="Its id, or the e-mail address of one of its users.")]


@app.command()
def suspend(
    organization: _Organization,
    *,
    cancel_jobs: Annotated[
        bool, typer.Option("--cancel-jobs", help="Cancel its open jobs, too; otherwise they run to their end.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Suspend an organization: its users, API keys, schedules and webhooks stop. Nothing is deleted."""
    from azscraper.cli.local import suspending  # noqa: PLC0415 - the same

    suspending.suspend(organization, data_dir, cancel_jobs=cancel_jobs)


@app.command()
def unsuspend(organization: _Organization, data_dir: DataDir = None) -> None:
    """End the suspension of an organization."""
    from azscraper.cli.local import suspending  # noqa: PLC0415 - the same

    suspending.unsuspend(organization, data_dir)


@app.command()
def invite(
    *,
    note: Annotated[str | None, typer.Option(help="A note for the list, for example a name.")] = None,
    url: Annotated[
        str | None,
        typer.Option(help="Address of the service in the link. Default: AZSCRAPER_PUBLIC_URL, else this machine."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Print a link that opens sign-up once, within seven days, for a new organization."""
    from azscraper.cli.local import invitations  # noqa: PLC0415 - the same

    invitations.invite(note, url, data_dir)


@app.command("invitations")
def list_invitations(data_dir: DataDir = None) -> None:
    """List the newest invitations. Those that were used or expired are listed for a month."""
    from azscraper.cli.local import invitations  # noqa: PLC0415 - the same

    invitations.show_all(data_dir)


@app.command()
def revoke_invitation(
    invitation_id: Annotated[str, typer.Argument(help="Id of the invitation, from the list.", metavar="ID")],
    data_dir: DataDir = None,
) -> None:
    """Revoke an invitation that nobody has used."""
    from azscraper.cli.local import invitations  # noqa: PLC0415 - the same

    invitations.revoke(invitation_id, data_dir)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _agreed(_: str) -> None:
    """Whoever said --yes is not asked."""


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise InvalidInputError("Nothing was changed: add --yes where nobody can answer the question")
    typer.confirm(question, abort=True, err=True)
