"""Notices in words, in English and German: one line says what changed, from what to what, and why it was told. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel import dates, numbers

from azscraper.tracking.alerts.alerts import condition_document
from azscraper.tracking.alerts.notices import Firing, Kind, Notice
from azscraper.tracking.alerts.rules import OWN, TARGET, Condition
from azscraper.words import AlertField, AlertOp, AlertUnit, RunField

_FIELDS = {
    "price": ("price", "Preis"),
    "listPrice": ("list price", "Listenpreis"),
    "landedPrice": ("price with delivery", "Preis mit Versand"),
    "unitPrice": ("price per unit", "Grundpreis"),
    "subscriptionPrice": ("subscription price", "Abopreis"),
    "coupon": ("coupon", "Coupon"),
    "deal": ("deal", "Angebot"),
    "availability": ("availability", "Verfügbarkeit"),
    "seller": ("seller", "Verkäufer"),
    "shipsFrom": ("ships from", "Versand durch"),
    "newFrom": ("lowest new price", "niedrigster Neupreis"),
    "newCount": ("new offers", "neue Angebote"),
    "usedFrom": ("lowest used price", "niedrigster Gebrauchtpreis"),
    "usedCount": ("used offers", "gebrauchte Angebote"),
    "rating": ("rating", "Bewertung"),
    "ratingCount": ("ratings", "Anzahl der Bewertungen"),
    "boughtPastMonth": ("bought in the past month", "gekauft im letzten Monat"),
    "rank": ("best sellers rank", "Bestseller-Rang"),
    "title": ("title", "Titel"),
    "image": ("main picture", "Hauptbild"),
    "imageCount": ("pictures", "Bilder"),
    "bullets": ("bullet points", "Aufzählung"),
    "variantCount": ("variants", "Varianten"),
    "position": ("position", "Position"),
    "organicPosition": ("organic position", "organische Position"),
    "share": ("share of the results", "Anteil an den Ergebnissen"),
    "newSeller": ("seller", "Verkäufer"),
    "buyBoxLost": ("buy box", "Buy Box"),
    "buyBoxWon": ("buy box", "Buy Box"),
    "reviewBelow": ("review", "Rezension"),
    "failed": ("failed targets", "fehlgeschlagene Ziele"),
    "blocked": ("blocked targets", "blockierte Ziele"),
    "fillRateDropped": ("fields filled", "gefüllte Felder"),
    "rowsDropped": ("rows", "Zeilen"),
    "overdue": ("running for", "läuft seit"),
}
_WHY = {
    "below": ("below {value}", "unter {value}"),
    "above": ("above {value}", "über {value}"),
    "target": ("the target is {value}", "das Ziel ist {value}"),
    "own": ("your cheapest product in the list costs {value}", "Ihr günstigstes Produkt der Liste kostet {value}"),
    "drops_by": ("down from {compared}", "gefallen von {compared}"),
    "rises_by": ("up from {compared}", "gestiegen von {compared}"),
    "changes": ("changed", "geändert"),
    "changes_to": ("changed to {value}", "geändert auf {value}"),
    "appears": ("is there now", "ist jetzt da"),
    "disappears": ("is gone", "ist weg"),
    "lowest_ever": ("the lowest ever, before {compared}", "so niedrig wie nie, zuvor {compared}"),
    "lowest_in_days": (
        "the lowest in {days} days, before {compared}",
        "der niedrigste in {days} Tagen, zuvor {compared}",
    ),
    "enters_top": ("now among the first {value}", "jetzt unter den ersten {value}"),
    "leaves_top": ("no longer among the first {value}", "nicht mehr unter den ersten {value}"),
    "newSeller": ("a new seller", "ein neuer Verkäufer"),
    "buyBoxLost": ("{value} lost it", "{value} hat sie verloren"),
    "buyBoxWon": ("{value} won it", "{value} hat sie gewonnen"),
    "reviewBelow": ("fewer than {value} stars", "weniger als {value} Sterne"),
    "failed": ("at least {value}% failed", "mindestens {value} % fehlgeschlagen"),
    "blocked": ("at least {value}% blocked", "mindestens {value} % blockiert"),
    "fillRateDropped": ("much less than in the 30 days before", "viel weniger als in den 30 Tagen davor"),
    "rowsDropped": (
        "at least {value}% less than the mean of the jobs before",
        "mindestens {value} % weniger als das Mittel der Aufträge davor",
    ),
    "overdue": ("longer than {value} hours", "länger als {value} Stunden"),
}
_NAMES = {
    "below": ("{field} below {value}", "{field} unter {value}"),
    "above": ("{field} above {value}", "{field} über {value}"),
    "below target": ("{field} below target", "{field} unter dem Zielpreis"),
    "above target": ("{field} above target", "{field} über dem Zielpreis"),
    "below own": (
        "{field} below my cheapest product in the list",
        "{field} unter meinem günstigsten Produkt der Liste",
    ),
    "above own": ("{field} above my cheapest product in the list", "{field} über meinem günstigsten Produkt der Liste"),
    "drops_by": ("{field} drops by {value}", "{field} fällt um {value}"),
    "rises_by": ("{field} rises by {value}", "{field} steigt um {value}"),
    "changes": ("{field} changes", "{field} ändert sich"),
    "changes_to": ("{field} changes to {value}", "{field} wird zu {value}"),
    "appears": ("{field} appears", "{field} erscheint"),
    "disappears": ("{field} disappears", "{field} verschwindet"),
    "lowest_ever": ("{field} lowest ever", "{field} so niedrig wie nie"),
    "lowest_in_days": ("{field} lowest in {days} days", "{field} am niedrigsten in {days} Tagen"),
    "enters_top": ("{field} enters the first {value}", "{field} kommt unter die ersten {value}"),
    "leaves_top": ("{field} leaves the first {value}", "{field} fällt aus den ersten {value}"),
    "newSeller": ("new seller in the buy box", "neuer Verkäufer in der Buy Box"),
    "buyBoxLost": ("{value} loses the buy box", "{value} verliert die Buy Box"),
    "buyBoxWon": ("{value} wins the buy box", "{value} gewinnt die Buy Box"),
    "reviewBelow": ("a review with fewer than {value} stars", "eine Rezension mit weniger als {value} Sternen"),
    "failed": ("at least {value}% of targets fail", "mindestens {value} % der Ziele schlagen fehl"),
    "blocked": ("at least {value}% of targets are blocked", "mindestens {value} % der Ziele sind blockiert"),
    "fillRateDropped": ("a field is filled much less", "ein Feld ist viel seltener gefüllt"),
    "rowsDropped": ("{value}% fewer rows than before", "{value} % weniger Zeilen als zuvor"),
    "overdue": ("a job takes over {value} hours", "ein Auftrag dauert über {value} Stunden"),
}
_USUAL = {"failed": 100, "blocked": 0, "rowsDropped": 50, "overdue": 24}
"""What conditions of jobs without a value stand for."""
_UNREADABLE = {"image", "bullets"}
_NOTHING = ("none", "nichts")
_SWITCHED_OFF = ("Channel “{name}” was switched off: {reason}", "Kanal „{name}“ wurde abgeschaltet: {reason}")
_AVAILABILITY = {
    "in_stock": ("in stock", "auf Lager"),
    "low_stock": ("low stock", "wenig auf Lager"),
    "out_of_stock": ("out of stock", "nicht auf Lager"),
    "unavailable": ("unavailable", "nicht verfügbar"),
    "preorder": ("pre-order", "vorbestellbar"),
    "backorder": ("back-order", "nachbestellt"),
}


def _of(pair: tuple[str, str], language: str) -> str:
    return pair[language == "de"]


def line(notice: Notice, language: str) -> str:
    """Product, before, after, why."""
    if notice.kind == Kind.CHANNEL_DISABLED:
        return _of(_SWITCHED_OFF, language).format(name=notice.title, reason=notice.reasons[0]["reason"])
    return fired(notice, language)


def lines(notice: Notice, language: str) -> list[str]:
    """The same in several lines: what it is about, and each reason."""
    if notice.kind == Kind.CHANNEL_DISABLED:
        return [line(notice, language)]
    return [heading(notice), *(reason_line(reason, language) for reason in notice.reasons)]


def fired(notice: Notice | Firing, language: str) -> str:
    """The same of what a rule fired, or would have."""
    said = "; ".join(reason_line(reason, language) for reason in notice.reasons)
    return f"{heading(notice)}: {said}"


def heading(notice: Notice | Firing) -> str:
    """What it is about: the product, the keyword, the job."""
    keyword, _, asin = notice.subject.partition("\n")
    name = notice.title or notice.asin or asin or keyword
    where = notice.marketplace.removeprefix("www.")
    return f"{name} ({where})" if where else name


@dataclass(frozen=True, slots=True)
class Told:
    """A reason in words."""

    field: str
    before: str | None
    after: str | None
    """None of what says nothing to people: hashes, addresses of pictures."""
    why: str


def said(reason: Mapping[str, Any], language: str) -> Told:
    """What changed, from what to what, and the condition that held."""
    name = reason["field"]
    before, after = (
        None if name in _UNREADABLE else value(reason[key], language, field=name) for key in ("before", "after")
    )
    why_ = why(reason, language)
    if name in set(RunField) and reason["before"] is None:
        before = None
    if name == AlertField.REVIEW_BELOW:
        title = reason.get("reviewTitle")
        after, before = f"{after} ★", None
        why_ += f": “{title}”" if title else ""
    return Told(field(name, language), before, after, why_)


def field(name: str, language: str) -> str:
    """Its name for people; of a rank in a category that one."""
    return _of(_FIELDS[name], language) if name in _FIELDS else name.partition(":")[2] or name


def reason_line(reason: Mapping[str, Any], language: str) -> str:
    """``price €21.00 → €18.99, below €20.00``."""
    told = said(reason, language)
    if told.after is None:
        return f"{told.field} {told.why}"
    values = told.after if told.before in {None, told.after} else f"{told.before} → {told.after}"
    return f"{told.field} {values}, {told.why}"


def why(reason: Mapping[str, Any], language: str) -> str:
    """The condition that held, in words."""
    key = reason["field"] if reason["op"] == "happens" else reason["op"]
    if reason["value"] == "target":
        key, limit = "target", reason["comparedWith"]
    elif reason["value"] == OWN and reason["op"] in {AlertOp.BELOW, AlertOp.ABOVE}:
        key, limit = "own", reason["comparedWith"]
    else:
        limit = _limit(reason)
    return _of(_WHY[key], language).format(
        value=value(limit, language, field=reason["field"]),
        compared=value(reason["comparedWith"], language, field=reason["field"]),
        days=reason["days"],
    )


def _limit(reason: Mapping[str, Any]) -> object:
    """The condition's value, as money where it is compared with money."""
    currency = next((one["currency"] for one in (reason["after"], reason["before"]) if isinstance(one, dict)), None)
    is_amount = currency is not None and reason["op"] in {"below", "above"} and reason["unit"] == "amount"
    return {"amount": reason["value"], "currency": currency} if is_amount else reason["value"]


def name(condition: Condition, currency: str | None, language: str = "en") -> str:
    """A condition in words: what a rule without a name is called."""
    one = condition_document(condition)
    key = one["field"] if condition.op is AlertOp.HAPPENS else one["op"]
    if condition.value == TARGET or condition.compares_own:
        key = f"{key} {condition.value}"
    amount = {"amount": one["value"], "currency": currency} if condition.needs_currency and currency else None
    percent = _of(("%", " %"), language) if condition.unit is AlertUnit.PERCENT else ""
    limit = _USUAL.get(one["field"]) if condition.value is None else condition.value
    return _of(_NAMES[key], language).format(
        field=field(one["field"], language),
        value=value(amount or _number(limit), language, field=one["field"]) + percent,
        days=condition.days,
    )


def _number(given: object) -> object:
    return float(given) if isinstance(given, Decimal) else given


def value(given: object, language: str, *, field: str = "") -> str:
    """A value as people read it."""
    if given is None:
        return _of(_NOTHING, language)
    if isinstance(given, dict):
        return numbers.format_currency(given["amount"], given["currency"], locale=language)
    if isinstance(given, int | float):
        return numbers.format_decimal(given, locale=language)
    if field == "availability" and str(given) in _AVAILABILITY:
        return _of(_AVAILABILITY[str(given)], language)
    return str(given)


def title(notices: list[Notice], language: str) -> str:
    """Of a message: what the first says, and how many there are."""
    first = line(notices[0], language)
    short = first if len(first) <= _LONGEST_TITLE else f"{first[: _LONGEST_TITLE - 1]}…"
    if len(notices) == 1:
        return short
    return _of(("{n} alerts: {first}", "{n} Alarme: {first}"), language).format(n=len(notices), first=short)


_LONGEST_TITLE = 120


def moment(at: datetime, language: str) -> str:
    """When it was seen, in UTC: ``30 Nov 2026, 08:00 UTC``."""
    return f"{dates.format_datetime(at, _MOMENT[language], locale=language)} UTC"


def day(at: datetime, language: str) -> str:
    """``30 Nov 2026``."""
    return dates.format_datetime(at, _DAY[language], locale=language)


_DAY = {"en": "d MMM y", "de": "d. MMM y"}
_MOMENT = {"en": "d MMM y, HH:mm", "de": "d. MMM y, HH:mm"}
