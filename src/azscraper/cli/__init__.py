"""The command line. Each file holds the commands of one kind; errors are one line with a hint and exit 2."""

import errno
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

import azscraper
from azscraper.errors import Detail, InvalidInputError, ServiceError

_LOCAL = {
    "up": "local.serve:up",
    "api": "local.serve:api",
    "worker": "local.serve:worker",
    "migrate": "local.serve:migrate",
    "demo": "demo:demo",
    "extract": "extract:extract",
    "export": "local.export:export",
    "prune": "local.installation:prune",
    "backup": "local.installation:backup",
    "restore": "local.installation:restore",
    "doctor": "local.installation:doctor",
    "replay": "local.installation:replay",
    "admin": "local.admin:app",
}
"""Each command and the function, or the group, that it is."""
_REMOTE = {
    "login": "remote.account:login",
    "logout": "remote.account:logout",
    "whoami": "remote.account:whoami",
    "usage": "remote.account:usage",
    "kinds": "remote.kinds:kinds",
    "ask": "remote.run:ask",
    "jobs": "remote.jobs:jobs",
    "job": "remote.jobs:job",
    "results": "remote.jobs:results",
    "rows": "remote.rows:rows",
    "changes": "remote.history:changes",
    "products": "remote.history:products",
    "label": "remote.jobs:label",
    "cancel": "remote.jobs:cancel",
    "retry": "remote.jobs:retry",
    "mcp": "remote.mcp:mcp",
    "run": "remote.run:app",
    "history": "remote.history:app",
    "keywords": "remote.keywords:app",
    "lists": "remote.lists:app",
    "schedules": "remote.schedules:app",
    "webhooks": "remote.webhooks:app",
    "alerts": "remote.alerts:app",
    "channels": "remote.channels:app",
    "projects": "remote.projects:app",
    "keys": "remote.projects:keys_app",
}
"""The same for commands that talk to any service."""
_CLIENT = "Commands for any service"
_EXIT_READER_GONE = 141
"""As a shell tells of SIGPIPE: whoever read the output, such as ``head``, has enough. It says nothing of a job."""
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class _Loaded(Mapping[str, Any]):
    """The commands by name, each loaded when it is asked for: all of them take half a second, and one is run."""

    def __getitem__(self, name: str) -> Any:
        where = _LOCAL.get(name) or _REMOTE[name]
        module, _, attribute = where.partition(":")
        found = getattr(import_module(f"azscraper.cli.{module}"), attribute)
        holder = typer.Typer(callback=lambda: None)
        panel: dict[str, Any] = {"rich_help_panel": _CLIENT} if name in _REMOTE else {}
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=name, **panel)
        else:
            holder.command(name, **panel)(found)
        return typer.main.get_group(holder).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_LOCAL | _REMOTE)

    def __len__(self) -> int:
        return len(_LOCAL) + len(_REMOTE)


class _Commands(TyperGroup):
    """The commands; a reader of their output that is gone ends them quietly, a full disk with one line."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said)
        self.commands = _Loaded()  # type: ignore[assignment] # nothing is added to them

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's
        """Their names, of which none is loaded."""
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        """What the command returns. Typer itself would exit with 1, which is the code of a job that failed."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer goes there
            raise typer.Exit(_EXIT_READER_GONE) from None
        except OSError as error:
            if error.errno not in _NO_SPACE:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise InvalidInputError(f"{error.filename or 'The output'} can't be written: {error.strerror}") from None


app = typer.Typer(
    cls=_Commands,
    name="azscraper",
    help="Self-hosted Amazon data service.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _say_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if wanted:
        typer.echo(f"azscraper {azscraper.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", help="Say the version and exit.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run a command; what is wrong with it, or with what it was asked for, is one line on standard error, and exit 2."""
    try:
        raise SystemExit(app(standalone_mode=False))
    except ServiceError as error:
        _fail("\n".join([error.message, *_named(error.details)]))
    except typer.Abort:
        raise SystemExit(130) from None  # as a shell tells of Ctrl-C
    except typer.TyperException as error:
        _fail(_usage(error))


def _named(details: Sequence[Detail]) -> Iterator[str]:
    """Each of several bad fields on a line of its own: the message names the first alone."""
    if len(details) > 1:
        yield from (f"  {detail.field}: {detail.message}" for detail in details)


def _usage(error: typer.TyperException) -> str:
    """What is wrong with the arguments, and where to look; empty where the help itself was printed already."""
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{message}; see {context.command_path} --help" if message and context else message


def _fail(message: str) -> NoReturn:
    if message:
        print(f"azscraper: {message}", file=sys.stderr)  # noqa: T201 - this is the command line
    raise SystemExit(2) from None
