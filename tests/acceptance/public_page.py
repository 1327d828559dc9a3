"""Reads the public page: its sections, the snippets and the JSON in them, and its tables."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

SECTIONS = ("Projects", "List projects", "Create project", "Update project", "Create job", "List jobs for a project",
            "Get job by id", "Get results", "Export job results", "Retry job", "Cancel job", "Schedules", "Usage",
            "Health (no auth)", "Quick reference")  # fmt: skip
_STARTS = {"curl": "curl ", "node": "const ", "python": "import os", "json": "{"}
_PROSE = re.compile(r"^(Success|Error|Response|Not found|status is one of|Query:|POST |GET |PATCH )")


@dataclass(frozen=True)
class Block:
    """A piece of code on the page; ``label`` is the line of prose before it."""

    section: str
    language: str
    label: str
    code: str


def blocks(text: str) -> Iterator[Block]:
    """Every piece of code, in the page's order. Pieces follow one another without a mark between them."""
    section, label, language, code = "", "", "", []
    for line in [*text.splitlines(), "Success"]:
        started = next((name for name, start in _STARTS.items() if line.startswith(start)), "")
        if language and _ends(language, code, line, started):
            yield Block(section, language, label, "\n".join(code))
            language, code = "", []
        if started and not language:
            language = started
        if language:
            code.append(line)
        elif line in SECTIONS:
            section, label = line, ""
        elif line:
            label = line


def _ends(language: str, code: list[str], line: str, started: str) -> bool:
    if language == "json":
        return _is_whole("\n".join(code))
    if language == "curl" and not code[-1].endswith("\\"):
        return True
    return bool(_PROSE.match(line)) or line in SECTIONS or started not in {"", language}


def _is_whole(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def quick_reference(text: str) -> list[tuple[str, str, str]]:
    """(path, method, auth) of each row of the page's last table; a row with two methods gives two."""
    rows = re.findall(
        r"^(/\S+) ([A-Z]+(?:, [A-Z]+)*) ([YN])\b", text.rsplit("Quick reference", maxsplit=1)[-1], re.MULTILINE
    )
    return [(path, method, auth) for path, methods, auth in rows for method in methods.split(", ")]


def mismatch(value: object, shape: object, where: str = "$") -> str | None:
    """Where ``value`` is not of the printed shape: a key is missing, or a type is another; None when it is.

    Keys that the page does not print may be there. A printed time or id stands for any time or id.
    """
    if isinstance(shape, dict) and isinstance(value, dict):
        missing = shape.keys() - value.keys()
        if missing:
            return f"{where} lacks {sorted(missing)}"
        return next(filter(None, (mismatch(value[key], part, f"{where}.{key}") for key, part in shape.items())), None)
    if isinstance(shape, list) and isinstance(value, list):
        if shape and not value:
            return f"{where} is empty"
        return next(filter(None, (mismatch(item, shape[0], f"{where}[]") for item in value if shape)), None)
    if type(value) is not type(shape):
        return f"{where} is {value!r} where the page has {shape!r}"
    return None if _kind(shape).fullmatch(str(value)) else f"{where} is {value!r} where the page has {shape!r}"


def _kind(shape: object) -> re.Pattern[str]:
    if re.fullmatch(r"67[a-z0-9]+\.\.\.", str(shape)):
        return re.compile(r"[0-9a-f]{24}")
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", str(shape)):
        return re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
    return re.compile(".*", re.DOTALL)
