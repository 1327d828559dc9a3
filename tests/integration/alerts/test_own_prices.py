"""Rules that compare the other products of a list with one's own cheapest one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from azscraper.kinds.observations import Sighting, number
from azscraper.tracking.alerts import wording
from azscraper.tracking.alerts.rules import What
from integration.alerts.alertworld import DE, AlertWorld, euros, when
from integration.alerts.test_previews import previewed

UNDERCUT = when("price", "below", "own")


@pytest.fixture
async def world(pool):
    return await AlertWorld(pool).begin()


def at(**prices):
    return {asin: {"price": None if price is None else euros(price)} for asin, price in prices.items()}


async def test_a_competitor_that_undercuts_my_cheapest_product_of_the_list_is_told_once(world):
    kettles = await world.list_of(("M1", None, ["Mine"]), ("M2", None, ["mine"]), ("C1", None, []), ("C2", None, []))
    await world.alert(UNDERCUT, what=What(list_id=kettles))
    assert await world.see(**at(M1=30, M2=20, C1=25, C2=21)) == []
    assert await world.see(**at(M1=15, C1=19, C2=14)) == ["C2"]
    assert await world.see(**at(M1=None, C1=19, C2=14)) == ["C1"]  # mine of 15 is sold out, that of 20 is not
    notice = (await world.notices())[0]
    assert wording.line(notice, "en") == "C1 (amazon.de): price €19.00, your cheapest product in the list costs €20.00"
    assert await world.see(**at(C1=19, C2=14)) == []
    assert await world.see(**at(C1=22)) == []
    assert await world.see(**at(C1=18)) == ["C1"]


async def test_a_price_of_mine_that_rises_is_told_at_the_next_check_of_the_other(world):
    await world.list_of(("M1", None, []), name="My products")
    both = await world.list_of(("M1", None, []), ("C1", None, ["competitor"]))
    await world.alert(UNDERCUT, what=What(list_id=both))
    assert await world.see(**at(M1=20, C1=25)) == []
    assert await world.see(**at(M1=30)) == []
    assert await world.see(**at(C1=25)) == ["C1"]


@pytest.mark.parametrize(
    "items",
    [
        [("M1", None, ["mine"])],  # the other one is in no list
        [("M1", None, []), ("C1", None, [])],  # none is mine
        [("M1", None, ["mine"]), ("C1", None, ["mine"])],  # both are
        [("M1", None, ["mine", "competitor"]), ("C1", None, [])],
    ],
)
async def test_what_is_not_compared(world, items):
    await world.list_of(*items)
    alert = await world.alert(UNDERCUT)
    assert await world.see(**at(M1=20, C1=10)) == []
    assert (await previewed(world, alert.draft)).looked_at == 0


async def test_other_lists_currencies_and_places_are_no_match(world):
    await world.list_of(("M1", None, ["mine"]), ("C1", None, []))
    await world.list_of(("C2", None, []), name="other")
    await world.alert(UNDERCUT)
    assert await world.see(C1={"price": number(10, "USD")}, **at(M1=20, C2=10)) == []
    assert await world.store([Sighting(DE, "C1", world.now, {"price": euros(10)}, "10115")]) == []
    assert await world.see(**at(C1=10)) == ["C1"]


async def test_a_preview_tells_what_was_told(world):
    await world.list_of(("M1", None, ["mine"]), ("M2", None, ["mine"]), ("C1", None, []), ("C2", None, ["competitor"]))
    alert = await world.alert(UNDERCUT)
    fired = []
    for prices in (
        {"M1": 20, "M2": 30, "C1": 25, "C2": 25},
        {"M1": 28, "M2": 30, "C1": 25, "C2": 29},  # mine has risen above one of them
        {"M1": 28, "M2": 22, "C1": 25, "C2": 29},
        {"M1": None, "M2": 22, "C1": 21, "C2": 20},
        {"M1": None, "M2": None, "C1": 10, "C2": 10},  # nothing to compare with
        {"M1": 12, "M2": None, "C1": 13, "C2": 10},
    ):
        seen = world.now
        fired += [(asin, seen) for asin in await world.see(**at(**prices))]
        world.now += timedelta(days=1)
    found = await previewed(world, alert.draft)
    assert sorted((one.asin, one.observed_at) for one in found.newest) == sorted(fired)
    assert found.looked_at == 2
    assert len(fired) == 3
    assert (await previewed(world, replace(alert.draft, what=What(products=("M1",))))).looked_at == 0
