"""Bytes of a text file as text, in whatever encoding people's programs write: decoded right, or refused.

No library does it: charset-normalizer reads a short GBK list as Korean and a Turkish one as Polish, and says so of none.
"""

import re
from collections.abc import Iterator

from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs.target_lists.headers import role_of

_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_LETTERS = {
    # encoding: the letters that each language has beside a to z
    "cp1252": "äöüß|àâæçéèêëîïôœùûüÿ|áéíñóúüªº|àèéìíîòóùú|éèëïöüáóêàâç|åäöé|àáâãçéêíóôõúüªº|æøåé",
    "cp1254": "çğıiöşüâîû",
    "cp1250": "ąćęłńóśźż|áčďéěíňóřšťúůýž",
}
_SIGNS = frozenset("€£¥¢§©®™°±²³µ¹¼½¾×÷•…–—‘’‚“”„«»‹›¡¿´¨¦†‡·")
_AMONG_LETTERS = frozenset("’´·–—")
_MIXED = re.compile(
    "[A-Za-z][^\x00-\x7f][a-z]|[ךםןףץ][א-ת]|[a-z][א-ת\u0600-\u06ff]|[א-ת\u0600-\u06ff][a-z]|^[\u200e\u200f][^\x00-\x7f]"
)
"""What only a wrong encoding makes: a strange letter between two of ours, the form of a word's end within a word."""
_WIDE = ("cp932", "gb18030", "big5hkscs", "cp949", "euc_jp")
_RIGHT_TO_LEFT = {"cp1256": ("\u0600", "\u06ff"), "cp1255": ("\u05d0", "\u05ea")}
_SURE = 0.9
_HEADER_LINES = 5
_SAMPLE = 50_000
"""Characters that an encoding is judged by."""


def decoded(body: bytes) -> str:
    """The text. Raises InvalidInputError when its encoding can't be told for sure."""
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return _strict(body, encoding)
    if b"\x00" in body[:_SAMPLE]:
        return _strict(body, _unmarked_utf16(body))
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body)


def _unmarked_utf16(body: bytes) -> str:
    sample = body[:_SAMPLE]
    return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"


def _strict(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as exc:
        raise _refused() from exc


def _refused() -> InvalidInputError:
    message = "The file's text encoding can't be told for sure: save it as CSV UTF-8 or XLSX"
    return InvalidInputError(message, [Detail("file", message)])


def _legacy(body: bytes) -> str:
    """The text in the one encoding in which it is made of usual letters, names of columns deciding between two."""
    fits = dict.fromkeys(_readings(body))
    if not fits:
        raise _refused()
    if len(fits) == 1:
        return next(iter(fits))
    named = sorted(((_names(text), text) for text in fits), reverse=True)
    if named[0][0] == named[1][0]:
        raise _refused()
    return named[0][1]


def _readings(body: bytes) -> Iterator[str]:
    narrow = next(_narrow(body), None)
    if narrow is not None:
        yield narrow
        return
    for encoding in _WIDE:
        text = _unmixed(body, encoding)
        if text is not None and _share(text, encoding) >= _SURE:
            yield text
    for encoding, (first, last) in _RIGHT_TO_LEFT.items():
        text = _unmixed(body, encoding)
        if text is not None and _share_between(text, first, last) >= _SURE:
            yield text


def _narrow(body: bytes) -> Iterator[str]:
    """The text in the first code page, western before others, whose foreign letters are those of one language."""
    for encoding, languages in _LETTERS.items():
        text = _tried(body, encoding)
        if text is None:
            continue
        foreign = {char for char in text.lower() if char > "\x7f"} - _SIGNS
        fits = any(foreign <= set(letters) | {"\u0307"} for letters in languages.split("|"))
        if fits and _signs_stand_alone(text) and _is_mostly_latin(text):
            yield text


def _tried(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _unmixed(body: bytes, encoding: str) -> str | None:
    text = _tried(body, encoding)
    return None if text is None or _MIXED.search(text[:_SAMPLE]) else text


def _signs_stand_alone(text: str) -> bool:
    """Whether no sign stands between two letters, as those of a wrong code page do."""
    inside = (b for a, b, c in zip(text, text[1:], text[2:], strict=False) if a.isalpha() and c.isalpha())
    return not any(b in _SIGNS and b not in _AMONG_LETTERS for b in inside)


def _is_mostly_latin(text: str) -> bool:
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    return sum(char > "\x7f" for char in letters) * 2 <= len(letters)


def _share(text: str, encoding: str) -> float:
    """The share of the text's wide characters that its language uses daily."""
    wide = [char for char in text[:_SAMPLE] if char > "\x7f"]
    return sum(_is_usual(char, encoding) for char in wide) / len(wide) if wide else 0.0


def _is_usual(char: str, encoding: str) -> bool:
    if "\u3000" <= char <= "\u3011" or "\uff01" <= char <= "\uff5e":
        return True  # punctuation and full-width forms
    if encoding in {"cp932", "euc_jp"}:
        return "\u3041" <= char <= "\u30ff" or _leads(char, "euc_jp", 0xB0, 0xCF)
    if encoding == "cp949":
        return _leads(char, "euc_kr", 0xB0, 0xC8)
    return _leads(char, "big5", 0xA4, 0xC6) if encoding == "big5hkscs" else _leads(char, "gb2312", 0xB0, 0xD7)


def _leads(char: str, encoding: str, first: int, last: int) -> bool:
    """Whether the character is in the rows of the standard that hold the most used ones."""
    try:
        code = char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and first <= code[0] <= last  # noqa: PLR2004 - a wide character


def _share_between(text: str, first: str, last: str) -> float:
    letters = [char for char in text[:_SAMPLE] if char > "\x7f" and char.isalpha()]
    return sum(first <= char <= last for char in letters) / len(letters) if letters else 0.0


def _names(text: str) -> int:
    """How many cells of the first lines are names of columns that ASCII can't write."""
    lines = [line for line in text[:_SAMPLE].splitlines() if line.strip()][:_HEADER_LINES]
    cells = [cell.strip(' "') for line in lines for cell in re.split(r"[,;\t|]", line)]
    return sum(not cell.isascii() and role_of(cell) is not None for cell in cells)
