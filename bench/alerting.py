"""A thousand rules on 5,000 products: what judging by them adds to reading the same pages, as processor time of both sides.

``python bench/alerting.py``; part of ``make bench``. Most rules name some products, a few look at all of the project, others at a tag
or at target prices. In each round a tenth of the prices move, and some of the other fields.
"""

import asyncio
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import history
import report

from azscraper.ids import new_id
from azscraper.kinds import recognise
from azscraper.kinds.details.follow import sighting_of
from azscraper.kinds.observations import Sighting, Value
from azscraper.store import db, migrations
from azscraper.store.embedded.server import embedded_server
from azscraper.tenants import accounts, projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import series
from azscraper.tracking.alerts import alerts, watching
from azscraper.tracking.alerts.alerts import Draft
from azscraper.tracking.alerts.rules import TARGET, Condition, What
from azscraper.tracking.alerts.watching import Told
from azscraper.tracking.observed import Source
from azscraper.words import AlertOp, AlertUnit

PRODUCTS, RULES, ROUNDS = 5000, 1000, 3
_HOST = "www.amazon.com"
_CHUNK = 25
_READ_EVERY = 20
"""Of chunks, one in so many is read: reading all would take two minutes."""
ASINS = [f"B{number:09}" for number in range(PRODUCTS)]


def conditions(dice: random.Random) -> Condition:
    return dice.choice([
        Condition("price", AlertOp.BELOW, Decimal(dice.randint(5, 15))),
        Condition("price", AlertOp.DROPS_BY, Decimal(dice.choice([5, 10, 20])), AlertUnit.PERCENT),
        Condition("price", AlertOp.LOWEST_IN_DAYS, days=30),
        Condition("price", AlertOp.LOWEST_EVER),
        Condition("availability", AlertOp.CHANGES_TO, "in_stock"),
        Condition("seller", AlertOp.CHANGES),
        Condition("rating", AlertOp.BELOW, Decimal(3)),
        Condition("title", AlertOp.CHANGES),
    ])  # fmt: skip


def rules(dice: random.Random, list_id: str) -> Iterator[Draft]:
    """850 name products, 20 look at all, 120 at a tag, 10 at targets."""
    for number in range(RULES):
        one = conditions(dice)
        if number < 850:
            what = What(products=tuple(dice.sample(ASINS, dice.randint(1, 20))))
        elif number < 870:
            what = What()
        elif number < 990:
            what = What(tag=f"tag {number % 20}")
        else:
            what, one = What(list_id=list_id), Condition("price", AlertOp.BELOW, TARGET)
        yield Draft(f"rule {number}", what, (one,), currency="USD")


async def fill(pool: db.Pool, now: datetime) -> Principal:
    """The project, a list of a thousand products with tags and targets, and the rules."""
    dice, list_id = random.Random(1), new_id()  # noqa: S311 - the same each time
    async with db.transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")  # noqa: S106 - nobody logs in
        caller = user.principal()
        project = await projects.create(conn, caller, "P")
        await conn.execute(
            """INSERT INTO lists (id, organization_id, project_id, name, type, marketplaces, config)
               VALUES (%s, %s, %s, 'L', 'details', %s, '{}')""",
            [list_id, user.organization_id, project.id, [_HOST]],
        )
        await conn.execute(
            """INSERT INTO list_items (list_id, id, value, key, marketplace, tags, target_amount, target_currency)
               SELECT %s, md5(asin), asin, asin, '', ARRAY['tag ' || n %% 20], 10, 'USD'
               FROM unnest(%s::text[]) WITH ORDINALITY AS a (asin, n)""",
            [list_id, ASINS[:1000]],
        )
        for draft in rules(dice, list_id):
            await alerts.create(conn, caller, project.id, draft, now=now)
    return Principal(user.organization_id, project_id=project.id)


@dataclass
class Spent:
    """Processor seconds, of this process and of PostgreSQL's."""

    read: list[float]
    """By set of pages."""
    pages_read: int = 0
    judged: float = 0
    pages: int = 0
    fired: int = 0

    @property
    def row(self) -> list[str]:
        judging = self.judged / self.pages
        ratios = [judging / (each / self.pages_read) for each in self.read]
        return [f"{judging * 1000:.3f}", *(f"{each:.3f}" for each in ratios), f"{self.fired:,}"]


def seen(dice: random.Random, sights: list[Sighting], chunk: list[str], at: datetime, round_: int) -> list[Sighting]:
    """What the pages tell: prices from 20 to 40; after the first check a tenth of them has moved, by up to 15 percent."""
    found = []
    for number, asin in enumerate(chunk):
        values = dict(sights[number % len(sights)].values)
        base = 20 + int(asin[1:]) % 20
        moved = dice.uniform(0.85, 1.15) if round_ and dice.random() < 0.1 else 1
        values["price"] = Value(Decimal(f"{base * moved:.2f}"), "USD")
        if dice.random() < 0.01:
            values["seller"] = Value(text=f"seller {dice.randint(1, 5)}")
        found.append(Sighting(_HOST, asin, at, values))
    return found


async def measure(url: str) -> list[tuple[str, Spent]]:
    dice, now = random.Random(2), datetime.now(UTC)  # noqa: S311 - the same each time
    sets = [pages for _, pages in history.page_sets()]
    records = [recognise.parse(body, address).record for body, address in sets[0]]
    sights = [sighting_of(record, marketplace=_HOST, observed_at=now) for record in records if record]
    results = []
    async with db.open_pool(url, size=1) as pool:
        caller = await fill(pool, now)
        source = Source(caller.organization_id, caller.project_id or "", "0123456789abcdef01234567")
        for round_ in range(ROUNDS):
            spent, at = Spent([0.0] * len(sets)), now + timedelta(days=round_ + 1)
            for begin in range(0, PRODUCTS, _CHUNK):
                chunk = seen(dice, sights, ASINS[begin : begin + _CHUNK], at, round_)
                if begin // _CHUNK % _READ_EVERY == 0:
                    _read(spent, sets)
                await _judge(pool, spent, source, chunk)
            results.append(("the first check" if round_ == 0 else f"check {round_ + 1}", spent))
    return results


def _read(spent: Spent, sets: list[list[tuple[bytes, str]]]) -> None:
    for at, pages in enumerate(sets):
        began = time.process_time()
        for number in range(_CHUNK):
            recognise.parse(*pages[number % len(pages)])
        spent.read[at] += time.process_time() - began
    spent.pages_read += _CHUNK


async def _judge(pool: db.Pool, spent: Spent, source: Source, chunk: list[Sighting]) -> None:
    async with db.transaction(pool) as conn:
        changed = await series.add(conn, source, chunk)
        began = history.processor(conn.info.backend_pid)
        events = await watching.watch(conn, source, 1, Told(changed))
        spent.judged += history.processor(conn.info.backend_pid) - began
        spent.pages += len(chunk)
        spent.fired += len(events)


def alerting_table() -> Table:
    with TemporaryDirectory(prefix="azscraper-bench-") as folder, embedded_server(Path(folder)) as server:
        migrations.migrate(server.url)
        results = asyncio.run(measure(server.url))
    ratios = [f"of reading {name}" for name, _ in history.page_sets()]
    shown = Table(f"{RULES:,} rules on {PRODUCTS:,} products", "judging a page, ms", *ratios, "fired")
    for name, spent in results:
        shown.add_row(name, *spent.row)
    return shown


def main() -> None:
    table = alerting_table()
    Console(width=120).print(table)
    report.section("alerting", ["", *report.markdown(table)])


if __name__ == "__main__":
    main()
