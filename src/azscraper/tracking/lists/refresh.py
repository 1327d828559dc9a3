"""When a list refreshes itself: in words of people, or as a cron expression. Pure."""

import re
from dataclasses import dataclass
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
