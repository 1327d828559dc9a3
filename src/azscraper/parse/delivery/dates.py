"""The days that a delivery promise names, in every language: "FREE delivery Friday, Sep 3", "17 January - 7 February".

Promises print no year. It follows from the day on which the page was fetched; where nobody knows that, from the moment that
the page's scripts carry; without either from the year of the page's copyright line, or the next one where the printed weekday says so; January and February need a weekday,
or to be today or tomorrow, which are of the page's own year but for the first of January.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from azscraper.marketplaces import Phrases, alternatives, phrases_for
from azscraper.parse.dates import month_of
from azscraper.parse.remembered import remembered
from azscraper.parse.served import Served
from azscraper.parse.values import plain_digits

_WORD = r"[^\W\d_]{3,12}"
_TO = rf"\s?(?:[-–—~～]|{alternatives('until')})\s?(?:(?:el|le|il|den|dem|der)\s)?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º)?\.?"
_MONTH_FIRST = re.compile(rf"(?<!\w)({_WORD})\.?\s{_DAY}(?:{_TO}{_DAY}(?![\d:]))?(?![\d:])")
_DAY_FIRST = re.compile(rf"(?<![\d.,])(?:{_DAY}{_TO})?{_DAY}\s(?:de\s|d')?({_WORD})")
_JOINED = re.compile(rf"[.,]?{_TO}.{{0,14}}")  # "Wed, 4 March - Mon, 9 March"
_EAST = re.compile(r"(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일](?:[^\d月]{0,8}?[-–~～]\s?(\d{1,2})\s?[日일])?")
_HOURS = re.compile(rf"\s*\d+\s?{alternatives('hours')}")  # "entro 20 ore" says until when to order
_DASH = re.compile("[-–~～]")
_BEHIND = re.compile(rf"\W{{1,3}}(\d|{_WORD})")
_IDEOGRAPHS = "\u3000"
_SOON = 60  # days: a promise is not older than its page
_EARLY = 2  # January and February may be the next year's


class _Day(NamedTuple):
    month: int
    day: int
    weekday: int | None
    is_near: bool = False
    """Today or tomorrow."""


@remembered
def delivery_days(text: str, language: str, served: Served) -> tuple[str | None, str | None]:
    """First and last day of a promise as ``YYYY-MM-DD``; both None without a day, or without a way to know its year.

    Of "get it by Friday, Sep 3" only the last day is known.
    """
    plain, words = plain_digits(text).lower(), phrases_for(language)[0]
    found = _dated(_days(plain, words), served)
    if not found and served.day is not None:
        found = _relative(plain, words, served.day)
    if not found or found[0] > found[-1]:
        return None, None
    last = found[1] if len(found) > 1 else found[0]
    by = len(found) == 1 and any(_names_a_day(plain, phrase) for phrase in words.not_later)
    return None if by else found[0].isoformat(), last.isoformat()


def _names_a_day(plain: str, phrase: str) -> bool:
    place = plain.find(phrase)
    return place >= 0 and not _HOURS.match(plain, place + len(phrase))


def _days(plain: str, words: Phrases) -> list[_Day]:
    """The first day of a text, and the second of a range."""
    east = _EAST.search(plain)
    if east:
        return _eastern(plain, east, words)
    dated = _western(plain, words)
    pairs, beside = _first_days(plain, dated), _without(plain, dated)
    first = [_Day(month, int(day), _weekday(beside, words), _says_near(plain, words)) for month, day in pairs[:1]]
    return first + [_Day(month, int(day), None) for month, day in pairs[1:2]]


def _eastern(plain: str, first: re.Match[str], words: Phrases) -> list[_Day]:
    """The weekday of the second day stands behind the dash that joins the days, if the first one has none."""
    later = _EAST.search(plain, first.end()) if not first[3] else None
    if later and later.start() - first.end() > len("(火曜日) ~ "):
        later = None
    between, _, behind = _DASH.sub("-", plain[first.end() : later.start()]).partition("-") if later else ("", "", "")
    ends = [(first[1], first[3])] if first[3] else [(later[1], later[2])] if later else []
    own = plain[: first.end()] + (between if later else plain[first.end() :])
    opening = _Day(int(first[1]), int(first[2]), _weekday(own, words), _says_near(plain, words))
    return [opening, *(_Day(int(month), int(day), _weekday(behind, words)) for month, day in ends)]


def _western(plain: str, words: Phrases) -> list[tuple[re.Match[str], list[tuple[int, str]]]]:
    """Where months with days stand; the month stands first in English alone, where no weekday is spelt like a month."""
    found = [(match, month_of(match[3]), (match[1], match[2])) for match in _DAY_FIRST.finditer(plain)]
    if words.language == "en" and not any(month for _, month, _ in found):
        found = [(match, month_of(match[1]), (match[2], match[3])) for match in _MONTH_FIRST.finditer(plain)]
    return [(match, [(month, day) for day in days if day]) for match, month, days in found if month]


def _first_days(plain: str, dated: list[tuple[re.Match[str], list[tuple[int, str]]]]) -> list[tuple[int, str]]:
    """The days that stand first, with those of a range that goes on in another month."""
    if not dated:
        return []
    first, days = dated[0]
    joined = len(dated) > 1 and _JOINED.fullmatch(plain, first.end(), dated[1][0].start())
    return days + dated[1][1] if joined else days


def _without(plain: str, dated: list[tuple[re.Match[str], list[tuple[int, str]]]]) -> str:
    """The words beside the days: "mars" is March, "mar" a Tuesday."""
    for match, _ in reversed(dated):
        plain = f"{plain[: match.start()]} {plain[match.end() :]}"
    return plain


def _weekday(plain: str, words: Phrases) -> int | None:
    places = [(place, number) for number, name in enumerate(words.weekdays) if (place := _at(plain, name)) >= 0]
    return min(places)[1] if places else None


def _says_near(plain: str, words: Phrases) -> bool:
    """Whether today or tomorrow stands right before a date: "order today" is no day of delivery."""
    places = [plain.find(phrase) + len(phrase) for phrase in (*words.today, *words.tomorrow) if phrase in plain]
    behind = (_BEHIND.match(plain, place) for place in places)
    return any(match and (match[1].isdigit() or month_of(match[1])) for match in behind)


def _at(plain: str, name: str) -> int:
    """Where a word begins; Chinese and Japanese have no spaces before one."""
    if name >= _IDEOGRAPHS:
        return plain.find(name)
    match = re.search(rf"(?<!\w){re.escape(name)}", plain)
    return match.start() if match else -1


def _dated(days: list[_Day], served: Served) -> list[date]:
    """The days with their years; of a range whose one end is sure the other follows from it. Empty where none is sure."""
    found = [_resolved(one, served) for one in days]
    if len(found) == 2 and None in found:  # noqa: PLR2004 - both ends of a range
        sure = next(filter(None, found), None)
        shift = int((days[0].month, days[0].day) > (days[1].month, days[1].day))
        if sure is not None:
            found = (
                [_date(sure.year - shift, days[0]), sure]
                if found[0] is None
                else [sure, _date(sure.year + shift, days[1])]
            )
    return [one for one in found if one] if all(found) else []


def _resolved(day: _Day, served: Served) -> date | None:
    made = served.day or served.near
    if made is not None:
        oldest = made - timedelta(days=_SOON)
        choices = [_date(made.year + shift, day) for shift in (-1, 0, 1)]
        return next((one for one in choices if one and one >= oldest), None)
    return None if served.year is None else _by_weekday(day, served.year)


def _by_weekday(day: _Day, year: int) -> date | None:
    """In the copyright line's year or the next one, whichever has the printed weekday; some sites' lines are a year behind."""
    choices = [one for shift in (0, 1) if (one := _date(year + shift, day))]
    if day.weekday is None:
        is_own = day.is_near and (day.month, day.day) != (1, 1)
        return choices[0] if choices and (is_own or day.month > _EARLY) else None
    fitting = [one for one in choices if one.weekday() == day.weekday]
    return fitting[0] if len(fitting) == 1 else None


def _relative(plain: str, words: Phrases, fetched: date) -> list[date]:
    """Tomorrow, today, and a weekday alone, which is the coming one."""
    if any(phrase in plain for phrase in words.tomorrow):
        return [fetched + timedelta(days=1)]
    if any(phrase in plain for phrase in words.today):
        return [fetched]
    weekday = _weekday(plain, words)
    return [] if weekday is None else [fetched + timedelta(days=(weekday - fetched.weekday() - 1) % 7 + 1)]


def _date(year: int, day: _Day) -> date | None:
    try:
        return date(year, day.month, day.day)
    except ValueError:
        return None
