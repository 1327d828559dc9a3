"""A list of what a schedule crawls, refreshed at the same times."""

from collections.abc import Sequence
from datetime import datetime

from azscraper.errors import InvalidInputError
from azscraper.store.db import Conn
from azscraper.tenants.principal import Principal
from azscraper.tracking import cron, schedules
from azscraper.tracking.lists import items, lists
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import Asked, ProductList
from azscraper.tracking.lists.refresh import DAYS, HOURS, Refresh
from azscraper.tracking.schedules import Schedule
from azscraper.wire.crawls import JobConfig
from azscraper.words import OnInvalid

_LONGEST_NAME = 120
_USUAL = "www.amazon.com"


async def make(conn: Conn, principal: Principal, schedule_id: str, *, now: datetime) -> ProductList:
    """Make a list of the schedule's targets and options, and switch the schedule off: the list crawls them from now on.

    A schedule that was off makes a list without a refresh. Raises NotFoundError, ConflictError for an archived project or
    the 101st list, and InvalidInputError for targets that are none (any more), unless the schedule leaves those out.
    """
    one = await schedules.get(conn, principal, schedule_id)
    made = await lists.create(conn, principal, one.project_id, _asked(one), now=now)
    await items.put(conn, principal, made.id, items.check(made, _items(made, one)))
    if one.enabled:
        await schedules.change(
            conn, principal, schedule_id, cron=None, timezone=None, enabled=False, crawl=None, now=now
        )
    return await lists.get(conn, principal, made.id)


def _asked(one: Schedule) -> Asked:
    config = dict(one.config.as_sent)
    host = config.pop("marketplace", None) or _USUAL
    name = one.name or ", ".join(one.targets[:3])[:_LONGEST_NAME]
    when = in_words(one.cron, one.timezone) if one.enabled else None
    return Asked(name, one.type, [str(host)], JobConfig.of_json(config), when)


def _items(made: ProductList, one: Schedule) -> list[NewItem]:
    new = [NewItem(target) for target in one.targets]
    return [item for item in new if _is_target(made, item)] if one.on_invalid is OnInvalid.SKIP else new


def _is_target(made: ProductList, item: NewItem) -> bool:
    try:
        items.check(made, [item])
    except InvalidInputError:
        return False
    return True


def in_words(expression: str, timezone: str) -> Refresh:
    """The same times in words of people where these say it: ``0 8 * * 1-5`` is every day at 08:00, on weekdays."""
    fields = cron.values(expression)
    for refresh in _candidates(fields, timezone):
        if cron.values(refresh.expression) == fields:
            return refresh
    return Refresh(cron=expression, timezone=timezone)


def _candidates(fields: Sequence[Sequence[int | str]], timezone: str) -> list[Refresh]:
    minutes, hours, _, _, days = fields
    names = tuple(name for number, name in enumerate(DAYS, 1) if number % 7 in days)
    if len(minutes) > 1 or "*" in minutes:
        return []
    if len(hours) == 1 and "*" not in hours:
        at = f"{hours[0]:02}:{minutes[0]:02}"
        return [Refresh("day", at, names, None, timezone), Refresh("month", at, (), None, timezone)]
    steps = [f"{step} hours" if step > 1 else "hour" for step in HOURS]
    first = 0 if "*" in hours else hours[0]
    return [Refresh(every, f"{first:02}:{minutes[0]:02}", names, None, timezone) for every in steps]
