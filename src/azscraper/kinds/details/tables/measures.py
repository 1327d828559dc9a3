"""Measures of the detail tables as numbers."""

import re
from decimal import Decimal

from azscraper.parse.values import plain_digits
from azscraper.records.parts import UnitCount

_COUNT = re.compile(r"^(\d+(?:[.,]\d+)?)\s?(\D{0,30})$")


def unit_count(printed: str) -> UnitCount | None:
    """``12.0 Fl Oz`` and ``1 Pack``; None for what is no number with a unit."""
    match = _COUNT.match(plain_digits(printed))
    if match is None:
        return None
    return UnitCount(value=Decimal(match[1].replace(",", ".")).normalize() + 0, unit=match[2].strip(" .") or None)
