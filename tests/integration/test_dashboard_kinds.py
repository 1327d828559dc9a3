"""The table of rows of every kind of page: what a case of the kind reads, shown."""

import json
from pathlib import Path

import httpx
from psycopg.types.json import Jsonb

from azscraper.kinds import registry
from azscraper.kinds.testing.cases import folders_of
from azscraper.store.db import transaction
from integration.one_app import App
from integration.test_dashboard_pages import COOKIE

CASES = Path(__file__).parents[1] / "cases"


def records_of(kind):
    """Of one case of the kind."""
    for folder in folders_of(kind, CASES):
        expected = json.loads((folder / "case.json").read_text())["expected"]
        found = expected.get("rows") or [expected[name] for name in ("record",) if name in expected]
        if found:
            return found[:5]
    return []


async def test_rows_of_every_kind_have_a_page(pool, services, tenant):
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    shown = {}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", cookies={COOKIE: tenant.token}
    ) as browser:
        for name, kind in registry.kinds().items():
            posted = await tenant.post_job(type=name, targets=[kind.example])
            records = records_of(kind)
            await store(pool, posted["id"], records)
            answer = await browser.get(f"/app/jobs/{posted['id']}/rows")
            shown[name] = (answer.status_code, answer.text.count("<tr>") - bool(records) == len(records))
    assert shown == dict.fromkeys(registry.kinds(), (200, True))


async def store(pool, job_id, records):
    async with transaction(pool) as conn:
        for position, record in enumerate(records, 1):
            await conn.execute(
                "INSERT INTO results (job_id, ordinal, position, record) VALUES (%s, 0, %s, %s)",
                [job_id, position, Jsonb(record)],
            )
