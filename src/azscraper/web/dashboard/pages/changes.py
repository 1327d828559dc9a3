"""What changed in a project: by kind, days, marketplace and list, one by one, and as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from azscraper.results.formats import Format
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.projects import Project
from azscraper.tracking import morning, product_table
from azscraper.tracking.finding import changes
from azscraper.tracking.finding.changes import KINDS, NEWS, Wanted
from azscraper.tracking.history import Cursor
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists, product_items
from azscraper.tracking.lists.lists import ProductList
from azscraper.web.api import change_files
from azscraper.web.dashboard.render import reader_of, render
from azscraper.web.dashboard.session import PageRoute, Session, User_
from azscraper.web.deps import ServicesDep, UntilSent
from azscraper.wire.history import CursorText

router = APIRouter(route_class=PageRoute)

DAYS = (1, 7, 30)
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what makes no sense is left out by the page."""

    kind: Annotated[str, Query(max_length=20)] = ""
    """One of ``changes.KINDS``; empty: all."""
    days: int = 1
    marketplace: Annotated[str, Query(max_length=100)] = ""
    list: Annotated[str, Query(max_length=24)] = ""
    mine: bool = False

    def query(self, **changed: str | int) -> str:
        """An address's query with something changed."""
        own: dict[str, str | int] = {
            "kind": self.kind,
            "days": self.days,
            "marketplace": self.marketplace,
            "list": self.list,
            "mine": int(self.mine),
        }
        return urlencode({name: value for name, value in (own | changed).items() if value})


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands behind the filters."""

    project: Project
    filters: Filters
    lists: Sequence[ProductList]
    wanted: Wanted
    own: Sequence[str]


async def _find(conn: Conn, session: Session, project_id: str, asked: Filters, now: datetime) -> _Found:
    project = await projects.get(conn, session.principal, project_id)
    followed = await lists.find_all(conn, session.principal, project_id)
    of_list = next((one for one in followed if one.id == asked.list), None)
    own = await product_items.find_own(conn, project_id)
    filters = Filters(
        asked.kind if asked.kind in KINDS else "",
        asked.days if asked.days in DAYS else DAYS[0],
        asked.marketplace,
        of_list.id if of_list else "",
        asked.mine,
    )
    only = None if of_list is None else {item.key for item in await list_items.find_all(conn, of_list.id)}
    if filters.mine:
        only = set(own) if only is None else only & set(own)
    wanted = Wanted(
        now - timedelta(days=filters.days),
        marketplace=filters.marketplace or None,
        asins=None if only is None else sorted(only),
        kind=KINDS.get(filters.kind, NEWS),
        sellers=project.own_sellers,
    )
    return _Found(project, filters, followed, wanted, own)


@router.get("/projects/{project_id}/changes")
async def show_changes(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    asked: Annotated[Filters, Depends()],
    after: Annotated[CursorText | None, Query()] = None,
) -> Response:
    """Newest first, a page at a time."""
    async with transaction(services.pool) as conn:
        found = await _find(conn, session, project_id, asked, services.clock())
        cursor = Cursor.read(after) if after else None
        page = await changes.find_changes(conn, session.principal, project_id, found.wanted, limit=_PAGE, cursor=cursor)
        counts = await morning.count(
            conn,
            project_id,
            since=found.wanted.since,
            asins=found.wanted.asins,
            sellers=found.wanted.sellers,
            marketplace=found.wanted.marketplace,
        )
        places = await product_table.places(conn, project_id)
    return render(
        request,
        "changes.html",
        project=found.project,
        filters=found.filters,
        lists=found.lists,
        own=set(found.own),
        changes=page.items,
        total=page.total,
        next=page.cursor,
        is_first=cursor is None,
        counts=counts,
        days=DAYS,
        hosts=[place.marketplace for place in places],
    )


@router.get("/projects/{project_id}/changes/file")
async def download_changes(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    until_sent: UntilSent,
    asked: Annotated[Filters, Depends()],
    format: Literal["csv", "xlsx"] = "csv",  # noqa: A002 - the parameter's name in addresses
) -> Response:
    """The same as CSV or as a workbook, in the reader's words: the newest ten thousand."""
    now = services.clock()
    until_sent.enter_context(services.downloads.taken(session.organization_id))
    async with transaction(services.pool) as conn:
        found = await _find(conn, session, project_id, asked, now)
        rows = await change_files.find(conn, session.principal, project_id, found.wanted, now=now)
    return change_files.answer(rows, Format(format), now=now, reader=reader_of(request))
