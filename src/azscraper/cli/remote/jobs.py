"""``azscraper jobs``, ``job``, ``results``, ``cancel``, ``retry``: the jobs of a service."""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import typer

from azscraper.cli import show
from azscraper.cli.remote import following
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service
from azscraper.cli.remote.given.labels import NewName, NewTags, NoTags, new_label
from azscraper.cli.remote.run import Csv, Output, Watch, files_of, follow_up
from azscraper.client import Job, Sync
from azscraper.client.models import JobStatus, JobType, Target, TargetStatus
from azscraper.errors import InvalidInputError

JobId = Annotated[str, typer.Argument(help="The job's id.")]
_DAY = ["%Y-%m-%d"]


def jobs(
    *,
    status: Annotated[JobStatus | None, typer.Option(help="Only those with this status.")] = None,
    kind: Annotated[JobType | None, typer.Option("--type", help="Only those of this type.")] = None,
    text: Annotated[
        str | None, typer.Option("--search", "-s", help="Only those with this in their name, or an id that begins so.")
    ] = None,
    tag: Annotated[str | None, typer.Option(help="Only those with this tag.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Only those created on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Only those created on this day or earlier.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="The most to show, newest first.")] = 20,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a project's jobs, newest first."""
    with service() as client:
        between = {"created_after": since, "created_before": until and until + timedelta(days=1)}
        found = list(client.jobs(project, status=status, type=kind, text=text, tag=tag, **between, most=limit))
    if as_json:
        show.json(job.state for job in found)
        return
    columns = {
        "job": lambda job: show.named(job.id, job.state.name, job.state.tags),
        "type": lambda job: job.type,
        "status": lambda job: job.status,
        "targets": lambda job: f"{job.progress.succeeded}/{job.progress.total}",
        "rows": lambda job: job.state.result_count,
        "created": lambda job: job.state.created_at,
    }
    show.table(columns, found, empty="There are no such jobs; azscraper run posts one")


def job(
    job_id: JobId,
    *,
    targets: Annotated[bool, typer.Option("--targets", help="List its targets with their tries and errors.")] = False,
    status: Annotated[TargetStatus | None, typer.Option(help="With --targets: only those with this status.")] = None,
    summaries: Annotated[
        bool, typer.Option("--summaries", help="Print what the pages of each target say about themselves, as JSON.")
    ] = False,
    watch: Watch = False,
    as_json: JsonOption = False,
) -> None:
    """Show a job, and why targets of it failed. Exits with 1 if it is over and not every target succeeded."""
    with service() as client:
        found = client.job(job_id)
        if watch:
            follow_up(found, files=[], watched=True, as_json=as_json)
        elif summaries:
            show.json(found.summaries())
        elif targets:
            _print_targets(list(found.targets(status=status)), as_json=as_json)
        elif as_json:
            show.json(found.state)
        else:
            _print_job(found)
        following.end_with(found.state)


def _print_job(found: Job[Sync]) -> None:
    state = found.state
    show.facts(
        {
            "job": state.id,
            "name": state.name,
            "tags": ", ".join(state.tags or []) or None,
            "type": state.type,
            "status": state.status,
            "config": ", ".join(f"{name}={value}" for name, value in state.config.items()) or None,
            "created": state.created_at,
            "completed": state.completed_at,
        }
    )
    following.print_end(found)


def _print_targets(found: list[Target], *, as_json: bool) -> None:
    columns = {
        "target": lambda target: target.value,
        "status": lambda target: target.status,
        "tries": lambda target: target.attempts,
        "rows": lambda target: target.result_count,
        "error": following.reason,
    }
    show.listed(found, columns, empty="There are no such targets", as_json=as_json)


def results(
    job_id: JobId,
    *,
    limit: Annotated[int, typer.Option(min=1, help="The most rows to show. Files get all of them.")] = 20,
    where: Annotated[
        str | None, typer.Option(help='Only those that fit: price.amount<20,sponsored=false,title~"kettle".')
    ] = None,
    fields: Annotated[str | None, typer.Option(help="What of each: asin,price.amount, or all but -images.")] = None,
    meta: Annotated[bool, typer.Option("--meta", help="With where each came from, in files and with --json.")] = False,
    record: Annotated[
        str | None, typer.Option(help="Of a job with several types of rows, the one that CSV and Parquet files have.")
    ] = None,
    names: Annotated[
        Literal["dotted", "snake", "labels"] | None,
        typer.Option(help="Of columns: price.amount, or in a CSV price_amount, or in a CSV or workbook Price."),
    ] = None,
    columns: Annotated[
        Literal["all", "table"] | None,
        typer.Option(help="Of a CSV or workbook: all, or those that the dashboard's table shows."),
    ] = None,
    csv: Csv = None,
    output: Output = None,
    as_json: JsonOption = False,
) -> None:
    """Show a job's rows, or write them to files. With --json, all rows are printed, one per line.

    Files and --json wait for the job's end.
    """
    files = files_of(csv, output)
    chosen: dict[str, Any] = {"where": where, "fields": fields, "meta": meta}
    if (record or names or columns) and not files:
        raise InvalidInputError("--record, --names and --columns are for files: add --csv or --output")
    with service() as client:
        found = client.job(job_id)
        if (files or as_json) and not found.state.is_over:
            following.follow(found)
        for path in files:
            kind = path.suffix.lower()
            fitting = kind == ".csv" or (kind == ".xlsx" and names != "snake")
            shown = columns if kind in {".csv", ".xlsx"} else None
            following.write(found, [path], **chosen, record=record, names=names if fitting else None, columns=shown)
        if as_json:
            for row in found.objects(**chosen):
                sys.stdout.buffer.write(orjson.dumps(row) + b"\n")
        elif not files:
            following.print_rows(found, limit, **chosen)


def cancel(job_id: JobId, *, as_json: JsonOption = False) -> None:
    """Cancel a job. Rows that are already stored stay."""
    with service() as client:
        found = client.job(job_id).cancel()
    if as_json:
        show.json(found.state)
    else:
        show.note(f"cancelled; {found.state.result_count} rows are stored: azscraper results {found.id}")


def label(
    job_id: JobId, *, name: NewName = None, tag: NewTags = None, no_tags: NoTags = False, as_json: JsonOption = False
) -> None:
    """Give a job another name or other tags."""
    wanted = new_label(name, tag, no_tags=no_tags)
    with service() as client:
        state = client.job(job_id).change(**wanted).state
    if as_json:
        show.json(state)
    else:
        typer.echo(show.named(state.id, state.name, state.tags))


def retry(
    job_id: JobId,
    *,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Only with the targets that failed.")] = False,
    watch: Watch = False,
    csv: Csv = None,
    output: Output = None,
    as_json: JsonOption = False,
) -> None:
    """Post a new job with the same targets and config."""
    files: list[Path] = files_of(csv, output)
    with service() as client:
        made = client.job(job_id).retry(only_failed=only_failed)
        follow_up(made, files=files, watched=watch, as_json=as_json)
