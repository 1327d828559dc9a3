"""Labels of product details: which record field a label of any language names."""

import re
from functools import cache, lru_cache

from azscraper.marketplaces.phrases import all_phrases, folded

_SITE = re.compile(r"(?:www\.)?amazon(?:\.com?)?(?:\.[a-z]{2,3})?(?![a-z])(?:'[dt][ae]\b)?")
_SIDES = re.compile(r"\s*[(（]?(?:[^\s()（）]{1,12}\s?[x×*]\s?){1,3}[^\s()（）]{1,12}[)）]?$")


@lru_cache(maxsize=4096)  # shops print the same labels on every page
def field_of(label: str) -> str | None:
    """The record field that a printed label names, whatever site it speaks of ("Date first available at Amazon.ca")."""
    plain = folded(label).replace("’", "'").strip(" ?:")
    plain = " ".join(_SITE.sub(" ", plain).split()) if "amazon" in plain else plain
    return _fields().get(plain) or _measured(plain)


def _measured(plain: str) -> str | None:
    """Dimensions say in the end which sides they name: "item dimensions l x w x thickness"."""
    measure = _fields().get(_SIDES.sub("", plain))
    return measure if measure in {"dimensions", "package_dimensions"} else None


@cache
def plainest(field: str) -> frozenset[str]:
    """The first label of a field in each language, which names the whole: "material", not "base material"."""
    return frozenset(words.labels[field][0] for words in all_phrases().values() if words.labels.get(field))


@cache
def _fields() -> dict[str, str]:
    return {
        label: field for words in all_phrases().values() for field, labels in words.labels.items() for label in labels
    }
