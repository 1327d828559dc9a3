"""``azscraper lists``: what a project follows, refreshed by the clock."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service
from azscraper.cli.remote.given.targets_from import Column, Sheet
from azscraper.cli.row_tables import money_text
from azscraper.client import AzScraper
from azscraper.client.models import JobType, ListItem, ProductList, PutItems
from azscraper.errors import InvalidInputError, ServiceError

if TYPE_CHECKING:
    from azscraper.tracking.lists.items import Item

app = typer.Typer(help="Lists: what a project follows, on one or more marketplaces, refreshed by the clock.")

_List = Annotated[str, typer.Argument(metavar="LIST", help="The list's name or id.")]
_Targets = Annotated[
    list[str] | None, typer.Argument(help="ASINs, addresses or keywords, as the list's type takes them.")
]
_File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        "-f",
        exists=True,
        dir_okay=False,
        help="CSV, text or XLSX: any list of targets, also with columns for notes, tags and target prices.",
    ),
]
_Skip = Annotated[bool, typer.Option("--skip-invalid", help="Leave out lines of the file that can't be read.")]
_Every = Annotated[str | None, typer.Option(help="Refresh every hour, 6 hours, day, week or month.")]
_At = Annotated[str | None, typer.Option(help="Time of the day, such as 08:00.")]
_Weekdays = Annotated[str | None, typer.Option("--on", help="Only on these days, such as mon,thu.")]
_Cron = Annotated[str | None, typer.Option(help="Instead of --every: five fields as in crontab(5), quoted.")]
_Timezone = Annotated[str, typer.Option(help="Time zone of the times, for example Europe/Berlin.")]
_Until = Annotated[str | None, typer.Option(help="Never after this day or time.")]


@app.callback(invoke_without_command=True)
def lists(context: typer.Context, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """List a project's lists, newest first."""
    if context.invoked_subcommand is not None:
        return
    with service() as client:
        found = client.lists(project)
    columns = {
        "list": lambda one: one.id,
        "name": lambda one: one.name,
        "type": lambda one: one.type,
        "items": lambda one: one.items,
        "marketplaces": lambda one: ", ".join(one.marketplaces),
        "refresh": _when,
        "next": lambda one: one.next_run_at,
        "error": lambda one: one.last_error,
    }
    show.listed(found, columns, empty="There are no lists; azscraper lists create makes one", as_json=as_json)


def _when(one: ProductList) -> str:
    refresh = one.refresh
    if refresh is None:
        return "by hand"
    days = f" on {', '.join(refresh.weekdays)}" if refresh.weekdays else ""
    at = f" at {refresh.at}" if refresh.at else ""
    return f"{refresh.cron or f'every {refresh.every}{days}{at}'} {refresh.timezone}"


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    targets: _Targets = None,
    *,
    kind: Annotated[JobType, typer.Option("--type", help="Of its jobs: details, search, offers …")] = "details",
    marketplace: Annotated[
        str, typer.Option("--marketplace", "-m", help="Country codes or hosts, with commas between.")
    ] = "us",
    file: _File = None,
    sheet: Sheet = None,
    column: Column = None,
    skip_invalid: _Skip = False,
    every: _Every = None,
    at: _At = None,
    weekdays: _Weekdays = None,
    cron: _Cron = None,
    timezone: _Timezone = "UTC",
    until: _Until = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a list of products, keywords or pages. Without --every or --cron it refreshes when you ask it to."""
    marketplaces = [part.strip() for part in marketplace.split(",") if part.strip()]
    refresh = _refresh(every, at, weekdays, cron, timezone, until)
    with service() as client:
        if any(one.name == name for one in client.lists(project=project)):
            show.note(f"another list is called {name!r} already: name both by their ids from now on")
        made = client.create_list(
            name, kind, targets or (), marketplaces=marketplaces, refresh=refresh, project=project
        )
        if file is not None:
            try:
                put = _put_file(client, made.id, file, skip=skip_invalid, sheet=sheet, column=column)
            except ServiceError:
                client.delete_list(made.id)
                raise
            _print_left_out(put)
            made = client.get_list(made.id)
    _told(made, as_json=as_json)


def _refresh(*said: str | None) -> dict[str, Any] | None:
    every, at, weekdays, cron, timezone, until = said
    if every is None and cron is None:
        if at or weekdays or until:
            raise InvalidInputError("--at, --on and --until go with --every or --cron")
        return None
    days = [day.strip() for day in weekdays.split(",")] if weekdays else None
    fields = {"every": every, "at": at, "weekdays": days, "cron": cron, "timezone": timezone, "until": until}
    return {name: value for name, value in fields.items() if value is not None}


def _put_file(client: AzScraper, one: str, file: Path, *, skip: bool, **chosen: Any) -> PutItems:
    return client.put_items_file(
        one, file.read_bytes(), name=file.name, on_invalid="skip" if skip else "fail", **chosen
    )


def _print_left_out(put: PutItems) -> None:
    for line in put.left_out_lines:
        show.note(f"left out: {line}")
    if put.left_out > len(put.left_out_lines):
        show.note(f"left out: {put.left_out - len(put.left_out_lines):,} more lines")


@app.command(name="show")
def show_list(one: _List, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Show one list."""
    with service() as client:
        found = client.get_list(one, project=project)
    if as_json:
        show.json(found)
        return
    facts = {
        "list": found.id,
        "name": found.name,
        "type": found.type,
        "items": found.items,
        "marketplaces": ", ".join(found.marketplaces),
        "refresh": _when(found),
        "next": found.next_run_at,
        "last": found.last_run_at,
        "jobs": ", ".join(f"{job.marketplace} {job.job_id}" for job in found.last_jobs) or None,
        "error": found.last_error,
    }
    show.facts(facts)


@app.command()
def items(
    one: _List,
    *,
    text: Annotated[
        str | None, typer.Option("--search", "-s", help="Only items with this in their target or note.")
    ] = None,
    tag: Annotated[str | None, typer.Option(help="Only items with this tag.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write them as CSV, which can be edited and put in again; - is standard output."
        ),
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the items of a list, or write them to a file."""
    with service() as client:
        found = list(client.list_items(one, text=text, tag=tag, project=project))
    if output is not None:
        _write(found, output)
        return
    columns = {
        "item": lambda item: item.id,
        "target": lambda item: item.target,
        "marketplace": lambda item: item.marketplace or "each",
        "target price": lambda item: money_text(item.target_price),
        "tags": lambda item: " ".join(f"#{tag}" for tag in item.tags),
        "note": lambda item: item.note,
    }
    show.listed(found, columns, empty="The list is empty; azscraper lists add puts items in", as_json=as_json)


def _write(found: list[ListItem], output: Path) -> None:
    from azscraper.tracking.lists import item_files  # noqa: PLC0415 - the same

    body = item_files.write(map(_as_row, found))
    if str(output) == "-":
        sys.stdout.buffer.write(body)
    else:
        output.write_bytes(body)


def _as_row(item: ListItem) -> "Item":
    from azscraper.tracking.lists.items import Item  # noqa: PLC0415 - the same

    price = item.target_price
    return Item(
        item.id,
        item.target,
        item.key,
        None,
        item.marketplace or "",
        item.note,
        list(item.tags),
        price.amount if price else None,
        price.currency if price else None,
    )


@app.command()
def add(
    one: _List,
    targets: _Targets = None,
    *,
    file: _File = None,
    sheet: Sheet = None,
    column: Column = None,
    skip_invalid: _Skip = False,
    note: Annotated[str | None, typer.Option(help="A note for each of them.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag for each of them; several times for several.")] = None,
    price: Annotated[
        float | None,
        typer.Option("--target-price", min=0, help="A price to compare with, in the marketplace's currency."),
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put items into a list; those that are there already get the new note, tags and price."""
    of_all = {name: value for name, value in (("note", note), ("tags", tag), ("targetPrice", price)) if value}
    if not targets and file is None:
        raise InvalidInputError("Name at least one target, or a file with --file")
    if of_all and not targets:
        raise InvalidInputError(
            "--note, --tag and --target-price are of targets that you name; a file has columns for them"
        )
    with service() as client:
        put = (
            [client.put_items(one, [{"target": target, **of_all} for target in targets], project=project)]
            if targets
            else []
        )
        chosen = {"sheet": sheet, "column": column, "project": project}
        put += [_put_file(client, one, file, skip=skip_invalid, **chosen)] if file else []
    sums = {name: sum(getattr(each, name) for each in put) for name in ("added", "changed", "duplicates", "left_out")}
    named = [line for each in put for line in each.left_out_lines]
    done = PutItems(**sums, total=put[-1].total, left_out_lines=named)
    if as_json:
        show.json(done)
        return
    twice = f", {done.duplicates:,} named twice" if done.duplicates else ""
    show.note(f"{done.added} added, {done.changed} changed{twice}; the list has {done.total}")
    _print_left_out(done)


@app.command()
def remove(
    one: _List,
    ids: Annotated[list[str], typer.Argument(help="Ids of items, or their targets.")],
    *,
    project: ProjectOption = None,
) -> None:
    """Take items out of a list; their history stays."""
    with service() as client:
        found = [
            item.id for item in client.list_items(one, project=project) if {item.id, item.key, item.target} & set(ids)
        ]
        removed = client.remove_items(one, found, project=project) if found else 0
    show.note(f"{removed} removed")


@app.command()
def refresh(one: _List, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Post the jobs of a list now, one for each marketplace."""
    with service() as client:
        posted = client.refresh_list(one, project=project)
    columns = {"job": lambda job: job.job_id, "marketplace": lambda job: job.marketplace}
    show.listed(posted, columns, empty="No job was posted", as_json=as_json)


@app.command()
def change(
    one: _List,
    *,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    marketplace: Annotated[
        str | None, typer.Option("--marketplace", "-m", help="Country codes or hosts, with commas between.")
    ] = None,
    every: _Every = None,
    at: _At = None,
    weekdays: _Weekdays = None,
    cron: _Cron = None,
    timezone: _Timezone = "UTC",
    until: _Until = None,
    pause: Annotated[bool, typer.Option("--pause", help="No longer refresh by the clock.")] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change the name, the marketplaces or the refresh of a list."""
    changes: dict[str, Any] = {"name": name} if name else {}
    if marketplace:
        changes["marketplaces"] = [part.strip() for part in marketplace.split(",") if part.strip()]
    when = _refresh(every, at, weekdays, cron, timezone, until)
    if when is not None or pause:
        changes["refresh"] = None if pause else when
    if not changes:
        raise InvalidInputError("Say what to change; see azscraper lists change --help")
    with service() as client:
        changed = client.change_list(one, project=project, **changes)
    _told(changed, as_json=as_json)


@app.command()
def export(
    one: _List,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write: .xlsx, .csv, .json, .ndjson or .parquet.")
    ],
    *,
    names: Annotated[
        Literal["dotted", "snake", "labels"] | None,
        typer.Option(help="Of columns: price.amount, or in a CSV price_amount, or in a CSV or workbook Price."),
    ] = None,
    marketplace: Annotated[
        str | None, typer.Option("--marketplace", "-m", help="Country code or host. Default: each of the list.")
    ] = None,
    tag: Annotated[str | None, typer.Option(help="Only items with this tag.")] = None,
    project: ProjectOption = None,
) -> None:
    """Write a list of products to a file, each as it is now: for a client, .xlsx with --names labels."""
    with service() as client:
        client.export_list(one, output, names=names, marketplace=marketplace, tag=tag, project=project)
    show.note(f"wrote {output} ({output.stat().st_size:,} bytes)")


@app.command()
def delete(one: _List, *, project: ProjectOption = None) -> None:
    """Delete a list with its items; its jobs and the history stay."""
    with service() as client:
        client.delete_list(one, project=project)
    show.note("deleted")


def _told(one: ProductList, *, as_json: bool) -> None:
    if as_json:
        show.json(one)
        return
    typer.echo(one.id)
    when = one.next_run_at.astimezone().strftime("%Y-%m-%d %H:%M") if one.next_run_at else None
    refreshes = f"next {when} by this machine's clock" if when else "by hand"
    show.note(f"{show.counted(one.items, 'item')}, refreshes {refreshes}")
