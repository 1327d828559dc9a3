"""Which passwords are refused because they are guessed first. Pure but for the list, which is read from the package once."""

import re
import unicodedata
from functools import cache
from importlib import resources

from azscraper.errors import InvalidInputError

_LEAST_DIFFERENT = 3
"""Characters: one or two alone are the first that a guesser repeats."""
_PRODUCT = "azscraper"
_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
"""What people add to a word so that a rule is content: digits and signs at either end."""


def problem(password: str, *, email: str) -> str | None:
    """What is wrong with the password of the account with that e-mail address, in words; None when nothing is.

    Capital letters, digits and signs at the ends change nothing. Length is not looked at.
    """
    folded = _folded(password)
    word = _AROUND.sub("", folded)
    if len(set(folded)) < _LEAST_DIFFERENT:
        return "repeats one or two characters; use more different ones"
    if not common().isdisjoint(_forms(folded)):
        return "is one of the most common passwords; choose a rarer one, for example four unrelated words"
    if word == _PRODUCT:
        return "must not be the name of this product"
    if folded == _folded(email) or (word and word in _parts(email)):
        return "must not be the e-mail address or a part of it"
    return None


def require(password: str, *, email: str, field: str) -> None:
    """Raises InvalidInputError, which names the field, for a password that has a problem."""
    found = problem(password, email=email)
    if found is not None:
        raise InvalidInputError.of(field, found)


def _forms(folded: str) -> set[str]:
    """As it is, without signs at the ends, and without digits as well."""
    return {folded, _SIGNS.sub("", folded), _AROUND.sub("", folded)}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _parts(email: str) -> set[str]:
    """The whole, what is before the at sign, and the domain with and without its ending."""
    whole = _folded(email)
    local, _, domain = whole.rpartition("@")
    return {_AROUND.sub("", part) for part in (whole, local, domain, domain.rpartition(".")[0])}


@cache
def common() -> frozenset[str]:
    """The list: ten thousand, of eight characters and more, case-folded."""
    return frozenset(
        resources.files("azscraper.tenants").joinpath("common_passwords.txt").read_text("utf-8").split("\n")[:-1]
    )
