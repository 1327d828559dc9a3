"""``azscraper admin``: the operators of an installation."""

import sys
from typing import Annotated

import typer

from azscraper.cli.serve import DataDir

app = typer.Typer(help="Manage the operators of this installation.", no_args_is_help=True)


@app.callback()
def admin() -> None:
    """Manage the operators of this installation."""


@app.command()
def create(
    email: Annotated[str, typer.Argument(help="E-mail address of the operator.")], data_dir: DataDir = None
) -> None:
    """Make an operator, or make one of an existing user, whose password stays.

    The password of a new one is asked for, or read as one line from standard input: it stands in no argument and in no
    variable, where other processes could read it.
    """
    from azscraper.cli import operators  # noqa: PLC0415 - takes a second, which --help need not wait for

    operators.create(email, _password, data_dir)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
