"""Rules of alerts as callers see them: create, find, change, delete. ``watching`` judges by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, LiteralString

import orjson

from azscraper.errors import ConflictError, InvalidInputError
from azscraper.ids import new_id
from azscraper.store.db import Conn, count_rows, fetch_all, look_up
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.tracking.alerts.rules import Condition, Rearm, Rule, What
from azscraper.tracking.alerts.timing import Digest, QuietHours
from azscraper.words import AlertEvery as Every
from azscraper.words import AlertMatch as Match
from azscraper.words import AlertOp as Op
from azscraper.words import AlertRearm as Again
from azscraper.words import AlertUnit as Unit

MOST_PER_PROJECT = 1000
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule to store. ``channels`` are ids."""

    name: str
    what: What
    when: tuple[Condition, ...]
    match: Match = Match.ALL
    currency: str | None = None
    rearm: Rearm = field(default_factory=Rearm)
    digest: Digest = field(default_factory=Digest)
    quiet_hours: QuietHours | None = None
    channels: tuple[str, ...] = ()
    note: str | None = None
    enabled: bool = True
    expires_at: datetime | None = None

    def require_sound(self) -> None:
        """Raises InvalidInputError for ``when`` or ``currency``."""
        if (problem := self.rule(began_at=_NEVER).problem) is not None:
            raise InvalidInputError.of("when", problem)
        if self.currency is None and any(one.needs_currency for one in self.when):
            raise InvalidInputError.of("currency", "is needed for a price as a number, for example EUR")

    def rule(self, *, began_at: datetime, alert_id: str = "") -> Rule:
        """What to judge by."""
        return Rule(
            alert_id,
            self.what,
            self.when,
            self.match,
            self.currency,
            self.rearm,
            began_at,
            self.expires_at,
            frozenset(one.source for one in self.when),
        )


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule's row."""

    id: str
    organization_id: str
    project_id: str
    name: str
    note: str | None
    what: Mapping[str, Any]
    conditions: Sequence[Mapping[str, Any]]
    match: str
    currency: str | None
    rearm: Mapping[str, Any]
    digest: Mapping[str, Any]
    quiet_hours: Mapping[str, Any] | None
    enabled: bool
    expires_at: datetime | None
    began_at: datetime
    created_at: datetime
    updated_at: datetime
    channels: Sequence[str]
    last_fired_at: datetime | None = None

    @property
    def draft(self) -> Draft:
        """What it says."""
        return Draft(
            name=self.name,
            what=What.of_json(self.what),
            when=tuple(map(_condition, self.conditions)),
            match=Match(self.match),
            currency=self.currency,
            rearm=Rearm(Again(self.rearm["after"]), self.rearm["hours"]),
            digest=_digest(self.digest),
            quiet_hours=_quiet_hours(self.quiet_hours) if self.quiet_hours else None,
            channels=tuple(self.channels),
            note=self.note,
            enabled=self.enabled,
            expires_at=self.expires_at,
        )

    @property
    def rule(self) -> Rule:
        """What to judge by."""
        return self.draft.rule(began_at=self.began_at, alert_id=self.id)


def _condition(document: Mapping[str, Any]) -> Condition:
    value = document.get("value")
    number = None if value is None or document.get("is_text") else Decimal(str(value))
    return Condition(
        document["field"],
        Op(document["op"]),
        value if number is None else number,
        Unit(document["unit"]),
        document["days"],
    )


def condition_document(one: Condition) -> dict[str, Any]:
    """A condition as it is stored."""
    is_text = isinstance(one.value, str)
    value = one.value if one.value is None or is_text else str(one.value)
    return {"field": one.field, "op": one.op, "value": value, "is_text": is_text, "unit": one.unit, "days": one.days}


def _digest(document: Mapping[str, Any]) -> Digest:
    return Digest(
        Every(document["every"]), time.fromisoformat(document["at"]), document["weekday"], document["timezone"]
    )


def _quiet_hours(document: Mapping[str, Any]) -> QuietHours:
    return QuietHours(time.fromisoformat(document["begin"]), time.fromisoformat(document["end"]), document["timezone"])


def _documents(draft: Draft) -> dict[str, Any]:
    quiet = draft.quiet_hours
    return {
        "name": draft.name,
        "note": draft.note,
        "what": _json(draft.what.document),
        "conditions": _json([condition_document(one) for one in draft.when]),
        "match": draft.match,
        "currency": draft.currency,
        "rearm": _json({"after": draft.rearm.after, "hours": draft.rearm.hours}),
        "digest": _json(
            {
                "every": draft.digest.every,
                "at": draft.digest.at.isoformat(),
                "weekday": draft.digest.weekday,
                "timezone": draft.digest.timezone,
            }
        ),
        "quiet_hours": None
        if quiet is None
        else _json({"begin": quiet.begin.isoformat(), "end": quiet.end.isoformat(), "timezone": quiet.timezone}),
        "enabled": draft.enabled,
        "expires_at": draft.expires_at,
    }


def _json(document: object) -> str:
    return orjson.dumps(document).decode()


COLUMNS: LiteralString = """a.id, a.organization_id, a.project_id, a.name, a.note, a.what, a.conditions, a.match, a.currency, a.rearm,
    a.digest, a.quiet_hours, a.enabled, a.expires_at, a.began_at, a.created_at, a.updated_at,
    ARRAY(SELECT channel_id FROM alert_channels WHERE alert_id = a.id ORDER BY channel_id) AS channels"""
_FIRED: LiteralString = (
    "(SELECT created_at FROM notices WHERE alert_id = a.id ORDER BY seq DESC LIMIT 1) AS last_fired_at"
)
_IS_REACHED: LiteralString = "a.organization_id = %s AND a.id = %s AND a.project_id = coalesce(%s, a.project_id)"


async def create(conn: Conn, principal: Principal, project_id: str, draft: Draft, *, now: datetime) -> Alert:
    """A new rule. The caller has checked that the channels are the project's.

    Raises NotFoundError, InvalidInputError, and ConflictError when the project is archived or has 1,000.
    """
    draft.require_sound()
    await projects.lock_open(conn, principal, project_id)
    if await count_rows(conn, "SELECT count(*) FROM alerts WHERE project_id = %s", [project_id]) >= MOST_PER_PROJECT:
        raise ConflictError(f"A project has at most {MOST_PER_PROJECT:,} alerts; delete one that you no longer need")
    alert_id = new_id()
    await conn.execute(
        """INSERT INTO alerts (id, organization_id, project_id, name, note, what, conditions, match, currency, rearm,
               digest, quiet_hours, enabled, expires_at, began_at)
           VALUES (%(id)s, %(organization_id)s, %(project_id)s, %(name)s, %(note)s, %(what)s, %(conditions)s, %(match)s,
               %(currency)s, %(rearm)s, %(digest)s, %(quiet_hours)s, %(enabled)s, %(expires_at)s, %(now)s)""",
        {
            **_documents(draft),
            "id": alert_id,
            "organization_id": principal.organization_id,
            "project_id": project_id,
            "now": now,
        },
    )
    await _set_channels(conn, alert_id, draft.channels)
    await _count(conn, project_id)
    details = {"projectId": project_id, "after": {"name": draft.name}}
    await audit.note(conn, principal, Action.ALERT_CREATED, alert_id, details=details)
    return await get(conn, principal, alert_id)


async def _set_channels(conn: Conn, alert_id: str, channels: Sequence[str]) -> None:
    await conn.execute("DELETE FROM alert_channels WHERE alert_id = %s", [alert_id])
    await conn.execute(
        "INSERT INTO alert_channels SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING", [alert_id, list(channels)]
    )


async def _count(conn: Conn, project_id: str) -> None:
    """Tell the workers that the project's rules have changed."""
    await conn.execute(
        """INSERT INTO alert_sets AS s SELECT %(id)s, 1, count(*) FROM alerts WHERE project_id = %(id)s AND enabled
           ON CONFLICT (project_id) DO UPDATE SET version = s.version + 1, rules = excluded.rules""",
        {"id": project_id},
    )


async def find_all(conn: Conn, principal: Principal, project_id: str) -> list[Alert]:
    """The project's rules, newest first. Raises NotFoundError when the organization has no such project."""
    await projects.get(conn, principal, project_id)
    return await fetch_all(
        conn,
        Alert,
        f"""SELECT {COLUMNS}, {_FIRED} FROM alerts a WHERE a.organization_id = %s AND a.project_id = %s
            ORDER BY a.id DESC""",
        [principal.organization_id, project_id],
    )


async def get(conn: Conn, principal: Principal, alert_id: str) -> Alert:
    """The rule. Raises NotFoundError when the organization has none of that id."""
    return await look_up(
        conn,
        Alert,
        f"SELECT {COLUMNS}, {_FIRED} FROM alerts a WHERE {_IS_REACHED}",
        [principal.organization_id, alert_id, principal.project_id],
        what="Alert",
        named=alert_id,
    )


async def count_left_out(conn: Conn, alert: Alert) -> int:
    """Products that the rule names and whose price is in another currency than the rule's."""
    if alert.currency is None:
        return 0
    what = alert.draft.what
    return await count_rows(
        conn,
        """SELECT count(*) FROM series_states s WHERE project_id = %s AND texts->>'price' <> %s
             AND (%s::text[] = '{}' OR asin = ANY(%s)) AND (%s::text[] = '{}' OR marketplace = ANY(%s))
             AND (NOT %s OR EXISTS (SELECT 1 FROM lists l JOIN list_items i ON i.list_id = l.id
                 WHERE l.project_id = s.project_id AND i.key = s.asin AND l.id = coalesce(%s, l.id)
                   AND (i.marketplace = s.marketplace OR i.marketplace = '' AND s.marketplace = ANY(l.marketplaces))
                   AND (%s::text IS NULL OR %s = ANY(i.tags))))""",
        [
            alert.project_id,
            alert.currency,
            *[list(what.products)] * 2,
            *[list(what.marketplaces)] * 2,
            alert.rule.looks_at_items,
            what.list_id,
            what.tag,
            what.tag,
        ],
    )


async def lock(conn: Conn, principal: Principal, alert_id: str) -> Alert:
    """The rule, its row locked until the transaction ends. Raises NotFoundError."""
    await conn.execute(
        "SELECT 1 FROM alerts WHERE organization_id = %s AND id = %s FOR UPDATE", [principal.organization_id, alert_id]
    )
    return await get(conn, principal, alert_id)


async def change(conn: Conn, principal: Principal, old: Alert, draft: Draft, *, now: datetime) -> Alert:
    """Replace what a locked rule says. One that watches something else, or otherwise, begins anew. Raises InvalidInputError."""
    draft.require_sound()
    was = old.draft
    begins = (was.what, was.when, was.match, was.currency) != (draft.what, draft.when, draft.match, draft.currency)
    begins = begins or (draft.enabled and not was.enabled)
    await conn.execute(
        """UPDATE alerts SET name = %(name)s, note = %(note)s, what = %(what)s, conditions = %(conditions)s, match = %(match)s,
               currency = %(currency)s, rearm = %(rearm)s, digest = %(digest)s, quiet_hours = %(quiet_hours)s,
               enabled = %(enabled)s, expires_at = %(expires_at)s, updated_at = now(),
               began_at = CASE WHEN %(begins)s THEN %(now)s ELSE began_at END
           WHERE organization_id = %(organization_id)s AND id = %(id)s""",
        {
            **_documents(draft),
            "begins": begins,
            "now": now,
            "organization_id": principal.organization_id,
            "id": old.id,
        },
    )
    if begins:
        await conn.execute("DELETE FROM alert_memories WHERE alert_id = %s", [old.id])
    await _set_channels(conn, old.id, draft.channels)
    await _count(conn, old.project_id)
    details = {"projectId": old.project_id, **audit.changes(_facts(was), _facts(draft))}
    await audit.note(conn, principal, Action.ALERT_CHANGED, old.id, details=details)
    return await get(conn, principal, old.id)


def _facts(draft: Draft) -> dict[str, object]:
    return {"name": draft.name, "enabled": draft.enabled}


async def delete(conn: Conn, principal: Principal, alert_id: str) -> None:
    """Delete the rule; its notices stay. Raises NotFoundError."""
    gone = await lock(conn, principal, alert_id)
    await conn.execute(
        "DELETE FROM alerts WHERE organization_id = %s AND id = %s", [principal.organization_id, alert_id]
    )
    await _count(conn, gone.project_id)
    details = {"projectId": gone.project_id, "before": {"name": gone.name}}
    await audit.note(conn, principal, Action.ALERT_DELETED, alert_id, details=details)
