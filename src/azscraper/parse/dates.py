"""Dates as Amazon prints them, in every language, to ISO 8601."""

import re
from datetime import date

from azscraper.marketplaces import all_phrases
from azscraper.parse.remembered import remembered
from azscraper.parse.values import plain_digits

_MONTHS: dict[str, int] = {
    name: number
    for phrases in all_phrases().values()
    for number, names in enumerate(phrases.months, start=1)
    for name in names.split("/")
}
_LETTER = r"(?:[^\W\d_]|[\u0900-\u0963])"
"""Vowels of Devanagari are signs at a letter."""
_EAST = re.compile(r"(\d{4})\s?[年년/.-]\s?(\d{1,2})\s?[月월/.-]\s?(\d{1,2})")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s(?:de\s|of\s)?({_LETTER}{{3,12}})[.,]?\s(?:de\s|del\s)?(\d{{4}})"
)
_MONTH_FIRST = re.compile(rf"({_LETTER}{{3,12}})[.,]?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s(\d{{4}})")
_LONGEST_PREFIX = 8
_HEBREW_IN = "ב"  # "4 במרץ" is written in one word


@remembered
def iso_date(text: str) -> str | None:
    """The first whole date of a text as ``YYYY-MM-DD``; None without one, or when day and month cannot be told apart."""
    plain = plain_digits(text)
    match = _EAST.search(plain)
    if match:
        return _iso(match[1], int(match[2]), match[3])
    match = _DAY_FIRST.search(plain)
    if match and month_of(match[2]):
        return _iso(match[3], month_of(match[2]), match[1])
    match = _MONTH_FIRST.search(plain)
    if match and month_of(match[1]):
        return _iso(match[3], month_of(match[1]), match[2])
    match = _NUMERIC.search(plain)
    if match and (int(match[1]) > 12 or match[1] == match[2] or "." in match[0]):  # noqa: PLR2004 - months of a year
        return _iso(match[3], int(match[2]), match[1])
    return None


def month_of(word: str) -> int:
    """1 to 12; 0 for a word that names no month in any language."""
    folded = word.lower().removeprefix(_HEBREW_IN)
    for length in range(min(len(folded), _LONGEST_PREFIX), 1, -1):
        if folded[:length] in _MONTHS:
            return _MONTHS[folded[:length]]
    return 0


def _iso(year: str, month: int, day: str) -> str | None:
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError:
        return None
