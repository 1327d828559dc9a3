"""When a list refreshes itself: in words of people, or as a cron expression. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from azscraper.errors import InvalidInputError
from azscraper.tracking.cron import next_runs

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = (1, 2, 3, 4, 6, 8, 12)
"""Parts of a day: others would begin anew at each midnight."""
EVERY = ("hour", *(f"{hours} hours" for hours in HOURS if hours > 1), "day", "week", "month")
_AT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_USUAL = "06:00"


@dataclass(frozen=True, slots=True)
class Refresh:
    """When: ``every`` with ``at`` and ``weekdays``, or ``cron``."""

    every: str | None = None
    """One of ``EVERY``."""
    at: str | None = None
    """Time of the day, ``08:00``: of days, weeks and months when it runs, of hours when the first of a day does."""
    weekdays: tuple[str, ...] = ()
    """Only on these; all where empty, of a week Monday."""
    cron: str | None = None
    timezone: str = "UTC"
    until: datetime | None = None
    """Never after this time."""

    @property
    def expression(self) -> str:
        """Five fields of cron. Raises InvalidInputError for what can't be read or does not go together."""
        if (self.every is None) == (self.cron is None):
            raise InvalidInputError.of("refresh", "takes one of every and cron")
        if self.cron is not None:
            if self.at is not None or self.weekdays:
                raise InvalidInputError.of("refresh.cron", "says the times itself: leave out at and weekdays")
            return self.cron
        if self.every not in EVERY:
            raise InvalidInputError.of("refresh.every", f"is one of {', '.join(EVERY)}")
        hour, minute = _time_of_day(self.at or ("00:00" if "hour" in self.every else _USUAL))
        return _fields(self.every, hour, minute, _days(self.weekdays))

    def next_run(self, after: datetime) -> datetime | None:
        """The next run later than that; None where there is none until the end. Raises InvalidInputError."""
        following = next_runs(self.expression, self.timezone, after=after, count=1)[0]
        return None if self.until is not None and following > self.until else following


def _time_of_day(text: str) -> tuple[int, int]:
    found = _AT.fullmatch(text)
    if found is None:
        raise InvalidInputError.of("refresh.at", "is a time of the day such as 08:00")
    return int(found[1]), int(found[2])


def _days(names: tuple[str, ...]) -> str:
    for name in names:
        if name not in DAYS:
            raise InvalidInputError.of("refresh.weekdays", f"{name[:10]!r} is not one of {', '.join(DAYS)}")
    return ",".join(name for name in DAYS if name in names) or "*"


def _fields(every: str, hour: int, minute: int, days: str) -> str:
    if every == "day":
        return f"{minute} {hour} * * {days}"
    if every == "week":
        return f"{minute} {hour} * * {'mon' if days == '*' else days}"
    if every == "month":
        if days != "*":
            raise InvalidInputError.of("refresh.weekdays", "do not go with every month")
        return f"{minute} {hour} 1 * *"
    step = int(every.partition(" ")[0]) if every != "hour" else 1
    hours = ",".join(str(each) for each in range(hour % step, 24, step)) if step > 1 else "*"
    return f"{minute} {hours} * * {days}"


def of_cron(expression: str, timezone: str = "UTC") -> Refresh | None:
    """In words of people, what comes to the same runs; None for what they have no words for."""
    fields = expression.lower().split()
    days = _days_of(fields[4]) if len(fields) == _CRON_FIELDS else None
    if days is None or not fields[0].isdecimal():
        return None
    hours = "0" if not fields[1].isdecimal() else fields[1]
    at = f"{int(hours):02}:{int(fields[0]):02}"
    candidates = [Refresh(every, at if every != "hour" else f"00:{at[3:]}", days) for every in (*_BY_DAY, *_BY_HOUR)]
    wanted = [*fields[:4], ",".join(days) or "*"]
    found = next((one for one in candidates if _is(one, wanted)), None)
    if found is not None and found.every == "day" and len(days) == 1:
        found = replace(found, every="week")
    return replace(found, timezone=timezone) if found else None


_CRON_FIELDS = 5
_BY_DAY = ("day", "month")
_BY_HOUR = tuple(every for every in EVERY if "hour" in every)


def _days_of(field: str) -> tuple[str, ...] | None:
    """``1-5`` as names; all of them are none."""
    if field == "*":
        return ()
    found = set()
    for part in field.split(","):
        first, _, last = part.partition("-")
        place, end = _place(first), _place(last or first)
        if place is None or end is None or end < place:
            return None
        found |= set(range(place, end + 1))
    return tuple(name for place, name in enumerate(DAYS, 1) if place in found)


def _place(day: str) -> int | None:
    """1 of Monday to 7 of Sunday."""
    if day in DAYS:
        return DAYS.index(day) + 1
    return (int(day) or 7) if day in set("01234567") else None


def _is(one: Refresh, wanted: list[str]) -> bool:
    try:
        fields = one.expression.split()
    except InvalidInputError:
        return False
    step = wanted[1].removeprefix("*/")
    hours = (
        ",".join(str(hour) for hour in range(0, 24, int(step)))
        if wanted[1] != step and step.isdecimal() and int(step)
        else wanted[1]
    )
    return fields == [wanted[0], hours, *wanted[2:]]
