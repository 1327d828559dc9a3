"""Lists: what is followed, what changed of it, and when it refreshes itself."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import FormData

from azscraper.jobs import prices
from azscraper.kinds.registry import find_kind
from azscraper.store.db import Conn, transaction
from azscraper.tenants import plans, projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import overviews, product_table
from azscraper.tracking.alerts import alerts
from azscraper.tracking.finding import changes
from azscraper.tracking.finding.changes import Changed
from azscraper.tracking.keywords.searched import searched
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lines, lists, of_schedules, product_items
from azscraper.tracking.lists.lines import Line
from azscraper.tracking.lists.lists import Asked, ProductList
from azscraper.tracking.lists.refresh import Refresh
from azscraper.tracking.offers import looks
from azscraper.tracking.offers.looks import LastLook
from azscraper.tracking.overviews import Keyword
from azscraper.web.api.list_tables import OF_PRODUCTS
from azscraper.web.dashboard.charts.sparklines import Spark, spark
from azscraper.web.dashboard.forms import read, text
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.pages import timing
from azscraper.web.dashboard.pages.jobs import check_now, checks_of, told_of
from azscraper.web.dashboard.pages.new_list import choices, read_list
from azscraper.web.dashboard.render import PageNumber, go, render
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import ServicesDep
from azscraper.wire.new_lists import RefreshIn

router = APIRouter(route_class=PageRoute)

_ITEMS = 50
_CHANGES = 50
_DAYS = 7
_SPARK_DAYS = timedelta(days=30)
_VIEWS = frozenset({"changes", "checks", "settings"})


@router.get("/projects/{project_id}/lists")
async def list_lists(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """The project's lists."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await lists.find_all(conn, session.principal, project_id)
    return render(request, "lists.html", project=project, lists=found)


@router.post("/schedules/{schedule_id}/list")
async def make_list_of_schedule(
    *, request: Request, schedule_id: str, _: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """Make a list of what the schedule crawls, and go to it; the schedule is off from then on."""
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            made = await of_schedules.make(conn, session.principal, schedule_id, now=services.clock())
            url = await once.leads_to(conn, f"/app/lists/{made.id}")
    return go(request, url, notice="created")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of a list asks for; what makes no sense is left out."""

    view: str = ""
    """Empty for the items, ``changes``, ``checks``, ``settings``."""
    marketplace: str = ""
    q: str = ""
    tag: str = ""
    sort: str = "added"

    def query(self, **changes: str | int) -> str:
        """An address's query with something changed."""
        pairs = {name: getattr(self, name) for name in ("view", "marketplace", "q", "tag", "sort")} | changes
        return urlencode({name: value for name, value in pairs.items() if value})

    def by(self, column: str) -> str:
        """The query that sorts by a column; by the one that it is sorted by, the other way round."""
        return self.query(sort=f"-{column}" if self.sort == column else column)

    def direction(self, column: str) -> str:
        """For ``aria-sort``; empty of a column that it is not sorted by."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "")


@dataclass(frozen=True, slots=True)
class Added:
    """What was just put in, as the address says it."""

    added: Annotated[int, Query(ge=0, le=10**6)] | None = None
    again: Annotated[int, Query(ge=0, le=10**6)] = 0
    left_out: Annotated[int, Query(ge=0, le=10**6)] = 0


@router.get("/lists/{list_id}")
async def show_list(
    *,
    request: Request,
    list_id: str,
    session: User_,
    services: ServicesDep,
    view: Annotated[str, Query(max_length=10)] = "",
    marketplace: Annotated[str, Query(max_length=100)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    tag: Annotated[str, Query(max_length=40)] = "",
    sort: Annotated[str, Query(max_length=10)] = "added",
    edit: Annotated[str, Query(max_length=24)] = "",
    page: PageNumber = 1,
    put: Annotated[Added, Depends()],
) -> Response:
    """One list: its items as they are now, what changed of them in the last days, or its settings."""
    now = services.clock()
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, session.principal, list_id)
        project = await projects.get(conn, session.principal, one.project_id)
        filters = Filters(
            view if view in _VIEWS else "",
            marketplace if marketplace in one.marketplaces else one.marketplaces[0],
            q.replace("\0", ""),
            tag.replace("\0", ""),
            sort if sort.removeprefix("-") in lines.SORTS else "added",
        )
        changed = await _changes(conn, session, one, now)
        shown = {} if filters.view else await _items(conn, one, filters, page, now)
        shown |= await _checks(conn, session.principal, one, one.when, now) if filters.view == "checks" else {}
        item = await list_items.get(conn, one.id, edit) if edit else None
        posted = await checks_of(conn, session.principal, [one])
    return render(
        request,
        "list.html",
        project=project,
        one=one,
        filters=filters,
        item=item,
        put=put,
        **told_of(posted),
        page=page,
        changes=changed,
        most_changes=_CHANGES,
        days=_DAYS,
        has_products=one.type in OF_PRODUCTS,
        **shown,
        **choices(),
    )


async def _checks(
    conn: Conn, principal: Principal, one: ProductList, when: Refresh | None, now: datetime
) -> dict[str, Any]:
    """When it is checked, and what that takes."""
    usage = await plans.usage(conn, principal.organization_id, now=now)
    limit = usage.plan.targets_per_month
    rules = await alerts.find_all(conn, principal, one.project_id)
    return {
        **await asyncio.to_thread(timing.shown, when, now),
        "pages": await lists.count_targets(conn, one) * prices.counts_of(find_kind(one.type), one.config),
        "pages_left": None if limit is None else max(0, limit - usage.used.targets),
        "alerts_of_list": sum(rule.draft.what.list_id == one.id for rule in rules),
        "until": when.until.date().isoformat() if when and when.until else "",
    }


@router.post("/lists/{list_id}/checks")
async def preview_checks(request: Request, list_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """The next checks of a time that is being chosen, and the pages they take."""
    said = timing.read(form)
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, session.principal, list_id)
        project = await projects.get(conn, session.principal, one.project_id)
        found = await _checks(conn, session.principal, one, timing.refresh_of(said) if said else None, services.clock())
    return render(request, "_runs.html", project=project, is_part=True, **found)


async def _changes(conn: Conn, session: Session, one: ProductList, now: datetime) -> Sequence[Changed]:
    """On the marketplaces of the list."""
    asins = [item.key for item in await list_items.find_all(conn, one.id)]
    wanted = changes.Wanted(now - timedelta(days=_DAYS), asins=asins, kind=changes.NEWS)
    moved = await changes.find_changes(conn, session.principal, one.project_id, wanted, limit=_CHANGES)
    return moved.items


async def _items(conn: Conn, one: ProductList, filters: Filters, page: int, now: datetime) -> dict[str, Any]:
    wanted = lines.Wanted(filters.marketplace, filters.q, filters.tag, filters.sort)
    found = await lines.find(conn, one, wanted, now=now, limit=_ITEMS, offset=_ITEMS * (page - 1))
    own, others = await product_items.find_marked(conn, one.project_id)
    return {
        "lines": found.items,
        "total": found.total,
        "pages": found.pages(_ITEMS),
        "tags": await lines.tags(conn, one.id),
        "rows_at": {job.marketplace: job.job_id for job in one.jobs},
        "own": own,
        "others": others,
        "sellers": await _sellers(conn, one, found.items, now),
        "sparks": await _sparks(conn, one, found.items, now),
        "searched": {} if one.type in OF_PRODUCTS else await _searched(conn, one),
    }


async def _sellers(
    conn: Conn, one: ProductList, shown: Sequence[Line], now: datetime
) -> Mapping[tuple[str, str], LastLook]:
    """Who sells the products of a list of offers, by ASIN and marketplace."""
    keys = {(line.item.key, line.host) for line in shown} if one.type == "offers" else set()
    return await looks.find_last(conn, one.project_id, keys, now=now) if keys else {}


async def _sparks(conn: Conn, one: ProductList, shown: Sequence[Line], now: datetime) -> dict[str, Spark | None]:
    """By the item's id."""
    start, found = now - _SPARK_DAYS, {}
    for host in {line.host for line in shown if line.product}:
        of_host = [line for line in shown if line.product and line.host == host]
        asins = [line.item.key for line in of_host]
        points = await product_table.prices(conn, one.project_id, marketplace=host, asins=asins, since=start)
        for line in of_host:
            checked_at = max(line.product.checked_at if line.product else start, now - _SPARK_DAYS / 2)
            found[line.item.id] = spark(points.get(line.item.key, []), start=start, end=checked_at)
    return found


async def _searched(conn: Conn, one: ProductList) -> dict[tuple[str, str], Keyword]:
    """The keywords and lists of best sellers that were read, by marketplace and target."""
    principal = Principal(one.organization_id, project_id=one.project_id)
    found = await overviews.find_keywords(conn, principal, one.project_id)
    return {(each.marketplace, searched(each.keyword).target.lower()): each for each in found}


@router.post("/lists/{list_id}")
async def change_list(request: Request, list_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """Another name, other marketplaces or options; another time; or post its jobs now."""
    action = text(form, "action")
    async with transaction(services.pool) as conn:
        old = await lists.get(conn, session.principal, list_id)
        if action == "refresh":
            await check_now(conn, session.principal, old, now=services.clock())
            return go(request, f"/app/lists/{list_id}?job=last")
        asked = _timed(form, old) if action == "checks" else read_list(form, old.type, old.when)
        await lists.change(conn, session.principal, list_id, asked, now=services.clock())
    return go(request, f"/app/lists/{list_id}?view={'checks' if action == 'checks' else 'settings'}", notice="saved")


def _timed(form: FormData, old: ProductList) -> Asked:
    """The list at another time."""
    said = timing.read(form)
    when = None if said is None else timing.refresh_of(read(RefreshIn, said).model_dump())
    return Asked(old.name, old.type, old.marketplaces, old.config, when)


@router.post("/lists/{list_id}/delete")
async def delete_list(request: Request, list_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Delete the list; its jobs and the history stay."""
    async with transaction(services.pool) as conn:
        gone = await lists.delete(conn, session.principal, list_id)
    return go(request, f"/app/projects/{gone.project_id}/lists", notice="deleted")
