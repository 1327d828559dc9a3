"""The command line. Each file holds the commands of one kind; errors are one line with a hint and exit 2."""

import sys

import typer

from azscraper.cli import admin, demo, export, extract, serve
from azscraper.errors import ServiceError

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
app.add_typer(admin.app, name="admin")


def main() -> None:
    """Run a command; an error of ours is one line on standard error, and exit 2."""
    try:
        app()
    except ServiceError as error:
        print(f"azscraper: {error.message}", file=sys.stderr)  # noqa: T201 - this is the command line
        raise SystemExit(2) from None
