"""E-mail addresses: which are refused, how one is written, and which are one and the same."""

import re
import unicodedata

import idna

_IGNORABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
"""Invisible characters that are no format characters (Unicode: Default_Ignorable_Code_Point)."""
_ALIKE = {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "GEORGIAN", "LISU"}
"""Alphabets whose letters look like one another's."""


def problem(email: str) -> str | None:
    """What is wrong with the address for a new account, in words; None when nothing is. It has one at sign."""
    local, _, domain = email.rpartition("@")
    if any(_is_invisible(character) for character in email):
        return "must not contain invisible characters"
    if len({_alphabet(character) for character in local} & _ALIKE) > 1:
        return "must not mix letters of several alphabets"
    if local.startswith('"'):
        return "must not have quotation marks before the at sign"
    if _ascii(domain) is None:
        return "has a domain that can't exist"
    return None


def written(email: str) -> str:
    """The address as it is stored and shown: in lower case, the domain in ASCII, where look-alikes can be told apart."""
    return _form(unicodedata.normalize("NFKC", email).lower())


def key(email: str) -> str:
    """The same for all addresses that are one to a person: without invisible characters, NFKC, case-folded; of any text."""
    visible = "".join(character for character in email if not _is_invisible(character))
    return _form(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold()))


def _form(email: str) -> str:
    local, at, domain = email.rpartition("@")
    return local + at + (_ascii(domain) or domain)


def _ascii(domain: str) -> str | None:
    """The domain as the DNS knows it (IDNA 2008, mapped by UTS 46), without the root's dot; None where it can't know it."""
    if domain.isascii():
        return domain.lower().removesuffix(".")
    try:
        return idna.encode(domain, uts46=True).decode().removesuffix(".")
    except UnicodeError:
        return None


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cf", "Cc"} or _IGNORABLE.match(character) is not None


def _alphabet(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""
