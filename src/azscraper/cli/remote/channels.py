"""``azscraper channels``: where alerts go."""

from typing import Annotated

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service

app = typer.Typer(help="List and change channels, to which alerts go.")

ChannelId = Annotated[str, typer.Argument(help="The channel's id.")]


@app.callback(invoke_without_command=True)
def channels(context: typer.Context, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """List a project's channels, newest first."""
    if context.invoked_subcommand is not None:
        return
    with service() as client:
        found = client.channels(project)
    columns = {
        "channel": lambda one: one.id,
        "name": lambda one: one.name,
        "address": lambda one: one.address,
        "confirmed": lambda one: one.confirmed_at,
        "enabled": lambda one: one.disabled_reason or one.enabled,
    }
    show.listed(
        found, columns, empty="There are no channels; azscraper channels add me@example.com makes one", as_json=as_json
    )


@app.command()
def add(
    address: Annotated[
        str, typer.Argument(help="An e-mail address, or a service's URL such as slack://… or a webhook of Discord.")
    ],
    *,
    name: Annotated[str | None, typer.Option(help="How alerts name it.")] = None,
    language: Annotated[str | None, typer.Option(help="en or de.")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a channel. A recipient of mails gets one that asks for consent, a service a test message."""
    is_url = "://" in address
    with service() as client:
        made = client.create_channel(
            email=None if is_url else address,
            url=address if is_url else None,
            name=name,
            language=language,
            project=project,
        )
    if as_json:
        show.json(made)
        return
    typer.echo(made.id)
    if made.confirmed_at is None:
        show.note(
            "a test message is on its way"
            if is_url
            else "the recipient has to follow the link in the mail that they get"
        )


@app.command("test")
def send_test(channel_id: ChannelId, *, as_json: JsonOption = False) -> None:
    """Send a test message to a channel."""
    with service() as client:
        sent = client.test_channel(channel_id)
    if as_json:
        show.json(sent)
    else:
        show.note(f"on its way: azscraper channels log {channel_id}")


@app.command()
def log(
    channel_id: ChannelId,
    *,
    limit: Annotated[int, typer.Option(min=1, help="The most to show, newest first.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List what a channel sent, with tries and errors."""
    with service() as client:
        found = list(client.channel_messages(channel_id, most=limit))
    columns = {
        "message": lambda one: one.id,
        "kind": lambda one: one.kind,
        "status": lambda one: one.status,
        "tries": lambda one: one.attempts,
        "error": lambda one: one.error,
        "created": lambda one: one.created_at,
    }
    show.listed(found, columns, empty="Nothing was sent yet", as_json=as_json)


@app.command()
def remove(channel_id: ChannelId) -> None:
    """Delete a channel and its messages."""
    with service() as client:
        client.delete_channel(channel_id)
    show.note("deleted")
