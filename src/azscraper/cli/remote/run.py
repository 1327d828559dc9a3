"""``azscraper run``: post a crawl job to a service; follow it and take its rows if you like. ``azscraper ask``: one target at once."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic.alias_generators import to_camel
from rich.console import Console

from azscraper.cli import show
from azscraper.cli.remote import following
from azscraper.cli.remote.connection import EXIT_UNFINISHED, JsonOption, ProjectOption, service
from azscraper.cli.remote.given.crawl_options import takes_options
from azscraper.cli.remote.given.targets_from import Column, File, Sheet, SkipInvalid, Source, targets_from
from azscraper.cli.remote.kinds import commands_of_kinds
from azscraper.cli.row_tables import row_table
from azscraper.client import Job, Sync
from azscraper.client.asking import TargetAnswer
from azscraper.client.jobs import format_of
from azscraper.client.models import JobState
from azscraper.errors import (
    InvalidInputError,
    NotFoundError,
    ServiceError,
    TargetFailedError,
    TargetRefusedError,
    UnavailableError,
)
from azscraper.records.options import nearest

if TYPE_CHECKING:
    from azscraper.kinds.kind import Kind

Watch = Annotated[bool, typer.Option("--watch", "-w", help="Follow the job to its end, and print its first rows.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Wait for the job's end, and write its rows to this CSV file.")]
Output = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        help="The same for a file of any format: .json, .csv, .ndjson, .parquet, .xlsx. Can be repeated.",
    ),
]


_OF_ADDRESSES = {"foreign_address", "no_product"}


def _command(kind: "Kind[Any]") -> Callable[..., None]:
    targets_help = f"{kind.target_label}; - is standard input."

    @takes_options(kind.options)
    def run(
        targets: Annotated[list[str] | None, typer.Argument(help=targets_help)] = None,
        *,
        file: File = None,
        column: Column = None,
        sheet: Sheet = None,
        skip_invalid: SkipInvalid = False,
        name: Annotated[str | None, typer.Option(help="What you call the job.")] = None,
        tag: Annotated[list[str] | None, typer.Option(help="To find it by. Can be repeated.")] = None,
        project: ProjectOption = None,
        watch: Watch = False,
        csv: Csv = None,
        output: Output = None,
        as_json: JsonOption = False,
        **config: Any,
    ) -> None:
        label = {"name": name, "tags": tag or ()}
        source = Source(targets or [], file, column, sheet, config["marketplace"], skip_invalid)
        files = files_of(csv, output)
        _run(kind.name, source, config | label, project, files=files, watch=watch, as_json=as_json)

    run.__doc__ = (
        f"{kind.about} Without --watch, --csv or --output, the command prints the job's id and ends; the job runs on."
    )
    return run


app = typer.Typer(cls=commands_of_kinds(_command), help="Post a crawl job to a service.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass


def files_of(csv: Path | None, output: list[Path] | None) -> list[Path]:
    """Checked before the job is posted: a wrong name must not cost it."""
    if csv is not None and csv.suffix.lower() != ".csv":
        raise InvalidInputError(f"--csv {csv}: name a file that ends in .csv, or use --output")
    files = [*([csv] if csv else []), *(output or [])]
    for path in files:
        format_of(path)
        if not path.absolute().parent.is_dir():
            raise InvalidInputError(f"{path}: there is no folder {path.absolute().parent}")
    return files


def _run(
    kind: str,
    source: Source,
    config: dict[str, Any],
    project: str | None,
    *,
    files: list[Path],
    watch: bool,
    as_json: bool,
) -> None:
    targets = targets_from(kind, source)
    with service() as client:
        job = client.run(kind, targets, project=project, on_invalid=source.on_invalid, **config)
        follow_up(job, files=files, watched=watch, as_json=as_json)


def follow_up(job: Job[Sync], *, files: list[Path], watched: bool, as_json: bool) -> None:
    """What is done with a job that was posted; exits by how it ended, if it was waited for."""
    if watched or files:
        following.follow(job)
        following.write(job, files)
    if as_json:
        show.json(job.state)
    elif watched and job.state.result_count:
        following.print_rows(job)
    if not (watched or files):
        if not as_json:
            typer.echo(job.id)
            show.note(f"posted; azscraper job {job.id} --watch follows it, azscraper results {job.id} shows its rows")
        return
    following.print_end(job)
    following.end_with(job.state)


def ask(
    target: Annotated[str, typer.Argument(help="The address of any page, an ASIN, an EAN, or a keyword.")],
    *,
    kind: Annotated[
        str | None,
        typer.Option(
            "--type", help="What the target is. Default: what its address is of; a text that is none is searched for."
        ),
    ] = None,
    marketplace: Annotated[str | None, typer.Option("--marketplace", "-m", help="Country code or host.")] = None,
    max_age: Annotated[
        int | None, typer.Option(min=0, help="A page that was kept so many seconds ago will do.")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", "-o", help="An option of the kind: pages=3, conditions=new,used. Can be repeated."),
    ] = None,
    where: Annotated[
        str | None, typer.Option(help='Only rows that fit: price.amount<20,sponsored=false,title~"kettle".')
    ] = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="Print what the page says about itself, as JSON, instead of rows.")
    ] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch one target now, and print its rows. Exits with 1 when the target failed."""
    kind = kind or _kind_of(target, marketplace)
    given = {"marketplace": marketplace, "max_age": max_age}
    config = _options(kind, option or []) | {name: value for name, value in given.items() if value is not None}
    with service() as client:
        try:
            with Console(stderr=True).status(f"asking for {target}"):
                answer = client.ask(kind, target, project=project, where=where, seen=_say_that_it_waits, **config)
        except (TargetRefusedError, TargetFailedError, NotFoundError, UnavailableError) as error:
            _fail(error)
        except InvalidInputError as error:
            if error.details and error.details[0].field == "type":
                raise InvalidInputError(f"--type {kind}: {_unknown(kind, error.message)}") from None
            raise
        except KeyboardInterrupt:
            show.note("The fetch goes on: azscraper jobs shows its job")
            raise
    if summary:
        show.json(answer.summary or {})
    elif as_json:
        show.json(answer.rows)
    else:
        _print_answer(kind, answer)


def _say_that_it_waits(job: JobState) -> None:
    show.note(f"still waiting: azscraper job {job.id} --targets says why")


def _unknown(kind: str, message: str) -> str:
    """That the service has no such kind; its message names those that it has."""
    names = re.findall("'([^']+)'", message)
    return f"there is no such kind of page{nearest(kind, names) or '; azscraper kinds lists them'}"


def _print_answer(kind: str, answer: TargetAnswer) -> None:
    """Its rows, and what they are of: nobody may have said it."""
    if answer.rows:
        show.Out().print(row_table(answer.meta.type or kind, answer.rows))
    said = f"{show.counted(len(answer.rows), 'row')} in {answer.meta.took_ms / 1000:.1f} s"
    show.note(f"{answer.meta.type or kind} {answer.meta.target}: {said} · job {answer.meta.job_id}")


def _options(kind: str, given: list[str]) -> dict[str, Any]:
    """Of texts such as pages=3. Raises InvalidInputError for names that are no option of the kind."""
    if not given:
        return {}
    from azscraper.jobs.options import foreign  # noqa: PLC0415 - as below
    from azscraper.kinds.registry import find_kind  # noqa: PLC0415 - the same
    from azscraper.web.query_options import config_of  # noqa: PLC0415 - the same

    options = find_kind(kind).options
    pairs = [
        (to_camel(name.strip().replace("-", "_")), text) for name, _, text in (one.partition("=") for one in given)
    ]
    if wrong := foreign(kind, [name.partition(".")[0] for name, _ in pairs]):
        hint = f"azscraper run {kind} --help lists the options"
        raise InvalidInputError(f"{wrong[0].field} {wrong[0].message}; {hint}", wrong)
    known = {to_camel(name) for name in options.model_fields}
    read = config_of([one for one in pairs if one[0].partition(".")[0] in known], options)
    return {name: text for name, text in pairs if name.partition(".")[0] not in known} | read


def _fail(error: ServiceError) -> None:
    if not error.details or not error.details[0].code:  # not the target's: no such project, no answer
        raise error
    show.note(f"{error.details[0].code}: {error.details[0].message}")
    raise typer.Exit(EXIT_UNFINISHED) from None


def _kind_of(target: str, marketplace: str | None) -> str:
    """What an address, an ASIN or a code is of; any other text is searched for. Raises InvalidInputError for other addresses."""
    from azscraper import marketplaces  # noqa: PLC0415 - these know every kind of page, which few commands need
    from azscraper.kinds.auto import AUTO  # noqa: PLC0415 - the same
    from azscraper.kinds.registry import find_kind  # noqa: PLC0415 - the same
    from azscraper.marketplaces.written import refusal  # noqa: PLC0415 - the same

    site = marketplaces.find(marketplace or "us")
    try:
        return find_kind(AUTO).resolve(target, site).kind
    except InvalidInputError:
        if refusal(target).reason in _OF_ADDRESSES:
            raise
        return "search"
