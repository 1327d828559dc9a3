"""Reads one value out of nested JSON whose shape nobody promises."""

from azscraper.parse.values import clean

_HIGHEST = 10**12


def dig(value: object, *path: str | int) -> object:
    """What is at a path of keys and places; None where any step of it is missing or of another shape. Never raises."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def said(value: object, *path: str | int) -> str | None:
    """The text at a path, cleaned; None where there is none. Never raises."""
    for step in path:  # as ``dig`` goes: texts are what is asked for most
        value = value.get(step) if isinstance(value, dict) else dig(value, step)
    return (clean(value) or None) if isinstance(value, str) else None


def whole(value: object, *path: str | int) -> int | None:
    """The number at a path, rounded; None where there is none, and for what no page counts. Never raises."""
    found = dig(value, *path)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return round(found) if abs(found) < _HIGHEST else None


def items(value: object, *path: str | int) -> list[object]:
    """The list at a path; empty where there is none. Never raises."""
    found = dig(value, *path)
    return found if isinstance(found, list) else []
