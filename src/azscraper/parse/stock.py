"""What a line about stock tells a buyer, in every language.

A time of preparation in days ("Usually ships within 2 to 3 days") is in stock: the seller has the product and needs a
moment. One in weeks or months, a day on which it comes back, and "order now and we'll deliver when available" are on
order. Temporarily out of stock without an offer to order is out of stock.
"""

import re

from azscraper.marketplaces import folded, spoken_in
from azscraper.parse.remembered import remembered
from azscraper.parse.values import plain_digits
from azscraper.records.parts import AvailabilityStatus

_FIRST_NUMBER = re.compile(r"\d+")
_MANY_DIGITS = 4  # a quantity of a thousand is a price or a year, not what is left


@remembered
def status_of(line: str, language: str) -> AvailabilityStatus | None:
    """The status; None when no phrase of the language, nor of English, is in the line.

    Order matters: "temporarily unavailable" holds "unavailable", "currently unavailable" holds "available".
    """
    if says(line, language, "not_shippable"):
        return AvailabilityStatus.UNAVAILABLE
    if says(line, language, "temporarily"):
        return AvailabilityStatus.BACKORDER if says(line, language, "backorder") else AvailabilityStatus.OUT_OF_STOCK
    if says(line, language, "unavailable"):
        return AvailabilityStatus.UNAVAILABLE
    if says(line, language, "preorder"):
        return AvailabilityStatus.PREORDER
    if says(line, language, "few_left") and quantity(line) is not None:
        return AvailabilityStatus.LOW_STOCK
    return _whether_there(line, language)


@remembered
def says(line: str, language: str, kind: str) -> bool:
    """Whether a line holds a phrase of a kind, in the page's language or in English, which stands in where it was never translated."""
    lower = folded(line)
    for words in spoken_in(language):
        for phrase in getattr(words, kind):
            if phrase in lower:
                return True
    return False


def quantity(line: str) -> int | None:
    """The number of "Only 3 left in stock"."""
    match = _FIRST_NUMBER.search(plain_digits(line))
    return int(match[0]) if match and len(match[0]) < _MANY_DIGITS else None


def _whether_there(line: str, language: str) -> AvailabilityStatus | None:
    if says(line, language, "backorder"):
        return AvailabilityStatus.BACKORDER
    if says(line, language, "out_of_stock"):
        return AvailabilityStatus.OUT_OF_STOCK
    if says(line, language, "ships_in"):
        return AvailabilityStatus.BACKORDER if says(line, language, "long_wait") else AvailabilityStatus.IN_STOCK
    return AvailabilityStatus.IN_STOCK if says(line, language, "in_stock") else None
