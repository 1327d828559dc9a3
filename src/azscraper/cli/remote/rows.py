"""``azscraper rows``: the rows of a project in the order of storing, for programs that take away what is new."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import ProjectOption, service
from azscraper.cli.remote.given.bookmarks import Asked, Bookmark
from azscraper.client.models import JobType
from azscraper.client.rows import RAW_PAGE_ROWS, RowPage
from azscraper.errors import Detail, InvalidInputError


def rows(
    *,
    kind: Annotated[JobType | None, typer.Option("--type", help="Only those of jobs of this type.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only those that were stored on this day or later.")
    ] = None,
    cursor: Annotated[str | None, typer.Option(help="Only those behind this cursor.")] = None,
    bookmark: Annotated[
        Path | None,
        typer.Option(help="Only those behind the cursor in this file; the new cursor is written there at the end."),
    ] = None,
    where: Annotated[
        str | None, typer.Option(help='Only those that fit: price.amount<20,sponsored=false,title~"kettle".')
    ] = None,
    fields: Annotated[str | None, typer.Option(help="What of each: asin,price,meta.rowId, or all but -images.")] = None,
    failures: Annotated[bool, typer.Option("--failures", help="The targets that failed, instead of rows.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="The most rows to print.")] = None,
    project: ProjectOption = None,
) -> None:
    """Print a project's rows as JSON lines, in the order in which they were stored.

    With --bookmark, each call continues where the last one ended: no row comes twice, and none is left out. The file also
    notes project, --failures, --type and --where, and is refused with others.
    """
    if cursor and bookmark:
        raise InvalidInputError(
            "Give --cursor or --bookmark, not both", [Detail("cursor", "can't be combined with --bookmark")]
        )
    skipped, left = 0, limit
    with service() as client:
        kept = None
        if bookmark:
            project = client.project(project).id
            kept = Bookmark(bookmark, Asked(project, "failures" if failures else "rows", kind, where))
        place = kept.cursor() if kept else cursor
        while left is None or left > 0:
            page = next(
                client.row_pages(
                    project,
                    type=kind,
                    since=None if place else since,
                    cursor=place,
                    failures=failures,
                    where=where,
                    fields=fields,
                    raw=True,
                    page_rows=min(left or RAW_PAGE_ROWS, RAW_PAGE_ROWS),
                )
            )
            _print(page)
            place = page.cursor
            if kept:
                kept.keep(place)
            skipped += page.skipped
            left = None if left is None else left - len(page.rows)
            if not page.has_more:
                break
    show.note(f"next: --cursor {place}{f'; {skipped} rows had been removed before' if skipped else ''}")


def _print(page: RowPage) -> None:
    for row in page.rows:
        sys.stdout.buffer.write(row + b"\n")
    sys.stdout.buffer.flush()
