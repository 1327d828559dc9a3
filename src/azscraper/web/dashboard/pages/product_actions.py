"""What is done with products, one or many that were chosen: check, list, tag, wait for a price, take out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs import jobs, plan
from azscraper.jobs.jobs import Job
from azscraper.kinds.registry import find_kind
from azscraper.store.db import transaction
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists, product_items
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import Asked
from azscraper.tracking.lists.refresh import Refresh
from azscraper.web.dashboard.forms import amount, read, text, texts
from azscraper.web.dashboard.once import Once, OnceDep
from azscraper.web.dashboard.render import go
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import Services, ServicesDep
from azscraper.wire.crawls import JobConfig
from azscraper.wire.new_lists import ItemChange
from azscraper.words import JobType

router = APIRouter(route_class=PageRoute)

MOST_CHOSEN = 1000
_LONGEST_NAME = 120
_LONGEST_TAG = 40
_DAILY = Refresh(every="day", at="08:00")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Products, each on a marketplace."""

    by_host: Mapping[str, Sequence[str]]
    """ASINs."""

    @property
    def host(self) -> str:
        """Of the first one."""
        return next(iter(self.by_host))

    @property
    def asins(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(asin for asins in self.by_host.values() for asin in asins))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Host and ASIN of each."""
        return [(host, asin) for host, asins in self.by_host.items() for asin in asins]


def chosen(form: FormData) -> Chosen:
    """``B0…`` on the form's marketplace, ``B0…:DE`` on its own. Raises InvalidInputError where nothing was chosen, or too much."""
    named = texts(form, "asin")
    if not 1 <= len(named) <= MOST_CHOSEN:
        raise InvalidInputError("Choose products first", [Detail("asin", f"takes 1 to {MOST_CHOSEN:,} products")])
    by_host: dict[str, list[str]] = {}
    for each in named:
        asin, _, code = each.partition(":")
        by_host.setdefault(marketplaces.find(code or text(form, "marketplace")).host, []).append(asin)
    return Chosen(by_host)


@router.post("/projects/{project_id}/products/check")
async def check_products(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """A job that reads the chosen products now; on to it, or back to the one product, which follows it."""
    url = await _posted(services, session, once, project_id=project_id, form=form, kind=JobType.DETAILS)
    return go(request, url)


@router.post("/projects/{project_id}/products/offers")
async def check_offers(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """A job that lists the offers of the chosen products now; on to it, or back to the one product, which follows it."""
    url = await _posted(services, session, once, project_id=project_id, form=form, kind="offers")
    return go(request, url)


async def _posted(
    services: Services, session: Session, once: Once, *, project_id: str, form: FormData, kind: str
) -> str:
    """Where the job is to be seen."""
    them = chosen(form)
    config = {host: plan.checked(kind, JobConfig.model_validate({"marketplace": host})) for host in them.by_host}
    planned = {
        host: await asyncio.to_thread(plan.plan_targets, kind, asins, config[host])
        for host, asins in them.by_host.items()
    }
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            posted = [
                await jobs.submit(
                    conn,
                    session.principal,
                    project_id,
                    kind=find_kind(kind),
                    targets=targets,
                    config=config[host],
                    now=services.clock(),
                )
                for host, targets in planned.items()
            ]
            url = await once.leads_to(conn, _shown(form, project_id, them, posted))
    return url


def _shown(form: FormData, project_id: str, them: Chosen, posted: Sequence[Job]) -> str:
    """The product that follows its job, the job, or all jobs where there are several."""
    if text(form, "back") == "product":
        return f"{_back(form, project_id, them)}&job={posted[0].id}"
    return f"/app/jobs/{posted[0].id}" if len(posted) == 1 else f"/app/projects/{project_id}/jobs"


@router.post("/projects/{project_id}/products/list")
async def list_chosen(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Put the chosen products into a list: into that of the name, or into a new one that is checked daily."""
    them = chosen(form)
    hosts = list(them.by_host)
    name = text(form, "list_name")[:_LONGEST_NAME]
    if not name:
        raise InvalidInputError("Name a list", [Detail("list_name", "is needed")])
    async with transaction(services.pool) as conn:
        known = await lists.find_all(conn, session.principal, project_id)
        one = next((each for each in known if each.name == name and each.type == JobType.DETAILS), None)
        if one is None:
            asked = Asked(name, JobType.DETAILS, hosts, JobConfig(), _DAILY)
            one = await lists.create(conn, session.principal, project_id, asked, now=services.clock())
        new = [NewItem(asin, host if len(hosts) > 1 else None) for host, asin in them.pairs]
        items = list_items.check(one, new)
        await list_items.put(conn, session.principal, one.id, items)
    return go(request, f"/app/projects/{project_id}/products?list={one.id}", notice="saved")


@router.post("/projects/{project_id}/products/target")
async def set_target(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """The price to wait for, in the marketplace's currency; empty for none."""
    them = chosen(form)
    written = amount(form, "price", marketplaces.find(them.host))
    target = read(ItemChange, {"target_price": written}, {"target_price": "price"}).target_price if written else None
    if target is not None and len({marketplaces.find(host).currency for host in them.by_host}) > 1:
        raise InvalidInputError.of("price", "is an amount in one currency; choose products of one currency")
    async with transaction(services.pool) as conn:
        for host, asins in them.by_host.items():
            await product_items.set_target(
                conn, session.principal, project_id, asins, marketplace=marketplaces.find(host), amount=target
            )
    return go(request, _back(form, project_id, them), notice="saved")


@router.post("/projects/{project_id}/products/tag")
async def tag_chosen(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """One tag more for each, in the lists that they are in."""
    them = chosen(form)
    name = text(form, "tag")[:_LONGEST_TAG]
    if not name:
        raise InvalidInputError("Name a tag", [Detail("tag", "is needed")])
    async with transaction(services.pool) as conn:
        await product_items.tag(conn, session.principal, project_id, them.asins, name=name)
    return go(request, _back(form, project_id, them), notice="saved")


OWN = {"yes": True, "no": False}
"""What a form says of products that are one's own, or a competitor's; all else: neither."""


def told_of(marked: str) -> str:
    """The notice."""
    return f"marked_{marked if marked in OWN else 'neither'}"


@router.post("/projects/{project_id}/products/own")
async def set_own(*, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """The chosen products are one's own, or competitors', or neither."""
    them, marked = chosen(form), text(form, "own")
    async with transaction(services.pool) as conn:
        await product_items.set_own(conn, session.principal, project_id, them.asins, own=OWN.get(marked))
    return go(request, _back(form, project_id, them), notice=told_of(marked))


@router.post("/projects/{project_id}/products/remove")
async def take_out(*, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """Out of the list that the table shows; the history stays."""
    them = chosen(form)
    async with transaction(services.pool) as conn:
        await product_items.take_out(conn, session.principal, project_id, them.asins, list_id=text(form, "list"))
    return go(request, _back(form, project_id, them), notice="saved")


def _back(form: FormData, project_id: str, them: Chosen) -> str:
    """To the product, or to the table as it was."""
    base = f"/app/projects/{project_id}/products"
    if text(form, "back") == "product":
        return f"{base}/{them.asins[0]}?marketplace={them.host}"
    return f"{base}?{text(form, 'query')[:1000]}"
