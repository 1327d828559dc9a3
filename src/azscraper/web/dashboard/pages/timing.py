"""When something is checked, as forms say it and as pages show it: the next runs, and a week at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from starlette.datastructures import FormData

from azscraper.errors import CallerError, InvalidInputError
from azscraper.tracking import cron
from azscraper.tracking.lists import refresh
from azscraper.tracking.lists.refresh import Refresh
from azscraper.web.dashboard.forms import text, texts

_RUNS = 5
_WEEK = timedelta(days=7)
_MOST_OF_WEEK = 200
"""Of what runs more often, the picture is full anyway."""
_MONTH = timedelta(days=30)
_OFTEN = 14
"""From so many runs a week on, a month is told from the week."""
_YEARS = timedelta(days=36500)
_DAY_MINUTES = 24 * 60


def read(form: FormData) -> dict[str, Any] | None:
    """What a form says, as the API would; None of what is checked by hand alone. Raises InvalidInputError for a day that is none."""
    zone = text(form, "timezone") or "UTC"
    mode, every = text(form, "mode"), text(form, "every")
    ends = {"until": _end_of(day, zone)} if (day := text(form, "until")) else {}
    if mode == "hand" or (not mode and not every):
        return None
    if "cron" in (mode, every):
        return {"cron": text(form, "cron"), "timezone": zone, **ends}
    every = {"days": "day", "hours": text(form, "hours"), "month": "month"}.get(mode, every)
    days = [] if every == "month" or set(texts(form, "weekdays")) >= set(refresh.DAYS) else texts(form, "weekdays")
    at = None if mode == "hours" else text(form, "at") or None
    return {"every": every, "at": at, "weekdays": days, "timezone": zone, **ends}


def _end_of(day: str, zone: str) -> datetime:
    """The end of that day there."""
    try:
        found = date.fromisoformat(day)
    except ValueError as exc:
        raise InvalidInputError.of("until", "is not a day such as 2026-12-31") from exc
    return datetime.combine(found + timedelta(days=1), time(), cron.zone(zone)).astimezone(UTC)


def refresh_of(said: dict[str, Any]) -> Refresh:
    """The value behind what a form says."""
    return Refresh(**said | {"weekdays": tuple(said.get("weekdays", ()))})


@dataclass(frozen=True, slots=True)
class Week:
    """Which minutes of its days something runs at; of a week, Monday first."""

    days: Sequence[Sequence[int]]

    @property
    def marks(self) -> list[list[float]]:
        """Of each day, how much of it has passed: percent."""
        return [[round(100 * minute / _DAY_MINUTES, 2) for minute in day] for day in self.days]


def shown(when: Refresh | None, now: datetime) -> dict[str, Any]:
    """What pages say of it; ``problem`` is what is wrong with it, else None."""
    empty: dict[str, Any] = {"runs": [], "week": Week([[] for _ in refresh.DAYS]), "in_month": 0, "problem": None}
    if when is None:
        return empty | {"cron": "", "timezone": "UTC", "when": None}
    try:
        expression = when.expression
        said = {"cron": expression, "timezone": when.timezone, "when": _in_words(when, expression)}
        return empty | said | _runs(expression, when, now)
    except CallerError as error:
        return empty | {"cron": when.cron or "", "timezone": when.timezone, "when": None, "problem": error.details[0]}


def _in_words(when: Refresh, expression: str) -> Refresh | None:
    return refresh.of_cron(expression, when.timezone) if when.cron else when


def _runs(expression: str, when: Refresh, now: datetime) -> dict[str, Any]:
    last = when.until or now + _YEARS
    week = _week(expression, when.timezone, now)
    a_week = sum(map(len, week.days))
    if a_week < _OFTEN:
        in_month = len(
            cron.runs_until(expression, when.timezone, after=now, until=now + _MONTH, most=2 * _MOST_OF_WEEK)
        )
    else:
        in_month = round(a_week * _MONTH / _WEEK)
    runs = cron.next_runs(expression, when.timezone, after=now, count=_RUNS)
    return {"runs": [each for each in runs if each <= last], "week": week, "in_month": in_month}


def _week(expression: str, timezone: str, now: datetime) -> Week:
    """The next whole week."""
    zone = cron.zone(timezone)
    here = now.astimezone(zone)
    monday = datetime.combine(here.date() + timedelta(days=7 - here.weekday()), time(), zone)
    before, end = monday - timedelta(seconds=1), monday + _WEEK - timedelta(seconds=1)
    days: list[list[int]] = [[] for _ in refresh.DAYS]
    for run in cron.runs_until(expression, timezone, after=before, until=end, most=_MOST_OF_WEEK):
        each = run.astimezone(zone)
        days[each.weekday()].append(each.hour * 60 + each.minute)
    return Week(days)
