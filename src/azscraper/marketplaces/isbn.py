"""ISBNs: a book's ASIN is its ISBN-10, however it is written."""

import re

_BETWEEN = re.compile(r"[\s\-‐‑‒–—.]+")
_SHORTENED = re.compile(r"\d{6,8}[\dX]")
_LENGTH = 10


def isbn10(text: str) -> str | None:
    """The ISBN-10 of an ISBN-10 or of an ISBN-13 of 978, hyphens, spaces and leading zeros of a GTIN-14 dropped.

    None for any other text, and where the check digit is wrong. (Books of 979 have no ISBN-10.)
    """
    digits = _BETWEEN.sub("", text).upper()
    if len(digits) == 14 and digits.startswith("0978"):  # noqa: PLR2004 - GTIN-14
        digits = digits[1:]
    if len(digits) == 13 and digits.startswith("978") and is_gtin(digits):  # noqa: PLR2004 - ISBN-13
        return digits[3:12] + _check_digit(digits[3:12])
    return digits if _is_isbn10(digits) else None


def with_zeros(text: str) -> str | None:
    """The ISBN-10 whose leading zeros a spreadsheet dropped, None when the check digit says that the text is none."""
    digits = text.strip().upper()
    padded = digits.zfill(_LENGTH)
    return padded if _SHORTENED.fullmatch(digits) and _is_isbn10(padded) else None


def is_gtin(digits: str) -> bool:
    """Whether the text is a product code of 8, 12, 13 or 14 digits (EAN, UPC, GTIN) with a right check digit."""
    if len(digits) not in {8, 12, 13, 14} or not (digits.isascii() and digits.isdigit()):
        return False
    return sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(reversed(digits))) % 10 == 0


def _is_isbn10(digits: str) -> bool:
    body = digits[:9]
    is_one = len(digits) == _LENGTH and body.isascii() and body.isdigit()
    return is_one and digits[9] == _check_digit(body)


def _check_digit(body: str) -> str:
    rest = sum(int(digit) * weight for digit, weight in zip(body, range(10, 1, -1), strict=True)) % 11
    return "0X987654321"[rest]
