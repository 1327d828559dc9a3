"""Rules on lists, tags and target prices, and on jobs."""

from datetime import timedelta
from decimal import Decimal

import pytest

from azscraper.kinds.observations import ReviewSeen, number
from azscraper.store.db import transaction
from azscraper.tracking.alerts import alerts, outbox, runs, wording
from azscraper.tracking.alerts.rules import Rearm, What
from azscraper.words import AlertRearm
from integration.alerts.alertworld import DE, AlertWorld, euros, when


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
    assert "failed targets 50, at least 50% failed" in lines[-1]
    assert "rows 105 → 50, at least 50% less than the mean of the jobs before" in lines[1]


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


async def test_rules_of_jobs_that_can_not_tell_hold_up_no_others(world):
    """Whatever their hours, their end and their project."""
    await world.alert(when("overdue", "happens", 500), what=What(runs=True))
    await world.alert(when("overdue", "happens", 2), what=What(runs=True), expires_at=world.now - timedelta(days=1))
    await world.alert(when("overdue", "happens", 2), when("failed", "happens"), what=What(runs=True))
    await world.alert(when("overdue", "happens", 2), what=What(runs=True, list_id="e" * 24))
    await world.alert(when("overdue", "happens", 5), what=What(runs=True))
    async with transaction(world.pool) as conn:
        await conn.execute("UPDATE alerts SET began_at = now() - interval '1 day'")
        await conn.execute(
            """INSERT INTO jobs (id, organization_id, project_id, type, config, status, total, pending, created_at, lane_runs)
               SELECT lpad(to_hex(n), 24, '0'), %s, %s, 'details', '{}', 'running', 1, 1,
                   now() - CASE n WHEN 120 THEN interval '6 hours' ELSE interval '4 hours' END, '{0}'
               FROM generate_series(1, 120) n""",
            [world.principal.organization_id, world.project_id],
        )
        await conn.execute("UPDATE projects SET archived = true WHERE id = %s", [world.project_id])
        assert await runs.tell_overdue(conn) == 0
        await conn.execute("UPDATE projects SET archived = false WHERE id = %s", [world.project_id])
        assert await runs.tell_overdue(conn) == 1
    [notice] = await world.notices()
    assert notice.job_id == f"{120:024x}"


def a_review(world, *, stars, asin="B1", name="R1", days=0):
    day = (world.now + timedelta(days=days)).date()
    return ReviewSeen(DE, asin, name, Decimal(stars), day, "Broke after a week", world.now)


async def test_a_review_is_told_once_and_only_if_it_is_new(world):
    await world.alert(when("reviewBelow", "happens", 3))
    seen = [a_review(world, stars=stars, name=f"R{stars}") for stars in (1, 2, 3, 5)]
    seen.append(a_review(world, stars=1, name="old", days=-1))
    assert await world.store(reviews=seen) == ["B1", "B1"]
    assert await world.store(reviews=seen) == []
    assert await world.store(reviews=[*seen, a_review(world, stars=1, name="R9", days=1)]) == ["B1"]
    assert await world.store(reviews=[a_review(world, stars=1, asin="B2")]) == ["B2"]
    notice = (await world.notices())[0]
    assert wording.line(notice, "en") == "B2 (amazon.de): review 1 ★, fewer than 3 stars: “Broke after a week”"
    assert wording.line(notice, "de") == "B2 (amazon.de): Rezension 1 ★, weniger als 3 Sterne: “Broke after a week”"
    assert notice.reasons[0]["reviewId"] == "R1"


async def test_reviews_of_named_products_lists_and_once(world):
    list_id = await world.list_of(("B1", None, ["mine"]))
    await world.alert(when("reviewBelow", "happens", 3), what=What(products=("B2",)))
    await world.alert(when("reviewBelow", "happens", 3), what=What(tag="mine"), rearm=Rearm(AlertRearm.ONCE))
    await world.alert(when("reviewBelow", "happens", 3), what=What(list_id=list_id, marketplaces=("www.amazon.com",)))
    seen = [a_review(world, stars=one, asin=asin, name=f"{asin}{one}") for asin in ("B1", "B2", "B3") for one in (2, 1)]
    assert sorted(await world.store(reviews=seen)) == ["B1", "B2", "B2"]
    assert await world.store(reviews=[*seen, a_review(world, stars=1, name="new")]) == []


async def test_an_archived_project_waits(world):
    """What fired before is told when it is opened again."""
    channel = await world.add(url="ntfy://127.0.0.1:9/topic")
    async with transaction(world.pool) as conn:
        await conn.execute("UPDATE channels SET confirmed_at = now()")
        await conn.execute("DELETE FROM channel_messages")
    await world.alert(when("price", "below", 10), currency="EUR", channels=[channel])
    await world.see(B1={"price": euros(5)})
    async with transaction(world.pool) as conn:
        await conn.execute("UPDATE projects SET archived = true WHERE id = %s", [world.project_id])
        assert await outbox.gather(conn, channel, world.now) is None
        assert await outbox.revive(conn, due_before=world.now) == 0
        await conn.execute("UPDATE projects SET archived = false WHERE id = %s", [world.project_id])
        assert await outbox.revive(conn, due_before=world.now) == 1
        assert await outbox.gather(conn, channel, world.now) is not None


async def test_products_in_another_currency_are_counted_of_what_is_watched(world):
    kettles = await world.list_of(("B1", 20, []), ("B2", 20, ["mine"]))
    await world.see(**{asin: {"price": number(5, "USD")} for asin in ("B1", "B2", "B3")})
    for what, left_out in ((What(), 3), (What(list_id=kettles), 2), (What(tag="mine"), 1), (What(products=("B3",)), 1)):
        alert = await world.alert(when("price", "below", 10), what=what, currency="EUR")
        async with transaction(world.pool) as conn:
            assert await alerts.count_left_out(conn, alert) == left_out
