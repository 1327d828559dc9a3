"""The words by which a page says things, read from ``words/<language>.toml`` when they are first asked for."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from azscraper.bytesearch import find
from azscraper.marketplaces.phrase_kinds import Phrases

_MARKS = dict.fromkeys([0x0307, 0x0640, *range(0x064B, 0x0653)])
"""What pages print or leave out as they like: vowels of Arabic, its lengthened lines, and the dot that lower case leaves of a Turkish capital."""
_TELLING = 2
"""Phrases that tell a language."""
_LONG_ENOUGH = 6
_FOLDER = Path(__file__).with_name("words")


def folded(line: str) -> str:
    """A line as phrases are written: in lower case, without marks that some pages print."""
    lower = line.lower()
    return lower if lower.isascii() else lower.translate(_MARKS)


@cache
def all_phrases() -> Mapping[str, Phrases]:
    """The phrases of every language, by ISO 639-1 code. Reads the files at the first call (20 ms)."""
    return MappingProxyType({file.stem: _phrases(file) for file in sorted(_FOLDER.glob("*.toml"))})


@lru_cache(maxsize=64)
def phrases_for(language: str | None) -> tuple[Phrases, ...]:
    """The phrases to try for a page's language (any BCP 47 tag), best first: its own, English, then the others."""
    own = (language or "en")[:2].lower()
    order = sorted(all_phrases(), key=lambda code: (code != own, code != "en"))
    return tuple(all_phrases()[code] for code in order)


def spoken_in(language: str) -> tuple[Phrases, ...]:
    """The phrases of a page in a language: its own, and English, which stands in where a text was never translated."""
    return phrases_for(language)[: 1 if language.startswith("en") else 2]


def every_phrase(kind: str) -> tuple[str, ...]:
    """The phrases of a kind in all languages, each once."""
    return tuple(dict.fromkeys(phrase for words in all_phrases().values() for phrase in getattr(words, kind)))


def phrase_pattern(kind: str) -> re.Pattern[str]:
    """What finds a phrase of a kind in a text of any language and case."""
    return re.compile(alternatives(kind), re.IGNORECASE)


def alternatives(kind: str, language: str | None = None) -> str:
    """What finds a phrase of a kind, as a part of a larger pattern: of all languages, or of a page in one."""
    spoken = () if language is None else spoken_in(language)
    phrases = [phrase for words in spoken for phrase in getattr(words, kind)] if spoken else every_phrase(kind)
    return "(?:" + "|".join(map(_bounded, phrases)) + ")"


def offer_labels(field: str) -> frozenset[str]:
    """The labels of a field's line in the buy box, in all languages."""
    return frozenset(label for words in all_phrases().values() for label in words.offer_labels.get(field, ()))


def language_of(text: str, languages: tuple[str, ...]) -> str:
    """Of a site's languages (BCP 47) the one that a text without a name for its own is in: the first, unless it has more phrases of another."""
    lower = folded(text).encode("utf-8", "replace")
    found = {language: _hits(lower, language[:2], _TELLING) for language in languages[:1]}
    if found[languages[0]] < _TELLING:
        found |= {language: _hits(lower, language[:2]) for language in languages[1:]}
    best = max(found, key=lambda language: found[language])
    return best if found[best] >= found[languages[0]] + _TELLING else languages[0]


def _hits(lower: bytes, code: str, most: int | None = None) -> int:
    """Phrases of a language in a text; no more are looked for than ``most``."""
    return sum(islice((True for phrase in _telling_phrases(code) if find(lower, phrase) >= 0), most))


@cache
def _telling_phrases(code: str) -> tuple[bytes, ...]:
    """Those that every page with an offer has some of, long enough to be no other language's."""
    words = all_phrases().get(code)
    labels = (*words.offer_labels.get("seller", ()), *words.offer_labels.get("ships_from", ())) if words else ()
    said = (*labels, *words.free_delivery, *words.in_stock) if words else ()
    return tuple(dict.fromkeys(phrase.encode() for phrase in said if len(phrase) >= _LONG_ENOUGH))


@cache
def seller_labels() -> Mapping[str, str]:
    """The fields of the block about a seller's business by their labels, folded, in all languages."""
    named = (pair for words in all_phrases().values() for pair in words.seller_labels.items())
    return MappingProxyType({folded(label): name for name, labels in named for label in labels})


def _bounded(phrase: str) -> str:
    before, behind = r"(?<!\w)" * phrase.startswith("|"), r"(?!\w)" * phrase.endswith("|")
    return before + re.escape(phrase.strip("|")) + behind


def _phrases(file: Path) -> Phrases:
    return Phrases(language=file.stem, **_frozen(tomllib.loads(file.read_text("utf-8"))))


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _frozen(value) if isinstance(value, dict) else tuple(dict.fromkeys(one.translate(_MARKS) for one in value))
        for key, value in table.items()
    }
