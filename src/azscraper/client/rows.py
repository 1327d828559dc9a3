"""The rows of a project as the client reads them: page by page behind a cursor that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from azscraper.client.calls import Answer, Call, Lost, given, json_of, nothing
from azscraper.client.colours import C, listing
from azscraper.client.flows import Emit, EmitAll, Flow, Items, Read, next_step, opened, tried
from azscraper.client.models import JobType
from azscraper.client.projects import Projects
from azscraper.errors import InvalidInputError, UnavailableError
from azscraper.wire.reading import AnyStoredRow, stored_row

PAGE_ROWS = 5000
RAW_PAGE_ROWS = 50_000
_OTHER_VERSION = UnavailableError(
    "The response is not a valid page of rows; client and service may be different versions"
)


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows, and how far they go."""

    rows: Sequence[Any]
    """``StoredProduct``, ``StoredSearchRow``, ``StoredOfferRow`` … or ``FailedTarget``, and the object of a kind that is not known here;
    their JSON as bytes where that was asked for."""
    cursor: str
    """Keep it with the rows: ``cursor=`` goes on behind them, today or in a year."""
    has_more: bool
    """Whether rows follow already."""
    skipped: int
    """How many rows in between were removed because they were old."""


def _pages(path: str, params: dict[str, str], *, raw: bool) -> Items[RowPage]:
    """Emits the pages of the feed at ``path`` until it has no more for now. A page is asked for again until it is whole."""
    while True:
        page = yield from _raw(path, params)
        yield Emit(page if raw else replace(page, rows=[*map(_typed, page.rows)]))
        if not page.has_more:
            return
        params = {name: value for name, value in params.items() if name != "since"} | {"cursor": page.cursor}


def _typed(line: bytes) -> AnyStoredRow:
    """Line by line: thousands of JSON objects at once keep the garbage collector longer than it takes to read them."""
    try:
        return stored_row(json_of(line))
    except (AttributeError, TypeError) as exc:
        raise _OTHER_VERSION from exc


def _raw(path: str, params: dict[str, str]) -> Flow[RowPage]:
    """The page as lines, cut while they come: the service works on the next ones meanwhile."""
    lines: list[bytes] = []
    call = Call("GET", path, nothing, params | {"format": "ndjson"})
    yield from tried(call, lambda: _into(call, lines))
    try:
        return _page(lines, json_of(lines.pop())["_meta"])
    except (KeyError, TypeError, IndexError) as exc:
        raise _OTHER_VERSION from exc


def _into(call: Call[None], lines: list[bytes]) -> Flow[Answer | Lost]:
    head = yield from opened(call)
    lines.clear()
    begun = b""
    while isinstance(head, Answer) and not head.is_error and (block := (yield Read())):
        if isinstance(block, Lost):
            return block
        lines += (begun + block).split(b"\n")
        begun = lines.pop()
    return head


def _page(rows: Sequence[Any], meta: dict[str, Any]) -> RowPage:
    return RowPage(rows, meta["nextCursor"], meta["hasMore"], meta["skipped"])


def _each(found: Items[RowPage], *, most: int | None, raw: bool) -> Items[Any]:
    """The rows of the pages one by one; ``most`` ends it sooner."""
    count = 0
    step = next(found, None)
    while step is not None:
        reply = None
        if isinstance(step, Emit):
            rows = step.item.rows
            wanted = rows if most is None else rows[: most - count]
            yield EmitAll(wanted if raw else map(_typed, wanted))  # one at a time: so they die young
            count += len(rows)
            if most is not None and count >= most:
                return
        else:
            reply = yield step
        step = next_step(found, reply)


class ProjectRows(Projects[C]):
    """The rows of a project in the order of storing, whatever the job."""

    @listing
    def rows(
        self,
        project: str | None = None,
        *,
        type: JobType | None = None,  # noqa: A002 - the field's word
        since: date | None = None,
        cursor: str | None = None,
        failures: bool = False,
        where: str | None = None,
        fields: str | None = None,
        raw: bool = False,
        most: int | None = None,
    ) -> Items[AnyStoredRow | bytes]:
        """Each row as a ``StoredProduct``, ``StoredSearchRow`` …: a record whose ``meta`` says where it came from.

        As ``row_pages``, for who keeps no cursor.
        """
        params = _params(type, since, cursor, where, fields, failures=failures, raw=raw)
        rows = RAW_PAGE_ROWS if raw else PAGE_ROWS
        return _each(self._row_pages(project, params, raw=True, page_rows=rows), most=most, raw=raw)

    @listing
    def row_pages(
        self,
        project: str | None = None,
        *,
        type: JobType | None = None,  # noqa: A002 - the same
        since: date | None = None,
        cursor: str | None = None,
        failures: bool = False,
        where: str | None = None,
        fields: str | None = None,
        raw: bool = False,
        page_rows: int = PAGE_ROWS,
    ) -> Items[RowPage]:
        """What was stored behind ``cursor``, in the order of storing, until there is no more for now; no row twice, none left out.

        Keep each page's ``cursor`` in the transaction that stores its rows. Without a cursor it begins at ``since`` (a day, or a
        time; UTC without a zone), else with the oldest row. ``failures`` gives the targets that failed, as
        ``FailedTarget``, with cursors of their own. ``where`` (such as ``price.amount<20,sponsored=false``) leaves rows out.

        With ``raw`` each row is its JSON as bytes, as the service sent it, which takes a tenth of the time; ``fields`` (such as
        ``asin,price,meta.rowId`` or ``-images``) then says what of it. ``page_rows`` is at most 10,000, with ``raw`` 50,000; a page
        ends after about 32 MiB.
        """
        params = _params(type, since, cursor, where, fields, failures=failures, raw=raw)
        return self._row_pages(project, params, raw=raw, page_rows=page_rows)

    def _row_pages(self, project: str | None, params: dict[str, str], *, raw: bool, page_rows: int) -> Items[RowPage]:
        project_id = yield from self._project_id(project)
        yield from _pages(f"/projects/{project_id}/rows", {**params, "limit": str(page_rows)}, raw=raw)


def _params(
    kind: str | None,
    since: date | None,
    cursor: str | None,
    where: str | None,
    fields: str | None,
    *,
    failures: bool,
    raw: bool,
) -> dict[str, str]:
    if fields is not None and not raw:
        raise InvalidInputError.of("fields", "goes with raw=True: a typed row has all of its fields")
    begin = None if since is None else since.isoformat()
    only = "true" if failures else None
    return given(type=kind, since=begin, cursor=cursor, where=where, fields=fields, failures=only)
