"""What a rule would have told in the last 30 days: the same as it told, judged again by what is stored."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from azscraper.demo.goods.catalogue import as_made, product_at
from azscraper.demo.goods.locales import DE_DE
from azscraper.demo.goods.moves import moment_at
from azscraper.kinds.observations import Ranking, Sighting
from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.alerts.previews import previews
from azscraper.tracking.alerts.rules import Rearm, What
from azscraper.tracking.observed import Source
from azscraper.words import AlertRearm
from integration.alerts.alertworld import DE, JOB, AlertWorld, euros, when
from integration.alerts.test_proof import BEGIN, some_rule, told_of


@pytest.fixture
async def world(pool):
    return await AlertWorld(pool).begin()


async def previewed(world, draft):
    async with transaction(world.pool) as conn:
        stored = await previews.load(conn, world.principal, world.project_id, draft, now=world.now)
    return previews.judge(stored)


class Whole(random.Random):
    """Dice by which a page tells all of its fields."""

    def random(self):
        return max(super().random(), 0.05)


async def test_rules_would_have_told_what_they_told(world):
    """Thirty days of the built-in marketplace; every rule began before the first of them."""
    world.now = BEGIN  # prices go with the time; a fall that is over at a check that changes nothing, which is not stored, is not seen
    dice = Whole(7)
    asins = sorted(as_made(DE_DE))[:12]
    made = []
    for _ in range(60):
        rule = some_rule(dice, asins, world.now)
        if (
            rule.rearm.after is not AlertRearm.HOURS
        ):  # it fires again at checks that change nothing, which are not stored
            more = {"match": rule.match, "currency": rule.currency, "rearm": rule.rearm}
            made.append(await world.alert(*rule.when, what=rule.what, **more))
    for _ in range(30):
        told = [
            Sighting(DE, asin, world.now, told_of(product_at(DE_DE, asin, moment_at(world.now)), dice))
            for asin in asins
        ]
        await world.store(told)
        world.now += timedelta(hours=22)
    async with world.pool.connection() as conn:
        cursor = await conn.execute("SELECT alert_id, asin, observed_at FROM notices")
        fired = Counter(await cursor.fetchall())
    would = Counter()
    for alert in made:
        found = await previewed(world, alert.draft)
        stored_count = sum(count for (alert_id, *_), count in fired.items() if alert_id == alert.id)
        assert found.is_complete
        assert found.count == stored_count, alert.draft
        for one in found.newest:
            assert (alert.id, one.asin, one.observed_at) in fired, alert.draft
        would[bool(found.count)] += 1
    assert would[True] > 15


async def test_a_rule_begins_with_what_holds_and_imports_never_fire(world):
    await world.see(B1={"price": euros(15), "title": "A kettle"}, B2={"price": euros(30)})
    source = Source(world.principal.organization_id, world.project_id, JOB, "imported")
    async with transaction(world.pool) as conn:
        at = world.now - timedelta(minutes=5)
        await series.add_past(conn, source, [Sighting(DE, "B2", at, {"price": euros(10)})])
    world.now += timedelta(days=40)
    await world.see(B1={"price": euros(14)}, B2={"price": euros(12)})
    await world.see(B1={"price": euros(25)}, B2={"price": euros(11)})
    await world.see(B1={"price": euros(13)})
    alert = await world.alert(when("price", "below", 20), currency="EUR")
    found = await previewed(world, alert.draft)
    assert [(one.asin, one.title, one.reasons[0]["after"]["amount"]) for one in found.newest] == [
        ("B1", "A kettle", 13.0),
        ("B1", "A kettle", 15.0),
        ("B2", None, 10.0),
    ]
    assert (found.count, found.looked_at, found.is_complete) == (3, 2, True)
    assert (sum(found.by_day), len(found.by_day)) == (found.count, 30)
    once = await previewed(world, replace(alert.draft, rearm=Rearm(AlertRearm.ONCE)))
    assert once.count == 2


async def test_lists_tags_and_targets_say_what_it_looks_at(world):
    list_id = await world.list_of(("B1", 20, ["kettle"]), ("B2", 20, ["pot"]), ("B3", None, ["kettle"]))
    await world.see(**{asin: {"price": euros(15)} for asin in ("B1", "B2", "B3", "B4")})
    target = when("price", "below", "target")
    for what, asins in (
        (What(tag="kettle"), {"B1"}),
        (What(list_id=list_id), {"B1", "B2"}),
        (What(), {"B1", "B2"}),
        (What(products=("B2", "B4")), {"B2"}),
        (What(list_id=list_id, marketplaces=("www.amazon.com",)), set()),
    ):
        found = await previewed(world, (await world.alert(target, what=what)).draft)
        assert {one.asin for one in found.newest} == asins, what


async def test_keywords_and_jobs_are_looked_back_on(world):
    def ranking(*asins):
        return Ranking(DE, "kettle", "", "", 1, world.now, asins, (False,) * len(asins))

    for asins in (("B1", "B2"), ("B2", "B3"), ("B3", "B1")):
        await world.store(rankings=[ranking(*asins)])
    first = await world.alert(when("position", "enters_top", 1), what=What(keyword="kettle"))
    assert [one.asin for one in (await previewed(world, first.draft)).newest] == ["B3", "B2"]
    await world.job(failed=4)
    await world.job(failed=0)
    async with world.pool.connection() as conn:
        await conn.execute("UPDATE jobs SET completed_at = now()")
    failed = await world.alert(when("failed", "happens"), what=What(runs=True))
    world.now += timedelta(days=1)
    found = await previewed(world, failed.draft)
    assert (found.count, found.looked_at) == (1, 2)


async def test_what_is_too_much_is_said(world, monkeypatch):
    monkeypatch.setattr(previews, "MOST_POINTS", 4)
    for price in (30, 10, 30, 10):
        await world.see(B1={"price": euros(price)}, B2={"price": euros(price)})
    alert = await world.alert(when("price", "below", 20), currency="EUR")
    found = await previewed(world, alert.draft)
    assert (found.is_complete, found.looked_at, found.count) == (False, 1, 2)
    async with transaction(world.pool) as conn:
        stored = await previews.load(conn, world.principal, world.project_id, alert.draft, now=world.now)
    late = previews.judge(stored, seconds=-1)
    assert (late.count, late.looked_at, late.is_complete) == (0, 0, False)
