"""What an entry of the audit says beside who did what: its details as short facts in words, in the reader's language."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from azscraper.errors import InvalidInputError
from azscraper.kinds.registry import types
from azscraper.tenants.audit import Entry
from azscraper.tracking.lists.lists import read_refresh
from azscraper.web.dashboard.language import Words
from azscraper.web.dashboard.language import marked as _
from azscraper.web.dashboard.render import place_code

Say = Callable[[str], str]

_LABELS = {
    "name": _("Name"),
    "type": _("Kind"),
    "targets": _("Targets"),
    "marketplaces": _("Marketplaces"),
    "refresh": _("Check"),
    "cron": _("When"),
    "timezone": _("Time zone"),
    "enabled": _("Switched on"),
    "disabled": _("Switched off"),
    "archived": _("Archived"),
    "deleted": _("Deleted"),
    "suspended": _("Suspended"),
    "url": _("Address"),
    "shown": _("Address"),
    "address": _("Address"),
    "email": _("E-mail address"),
    "events": _("Events"),
    "keyHint": _("Key ends in"),
    "tags": _("Tags"),
    "tag": _("Tag"),
    "markedAs": _("Marked as"),
    "targetPrice": _("Target price"),
    "currency": _("Currency"),
    "products": _("Products"),
    "added": _("Added"),
    "changed": _("Changed"),
    "removed": _("Removed"),
    "format": _("Format"),
    "count": _("Number"),
    "amount": _("Credits"),
    "balance": _("Balance"),
    "note": _("Note"),
    "plan": _("Plan"),
    "role": _("Role"),
    "reason": _("Reason"),
    "status": _("Status"),
    "expiresAt": _("Expires"),
    "sessionsEnded": _("All sessions ended"),
    "language": _("Language"),
    "priceChangePercent": _("Price, percent"),
    "ratingChange": _("Rating, stars"),
    "ownSellers": _("Seller names"),
    "jobs_per_month": _("Jobs a month"),
    "targets_per_month": _("Targets a month"),
    "exports_per_month": _("Exports a month"),
    "concurrency": _("Targets in work at a time"),
    "weight": _("Weight"),
    "uses_credits": _("Jobs cost credits"),
    "onlyFailed": _("Only what failed"),
    "cached": _("From kept pages"),
}
"""Details without one are for programs: ids, and options that the object's own page shows."""
_BY = {
    "handoff": _("with a one-time code"),
    "set-up link": _("with the set-up link"),
    "operator": _("by the operator of the server"),
}
_STATUS = {"queued": _("Queued"), "running": _("Running"), "completed": _("Completed"), "cancelled": _("Cancelled")}


def name_of(entry: Entry) -> str:
    """What the object was called; empty where the entry does not say."""
    details = entry.details or {}
    said = [details.get("after"), details.get("before"), details]
    return next((str(one["name"]) for one in said if isinstance(one, Mapping) and one.get("name")), "")


def facts(entry: Entry, words: Words, say: Say) -> list[str]:
    """``Marketplaces: US, DE``; of a change how it was and how it is. What it has no words for is left out."""
    details = dict(entry.details or {})
    before, after = (details.pop(name, None) for name in ("before", "after"))
    found = [say(_BY[details["by"]])] if details.get("by") in _BY else []
    found += [_fact(name, value, words, say) for name, value in details.items()]
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        found += [_change(name, before.get(name), value, words, say) for name, value in after.items()]
    elif isinstance(after, Mapping):
        found += [_fact(name, value, words, say) for name, value in after.items() if name != "name"]
    return [one for one in found if one]


def _fact(name: str, value: Any, words: Words, say: Say) -> str:
    told = _value(name, value, words, say)
    if name not in _LABELS or not told:
        return ""
    return say(_LABELS[name]) if value is True else f"{say(_LABELS[name])}: {told}"


def _change(name: str, before: Any, after: Any, words: Words, say: Say) -> str:
    if name not in _LABELS:
        return ""
    was, told = (_value(name, value, words, say) or "–" for value in (before, after))
    return f"{say(_LABELS[name])}: {was} → {told}"


_MARKS = {"mine": _("Mine"), "competitor": _("Competitor")}


def _value(name: str, value: Any, words: Words, say: Say) -> str:
    match name:
        case "type" if value in types():
            told = say(types()[value].label)
        case "refresh" if isinstance(value, Mapping):
            told = _refresh(value, words)
        case "events" if isinstance(value, list):
            told = words.number(len(value))
        case "markedAs":
            told = say(_MARKS.get(str(value), _("Neither")))
        case "status":
            told = say(_STATUS.get(str(value), str(value)))
        case "cron" if value:
            told = words.cron(str(value))
        case "expiresAt" if (at := words.moment(value)) is not None:
            told = words.whole_day(at)
        case _:
            told = _plain(value, words, say)
    return told


def _refresh(value: Mapping[str, Any], words: Words) -> str:
    with suppress(InvalidInputError):
        when = read_refresh(value)
        return f"{words.cron(when.expression)} ({when.timezone})"
    return ""


def _plain(value: Any, words: Words, say: Say) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return say(_("yes")) if value else say(_("no"))
        case int() | float():
            return words.number(value)
        case list():
            return ", ".join(place_code(str(one)) for one in value if not isinstance(one, list | dict))
        case dict():
            return ""
    return str(value)
