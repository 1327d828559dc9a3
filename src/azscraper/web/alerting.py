"""Bodies of alerts and channels as the rules and places that they ask for; the API and the dashboard read them so."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from azscraper import email_addresses, marketplaces
from azscraper.channels import channels, log
from azscraper.channels import services as known
from azscraper.channels.channels import EMAIL, Channel, Place
from azscraper.errors import ConflictError, InvalidInputError
from azscraper.kinds.observations import spelling
from azscraper.store.db import Conn, transaction
from azscraper.tenants.principal import Principal
from azscraper.tracking.alerts import wording
from azscraper.tracking.alerts.alerts import Alert, Draft
from azscraper.tracking.alerts.notices import Firing
from azscraper.tracking.alerts.previews import previews
from azscraper.tracking.alerts.previews.previews import Preview
from azscraper.tracking.alerts.rules import Condition, Rearm, What
from azscraper.tracking.alerts.timing import Digest, QuietHours
from azscraper.web.deps import Services
from azscraper.wire import alerts as wire
from azscraper.wire.alerts import (
    AlertChange,
    AlertOut,
    AlertPreview,
    ConditionIn,
    DigestIn,
    NewAlert,
    PreviewedNotice,
    QuietHoursIn,
    RearmIn,
    WhatIn,
)
from azscraper.wire.channels import NewChannel
from azscraper.words import AlertField

_WEEKDAYS = get_args(wire.Weekday)


def draft_of(body: NewAlert, language: str = "en") -> Draft:
    """The rule, without its channels; one without a name is called by its condition in the language. Raises InvalidInputError."""
    what = _what(body.what)
    when = tuple(condition_of(one, what) for one in body.when)
    draft = Draft(
        body.name or "",
        what,
        when,
        body.match,
        body.currency or currency_of(what),
        _rearm(body.rearm),
        _digest(body.digest),
        _quiet_hours(body.quiet_hours) if body.quiet_hours else None,
        note=body.note,
        enabled=body.enabled,
        expires_at=body.expires_at,
    )
    draft.require_sound()
    return draft if draft.name else replace(draft, name=wording.name(draft.when[0], draft.currency, language))


def changed(old: Draft, body: AlertChange) -> Draft:
    """The rule as it is after the change, its channels unchanged. Raises InvalidInputError."""
    what = _what(body.what) if body.what else old.what
    new = replace(
        old,
        what=what,
        when=tuple(condition_of(one, what) for one in body.when) if body.when else old.when,
        match=body.match or old.match,
        currency=body.currency or (old.currency if body.what is None else currency_of(what) or old.currency),
        name=body.name or old.name,
        enabled=old.enabled if body.enabled is None else body.enabled,
    )
    given = body.model_fields_set
    if body.rearm:
        new = replace(new, rearm=_rearm(body.rearm))
    if body.digest:
        new = replace(new, digest=_digest(body.digest))
    if "quiet_hours" in given:
        new = replace(new, quiet_hours=_quiet_hours(body.quiet_hours) if body.quiet_hours else None)
    if "expires_at" in given:
        new = replace(new, expires_at=body.expires_at)
    if "note" in given:
        new = replace(new, note=body.note)
    return new


def _what(body: WhatIn) -> What:
    hosts = tuple(dict.fromkeys(marketplaces.find(one).host for one in body.marketplaces))
    return What(
        tuple(dict.fromkeys(asin.upper() for asin in body.products)),
        body.list_id,
        body.tag,
        body.seller,
        spelling(body.keyword) if body.keyword else None,
        body.node,
        body.runs,
        body.schedule_id,
        hosts,
    )


def condition_of(body: ConditionIn, what: What) -> Condition:
    """The condition of a rule that watches this: a position in a node is a field of its own."""
    field = body.field
    if what.node and field == AlertField.POSITION:
        field = f"chart:best_sellers:{what.node}"
    value = body.value
    return Condition(field, body.op, Decimal(str(value)) if isinstance(value, float) else value, body.unit, body.days)


def currency_of(what: What) -> str | None:
    """That of the one marketplace that it watches."""
    return marketplaces.find(what.marketplaces[0]).currency if len(what.marketplaces) == 1 else None


def _rearm(body: RearmIn) -> Rearm:
    return Rearm(body.after, body.hours)


def _digest(body: DigestIn) -> Digest:
    _require_zone("digest.timezone", body.timezone)
    return Digest(body.every, time.fromisoformat(body.at), _WEEKDAYS.index(body.weekday), body.timezone)


def _quiet_hours(body: QuietHoursIn) -> QuietHours:
    _require_zone("quietHours.timezone", body.timezone)
    if body.begin == body.end:
        raise InvalidInputError.of("quietHours", "must not begin when they end")
    return QuietHours(time.fromisoformat(body.begin), time.fromisoformat(body.end), body.timezone)


def _require_zone(field: str, name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError.of(field, "is not a time zone, such as Europe/Berlin") from None


async def channel_ids(
    conn: Conn, services: Services, caller: Principal, project_id: str, names: Sequence[str]
) -> tuple[str, ...]:
    """The channels of these names, ids or addresses; an address that has none gets one, if a user asks.

    Raises InvalidInputError for ``channels``, and what making a channel raises.
    """
    return tuple(dict.fromkeys([await _channel_id(conn, services, caller, project_id, name) for name in names]))


async def _channel_id(conn: Conn, services: Services, caller: Principal, project_id: str, name: str) -> str:
    found = await channels.find_named(conn, caller, project_id, name)
    if found is not None:
        return found.id
    address = name.removeprefix(f"{EMAIL}:")
    if address == name or caller.user_id is None:
        raise InvalidInputError.of("channels", f"has no channel {name!r}; create it first")
    made = await create_channel(conn, services, caller, project_id, NewChannel.model_validate({"email": address}))
    return made.id


async def create_channel(
    conn: Conn, services: Services, caller: Principal, project_id: str, body: NewChannel
) -> Channel:
    """A new channel, with its first message on its way. Raises what making one raises."""
    place = place_of(body, services)
    made, first = await channels.create(
        conn,
        caller,
        project_id,
        name=body.name or (place.service.name if place.service else place.shown),
        place=place,
        language=body.language,
        keys=services.keys,
        now=services.clock(),
    )
    if first is not None:
        await log.add(conn, made.id, first, now=services.clock())
    return made


async def preview(services: Services, caller: Principal, project_id: str, draft: Draft) -> Preview:
    """What the rule would have told in the last 30 days. Raises NotFoundError, and RateLimitedError while two run."""
    with services.filters.taken(caller.organization_id):
        async with transaction(services.pool) as conn:
            stored = await previews.load(conn, caller, project_id, draft, now=services.clock())
        return await asyncio.to_thread(previews.judge, stored)


async def send_test(conn: Conn, services: Services, caller: Principal, alert: Alert) -> tuple[list[str], list[str]]:
    """Send a test message to the alert's channels; ids of those that get it, and of the others.

    Those that are off, or whose recipient has not agreed, get none; of more than may be tested in a minute only the first do. Raises
    ConflictError where none gets it, and RateLimitedError from the seventh message of a minute on.
    """
    found = [await channels.get(conn, caller, channel_id) for channel_id in alert.channels]
    sent = [one.id for one in found if one.takes_tests][: log.TESTS_A_MINUTE]
    if not sent:
        raise ConflictError("No channel of this alert can be sent to: they are off, or nobody has agreed")
    for channel_id in sent:
        await log.send_test(conn, caller, channel_id, now=services.clock())
    return sent, [one.id for one in found if one.id not in sent]


def preview_out(found: Preview) -> AlertPreview:
    """What it comes to, on the wire."""
    return AlertPreview.of(found, notices=[_previewed(one) for one in found.newest])


def _previewed(one: Firing) -> PreviewedNotice:
    told = {"text": wording.fired(one, "en"), "marketplace": one.marketplace or None, "reasons": list(one.reasons)}
    return PreviewedNotice.of(one, **told)


def out(alert: Alert, *, left_out: int | None = None) -> AlertOut:
    """The rule on the wire."""
    draft = alert.draft
    return AlertOut.of(
        alert,
        what=wire.What.of(draft.what, products=list(draft.what.products), marketplaces=list(draft.what.marketplaces)),
        when=[
            wire.Condition.of(one, value=float(one.value) if isinstance(one.value, Decimal) else one.value)
            for one in draft.when
        ],
        rearm=wire.Rearm.of(draft.rearm),
        digest=wire.Digest.of(draft.digest, at=f"{draft.digest.at:%H:%M}", weekday=_WEEKDAYS[draft.digest.weekday]),
        quiet_hours=None
        if draft.quiet_hours is None
        else wire.QuietHours.model_validate(
            {
                "from": f"{draft.quiet_hours.begin:%H:%M}",
                "to": f"{draft.quiet_hours.end:%H:%M}",
                "timezone": draft.quiet_hours.timezone,
            }
        ),
        channels=list(alert.channels),
        left_out=left_out,
    )


def place_of(body: NewChannel, services: Services) -> Place:
    """Where the channel leads. Raises InvalidInputError for ``url``, and ConflictError where there are no mails."""
    if body.url is not None:
        return Place(url=body.url, service=known.service_of(body.url, services.channel_hosts))
    if not services.sends_mail:
        raise ConflictError("This installation sends no e-mail; the operator can set AZSCRAPER_SMTP_URL")
    return Place(email=email_addresses.written(str(body.email)))
