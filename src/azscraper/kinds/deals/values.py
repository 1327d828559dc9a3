"""Values of the JSON in which pages of deals keep their data."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from azscraper.marketplaces import Marketplace
from azscraper.parse.dig import dig, items, said
from azscraper.parse.values import clean, image, money
from azscraper.records.parts import Money, PriceRange, Savings

_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)")
_PICTURES = "https://m.media-amazon.com/images/I/"
_TYPES = {"lightning_deal": "lightning", "prime_exclusive_deal": "prime_exclusive"}
_STATES = {"waitlistfull": "waitlist", "waitlist_full": "waitlist", "soldout": "expired", "sold_out": "expired"}
_LATEST = 4_102_444_800
"""2100-01-01: what is later is no time in seconds."""


def amount(written: object, currency: str | None, marketplace: Marketplace) -> Money | None:
    """An amount as machines write it (``12.59``), else as people do."""
    text = str(written).strip() if isinstance(written, str | int | float) and not isinstance(written, bool) else ""
    code = currency if currency and _CURRENCY.fullmatch(currency) else marketplace.currency
    if _PLAIN.fullmatch(text):
        return Money(amount=Decimal(text), currency=code)
    return money(text, marketplace)


def spread(low: Money | None, high: Money | None) -> PriceRange | None:
    """A range, where both ends are known and differ."""
    if low is None or high is None or low.amount >= high.amount:
        return None
    return PriceRange(min=low, max=high)


def saved(deal: Money | None, listed: Money | None, percent: int | None) -> Savings | None:
    """What a buyer saves, as the two prices tell."""
    if deal is None or listed is None or deal.currency != listed.currency or listed.amount <= deal.amount:
        return None
    return Savings(amount=Money(amount=listed.amount - deal.amount, currency=deal.currency), percent=percent)


def moment(written: object) -> str | None:
    """A time of JSON as ISO 8601; None for anything else."""
    return written if isinstance(written, str) and _TIME.fullmatch(written) else None


def moment_of_seconds(seconds: object) -> str | None:
    """A time in seconds since 1970 as ISO 8601."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < _LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def kind_of_deal(word: str | None) -> str | None:
    """``BEST_DEAL`` is ``best_deal``, ``LIGHTNING_DEAL`` is ``lightning``."""
    lower = word.lower() if word else None
    return _TYPES.get(lower, lower) if lower else None


def state_of_deal(word: str | None) -> str | None:
    """``AVAILABLE`` is ``available``, a full waiting list is one."""
    lower = word.lower() if word else None
    return _STATES.get(lower, lower) if lower else None


def access(word: str | None) -> str | None:
    """Who may buy: ``PRIME_EXCLUSIVE`` is ``prime``."""
    lower = word.lower() if word else None
    return None if lower in {None, "default", "none", "public"} else "prime" if "prime" in str(lower) else lower


def fragments(badge: object) -> tuple[str, str | None]:
    """The text of a badge, and the time that it counts down to."""
    parts = items(badge, "content", "fragments")
    text = clean("".join(found for part in parts if isinstance(found := dig(part, "text"), str)))
    return text, _first(moment(dig(part, "countdownTimer", "targetTime")) for part in parts)


def picture(value: object) -> str | None:
    """Of ``baseUrl`` and ``extension``, or of the picture's own id."""
    base, ending = said(value, "baseUrl"), said(value, "extension") or "jpg"
    named = said(value, "physicalId")
    if base and base.startswith("http"):
        return image(f"{base}.{ending}")
    return f"{_PICTURES}{named}.{ending}" if named else None


def _first(found: Iterable[str | None]) -> str | None:
    return next(filter(None, found), None)
