"""Rules at work on stored products: what fires, once, and what it says."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import orjson
import pytest

from azscraper.channels import recipients
from azscraper.kinds.observations import Ranking
from azscraper.store.db import transaction
from azscraper.tracking.alerts import alerts, rule_sets, wording
from azscraper.tracking.alerts.rules import Rearm, What
from azscraper.tracking.alerts.timing import Digest, QuietHours
from azscraper.words import AlertEvery, AlertMatch, AlertRearm, AlertUnit
from integration.alerts.alertworld import DE, AlertWorld, euros, when
from integration.channels.channelworld import Mailbox

PERCENT = AlertUnit.PERCENT


@pytest.fixture
async def world(pool):
    async with Mailbox() as mailbox:
        world = await AlertWorld(pool, mailbox=mailbox).begin()
        world.mailbox = mailbox
        yield world


async def prices(world, *amounts, asin="B1", field="price"):
    """How often it fired at each."""
    return [
        len(await world.see(**{asin: {field: euros(one) if isinstance(one, int | float) else one}})) for one in amounts
    ]


async def test_below_fires_once_and_again_after_a_return(world):
    await world.alert(when("price", "below", 20), currency="EUR")
    assert await prices(world, 19, 18, 18, 25, 19, 19, None, 19) == [1, 0, 0, 0, 1, 0, 0, 0]


async def test_a_new_rule_judges_what_did_not_change(world):
    assert await prices(world, 19, 19) == [0, 0]
    await world.alert(when("price", "below", 20), currency="EUR")
    assert await prices(world, 19, 19) == [1, 0]
    await world.alert(when("price", "below", 20), currency="EUR", what=What(products=("B1",)))
    assert await prices(world, 19, 19) == [1, 0]


async def test_drops_by_counts_from_the_highest_since_it_last_fired_or_began(world):
    await world.see(B1={"price": euros(200)})
    await world.alert(when("price", "drops_by", 10, unit=PERCENT))
    assert await prices(world, 190, 181, 180, 178, 163, 162, 161, 180, 162) == [0, 0, 1, 0, 0, 1, 0, 0, 1]


async def test_lowest_in_days_looks_back_as_far_as_it_says(world):
    await world.alert(when("price", "lowest_in_days", days=2))
    await prices(world, 10, 20)
    world.now += timedelta(days=3)
    assert await prices(world, 15, 16, 14.9, 14.9, 14) == [1, 0, 1, 0, 1]


async def test_what_fired_is_armed_by_a_check_that_changes_nothing(world):
    await world.alert(when("price", "drops_by", 10, unit=PERCENT, days=1))
    assert await prices(world, 100, 80) == [0, 1]
    world.now += timedelta(days=2)
    assert await prices(world, 80, 70) == [0, 1]


@pytest.mark.parametrize(
    ("rearm", "fired"),
    [
        (Rearm(), [1, 0, 0, 1]),
        (Rearm(AlertRearm.ONCE), [1, 0, 0, 0]),
        (Rearm(AlertRearm.HOURS, 1), [1, 1, 0, 1]),
        (Rearm(AlertRearm.HOURS, 3), [1, 0, 0, 1]),
    ],
)
async def test_firing_again(world, rearm, fired):
    await world.alert(when("price", "below", 20), currency="EUR", rearm=rearm)
    assert await prices(world, 19, 19, 21, 19) == fired


async def test_products_in_another_currency_are_left_out_and_counted(world):
    await world.see(B1={"price": euros(30)}, B2={"price": euros(30)})
    rule = await world.alert(when("price", "below", 20), currency="USD")
    assert await prices(world, 19) == [0]
    async with transaction(world.pool) as conn:
        assert await alerts.count_left_out(conn, rule) == 2


async def test_appears_and_disappears_need_two_checks_that_tell(world):
    await world.alert(when("price", "appears"))
    await world.alert(when("price", "disappears"))
    assert await prices(world, None, 19, 19, None, None, 20) == [0, 1, 0, 1, 0, 1]
    assert await world.see(B2={"rating": 4}) == []
    assert await world.see(B2={"price": euros(5)}) == []


async def test_all_and_any(world):
    both = (when("price", "below", 20), when("rating", "above", 4))
    await world.alert(*both, currency="EUR")
    assert await world.see(B1={"price": euros(19)}) == []
    assert await world.see(B1={"price": euros(19), "rating": 3}) == []
    assert await world.see(B1={"price": euros(19), "rating": 4.5}) == ["B1"]
    await world.alert(*both, currency="EUR", match=AlertMatch.ANY)
    assert await world.see(B2={"price": euros(25), "rating": 4.5}) == ["B2"]
    assert await world.see(B2={"price": euros(19), "rating": 4.5}) == ["B2"]


async def test_texts_sellers_and_the_buy_box(world):
    await world.alert(when("availability", "changes_to", "out_of_stock"))
    assert await prices(world, "in_stock", "out_of_stock", "out_of_stock", field="availability") == [0, 1, 0]
    await world.alert(when("newSeller", "happens"))
    await world.alert(when("buyBoxLost", "happens", "Acme"))
    await world.alert(when("buyBoxWon", "happens", "Acme"), what=What(seller="Acme"))
    assert await prices(world, "Acme", "Bond", "Acme", "Bond", field="seller") == [0, 2, 1, 1]


async def test_ranks_and_tops(world):
    await world.alert(when("rank", "enters_top", 10))
    await world.alert(when("rank", "leaves_top", 10))
    assert await prices(world, asin="B1", field="rank") == []
    fired = [await world.see(B1={"rank": one}) for one in (12, 10, 9, 11, None, 3)]
    assert [len(one) for one in fired] == [0, 1, 0, 1, 0, 1]


async def test_positions_and_shares_of_a_keyword(world):
    await world.alert(when("position", "enters_top", 2), what=What(keyword="kettle", products=("B3",)))
    await world.alert(when("share", "above", 50), what=What(keyword="kettle", products=("B1", "B3")))

    async def search(*asins, sponsored=0):
        paid = tuple(at < sponsored for at in range(len(asins)))
        return await world.store(rankings=[Ranking(DE, "kettle", "", "", 1, world.now, asins, paid)])

    assert await search("B1", "B2", "B3", "B4") == []
    assert await search("B1", "B3", "B2") == ["B3", "kettle"]
    assert await search("B1", "B3", "B2") == []


async def test_a_notice_says_what_changed_and_why(world):
    await world.see(B1={"price": euros(21), "title": "Kettle 1.7 l"})
    rule = await world.alert(when("price", "below", 20), currency="EUR")
    await world.see(B1={"price": euros(18.99)})
    [notice] = await world.notices()
    assert (notice.alert_id, notice.asin, notice.marketplace, notice.job_id) == (rule.id, "B1", DE, "a" * 24)
    assert notice.reasons == [
        {
            "field": "price",
            "op": "below",
            "value": 20.0,
            "unit": "amount",
            "days": None,
            "before": {"amount": 21.0, "currency": "EUR"},
            "after": {"amount": 18.99, "currency": "EUR"},
            "comparedWith": None,
        }
    ]
    assert wording.line(notice, "en") == "Kettle 1.7 l (amazon.de): price €21.00 → €18.99, below €20.00"
    assert wording.line(notice, "de") == "Kettle 1.7 l (amazon.de): Preis 21,00\xa0€ → 18,99\xa0€, unter 20,00\xa0€"


async def test_a_value_that_did_not_change_is_said_once(world):
    await world.see(B1={"price": euros(19)})
    await world.alert(when("price", "below", 20), currency="EUR")
    await world.see(B1={"price": euros(19)})
    [notice] = await world.notices()
    assert wording.line(notice, "en") == "B1 (amazon.de): price €19.00, below €20.00"


async def confirmed(world, **more):
    channel = await world.add(email="ann@example.com", **more)
    async with transaction(world.pool) as conn:
        await recipients.confirm(conn, (await recipients.of_channel(conn, channel.id)).id, now=world.now)
        await conn.execute("DELETE FROM channel_messages")
    return channel


async def test_what_fires_together_is_one_mail_with_links(world):
    channel = await confirmed(world, language="de")
    await world.alert(when("price", "below", 20), currency="EUR", channels=[channel])
    await world.see(B1={"price": euros(19), "title": "Kessel"}, B2={"price": euros(18)}, B3={"price": euros(30)})
    await world.run()
    [mail] = world.mailbox.mails
    assert mail["Subject"].startswith("2 Alarme: Kessel (amazon.de): Preis")
    text = mail.get_body(("plain",)).get_content()
    assert f"/app/projects/{world.project_id}/products/B1?marketplace={DE}" in text
    assert "https://www.amazon.de/dp/B2" in text
    assert "Abbestellen: https://azscraper.example.com/app/mail/unsubscribe/" in text
    assert '<a href="https://www.amazon.de/dp/B1' in mail.get_body(("html",)).get_content()
    [message] = await world.messages(channel)
    assert (message.kind, message.status) == ("alert", "delivered")
    await world.run()
    assert len(world.mailbox.mails) == 1


async def test_digests_and_quiet_hours_wait(world):
    channel = await confirmed(world)
    world.now = datetime(2026, 12, 1, 20, tzinfo=UTC)
    await world.alert(
        when("price", "below", 20),
        currency="EUR",
        channels=[channel],
        digest=Digest(AlertEvery.DAILY, time(9), timezone="Europe/Berlin"),
    )
    await world.alert(
        when("price", "below", 19),
        currency="EUR",
        channels=[channel],
        quiet_hours=QuietHours(time(21), time(7), "Europe/Berlin"),
    )
    await world.see(B1={"price": euros(15)})
    await world.run()
    assert world.mailbox.mails == []
    world.now = datetime(2026, 12, 2, 6, 1, tzinfo=UTC)
    await world.run()
    assert len(world.mailbox.mails) == 1
    world.now = datetime(2026, 12, 2, 8, 1, tzinfo=UTC)
    await world.run()
    assert len(world.mailbox.mails) == 2


async def test_webhooks_get_alert_fired(world):
    async with transaction(world.pool) as conn:
        await conn.execute(
            """INSERT INTO webhooks (id, organization_id, project_id, url, events, secret)
               VALUES (%s, %s, %s, 'https://example.com', '{alert.fired}', '')""",
            ["b" * 24, world.principal.organization_id, world.project_id],
        )
    await world.alert(when("price", "below", 20), currency="EUR")
    await world.see(B1={"price": euros(19)})
    [notice] = await world.notices()
    async with transaction(world.pool) as conn:
        cursor = await conn.execute("SELECT body FROM webhook_events")
        [(body,)] = await cursor.fetchall()
    told = orjson.loads(body)
    assert (told["type"], told["data"]["noticeId"], told["data"]["asin"]) == ("alert.fired", notice.id, "B1")


async def test_a_project_without_rules_costs_no_query(world, monkeypatch):
    async def fail(*_):
        raise AssertionError

    monkeypatch.setattr(rule_sets, "load", fail)
    rule = await world.alert(when("price", "below", 20), currency="EUR", enabled=False)
    assert await prices(world, 19) == [0]
    async with transaction(world.pool) as conn:
        await alerts.delete(conn, world.principal, rule.id)
    assert await prices(world, 18) == [0]


async def test_a_rule_that_expired_or_was_changed(world):
    await world.alert(when("price", "below", 20), currency="EUR", expires_at=world.now + timedelta(minutes=30))
    assert await prices(world, 19, 30, 19) == [1, 0, 0]
    rule = await world.alert(when("price", "below", 10), currency="EUR")
    async with transaction(world.pool) as conn:
        locked = await alerts.lock(conn, world.principal, rule.id)
        draft = locked.draft
        await alerts.change(
            conn, world.principal, locked, replace(draft, when=(when("price", "below", 20),)), now=world.now
        )
    assert await prices(world, 19, 19) == [1, 0]
