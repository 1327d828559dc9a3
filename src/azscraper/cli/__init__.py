"""The command line. Each file holds the commands of one kind; errors are one line with a hint and exit 2."""

import sys

import typer

from azscraper.cli import (
    account,
    admin,
    demo,
    export,
    extract,
    history,
    jobs,
    mcp,
    projects,
    prune,
    replay,
    run,
    schedules,
    serve,
    webhooks,
)
from azscraper.errors import ServiceError

_CLIENT = "Commands for any service"

app = typer.Typer(
    name="azscraper",
    help="Self-hosted Amazon data service.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.command("up")(serve.up)
app.command("api")(serve.api)
app.command("worker")(serve.worker)
app.command("migrate")(serve.migrate)
app.command("demo")(demo.demo)
app.command("extract")(extract.extract)
app.command("export")(export.export)
app.command("prune")(prune.prune)
app.command("replay")(replay.replay)
app.add_typer(admin.app, name="admin")
app.command(rich_help_panel=_CLIENT)(account.login)
app.command(rich_help_panel=_CLIENT)(account.logout)
app.command(rich_help_panel=_CLIENT)(account.whoami)
app.command(rich_help_panel=_CLIENT)(account.usage)
app.command(rich_help_panel=_CLIENT)(jobs.jobs)
app.command(rich_help_panel=_CLIENT)(jobs.job)
app.command(rich_help_panel=_CLIENT)(jobs.results)
app.command(rich_help_panel=_CLIENT)(jobs.cancel)
app.command(rich_help_panel=_CLIENT)(jobs.retry)
app.command(rich_help_panel=_CLIENT)(mcp.mcp)
app.add_typer(run.app, name="run", rich_help_panel=_CLIENT)
app.add_typer(history.app, name="history", rich_help_panel=_CLIENT)
app.add_typer(schedules.app, name="schedules", rich_help_panel=_CLIENT)
app.add_typer(webhooks.app, name="webhooks", rich_help_panel=_CLIENT)
app.add_typer(projects.app, name="projects", rich_help_panel=_CLIENT)
app.add_typer(projects.keys_app, name="keys", rich_help_panel=_CLIENT)


def main() -> None:
    """Run a command; an error of ours is one line on standard error, and exit 2."""
    try:
        app()
    except ServiceError as error:
        print(f"azscraper: {error.message}", file=sys.stderr)  # noqa: T201 - this is the command line
        raise SystemExit(2) from None
