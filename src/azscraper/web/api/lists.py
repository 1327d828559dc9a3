"""Lists over HTTP."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from azscraper.errors import Detail
from azscraper.jobs import options
from azscraper.store.db import transaction
from azscraper.tenants.principal import Principal
from azscraper.tracking.lists import item_files, lists, uploads
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import runs as list_runs
from azscraper.tracking.lists.items import Item, NewItem
from azscraper.tracking.lists.lists import Asked, ProductList
from azscraper.tracking.lists.refresh import Refresh
from azscraper.tracking.lists.uploads import Part
from azscraper.web.deps import FILE_BODY, IdCursor, KeyCaller, LongLimit, Services, ServicesDep, TagText, errors
from azscraper.web.guards.limits import MAX_BODY_BYTES, StrictJson, takes
from azscraper.web.once import OnceDep
from azscraper.web.warnings import warn
from azscraper.wire.base import Text
from azscraper.wire.crawls import JobConfig
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta
from azscraper.wire.lists import ItemOut, ListOut, PostedJobOut, PutOut, RefreshOut, RemovedOut
from azscraper.wire.new_lists import ItemChange, ItemIn, ListChange, NewItems, NewList, RefreshIn
from azscraper.words import OnInvalid

router = APIRouter(tags=["lists"], route_class=StrictJson)

_CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "The items", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.post(
    "/projects/{project_id}/lists",
    status_code=201,
    operation_id="createList",
    response_model=Envelope[ListOut],
    responses=errors(400, 401, 404, 409, 413),
)
@takes(MAX_BODY_BYTES)
async def create_list(
    *, request: Request, project_id: str, body: NewList, caller: KeyCaller, services: ServicesDep, once: OnceDep
) -> Response:
    """Create a list. It posts one job for each marketplace whenever its refresh is due. `meta.warnings` names options without effect, and a name twice."""
    asked = Asked(body.name, body.type, body.marketplaces, body.config, _refresh(body.refresh))
    _warn(request, asked)
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        if await lists.has_named(conn, caller, project_id, asked.name):
            warn(request, [Detail("name", "is the name of another list too; tell them apart by their ids")])
        made = await lists.create(conn, caller, project_id, asked, now=services.clock())
        if body.items:
            items = await asyncio.to_thread(list_items.check, made, [_new_item(item) for item in body.items])
            await list_items.put(conn, caller, made.id, items)
            made = await lists.get(conn, caller, made.id)
        return await once.answer(conn, Envelope(data=list_out(made)))


@router.get("/projects/{project_id}/lists", operation_id="listLists", responses=errors(401, 404))
async def list_lists(project_id: str, caller: KeyCaller, services: ServicesDep) -> ListEnvelope[ListOut]:
    """A project's lists, newest first."""
    async with transaction(services.pool) as conn:
        found = await lists.find_all(conn, caller, project_id)
    return ListEnvelope(data=[list_out(one) for one in found], meta=Meta(total=len(found)))


@router.get("/lists/{list_id}", operation_id="getList", responses=errors(401, 404))
async def get_list(list_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[ListOut]:
    """One list."""
    async with transaction(services.pool) as conn:
        return Envelope(data=list_out(await lists.get(conn, caller, list_id)))


@router.patch("/lists/{list_id}", operation_id="changeList", responses=errors(400, 401, 404))
async def change_list(
    request: Request, list_id: str, body: ListChange, caller: KeyCaller, services: ServicesDep
) -> Envelope[ListOut]:
    """Change the name, the marketplaces, the options or when it refreshes. Times that passed are not made up for."""
    async with transaction(services.pool) as conn:
        old = await lists.get(conn, caller, list_id)
        asked = Asked(
            body.name or old.name,
            old.type,
            body.marketplaces or old.marketplaces,
            old.config if body.config is None else JobConfig.of_json(body.config),
            _refresh(body.refresh) if "refresh" in body.model_fields_set else old.when,
        )
        _warn(request, asked)
        return Envelope(data=list_out(await lists.change(conn, caller, list_id, asked, now=services.clock())))


@router.delete("/lists/{list_id}", status_code=204, operation_id="deleteList", responses=errors(401, 404))
async def delete_list(list_id: str, caller: KeyCaller, services: ServicesDep) -> None:
    """Delete a list with its items; its jobs and the history stay."""
    async with transaction(services.pool) as conn:
        await lists.delete(conn, caller, list_id)


@router.post(
    "/lists/{list_id}/refresh",
    status_code=201,
    operation_id="refreshList",
    response_model=Envelope[list[PostedJobOut]],
    responses=errors(400, 401, 402, 403, 404, 409, 429),
)
async def refresh_list(list_id: str, caller: KeyCaller, services: ServicesDep, once: OnceDep) -> Response:
    """Post its jobs now, one for each marketplace; the next due time stays."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        posted = await list_runs.run_now(conn, caller, list_id, now=services.clock())
        return await once.answer(conn, Envelope(data=[PostedJobOut.of(one) for one in posted]))


@router.get(
    "/lists/{list_id}/items",
    operation_id="listItems",
    response_model=ListEnvelope[ItemOut],
    responses=errors(400, 401, 404) | _CSV,
)
async def list_list_items(
    *,
    list_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    text: Annotated[Text, Query(max_length=200, description="Only items with this in their target or note")] = "",
    tag: TagText = None,
    limit: LongLimit = 100,
    cursor: IdCursor = None,
    format: Literal["json", "csv"] = "json",  # noqa: A002 - the parameter's name on the wire
) -> Any:
    """A list's items. limit is capped at 1,000. format=csv is all of them as a file, which can be edited and put in again."""
    async with transaction(services.pool) as conn:
        if format == "csv":
            one = await lists.get(conn, caller, list_id)
            found = await list_items.find_all(conn, list_id)
            body = await asyncio.to_thread(item_files.write, found)
            headers = {"Content-Disposition": f'attachment; filename="list-{one.id}.csv"'}
            return Response(body, media_type="text/csv; charset=utf-8", headers=headers)
        page = await list_items.find(conn, caller, list_id, text=text, tag=tag, after=cursor or "", limit=limit)
        one = await lists.get(conn, caller, list_id)
    meta = Meta(total=page.total, limit=limit, next_cursor=page.cursor)
    return ListEnvelope(data=[item_out(item, one) for item in page.items], meta=meta)


@router.post("/lists/{list_id}/items", operation_id="addItems", responses=errors(400, 401, 404, 409, 413))
@takes(MAX_BODY_BYTES)
async def add_items(list_id: str, body: NewItems, caller: KeyCaller, services: ServicesDep) -> Envelope[PutOut]:
    """Put items in; those that are there already get the new note, tags and price. More than 10,000 go as a file."""
    items = [_new_item(item) for item in body.items]
    return Envelope(data=await put_items(services, caller, list_id, items, replace=False))


@router.put(
    "/lists/{list_id}/items",
    operation_id="putItems",
    openapi_extra=FILE_BODY,
    responses=errors(400, 401, 404, 409, 413, 503),
)
@takes(MAX_BODY_BYTES)
async def put_items_file(
    *,
    request: Request,
    list_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    name: Annotated[
        Text, Query(max_length=200, description="Name of the file, whose ending says what it is")
    ] = "items.csv",
    replace: Annotated[bool, Query(description="Take out what is not in the file")] = False,
    on_invalid: Annotated[
        OnInvalid,
        Query(alias="onInvalid", description="Whether a line that can't be read fails the request, or is left out"),
    ] = OnInvalid.FAIL,
    sheet: Annotated[Text | None, Query(max_length=200, description="Of a workbook; found if left out")] = None,
    column: Annotated[
        Text | None, Query(max_length=200, description="With the targets, by its header or letter; found if left out")
    ] = None,
) -> Envelope[PutOut]:
    """Put a file in, up to 16 MiB and 100,000 items: a CSV with the columns target, marketplace, note, tags, targetPrice and currency
    (target alone is enough), or any CSV, text or XLSX file in which targets are recognized. The answer names the lines that are left out.
    """
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, caller, list_id)
    with services.uploads.taken(caller.organization_id):
        part, skip = Part(sheet, column), on_invalid is OnInvalid.SKIP
        upload = await uploads.of_file(await request.body(), name, one, part=part, skip=skip)
    put = await put_items(services, caller, list_id, upload.items, replace=replace)
    left_out = upload.left_out
    again = put.duplicates + upload.found.duplicates
    told = {"duplicates": again, "left_out": len(left_out), "left_out_lines": left_out[: uploads.NAMED]}
    return Envelope(data=put.model_copy(update=told))


@router.patch("/lists/{list_id}/items/{item_id}", operation_id="changeItem", responses=errors(400, 401, 404))
async def change_item(
    list_id: str, item_id: str, body: ItemChange, caller: KeyCaller, services: ServicesDep
) -> Envelope[ItemOut]:
    """Change the note, the tags or the target price of an item."""
    changes: dict[str, Any] = {
        name: value for name, value in (("note", body.note), ("tags", body.tags)) if value is not None
    }
    if "target_price" in body.model_fields_set:
        changes["target_amount"] = body.target_price
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, caller, list_id)
        if body.target_price is not None:
            changes["target_currency"] = body.currency or await list_items.currency_of(conn, one, item_id)
        changed = await list_items.change(conn, caller, list_id, item_id, changes)
    return Envelope(data=item_out(changed, one))


@router.delete("/lists/{list_id}/items", operation_id="removeItems", responses=errors(400, 401, 404))
async def remove_items(
    list_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    item_id: Annotated[
        list[str], Query(alias="id", min_length=1, max_length=200, description="Ids of items; repeat it for several")
    ],
) -> Envelope[RemovedOut]:
    """Take items out of the list; their history stays."""
    async with transaction(services.pool) as conn:
        removed = await list_items.remove(conn, caller, list_id, item_id)
    return Envelope(data=RemovedOut(removed=removed))


async def put_items(
    services: Services, caller: Principal, list_id: str, items: Sequence[NewItem], *, replace: bool
) -> PutOut:
    """Check and put in."""
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, caller, list_id)
    rows = await asyncio.to_thread(list_items.check, one, items)
    async with transaction(services.pool) as conn:
        done = await list_items.put(conn, caller, list_id, rows, replace=replace)
        one = await lists.get(conn, caller, list_id)
    return PutOut(
        added=done.added,
        changed=done.changed,
        total=one.items,
        duplicates=len(items) - len(rows),
        left_out=0,
        left_out_lines=[],
    )


def _warn(request: Request, asked: Asked) -> None:
    found = options.without_effect(asked.type, asked.config.as_sent)
    warn(request, [Detail(one.field, one.message) for one in found])


def _refresh(body: RefreshIn | None) -> Refresh | None:
    return None if body is None else Refresh(**body.model_dump())


def _new_item(item: ItemIn) -> NewItem:
    return NewItem(**item.model_dump())


def list_out(one: ProductList) -> ListOut:
    """A list as an answer."""
    when = one.when
    return ListOut.of(
        one,
        refresh=None if when is None else RefreshOut.of(when),
        last_jobs=[PostedJobOut.of(job) for job in one.jobs],
    )


def item_out(item: Item, one: ProductList) -> ItemOut:
    """An item of the list as an answer."""
    return ItemOut.of(
        item,
        target=item.value,
        marketplace=item.marketplace or None,
        target_price=item.target_price,
        compared_on=item.compared_on(one.marketplaces),
    )
