"""``azscraper webhooks``: where a project's events go, and a receiver to look at them with."""

from typing import Annotated

import typer

from azscraper.cli import show
from azscraper.cli.remote import listen as receiver
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service
from azscraper.client.models import Webhook

app = typer.Typer(help="List and change webhooks, and receive events on this machine.")

WebhookId = Annotated[str, typer.Argument(help="The webhook's id.")]
Event = Annotated[list[str] | None, typer.Option("--event", "-e", help="Only this event. Can be repeated.")]


@app.callback(invoke_without_command=True)
def webhooks(context: typer.Context, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """List a project's webhooks, newest first."""
    if context.invoked_subcommand is not None:
        return
    with service() as client:
        found = client.webhooks(project)
    columns = {
        "webhook": lambda one: one.id,
        "url": lambda one: one.url,
        "events": lambda one: ", ".join(one.events),
        "enabled": lambda one: one.disabled_reason or one.enabled,
    }
    show.listed(found, columns, empty="There are no webhooks; azscraper webhooks create URL makes one", as_json=as_json)


@app.command()
def create(
    url: Annotated[str, typer.Argument(help="https, and a public address.")],
    *,
    event: Event = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a webhook, which sends a project's events to a URL. Its secret is shown only now."""
    with service() as client:
        made = client.create_webhook(url, event, project=project)
    if as_json:
        show.json(made)
    else:
        typer.echo(made.secret)
        show.note(f"keep this secret: it is not shown again. The webhook is {made.id}")


@app.command()
def enable(webhook_id: WebhookId, *, as_json: JsonOption = False) -> None:
    """Enable a webhook."""
    with service() as client:
        _told(client.change_webhook(webhook_id, enabled=True), "enabled", as_json=as_json)


@app.command()
def disable(webhook_id: WebhookId, *, as_json: JsonOption = False) -> None:
    """Disable a webhook, and give up its pending deliveries."""
    with service() as client:
        _told(client.change_webhook(webhook_id, enabled=False), "disabled", as_json=as_json)


@app.command()
def delete(webhook_id: WebhookId) -> None:
    """Delete a webhook and its deliveries."""
    with service() as client:
        client.delete_webhook(webhook_id)
    show.note("deleted")


@app.command()
def rotate(webhook_id: WebhookId, *, as_json: JsonOption = False) -> None:
    """Create a new secret, which is shown only now. For 24 hours, messages also carry a signature of the previous one."""
    with service() as client:
        made = client.rotate_webhook_secret(webhook_id)
    if as_json:
        show.json(made)
    else:
        typer.echo(made.secret)


@app.command("test")
def send_test(webhook_id: WebhookId, *, as_json: JsonOption = False) -> None:
    """Send a webhook.test event."""
    with service() as client:
        sent = client.test_webhook(webhook_id)
    if as_json:
        show.json(sent)
    else:
        show.note(f"on its way: azscraper webhooks deliveries {webhook_id}")


@app.command()
def deliveries(
    webhook_id: WebhookId,
    *,
    limit: Annotated[int, typer.Option(min=1, help="The most to show, newest first.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List a webhook's deliveries with their tries and answers."""
    with service() as client:
        found = list(client.deliveries(webhook_id, most=limit))
    columns = {
        "delivery": lambda one: one.id,
        "event": lambda one: one.type,
        "status": lambda one: one.status,
        "tries": lambda one: one.attempts,
        "answer": lambda one: one.status_code or one.error,
        "created": lambda one: one.created_at,
    }
    show.listed(found, columns, empty="There are no deliveries", as_json=as_json)


@app.command()
def redeliver(
    delivery_id: Annotated[str, typer.Argument(help="The delivery's id.")], *, as_json: JsonOption = False
) -> None:
    """Send the same event once more."""
    with service() as client:
        sent = client.redeliver(delivery_id)
    if as_json:
        show.json(sent)
    else:
        typer.echo(sent.id)


@app.command()
def listen(
    *,
    secret: Annotated[
        str | None,
        typer.Option(
            envvar="AZSCRAPER_WEBHOOK_SECRET",
            help="Secret of a webhook that sends to this machine. Default: the command creates a webhook, and deletes it at the end.",
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 is any free port.")] = 0,
    count: Annotated[int | None, typer.Option(min=1, help="End after this number of events.")] = None,
    event: Event = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Receive events on this machine, verify each signature, and print them until Ctrl-C.

    Without a secret the service must run on this machine too, with AZSCRAPER_WEBHOOK_ALLOW_LOOPBACK=true.
    """
    with receiver.Receiver(port) as listening:
        if secret is not None:
            receiver.print_events(listening, secret, count=count, as_json=as_json)
            return
        with service() as client:
            made = client.create_webhook(listening.url, event, project=project)
            try:
                receiver.print_events(listening, made.secret, count=count, as_json=as_json)
            finally:
                client.delete_webhook(made.id)


def _told(webhook: Webhook, what: str, *, as_json: bool) -> None:
    if as_json:
        show.json(webhook)
    else:
        show.note(f"{what}: {webhook.url}")
