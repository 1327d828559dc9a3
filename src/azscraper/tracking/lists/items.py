"""What is in a list: products, keywords, addresses, each with a note, tags and a target price. They may change at any time."""

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, LiteralString

import orjson

from azscraper import marketplaces
from azscraper.errors import ConflictError, Detail, InvalidInputError, NotFoundError
from azscraper.ids import id_of
from azscraper.jobs import plan
from azscraper.kinds.kind import Kind
from azscraper.kinds.registry import find_kind
from azscraper.marketplaces import Marketplace
from azscraper.records.parts import Money
from azscraper.slices import Slice, cut
from azscraper.store.db import Conn, count_rows, fetch_all, like, scalar
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.tracking.lists import lists
from azscraper.tracking.lists.lists import ProductList

MOST_ITEMS = 100_000
"""Of a list: a job takes no more targets."""
MOST_TAGS = 20
"""Of an item."""
_MANY = 10_000
_PROBES = ("www.amazon.com", "www.amazon.de")
"""A text that is of the same marketplace whichever of these is the usual one names it."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as a caller writes it."""

    target: str
    marketplace: str | None = None
    """None: that of its address, else each of the list."""
    note: str = ""
    tags: Sequence[str] = ()
    target_price: Decimal | None = None
    currency: str | None = None
    """None: of its marketplace, else of the list's first one."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item's row."""

    id: str
    value: str
    key: str
    kind: str | None
    marketplace: str
    """Host; empty: each of the list."""
    note: str
    tags: list[str]
    target_amount: Decimal | None
    target_currency: str | None

    @property
    def target_price(self) -> Money | None:
        """From which on it is worth buying, or selling."""
        if self.target_amount is None or self.target_currency is None:
            return None
        return Money(amount=self.target_amount, currency=self.target_currency)

    def compared_on(self, hosts: Sequence[str]) -> list[str]:
        """Where the target price is compared, of a list on these marketplaces: where prices are in its currency."""
        own = [self.marketplace] if self.marketplace else hosts
        return [host for host in own if marketplaces.find(host).currency == self.target_currency]


@dataclass(frozen=True, slots=True)
class Put:
    """What came of items that were put in."""

    added: int
    changed: int
    """That were in the list already."""


_COLUMNS: LiteralString = "id, value, key, kind, marketplace, note, tags, target_amount, target_currency"


def check(one: ProductList, items: Iterable[NewItem]) -> list[Item]:
    """The items as rows with new ids, the last of each target. Raises InvalidInputError naming each that is no target."""
    kind = find_kind(one.type)
    found: dict[tuple[str, str], Item] = {}
    now = time.time_ns() // 1_000_000
    wrong: list[Detail] = []
    for at, item in enumerate(items):
        try:
            row = _row(one, kind, item, _id(now, at))
        except InvalidInputError as exc:
            wrong.append(Detail(f"items.{at}", exc.message))
        else:
            found[row.key, row.marketplace] = row
    if wrong:
        more = f". In all, {len(wrong):,} items are not valid" if len(wrong) > 1 else ""
        raise InvalidInputError(f"{wrong[0].field}: {wrong[0].message}{more}", wrong[: plan.MOST_NAMED])
    return list(found.values())


def require(kind: Kind[Any], item: NewItem) -> None:
    """Raises InvalidInputError for what is no target of the kind, and for a marketplace that there is not."""
    kind.resolve(item.target, marketplaces.find(item.marketplace or _PROBES[0]))


def _id(milliseconds: int, at: int) -> str:
    """Ids that sort as the items were written."""
    return id_of(milliseconds, at.to_bytes(3) + secrets.token_bytes(3))


def _row(one: ProductList, kind: Kind[Any], item: NewItem, new_id: str) -> Item:
    if not item.target.strip():
        raise InvalidInputError("is empty")
    first, second = (kind.resolve(item.target, marketplaces.find(host)) for host in _PROBES)
    named = first.marketplace if first.marketplace == second.marketplace else None
    own = marketplaces.find(item.marketplace) if item.marketplace else named
    value = item.target.strip()
    if len(value) > plan.LONGEST_TARGET:
        value = find_kind(first.kind).address(first) or value[: plan.LONGEST_TARGET]
    currency = item.currency or _currency(own or marketplaces.find(one.marketplaces[0]))
    return Item(
        new_id,
        value,
        first.key,
        first.kind if first.kind != kind.name else None,
        own.host if own else "",
        item.note,
        list(dict.fromkeys(item.tags)),
        item.target_price,
        currency if item.target_price is not None else None,
    )


def _currency(marketplace: Marketplace) -> str:
    return marketplace.currency


async def put(conn: Conn, principal: Principal, list_id: str, items: Sequence[Item], *, replace: bool = False) -> Put:
    """Put checked items in; one that is there already gets the new note, tags and price, and keeps its id.

    With ``replace`` all others go. Raises NotFoundError, and ConflictError for an archived project or more than 100,000 items.
    """
    one = await lists.lock(conn, principal, list_id)
    await projects.require_open(conn, principal, one.project_id)
    removed = 0
    if len(items) > _MANY:
        await conn.execute("SET LOCAL statement_timeout = 0")
    rows = orjson.dumps([_as_json(item) for item in items]).decode()
    if replace:
        gone = await conn.execute(
            """DELETE FROM list_items i WHERE list_id = %s AND NOT EXISTS (
                   SELECT 1 FROM json_to_recordset(%s) AS r (key text, marketplace text)
                   WHERE r.key = i.key AND r.marketplace = i.marketplace)""",
            [list_id, rows],
        )
        removed = gone.rowcount
    before = await count_rows(conn, "SELECT count(*) FROM list_items WHERE list_id = %s", [list_id])
    await conn.execute(
        f"""INSERT INTO list_items (list_id, {_COLUMNS})
            SELECT %s, {_COLUMNS} FROM json_to_recordset(%s) AS r (id text, value text, key text, kind text, marketplace text,
                note text, tags text[], target_amount numeric, target_currency text)
            ON CONFLICT (list_id, key, marketplace) DO UPDATE SET value = excluded.value, note = excluded.note, tags = excluded.tags,
                target_amount = excluded.target_amount, target_currency = excluded.target_currency""",
        [list_id, rows],
    )
    after = await count_rows(conn, "SELECT count(*) FROM list_items WHERE list_id = %s", [list_id])
    if after > MOST_ITEMS:
        raise ConflictError(f"A list has at most {MOST_ITEMS:,} items; these would make it {after:,}")
    put_in = Put(after - before, len(items) - (after - before))
    await note(conn, principal, one, added=put_in.added, changed=put_in.changed, removed=removed)
    return put_in


async def note(conn: Conn, principal: Principal, one: ProductList, **facts: object) -> None:
    """Write into the audit what was done with items of the list, unless it was nothing."""
    if told := {name: value for name, value in facts.items() if value}:
        details = {"projectId": one.project_id, "name": one.name, **told}
        await audit.note(conn, principal, Action.LIST_ITEMS_CHANGED, one.id, details=details)


def _as_json(item: Item) -> dict[str, Any]:
    amount = None if item.target_amount is None else str(item.target_amount)
    return {name: getattr(item, name) for name in _COLUMNS.split(", ")} | {"target_amount": amount}


async def find(
    conn: Conn,
    principal: Principal,
    list_id: str,
    *,
    text: str = "",
    tag: str | None = None,
    after: str = "",
    limit: int,
) -> Slice[Item]:
    """The list's items in the order in which they were put in. Raises NotFoundError."""
    await lists.get(conn, principal, list_id)
    params = {"list_id": list_id, "text": like(text) if text else None, "tag": tag, "after": after, "limit": limit + 1}
    where: LiteralString = """list_items WHERE list_id = %(list_id)s
        AND (%(text)s::text IS NULL OR value ILIKE %(text)s OR note ILIKE %(text)s) AND (%(tag)s::text IS NULL OR %(tag)s = ANY(tags))"""
    sql: LiteralString = f"SELECT {_COLUMNS} FROM {where} AND id > %(after)s ORDER BY id LIMIT %(limit)s"
    found = await fetch_all(conn, Item, sql, params)
    total = await count_rows(conn, f"SELECT count(*) FROM {where}", params)
    return cut(found, total, limit=limit, cursor=lambda item: item.id)


async def find_all(conn: Conn, list_id: str) -> list[Item]:
    """All of them. The caller has found the list among its own."""
    return await fetch_all(conn, Item, f"SELECT {_COLUMNS} FROM list_items WHERE list_id = %s ORDER BY id", [list_id])


async def get(conn: Conn, list_id: str, item_id: str) -> Item:
    """One of them. The caller has found the list among its own. Raises NotFoundError."""
    sql: LiteralString = f"SELECT {_COLUMNS} FROM list_items WHERE list_id = %s AND id = %s"
    found = await fetch_all(conn, Item, sql, [list_id, item_id])
    if not found:
        raise NotFoundError("Item not found")
    return found[0]


async def change(conn: Conn, principal: Principal, list_id: str, item_id: str, changes: Mapping[str, Any]) -> Item:
    """Another note, other tags, another target price. ``changes`` by column. Raises NotFoundError."""
    one = await lists.lock(conn, principal, list_id)
    old = await get(conn, list_id, item_id)
    kept = {name: getattr(old, name) for name in ("note", "tags", "target_amount", "target_currency")}
    [changed] = await fetch_all(
        conn,
        Item,
        f"""UPDATE list_items SET note = %(note)s, tags = %(tags)s, target_amount = %(target_amount)s,
                target_currency = CASE WHEN %(target_amount)s::numeric IS NOT NULL THEN %(target_currency)s END
            WHERE list_id = %(list_id)s AND id = %(id)s RETURNING {_COLUMNS}""",
        {**kept, **changes, "list_id": list_id, "id": item_id},
    )
    await note(conn, principal, one, changed=1)
    return changed


async def mark(
    conn: Conn,
    principal: Principal,
    list_id: str,
    ids: Sequence[str],
    *,
    tag: str | None = None,
    target: Decimal | None = None,
) -> int:
    """Give items one tag more, and a target price in the currency of each; how many were there. Raises NotFoundError.

    An item with 20 tags gets no other.
    """
    one = await lists.lock(conn, principal, list_id)
    every = marketplaces.MARKETPLACES.values()
    params = {
        "list_id": list_id,
        "ids": list(ids),
        "tag": tag,
        "target": target,
        "usual": one.marketplaces[0],
        "hosts": [each.host for each in every],
        "currencies": [each.currency for each in every],
    }
    marked = await conn.execute(
        f"""UPDATE list_items i SET
               tags = CASE WHEN %(tag)s::text IS NULL OR %(tag)s = ANY(i.tags) OR cardinality(i.tags) >= {MOST_TAGS}
                   THEN i.tags ELSE i.tags || %(tag)s END,
               target_amount = coalesce(%(target)s, i.target_amount),
               target_currency = CASE WHEN %(target)s::numeric IS NULL THEN i.target_currency ELSE m.currency END
           FROM unnest(%(hosts)s::text[], %(currencies)s::text[]) AS m (host, currency)
           WHERE i.list_id = %(list_id)s AND i.id = ANY(%(ids)s) AND m.host = coalesce(nullif(i.marketplace, ''), %(usual)s)""",
        params,
    )
    price = None if target is None else float(target)
    await note(conn, principal, one, changed=marked.rowcount, tag=tag, targetPrice=price)
    return marked.rowcount


async def currency_of(conn: Conn, one: ProductList, item_id: str) -> str:
    """In which a price of the item is meant: its marketplace's, else that of the list's first one."""
    own = await scalar(
        conn, str, "SELECT marketplace FROM list_items WHERE list_id = %s AND id = %s", [one.id, item_id]
    )
    return _currency(marketplaces.find(own or one.marketplaces[0]))


async def remove(conn: Conn, principal: Principal, list_id: str, ids: Sequence[str]) -> int:
    """Take items out; how many were there. Their history stays. Raises NotFoundError."""
    one = await lists.lock(conn, principal, list_id)
    gone = await conn.execute("DELETE FROM list_items WHERE list_id = %s AND id = ANY(%s)", [list_id, list(ids)])
    await note(conn, principal, one, removed=gone.rowcount)
    return gone.rowcount
