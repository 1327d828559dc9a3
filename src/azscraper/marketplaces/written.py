"""How people write a product: with marks, quotes and labels around it, as a formula, in a note. And why a text names none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from azscraper.marketplaces.isbn import is_gtin, isbn10, with_zeros

SHORT_HOSTS = frozenset({"a.co", "amzn.to", "amzn.eu", "amzn.asia", "amzn.in", "amzn.co", "amzn.com", "z.cn"})
"""Amazon's own hosts whose addresses say nothing of the product that they lead to."""
_LONGEST_SHOWN = 100
_SHORTEST = 10
"""Characters of an ASIN and of an ISBN."""
_USUAL_FORMS = {0xFF01 + place: 0x21 + place for place in range(94)}
"""Full-width letters, digits and signs as the usual ones. (NFKC makes eighteen characters of one: strangers send these.)"""
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffd]"
)
"""Direction marks, zero-width spaces, byte order marks, soft hyphens, control characters."""
_AROUND = " \t'\"`´“”„‟‘’‚‹›«»「」『』【】()[]{}<>,;.:!?、。，；|•*·–—-→►✓#"
_FORMULA = re.compile(r"=\s*(?:hyperlink\s*\(\s*)?\"((?:[^\"]|\"\")*)\"", re.IGNORECASE)
_LINK_START = re.compile(r"\]\((?=http)|href=[\"']|<(?=http)", re.IGNORECASE)
_LINK = re.compile(r"[^)\s\"'<>]*")
_LABEL = re.compile(
    r"^[^:=/.?&]{0,40}?(?:(?:asin|isbn(?:[-\s]?1[03])?|ean(?:[-\s]?13)?)(?:\s*(?:code|number|no\.?|nr\.?))?\s*[:=#-]?|[:=])\s*(?=\S)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\d{1,4}[.)]\s+")
_CERTAIN = re.compile(r"B(?=[A-Z]{0,8}\d)[A-Z0-9]{9}")
_WORD = re.compile(
    r"\d,\d+[Ee]\+\d{1,2}(?![A-Za-z0-9])|https?://(?:(?![,;|](?:https?://|[A-Za-z0-9]{10}(?![A-Za-z0-9])))\S)+|[^\s,;|]+"
)
_SEPARATORS = ",;|\t"
_PART = re.compile(rf"{_WORD.pattern}|[{_SEPARATORS}]|\s")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,2}", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#:]\S*)?", re.IGNORECASE)
_JOINTS = re.compile(r"[\s-]+")
_CODE_LABEL = re.compile(
    r"^(?:ean|upc|gtin|isbn)(?:[-\s]?(?:8|1[0234])(?!\d))?\s*(?:code)?\s*[:=#-]?\s*(?=\d)", re.IGNORECASE
)
_LONGEST_CODE = 60
_EAN_8, _UPC = 8, 12
_LOOK_ALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text names no product."""

    reason: str
    """``empty``, ``not_a_product``, ``foreign_address``, ``no_product``, ``short_link``, ``gtin`` or ``rounded``."""
    message: str
    """What is wrong, then what to do."""
    repair: str | None = None
    """What may have been meant: names a product."""


def plain(text: str) -> str:
    """The text without invisible characters, in usual letter forms, its white space single."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return visible(text.translate(_USUAL_FORMS))


def visible(text: str) -> str:
    """The text without invisible characters, its white space single."""
    return " ".join(_INVISIBLE.sub("", text).split())


def readings(text: str) -> Iterator[str]:
    """The text as it may be meant, nearest first: bare, out of a formula or link, unquoted, behind a label."""
    clean = plain(text)
    formula = _FORMULA.match(clean)
    if formula is not None:
        clean = formula[1].replace('""', '"')
    start = _LINK_START.search(clean)
    if start is not None and (link := _LINK.match(clean, start.end())) is not None:
        yield link[0]
    if "%" in clean:
        clean = plain(unquote(clean))
    bare = _bare(clean)
    yield bare
    behind = _bare(_LABEL.sub("", bare, count=1))
    if behind != bare and is_certain(behind):
        yield behind


def _bare(text: str) -> str:
    return _NUMBERED.sub("", text.strip(_AROUND)).strip(_AROUND)


def is_certain(text: str) -> bool:
    """Whether the text can hardly be anything but a product: B and a digit among ten characters, an ISBN, an address."""
    if len(text) < _SHORTEST and "/" not in text:
        return False
    upper = text.upper()
    return _CERTAIN.fullmatch(upper) is not None or isbn10(text) is not None or _is_address(text)


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and "/" in text


def product_code(text: str) -> str | None:
    """The digits of an EAN, UPC or ISBN-13, however they are written, with a right check digit; None for any other text.

    A UPC has twelve in every spelling.
    """
    digits = _JOINTS.sub("", _CODE_LABEL.sub("", _bare(plain(text[:_LONGEST_CODE])), count=1))
    if not is_gtin(digits):
        return None
    short = digits.lstrip("0")
    return digits if len(digits) == _EAN_8 else short.zfill(_UPC) if len(short) <= _UPC else short


def refusal(text: str) -> Refusal:
    """Why the text, which names no product, names none."""
    clean = _bare(plain(text))
    shown = repr(plain(text)[:_LONGEST_SHOWN])
    if not clean:
        return Refusal("empty", "is empty")
    if _ROUNDED.fullmatch(clean):
        return Refusal("rounded", f"{shown} is a number that the spreadsheet rounded: format its column as text")
    if (padded := with_zeros(clean)) is not None:
        return Refusal("not_a_product", f"{shown} is an ISBN without its leading zeros: write {padded}", padded)
    digits = _JOINTS.sub("", clean)
    if is_gtin(digits) or is_gtin(digits.zfill(12)):
        code = digits if is_gtin(digits) else digits.zfill(12)
        return Refusal("gtin", f"{shown} is a product code (EAN, UPC, GTIN), not an ASIN: search for {code}")
    if _is_address(clean):
        return _of_address(clean, shown)
    repair = _repaired(clean)
    hint = f": did you mean {repair}?" if repair else ""
    message = f"{shown} is neither an ASIN (ten letters and digits) nor the address of an Amazon product{hint}"
    return Refusal("not_a_product", message, repair)


def _of_address(text: str, shown: str) -> Refusal:
    host = (urlsplit(text if "://" in text else f"https://{text}").hostname or "").removeprefix("www.")
    if host in SHORT_HOSTS:
        message = f"{shown} is a short link of Amazon: open it in a browser, and take the address of the product page"
        return Refusal("short_link", message)
    if "amazon." in host:
        return Refusal("no_product", f"{shown} is an address of Amazon that names no product")
    return Refusal("foreign_address", f"{shown} is not the address of an Amazon product", _repaired(text))


def _repaired(text: str) -> str | None:
    """The one ASIN that stands in the text, or that it is with O, I and L read as digits."""
    upper = text.upper()
    runs: list[str] = re.findall(r"[A-Z0-9]+", upper)
    named = {word for word in runs if _CERTAIN.fullmatch(word)}
    if len(named) == 1:
        return named.pop()
    squeezed = _JOINTS.sub("", upper)
    for meant in (squeezed, squeezed[:2].translate(_LOOK_ALIKE) + squeezed[2:], squeezed.translate(_LOOK_ALIKE)):
        if _CERTAIN.fullmatch(meant):
            return meant
    return None


def entries(text: str) -> list[str]:
    """What commas, semicolons, bars and tabs part, but for those within an address or a rounded number (``9,78E+12``)."""
    found: list[list[str]] = [[]]
    for part in _PART.findall(text):
        if part in _SEPARATORS:
            found.append([])
        else:
            found[-1].append(part)
    return [entry for parts in found if (entry := "".join(parts).strip())]


def words(text: str) -> list[str]:
    """The addresses and words of an entry."""
    return _WORD.findall(text)
