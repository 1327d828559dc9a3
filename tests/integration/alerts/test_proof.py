"""Random rules on the built-in marketplace's own truth, day by day: what should fire fires once, and nothing else.

What should fire is reckoned here by itself, naively: every rule at every check, over lists of all that was ever told.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from azscraper.demo.goods.catalogue import as_made, product_at
from azscraper.demo.goods.locales import DE_DE, EN_US
from azscraper.demo.goods.moves import moment_at
from azscraper.demo.truth import product_truth
from azscraper.kinds.observations import ABSENT, Sighting, number, text
from azscraper.tracking.alerts.rules import Condition, Rearm, What
from azscraper.words import AlertMatch, AlertOp, AlertRearm, AlertUnit
from integration.alerts.alertworld import AlertWorld

LOCALES = (DE_DE, EN_US)
BEGIN = datetime(2026, 10, 1, 6, tzinfo=UTC)
CHUNK = 25
MONEY = ("price", "listPrice", "usedFrom")
NUMBERS = ("rating", "ratingCount", "rank", "newCount")
TEXTS = ("availability", "seller", "coupon", "deal")


@dataclass
class Wanted:
    """A rule as the oracle reads it, and what it remembers of each product."""

    when: tuple
    match: AlertMatch
    what: What
    currency: str | None
    rearm: Rearm
    began_at: datetime
    fired_at: dict = field(default_factory=dict)
    armed: dict = field(default_factory=dict)


def told_of(product, dice):
    """What the page of a product tells; now and then it does not tell something."""
    said = product_truth(product)
    money = {
        "price": said["price"],
        "listPrice": said["listPrice"],
        "usedFrom": (said["used"] or {}).get("from"),
    }
    values = {
        name: number(Decimal(one), said["currency"]) if one is not None else ABSENT for name, one in money.items()
    }
    for name in ("rating", "ratingCount", "rank"):
        values[name] = number(Decimal(said[name])) if said[name] is not None else ABSENT
    values["newCount"] = number(said["new"]["count"]) if said["new"] else ABSENT
    values |= {name: text(said[name]) if said[name] else ABSENT for name in TEXTS}
    return {name: one for name, one in values.items() if dice.random() > 0.04}


def plain(one):
    """None where there is none; money as amount and currency, numbers, texts."""
    return None if one == ABSENT else (one.number, one.text) if one.number is not None else one.text


def some_rule(dice, asins, now):
    def condition():
        name = dice.choice(MONEY * 2 + NUMBERS + TEXTS)
        if name in TEXTS:
            return some_text(name)
        op = dice.choice(
            [AlertOp.BELOW, AlertOp.ABOVE, AlertOp.DROPS_BY, AlertOp.RISES_BY, AlertOp.CHANGES, AlertOp.APPEARS,
             AlertOp.DISAPPEARS, AlertOp.LOWEST_EVER, AlertOp.LOWEST_IN_DAYS, AlertOp.ENTERS_TOP, AlertOp.LEAVES_TOP]
        )  # fmt: skip
        around = {"rating": 4, "ratingCount": 300, "rank": 500, "newCount": 5}.get(name, 40)
        limit = Decimal(str(round(around * dice.uniform(0.3, 2), 2)))
        if op in {AlertOp.DROPS_BY, AlertOp.RISES_BY}:
            percent = dice.random() < 0.6
            unit = AlertUnit.PERCENT if percent else AlertUnit.AMOUNT
            size = Decimal(dice.choice([0, 1, 3, 5, 10, 20]))
            return Condition(name, op, size, unit, dice.choice([None, None, 2, 7, 30]))
        if op is AlertOp.LOWEST_IN_DAYS:
            return Condition(name, op, days=dice.choice([1, 3, 10, 30]))
        needs = op in {AlertOp.BELOW, AlertOp.ABOVE, AlertOp.ENTERS_TOP, AlertOp.LEAVES_TOP}
        return Condition(name, op, limit if needs else None)

    def some_text(name):
        if name == "seller" and dice.random() < 0.5:
            return Condition("newSeller", AlertOp.HAPPENS)
        op = dice.choice([AlertOp.CHANGES, AlertOp.CHANGES_TO, AlertOp.APPEARS, AlertOp.DISAPPEARS])
        wanted = {"availability": dice.choice(["in_stock", "low_stock", "unavailable"]), "seller": "Amazon.com"}
        return Condition(name, op, wanted.get(name, "x") if op is AlertOp.CHANGES_TO else None)

    what = What(
        products=tuple(dice.sample(asins, dice.randint(1, min(20, len(asins))))) if dice.random() < 0.5 else (),
        marketplaces=(dice.choice(LOCALES).host,) if dice.random() < 0.4 else (),
    )
    when = tuple(condition() for _ in range(dice.choice([1, 1, 1, 2, 3])))
    again = dice.choice(list(AlertRearm) + [AlertRearm.RETURN] * 2)
    currency = dice.choice(["EUR", "USD"])
    return Wanted(when, dice.choice(list(AlertMatch)), what, currency, Rearm(again, dice.choice([20, 50, 200])), now)


class Oracle:
    """What was told of each product, whole, and what each rule makes of it."""

    def __init__(self):
        self.told = {}
        self.rules = []

    def check(self, host, asin, at, values):
        """The numbers of the rules that fire."""
        history = self.told.setdefault((host, asin), {})
        fired = [at_ for at_, rule in enumerate(self.rules) if self.fires(rule, (host, asin), at, values, history)]
        for name, value in values.items():
            history.setdefault(name, []).append((at, plain(value)))
        return fired

    def fires(self, rule, key, at, values, history):
        host, asin = key
        if (rule.what.products and asin not in rule.what.products) or at < rule.began_at:
            return False
        if rule.what.marketplaces and host not in rule.what.marketplaces:
            return False
        answers = [self.holds(rule, key, one, at, values, history) for one in rule.when]
        holds = kleene(answers, any if rule.match is AlertMatch.ANY else all)
        event = any(answer and one.is_event for answer, one in zip(answers, rule.when, strict=True))
        fired_at, armed = rule.fired_at.get(key), rule.armed.get(key, True)
        if holds:
            ready = {
                AlertRearm.RETURN: armed or event,
                AlertRearm.HOURS: fired_at is None or at >= fired_at + timedelta(hours=rule.rearm.hours),
                AlertRearm.ONCE: fired_at is None,
            }[rule.rearm.after]
            if ready:
                rule.fired_at[key], rule.armed[key] = at, False
            return ready
        if holds is False:
            rule.armed[key] = True
        return False

    def holds(self, rule, key, one, at, values, history):  # noqa: PLR0911, PLR0917 - read from top to bottom
        name = "seller" if one.field == "newSeller" else one.field
        if name not in values:
            return None
        now, past = plain(values[name]), history.get(name, [])
        if name in MONEY and now is not None and now[1] != rule.currency:
            return None
        known, before = bool(past), past[-1][1] if past else None
        match one.op:
            case AlertOp.BELOW | AlertOp.ABOVE:
                return None if now is None else now[0] < one.value if one.op is AlertOp.BELOW else now[0] > one.value
            case AlertOp.APPEARS:
                return (before is None and now is not None) if known else None
            case AlertOp.DISAPPEARS:
                return (before is not None and now is None) if known else None
            case AlertOp.CHANGES:
                return None if not known or None in (before, now) else before != now
            case AlertOp.CHANGES_TO:
                return None if not known or now is None else before != now and now == one.value
            case AlertOp.ENTERS_TOP | AlertOp.LEAVES_TOP:
                was, is_ = (given is not None and given[0] <= one.value for given in (before, now))
                return None if not known else is_ and not was if one.op is AlertOp.ENTERS_TOP else was and not is_
            case AlertOp.HAPPENS:
                return None if not known or now is None else before != now and now not in {given for _, given in past}
            case AlertOp.LOWEST_EVER:
                amounts = [given[0] for _, given in past if given is not None]
                return None if now is None or not amounts else now[0] < min(amounts)
        since = at - timedelta(days=one.days) if one.days else rule.fired_at.get(key, rule.began_at)
        window = [given for told_at, given in past if told_at > since] + [
            given for told_at, given in past if told_at <= since
        ][-1:]
        amounts = [given[0] for given in window if given is not None]
        if now is None or not amounts:
            return None
        if one.op is AlertOp.LOWEST_IN_DAYS:
            return now[0] < min(amounts)
        best = max(amounts) if one.op is AlertOp.DROPS_BY else min(amounts)
        moved = best - now[0] if one.op is AlertOp.DROPS_BY else now[0] - best
        return moved > 0 and moved >= (one.value if one.unit is AlertUnit.AMOUNT else best * one.value / 100)


def kleene(answers, how):
    if how is any:
        return True if True in answers else None if None in answers else False
    return False if False in answers else None if None in answers else True


@pytest.mark.parametrize("seed", [4])
async def test_every_alert_that_should_fire_fires_once_and_none_else(pool, request, seed):
    products = 300 if request.config.getoption("--whole") else 30
    dice = random.Random(seed)
    world = await AlertWorld(pool).begin()
    world.now = BEGIN
    watched = [(locale, asin) for locale in LOCALES for asin in sorted(as_made(locale))[: products // 2]]
    asins = sorted({asin for _, asin in watched})
    oracle, ids = Oracle(), []

    async def add(rules):
        for _ in range(rules):
            wanted = some_rule(dice, asins, world.now)
            made = await world.alert(
                *wanted.when, what=wanted.what, match=wanted.match, currency=wanted.currency, rearm=wanted.rearm
            )
            oracle.rules.append(wanted)
            ids.append(made.id)

    await add(40)
    expected = Counter()
    for day in range(60):
        if day == 20:
            world.now = BEGIN + timedelta(days=day)
            await add(20)
        at = BEGIN + timedelta(days=day, hours=3)
        pages = [
            Sighting(
                locale.host, asin, at + timedelta(seconds=n), told_of(product_at(locale, asin, moment_at(at)), dice)
            )
            for n, (locale, asin) in enumerate(watched)
            if dice.random() > 0.1
        ]
        for begin in range(0, len(pages), CHUNK):
            await world.store([one for one in pages[begin : begin + CHUNK] if one.values])
        for page in pages:
            for rule in oracle.check(page.marketplace, page.asin, page.observed_at, page.values):
                expected[ids[rule], page.marketplace, page.asin, page.observed_at] += 1
    async with pool.connection() as conn:
        cursor = await conn.execute("SELECT alert_id, marketplace, asin, observed_at FROM notices")
        seen = Counter(await cursor.fetchall())
    assert seen == expected
    assert max(seen.values()) == 1
    assert len({key[0] for key in seen}) > 20, "many rules have something to say"
