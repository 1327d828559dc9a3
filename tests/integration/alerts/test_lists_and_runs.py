"""Rules on lists, tags and target prices, and on jobs."""

import pytest

from azscraper.store.db import transaction
from azscraper.tracking.alerts import runs, wording
from azscraper.tracking.alerts.rules import Rearm, What
from azscraper.words import AlertRearm
from integration.alerts.alertworld import AlertWorld, euros, when


@pytest.fixture
async def world(pool):
    return await AlertWorld(pool).begin()


async def test_any_of_my_kettles_falls_below_its_target(world):
    kettles = await world.list_of(("B1", 20, []), ("B2", 30, []), ("B3", None, []))
    await world.alert(when("price", "below", "target"), what=What(list_id=kettles))
    assert await world.see(
        B1={"price": euros(21)}, B2={"price": euros(29)}, B3={"price": euros(1)}, B4={"price": euros(1)}
    ) == ["B2"]
    assert await world.see(B1={"price": euros(19.5)}, B2={"price": euros(29)}) == ["B1"]
    notice = (await world.notices())[0]
    assert wording.line(notice, "en") == "B1 (amazon.de): price €21.00 → €19.50, the target is €20.00"


async def test_a_target_that_is_changed_is_looked_at_though_the_price_is_not(world):
    kettles = await world.list_of(("B1", 20, []))
    await world.alert(when("price", "below", "target"))
    assert await world.see(B1={"price": euros(25)}) == []
    async with transaction(world.pool) as conn:
        await conn.execute("UPDATE list_items SET target_amount = 30 WHERE list_id = %s", [kettles])
    assert await world.see(B1={"price": euros(25)}) == ["B1"]
    assert await world.see(B1={"price": euros(25)}) == []


async def test_tags_choose_items_of_all_lists(world):
    await world.list_of(("B1", None, ["mine"]), ("B2", None, []))
    await world.list_of(("B3", None, ["mine", "x"]), name="other")
    await world.alert(when("price", "below", 10), what=What(tag="mine"), currency="EUR")
    assert await world.see(**{asin: {"price": euros(5)} for asin in ("B1", "B2", "B3", "B4")}) == ["B1", "B3"]


async def test_jobs_that_fail_are_blocked_or_bring_less(world):
    of_list = What(runs=True, list_id="c" * 24)
    await world.alert(when("failed", "happens", 50), what=What(runs=True))
    await world.alert(when("rowsDropped", "happens"), what=of_list)
    await world.alert(when("fillRateDropped", "happens"), what=What(runs=True), rearm=Rearm(AlertRearm.ONCE))
    assert await world.job(failed=1) == 0
    assert await world.job(failed=2) == 1
    assert await world.job(rows=40) == 0
    for rows in (100, 110):
        assert await world.job(rows=rows, list_id="c" * 24) == 0
    assert await world.job(rows=50, list_id="c" * 24) == 1
    assert await world.job(quality_fell=True) == 1
    assert await world.job(quality_fell=True) == 0
    lines = [wording.line(each, "en") for each in await world.notices()]
    assert "failed targets none → 50, at least 50 % failed" in lines[-1]
    assert "rows 105 → 50, at least 50 % less than the mean of the jobs before" in lines[1]


async def test_a_job_that_takes_too_long_is_told_once(world):
    await world.alert(when("overdue", "happens", 2), what=What(runs=True))
    job_id = "d" * 24
    async with transaction(world.pool) as conn:
        await conn.execute("UPDATE alerts SET began_at = now() - interval '1 day'")
        await conn.execute(
            """INSERT INTO jobs (id, organization_id, project_id, type, config, status, total, pending, created_at, lane_runs)
               VALUES (%s, %s, %s, 'details', '{}', 'running', 1, 1, now() - interval '3 hours', '{0}')""",
            [job_id, world.principal.organization_id, world.project_id],
        )
    for expected in (1, 0):
        async with transaction(world.pool) as conn:
            assert await runs.tell_overdue(conn) == expected
    [notice] = await world.notices()
    assert (notice.job_id, notice.reasons[0]["after"]) == (job_id, 3.0)
