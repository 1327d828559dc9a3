"""What ``azscraper doctor`` does. A module of its own because it imports everything, which takes a second."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson
import typer

import azscraper
from azscraper.cli import show
from azscraper.cli.local.serving.processes import settings_of
from azscraper.config import Settings
from azscraper.errors import InvalidInputError
from azscraper.operate.doctor import findings
from azscraper.operate.doctor.examination import examine as examine_installation
from azscraper.operate.doctor.findings import Finding, State
from azscraper.store.embedded.server import running_server


def examine(data_dir: Path | None, *, as_json: bool, ask_robots: bool) -> None:
    """Print the findings; ends with their exit code."""
    settings = settings_of(data_dir)
    with _running_database(settings) as url:
        found = asyncio.run(examine_installation(settings, url, ask_robots=ask_robots))
    (_print_json if as_json else _print_table)(found)
    raise typer.Exit(findings.exit_code(found))


@contextmanager
def _running_database(settings: Settings) -> Iterator[str | None]:
    """The URL of the database that the service uses; None where no embedded one runs. Raises InvalidInputError."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    try:
        with running_server(settings.data_dir) as url:
            yield url
    except PermissionError as exc:
        where = exc.filename or settings.data_dir
        raise InvalidInputError(f"{where}: {exc.strerror}; run as the user that runs the service") from exc


def _print_json(found: Sequence[Finding]) -> None:
    checks = [{"check": one.check, "subject": one.subject, "state": one.state, "message": one.message} for one in found]
    report = {"state": findings.worst(found), "release": azscraper.__version__, "checks": checks}
    sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _print_table(found: Sequence[Finding]) -> None:
    show.table({"check": lambda one: one.check, "state": lambda one: one.state, "what": _sentence}, found, empty="")
    counts = {state: sum(one.state is state for one in found) for state in State}
    bad = [f"{counts[state]} {state}" for state in (State.FAILED, State.WARNING) if counts[state]]
    show.note(", ".join(bad) if bad else "All is well")


def _sentence(one: Finding) -> str:
    return f"{one.subject}: {one.message}" if one.subject else one.message
