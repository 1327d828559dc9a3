"""When what fired is sent: at once, or in a digest, and not in quiet hours. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from azscraper.words import AlertEvery as Every


@dataclass(frozen=True, slots=True)
class Digest:
    """All that fired since the last one, in one message."""

    every: Every = Every.AT_ONCE
    at: time = time(8)
    """Of DAILY and WEEKLY, on the clocks of the zone."""
    weekday: int = 0
    """Of WEEKLY; Monday is 0."""
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of each day in which nothing is sent; ``begin`` may lie behind ``end``, over midnight."""

    begin: time
    end: time
    timezone: str = "UTC"


def due(fired_at: datetime, digest: Digest, quiet: QuietHours | None) -> datetime:
    """When what fired then is sent; never before that."""
    at = _next(fired_at, digest)
    return at if quiet is None else _after(at, quiet)


def _next(moment: datetime, digest: Digest) -> datetime:
    match digest.every:
        case Every.AT_ONCE:
            return moment
        case Every.HOURLY:
            return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        case Every.DAILY:
            return _next_at(moment, digest.at, digest.timezone)
        case Every.WEEKLY:
            return _next_at(moment, digest.at, digest.timezone, weekday=digest.weekday)


def _next_at(moment: datetime, at: time, timezone: str, *, weekday: int | None = None) -> datetime:
    zone = ZoneInfo(timezone)
    day = moment.astimezone(zone).date()
    while True:
        found = _moment(day, at, zone, moment)
        if found > moment and weekday in {None, day.weekday()}:
            return found
        day += timedelta(days=1)


def _moment(day: date, at: time, zone: ZoneInfo, like: datetime) -> datetime:
    """A time that clocks skip is the one after the gap."""
    return datetime.combine(day, at, zone).astimezone(like.tzinfo)


def _after(moment: datetime, quiet: QuietHours) -> datetime:
    zone = ZoneInfo(quiet.timezone)
    local = moment.astimezone(zone)
    if not _is_quiet(local.time(), quiet):
        return moment
    day = local.date() if local.time() < quiet.end else local.date() + timedelta(days=1)
    return max(moment, _moment(day, quiet.end, zone, moment))


def _is_quiet(at: time, quiet: QuietHours) -> bool:
    if quiet.begin <= quiet.end:
        return quiet.begin <= at < quiet.end
    return at >= quiet.begin or at < quiet.end
