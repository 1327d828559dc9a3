"""Products among the items of all lists of a project: in which they are, and what is done with many of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import LiteralString

from azscraper.errors import ConflictError
from azscraper.marketplaces import Marketplace
from azscraper.store.db import Conn, fetch_all
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.tracking.lists import items, lists
from azscraper.words import JobType

MOST_TAGS = 20
_MOST_NAMED = 20
"""Products that an entry of the audit names."""
_OWN: LiteralString = "ARRAY['mine', 'my products', 'meine', 'meine produkte']"
"""Tags, and names of lists, that say that a product is one's own."""
_OTHERS: LiteralString = "ARRAY['competitor', 'competitors', 'wettbewerber']"
"""Tags that say that it is not, whatever the list is called."""
_TAGS: LiteralString = "i.tags <> '{}' AND lower(i.tags::text)::text[]"
IS_OWN: LiteralString = f"(l.type = 'details' AND (lower(l.name) = ANY({_OWN}) OR {_TAGS} && {_OWN}))"
"""Whether an item ``i`` of a list ``l`` says that its product is one's own."""
IS_OF_OTHERS: LiteralString = f"(l.type = 'details' AND {_TAGS} && {_OTHERS})"
"""Whether it says that it is not."""
_FIND_MARKED: LiteralString = f"""SELECT asin, bool_or(is_of_others) AS is_of_others FROM (
        SELECT i.key AS asin, lower(t) = ANY({_OTHERS}) AS is_of_others
        FROM lists l JOIN list_items i ON i.list_id = l.id, unnest(i.tags) t
        WHERE l.project_id = %(project_id)s AND l.type = 'details' AND lower(t) = ANY({_OWN} || {_OTHERS})
        UNION ALL
        SELECT i.key, false FROM lists l JOIN list_items i ON i.list_id = l.id
        WHERE l.project_id = %(project_id)s AND l.type = 'details' AND lower(l.name) = ANY({_OWN})) said
    GROUP BY 1"""
FIND_OWN: LiteralString = f"SELECT asin FROM ({_FIND_MARKED}) marked WHERE NOT is_of_others"
"""ASINs of the products that are tagged *mine*, or in a list of such a name, and nowhere tagged *competitor*."""


@dataclass(frozen=True, slots=True)
class Place:
    """A list that a product is in."""

    list_id: str
    name: str
    tags: list[str]
    target_amount: Decimal | None
    """The price to wait for."""
    target_currency: str | None


async def find(conn: Conn, project_id: str, asin: str, *, marketplace: str) -> list[Place]:
    """The lists that follow the product there. The caller has found the project among its own."""
    return await fetch_all(
        conn,
        Place,
        """SELECT l.id AS list_id, l.name, i.tags, i.target_amount, i.target_currency
           FROM lists l JOIN list_items i ON i.list_id = l.id
           WHERE l.project_id = %s AND l.type = %s AND i.key = %s AND i.marketplace IN ('', %s) AND %s = ANY(l.marketplaces)
           ORDER BY lower(l.name), l.id""",
        [project_id, JobType.DETAILS, asin, marketplace, marketplace],
    )


async def find_following(
    conn: Conn, project_id: str, kind: str, targets: Sequence[str], *, marketplace: str
) -> list[tuple[str, str]]:
    """Id and name of each list of the kind that has one of the targets, such as a keyword, there. The caller has found the project
    among its own.
    """
    cursor = await conn.execute(
        """SELECT DISTINCT l.id, l.name FROM lists l JOIN list_items i ON i.list_id = l.id
           WHERE l.project_id = %s AND l.type = %s AND lower(i.key) = ANY(%s)
             AND (i.marketplace = %s OR i.marketplace = '' AND %s = ANY(l.marketplaces)) ORDER BY l.id LIMIT 5""",
        [project_id, kind, [target.lower() for target in targets], marketplace, marketplace],
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def set_target(
    conn: Conn,
    principal: Principal,
    project_id: str,
    asins: Sequence[str],
    *,
    marketplace: Marketplace,
    amount: Decimal | None,
) -> None:
    """Wait for this price, in the marketplace's currency; None: for none. Raises NotFoundError, ConflictError."""
    await projects.get(conn, principal, project_id)
    cursor = await conn.execute(
        """UPDATE list_items i SET target_amount = %s, target_currency = CASE WHEN %s::numeric IS NOT NULL THEN %s END
           FROM lists l WHERE l.id = i.list_id AND l.project_id = %s AND l.type = %s AND i.key = ANY(%s)
             AND i.marketplace IN ('', %s)""",
        [amount, amount, marketplace.currency, project_id, JobType.DETAILS, list(asins), marketplace.host],
    )
    _require_some(cursor.rowcount)
    price = None if amount is None else float(amount)
    facts = {"targetPrice": price, "currency": marketplace.currency, "marketplaces": [marketplace.host]}
    await _note(conn, principal, project_id, asins, **facts)


async def tag(conn: Conn, principal: Principal, project_id: str, asins: Sequence[str], *, name: str) -> None:
    """Give the items one tag more; those with as many as there may be keep theirs. Raises NotFoundError, ConflictError."""
    await projects.get(conn, principal, project_id)
    cursor = await conn.execute(
        """UPDATE list_items i SET tags = CASE WHEN %s = ANY(i.tags) OR cardinality(i.tags) >= %s THEN i.tags
                                               ELSE i.tags || %s::text END
           FROM lists l WHERE l.id = i.list_id AND l.project_id = %s AND l.type = %s AND i.key = ANY(%s)""",
        [name, MOST_TAGS, name, project_id, JobType.DETAILS, list(asins)],
    )
    _require_some(cursor.rowcount)
    await _note(conn, principal, project_id, asins, tag=name)


async def _note(conn: Conn, principal: Principal, project_id: str, asins: Sequence[str], **facts: object) -> None:
    """Write into the audit what was said of products."""
    details = {"projectId": project_id, **facts, "count": len(asins), "products": list(asins[:_MOST_NAMED])}
    await audit.note(conn, principal, Action.PRODUCTS_MARKED, project_id, details=details)


def _require_some(changed: int) -> None:
    if not changed:
        raise ConflictError("These products are in no list yet; add them to a list first")


async def take_out(conn: Conn, principal: Principal, project_id: str, asins: Sequence[str], *, list_id: str) -> int:
    """Out of the list; how many were in it. Their history stays. Raises NotFoundError."""
    await projects.get(conn, principal, project_id)
    cursor = await conn.execute(
        """DELETE FROM list_items i USING lists l
           WHERE l.id = i.list_id AND l.id = %s AND l.project_id = %s AND i.key = ANY(%s)""",
        [list_id, project_id, list(asins)],
    )
    if cursor.rowcount:
        await items.note(conn, principal, await lists.get(conn, principal, list_id), removed=cursor.rowcount)
    return cursor.rowcount


async def find_tags(conn: Conn, project_id: str) -> list[str]:
    """That products of the project have. The caller has found the project among its own."""
    cursor = await conn.execute(
        """SELECT DISTINCT unnest(i.tags) FROM lists l JOIN list_items i ON i.list_id = l.id
           WHERE l.project_id = %s AND l.type = %s ORDER BY 1 LIMIT 100""",
        [project_id, JobType.DETAILS],
    )
    return [row[0] for row in await cursor.fetchall()]


async def find_tagged(conn: Conn, project_id: str, *, name: str) -> list[str]:
    """ASINs of products with the tag. The caller has found the project among its own."""
    cursor = await conn.execute(
        """SELECT DISTINCT i.key FROM lists l JOIN list_items i ON i.list_id = l.id
           WHERE l.project_id = %s AND l.type = %s AND %s = ANY(i.tags)""",
        [project_id, JobType.DETAILS, name],
    )
    return [row[0] for row in await cursor.fetchall()]


async def find_own(conn: Conn, project_id: str) -> list[str]:
    """ASINs of one's own products. The caller has found the project among its own."""
    cursor = await conn.execute(f"{FIND_OWN} ORDER BY 1", {"project_id": project_id})
    return [row[0] for row in await cursor.fetchall()]


async def find_marked(conn: Conn, project_id: str) -> tuple[set[str], set[str]]:
    """ASINs of one's own products, and of those tagged *competitor*. The caller has found the project among its own."""
    cursor = await conn.execute(_FIND_MARKED, {"project_id": project_id})
    own: set[str] = set()
    others: set[str] = set()
    for asin, is_of_others in await cursor.fetchall():
        (others if is_of_others else own).add(asin)
    return own, others


async def set_own(conn: Conn, principal: Principal, project_id: str, asins: Sequence[str], *, own: bool | None) -> None:
    """Say by a tag, in all lists, that the products are one's own, or a competitor's; None: neither. Raises NotFoundError, ConflictError."""
    name = None if own is None else "mine" if own else "competitor"
    await projects.get(conn, principal, project_id)
    cursor = await conn.execute(
        f"""UPDATE list_items i SET tags = (ARRAY(SELECT t FROM unnest(i.tags) t WHERE lower(t) <> ALL({_OWN} || {_OTHERS})))[:%s] || array_remove(ARRAY[%s::text], NULL)
            FROM lists l WHERE l.id = i.list_id AND l.project_id = %s AND l.type = %s AND i.key = ANY(%s)""",
        [MOST_TAGS - 1, name, project_id, JobType.DETAILS, list(asins)],
    )
    _require_some(cursor.rowcount)
    await _note(conn, principal, project_id, asins, markedAs=name or "neither")
