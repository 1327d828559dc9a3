"""Items of lists, as rules look at them: which list and tags a product has, and its target price."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from azscraper.kinds.observations import Value
from azscraper.store.db import Conn, fetch_all
from azscraper.tracking.alerts.rules import What
from azscraper.tracking.lists.product_items import IS_OF_OTHERS, IS_OWN


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list of the project that names a product."""

    list_id: str
    asin: str
    marketplaces: list[str]
    tags: list[str]
    target_amount: Decimal | None
    target_currency: str | None
    says_own: bool = False
    """That the product is one's own."""
    says_others: bool = False
    """That it is not, whatever other items say."""

    @property
    def target(self) -> Value | None:
        """Its target price."""
        return None if self.target_amount is None else Value(self.target_amount, self.target_currency)


async def look_up(conn: Conn, project_id: str, asins: Iterable[str]) -> dict[tuple[str, str], list[Item]]:
    """The items of these products, by ASIN and host."""
    rows = await fetch_all(
        conn,
        Item,
        f"""SELECT i.list_id, i.key AS asin, CASE i.marketplace WHEN '' THEN l.marketplaces ELSE ARRAY[i.marketplace] END AS marketplaces,
                i.tags, i.target_amount, i.target_currency, {IS_OWN} AS says_own, {IS_OF_OTHERS} AS says_others
            FROM lists l JOIN list_items i ON i.list_id = l.id WHERE l.project_id = %s AND i.key = ANY(%s)
            ORDER BY i.list_id, i.id""",
        [project_id, list(dict.fromkeys(asins))],
    )
    found: dict[tuple[str, str], list[Item]] = {}
    for row in rows:
        for host in row.marketplaces:
            found.setdefault((row.asin, host), []).append(row)
    return found


async def find_asins(conn: Conn, project_id: str, what: What) -> list[str]:
    """The products of the list, or with the tag; of any list where the rule names neither. At most 10,000."""
    cursor = await conn.execute(
        """SELECT DISTINCT i.key FROM lists l JOIN list_items i ON i.list_id = l.id
           WHERE l.project_id = %s AND l.id = coalesce(%s, l.id) AND (%s::text IS NULL OR %s = ANY(i.tags)) LIMIT 10000""",
        [project_id, what.list_id, what.tag, what.tag],
    )
    return [row[0] for row in await cursor.fetchall()]


async def find_tags(conn: Conn, project_id: str, *, most: int) -> list[str]:
    """Tags of items of the project's lists, in the alphabet's order."""
    cursor = await conn.execute(
        """SELECT DISTINCT tag FROM lists l JOIN list_items i ON i.list_id = l.id, unnest(i.tags) AS t (tag)
           WHERE l.project_id = %s ORDER BY tag LIMIT %s""",
        [project_id, most],
    )
    return [row[0] for row in await cursor.fetchall()]


def meant(what: What, items: Sequence[Item]) -> list[Item]:
    """Those of a product's items that a rule means: of its list, with its tag."""
    return [one for one in items if what.list_id in {None, one.list_id} and (what.tag is None or what.tag in one.tags)]


def target(items: Sequence[Item]) -> Value | None:
    """The target price of a product that is in several lists: the highest, which is the first to be reached."""
    known = [one for one in (item.target for item in items) if one is not None and one.number is not None]
    return max(known, key=lambda one: one.number or Decimal(0), default=None)


def own_asins(found: Mapping[tuple[str, str], Sequence[Item]]) -> set[str]:
    """Which of the products that were looked up are one's own, as ``product_items.find_own`` says."""
    every = [one for each in found.values() for one in each]
    return {one.asin for one in every if one.says_own} - {one.asin for one in every if one.says_others}
