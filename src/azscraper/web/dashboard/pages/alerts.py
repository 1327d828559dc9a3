"""Alerts: a rule as one sentence that is filled in, and what fired."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.channels import channels
from azscraper.errors import InvalidInputError
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking.alerts import alerts, notices, wording
from azscraper.web import alerting
from azscraper.web.dashboard.forms import read, text, texts
from azscraper.web.dashboard.language import marked as _
from azscraper.web.dashboard.render import go, language_of, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.wire.alerts import NewAlert
from azscraper.words import AlertEvery

router = APIRouter(route_class=PageRoute)

_PAGE = 25
_TARGET = {"field": "price", "op": "below", "value": "target"}
CONDITIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "price_below": (_("the price is below"), {"field": "price", "op": "below"}),
    "price_target": (_("the price is below its target"), _TARGET),
    "price_drops": (_("the price drops by percent"), {"field": "price", "op": "drops_by", "unit": "percent"}),
    "price_rises": (_("the price rises by percent"), {"field": "price", "op": "rises_by", "unit": "percent"}),
    "lowest_ever": (_("the price is the lowest ever"), {"field": "price", "op": "lowest_ever"}),
    "lowest_90": (_("the price is the lowest in 90 days"), {"field": "price", "op": "lowest_in_days", "days": 90}),
    "price_changes": (_("the price changes"), {"field": "price", "op": "changes"}),
    "in_stock": (_("it is in stock again"), {"field": "availability", "op": "changes_to", "value": "in_stock"}),
    "unavailable": (_("it becomes unavailable"), {"field": "availability", "op": "changes_to", "value": "unavailable"}),
    "coupon": (_("a coupon appears"), {"field": "coupon", "op": "appears"}),
    "seller_changes": (_("another seller has the buy box"), {"field": "seller", "op": "changes"}),
    "new_seller": (_("a new seller has the buy box"), {"field": "newSeller"}),
    "rank_enters": (_("its rank enters the first"), {"field": "rank", "op": "enters_top"}),
    "rank_leaves": (_("its rank leaves the first"), {"field": "rank", "op": "leaves_top"}),
    "rating_below": (_("its rating is below"), {"field": "rating", "op": "below"}),
    "title_changes": (_("its title changes"), {"field": "title", "op": "changes"}),
}
"""What a sentence can say, and the condition that it is."""
_NEEDS_VALUE = {"price_below", "price_drops", "price_rises", "rank_enters", "rank_leaves", "rating_below"}


@router.get("/projects/{project_id}/alerts")
async def list_alerts(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    asin: Annotated[str, Query(pattern="^([A-Z0-9]{10})?$")] = "",
) -> Response:
    """The project's rules, and the sentence of a new one: of that product."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await alerts.find_all(conn, session.principal, project_id)
        ways = await channels.find_all(conn, session.principal, project_id)
    return render(
        request,
        "alerts.html",
        project=project,
        alerts=found,
        asin=asin,
        channels=ways,
        whom={each.id: [one.name for one in ways if one.id in each.channels] for each in found},
        conditions={key: words for key, (words, _) in CONDITIONS.items()},
        needs_value=sorted(_NEEDS_VALUE),
        marketplaces=list(marketplaces.MARKETPLACES.values()),
        digests=list(AlertEvery),
        sends_mail=services.sends_mail,
    )


@router.post("/projects/{project_id}/alerts")
async def create_alert(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Make the rule that the sentence says."""
    draft = alerting.draft_of(read(NewAlert, _body(form)))
    address = text(form, "email")
    names = [*texts(form, "channel"), *([f"email:{address}"] if address else [])]
    async with transaction(services.pool) as conn:
        ids = await alerting.channel_ids(conn, services, session.principal, project_id, names)
        made = await alerts.create(
            conn, session.principal, project_id, replace(draft, channels=ids), now=services.clock()
        )
    return go(request, f"/app/alerts/{made.id}", notice="created")


def _body(form: Any) -> dict[str, Any]:
    """The sentence as the API's body."""
    said = text(form, "condition")
    if said not in CONDITIONS:
        raise InvalidInputError.of("condition", "is not known")
    condition = dict(CONDITIONS[said][1])
    if said in _NEEDS_VALUE:
        condition["value"] = _number(text(form, "value"))
    host = text(form, "marketplace")
    what = {
        "products": text(form, "products").replace(",", " ").split(),
        "marketplaces": [host] if host else [],
        **({"listId": text(form, "list")} if text(form, "list") else {}),
    }
    body: dict[str, Any] = {"what": what, "when": [condition], "digest": {"every": text(form, "digest") or "at_once"}}
    if said == "price_below" and not host:
        raise InvalidInputError.of("marketplace", "is needed for a price, because it sets the currency")
    return body | ({"name": text(form, "name")} if text(form, "name") else {})


def _number(given: str) -> float:
    try:
        return float(given.replace(",", "."))
    except ValueError:
        raise InvalidInputError.of("value", "is not a number, for example 19.90") from None


@router.get("/alerts/{alert_id}")
async def show_alert(
    *,
    request: Request,
    alert_id: str,
    session: User_,
    services: ServicesDep,
    before: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
) -> Response:
    """One rule, and what it fired, newest first."""
    async with transaction(services.pool) as conn:
        alert = await alerts.get(conn, session.principal, alert_id)
        project = await projects.get(conn, session.principal, alert.project_id)
        ways = await channels.find_all(conn, session.principal, alert.project_id)
        left_out = await alerts.count_left_out(conn, alert)
        page = await notices.find_slice(
            conn, session.principal, alert.project_id, alert_id=alert_id, before=before, limit=_PAGE
        )
    language = language_of(request)
    return render(
        request,
        "alert.html",
        project=project,
        alert=alert,
        sentence=[wording.name(one, alert.currency, language) for one in alert.draft.when],
        what=alert.draft.what,
        channels=ways,
        left_out=left_out,
        **_lines(page.items, language),
        more=page.cursor,
        before=before,
    )


def _lines(found: Any, language: str) -> dict[str, Any]:
    return {"notices": found, "lines": {one.id: wording.line(one, language) for one in found}}


@router.post("/alerts/{alert_id}")
async def change_alert(request: Request, alert_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """On and off; other channels."""
    action = text(form, "action")
    async with transaction(services.pool) as conn:
        old = await alerts.lock(conn, session.principal, alert_id)
        if action in {"enable", "disable"}:
            draft = replace(old.draft, enabled=action == "enable")
        else:
            address = text(form, "email")
            names = [*texts(form, "channel"), *([f"email:{address}"] if address else [])]
            ids = await alerting.channel_ids(conn, services, session.principal, old.project_id, names)
            draft = replace(old.draft, channels=ids)
        await alerts.change(conn, session.principal, old, draft, now=services.clock())
    return go(request, f"/app/alerts/{alert_id}", notice="saved")


@router.post("/alerts/{alert_id}/delete")
async def delete_alert(request: Request, alert_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Delete the rule; its notices stay."""
    async with transaction(services.pool) as conn:
        alert = await alerts.get(conn, session.principal, alert_id)
        await alerts.delete(conn, session.principal, alert_id)
    return go(request, f"/app/projects/{alert.project_id}/alerts", notice="deleted")


@router.get("/projects/{project_id}/notices")
async def list_notices(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    before: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
) -> Response:
    """What fired, newest first."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        page = await notices.find_slice(conn, session.principal, project_id, before=before, limit=_PAGE)
    lines = _lines(page.items, language_of(request))
    return render(request, "notices.html", project=project, **lines, more=page.cursor, before=before)


@router.post("/projects/{project_id}/notices")
async def read_notices(request: Request, project_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """All of them are read."""
    async with transaction(services.pool) as conn:
        await notices.mark_read(conn, session.principal, project_id, ids=None, read=True, now=services.clock())
    return go(request, f"/app/projects/{project_id}/notices", notice="saved")


@router.get("/projects/{project_id}/notices/unread")
async def count_unread(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """The number at the bell."""
    async with transaction(services.pool) as conn:
        unread = await notices.count_unread(conn, session.principal, project_id)
    return render(request, "_bell.html", unread=unread)
