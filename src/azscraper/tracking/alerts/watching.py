"""Rules at work: what a chunk's products and keywords tell is judged in the transaction that stores it.

A product's state is locked from ``series.add`` on, so that of two jobs that bring it one fires a rule. Only the chunk's
products are looked at, and of the rules only those that may say something else than at the check before. A project
without rules costs nothing; one with rules a query, and two more where a rule looks back or has fired.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from azscraper.clock import stamp
from azscraper.kinds.observations import ReviewSeen, Value
from azscraper.store.db import Conn, fetch_all
from azscraper.tracking.alerts import items, notices, own_prices, past, rule_sets
from azscraper.tracking.alerts.checks import keywords, reviews
from azscraper.tracking.alerts.evaluating import Need, Past, Seen, Verdict, judge, needs, next_memory
from azscraper.tracking.alerts.items import Item
from azscraper.tracking.alerts.notices import Firing, reason_document
from azscraper.tracking.alerts.own_prices import NONE, OwnPrices, Prices
from azscraper.tracking.alerts.rule_sets import RuleSet, Watch
from azscraper.tracking.alerts.rules import Memory, Rule
from azscraper.tracking.alerts.timing import due
from azscraper.tracking.observed import RankingChange, Source
from azscraper.tracking.series_states import Observed
from azscraper.webhooks.endpoints import Event
from azscraper.words import EventType, SeriesField

_Key = tuple[str, str, str]
"""Subject, marketplace, place."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of one product, on its own or in the results of a keyword; or of a keyword."""

    subject: str
    asin: str | None
    seen: Observed
    watches: Sequence[Watch] | None = None
    """The rules that it concerns; None: those of products."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What its reasons tell beside the values."""
    is_once: bool = False
    """Whether a rule that fired for it never does again."""

    @property
    def key(self) -> _Key:
        """What a rule remembers it by."""
        return self.subject, self.seen.marketplace, self.seen.place


@dataclass(frozen=True, slots=True)
class Case:
    """A rule, a check that it is to be judged by, and what it remembers."""

    watch: Watch
    check: Check
    memory: Memory | None
    seen: Seen
    """What the rule looks at."""
    needs: Collection[Need]
    """What has to be looked up of the past."""

    @classmethod
    def of(
        cls, watch: Watch, check: Check, memory: Memory | None, target: Value | None = None, own: Prices = NONE
    ) -> "Case":
        """The rule before the check."""
        seen = Seen(check.seen.observed_at, check.seen.fields, target, own)
        return cls(watch, check, memory, seen, needs(watch.rule, seen, memory))


@dataclass(frozen=True, slots=True)
class Told:
    """What a chunk's pages told that rules look at."""

    products: Sequence[Observed] = ()
    rankings: Sequence[RankingChange] = ()
    reviews: Sequence[ReviewSeen] = ()


async def watch(conn: Conn, source: Source, version: int | None, told: Told) -> list[Event]:
    """Judge, and store what fired; the events to tell webhooks of. ``version`` is of the project's rules, None without any."""
    if version is None or not (told.products or told.rankings or told.reviews):
        return []
    rule_set = await rule_sets.load(conn, source.project_id, version)
    found = await _items(conn, source.project_id, rule_set, told)
    checks = [Check(one.asin, one.asin, one) for one in told.products]
    checks += [Check(*each) for each in keywords.checks(rule_set.of_keyword, told.rankings)]
    checks += [
        Check(one.subject, one.observed.asin, one.observed, [one.watch], one.about, is_once=True)
        for one in reviews.checks(rule_set.of_reviews, told.reviews, found)
    ]
    if not checks:
        return []
    memories = await _memories(conn, source.project_id, checks)
    cases = [case for check in checks for case in _cases(rule_set, check, memories.get(check.key, {}))]
    if rule_set.of_items:
        prices = await _own_prices(conn, source.project_id, rule_set, found)
        beside = _Beside(found, prices, items.own_asins(found))
        cases += [
            case for check in checks for case in _cases_of_items(rule_set, check, beside, memories.get(check.key, {}))
        ]
    known = await past.look_up(conn, source.project_id, _wanted(cases))
    return await _store(conn, source, [Outcome.of(case, known) for case in cases])


async def _items(
    conn: Conn, project_id: str, rule_set: RuleSet, told: Told
) -> Mapping[tuple[str, str], Sequence[Item]]:
    """Of the products, where a rule looks at items."""
    asins = [one.asin for one in told.products] if rule_set.of_items else []
    if any(one.rule.looks_at_items for one in rule_set.of_reviews):
        asins += [one.asin for one in told.reviews]
    return await items.look_up(conn, project_id, asins) if asins else {}


async def _own_prices(
    conn: Conn, project_id: str, rule_set: RuleSet, found: Mapping[tuple[str, str], Sequence[Item]]
) -> OwnPrices:
    """Of the lists that the products are in, where a rule looks at them."""
    lists = {one.list_id for each in found.values() for one in each} if rule_set.looks_at_own else set()
    return await own_prices.look_up(conn, project_id, lists) if lists else OwnPrices()


@dataclass(frozen=True, slots=True)
class _Beside:
    """What lists say of the products of a chunk."""

    items: Mapping[tuple[str, str], Sequence[Item]]
    prices: OwnPrices
    own: Collection[str]
    """ASINs."""

    def prices_for(self, seen: Observed, meant: Sequence[Item]) -> Prices:
        """With which the product is compared."""
        return NONE if seen.asin in self.own else self.prices.beside(meant, seen.marketplace, seen.place)


@dataclass(frozen=True, slots=True)
class _Row:
    subject: str
    marketplace: str
    place: str
    alert_id: str
    fired_at: datetime
    is_armed: bool


async def _memories(conn: Conn, project_id: str, checks: Sequence[Check]) -> dict[_Key, dict[str, Memory]]:
    rows = await fetch_all(
        conn,
        _Row,
        """SELECT subject, marketplace, place, alert_id, fired_at, is_armed FROM alert_memories
           WHERE project_id = %s AND subject = ANY(%s)""",
        [project_id, [check.subject for check in checks]],
    )
    found: dict[_Key, dict[str, Memory]] = {}
    for row in rows:
        of_check = found.setdefault((row.subject, row.marketplace, row.place), {})
        of_check[row.alert_id] = Memory(row.fired_at, row.is_armed)
    return found


def _cases(rule_set: RuleSet, check: Check, memories: Mapping[str, Memory]) -> Iterator[Case]:
    unarmed = [alert_id for alert_id, memory in memories.items() if not memory.is_armed]
    watches = rule_set.concerned(check.seen, unarmed) if check.watches is None else check.watches
    for one in watches:
        if is_meant(one.rule, check) and not (check.is_once and one.rule.id in memories):
            yield Case.of(one, check, memories.get(one.rule.id))


def _cases_of_items(
    rule_set: RuleSet,
    check: Check,
    beside: _Beside,
    memories: Mapping[str, Memory],
) -> Iterator[Case]:
    own = beside.items.get((check.seen.asin, check.seen.marketplace), ()) if check.watches is None else ()
    for one in rule_set.about(own):
        meant = items.meant(one.rule.what, own)
        if meant and is_meant(one.rule, check):
            prices = beside.prices_for(check.seen, meant)
            yield Case.of(one, check, memories.get(one.rule.id), items.target(meant), prices)


def is_meant(rule: Rule, check: Check) -> bool:
    """Whether the rule watches what was checked, at that time. Lists, tags and keywords have been looked at."""
    seen, what = check.seen, rule.what
    if seen.observed_at < rule.began_at or (rule.expires_at is not None and seen.observed_at >= rule.expires_at):
        return False
    if what.marketplaces and seen.marketplace not in what.marketplaces:
        return False
    if what.seller is not None and not _is_sold_by(what.seller, seen):
        return False
    is_named = not what.products or seen.asin in what.products
    if check.watches is not None:
        return is_named if rule.looks_at_reviews else True
    return what.keyword is None and is_named


def _is_sold_by(seller: str, seen: Observed) -> bool:
    told = seen.fields.get(SeriesField.SELLER)
    return told is not None and seller in {told.after.text, told.before.text if told.before else None}


def _wanted(cases: Sequence[Case]) -> Iterator[tuple[Observed, Need]]:
    return ((case.check.seen, need) for case in cases for need in case.needs)


_NO_PAST: Mapping[Need, Past] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case comes to: what the rule remembers from now on, and what it fires."""

    case: Case
    memory: Memory | None
    firing: Firing | None

    @classmethod
    def of(cls, case: Case, known: Mapping[tuple[int, Need], Past]) -> "Outcome":
        """Judge a case."""
        key = id(case.check.seen)
        own = {need: known[key, need] for need in case.needs if (key, need) in known} if case.needs else _NO_PAST
        verdict = judge(case.watch.rule, case.seen, case.memory, own)
        fires, memory = next_memory(case.watch.rule, case.seen, case.memory, verdict)
        return cls(case, memory, _firing(case, verdict) if fires else None)


def _firing(case: Case, verdict: Verdict) -> Firing:
    reasons = [{**reason_document(reason), **case.check.about} for reason in verdict.reasons]
    watch, seen = case.watch, case.check.seen
    title = seen.fields.get(SeriesField.TITLE)
    return Firing(
        watch.rule.id,
        watch.name,
        seen.marketplace,
        seen.place,
        case.check.subject,
        case.check.asin,
        title.after.text if title else None,
        reasons,
        seen.observed_at,
        dict.fromkeys(watch.channels, due(seen.observed_at, watch.digest, watch.quiet_hours)),
    )


async def _store(conn: Conn, source: Source, outcomes: Sequence[Outcome]) -> list[Event]:
    await _remember(conn, source.project_id, [one for one in outcomes if one.memory != one.case.memory])
    firings = [one.firing for one in outcomes if one.firing is not None]
    if not firings:
        return []
    ids = await notices.add(conn, source.organization_id, source.project_id, source.job_id, firings)
    return [event(source.project_id, source.job_id, *pair) for pair in zip(ids, firings, strict=True)]


async def _remember(conn: Conn, project_id: str, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    rows = [
        {
            "subject": one.case.check.subject,
            "marketplace": one.case.check.seen.marketplace,
            "place": one.case.check.seen.place,
            "alert_id": one.case.watch.rule.id,
            "fired_at": one.memory.fired_at,
            "is_armed": one.memory.is_armed,
        }
        for one in outcomes
        if one.memory is not None
    ]
    await conn.execute(
        """INSERT INTO alert_memories (project_id, subject, marketplace, place, alert_id, fired_at, is_armed)
           SELECT %s, r.* FROM json_to_recordset(%s) AS r (subject text, marketplace text, place text, alert_id text,
               fired_at timestamptz, is_armed boolean) JOIN alerts a ON a.id = r.alert_id
           ON CONFLICT (project_id, subject, marketplace, place, alert_id)
               DO UPDATE SET fired_at = excluded.fired_at, is_armed = excluded.is_armed""",
        [project_id, orjson.dumps(rows).decode()],
    )


def event(project_id: str, job_id: str | None, notice_id: str, firing: Firing) -> Event:
    """What webhooks are told of a firing."""
    return Event(
        EventType.ALERT_FIRED,
        {
            "noticeId": notice_id,
            "alertId": firing.alert_id,
            "alertName": firing.alert_name,
            "projectId": project_id,
            "jobId": job_id,
            "marketplace": firing.marketplace or None,
            "asin": firing.asin,
            "title": firing.title,
            "subject": firing.subject,
            "observedAt": stamp(firing.observed_at),
            "reasons": list(firing.reasons),
        },
    )
