"""English and German: which one a visitor gets, the texts, and how dates, numbers and money read in it."""

import gettext
import io
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import cron_descriptor
from babel import Locale, dates, negotiate_locale, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from azscraper.tracking.cron import WORDS

LANGUAGES = {"en": "English", "de": "Deutsch"}
_DEFAULT = "en"
_DATES = {"en": "d MMM y", "de": "d. MMM y"}
_LONG_DATES = {"en": "EEEE d MMMM", "de": "EEEE, d. MMMM"}
_CRON_LOCALES = {"en": "en_US", "de": "de_DE"}

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ENGLISH_NAME = re.compile(rf"\b({'|'.join((*_DAYS, *_MONTHS))})\b")
"""What the describing library leaves in the language of the process."""


def marked(text: str) -> str:
    """The text itself; marks one that stands outside of the templates for the catalogue."""
    return text


def choose(cookie: str | None, accepted: str) -> str:
    """The visitor's language: what the cookie says, else the best of the header Accept-Language, else English."""
    if cookie in LANGUAGES:
        return cookie
    wanted = sorted((_preference(part) for part in accepted.split(",")[:20] if part.strip()), reverse=True)
    return negotiate_locale([tag for quality, tag in wanted if quality > 0], list(LANGUAGES), sep="-") or _DEFAULT


def _preference(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().partition(";")
    try:
        return (float(parameter.strip().removeprefix("q=") or 1), tag.strip())
    except ValueError:
        return (0.0, tag.strip())


@cache
def texts(language: str) -> gettext.NullTranslations:
    """The catalogue of the language; English is what stands in the templates."""
    if language == _DEFAULT:
        return gettext.NullTranslations()
    source = (resources.files("azscraper.web.dashboard") / "locale" / f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


_AXIS_CHARACTERS = 7
"""That there is room for beside a chart on a phone."""


class Words:
    """How values read in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        self._date = _DATES[language]
        self._long_date = _LONG_DATES[language]
        days, months = self._locale.days["format"]["wide"], self._locale.months["format"]["wide"]
        self._names = {name: days[index] for index, name in enumerate(_DAYS)} | {
            name: months[index] for index, name in enumerate(_MONTHS, 1)
        }

    def number(self, value: float | Decimal | None) -> str:
        """``12,345``; a dash for what is not known."""
        return "–" if value is None else numbers.format_decimal(value, locale=self._locale)

    def percent(self, value: float) -> str:
        """``37%`` of 0.37."""
        return numbers.format_percent(value, locale=self._locale)

    def change(self, share: float | None) -> str:
        """``−16.7%`` of -0.167, with a sign; a dash for what is not known."""
        if share is None:
            return "–"
        text = numbers.format_percent(
            abs(share), "0.0%" if self.language == "en" else "0.0\u202f%", locale=self._locale
        )
        if round(share, 3) == 0:
            return numbers.format_percent(0, locale=self._locale)
        return f"{'−' if share < 0 else '+'}{text}"

    def points(self, share: float | None) -> str:
        """``+3.8`` of 0.038: percentage points, with a sign; a dash for what is not known."""
        if share is None:
            return "–"
        if round(share, 3) == 0:
            return numbers.format_decimal(0, locale=self._locale)
        return f"{'−' if share < 0 else '+'}{numbers.format_decimal(abs(share) * 100, '0.0', locale=self._locale)}"

    def money(self, value: dict[str, Any] | None) -> str:
        """``€29.99`` of an amount and its currency."""
        if not value or value.get("amount") is None or not value.get("currency"):
            return "–"
        return numbers.format_currency(value["amount"], value["currency"], locale=self._locale)

    def country(self, code: str) -> str:
        """``Germany`` of ``DE``."""
        return str(self._locale.territories.get(code, code))

    def axis(self, value: float, currency: str | None) -> str:
        """``€40`` at a line of a chart: no more decimals than the value has, and no currency where that would be too long."""
        told = self.number(value) if currency is None else self._axis_money(value, currency)
        return told if len(told) <= _AXIS_CHARACTERS else self.number(value)

    def _axis_money(self, value: float, currency: str) -> str:
        if value != int(value):
            return numbers.format_currency(value, currency, locale=self._locale)
        pattern = self._locale.currency_formats["standard"].pattern.replace(".00", "")
        return numbers.format_currency(value, currency, pattern, locale=self._locale, currency_digits=False)

    def as_json(self, value: object) -> str:
        """As JSON, as people read it: the template escapes it, and nothing in it is escaped twice."""
        return json.dumps(value, ensure_ascii=False)

    def rating(self, value: float | Decimal | None) -> str:
        """``4.0``: stars have one decimal."""
        return "–" if value is None else numbers.format_decimal(value, "0.0#", locale=self._locale)

    def time(self, value: datetime | None) -> str:
        """Date and time in UTC; the browser shows its own zone instead."""
        if value is None:
            return "–"
        return dates.format_datetime(value.astimezone(UTC), f"{self._date}, HH:mm 'UTC'", locale=self._locale)

    def day_in(self, value: datetime, zone: str) -> str:
        """``Monday 30 November`` in a zone."""
        return dates.format_date(value.astimezone(dates.get_timezone(zone)), self._long_date, locale=self._locale)

    def clock_in(self, value: datetime, zone: str) -> str:
        """``08:02`` in a zone."""
        return dates.format_time(value, "HH:mm", tzinfo=dates.get_timezone(zone), locale=self._locale)

    def day(self, value: datetime) -> str:
        """The date in UTC."""
        return dates.format_date(value.astimezone(UTC), self._date, locale=self._locale)

    def moment(self, text: object) -> datetime | date | None:
        """The time or the day that a text in ISO 8601 says; None for others."""
        try:
            return date.fromisoformat(str(text)) if len(str(text)) == len("2026-11-30") else _aware(str(text))
        except ValueError:
            return None

    def whole_day(self, value: date) -> str:
        """``30 Nov 2026``."""
        return dates.format_date(value, self._date, locale=self._locale)

    def long_day(self, value: datetime) -> str:
        """``Monday 30 November`` in UTC."""
        return dates.format_date(value.astimezone(UTC), self._long_date, locale=self._locale)

    def clock(self, value: datetime) -> str:
        """``08:02`` in UTC; the browser shows its own zone instead."""
        return dates.format_time(value.astimezone(UTC), "HH:mm", locale=self._locale)

    def short_day(self, value: datetime) -> str:
        """``30 Nov``."""
        return dates.format_date(value.astimezone(UTC), self._date.removesuffix(" y"), locale=self._locale)

    def when(self, value: datetime, now: datetime) -> str:
        """The time of today, ``08:02``, else the day, ``30 Nov``, in UTC; the browser shows its own zone instead."""
        at = value.astimezone(UTC)
        pattern = "HH:mm" if at.date() == now.astimezone(UTC).date() else self._date.removesuffix(" y")
        return dates.format_datetime(at, pattern, locale=self._locale)

    def ago(self, value: datetime | None, now: datetime) -> str:
        """``3 minutes ago``, ``in 2 hours``."""
        if value is None:
            return "–"
        return dates.format_timedelta(value - now, add_direction=True, locale=self._locale)

    def cron(self, expression: str) -> str:
        """A cron expression in words."""
        options = cron_descriptor.Options()
        options.locale_code = _CRON_LOCALES[self.language]
        options.use_24hour_time_format = True
        text = WORDS.get(expression.strip().lower(), expression)
        try:
            described = str(cron_descriptor.ExpressionDescriptor(text, options).get_description())
        except (cron_descriptor.FormatError, cron_descriptor.MissingFieldError, ValueError):
            return expression
        return _ENGLISH_NAME.sub(lambda found: self._names[found[0]], described)


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@cache
def words(language: str) -> Words:
    """The words of the language."""
    return Words(language)
