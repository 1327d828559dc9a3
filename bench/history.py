"""A million observations of 20,000 products: how long the list of changes, the finder and a product's year take, and writing.

``python bench/history.py``; part of ``make bench``. Writing is measured against reading the
same pages, by processor time of this process and of the database's.
"""

import asyncio
import gzip
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import psycopg
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import parsing
import report

from azscraper.kinds import recognise
from azscraper.kinds.details.follow import sighting_of
from azscraper.kinds.observations import Sighting
from azscraper.store import db, migrations, partitions
from azscraper.store.embedded.server import embedded_server
from azscraper.tenants import accounts, projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import series, series_history
from azscraper.tracking.finding import changes, finder
from azscraper.tracking.finding.finder import Condition
from azscraper.tracking.observed import Source

PRODUCTS, POINTS = 20_000, 50
_ROUNDS = 21
_HOST = "www.amazon.com"
_CHUNK = 25
_PARTS = 4
"""Chunks in a turn: the database's time is counted in hundredths of a second."""
# each product has fifty points in a year, six of ten of them prices; the fields' values follow from numbers alone
_SERIES = """INSERT INTO product_series
SELECT %(project)s, %(host)s, '', 'B' || lpad(p::text, 9, '0'), (ARRAY['price','rank','price','rating','price','ratingCount','price','seller','price','price'])[1 + n %% 10],
       %(now)s::timestamptz - make_interval(secs => (n + (p %% 97) / 97.0) * 365 * 86400.0 / %(points)s),
       CASE WHEN n %% 10 <> 7 THEN 10 + (p * 7 + n * 13) %% 90 END, CASE WHEN n %% 10 IN (0, 2, 4, 6, 8, 9) THEN 'USD' WHEN n %% 10 = 7 THEN 'seller ' || n %% 3 END,
       n < %(points)s - 1, CASE WHEN n %% 10 <> 7 THEN 10 + (p * 7 + n * 13 + 17) %% 90 END, CASE WHEN n %% 10 IN (0, 2, 4, 6, 8, 9) THEN 'USD' END,
       '0123456789abcdef01234567', 'details'
FROM generate_series(1, %(products)s) p, generate_series(0, %(points)s - 1) n"""
_STATES = """INSERT INTO series_states
SELECT %(project)s, %(host)s, '', 'B' || lpad(p::text, 9, '0'), %(now)s::timestamptz - interval '365 days', %(now)s, %(now)s,
       jsonb_build_object('price', 10 + (p * 7) %% 90, 'rank', p, 'rating', 3 + (p %% 20) / 10.0, 'ratingCount', p %% 5000, 'listPrice', 110, 'imageCount', 7),
       jsonb_build_object('price', 'USD', 'listPrice', 'USD', 'rank', 'Kitchen', 'seller', 'seller ' || p %% 3, 'availability', 'in_stock',
           'title', 'A kettle of steel with a long title as shops have them, 1.7 litres, for tea and coffee, number ' || p,
           'image', 'https://m.media-amazon.com/images/I/' || p || '.jpg', 'bullets', md5(p::text)),
       (SELECT json_object_agg(f, %(fact)s::json) FROM unnest(ARRAY['price','rank','rating','ratingCount','listPrice','imageCount','seller','availability','title','image','bullets','coupon','deal']) f),
       '{}'
FROM generate_series(1, %(products)s) p"""


async def fill(url: str, now: datetime) -> Principal:
    async with db.open_pool(url, size=2) as pool, db.transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")  # noqa: S106 - nobody logs in
        project = await projects.create(conn, user.principal(), "P")
    fact = orjson.dumps([1700000000000] * 3 + [10, 1700000000000, 99, 1700000000000, "USD"]).decode()
    params = {"project": project.id, "host": _HOST, "now": now, "points": POINTS, "products": PRODUCTS, "fact": fact}
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(_SERIES, params)
        conn.execute(_STATES, params)
    partitions.ensure(url, now=now)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")
    return Principal(user.organization_id, project_id=project.id)


async def milliseconds(pool: db.Pool, ask: Callable[[db.Conn], Awaitable[object]]) -> tuple[float, float]:
    """Median and longest."""
    times = []
    for _ in range(_ROUNDS):
        async with db.transaction(pool) as conn:
            began = time.perf_counter()
            await ask(conn)
            times.append((time.perf_counter() - began) * 1000)
    return sorted(times)[_ROUNDS // 2], max(times)


async def reads(url: str, caller: Principal, now: datetime) -> list[tuple[str, float, float]]:
    project, asin = caller.project_id or "", f"B{PRODUCTS // 2:09}"
    year = now - timedelta(days=365)

    def changed(days: int, **wanted: object) -> Callable[[db.Conn], Awaitable[object]]:
        which = changes.Wanted(now - timedelta(days=days), **wanted)
        return lambda conn: changes.find_changes(conn, caller, project, which, limit=100)

    def found(sort: str, *conditions: Condition) -> Callable[[db.Conn], Awaitable[object]]:
        which = finder.Wanted(conditions, sort)
        return lambda conn: finder.find(conn, caller, project, which, now=now, limit=50, offset=0)

    async def one_year(conn: db.Conn) -> None:
        products = await series_history.find_states(conn, caller, asin)
        await series_history.find_series(conn, products, None, start=year, end=now)

    async def statistics(conn: db.Conn) -> None:
        products = await series_history.find_states(conn, caller, asin)
        await series_history.find_statistics(conn, products, None, days=(30, 90, 180, 365), now=now)

    questions = {
        "changes of a day": changed(1),
        "changes of 7 days, 20 % or more": changed(7, least_percent=20),
        "price changes of 30 days": changed(30, fields=["price"]),
        "finder, last checked": found("-checkedAt"),
        "finder, price and rating, by change over 7 days": found(
            "change.7", Condition("price", "<", 40.0), Condition("rating", ">=", 4.0)
        ),
        "finder, fallen in 30 days": found("change.30", Condition("change.30", "<", -20.0)),
        "finder, in the title": found("price", Condition("title", "~", "number 1234")),
        "a product's year, all fields": one_year,
        "a product's statistics": statistics,
    }
    async with db.open_pool(url, size=2) as pool:
        return [(name, *await milliseconds(pool, ask)) for name, ask in questions.items()]


def small_pages() -> list[tuple[bytes, str]]:
    """Product pages of the cases."""
    found: list[tuple[bytes, str]] = []
    for folder in sorted((ROOT / "tests" / "cases").iterdir()):
        case = orjson.loads((folder / "case.json").read_bytes())
        if "record" in case["expected"]:
            body = gzip.decompress((folder / "page.html.gz").read_bytes())
            found.append((body, case["url"]))
    return found


def page_sets() -> list[tuple[str, list[tuple[bytes, str]]]]:
    """The pages of the built-in marketplace, and recorded ones where they are at hand (AZSCRAPER_PAGES)."""
    sets = parsing.page_sets(Path(os.environ.get("AZSCRAPER_PAGES", ROOT.parent / "shared" / "pages")))
    recorded = [pages.pages[:: len(pages.pages) // _CHUNK or 1] for pages in sets[:1]]
    return [("small pages", small_pages()), *(("recorded pages", pages) for pages in recorded)]


def processor(pid: int) -> float:
    """Seconds of processor time of this process and of the database's."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


async def writes(url: str, caller: Principal, now: datetime, pages: list[tuple[bytes, str]]) -> tuple[float, ...]:
    """Milliseconds of processor time a page, in turns: read; written unchanged; written with changes of all numbers."""
    records = [record for body, address in pages if (record := recognise.parse(body, address).record)]
    sights = [one for record in records if (one := sighting_of(record, marketplace=_HOST, observed_at=now))]
    chunk = [Sighting(_HOST, f"B1{n:08}", now, dict(sights[n % len(sights)].values)) for n in range(_CHUNK)]
    source = Source(caller.organization_id, f"{caller.project_id}{len(pages)}"[-24:], "0123456789abcdef01234567")

    def at(round_: int, *, moved: bool) -> list[Sighting]:
        return [
            Sighting(
                one.marketplace,
                one.asin,
                now + timedelta(seconds=round_),
                {name: _moved(value, round_) if moved else value for name, value in one.values.items()},
            )
            for one in chunk
        ]

    spent = [0.0, 0.0, 0.0]
    async with db.open_pool(url, size=1) as pool:
        async with db.transaction(pool) as conn:
            await series.add(conn, source, chunk)
            backend = conn.info.backend_pid
        for round_ in range(1, _ROUNDS + 1):
            began = processor(backend)
            for body, address in pages:
                recognise.parse(body, address)
            spent[0] += (processor(backend) - began) / len(pages)
            for kind, moved in enumerate((False, True), 1):
                chunks = [at(round_ * 100 + part * 10 + moved, moved=moved) for part in range(_PARTS)]
                began = processor(backend)
                for seen in chunks:
                    async with db.transaction(pool) as conn:
                        await series.add(conn, source, seen)
                spent[kind] += (processor(backend) - began) / _CHUNK / _PARTS
    return tuple(each / _ROUNDS * 1000 for each in spent)


def _moved(value, round_: int):
    return type(value)(value.number + round_, value.text) if value.number is not None else value


def tables() -> tuple[Table, Table]:
    now = datetime.now(UTC)
    with TemporaryDirectory(prefix="azscraper-bench-") as folder, embedded_server(Path(folder)) as server:
        migrations.migrate(server.url)
        caller = asyncio.run(fill(server.url, now))
        asked = Table(f"{PRODUCTS * POINTS:,} observations of {PRODUCTS:,} products", "median, ms", "longest, ms")
        for name, median, longest in asyncio.run(reads(server.url, caller, now)):
            asked.add_row(name, f"{median:.1f}", f"{longest:.1f}")
        rows = [(name, asyncio.run(writes(server.url, caller, now, pages))) for name, pages in page_sets()]
    written = Table("of a page, ms of processor time", "read", "nothing changed", "every number changed", "of reading")
    for name, (reading, same, moved) in rows:
        ratio = f"{same / reading:.3f}, {moved / reading:.3f}"
        written.add_row(name, f"{reading:.2f}", f"{same:.2f}", f"{moved:.2f}", ratio)
    return asked, written


def main() -> None:
    console = Console(width=120)
    for name, table in zip(("history", "history-written"), tables(), strict=True):
        console.print(table)
        report.section(name, ["", *report.markdown(table)])


if __name__ == "__main__":
    main()
