"""A new job: targets pasted or out of a file, what was recognised of them, what it costs; then post it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData, UploadFile

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs import jobs, labels, list_files, plan, prices, target_lists
from azscraper.jobs import targets as job_targets
from azscraper.jobs.jobs import Label
from azscraper.jobs.labels import Filter
from azscraper.jobs.plan import PlannedTarget
from azscraper.jobs.target_lists import Reading, Recognised
from azscraper.kinds.auto import AUTO
from azscraper.kinds.registry import find_kind, types
from azscraper.marketplaces import Target
from azscraper.store.db import Conn, transaction
from azscraper.tenants import credits, plans, projects
from azscraper.tenants.credits import Balance
from azscraper.tenants.plans import Usage
from azscraper.tenants.principal import Principal
from azscraper.tracking.lists import lists
from azscraper.web.dashboard import crawl_options
from azscraper.web.dashboard.forms import comma_texts, read, text, texts
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.pages import left_out
from azscraper.web.dashboard.render import go, language_of, render
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import Services, ServicesDep
from azscraper.web.guards.limits import MAX_BODY_BYTES, takes
from azscraper.wire.crawls import JobConfig, NewJob

router = APIRouter(route_class=PageRoute)

_DEFAULT_MARKETPLACE = "www.amazon.com"
_OTHER_PAGES = {"no_product", "short_link"}
"""Reasons of addresses of Amazon that may be of another kind of page."""
_MOST_MARKETPLACES = 24
_MOST_FAILED = 10_000
"""Targets that a form offers to correct."""
_JobId = Annotated[str, Query(max_length=64)]
_SHOWN = 8
"""Targets, and values that are none, which the preview names."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job takes of what there is."""

    usage: Usage
    balance: Balance
    price: int
    """Credits; 0 on plans without."""

    @property
    def targets_left(self) -> int | None:
        """This month, None for unlimited."""
        limit = self.usage.plan.targets_per_month
        return None if limit is None else max(0, limit - self.usage.used.targets)

    @property
    def jobs_left(self) -> int | None:
        """This month, None for unlimited."""
        limit = self.usage.plan.jobs_per_month
        return None if limit is None else max(0, limit - self.usage.used.jobs)

    def covers(self, targets: int, jobs: int = 1) -> bool:
        """Whether limits and credits allow jobs of so many targets in all."""
        return (
            (self.targets_left is None or self.targets_left >= targets)
            and (self.jobs_left is None or self.jobs_left >= jobs)
            and (not self.usage.plan.uses_credits or self.balance.balance >= self.price)
        )


@router.get("/projects/{project_id}/jobs/new")
async def new_job_page(
    *, request: Request, project_id: str, session: User_, services: ServicesDep, correct: _JobId = ""
) -> Response:
    """The form; with the targets of a job that failed, to be corrected."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        cost = await _cost(conn, services, session.principal, 0)
        job = await jobs.get(conn, session.principal, correct) if correct else None
        failed = (
            await job_targets.find_slice(conn, correct, status="failed", after=-1, limit=_MOST_FAILED) if job else []
        )
        last = (
            [job]
            if job
            else (await labels.find_slice(conn, session.principal, project_id, Filter(), limit=1, offset=0)).items
        )
        followed = [] if job else await lists.last_marketplaces(conn, session.principal, project_id)
    host = marketplaces.find(last[0].config.marketplace or "us").host if last else _DEFAULT_MARKETPLACE
    host = next(iter(followed or []), host)  # a list that checks one product elsewhere has jobs of there
    kind, given = job.type if job else "details", "\n".join(each.value for each in failed)
    fields = _fields() | {"chosen": [host], "given": given}
    return render(request, "new_job.html", project=project, **fields, **_preview(kind, Recognised(), cost, [host]))


def _fields() -> dict[str, Any]:
    """What the form's lists offer."""
    return {"marketplaces": list(marketplaces.MARKETPLACES.values()), "options": crawl_options.fields()}


def _preview(kind: str, found: Recognised, cost: Cost, hosts: Sequence[str]) -> dict[str, Any]:
    return {
        "kind": kind,
        "found": found,
        "cost": cost,
        "hosts": hosts,
        "shown": [(each, product_of(kind, each, hosts[0])) for each in found.targets[:_SHOWN]],
        "reasons": left_out.REASONS,
        "other_pages": sum(one.reason in _OTHER_PAGES for one in found.rejected) if kind == "details" else 0,
        "host": hosts[0] if kind == "details" else None,
    }


def product_of(kind: str, value: str, host: str) -> Target | None:
    """The product that a target names, which has a page to look at."""
    return marketplaces.find_target(value, marketplaces.find(host)) if kind == "details" else None


async def _cost(conn: Conn, services: Services, principal: Principal, price: int) -> Cost:
    usage = await plans.usage(conn, principal.organization_id, now=services.clock())
    balance = await credits.balance(conn, principal.organization_id)
    return Cost(usage, balance, price if usage.plan.uses_credits else 0)


@router.post("/projects/{project_id}/jobs/preview")
@takes(MAX_BODY_BYTES)
async def preview_job(request: Request, project_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """What was recognised of the list as it stands, and what the job would cost."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
    kind, hosts = _kind(form), _hosts(form)
    found = await asyncio.to_thread(_recognised, kind, text(form, "targets"), hosts[0])
    price = await asyncio.to_thread(_price, form, kind, found)
    async with transaction(services.pool) as conn:
        cost = await _cost(conn, services, session.principal, price * len(hosts))
    return render(request, "_job_preview.html", project=project, **_preview(kind, found, cost, hosts))


def _price(form: FormData, kind: str, found: Recognised) -> int:
    """Credits of all targets, as far as what was entered can be read."""
    config = JobConfig.of_json(crawl_options.read(form, kind))
    if kind != AUTO:
        return prices.of_target(find_kind(kind), config) * len(found.targets)
    planned = plan.plan_targets(kind, found.targets, config) if found.targets else []
    return sum(prices.of_target(find_kind(target.kind or kind), config) for target in planned)


def _kind(form: FormData, name: str = "type") -> str:
    kind = text(form, name)
    if kind not in types():
        raise InvalidInputError("Choose products or keywords", [Detail(name, "is neither products nor keywords")])
    return kind


def _hosts(form: FormData) -> list[str]:
    """The marketplaces that were chosen, the first of which is for what names none."""
    chosen = [name for name in texts(form, "marketplace") if name.strip()] or [_DEFAULT_MARKETPLACE]
    return list(dict.fromkeys(marketplaces.find(name.strip()).host for name in chosen[:_MOST_MARKETPLACES]))


def _recognised(kind: str, pasted: str, marketplace: str) -> Recognised:
    return target_lists.recognise_text(kind, pasted, marketplaces.find(marketplace))


@router.post("/projects/{project_id}/jobs/upload")
@takes(MAX_BODY_BYTES)
async def read_upload(request: Request, project_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """The targets of a file: of its most likely column, or the one that was chosen, ready to be looked over."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
    file_name, reading = await _read_file(form, session, services)
    return render(
        request,
        "_job_upload.html",
        project=project,
        file_name=file_name,
        reading=reading,
        reasons=left_out.REASONS,
        host=_hosts(form)[0],
    )


async def _read_file(form: FormData, session: Session, services: Services) -> tuple[str, Reading]:
    """The file's name and what it comes to. A column that was chosen of another file chooses nothing."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidInputError("Choose a file", [Detail("file", "is missing")])
    letter, _, sheet = text(form, "column").partition(":") if text(form, "column_of") == file.filename else ("", "", "")
    body = await file.read()
    rather = _kind(form, "rather") if text(form, "rather") else None
    wanted = {"sheet": sheet or None, "column": letter or None, "rather": rather}
    with services.uploads.taken(session.organization_id):
        return file.filename, await list_files.read_soon(body, file.filename, **wanted)


@router.post("/projects/{project_id}/jobs/left-out")
@takes(MAX_BODY_BYTES)
async def download_left_out(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """What of a file, or of a pasted list, is no target, with row, reason and repair: a CSV file."""
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
    if "file" in form:
        found = (await _read_file(form, session, services))[1].found
    else:
        found = await asyncio.to_thread(_recognised, _kind(form), text(form, "targets"), _hosts(form)[0])
    return left_out.as_file(found, language_of(request))


@router.post("/projects/{project_id}/jobs")
@takes(MAX_BODY_BYTES)
async def post_job(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """Post a job for each marketplace, and go to it, or to all jobs. What was not recognised is left out."""
    kind, hosts = _kind(form), _hosts(form)
    found = await asyncio.to_thread(_recognised, kind, text(form, "targets"), hosts[0])
    if not found.targets:
        raise InvalidInputError("Add at least one target", [Detail("targets", "nothing was recognised")])
    said = {
        "type": kind,
        "targets": list(found.targets),
        "name": text(form, "name") or None,
        "tags": comma_texts(form, "tags"),
    }
    body = read_job(said | {"config": crawl_options.read(form, kind)})
    planned = await asyncio.to_thread(_planned, body, hosts)
    label = Label(body.name, tuple(body.tags or ()))
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            for config, targets in planned:
                job = await jobs.submit(
                    conn,
                    session.principal,
                    project_id,
                    kind=find_kind(body.type),
                    targets=targets,
                    config=config,
                    now=services.clock(),
                    label=label,
                )
            lone = f"/app/jobs/{job.id}"
            url = await once.leads_to(conn, lone if len(planned) == 1 else f"/app/projects/{project_id}/jobs")
    return go(request, url)


def _planned(body: NewJob, hosts: Sequence[str]) -> list[tuple[JobConfig, list[PlannedTarget]]]:
    """A job for each marketplace. An address is of its own marketplace: it goes with the first job alone."""
    found = []
    for place, host in enumerate(hosts):
        config = plan.checked(body.type, JobConfig.of_json(body.config.as_sent | {"marketplace": host}))
        targets = plan.plan_targets(body.type, body.targets, config)
        own = targets if place == 0 else [target for target in targets if target.marketplace == host]
        if own:
            found.append((config, own))
    return found


def read_job(values: dict[str, Any]) -> NewJob:
    """The body of a job. Raises InvalidInputError that names bad fields, price limits that no price meets among them."""
    body = read(NewJob, values)
    lowest, highest = body.config.min_price, body.config.max_price
    if lowest is not None and highest is not None and lowest > highest:
        raise InvalidInputError(
            "Please check what you entered", [Detail("config.maxPrice", "is below the lowest price")]
        )
    return body
