"""What a check of the installation found. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    UNKNOWN = "unknown"
    """Not checked, because something else failed."""
    WARNING = "warning"
    FAILED = "failed"


_ORDER = list(State)
_EXIT_CODES = {State.OK: 0, State.UNKNOWN: 0, State.WARNING: 1, State.FAILED: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    check: str
    state: State
    message: str
    """One sentence for people: what is so, and what to do about it. Holds no secrets."""
    subject: str | None = None
    """The marketplace, proxy or folder, where the check looks at several."""


def ok(check: str, message: str) -> Finding:
    """Nothing to do."""
    return Finding(check, State.OK, message)


def warning(check: str, message: str, subject: str | None = None) -> Finding:
    """It works, and somebody should look soon."""
    return Finding(check, State.WARNING, message, subject)


def failed(check: str, message: str, subject: str | None = None) -> Finding:
    """It does not work."""
    return Finding(check, State.FAILED, message, subject)


def unknown(check: str, message: str) -> Finding:
    """Could not be checked."""
    return Finding(check, State.UNKNOWN, message)


def or_ok(troubles: list[Finding], check: str, message: str) -> list[Finding]:
    """The troubles; one line that says that all is well where there are none."""
    return troubles or [ok(check, message)]


def worst(findings: Iterable[Finding]) -> State:
    """The state of the whole."""
    return max((finding.state for finding in findings), key=_ORDER.index, default=State.OK)


def exit_code(findings: Iterable[Finding]) -> int:
    """0 ok, 1 warning, 2 failed: as monitors read the codes of their plug-ins."""
    return _EXIT_CODES[worst(findings)]
