"""Reads values out of texts as Amazon writes them, in every locale: money, counts, ratings, addresses of images.

Pure functions of their text; what cannot be read is None. Patterns are linear in the length of the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from azscraper.marketplaces import Marketplace, asin_from_url
from azscraper.parse.remembered import remembered
from azscraper.records.parts import Money

_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_DIGITS = {
    ord(other): str(n) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९") for n, other in enumerate(digits)
}
_WIDE = {ord(other): plain for other, plain in zip("０１２３４５６７８９，．％", "0123456789,.%", strict=True)}
_INVISIBLE_MARK = re.compile("[" + "".join(map(chr, _INVISIBLE)) + "]")
_NUMBER_MARKS = _DIGITS | _WIDE | {ord("٫"): ".", ord("٬"): ",", ord("٪"): "%", ord("’"): "'"}

_FOREIGN_MARK = re.compile("[" + "".join(map(chr, _NUMBER_MARKS)) + "]")
_MILLS = frozenset({"KWD", "BHD", "OMR", "JOD"})
_DOLLARS = frozenset({"USD", "CAD", "AUD", "MXN", "SGD"})
_SYMBOLS = {
    "US$": "USD", "CDN$": "CAD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "MX$": "MXN", "S$": "SGD",
    "SG$": "SGD", "R$": "BRL", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "COL$": "COP", "€": "EUR", "£": "GBP",
    "₹": "INR", "RS.": "INR", "RS": "INR", "円": "JPY", "元": "CNY", "CN¥": "CNY", "JP¥": "JPY", "RMB": "CNY",
    "ZŁ": "PLN", "KR": "SEK", "KR.": "SEK", "TL": "TRY", "₺": "TRY", "R": "ZAR", "₪": "ILS", "₩": "KRW", "฿": "THB",
    "₱": "PHP", "₫": "VND", "₽": "RUB", "₴": "UAH", "₦": "NGN", "KČ": "CZK", "FT": "HUF", "RM": "MYR", "RP": "IDR",
    "د.إ": "AED", "درهم": "AED", "ر.س": "SAR", "ريال": "SAR", "\u20c1": "SAR", "ج.م": "EGP", "جنيه": "EGP",
    "E£": "EGP", "DH": "AED", "DHS": "AED",
}  # fmt: skip
_CODES = (
    "USD", "EUR", "GBP", "JPY", "CNY", "INR", "CAD", "AUD", "MXN", "BRL", "SGD", "AED", "SAR", "EGP", "TRY", "PLN",
    "SEK", "ZAR", "NZD", "HKD", "TWD", "CHF", "NOK", "DKK", "CZK", "HUF", "ILS", "KRW", "THB", "PHP", "VND", "RUB",
    "UAH", "NGN", "MYR", "IDR", "COP", "CLP", "ARS", "PEN", "KWD", "QAR", "BHD", "OMR", "JOD", "RON", "BGN", "KZT",
    "MAD", "GEL", "ISK", "KES", "UYU", "DOP", "CRC", "GTQ", "BOB", "PYG", "LKR", "PKR", "BDT", "NPR", "MOP", "LBP",
    "TTD", "JMD", "BSD", "KYD", "XOF", "XAF", "GHS", "TZS", "UGX",
)  # fmt: skip
_CURRENCY = dict.fromkeys(["$", "¥", "￥"], "") | _SYMBOLS | {code: code for code in _CODES}
_SIGN = "|".join(re.escape(sign) for sign in sorted(_CURRENCY, key=len, reverse=True))
_SIGN_BEFORE = re.compile(rf"(?<![^\W\d_])({_SIGN})[.\s]{{0,3}}$", re.IGNORECASE)
_SIGN_AFTER = re.compile(rf"\s?([円元]|(?:{_SIGN})(?![^\W\d_]))", re.IGNORECASE)
_SIGN_REACH = 9  # the longest sign and the blanks around it
_NUMBER = re.compile(r"\d+(?:[.,']\d+)*")
_LONGEST_PRICE_LINE = 4000  # characters; what is longer is prose
_LONGEST_NUMBER = 24  # a longer run of digits is a key, no amount
_SPACED_GROUP = re.compile(r" (\d{3})(?!\d)([.,]\d{1,2}(?!\d))?")
_DASH = re.compile(r"\s*[-–—~～]\s*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,']\d{2,3})*[.,']\d{3}|\d+")
_SCALES = {
    "k": 1000, "mil": 1000, "mila": 1000, "mille": 1000, "tsd": 1000, "tys": 1000, "bin": 1000, "b": 1000, "tn": 1000,
    "tusen": 1000, "ألف": 1000, "آلاف": 1000, "千": 1000, "천": 1000, "万": 10_000, "萬": 10_000, "만": 10_000,
    "हज\u093cार": 1000, "लाख": 100_000, "lakh": 100_000, "m": 10**6, "mio": 10**6, "mln": 10**6, "milhões": 10**6, "millones": 10**6, "مليون": 10**6,
}  # fmt: skip
_SCALE = re.compile(
    r"\s?([万萬千만천]|(?:" + "|".join(sorted(_SCALES, key=len, reverse=True)) + r")(?![^\W_]))", re.IGNORECASE
)
_INDIAN_SCALES = {"L": 100_000, "Cr": 10**7}
_INDIAN_SCALE = re.compile(r"(L|Cr)(?![^\W_])")  # lakh and crore: capitals, right behind the number
_PLAIN_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_PERCENT = re.compile(r"%\s?(\d+(?:[.,]\d+)?)|(\d+(?:[.,]\d+)?)\s?%(?!\d)")
_COMPOSITE_SIZE = re.compile(r"(?:_[A-Z]{2,4}\d*)+_\.(?=[a-z]{3,4}$)")
_TRACKING_STEP = re.compile(r"/ref=[^/]*|/\d{3}-\d{7}-\d{7}(?=/|$)")
_KEPT_PARAMETERS = frozenset({
    "node", "k", "rh", "i", "me", "bbn", "s", "page", "seller", "text", "field-keywords", "field-brandtextbin", "field-author",
    "field-artist", "field-actor", "field-director",
    "search-alias", "low-price", "high-price", "url",
})  # fmt: skip
_USUAL_LINK = re.compile(r"(?:https?://([a-z0-9.-]+))?(/(?!/)[^?#\s]*)(?:\?([^#\s]*))?(?:#\S*)?")
"""An address that is taken apart ten times faster: one from the root, without steps that begin with a dot."""

_RENDERED = "/images/W/"
_RENDERING = re.compile(r"/images/W/[\w-]{1,40}(?=/images/)")  # an experiment of 2022 and 2023
_USUAL_IMAGE = re.compile(r"(https://[a-z0-9.-]+/images/[A-Z]/[A-Za-z0-9+%-]+)(?:\._[^./?#]*)*(\.[a-z]+)\Z")
"""The address that nearly all images have, cut several times faster: a page names a hundred."""


def clean(text: str) -> str:
    """NFC, whitespace collapsed, invisible marks (LRM, RLM, zero-width, soft hyphen) removed."""
    return " ".join((text if text.isascii() else unmarked(text)).split())


def unmarked(text: str) -> str:
    """NFC, without invisible marks."""
    if text.isascii():
        return text
    if _INVISIBLE_MARK.search(text):
        text = text.translate(_INVISIBLE)
    return unicodedata.normalize("NFC", text)


def money(text: str, marketplace: Marketplace) -> Money | None:
    """The first amount of a text: with a currency sign, or the text is a number alone, then in the site's currency."""
    return next(iter(moneys(text, marketplace)), None)


@remembered
def moneys(text: str, marketplace: Marketplace) -> tuple[Money, ...]:
    """Every amount of a text, in order; the second of a range (``$5 - 9``) takes the sign of the first."""
    return tuple(_moneys(text, marketplace))


@remembered
def integer(text: str) -> int | None:
    """The first count of a text: ``1.234``, ``1,29,999``, ``1 234``, ``2K+``, ``2.3万``, ``1,2 mil``, ``1.9L``; None for 4.5."""
    plain = plain_digits(text)
    token = next(_numbers(plain, spaced=True), None)
    if token is None:
        return None
    scale = _scale_behind(plain, token.end)
    if scale:
        return int(_amount(token.text) * scale)
    number = token.text.replace(" ", "")
    return int(re.sub(r"\D", "", number)) if _GROUPED.fullmatch(number) else None


def _scale_behind(plain: str, end: int) -> int | None:
    """What the word behind a number multiplies it by."""
    indian = _INDIAN_SCALE.match(plain, end)
    if indian:
        return _INDIAN_SCALES[indian[1]]
    scale = _SCALE.match(plain, end)
    return _SCALES[scale[1].lower()] if scale else None


@remembered
def rating(text: str) -> float | None:
    """Stars from 0 to 5. Where the scale stands first (``5つ星のうち4.3``), the second number is the rating."""
    numbers = _PLAIN_NUMBER.findall(plain_digits(text))[:2]
    if not numbers:
        return None
    stars = [float(number.replace(",", ".")) for number in numbers]
    value = stars[1] if numbers[0] == "5" and len(stars) > 1 and stars[1] <= 5 else stars[0]  # noqa: PLR2004 - of five
    return value if 0 <= value <= 5 else None  # noqa: PLR2004 - of five


@remembered
def percent(text: str) -> int | None:
    """The first percentage of a text, without its sign: ``-20 %`` and ``%20`` are 20."""
    match = _PERCENT.search(plain_digits(text))
    number = (match[1] or match[2]).replace(",", ".") if match else ""
    return round(float(number)) if 0 < len(number) <= _LONGEST_NUMBER else None


def image(url: str) -> str:
    """The address of the largest form of an image: size suffix and query removed, https.

    A composite (``._CLa|…``: print on a shirt) is made by its suffix, so only the size inside the suffix goes.
    """
    if _RENDERED in url:
        url = _RENDERING.sub("", url)
    usual = _USUAL_IMAGE.match(url)
    if usual and "_CLa" not in url:
        return usual[1] + usual[2]
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    folder, slash, name = parts.path.rpartition("/")
    if "_CLa" in name:
        kept = _COMPOSITE_SIZE.sub("_.", name)
    else:
        stem, *rest = name.split(".")
        kept = ".".join([stem, *(part for part in rest if not part.startswith("_"))])
    return f"https://{parts.netloc}{folder}{slash}{kept}" if parts.netloc else folder + slash + kept


def picture(url: str, host: str) -> str | None:
    """The address of the largest form of an image, which may be written without its host; None for scripts."""
    whole = url if _USUAL_IMAGE.match(url) else absolute(url, host)
    return image(whole) if whole else None


def absolute(url: str, host: str) -> str | None:
    """A canonical address: ``https://<host>/dp/<ASIN>`` for a product, else without tracking parts; None for scripts."""
    usual = _USUAL_LINK.fullmatch(url)
    if usual is not None and "/." not in usual[2]:
        return _canonical(usual[1] or host, usual[2], usual[3] or "")
    try:
        parts = urlsplit(urljoin(f"https://{host}/", url.strip()))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return _canonical(parts.hostname, parts.path, parts.query, parts.netloc)


def _canonical(host: str, path: str, written: str, netloc: str = "") -> str:
    asin = asin_from_url(path)
    if asin:
        return f"https://{host}/dp/{asin}"
    plain = _TRACKING_STEP.sub("", path)
    kept = "&".join([one for one in written.split("&") if one.partition("=")[0] in _KEPT_PARAMETERS]) if written else ""
    query = urlencode(parse_qsl(kept)) if kept else ""
    return f"https://{netloc or host}{plain}" + (f"?{query}" if query else "")


def plain_digits(text: str) -> str:
    """The cleaned text with Arabic, Persian, Devanagari and full-width digits and separators as ASCII ones."""
    cleaned = clean(text)
    return cleaned.translate(_NUMBER_MARKS) if _FOREIGN_MARK.search(cleaned) else cleaned


class _Token(NamedTuple):
    text: str
    start: int
    end: int


def _moneys(text: str, marketplace: Marketplace) -> Iterator[Money]:
    plain = plain_digits(text[:_LONGEST_PRICE_LINE])
    tokens = list(_numbers(plain, spaced=marketplace.thousands == " "))
    signs = _signs(plain, tokens)
    if len(tokens) == 1 and tokens[0].text == plain:
        signs = [marketplace.currency]
    for token, sign in zip(tokens, _spread_over_ranges(plain, tokens, signs), strict=True):
        if sign:
            currency = _currency(sign, marketplace)
            yield Money(amount=_in_mills(token.text, currency) or _amount(token.text), currency=currency)


def _numbers(plain: str, *, spaced: bool) -> Iterator[_Token]:
    """Numbers with their groups; groups apart by a blank count where the site writes so, or when cents follow."""
    position = 0
    while match := _NUMBER.search(plain, position):
        end = match.end()
        position = end
        if len(match[0]) > _LONGEST_NUMBER:
            continue
        if match[0].isdigit() and len(match[0]) <= 3:  # noqa: PLR2004 - a leading group
            end = _end_of_groups(plain, end, spaced=spaced)
        position = end
        yield _Token(plain[match.start() : end], match.start(), end)


def _end_of_groups(plain: str, start: int, *, spaced: bool) -> int:
    end, cents = start, False
    while not cents and (group := _SPACED_GROUP.match(plain, end)):
        end, cents = group.end(), group[2] is not None
    return end if spaced or cents else start


def _signs(plain: str, tokens: list[_Token]) -> list[str | None]:
    """The currency sign of each number, none used twice: ``12,99 €12,99 €`` and ``$5.99$6.99`` are two amounts each."""
    signs: list[str | None] = []
    free = 0
    for token in tokens:
        before = _SIGN_BEFORE.search(plain[max(free, token.start - _SIGN_REACH) : token.start])
        after = None if before else _SIGN_AFTER.match(plain, token.end)
        if after and plain[after.end() : after.end() + 1].isdigit() and after[1] in "$£₹¥￥":
            after = None
        sign = before or after
        signs.append(sign[1] if sign else None)
        free = after.end() if after else token.end
    return signs


def _spread_over_ranges(plain: str, tokens: list[_Token], signs: list[str | None]) -> list[str | None]:
    """``$5 - 9`` and ``5 - 9 €`` are two amounts."""
    spread = list(signs)
    for left in range(len(tokens) - 1):
        if (spread[left] is None) != (spread[left + 1] is None):
            between = plain[tokens[left].end : tokens[left + 1].start]
            if _DASH.fullmatch(between):
                spread[left] = spread[left + 1] = spread[left] or spread[left + 1]
    return spread


def _currency(sign: str, marketplace: Marketplace) -> str:
    if sign == "$":
        return marketplace.currency if marketplace.currency in _DOLLARS else "USD"
    if sign in "¥￥":
        return "CNY" if marketplace.currency == "CNY" else "JPY"
    return _CURRENCY.get(sign) or _CURRENCY.get(sign.upper()) or sign.upper()


def _in_mills(number: str, currency: str) -> Decimal | None:
    """``12.345`` of a currency whose smallest unit is a thousandth; visitors from there see it in English."""
    whole, mark, mills = number.replace(",", "").rpartition(".")
    return Decimal(f"{whole}.{mills}") if currency in _MILLS and mark and len(mills) == 3 and whole.isdigit() else None  # noqa: PLR2004


def _amount(number: str) -> Decimal:
    """Of two kinds of separators the last is the decimal one; one that comes once is decimal unless three digits follow."""
    plain = number.replace(" ", "").replace("'", "")
    mark = max(plain.rfind("."), plain.rfind(","))
    if mark < 0:
        return Decimal(plain)
    head, tail = plain[:mark], plain[mark + 1 :]
    lone = "." not in head and "," not in head
    grouped = len(tail) == 3 and (lone or plain[mark] in head) and not head.startswith("0")  # noqa: PLR2004 - a group
    whole = re.sub(r"\D", "", head)
    if grouped or (not lone and plain[mark] in head):
        return Decimal(whole + tail)
    return Decimal(f"{whole}.{tail}")
