"""A new list: products pasted or out of a file, what was recognised of them, where and how often they are checked."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData, UploadFile

from azscraper import marketplaces
from azscraper.errors import CallerError, InvalidInputError
from azscraper.jobs import prices
from azscraper.kinds.auto import AUTO
from azscraper.kinds.registry import find_kind, types
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.projects import Project
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists, refresh, runs, uploads
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import Asked
from azscraper.tracking.lists.refresh import Refresh
from azscraper.tracking.lists.uploads import Upload
from azscraper.web.dashboard import crawl_options
from azscraper.web.dashboard.forms import ZONES, read, text, texts
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.pages import left_out, timing
from azscraper.web.dashboard.render import go, language_of, region_of, render
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import Services, ServicesDep
from azscraper.web.guards.limits import MAX_BODY_BYTES, takes
from azscraper.wire.crawls import JobConfig
from azscraper.wire.new_lists import NewList
from azscraper.words import JobType

router = APIRouter(route_class=PageRoute)

_USUAL = "www.amazon.com"


@router.get("/projects/{project_id}/lists/new")
async def new_list_page(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    kind: Annotated[str, Query(max_length=40)] = "details",
    targets: Annotated[str, Query(max_length=500)] = "",
    marketplace: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The form of a new list, of that kind, with that target and marketplace to begin with."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        first = await first_choices(conn, request, session, project)
    first |= {"new_kind": kind if kind in types() else "details", "given_text": targets}
    if marketplace:
        first["chosen"] = [marketplaces.find(marketplace).host]
    return render(request, "new_list.html", project=project, **first)


async def first_choices(conn: Conn, request: Request, session: Session, project: Project) -> dict[str, Any]:
    """What the form of a new list offers, with the marketplaces of the list before it; else that of the reader's country."""
    earlier = await lists.last_marketplaces(conn, session.principal, project.id)
    found = [earlier] if earlier else [[site.host] for site in _sites() if site.country == region_of(request)]
    example = next(
        (one for one in await projects.find_all(conn, session.principal, archived=False) if one.is_demo), None
    )
    known = await lists.find_all(conn, session.principal, project.id)
    return {
        "chosen": next(iter(found), [_USUAL]),
        "example": example,
        "new_kind": "details",
        "names": {one.name for one in known},
        "has_products": any(one.type == JobType.DETAILS for one in known),
        **choices(),
    }


def _sites() -> Sequence[marketplaces.Marketplace]:
    return list(marketplaces.MARKETPLACES.values())


def choices() -> dict[str, Any]:
    """What every form of a list offers."""
    return {
        "zones": ZONES,
        "every": refresh.EVERY,
        "weekdays": refresh.DAYS,
        "marketplaces": _sites(),
        "options": crawl_options.fields(),
    }


@dataclass(frozen=True, slots=True)
class Given:
    """What was pasted and what is in the file, together."""

    kind: str
    hosts: list[str]
    pasted: Upload
    file_name: str = ""
    upload: Upload | None = None

    @property
    def items(self) -> list[NewItem]:
        """Each target once."""
        found = [one for part in self._parts for one in part.items]
        return list({one.target: one for one in found}.values())

    @property
    def left_out(self) -> int:
        """Entries of the text and of the file."""
        return sum(len(part.found.rejected) + len(part.wrong) for part in self._parts)

    @property
    def duplicates(self) -> int:
        """Entries that name what an earlier one names."""
        return sum(part.found.duplicates for part in self._parts)

    @property
    def elsewhere(self) -> dict[str, int]:
        """Host: how many targets go there because their address says so."""
        hosts = {host: n for part in self._parts for host, n in part.found.marketplaces.items()}
        return {host: n for host, n in hosts.items() if host not in self.hosts}

    @property
    def _parts(self) -> list[Upload]:
        return [self.pasted, *([self.upload] if self.upload else [])]


async def given(form: FormData, session: Session, services: Services, *, kind: str, hosts: Sequence[str]) -> Given:
    """Of the form's text and file. Raises InvalidInputError for a file that can't be read."""
    site = marketplaces.find(next(iter(hosts), _USUAL))
    pasted = await asyncio.to_thread(partial(uploads.of_text, text(form, "targets"), kind=kind, site=site))
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return Given(kind, list(hosts), pasted)
    with services.uploads.taken(session.organization_id):
        upload = await uploads.read(await file.read(), file.filename, kind=kind, host=site.host)
    return Given(kind, list(hosts), pasted, file.filename, upload)


def shown(found: Given, form: FormData, form_id: str) -> dict[str, Any]:
    """What the answer beneath the form says of it."""
    return {
        "given": found,
        "form_id": form_id,
        "reasons": left_out.REASONS,
        "host": found.hosts[0] if found.hosts else _USUAL,
        "pages": len(found.items) * max(1, len(found.hosts)) * _pages(form, found.kind),
    }


def _pages(form: FormData, kind: str) -> int:
    """Of each target, at most; one where that can't be told yet."""
    with suppress(CallerError, ValueError):
        config = JobConfig.of_json(_config(form, kind))
        return 1 if kind == AUTO else prices.counts_of(find_kind(kind), config)
    return 1


@router.post("/projects/{project_id}/lists/preview")
@takes(MAX_BODY_BYTES)
async def preview_list(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """What was recognised so far, and what is left out."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
    kind = text(form, "type")
    kind = kind if kind in types() else "details"
    found = await given(form, session, services, kind=kind, hosts=texts(form, "marketplaces"))
    return render(request, "_given.html", project=project, **shown(found, form, "list"))


@router.post("/projects/{project_id}/lists/left-out")
@takes(MAX_BODY_BYTES)
async def download_left_out(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """What is no target, with row, reason and repair: a CSV file."""
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
    kind = find_kind(text(form, "type") or "details").name
    found = await given(form, session, services, kind=kind, hosts=texts(form, "marketplaces"))
    return left_out.as_file((found.upload or found.pasted).found, language_of(request))


@router.post("/projects/{project_id}/lists")
@takes(MAX_BODY_BYTES)
async def create_list(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """Make a list, check what is in it for the first time, and go to it. What was not recognised is left out."""
    kind = find_kind(text(form, "type") or "details").name
    asked = read_list(form, kind)
    found = await given(form, session, services, kind=kind, hosts=asked.marketplaces)
    if found.left_out and not found.items:
        raise InvalidInputError.of("targets", "has nothing that is recognised; write ASINs or addresses of products")
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            made = await lists.create(conn, session.principal, project_id, asked, now=services.clock())
            rows = await asyncio.to_thread(list_items.check, made, found.items)
            if rows:
                await list_items.put(conn, session.principal, made.id, rows)
                with suppress(CallerError):  # a month without pages left is no reason to refuse the list
                    async with conn.transaction():
                        await runs.run_now(conn, session.principal, made.id, now=services.clock())
            said = f"?added={len(rows)}&left_out={found.left_out}" if found.left_out else ""
            url = await once.leads_to(conn, f"/app/lists/{made.id}{said}")
    return go(request, url, notice="checking" if found.items else "created")


def read_list(form: FormData, kind: str, when: Refresh | None = None) -> Asked:
    """What the form says of a list; ``when`` is kept where it does not ask for the time. Raises InvalidInputError."""
    said = {"name": text(form, "name"), "type": kind, "marketplaces": texts(form, "marketplaces")}
    asks = "every" in form
    body = read(NewList, {**said, "config": _config(form, kind), "refresh": timing.read(form) if asks else None})
    if asks:
        when = None if body.refresh is None else timing.refresh_of(body.refresh.model_dump())
    return Asked(body.name, kind, body.marketplaces, body.config, when)


def _config(form: FormData, kind: str) -> dict[str, Any]:
    return {name: value for name, value in crawl_options.read(form, kind).items() if name != "marketplace"}
