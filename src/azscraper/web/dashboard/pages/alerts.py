"""Alerts: a rule as one sentence that is filled in, what it would have told, and what fired."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.channels import channels
from azscraper.channels.channels import EMAIL, Channel
from azscraper.email_addresses import key as key_of
from azscraper.errors import InvalidInputError, RateLimitedError, UnavailableError
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tenants.projects import Project
from azscraper.tracking import overviews, product_table
from azscraper.tracking.alerts import alerts, items, notices, wording
from azscraper.tracking.lists import lists
from azscraper.web import alerting
from azscraper.web.dashboard.forms import ZONES, text, texts
from azscraper.web.dashboard.pages import revisions, sentences
from azscraper.web.dashboard.pages.sentences import Choices, Sentence
from azscraper.web.dashboard.render import go, language_of, render
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import Services, ServicesDep
from azscraper.words import AlertEvery, AlertRearm

router = APIRouter(route_class=PageRoute)

_PAGE = 25
_DAYS = 30
_SHOWN = 5
"""Of what a rule would have told."""
_MOST_NAMED = 500
"""Tags, and keywords, to choose from."""


@router.get("/projects/{project_id}/alerts")
async def list_alerts(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    asin: Annotated[str, Query(pattern="^([A-Z0-9]{10}(,[A-Z0-9]{10}){0,99})?$")] = "",
    what: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The project's rules, and the sentence of a new one: of those products, or of that list or tag."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await alerts.find_all(conn, session.principal, project_id)
        ways = await channels.find_all(conn, session.principal, project_id)
        choices = await _choices(conn, session.principal, project)
        since = services.clock() - timedelta(days=_DAYS)
        fired = await notices.count_by_day(conn, project_id, since=since, days=_DAYS)
    language = language_of(request)
    products = asin.split(",") if asin else []
    return render(
        request,
        "alerts.html",
        project=project,
        alerts=found,
        fired=fired,
        none_fired=[0] * _DAYS,
        said={one.id: [wording.name(each, one.currency, language) for each in one.draft.when] for one in found},
        lists=choices.lists,
        sentence=Sentence(what or ("products" if products else ""), products),
        choices=choices,
        channels=ways,
        whom={each.id: [one for one in ways if one.id in each.channels] for each in found},
        endings=sentences.ENDINGS,
        marketplaces=list(marketplaces.MARKETPLACES.values()),
        digests=list(AlertEvery),
        again=list(AlertRearm),
        zones=ZONES,
        own_address=_own_address(session, services, ways),
        sends_mail=services.sends_mail,
    )


async def _choices(conn: Conn, principal: Principal, project: Project) -> Choices:
    project_id = project.id
    followed = await lists.find_all(conn, principal, project_id)
    searched = await overviews.find_keywords(conn, principal, project_id)
    places = await product_table.places(conn, project_id)
    return Choices(
        followed,
        await items.find_tags(conn, project_id, most=_MOST_NAMED),
        list(dict.fromkeys(one.keyword for one in searched if "://" not in one.keyword))[:_MOST_NAMED],
        [place.marketplace for place in places],
        project.own_sellers,
    )


def _own_address(session: Session, services: Services, ways: list[Channel]) -> str | None:
    """The reader's, where mails can be sent and no channel has it yet."""
    own = session.user.email
    is_known = any(one.type == EMAIL and key_of(one.shown) == key_of(own) for one in ways)
    return own if services.sends_mail and not is_known else None


@router.post("/projects/{project_id}/alerts")
async def create_alert(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Make the rule that the sentence says."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        choices = await _choices(conn, session.principal, project)
        draft = alerting.draft_of(sentences.rule_of(form, choices), language_of(request))
        ids = await alerting.channel_ids(conn, services, session.principal, project_id, _whom(form))
        made = await alerts.create(
            conn, session.principal, project_id, replace(draft, channels=ids), now=services.clock()
        )
    return go(request, f"/app/alerts/{made.id}", notice="created")


def _whom(form: Any) -> list[str]:
    addresses = [address for address in texts(form, "email") if address.strip()]
    return [*texts(form, "channel"), *(f"{EMAIL}:{address.strip()}" for address in addresses)]


@router.post("/projects/{project_id}/alerts/preview")
async def preview_sentence(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """What the sentence, as it stands, would have told in the last 30 days."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        choices = await _choices(conn, session.principal, project)
    try:
        draft = alerting.draft_of(sentences.rule_of(form, choices))
    except InvalidInputError as exc:
        return _untold(request, problem=exc)
    return await _previewed(request, session, services, project_id, draft)


def _untold(request: Request, *, problem: InvalidInputError | None = None, busy: bool = False) -> Response:
    return render(request, "_alert_preview.html", problem=problem, busy=busy, found=None)


async def _previewed(
    request: Request, session: Session, services: Services, project_id: str, draft: alerts.Draft
) -> Response:
    try:
        found = await alerting.preview(services, session.principal, project_id, draft)
    except InvalidInputError as exc:
        return _untold(request, problem=exc)
    except (RateLimitedError, UnavailableError):
        return _untold(request, busy=True)
    language = language_of(request)
    return render(
        request,
        "_alert_preview.html",
        problem=None,
        busy=False,
        found=found,
        what=draft.what,
        project_id=project_id,
        beside_own=any(one.compares_own for one in draft.when),
        shown=[(one, [wording.said(reason, language) for reason in one.reasons]) for one in found.newest[:_SHOWN]],
        heading=wording.heading,
    )


@router.post("/alerts/{alert_id}/preview")
async def preview_alert(request: Request, alert_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """What a rule, as its form says it now, would have told in the last 30 days, had it begun then."""
    async with transaction(services.pool) as conn:
        alert = await alerts.get(conn, session.principal, alert_id)
    try:
        draft = revisions.as_written(alert.draft, form, language_of(request))
    except InvalidInputError as exc:
        return _untold(request, problem=exc)
    return await _previewed(request, session, services, alert.project_id, draft)


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
        followed = await lists.find_all(conn, session.principal, alert.project_id)
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
        rule=alert.draft,
        digests=list(AlertEvery),
        slots=revisions.slots(alert.draft, language),
        addable=revisions.addable(alert.draft),
        own_sellers=project.own_sellers,
        lists=followed,
        channels=ways,
        left_out=left_out,
        **_lines(page.items, language),
        more=page.cursor,
        before=before,
    )


def _lines(found: Any, language: str) -> dict[str, Any]:
    return {"notices": found, "lines": {one.id: wording.lines(one, language) for one in found}}


@router.post("/alerts/{alert_id}")
async def change_alert(request: Request, alert_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """On and off; another name, other conditions, another time to be sent; other channels."""
    action = text(form, "action")
    async with transaction(services.pool) as conn:
        old = await alerts.lock(conn, session.principal, alert_id)
        if action in {"enable", "disable"}:
            draft = replace(old.draft, enabled=action == "enable")
        elif action == "revise":
            draft = revisions.revised(old, form, language_of(request))
        else:
            ids = await alerting.channel_ids(conn, services, session.principal, old.project_id, _whom(form))
            draft = replace(old.draft, channels=ids)
        await alerts.change(conn, session.principal, old, draft, now=services.clock())
    there = f"/app/projects/{old.project_id}/alerts" if text(form, "from") == "list" else f"/app/alerts/{alert_id}"
    return go(request, there, notice="saved")


@router.post("/alerts/{alert_id}/test")
async def send_test(request: Request, alert_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Send a test message to the rule's channels."""
    async with transaction(services.pool) as conn:
        alert = await alerts.get(conn, session.principal, alert_id)
        await alerting.send_test(conn, services, session.principal, alert)
    return go(request, f"/app/alerts/{alert_id}", notice="message_sent")


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
