"""Lists: what is followed, what changed of it, and when it refreshes itself."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData, UploadFile

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError, NotFoundError
from azscraper.jobs import list_files, target_lists
from azscraper.kinds.registry import find_kind
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import morning
from azscraper.tracking.finding import changes
from azscraper.tracking.finding.changes import Changed
from azscraper.tracking.lists import item_files, lists, refresh, runs
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists.items import Item, NewItem
from azscraper.tracking.lists.lists import Asked, ProductList
from azscraper.tracking.lists.refresh import Refresh
from azscraper.web.dashboard import crawl_options
from azscraper.web.dashboard.forms import ZONES, comma_texts, number, read, text, texts
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.render import go, render
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import Services, ServicesDep
from azscraper.web.guards.limits import MAX_BODY_BYTES, takes
from azscraper.wire.new_lists import ItemChange, NewList
from azscraper.words import SeriesField

router = APIRouter(route_class=PageRoute)

_ITEMS = 100
_CHANGES = 50
_DAYS = 7


@router.get("/projects/{project_id}/lists")
async def list_lists(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """The project's lists."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await lists.find_all(conn, session.principal, project_id)
    return render(request, "lists.html", project=project, lists=found)


@router.get("/projects/{project_id}/lists/new")
async def new_list_page(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """The form of a new list."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
    return render(request, "new_list.html", project=project, one=None, **_choices())


def _choices() -> dict[str, Any]:
    return {
        "zones": ZONES,
        "every": refresh.EVERY,
        "weekdays": refresh.DAYS,
        "marketplaces": list(marketplaces.MARKETPLACES.values()),
        "options": crawl_options.fields(),
    }


@router.post("/projects/{project_id}/lists")
@takes(MAX_BODY_BYTES)
async def create_list(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """Make a list, and go to it."""
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
    kind = find_kind(text(form, "type") or "details").name
    asked, targets = _asked(form, kind), await _targets(form, kind)
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            made = await lists.create(conn, session.principal, project_id, asked, now=services.clock())
            rows = await asyncio.to_thread(list_items.check, made, [NewItem(target) for target in targets])
            if rows:
                await list_items.put(conn, session.principal, made.id, rows)
            url = await once.leads_to(conn, f"/app/lists/{made.id}")
    return go(request, url, notice="created")


def _asked(form: FormData, kind: str) -> Asked:
    config = {name: value for name, value in crawl_options.read(form, kind).items() if name != "marketplace"}
    said = {"name": text(form, "name"), "type": kind, "marketplaces": texts(form, "marketplaces"), "config": config}
    body = read(NewList, {**said, "refresh": _refresh(form)})
    when = None if body.refresh is None else Refresh(**body.refresh.model_dump())
    return Asked(body.name, kind, body.marketplaces, body.config, when)


def _refresh(form: FormData) -> dict[str, Any] | None:
    """What the form says, in words of people; a list that has a cron expression keeps it."""
    every = text(form, "every")
    if not every:
        return None
    if every == "cron":
        return {"cron": text(form, "cron"), "timezone": text(form, "timezone") or "UTC"}
    days = {"weekdays": texts(form, "weekdays"), "timezone": text(form, "timezone") or "UTC"}
    return {"every": every, "at": text(form, "at") or None, **days}


async def _targets(form: FormData, kind: str) -> Sequence[str]:
    """Of the pasted text. Raises InvalidInputError that names each line that is none."""
    default = marketplaces.find(next(iter(texts(form, "marketplaces")), "us"))
    found = await asyncio.to_thread(target_lists.recognise_text, kind, text(form, "targets"), default)
    if found.rejected:
        details = [Detail("targets", f"line {each.row}: {each.message}") for each in found.rejected[:100]]
        raise InvalidInputError(f"{len(found.rejected):,} of the targets are not recognised", details)
    return found.targets


@router.get("/lists/{list_id}")
async def show_list(
    *,
    request: Request,
    list_id: str,
    session: User_,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=200)] = "",
    tag: Annotated[str, Query(max_length=40)] = "",
    after: Annotated[str, Query(pattern="^([0-9a-f]{24})?$")] = "",
) -> Response:
    """One list: its items, and what changed of them in the last days."""
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, session.principal, list_id)
        project = await projects.get(conn, session.principal, one.project_id)
        page = await list_items.find(
            conn, session.principal, list_id, text=q, tag=tag or None, after=after, limit=_ITEMS
        )
        wanted = changes.Wanted(
            services.clock() - timedelta(days=_DAYS),
            morning.FIELDS,
            asins=[item.key for item in await list_items.find_all(conn, list_id)],
        )
        moved = await changes.find_changes(conn, session.principal, one.project_id, wanted, limit=_CHANGES)
    return render(
        request,
        "list.html",
        project=project,
        one=one,
        when=one.when,
        items=page.items,
        total=page.total,
        following=page.cursor,
        q=q,
        tag=tag,
        changes=[each for each in moved.items if _is_told(each)],
        days=_DAYS,
        **_choices(),
    )


def _is_told(one: Changed) -> bool:
    """A price that comes or goes is told as stock, a seller as well."""
    if one.field == SeriesField.PRICE:
        return one.percent is not None
    return one.field != SeriesField.SELLER or None not in (one.before_text, one.value_text)


@router.post("/lists/{list_id}")
async def change_list(request: Request, list_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """Another name, other marketplaces or options, another time; or post its jobs now."""
    async with transaction(services.pool) as conn:
        if text(form, "action") == "refresh":
            await runs.run_now(conn, session.principal, list_id, now=services.clock())
            return go(request, f"/app/lists/{list_id}", notice="created")
        old = await lists.get(conn, session.principal, list_id)
        asked = _asked(form, old.type)
        await lists.change(conn, session.principal, list_id, asked, now=services.clock())
    return go(request, f"/app/lists/{list_id}", notice="saved")


@router.post("/lists/{list_id}/delete")
async def delete_list(request: Request, list_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Delete the list; its jobs and the history stay."""
    async with transaction(services.pool) as conn:
        gone = await lists.delete(conn, session.principal, list_id)
    return go(request, f"/app/projects/{gone.project_id}/lists", notice="deleted")


@router.post("/lists/{list_id}/items")
@takes(MAX_BODY_BYTES)
async def add_items(request: Request, list_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """Put in what was pasted, or a file."""
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, session.principal, list_id)
    found = await _of_form(form, one, session, services)
    rows = await asyncio.to_thread(list_items.check, one, found)
    async with transaction(services.pool) as conn:
        await list_items.put(conn, session.principal, list_id, rows)
    return go(request, f"/app/lists/{list_id}", notice="saved")


async def _of_form(form: FormData, one: ProductList, session: Session, services: Services) -> list[NewItem]:
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        with services.uploads.taken(session.organization_id):
            return await _of_file(await file.read(), file.filename, one)
    default = marketplaces.find(one.marketplaces[0])
    found = await asyncio.to_thread(target_lists.recognise_text, one.type, text(form, "targets"), default)
    if found.rejected or not found.targets:
        details = [Detail("targets", f"line {each.row}: {each.message}") for each in found.rejected[:100]]
        raise InvalidInputError("Add at least one target", details or [Detail("targets", "nothing was recognised")])
    tags = tuple(comma_texts(form, "tags"))
    return [NewItem(target, note=text(form, "note"), tags=tags) for target in found.targets]


async def _of_file(body: bytes, name: str, one: ProductList) -> list[NewItem]:
    found = await asyncio.to_thread(item_files.read, body)
    if found is not None:
        return found
    reading = (await list_files.read_soon(body, name, kind=one.type, marketplace=one.marketplaces[0])).found
    if reading.rejected or not reading.targets:
        details = [Detail("file", f"line {each.row}: {each.message}") for each in reading.rejected[:100]]
        raise InvalidInputError(
            "The file can't be read as a list", details or [Detail("file", "nothing was recognised")]
        )
    return [NewItem(target) for target in reading.targets]


@router.post("/lists/{list_id}/items/{item_id}")
async def change_item(
    *, request: Request, list_id: str, item_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Another note, other tags, another target price; or out of the list."""
    async with transaction(services.pool) as conn:
        if text(form, "action") == "remove":
            if not await list_items.remove(conn, session.principal, list_id, [item_id]):
                raise NotFoundError("Item not found")
        else:
            one = await lists.get(conn, session.principal, list_id)
            body = read(ItemChange, {"note": text(form, "note"), "tags": comma_texts(form, "tags"), **_price(form)})
            values: dict[str, Any] = {"note": body.note, "tags": body.tags, "target_amount": body.target_price}
            values["target_currency"] = await list_items.currency_of(conn, one, item_id)
            await list_items.change(conn, session.principal, list_id, item_id, values)
    return go(request, f"/app/lists/{list_id}", notice="saved")


def _price(form: FormData) -> dict[str, Any]:
    given = number(form, "price")
    return {"target_price": given["price"]} if given else {}


@router.get("/lists/{list_id}/items.csv")
async def download_items(list_id: str, session: User_, services: ServicesDep) -> Response:
    """The items as a file, which can be edited and put in again."""
    async with transaction(services.pool) as conn:
        await lists.get(conn, session.principal, list_id)
        found: list[Item] = await list_items.find_all(conn, list_id)
    body = await asyncio.to_thread(item_files.write, found)
    headers = {"Content-Disposition": f'attachment; filename="list-{list_id}.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)
