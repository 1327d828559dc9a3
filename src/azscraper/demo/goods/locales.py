"""The locales of the pretend marketplace: how each writes money, numbers, ratings and dates, and its phrases.

Three are written out in all their texts; the others say what a visitor (and a parser) goes by, and the rest in English.

The phrases are those by which a visitor (and a parser) tells a page's state; everything else is written for this
project.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any

from babel.dates import format_date

NO_BREAK_SPACE = "\u00a0"


def _read(language: str) -> Mapping[str, Any]:
    return tomllib.loads((resources.files(__package__) / "phrases" / f"{language}.toml").read_text("utf-8"))


_ENGLISH = _read("en")


@dataclass(frozen=True, slots=True)
class Coins:
    """How prices are written, and what a US cent is worth."""

    pattern: str
    """``$#`` or ``# kr``: the symbol, and the number."""
    cents: Decimal
    """Of the currency, for a US cent."""
    decimal: str = "."
    thousands: str = ","


@dataclass(frozen=True, slots=True)
class Locale:
    """One marketplace in the language that it is served in."""

    host: str
    language: str
    """BCP 47."""
    currency: str
    """ISO 4217."""
    column: int
    """Where this language stands in a trilingual text of ``words``."""
    shop: str
    """Name of the shop, which is also its own seller name."""
    merchant_id: str
    """Id of the shop as a seller."""
    phrases: Mapping[str, str] = field(hash=False, repr=False)
    """The words around the values on a page; ``{}`` stands where a value goes."""
    coins: Coins | None = field(default=None, hash=False, repr=False)
    """None of the three that are written out."""
    words: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    """What English words of products are called here; none of the three."""
    texts: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)
    """Labels and sentences of products; none of the three."""

    def said(self, text: Sequence[str]) -> str:
        """A trilingual text in this language; in English where it has no word for it."""
        spoken = text[self.column]
        return self.words.get(spoken, spoken)

    @property
    def is_right_to_left(self) -> bool:
        """Whether its pages are read from the right."""
        return self.language[:2] in {"ar", "he"}

    @property
    def origin(self) -> str:
        """Scheme and host without a final slash."""
        return f"https://{self.host}"


EN_US = Locale("www.amazon.com", "en-US", "USD", 0, "Amazon.com", "ATVPDKIKX0DER", _ENGLISH)
DE_DE = Locale("www.amazon.de", "de-DE", "EUR", 1, "Amazon", "A3JWKAKR8XB7XF", _read("de"))
JA_JP = Locale("www.amazon.co.jp", "ja-JP", "JPY", 2, "Amazon.co.jp", "AN1VRQENFRJN5", _read("ja"))
LOCALES = (EN_US, DE_DE, JA_JP)


def _other(domain: str, language: str, currency: str, coins: Coins) -> Locale:
    host, own = f"www.amazon.{domain}", _read(language[:2])
    phrases = {**_ENGLISH, **{name: text for name, text in own.items() if isinstance(text, str)}}
    shop, merchant = f"Amazon.{domain}", f"A{sum(map(ord, host)):05}DEMOSHOP"
    return Locale(
        host, language, currency, 0, shop, merchant, phrases, coins, own.get("words", {}), own.get("texts", {})
    )


_AFTER = f"#{NO_BREAK_SPACE}"
_SPACES = (",", NO_BREAK_SPACE)
_POINTS = (",", ".")
_EURO = Decimal("0.93")


OTHERS = (
    _other("co.uk", "en-GB", "GBP", Coins("£#", Decimal("0.79"))),
    _other("fr", "fr-FR", "EUR", Coins(f"{_AFTER}€", _EURO, *_SPACES)),
    _other("it", "it-IT", "EUR", Coins(f"{_AFTER}€", _EURO, *_POINTS)),
    _other("es", "es-ES", "EUR", Coins(f"{_AFTER}€", _EURO, *_POINTS)),
    _other("nl", "nl-NL", "EUR", Coins(f"€{NO_BREAK_SPACE}#", _EURO, *_POINTS)),
    _other("se", "sv-SE", "SEK", Coins(f"{_AFTER}kr", Decimal("10.4"), *_SPACES)),
    _other("pl", "pl-PL", "PLN", Coins(f"{_AFTER}zł", Decimal("3.95"), *_SPACES)),
    _other("com.be", "fr-BE", "EUR", Coins(f"{_AFTER}€", _EURO, *_SPACES)),
    _other("ie", "en-IE", "EUR", Coins("€#", _EURO)),
    _other("com.tr", "tr-TR", "TRY", Coins("#TL", Decimal(34), *_POINTS)),
    _other("ae", "en-AE", "AED", Coins(f"AED{NO_BREAK_SPACE}#", Decimal("3.67"))),
    _other("ae", "ar-AE", "AED", Coins(f"{_AFTER}درهم", Decimal("3.67"))),
    _other("sa", "ar-SA", "SAR", Coins(f"{_AFTER}ريال", Decimal("3.75"))),
    _other("eg", "ar-EG", "EGP", Coins(f"{_AFTER}جنيه", Decimal(49))),
    _other("in", "en-IN", "INR", Coins("₹#", Decimal(84))),
    _other("com.au", "en-AU", "AUD", Coins("$#", Decimal("1.53"))),
    _other("sg", "en-SG", "SGD", Coins("S$#", Decimal("1.34"))),
    _other("ca", "en-CA", "CAD", Coins("$#", Decimal("1.39"))),
    _other("com.mx", "es-MX", "MXN", Coins("$#", Decimal(18))),
    _other("com.br", "pt-BR", "BRL", Coins(f"R${NO_BREAK_SPACE}#", Decimal("5.4"), *_POINTS)),
    _other("co.za", "en-ZA", "ZAR", Coins("R#", Decimal(18))),
    _other("cn", "zh-CN", "CNY", Coins("￥#", Decimal("7.1"))),
    _other("com", "he-IL", "USD", Coins("$#", Decimal(1))),
)
"""The other marketplaces, and the languages besides the first that are asked for by ``Accept-Language``."""
ALL = (*LOCALES, *OTHERS)


def by_host(host: str, accepted: str = "") -> Locale:
    """The locale that a Host header names, with or without port, or the host that completes its searches.

    An Accept-Language chooses among its languages. ``www.amazon.com`` in English for any other host; the marketplace's first language for any other language.
    """
    name = host.strip().partition(":")[0].lower().removeprefix("completion.").removeprefix("www.")
    there = [locale for locale in ALL if name == locale.host.removeprefix("www.")] or [EN_US]
    wanted = accepted.partition(",")[0].strip()
    return next((locale for locale in there if locale.language == wanted), there[0])


@dataclass(frozen=True, slots=True)
class PriceParts:
    """A price as the page spells it: symbol, whole and fraction in elements of their own."""

    text: str
    symbol: str
    whole: str
    mark: str
    """Decimal mark; empty for yen."""
    fraction: str
    symbol_first: bool


def price_parts(locale: Locale, amount: Decimal) -> PriceParts:
    """A price in the locale's style: ``$1,299.00``, ``1.299,00 €`` (no-break space), ``￥129,900``."""
    if locale is JA_JP:
        whole = f"{int(amount):,}"
        return PriceParts(f"￥{whole}", "￥", whole, "", "", symbol_first=True)
    coins = _coins(locale)
    whole, _, fraction = f"{amount:,.2f}".partition(".")
    whole = whole.replace(",", coins.thousands)
    text = coins.pattern.replace("#", f"{whole}{coins.decimal}{fraction}")
    symbol = coins.pattern.replace("#", "").strip()
    return PriceParts(text, symbol, whole, coins.decimal, fraction, symbol_first=not coins.pattern.startswith("#"))


def _coins(locale: Locale) -> Coins:
    if locale.coins is not None:
        return locale.coins
    return Coins(f"{_AFTER}€", _EURO, *_POINTS) if locale is DE_DE else Coins("$#", Decimal(1))


def money_text(locale: Locale, amount: Decimal) -> str:
    """A price as one string, in the locale's style."""
    return price_parts(locale, amount).text


def count_text(locale: Locale, count: int) -> str:
    """A whole number with the locale's group mark: ``12,345`` or ``12.345``."""
    return f"{count:,}".replace(",", _coins(locale).thousands)


def rating_number(locale: Locale, rating: Decimal) -> str:
    """One decimal with the locale's mark: ``4.5`` or ``4,5``."""
    return f"{rating:.1f}".replace(".", _coins(locale).decimal)


def rating_text(locale: Locale, rating: Decimal) -> str:
    """``4.5 out of 5 stars``, ``4,5 von 5 Sternen``, ``5つ星のうち4.5``."""
    return locale.phrases["stars"].format(rating_number(locale, rating))


def date_text(locale: Locale, day: date) -> str:
    """``September 1, 2027``, ``1. September 2027``, ``2027年9月1日``."""
    return format_date(day, "long", locale=locale.language.replace("-", "_"))


def bought_text(locale: Locale, count: int) -> str:
    """How often the product was bought, as the page rounds it: ``2K+ bought in past month``."""
    thousands = f"{count // 1000}{locale.phrases['thousand']}" if count >= 1000 else str(count)  # noqa: PLR2004 a thousand
    return locale.phrases["bought"].format(thousands)
