"""The three locales of the pretend marketplace: how each writes money, numbers, ratings and dates, and its phrases.

The phrases are those by which a visitor (and a parser) tells a page's state; everything else is written for this
project.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib import resources

from babel.dates import format_date

NO_BREAK_SPACE = "\u00a0"


def _phrases(language: str) -> Mapping[str, str]:
    return tomllib.loads((resources.files(__package__) / "phrases" / f"{language}.toml").read_text("utf-8"))


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

    @property
    def origin(self) -> str:
        """Scheme and host without a final slash."""
        return f"https://{self.host}"


EN_US = Locale("www.amazon.com", "en-US", "USD", 0, "Amazon.com", "ATVPDKIKX0DER", _phrases("en"))
DE_DE = Locale("www.amazon.de", "de-DE", "EUR", 1, "Amazon", "A3JWKAKR8XB7XF", _phrases("de"))
JA_JP = Locale("www.amazon.co.jp", "ja-JP", "JPY", 2, "Amazon.co.jp", "AN1VRQENFRJN5", _phrases("ja"))
LOCALES = (EN_US, DE_DE, JA_JP)


def by_host(host: str) -> Locale:
    """The locale that a Host header names, with or without port, or the host that completes its searches; else ``www.amazon.com``."""
    name = host.strip().partition(":")[0].lower().removeprefix("completion.").removeprefix("www.")
    return next((locale for locale in LOCALES if name == locale.host.removeprefix("www.")), EN_US)


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
    whole, _, fraction = f"{amount:,.2f}".partition(".")
    if locale is DE_DE:
        whole = whole.replace(",", ".")
        return PriceParts(f"{whole},{fraction}{NO_BREAK_SPACE}€", "€", whole, ",", fraction, symbol_first=False)
    return PriceParts(f"${whole}.{fraction}", "$", whole, ".", fraction, symbol_first=True)


def money_text(locale: Locale, amount: Decimal) -> str:
    """A price as one string, in the locale's style."""
    return price_parts(locale, amount).text


def count_text(locale: Locale, count: int) -> str:
    """A whole number with the locale's group mark: ``12,345`` or ``12.345``."""
    text = f"{count:,}"
    return text.replace(",", ".") if locale is DE_DE else text


def rating_number(locale: Locale, rating: Decimal) -> str:
    """One decimal with the locale's mark: ``4.5`` or ``4,5``."""
    text = f"{rating:.1f}"
    return text.replace(".", ",") if locale is DE_DE else text


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
