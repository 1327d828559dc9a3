"""What the pretend marketplace can get wrong, and when: by rate with a seed, or because an ASIN or keyword asks for it.

An ASIN asks with ``B0FAULT`` and a code of the table ``TRIGGERS`` (``B0FAULT503``), or with ``B0FAIL``, a digit and a
code to fail that many times and then answer well (``B0FAIL2503``). A keyword asks with ``fault:503`` or ``fail2:503``
as its first word; what stands behind is searched for when the answer is good, for example ``fail2:503 kettle``.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from azscraper.errors import InvalidInputError


class Fault(StrEnum):
    """A way to answer badly; the value is the name of its rate."""

    ROBOT_CHECK = "robot_check"
    ROBOT_CHECK_503 = "robot_check_503"
    CONTINUE_SHOPPING = "continue_shopping"
    UNAVAILABLE = "unavailable"
    RETRY_SECONDS = "retry_seconds"
    RETRY_DATE = "retry_date"
    TOO_MANY = "too_many"
    SERVER_ERROR = "server_error"
    SLOW = "slow"
    CUT_OFF = "cut_off"
    CUT_CHUNKED = "cut_chunked"
    TRUNCATED = "truncated"
    REDIRECT_OTHER = "redirect_other"
    REDIRECT_AWAY = "redirect_away"
    WRONG_CHARSET = "wrong_charset"
    GZIP_BOMB = "gzip_bomb"
    EMPTY = "empty"
    SIGN_IN = "sign_in"
    NOT_FOUND = "not_found"


class RobotsAnswer(StrEnum):
    """What ``/robots.txt`` says."""

    USUAL = "usual"
    """Product and search pages are allowed, except ``/dp/B0FAULTROB``."""
    UNAVAILABLE = "unavailable"
    """503."""
    DISALLOW_ALL = "disallow_all"
    MISSING = "missing"
    """404."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One fault that can be asked for."""

    code: str
    """Three characters: the end of the ASIN, the part behind the colon of the keyword."""
    fault: Fault
    answer: str
    """What the client gets."""


TRIGGERS = (
    Trigger("CAP", Fault.ROBOT_CHECK, "robot check with CAPTCHA, status 200"),
    Trigger("C53", Fault.ROBOT_CHECK_503, "robot check with CAPTCHA, status 503"),
    Trigger("CON", Fault.CONTINUE_SHOPPING, "robot check with one button, status 200"),
    Trigger("503", Fault.UNAVAILABLE, "503 without Retry-After"),
    Trigger("RAS", Fault.RETRY_SECONDS, "503 with Retry-After in seconds"),
    Trigger("RAD", Fault.RETRY_DATE, "503 with Retry-After as an HTTP date"),
    Trigger("429", Fault.TOO_MANY, "429 with Retry-After in seconds"),
    Trigger("500", Fault.SERVER_ERROR, "500"),
    Trigger("SLO", Fault.SLOW, "the good page, delay_seconds late"),
    Trigger("CUT", Fault.CUT_OFF, "half a body, Content-Length of the whole, connection cut"),
    Trigger("CHU", Fault.CUT_CHUNKED, "half a body in chunks without the last chunk, connection cut"),
    Trigger("TRU", Fault.TRUNCATED, "half the HTML with its right length"),
    Trigger("RED", Fault.REDIRECT_OTHER, "302 to another ASIN (from a search: to a product page)"),
    Trigger("OFF", Fault.REDIRECT_AWAY, "302 to a host outside the marketplace"),
    Trigger("CHR", Fault.WRONG_CHARSET, "latin-1 (Japanese: Shift JIS) declared as UTF-8"),
    Trigger("ZIP", Fault.GZIP_BOMB, "256 MiB of blanks in 260 kB of gzip"),
    Trigger("EMP", Fault.EMPTY, "200 without a body"),
    Trigger("SGN", Fault.SIGN_IN, "the sign-in page, status 200"),
    Trigger("404", Fault.NOT_FOUND, "the dog page, status 404"),
)
_BY_CODE = {trigger.code: trigger.fault for trigger in TRIGGERS}
_ASIN = re.compile(r"B0(?:FAULT|FAIL(\d))([A-Z0-9]{3})")
_KEYWORD = re.compile(r"(?:fault|fail(\d)):([a-z0-9]{3})(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Faults:
    """How often each fault happens, and how the faults look."""

    rates: Mapping[Fault, float] = field(default_factory=dict)
    """Each from 0 to 1, all together at most 1; what is left out never happens."""
    seed: int = 1
    times: int | None = None
    """Only the first so many requests for a page can fail; None: every request can."""
    delay_seconds: float = 3.0
    retry_after_seconds: int = 1
    robots: RobotsAnswer = RobotsAnswer.USUAL

    def __post_init__(self) -> None:
        if any(not 0 <= rate <= 1 for rate in self.rates.values()) or sum(self.rates.values()) > 1:
            raise InvalidInputError("fault rates lie between 0 and 1 and add up to 1 at most")


@dataclass(frozen=True, slots=True)
class Asked:
    """A fault that an ASIN or keyword asks for."""

    fault: Fault
    times: int | None
    """Fails that many times, then answers well; None: always fails."""
    query: str = ""
    """What to search for when the answer is good."""

    def at(self, ask: int) -> Fault | None:
        """The fault of the ``ask``-th request, counted from 1."""
        return self.fault if self.times is None or ask <= self.times else None


def asked_by_asin(asin: str) -> Asked | None:
    """The fault that an ASIN asks for; None for an ordinary ASIN."""
    match = _ASIN.fullmatch(asin)
    return _asked(match[2], match[1]) if match else None


def asked_by_keyword(keyword: str) -> Asked | None:
    """The fault that a keyword asks for; None for an ordinary keyword."""
    match = _KEYWORD.fullmatch(keyword.strip())
    return _asked(match[2], match[1], match[3] or "") if match else None


def chosen(faults: Faults, key: str, ask: int) -> Fault | None:
    """The fault that the rates give to the ``ask``-th request for a page: the same for the same seed, key and ask."""
    if faults.times is not None and ask > faults.times:
        return None
    point = _point(f"{faults.seed}|{key}|{ask}")
    for fault in Fault:
        point -= faults.rates.get(fault, 0.0)
        if point < 0:
            return fault
    return None


def read_faults(text: str, seed: int) -> Faults:
    """Faults from a JSON object of rates by name and ``Faults`` fields. Raises InvalidInputError for anything else."""
    try:
        values: Any = orjson.loads(text)
        rates = {fault: values.pop(fault) for fault in Fault if fault in values}
        return Faults(rates, **{"seed": seed, **values, "robots": RobotsAnswer(values.get("robots", "usual"))})
    except (ValueError, TypeError, AttributeError) as exc:
        raise InvalidInputError(f'faults are a JSON object of rates, such as {{"robot_check": 0.1}}: {exc}') from exc


def _asked(code: str, times: str | None, query: str = "") -> Asked | None:
    fault = _BY_CODE.get(code.upper())
    return Asked(fault, int(times) if times else None, query) if fault else None


def _point(text: str) -> float:
    """A number from 0 to under 1 drawn from the text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / (1 << 48)
