"""Targets out of texts: what each entry names, and what is said of those that name nothing."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from azscraper import marketplaces
from azscraper.errors import InvalidInputError
from azscraper.marketplaces import Marketplace, Refusal, Target, is_certain, plain, refusal, visible, with_zeros
from azscraper.marketplaces.addresses import short_link
from azscraper.marketplaces.written import product_code

MOST_TARGETS = 100_000
"""Of one job (api.md: Jobs)."""
LONGEST_TARGET = 500
_LONGEST_SHOWN = 200
_SHORTEST = 10
"""Characters of a product, but for an address."""
_ATTEMPT = 8
"""Characters, a digit among them, of a word that was meant to be a product."""
_APART = re.compile(r"[\s,;|]")
_NOTHING = frozenset(
    [
        "n/a",
        "#n/a",
        "na",
        "#na",
        "nan",
        "null",
        "none",
        "nil",
        "-",
        "--",
        "---",
        "–",
        "—",
        "?",
        "x",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "#null!",
        "#num!",
        "#spill!",
        "#error!",
        "tbd",
        "tba",
        "unknown",
        "missing",
        "empty",
        "k.a.",
        "entfällt",
        "keine",
        "s/d",
        "n.d.",
        "nd",
        "n.v.t.",
        "saknas",
        "brak",
        "yok",
        "なし",
        "該当なし",
        "无",
        "無",
        "없음",
    ]
)
"""What spreadsheets and people write into a cell that has no value."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text with its place."""

    row: int
    """1-based: the row of the user's own sheet, or the line of the text."""
    text: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that names no target."""

    row: int
    value: str
    reason: str
    """A reason of ``marketplaces.Refusal``, or ``no_target``, ``too_long``, ``too_many``; of those passed over ``blank``, ``note``,
    ``product``."""
    message: str = ""
    """What is wrong with the value, then what to do."""
    repair: str | None = None
    """What may have been meant."""
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a list of entries comes to."""

    targets: tuple[str, ...] = ()
    """Each once, in first order."""
    rejected: tuple[Rejected, ...] = ()
    """Entries that were meant to be targets."""
    passed_over: tuple[Rejected, ...] = ()
    """Cells without a value, notes, and products among keywords."""
    duplicates: int = 0
    products: int = 0
    """Keywords that look like products."""
    padded: int = 0
    """ISBNs that got back the leading zeros that a spreadsheet had dropped."""
    marketplaces: dict[str, int] = field(default_factory=dict)
    """Host: how many of the targets go there."""
    entries: tuple[Entry, ...] = ()
    """Of each target where it stands first; empty where nobody asked."""


def recognise(kind: str, entries: Iterable[Entry], default: Marketplace, *, named: bool = True) -> Recognised:
    """Tell the targets from the rest. ``default`` is where targets without a host go.

    ``named`` says that the caller chose these entries to be keywords: then products among them are keywords as well.
    """
    found = _Found(default)
    for entry in entries:
        if _is_blank(kind, entry.text):
            found.pass_over(entry, "blank")
        elif kind == "search":
            _take_keyword(found, entry, named=named)
        elif kind == "details":
            _take_products(found, entry)
        else:
            _take_as_resolved(found, entry, _resolver(kind))
    return found.result()


def _is_blank(kind: str, text: str) -> bool:
    """Words that say that there is nothing may be keywords."""
    said = plain(text).casefold() if len(text) < _ATTEMPT * 2 else ""
    return said in _NOTHING and (kind != "search" or not said.isalpha())


class _Found:
    def __init__(self, default: Marketplace) -> None:
        self.default = default
        self._targets: dict[tuple[str, str], str] = {}
        self._entries: list[Entry] = []
        self._hosts: Counter[str] = Counter()
        self._rejected: list[Rejected] = []
        self._passed_over: list[Rejected] = []
        self._duplicates = 0
        self.padded = 0
        self.products = 0

    def take(self, entry: Entry, key: tuple[str, str], value: str) -> None:
        if key in self._targets:
            self._duplicates += 1
        elif len(self._targets) == MOST_TARGETS:
            self.reject(entry, value, Refusal("too_many", f"is over the {MOST_TARGETS:,} targets of a job"))
        else:
            self._targets[key] = value
            self._entries.append(entry)
            self._hosts[key[0]] += 1

    def reject(self, entry: Entry, value: str, why: Refusal) -> None:
        shown = value[:_LONGEST_SHOWN]
        self._rejected.append(Rejected(entry.row, shown, why.reason, why.message, why.repair, entry.sheet))

    def pass_over(self, entry: Entry, reason: str) -> None:
        self._passed_over.append(Rejected(entry.row, entry.text[:_LONGEST_SHOWN], reason, sheet=entry.sheet))

    def result(self) -> Recognised:
        return Recognised(
            tuple(self._targets.values()),
            tuple(self._rejected),
            tuple(self._passed_over),
            self._duplicates,
            self.products,
            self.padded,
            dict(self._hosts),
            tuple(self._entries),
        )


def _take_keyword(found: _Found, entry: Entry, *, named: bool) -> None:
    keyword = visible(entry.text)
    is_product = is_certain(plain(keyword))
    found.products += is_product
    if is_product and not named:
        found.pass_over(entry, "product")
    elif "/" in keyword and "?" in keyword and not is_product:
        _take_as_resolved(found, entry, _resolver("search"))
    elif len(keyword) > LONGEST_TARGET:
        found.reject(entry, keyword, Refusal("too_long", f"is over {LONGEST_TARGET} characters"))
    elif keyword:
        found.take(entry, (found.default.host, keyword), keyword)


@cache
def _resolver(kind: str) -> Callable[[str, Marketplace], Any]:
    from azscraper.kinds.registry import find_kind  # noqa: PLC0415 - reads no page, and most files need none

    return find_kind(kind).resolve


def _take_as_resolved(found: _Found, entry: Entry, resolve: Callable[[str, Marketplace], Any]) -> None:
    text = visible(entry.text)
    try:
        target = resolve(text, found.default)
    except InvalidInputError as exc:
        found.reject(entry, text, Refusal("no_target", exc.problem))
    else:
        found.take(entry, (target.marketplace.host, target.key), text)


def _take_products(found: _Found, entry: Entry) -> None:
    """An entry may be a list of its own; words beside a product are notes."""
    if entry.text.startswith("=") or not _APART.search(entry.text):
        _take_part(found, entry, entry.text, [entry.text])
        return
    for part in marketplaces.entries(entry.text):
        _take_part(found, entry, part, marketplaces.words(part))


def _take_part(found: _Found, entry: Entry, part: str, words: list[str]) -> None:
    sure = [word for word in words if len(words) > 1 and is_certain(_bare(word))]
    if any(_resolves(word, found.default) for word in sure):
        _take_words(found, entry, words, sure)
    elif (target := _target(part, found.default)) is not None:
        _take_target(found, entry, part, target)
    elif sure:
        _take_words(found, entry, words, sure)
    elif len(words) > 1 and all(_resolves(word, found.default) for word in words):
        _take_words(found, entry, words, words)
    elif _is_note(part, words):
        found.pass_over(Entry(entry.row, part, entry.sheet), "note")
    else:
        _take_product(found, entry, part)


def _bare(word: str) -> str:
    return next(marketplaces.readings(word)) if len(word) >= _SHORTEST or "/" in word else word


def _resolves(word: str, default: Marketplace) -> bool:
    return _target(word, default) is not None


def _take_words(found: _Found, entry: Entry, words: list[str], sure: list[str]) -> None:
    for word in words:
        if word in sure or (len(word) >= _ATTEMPT and any(map(str.isdigit, word))):
            _take_product(found, entry, word)


def _is_note(part: str, words: list[str]) -> bool:
    """Whether a line is prose: a heading, a comment, words without a number among them."""
    told = part.startswith(("#", "//")) or part.endswith((":", "："))
    return told or (len(words) > 2 and not any(map(str.isdigit, part)) and "/" not in part)  # noqa: PLR2004


def _take_product(found: _Found, entry: Entry, text: str) -> None:
    target = _target(text, found.default)
    if target is None and (padded := with_zeros(_whole(text))) is not None:
        found.padded += 1
        target = Target(found.default, padded)
    if target is not None:
        _take_target(found, entry, text, target)
        return
    if (other := short_link(text) or product_code(text)) is not None:
        found.take(entry, (found.default.host, other), other)
        return
    found.reject(entry, plain(text), refusal(text))


def _take_target(found: _Found, entry: Entry, text: str, target: Target) -> None:
    found.take(entry, (target.marketplace.host, target.asin), value_of(text, target, found.default))


def _target(text: str, default: Marketplace) -> Target | None:
    """Letters alone are a word: every ASIN in use has a digit."""
    return None if text.strip().isalpha() else marketplaces.find_target(_whole(text), default)


def _whole(text: str) -> str:
    """Numbers that a program wrote as fractions, whole."""
    stripped = text.strip()
    return stripped[:-2] if stripped.endswith(".0") and stripped[:-2].isdigit() else stripped


def value_of(text: str, target: Target, default: Marketplace) -> str:
    """The target as it is kept: an address that is one stays, unless it is too long; anything else is its ASIN."""
    stripped = text.strip()
    if "/" in stripped and len(stripped) <= LONGEST_TARGET and marketplaces.asin_from_url(stripped) == target.asin:
        return stripped
    if target.marketplace is default:
        return target.asin
    return marketplaces.product_url(target.marketplace, target.asin)


def lines(text: str) -> Iterator[Entry]:
    """The filled lines of a pasted text."""
    yield from (Entry(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip())
