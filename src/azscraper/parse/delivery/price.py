"""What a line of a delivery promise costs, in every language: free for all, or for members alone."""

import re
from functools import lru_cache

from azscraper.marketplaces import alternatives, folded, phrase_pattern
from azscraper.parse.remembered import remembered
from azscraper.parse.stock import says

_BETWEEN = r"[^.!?|\d]{0,24}?"
_MEMBERS = phrase_pattern("members")
_OTHERS = phrase_pattern("not_members")


@remembered
def is_free(line: str, language: str) -> bool:
    """Whether a line says that delivery costs nothing, to whomever: a phrase of the language, or "free" close to a way to deliver."""
    return says(line, language, "free_delivery") or _free_carriage(language).search(folded(line)) is not None


@remembered
def is_for_members(line: str) -> bool:
    """Whether a line speaks to members of Prime alone: what they pay is nobody else's price."""
    lower = folded(line)
    return _MEMBERS.search(lower) is not None and _OTHERS.search(lower) is None


@lru_cache(maxsize=64)
def _free_carriage(language: str) -> re.Pattern[str]:
    """Of the language alone: Swedish "fri" is Friday in English."""
    free, carriage = alternatives("free", language), alternatives("carriage", language)
    return re.compile(f"{free}{_BETWEEN}{carriage}|{carriage}{_BETWEEN}{free}")
