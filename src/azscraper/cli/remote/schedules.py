"""``azscraper schedules``: jobs that are posted by the clock."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service
from azscraper.cli.remote.given.crawl_options import takes_options
from azscraper.cli.remote.given.labels import NewName, NewTags, NoTags, new_label
from azscraper.cli.remote.given.targets_from import Column, File, Sheet, SkipInvalid, Source, targets_from
from azscraper.cli.remote.kinds import commands_of_kinds
from azscraper.client.models import Schedule

if TYPE_CHECKING:
    from azscraper.kinds.kind import Kind


ScheduleId = Annotated[str, typer.Argument(help="The schedule's id.")]
Cron = Annotated[
    str, typer.Argument(help="Five fields as in crontab(5), quoted, or @hourly, @daily, @weekly, @monthly, @yearly.")
]
Name = Annotated[str | None, typer.Option(help="What you call it, and the jobs that it posts.")]
Tags = Annotated[list[str] | None, typer.Option(help="To find it by, and the jobs that it posts. Can be repeated.")]
Timezone = Annotated[str, typer.Option(help="Time zone of the times, for example Europe/Berlin.")]


def _command(kind: "Kind[Any]") -> Callable[..., None]:
    targets_help = f"{kind.target_label}; - is standard input."

    @takes_options(kind.options)
    def schedule(
        cron: Cron,
        targets: Annotated[list[str] | None, typer.Argument(help=targets_help)] = None,
        *,
        file: File = None,
        column: Column = None,
        sheet: Sheet = None,
        skip_invalid: SkipInvalid = False,
        timezone: Timezone = "UTC",
        name: Name = None,
        tag: Tags = None,
        project: ProjectOption = None,
        as_json: JsonOption = False,
        **config: Any,
    ) -> None:
        label = {"name": name, "tags": tag or ()}
        source = Source(targets or [], file, column, sheet, config["marketplace"], skip_invalid)
        _create(cron, kind.name, source, config | label, timezone=timezone, project=project, as_json=as_json)

    schedule.__doc__ = f"Create a schedule. {kind.about}"
    return schedule


app = typer.Typer(cls=commands_of_kinds(_command), help="List and change schedules, which post jobs at given times.")


@app.callback(invoke_without_command=True)
def schedules(
    context: typer.Context,
    *,
    text: Annotated[
        str | None, typer.Option("--search", "-s", help="Only those with this in their name, or an id that begins so.")
    ] = None,
    tag: Annotated[str | None, typer.Option(help="Only those with this tag.")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a project's schedules, newest first."""
    if context.invoked_subcommand is not None:
        return
    with service() as client:
        found = client.schedules(project, text=text, tag=tag)
    columns = {
        "schedule": lambda one: show.named(one.id, one.name, one.tags),
        "cron": lambda one: f"{one.cron} {one.timezone}",
        "job": lambda one: f"{one.crawl_config.type} of {len(one.crawl_config.targets)}",
        "next": lambda one: one.next_run_at,
        "last": lambda one: one.last_run_at,
        "error": lambda one: one.last_error,
    }
    show.listed(found, columns, empty="There are no schedules; azscraper schedules details makes one", as_json=as_json)


def _create(
    cron: str,
    kind: str,
    source: Source,
    config: dict[str, Any],
    *,
    timezone: str,
    project: str | None,
    as_json: bool,
) -> None:
    targets = targets_from(kind, source)
    with service() as client:
        made = client.create_schedule(
            cron, kind, targets, timezone=timezone, project=project, on_invalid=source.on_invalid, **config
        )
    _told(made, as_json=as_json)


@app.command()
def pause(schedule_id: ScheduleId, *, as_json: JsonOption = False) -> None:
    """Pause a schedule."""
    with service() as client:
        _told(client.change_schedule(schedule_id, enabled=False), as_json=as_json)


@app.command()
def resume(schedule_id: ScheduleId, *, as_json: JsonOption = False) -> None:
    """Resume a schedule. Times that passed are not made up for."""
    with service() as client:
        _told(client.change_schedule(schedule_id, enabled=True), as_json=as_json)


@app.command()
def label(
    schedule_id: ScheduleId,
    *,
    name: NewName = None,
    tag: NewTags = None,
    no_tags: NoTags = False,
    as_json: JsonOption = False,
) -> None:
    """Give a schedule another name or other tags. The jobs that it posts from now on have them."""
    wanted = new_label(name, tag, no_tags=no_tags)
    with service() as client:
        _told(client.change_schedule(schedule_id, **wanted), as_json=as_json)


@app.command()
def delete(schedule_id: ScheduleId) -> None:
    """Delete a schedule; the jobs that it posted stay."""
    with service() as client:
        client.delete_schedule(schedule_id)
    show.note("deleted")


def _told(schedule: Schedule, *, as_json: bool) -> None:
    if as_json:
        show.json(schedule)
        return
    typer.echo(schedule.id)
    when = schedule.next_run_at.astimezone().strftime("%Y-%m-%d %H:%M") if schedule.next_run_at else None
    show.note(f"runs next {when} by this machine's clock" if when else "is switched off")
