"""Two to six products beside each other, or one on several marketplaces: as they are by now, and one value over time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import InvalidInputError
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import series_history
from azscraper.tracking.finding import compared
from azscraper.tracking.finding.compared import MOST, Compared, Pick
from azscraper.tracking.statistics import Span, of_one_unit
from azscraper.web.dashboard.charts import compared_lines
from azscraper.web.dashboard.charts.compared_lines import NARROW, WIDE
from azscraper.web.dashboard.pages.product import RANGES
from azscraper.web.dashboard.pages.product_actions import chosen
from azscraper.web.dashboard.render import go, place_code, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.words import SeriesField

router = APIRouter(route_class=PageRoute)

SHOWN = (SeriesField.PRICE, SeriesField.RANK, SeriesField.RATING)
"""What the chart can show."""
_MOST_NAMED = 40
"""Of an address, before those are left out that make no sense."""
_Named = Annotated[str, Query(pattern="^[A-Z0-9]{10}:[A-Za-z]{2}$", max_length=13)]


def address(project_id: str, picks: Iterable[Pick], **more: str | int) -> str:
    """Of the page that compares them: ``of=B0…:DE`` for each."""
    of = [("of", f"{pick.asin}:{place_code(pick.marketplace)}") for pick in picks]
    return f"/app/projects/{project_id}/compare?{urlencode([*of, *more.items()], safe=':')}"


def _read(named: Sequence[str]) -> list[Pick]:
    """Each once, at most six; of a marketplace that there is not, none."""
    known = {place_code(host): host for host in marketplaces.MARKETPLACES}
    pairs = [each.split(":") for each in named[:_MOST_NAMED]]
    picks = [Pick(asin, known[code.upper()]) for asin, code in pairs if code.upper() in known]
    return list(dict.fromkeys(picks))[:MOST]


@router.post("/projects/{project_id}/products/compare")
async def compare_chosen(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """On to the page that compares the chosen products; one alone is compared on its marketplaces."""
    picks = [Pick(asin, host) for host, asin in chosen(form).pairs]
    if len(picks) == 1:
        async with transaction(services.pool) as conn:
            await projects.get(conn, session.principal, project_id)
            within = replace(session.principal, project_id=project_id)
            states = await series_history.find_states(conn, within, picks[0].asin)
        picks += [
            Pick(one.asin, one.marketplace)
            for one in states
            if not one.place and one.marketplace != picks[0].marketplace
        ]
    elif len(picks) > MOST:
        raise InvalidInputError("Choose 2 to 6 products to compare")
    return go(request, address(project_id, picks[:MOST]))


@router.get("/projects/{project_id}/compare")
async def show_comparison(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    of: Annotated[list[_Named], Query(max_length=_MOST_NAMED)] = [],  # noqa: B006 - FastAPI copies it
    days: int = 90,
    show: SeriesField = SeriesField.PRICE,
) -> Response:
    """The products side by side."""
    now, days = services.clock(), days if days in RANGES else 90
    show = show if show in SHOWN else SeriesField.PRICE
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        found = await compared.find(conn, within, _read(of), days=days, now=now)
    picks = [one.pick for one in found]
    start = max(now - timedelta(days=days), _first(found, now))
    lines = [list(_spans(one, show, start, now)) for one in found]
    is_index = show == SeriesField.PRICE and len(_units(found)) > 1
    drawn = [compared_lines.as_index(spans) if is_index else spans for spans in lines]
    is_rank = show == SeriesField.RANK
    return render(
        request,
        "compare.html",
        project=project,
        found=found,
        days=days,
        ranges=RANGES,
        show=show,
        shown=SHOWN,
        charts=[
            compared_lines.draw(drawn, frame, start=start, end=now, best_is_least=is_rank) for frame in (WIDE, NARROW)
        ],
        readings=compared_lines.readings(lines),
        heights=compared_lines.readings(drawn),
        is_index=is_index,
        unit=next(iter(_units(found)), None) if show == SeriesField.PRICE and not is_index else None,
        lowest=_lowest(found),
        here=lambda **more: address(project_id, picks, **({"days": days, "show": show} | more)),
        without=lambda pick: address(project_id, [one for one in picks if one != pick], days=days, show=show),
        beside=lambda host, asin: address(project_id, [*picks, Pick(asin, host)], days=days, show=show),
        more=[
            (one.pick.asin, host) for one in found for host in one.elsewhere if Pick(one.pick.asin, host) not in picks
        ],
        is_full=len(picks) >= MOST,
    )


def _spans(one: Compared, field: SeriesField, start: datetime, end: datetime) -> Iterator[Span]:
    if field in one.series:
        yield from of_one_unit(one.series[field].spans(start, end))


def _first(found: Sequence[Compared], now: datetime) -> datetime:
    starts = [series.points[0].at for one in found for series in one.series.values() if series.points]
    return min(starts, default=now)


def _units(found: Sequence[Compared]) -> set[str]:
    """Currencies of their prices."""
    return {unit for one in found if (unit := one.value(SeriesField.PRICE).text)}


def _lowest(found: Sequence[Compared]) -> float | None:
    """The lowest price, where all are in one currency."""
    prices = [float(price) for one in found if (price := one.value(SeriesField.PRICE).number) is not None]
    return min(prices) if len(_units(found)) == 1 and len(prices) > 1 else None
