"""What is in a list: put in by hand or by a file, marked, changed and taken out."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from azscraper import marketplaces
from azscraper.errors import CallerError, Detail, InvalidInputError, NotFoundError
from azscraper.results.formats import Names
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tracking.lists import item_files, lists, product_items, runs
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists.items import Item, NewItem
from azscraper.tracking.lists.lists import ProductList
from azscraper.web.api import list_tables
from azscraper.web.dashboard.forms import amount, comma_texts, read, text, texts
from azscraper.web.dashboard.pages.new_list import given, shown
from azscraper.web.dashboard.pages.product_actions import OWN, told_of
from azscraper.web.dashboard.render import go, reader_of, render
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import Services, ServicesDep, UntilSent
from azscraper.web.guards.limits import MAX_BODY_BYTES, takes
from azscraper.wire.new_lists import ItemChange

router = APIRouter(route_class=PageRoute)

_MOST_CHOSEN = 1000
_CALLED = {"target_price": "price"}
"""Fields that the form has under another name."""


@router.post("/lists/{list_id}/items")
@takes(MAX_BODY_BYTES)
async def add_items(request: Request, list_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """Put in what was pasted, or a file; what is new is checked at once."""
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, session.principal, list_id)
    found = await given(form, session, services, kind=one.type, hosts=one.marketplaces)
    if not found.items:
        raise InvalidInputError.of("targets", "has nothing that is recognised; write one per line, or choose a file")
    rows = await asyncio.to_thread(list_items.check, one, _marked(found.items, form))
    async with transaction(services.pool) as conn:
        put = await list_items.put(conn, session.principal, list_id, rows, replace=bool(text(form, "replace")))
        is_checked = bool(put.added) and await _check_new(conn, session, list_id, [row.id for row in rows], services)
    said = f"added={put.added}&again={put.changed}&left_out={found.left_out}{'&job=last' if is_checked else ''}"
    return go(request, f"/app/lists/{list_id}?{said}")


async def _check_new(conn: Conn, session: Session, list_id: str, only: Sequence[str], services: Services) -> bool:
    """Whether a check began of those that were not in the list before, which alone have these ids."""
    with suppress(CallerError):  # a month without pages left is no reason to refuse them
        async with conn.transaction():
            return bool(await runs.run_now(conn, session.principal, list_id, now=services.clock(), only=only))
    return False


def _marked(items: list[NewItem], form: FormData) -> list[NewItem]:
    """With the note and the tags of the form, where a file says none of its own."""
    note, tags = text(form, "note"), tuple(comma_texts(form, "tags"))
    return [replace(one, note=one.note or note, tags=one.tags or tags) for one in items]


@router.post("/lists/{list_id}/items/preview")
@takes(MAX_BODY_BYTES)
async def preview_items(request: Request, list_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """What was recognised so far, and what is left out."""
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, session.principal, list_id)
        project = await projects.get(conn, session.principal, one.project_id)
    found = await given(form, session, services, kind=one.type, hosts=one.marketplaces)
    return render(request, "_given.html", project=project, **shown(found, form, "list-add"))


@router.post("/lists/{list_id}/items/{item_id}")
async def change_item(
    *, request: Request, list_id: str, item_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Another target, note, other tags, another target price; or out of the list."""
    async with transaction(services.pool) as conn:
        if text(form, "action") == "remove":
            if not await list_items.remove(conn, session.principal, list_id, [item_id]):
                raise NotFoundError("Item not found")
        else:
            one = await lists.get(conn, session.principal, list_id)
            old = await list_items.get(conn, list_id, item_id)
            if (target := text(form, "target")) and target != old.value:
                item_id = await _retarget(conn, session, one, old, target)
            own = await list_items.currency_of(conn, one, item_id)
            given = {"note": text(form, "note"), "tags": comma_texts(form, "tags"), **_price(form, one)}
            given |= {"currency": text(form, "currency") or own}
            body = read(ItemChange, given, _CALLED)
            values: dict[str, Any] = {"note": body.note, "tags": body.tags, "target_amount": body.target_price}
            values["target_currency"] = body.currency
            await list_items.change(conn, session.principal, list_id, item_id, values)
            if item_id != old.id and await _check_new(conn, session, list_id, [item_id], services):
                return go(request, f"/app/lists/{list_id}?job=last")
    return go(request, f"/app/lists/{list_id}", notice="removed" if text(form, "action") == "remove" else "saved")


async def _retarget(conn: Conn, session: Session, one: ProductList, old: Item, target: str) -> str:
    """The id of an item with another target in the place of this one. Raises InvalidInputError for what is none."""
    try:
        (new,) = list_items.check(one, [NewItem(target, old.marketplace or None)])
    except InvalidInputError as exc:
        message = exc.details[0].message if exc.details else exc.message
        raise InvalidInputError.of("target", message) from None
    await list_items.remove(conn, session.principal, one.id, [old.id])
    await list_items.put(conn, session.principal, one.id, [new])
    found = [each.id for each in await list_items.find_all(conn, one.id) if each.key == new.key]
    return new.id if new.id in found else found[0]


def _price(form: FormData, one: ProductList) -> dict[str, Any]:
    """In the currency that the list has; which mark is that of decimals is seen from the amount."""
    written = amount(form, "price", marketplaces.find(one.marketplaces[0]))
    return {"target_price": written} if written else {}


@router.post("/lists/{list_id}/chosen")
async def change_chosen(request: Request, list_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """With the chosen items: check them now, take them out, give them a tag or a target price."""
    ids, action, marked = texts(form, "item"), text(form, "action"), text(form, "own")
    if not 1 <= len(ids) <= _MOST_CHOSEN:
        raise InvalidInputError("Choose items first", [Detail("item", f"takes 1 to {_MOST_CHOSEN:,} items")])
    async with transaction(services.pool) as conn:
        if action == "check":
            await runs.run_now(conn, session.principal, list_id, now=services.clock(), only=ids)
        elif action == "remove":
            await list_items.remove(conn, session.principal, list_id, ids)
        elif marked:
            one = await lists.get(conn, session.principal, list_id)
            asins = [item.key for item in await list_items.find_all(conn, list_id) if item.id in set(ids)]
            await product_items.set_own(conn, session.principal, one.project_id, asins, own=OWN.get(marked))
        else:
            one = await lists.get(conn, session.principal, list_id)
            body = read(ItemChange, {"tags": [tag] if (tag := text(form, "tag")) else [], **_price(form, one)}, _CALLED)
            if not (body.tags or body.target_price):
                raise InvalidInputError("Write a tag or a target price", [Detail("tag", "is needed")])
            await list_items.mark(
                conn, session.principal, list_id, ids, tag=next(iter(body.tags or []), None), target=body.target_price
            )
    where = f"/app/lists/{list_id}"
    done = "removed" if action == "remove" else told_of(marked) if marked else "saved"
    return go(request, f"{where}?job=last") if action == "check" else go(request, where, notice=done)


@router.get("/lists/{list_id}/products.xlsx")
async def download_products(
    request: Request, list_id: str, session: User_, services: ServicesDep, until_sent: UntilSent
) -> Response:
    """Its products as they are now, as a workbook in the reader's words; it counts against the month's exports."""
    return await list_tables.list_file(
        list_id=list_id,
        caller=session.principal,
        services=services,
        until_sent=until_sent,
        names=Names.LABELS,
        reader=reader_of(request),
    )


@router.get("/lists/{list_id}/items.csv")
async def download_items(list_id: str, session: User_, services: ServicesDep) -> Response:
    """The items as a file, which can be edited and put in again."""
    async with transaction(services.pool) as conn:
        await lists.get(conn, session.principal, list_id)
        found: list[Item] = await list_items.find_all(conn, list_id)
    body = await asyncio.to_thread(item_files.write, found)
    headers = {"Content-Disposition": f'attachment; filename="list-{list_id}.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)
