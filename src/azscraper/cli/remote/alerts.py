"""``azscraper alerts``: rules that say when you are to be told, and what fired."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from azscraper import marketplaces
from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service
from azscraper.client.models import Alert, AlertPreview
from azscraper.errors import InvalidInputError

app = typer.Typer(help="List and change alerts: rules that say when you are to be told.")

AlertId = Annotated[str, typer.Argument(help="The alert's id.")]
_Marketplace = Annotated[
    str | None,
    typer.Option(
        help="Country code or host; sets the currency. Default: us, with --list and --tag all of their marketplaces."
    ),
]
_When = Annotated[
    list[str] | None,
    typer.Option(help="Any other condition, quoted: 'FIELD OP VALUE', such as 'rank enters_top 100'. Can be repeated."),
]
_SHORTHANDS = {
    "in_stock": {"field": "availability", "op": "changes_to", "value": "in_stock"},
    "out_of_stock": {"field": "availability", "op": "changes_to", "value": "out_of_stock"},
    "lowest": {"field": "price", "op": "lowest_ever"},
    "seller_changes": {"field": "seller", "op": "changes"},
    "undercut": {"field": "price", "op": "below", "value": "own"},
}
_LEAST_PARTS, _MOST_PARTS = 2, 3


@app.callback(invoke_without_command=True)
def alerts(context: typer.Context, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """List a project's alerts, newest first."""
    if context.invoked_subcommand is not None:
        return
    with service() as client:
        found = client.alerts(project)
    columns = {
        "alert": lambda one: one.id,
        "name": lambda one: one.name,
        "enabled": lambda one: one.enabled,
        "channels": lambda one: len(one.channels),
        "fired": lambda one: one.last_fired_at,
    }
    show.listed(
        found,
        columns,
        empty="There are no alerts; azscraper alerts add B0… --price-below 20 makes one",
        as_json=as_json,
    )


@app.command()
def add(
    products: Annotated[list[str] | None, typer.Argument(help="ASINs. Default: all products of the project.")] = None,
    *,
    price_below: Annotated[float | None, typer.Option(min=0, help="When the price is below this.")] = None,
    price_drops: Annotated[
        float | None, typer.Option(min=0, max=100, help="When the price drops by this percent.")
    ] = None,
    lowest: Annotated[bool, typer.Option("--lowest", help="When the price is the lowest ever.")] = False,
    in_stock: Annotated[bool, typer.Option("--in-stock", help="When it is in stock again.")] = False,
    out_of_stock: Annotated[bool, typer.Option("--out-of-stock", help="When it goes out of stock.")] = False,
    seller_changes: Annotated[
        bool, typer.Option("--seller-changes", help="When the seller of the buy box changes.")
    ] = False,
    undercut: Annotated[
        bool, typer.Option("--undercut", help="When it costs less than your own cheapest product in the same list.")
    ] = False,
    when: _When = None,
    match: Annotated[str, typer.Option(help="all or any of several conditions.")] = "all",
    to: Annotated[
        list[str] | None, typer.Option(help="email:me@example.com, or a channel's name or id. Can be repeated.")
    ] = None,
    list_id: Annotated[str | None, typer.Option("--list", help="Products of this list, by its id.")] = None,
    tag: Annotated[str | None, typer.Option(help="Products of lists with this tag.")] = None,
    keyword: Annotated[str | None, typer.Option(help="Positions in the results of this keyword.")] = None,
    marketplace: _Marketplace = None,
    digest: Annotated[str, typer.Option(help="at_once, hourly, daily or weekly.")] = "at_once",
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Create nothing: show what it would have told in the last 30 days.")
    ] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create an alert, for example: azscraper alerts add B0CX23V2ZK --price-below 20 --to email:me@example.com."""
    given = {"lowest": lowest, "in_stock": in_stock, "out_of_stock": out_of_stock, "seller_changes": seller_changes}
    given |= {"undercut": undercut}
    conditions = [_SHORTHANDS[one] for one, is_set in given.items() if is_set]
    conditions = _told_when([*conditions, *_of_price(price_below, price_drops)], when or ())
    hosts = [marketplaces.find(marketplace or "us").host] if marketplace or not (list_id or tag) else []
    what = {"products": products, "listId": list_id, "tag": tag, "keyword": keyword, "marketplaces": hosts}
    what = {key: value for key, value in what.items() if value}
    named = {"name": name} if name else {}
    with service() as client:
        if preview:
            return _previewed(
                client.preview_alert(conditions, what=what, project=project, match=match), as_json=as_json
            )
        made = client.create_alert(
            conditions,
            what=what,
            channels=to or (),
            project=project,
            match=match,
            digest={"every": digest},
            **named,
        )
    return _told(made, as_json=as_json)


def _told_when(known: Sequence[dict[str, Any]], others: Sequence[str]) -> list[dict[str, Any]]:
    """All conditions. Raises InvalidInputError where there are none."""
    if not known and not others:
        raise InvalidInputError("Say when, for example --price-below 20 or --when 'rank enters_top 100'")
    return [*known, *map(_condition, others)]


def _of_price(below: float | None, drops: float | None) -> Iterator[dict[str, Any]]:
    if below is not None:
        yield {"field": "price", "op": "below", "value": below}
    if drops is not None:
        yield {"field": "price", "op": "drops_by", "value": drops, "unit": "percent"}


def _condition(text: str) -> dict[str, Any]:
    """``rank enters_top 100``. Raises InvalidInputError."""
    parts = text.split(maxsplit=_MOST_PARTS - 1)
    if len(parts) < _LEAST_PARTS:
        raise InvalidInputError(f"{text!r} is not a condition; write 'FIELD OP VALUE', such as 'rank enters_top 100'")
    field, op, *rest = parts
    return {"field": field, "op": op, **({"value": _value(rest[0])} if rest else {})}


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


@app.command("preview")
def show_preview(alert_id: AlertId, *, as_json: JsonOption = False) -> None:
    """Show what an alert would have told in the last 30 days."""
    with service() as client:
        _previewed(client.preview_existing_alert(alert_id), as_json=as_json)


def _previewed(found: AlertPreview, *, as_json: bool) -> None:
    if as_json:
        show.json(found)
        return
    columns = {"when": lambda one: one.observed_at, "what": lambda one: one.text}
    show.table(columns, found.notices, empty="It would have told nothing")
    part = "" if found.is_complete else ", of a part: there was too much to look at"
    show.note(f"{found.count} times in 30 days{part}")


@app.command()
def pause(alert_id: AlertId, *, as_json: JsonOption = False) -> None:
    """Pause an alert."""
    with service() as client:
        _told(client.change_alert(alert_id, enabled=False), as_json=as_json)


@app.command()
def resume(alert_id: AlertId, *, as_json: JsonOption = False) -> None:
    """Resume an alert. It begins anew."""
    with service() as client:
        _told(client.change_alert(alert_id, enabled=True), as_json=as_json)


@app.command()
def remove(alert_id: AlertId) -> None:
    """Delete an alert; its notices stay."""
    with service() as client:
        client.delete_alert(alert_id)
    show.note("deleted")


@app.command("test")
def send_test(alert_id: AlertId, *, as_json: JsonOption = False) -> None:
    """Send a test message to an alert's channels."""
    with service() as client:
        sent = client.test_alert(alert_id)
    if as_json:
        show.json(sent)
    else:
        show.note(f"on its way to {len(sent.sent_to)} channels; {len(sent.left_out)} can't be sent to")


@app.command()
def notices(
    *,
    unread: Annotated[bool, typer.Option("--unread", help="Only those that nobody has read.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="The most to show, newest first.")] = 20,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what fired, newest first."""
    with service() as client:
        found = list(client.notices(project, unread=unread, most=limit))
    columns = {"when": lambda one: one.observed_at, "what": lambda one: one.text, "alert": lambda one: one.alert_name}
    show.listed(found, columns, empty="Nothing fired yet", as_json=as_json)


def _told(alert: Alert, *, as_json: bool) -> None:
    if as_json:
        show.json(alert)
        return
    typer.echo(alert.id)
    show.note(f"{'tells' if alert.enabled else 'paused'}: {alert.name}")
