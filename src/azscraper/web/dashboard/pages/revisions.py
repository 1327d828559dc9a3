"""Change of an alert: a field for what each of its conditions says, one more of them, and the rule as the form says it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from starlette.datastructures import FormData

from azscraper.errors import ConflictError, InvalidInputError
from azscraper.tracking.alerts import wording
from azscraper.tracking.alerts.alerts import Alert, Draft
from azscraper.tracking.alerts.rules import TARGET, Condition
from azscraper.web import alerting
from azscraper.web.dashboard.forms import text
from azscraper.web.dashboard.language import LANGUAGES
from azscraper.web.dashboard.pages import sentences
from azscraper.web.dashboard.pages.sentences import ENDINGS, MONEY, Said
from azscraper.words import AlertEvery, AlertField, AlertMatch, AlertUnit, SeriesField

_LONGEST_NAME = 120
_LONGEST_VALUE = 200
_MOST = 10**12
_MOST_DAYS = 3650
_MOST_CONDITIONS = 10


@dataclass(frozen=True, slots=True)
class Slot:
    """A condition as the form shows it."""

    at: int
    """Its place among the conditions: the form's fields end in it."""
    said: str
    """In words."""
    value: str | None
    """None: there is nothing to write."""
    is_number: bool
    is_percent: bool
    days: int | None


def slots(draft: Draft, language: str) -> list[Slot]:
    """Of each condition."""
    return [
        Slot(
            at,
            wording.name(one, draft.currency, language),
            _written(one),
            isinstance(one.value, Decimal),
            one.unit is AlertUnit.PERCENT,
            one.days,
        )
        for at, one in enumerate(draft.when)
    ]


def _written(one: Condition) -> str | None:
    """A state is chosen, not written."""
    if one.value is None or _is_stand_in(one) or one.field == SeriesField.AVAILABILITY:
        return None
    return f"{one.value.normalize():f}" if isinstance(one.value, Decimal) else one.value


def _is_stand_in(one: Condition) -> bool:
    return one.value == TARGET or one.compares_own


def addable(draft: Draft) -> dict[str, dict[str, Said]]:
    """What one more condition can say, by what the rule is about; empty where it takes none."""
    fields = {one.field for one in draft.when}
    if len(draft.when) >= _MOST_CONDITIONS or AlertField.SHARE in fields:
        return {}
    about = "run" if draft.what.runs else "keyword" if draft.what.keyword else "product"
    found = {name: said for name, said in ENDINGS[about].items() if _joins(said, draft)}
    return {about: found} if found else {}


def _joins(said: Said, draft: Draft) -> bool:
    """Whether a rule can say both: reviews stand alone, and an amount of money needs a currency."""
    of_reviews = any(one.field == AlertField.REVIEW_BELOW for one in draft.when)
    is_sound = (said.condition["field"] == AlertField.REVIEW_BELOW) == of_reviews
    return is_sound and (said.unit != MONEY or _currency(draft) is not None)


def _currency(draft: Draft) -> str | None:
    return draft.currency or alerting.currency_of(draft.what)


def revised(old: Alert, form: FormData, language: str) -> Draft:
    """The rule with what the form says.

    Raises InvalidInputError, and ConflictError where somebody else changed the rule since the form was made.
    """
    if text(form, "seen") != old.updated_at.isoformat():
        raise ConflictError("The alert was changed meanwhile; load the page again")
    return as_written(old.draft, form, language)


def as_written(draft: Draft, form: FormData, language: str) -> Draft:
    """The rule with what the form says. A name that only repeats the first condition becomes the new one's.

    Raises InvalidInputError that names fields of the form.
    """
    when = (*_conditions(draft, form), *_added(draft, form))
    if not when:
        raise InvalidInputError.of("leave_0", "must stay: an alert needs at least one condition")
    name = text(form, "name")[:_LONGEST_NAME] or draft.name
    if name == draft.name and _says_first(draft):
        name = wording.name(when[0], draft.currency, language)
    every, match = text(form, "digest"), text(form, "match")
    return replace(
        draft,
        name=name,
        when=when,
        currency=_currency(draft) if any(one.needs_currency for one in when) else draft.currency,
        match=AlertMatch(match) if match in set(AlertMatch) else draft.match,
        digest=replace(draft.digest, every=AlertEvery(every)) if every in set(AlertEvery) else draft.digest,
    )


def _says_first(draft: Draft) -> bool:
    """Whether the rule's name is its first condition in words of one of the languages, of this release or before."""
    said = [wording.name(draft.when[0], draft.currency, one) for one in LANGUAGES]
    return draft.name.replace(" %", "%") in [one.replace(" %", "%") for one in said]


def _conditions(draft: Draft, form: FormData) -> Iterator[Condition]:
    """Those that stay."""
    for at, one in enumerate(draft.when):
        if not text(form, f"leave_{at}"):
            value = one.value if _written(one) is None else _value(one.value, form, f"value_{at}")
            yield replace(one, value=value, days=_days(one.days, form, f"days_{at}"))


def _added(draft: Draft, form: FormData) -> Iterator[Condition]:
    """That of the end of a sentence, where one was chosen."""
    for about, endings in addable(draft).items():
        if text(form, about):
            yield alerting.condition_of(sentences.condition_of(form, about, endings), draft.what)


def _value(old: Decimal | str | None, form: FormData, field: str) -> Decimal | str | None:
    """A number for a number, a name for a name; what is left empty stays."""
    written = text(form, field)
    if old is None or not written:
        return old
    if isinstance(old, str):
        return written[:_LONGEST_VALUE]
    with suppress(InvalidOperation):
        value = Decimal(written.replace(",", "."))
        if value.is_finite() and 0 <= value < _MOST:
            return value
    raise InvalidInputError.of(field, "is not a number, for example 19.90")


def _days(old: int | None, form: FormData, field: str) -> int | None:
    written = text(form, field)
    if old is None or not written:
        return old
    if written.isascii() and written.isdecimal() and 1 <= int(written[:9]) <= _MOST_DAYS:
        return int(written)
    raise InvalidInputError.of(field, f"is not a number of days from 1 to {_MOST_DAYS}")
