"""What a project opens with: what changed since yesterday, counted, by list and one by one; what fired, and what failed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import CallerError
from azscraper.jobs import labels
from azscraper.jobs.labels import Filter
from azscraper.kinds.observations import spelling
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.projects import Project
from azscraper.tracking import morning, overviews, product_table
from azscraper.tracking.alerts import notices, wording
from azscraper.tracking.finding import changes
from azscraper.tracking.finding.changes import KINDS, NEWS, Changed, Wanted
from azscraper.tracking.keywords import standing
from azscraper.tracking.keywords.standing import Moved
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists, product_items
from azscraper.tracking.lists.lists import ProductList
from azscraper.web.dashboard.charts import medians
from azscraper.web.dashboard.charts.sparklines import Spark, spark
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.pages.jobs import check_now, checks_of, told_of
from azscraper.web.dashboard.pages.new_list import first_choices
from azscraper.web.dashboard.render import go, language_of, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.words import JobType

router = APIRouter(route_class=PageRoute)

KINDS_OF_FEED = ("price", "stock", "seller", "offer", "listing", "keyword")
_A_DAY = timedelta(days=1)
_CHANGES = 20
_LAST_JOBS = 6
_NOTICES = 5
_CARDS = 8
_TREND = timedelta(days=30)
_MOST_OF_TREND = 200
"""Products of a list whose prices are looked at for its card."""
_MOST_WORDS = 30
"""Keywords of a list whose results are."""


@router.get("/projects/{project_id}")
async def show_home(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    kind: Annotated[str, Query(max_length=20)] = "",
    mine: bool = False,
    job: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """What changed since yesterday, what failed, and the last checks."""
    now, kind = services.clock(), kind if kind in KINDS_OF_FEED else ""
    since = now - _A_DAY
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        tagged = await product_items.find_own(conn, project_id)
        own = set(tagged or await overviews.all_followed(conn, project))
        asins = tagged if mine else None
        sellers = project.own_sellers
        counts = await morning.count(conn, project_id, since=since, asins=asins, sellers=sellers)
        wanted = Wanted(since, asins=asins, kind=KINDS.get(kind, NEWS), sellers=sellers)
        found = await changes.find_changes(conn, session.principal, project_id, wanted, limit=_CHANGES)
        moves = await standing.find_moves(conn, project, own, now=now)
        places = await product_table.places(conn, project_id)
        followed = await lists.find_all(conn, session.principal, project_id)
        of_lists = await morning.count_by_list(conn, project_id, since=since, sellers=sellers)
        fired = await notices.find_slice(conn, session.principal, project_id, limit=_NOTICES)
        keywords = await overviews.find_keywords(conn, session.principal, project_id)
        last = await labels.find_slice(conn, session.principal, project_id, Filter(), limit=_LAST_JOBS, offset=0)
        first = await overviews.first_targets(conn, [job.id for job in last.items])
        cards = {one.id: await _card(conn, _Own(project, own, moves), one, now) for one in followed[:_CARDS]}
        is_new = not (places or keywords or last.items or any(one.items for one in followed))
        offered = await first_choices(conn, request, session, project) if is_new else {}
        checks = await checks_of(conn, session.principal, followed) if job else []
        products = await product_table.count(conn, project_id)
        titles = await overviews.titles(conn, project_id, [moved.move.asin for moved in moves])
    return render(
        request,
        "home.html",
        cards=cards,
        project=project,
        since=since,
        kind=kind,
        mine=mine,
        own=set(tagged),
        counts=counts,
        lists=followed,
        of_lists=of_lists,
        notices=[(notice, wording.line(notice, language_of(request))) for notice in fired.items],
        feed=_feed([] if kind == "keyword" else found.items, moves if kind in {"", "keyword"} else []),
        titles=titles,
        moves=moves,
        products=products,
        **told_of(checks),
        places=places,
        keywords=keywords,
        jobs=last.items,
        first=first,
        **offered,
    )


def _feed(changed: Sequence[Changed], moved: Sequence[Moved]) -> list[Changed | Moved]:
    """Newest first."""
    both: list[Changed | Moved] = [*changed, *moved]
    return sorted(both, key=lambda one: one.observed_at, reverse=True)[:_CHANGES]


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of itself, over thirty days: of products what they cost in the middle, of keywords one's share of their results."""

    line: Spark | None
    last: float | None
    """The median by now, or the share."""
    currency: str | None
    """None of keywords."""
    change: float | None
    """Of prices as a share of the first, of shares in points."""
    moves: Sequence[Moved] = ()
    """Since yesterday, of keywords."""


@dataclass(frozen=True, slots=True)
class _Own:
    """The project's own products, and how they moved for keywords since yesterday."""

    project: Project
    asins: Collection[str]
    moves: Sequence[Moved]


async def _card(conn: Conn, own: _Own, one: ProductList, now: datetime) -> Card | None:
    """None of lists of other things, and of those too long to look at each morning."""
    if one.type == JobType.DETAILS and 0 < one.items <= _MOST_OF_TREND:
        return await _of_products(conn, one, now)
    if one.type == JobType.SEARCH and 0 < one.items <= _MOST_WORDS:
        return await _of_keywords(conn, own, one, now)
    return None


async def _of_products(conn: Conn, one: ProductList, now: datetime) -> Card | None:
    """On the list's first marketplace."""
    host, start = one.marketplaces[0], now - _TREND
    asins = [item.key for item in await list_items.find_all(conn, one.id)]
    points = await product_table.prices(conn, one.project_id, marketplace=host, asins=asins, since=start)
    found = medians.medians(points, start=start, end=now)
    median = found[-1][1]
    if median is None:
        return None
    currency = marketplaces.find(host).currency
    return Card(spark(found, start=start, end=now), median, currency, medians.change(found))


async def _of_keywords(conn: Conn, own: _Own, one: ProductList, now: datetime) -> Card:
    start = now - _TREND
    words = {spelling(item.key) for item in await list_items.find_all(conn, one.id)}
    keys = [(host, word) for host in one.marketplaces for word in words]
    found = await standing.share_over_time(conn, own.project, keys, own.asins, start=start, end=now)
    known = [share for _, share in found if share is not None]
    change = known[-1] - known[0] if len(known) > 1 else None
    moved = [each for each in own.moves if (each.marketplace, each.keyword) in set(keys)]
    return Card(spark(found, start=start, end=now), known[-1] if known else None, None, change, moved)


@router.post("/projects/{project_id}/check")
async def check_all(
    request: Request, project_id: str, _: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """Check every list now; back home, which follows the checks. A list that can't be is left out; where none can, its reason is told."""
    posted, refused = 0, None
    async with transaction(services.pool) as conn:
        await projects.require_open(conn, session.principal, project_id)
        if (url := await once.led_to(conn)) is None:
            for one in await lists.find_all(conn, session.principal, project_id):
                try:
                    async with conn.transaction():
                        await check_now(conn, session.principal, one, now=services.clock())
                    posted += 1
                except CallerError as exc:
                    refused = exc
            if refused and not posted:
                raise refused
            url = await once.leads_to(conn, f"/app/projects/{project_id}?job=last")
    return go(request, url)
