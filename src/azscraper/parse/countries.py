"""Names of countries, in the language of a page, as ISO 3166 codes."""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError

_CODE_LENGTH = 2


def country_code(name: str, language: str) -> str | None:
    """The code of a country's name in a language (BCP 47) or in English; None for what is no country's name."""
    key = _key(name)
    return _codes(language[:2].lower()).get(key) or _codes("en").get(key)


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
    "viet nam": "vietnam",
    "myanmar": "myanmar (burma)",
    "ivory coast": "côte d’ivoire",
}
