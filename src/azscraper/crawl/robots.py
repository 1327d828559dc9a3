"""What a marketplace's robots.txt says (RFC 9309). Pure: whoever fetched the text hands it in.

Who cannot be asked has not agreed: an unreadable robots.txt forbids everything, a missing one nothing.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

BODY_LIMIT = 500 * 1024
"""Bytes that are read of a robots.txt: the least that RFC 9309 2.5 lets a crawler read."""
FRESH = timedelta(days=1)
"""RFC 9309 2.4: a cached robots.txt should not be used for more than 24 hours."""
UNREADABLE_FRESH = timedelta(minutes=5)
"""How long "could not be read" is believed: a passing fault costs a marketplace minutes, not a day, and the fault
meets twelve requests an hour from all workers together."""

_AHEAD = timedelta(minutes=1)
"""An answer of a later time than that was dated by a wrong clock, and would be believed for too long."""

_CACHED_TEXTS = 64
"""Three times the marketplaces there are, so that old and new text of each fit."""
_PRODUCT = re.compile(r"(?:^|[\s(;])([\w-]+/[^\s();,]+)")


@dataclass(frozen=True, slots=True)
class RobotsText:
    """An answer to the question for robots.txt."""

    status: int | None
    """HTTP status; None when there was no answer."""
    body: str
    """Where there was no answer, why: words for people."""
    fetched_at: datetime
    """UTC."""


def allows(robots: RobotsText, user_agent: str, url: str) -> bool:
    """Whether the crawler of that name may fetch the URL.

    RFC 9309 2.3.1: 2xx is parsed, 4xx allows everything, anything else (5xx, no answer, a redirect to nowhere)
    forbids everything. robots.txt itself may always be asked for (2.2.2).
    """
    if urlsplit(url).path == "/robots.txt" or _is_missing(robots):
        return True
    return _is_readable(robots) and bool(_parsed(robots.body).can_fetch(url, product_tokens(user_agent)))


def crawl_delay(robots: RobotsText, user_agent: str) -> float:
    """Seconds between two requests that the text asks of the crawler; 0 when it asks for none."""
    if not _is_readable(robots):
        return 0.0
    return float(_parsed(robots.body).crawl_delay(product_tokens(user_agent)) or 0.0)


def is_fresh(robots: RobotsText, now: datetime) -> bool:
    """Whether the answer may still be used: for a day, or for minutes where it was no answer."""
    age = now - robots.fetched_at
    return -_AHEAD < age < (FRESH if is_known(robots) else UNREADABLE_FRESH)


def is_known(robots: RobotsText) -> bool:
    """Whether the marketplace's wish is known; if not, :func:`allows` says no only for as long as that lasts."""
    return _is_readable(robots) or _is_missing(robots)


def decode(body: bytes) -> str:
    """The text of a robots.txt: UTF-8 (RFC 9309 2.3), cut at the limit, without NUL, which PostgreSQL can't hold.

    The cut is made at a line's end: half of "Disallow: /private" would forbid everything. Never raises.
    """
    if len(body) > BODY_LIMIT:
        body = body[: body.rfind(b"\n", 0, BODY_LIMIT) + 1]
    return body.decode("utf-8-sig", errors="replace").replace("\x00", "")


def product_tokens(user_agent: str) -> str:
    """The names in a User-Agent header that groups of robots.txt may call the crawler by.

    Words with a version count ("AzBot/1.0", in comments too); without any, the first word does. Other words of
    comments do not: a crawler that "obeys robots.txt" is not addressed by "User-agent: robots".
    """
    return " ".join(_PRODUCT.findall(user_agent)) or user_agent.split(" ", 1)[0]


def _is_readable(robots: RobotsText) -> bool:
    return robots.status is not None and 200 <= robots.status < 300  # noqa: PLR2004 - the classes of RFC 9110 15


def _is_missing(robots: RobotsText) -> bool:
    return robots.status is not None and 400 <= robots.status < 500  # noqa: PLR2004 - the same


@lru_cache(maxsize=_CACHED_TEXTS)
def _parsed(body: str) -> Protego:
    return Protego.parse(body)
