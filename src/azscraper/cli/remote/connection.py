"""The service that a command talks to: from the environment, else from the log-in that ``azscraper login`` keeps."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from pydantic import BaseModel, ValidationError

from azscraper.client import AzScraper
from azscraper.config import PREFIX
from azscraper.errors import InvalidInputError, UnauthenticatedError, UnavailableError

DEFAULT_URL = "http://127.0.0.1:8000"
EXIT_UNFINISHED = 1
"""A job failed, was cancelled, or has targets that failed."""
EXIT_REFUSED = 2
"""What was asked for is wrong or not allowed; the line on standard error says what to do."""
EXIT_UNAVAILABLE = 3
"""The service does not answer."""

ProjectOption = Annotated[
    str | None,
    typer.Option(
        "--project", "-p", envvar=f"{PREFIX}PROJECT", help="Id or name of the project. Not needed if there is only one."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, in the names of the HTTP API.")]


class Login(BaseModel):
    """What is kept between commands."""

    url: str
    token: str
    email: str | None = None


def login_path() -> Path:
    """The file of the log-in, below the user's own configuration."""
    return platformdirs.user_config_path("azscraper") / "login.json"


def saved_login() -> Login | None:
    """The log-in that was kept, if there is one. Raises InvalidInputError for a file that is none."""
    path = login_path()
    try:
        return Login.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise InvalidInputError(f"{path} is not a log-in; remove it, or log in again: azscraper login") from None


def save_login(login: Login) -> Path:
    """Keep the log-in where its owner alone can read it."""
    path = login_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(login.model_dump_json())
    return draft.replace(path)


def address(environ: Mapping[str, str], saved: Login | None) -> str:
    """The service's URL."""
    return environ.get(f"{PREFIX}URL") or (saved.url if saved else DEFAULT_URL)


def credential(environ: Mapping[str, str], saved: Login | None) -> str:
    """The token or key to send. A kept token goes to the service that gave it and to no other.

    Raises UnauthenticatedError where there is none.
    """
    for name in ("API_KEY", "TOKEN"):
        if value := environ.get(PREFIX + name):
            return value
    if saved is not None and saved.url == address(environ, saved):
        return saved.token
    raise UnauthenticatedError("You are not logged in; run azscraper login, or set AZSCRAPER_API_KEY")


def is_named(environ: Mapping[str, str]) -> bool:
    """Whether there is a service to ask: AZSCRAPER_URL says so, else a log-in, unless a database is named."""
    if environ.get(f"{PREFIX}URL"):
        return True
    has_database = any(environ.get(PREFIX + name) for name in ("DATABASE_URL", "DATA_DIR"))
    return not has_database and saved_login() is not None


@contextmanager
def service(*, anonymous: bool = False) -> Iterator[AzScraper]:
    """A client of the service; one that does not answer ends the command with its own exit code."""
    saved = saved_login()
    token = None if anonymous else credential(os.environ, saved)
    with answering(), AzScraper(address(os.environ, saved), token=token) as client:
        yield client


@contextmanager
def answering() -> Iterator[None]:
    """Ends the command with one line and EXIT_UNAVAILABLE when the service does not answer."""
    try:
        yield
    except UnavailableError as error:
        typer.echo(f"azscraper: {error.message}; is AZSCRAPER_URL or the log-in right?", err=True)
        raise typer.Exit(EXIT_UNAVAILABLE) from None
