"""Names of countries, in the language of a page, as ISO 3166 codes."""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError

_CODE_LENGTH = 2
_CUT = "..."
_SHORTEST = 6  # letters that name a country


def country_code(name: str, language: str) -> str | None:
    """The code of a country's name in a language (BCP 47) or in English; None for what is no country's name.

    A shortened name ("Vereinigte Staaten von...") is the one country that begins so.
    """
    key = _key(name)
    known = (_codes(language[:2].lower()), _codes("en"))
    return known[0].get(key) or known[1].get(key) or _shortened(key, known)


def _shortened(key: str, known: tuple[Mapping[str, str], ...]) -> str | None:
    beginning = key.rstrip(". ") if key.endswith(_CUT) else ""
    if len(beginning) < _SHORTEST:
        return None
    found = {code for names in known for name, code in names.items() if name.startswith(beginning)}
    found |= {
        names[_key(name)]
        for names in known
        for name in _OTHERWISE
        if name.startswith(beginning) and _key(name) in names
    }
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=32)
def _codes(language: str) -> Mapping[str, str]:
    try:
        names = Locale(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {_key(name): code for code, name in names.items() if len(code) == _CODE_LENGTH and code.isalpha()}


def _key(name: str) -> str:
    """CLDR writes "Hong Kong SAR China" and "Türkiye" where shops print "Hong Kong" and "Turkey"."""
    lower = name.casefold().strip()
    return _OTHERWISE.get(lower, lower)


_OTHERWISE = {
    "turkey": "türkiye",
    "hong kong": "hong kong sar china",
    "macau": "macao sar china",
    "macao": "macao sar china",
    "czech republic": "czechia",
    "south korea": "south korea",
    "korea, republic of": "south korea",
    "russian federation": "russia",
    "united states of america": "united states",
    "usa": "united states",
    "vereinigte staaten von amerika": "vereinigte staaten",
    "états-unis d'amérique": "états-unis",
    "stati uniti d'america": "stati uniti",
    "estados unidos de américa": "estados unidos",
    "estados unidos da américa": "estados unidos",
    "verenigde staten van amerika": "verenigde staten",
    "stany zjednoczone ameryki": "stany zjednoczone",
    "viet nam": "vietnam",
    "myanmar": "myanmar (burma)",
    "ivory coast": "côte d’ivoire",
}
