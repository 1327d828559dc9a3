"""The command line. Each file holds the commands of one kind; errors are one line with a hint and exit 2."""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

import azscraper
from azscraper.cli import demo, extract
from azscraper.cli.local import admin, export, installation, serve
from azscraper.cli.remote import (
    account,
    alerts,
    channels,
    history,
    jobs,
    keywords,
    kinds,
    lists,
    mcp,
    projects,
    rows,
    run,
    schedules,
    webhooks,
)
from azscraper.errors import Detail, InvalidInputError, ServiceError

_CLIENT = "Commands for any service"

_EXIT_READER_GONE = 141
"""As a shell tells of SIGPIPE: whoever read the output, such as ``head``, has enough. It says nothing of a job."""
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class _Commands(TyperGroup):
    """The commands; a reader of their output that is gone ends them quietly, a full disk with one line."""

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


app.command("up")(serve.up)
app.command("api")(serve.api)
app.command("worker")(serve.worker)
app.command("migrate")(serve.migrate)
app.command("demo")(demo.demo)
app.command("extract")(extract.extract)
app.command("export")(export.export)
app.command("prune")(installation.prune)
app.command("backup")(installation.backup)
app.command("restore")(installation.restore)
app.command("doctor")(installation.doctor)
app.command("replay")(installation.replay)
app.add_typer(admin.app, name="admin")
app.command(rich_help_panel=_CLIENT)(account.login)
app.command(rich_help_panel=_CLIENT)(account.logout)
app.command(rich_help_panel=_CLIENT)(account.whoami)
app.command(rich_help_panel=_CLIENT)(account.usage)
app.command(rich_help_panel=_CLIENT)(kinds.kinds)
app.command(rich_help_panel=_CLIENT)(run.ask)
app.command(rich_help_panel=_CLIENT)(jobs.jobs)
app.command(rich_help_panel=_CLIENT)(jobs.job)
app.command(rich_help_panel=_CLIENT)(jobs.results)
app.command(rich_help_panel=_CLIENT)(rows.rows)
app.command(rich_help_panel=_CLIENT)(history.changes)
app.command(rich_help_panel=_CLIENT)(history.products)
app.command(rich_help_panel=_CLIENT)(jobs.label)
app.command(rich_help_panel=_CLIENT)(jobs.cancel)
app.command(rich_help_panel=_CLIENT)(jobs.retry)
app.command(rich_help_panel=_CLIENT)(mcp.mcp)
app.add_typer(run.app, name="run", rich_help_panel=_CLIENT)
app.add_typer(history.app, name="history", rich_help_panel=_CLIENT)
app.add_typer(keywords.app, name="keywords", rich_help_panel=_CLIENT)
app.add_typer(lists.app, name="lists", rich_help_panel=_CLIENT)
app.add_typer(schedules.app, name="schedules", rich_help_panel=_CLIENT)
app.add_typer(webhooks.app, name="webhooks", rich_help_panel=_CLIENT)
app.add_typer(alerts.app, name="alerts", rich_help_panel=_CLIENT)
app.add_typer(channels.app, name="channels", rich_help_panel=_CLIENT)
app.add_typer(projects.app, name="projects", rich_help_panel=_CLIENT)
app.add_typer(projects.keys_app, name="keys", rich_help_panel=_CLIENT)


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
