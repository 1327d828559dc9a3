"""When a schedule runs: five cron fields read in a time zone, with the days on which clocks change. Pure.

The rules for daylight saving, which differ between crons, are these:

- Fields are compared with the clock on the wall of the zone.
- A time that the clock skips runs at the next valid instant, the end of the gap. Several skipped times, and a time that
  stands at the end of the gap anyway, run there once, together.
- A time that the clock shows twice runs once, the first time it shows it. So ``*/30 * * * *`` rests for the hour that is
  shown again.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, available_timezones

from croniter import CroniterBadCronError, CroniterBadDateError, croniter

from azscraper.errors import InvalidInputError

WORDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
"""What crontab(5) has beside five fields, less ``@reboot``."""
_FIELDS = 5
_RANGES = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 7),
)
_FIELD = re.compile(r"[0-9A-Za-z*,/#-]+", re.ASCII)
_RANDOM = re.compile(r"(?<![a-z])[hr](?![a-z])", re.IGNORECASE)
"""The library's "any value" letters: they would draw another time at each look."""
_SECOND = timedelta(seconds=1)


def next_runs(expression: str, timezone: str, *, after: datetime, count: int) -> list[datetime]:
    """The next ``count`` instants, in UTC and ascending, strictly later than the aware ``after``.

    ``expression`` has the five fields of crontab(5) (minute, hour, day of month, month, day of week; names of months
    and days, ``*``, lists, ranges, steps, ``L`` and ``#``) or is one of ``WORDS``. Where both day fields are given, a
    day that fits either will do, as in crontab(5). ``timezone`` is an IANA name. Raises InvalidInputError naming
    ``cron`` or ``timezone``, also for a date that never comes (31 February).
    """
    return _listed(expression, timezone, after, lambda instants: islice(instants, count))


def runs_until(expression: str, timezone: str, *, after: datetime, until: datetime, most: int) -> list[datetime]:
    """As ``next_runs``: those not later than ``until``, at most so many."""
    return _listed(
        expression, timezone, after, lambda instants: islice(takewhile(lambda each: each <= until, instants), most)
    )


def _listed(
    expression: str, timezone: str, after: datetime, chosen: Callable[[Iterator[datetime]], Iterator[datetime]]
) -> list[datetime]:
    fields, place = _checked(expression), zone(timezone)
    try:
        return list(chosen(_instants(fields, place, after.astimezone(UTC))))
    except CroniterBadDateError as exc:
        raise InvalidInputError.of("cron", "never comes") from exc
    except CroniterBadCronError as exc:
        raise InvalidInputError.of("cron", _beyond(fields) or "is not a cron expression") from exc


def _beyond(fields: str) -> str | None:
    """Which field is out of its range, if one is, and what the range is."""
    for place, (field, (name, least, most)) in enumerate(zip(fields.split(), _RANGES, strict=True)):
        try:
            croniter.expand(" ".join(["*"] * place + [field] + ["*"] * (_FIELDS - place - 1)))
        except CroniterBadCronError as exc:
            if any(words in str(exc) for words in ("out of range", "out of bands")):
                return f"has {field!r} for the {name}, which goes from {least} to {most}"
    return None


def values(expression: str) -> list[list[int | str]]:
    """What each field of a sound expression means: minutes, hours, days, months and weekdays from 0 for Sunday; ``*`` is all.

    Weekdays that are counted within the month (``L5``, ``5#1``) stay as they are written.
    """
    fields = _checked(expression)
    found, counted = croniter.expand(fields)
    return [*found[:-1], [fields.split()[-1]]] if counted else list(found)


def _checked(expression: str) -> str:
    text = expression.strip()
    if text.startswith("@"):
        if text.lower() not in WORDS:
            raise InvalidInputError.of("cron", f"is not one of {', '.join(WORDS)}")
        return WORDS[text.lower()]
    fields = text.split()
    if len(fields) != _FIELDS:
        raise InvalidInputError.of(
            "cron",
            f"has {len(fields)} fields; write 5 (minute, hour, day of month, month, day of week), for example 0 8 * * *",
        )
    bad = next((field for field in fields if not _FIELD.fullmatch(field) or _RANDOM.search(field)), None)
    if bad is not None:
        raise InvalidInputError.of("cron", f"{bad!r} is not a cron field")
    return " ".join(fields)


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises InvalidInputError."""
    if name not in _zone_names():
        raise InvalidInputError.of("timezone", "is not an IANA time zone such as Europe/Berlin")
    return ZoneInfo(name)


@cache
def _zone_names() -> set[str]:
    # Asking for any name at all would let one lead out of the folder of zones.
    return available_timezones()


def _instants(fields: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    # The library counts on a clock that never changes; what the zone's clock makes of its times is decided here.
    clock = croniter(fields, after.astimezone(zone).replace(tzinfo=UTC))
    last = after
    while True:
        instant = _instant(clock.get_next(datetime), zone)
        if instant > last:
            last = instant
            yield instant


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the zone's clock first shows this time, or the end of the gap that it falls into."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=UTC) == wall:
        return instant
    return _gap_end(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), instant, zone)


def _gap_end(before: datetime, behind: datetime, zone: ZoneInfo) -> datetime:
    """The first second of the new offset, which lies in ``(before, behind]`` (PEP 495: fold in a gap)."""
    offset = behind.astimezone(zone).utcoffset()
    while behind - before > _SECOND:
        middle = before + ((behind - before) // 2 // _SECOND) * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            behind = middle
        else:
            before = middle
    return behind
