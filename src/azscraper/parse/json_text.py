"""JSON as attributes and scripts hold it."""

import json
import re
from json import JSONDecodeError

import orjson

from azscraper.bytesearch import find

_ISLAND_BYTES = 4_000_000  # a family of 2,000 variants with images; longer is not an island
_LINE_BYTES = 8_000_000
_LITERAL_ESCAPE = re.compile(r"\\(['\\/])")
_MORE_BEHIND = "unexpected content after document"
_LITERAL_ONLY = ("\\'", "\\x")  # escapes that JavaScript knows and JSON does not
_JSON = json.JSONDecoder(strict=False)


def json_object(written: str | None) -> dict[str, object]:
    """The object that a text is; empty for anything else. Never raises."""
    try:
        found: object = json.loads(written or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


def json_at(source: bytes, start: int) -> object:
    """The value that begins there, in a script of a page; None where it is none. Never raises."""
    end = find(source, b"</script", start)
    behind = source[start : end if end >= 0 else None][:_ISLAND_BYTES]
    found = _begun(behind.partition(b"\n")[0])
    if found is not None:
        return found
    text = behind.decode("utf-8", "replace")
    try:
        return _raw_json(text)
    except JSONDecodeError as error:
        if text[error.pos : error.pos + 2] not in _LITERAL_ONLY:
            return None
    except RecursionError:
        return None
    return _json_of_literal(text)


def _begun(line: bytes) -> object:
    """What a line of a script begins with, which is nearly all there is; None where it is no JSON that ends in the line.

    Two fast passes, as the first tells where the value ends, take less than a slow one.
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return orjson.loads(error.doc[: error.pos]) if error.msg == _MORE_BEHIND else None


def json_line(source: bytes, start: int) -> object:
    """The value that begins there on a line that holds nothing but values and ``);`` behind it; else as ``json_at``.

    Widgets are written so: JSON has no line break of its own, and what has a known end is read five times faster.
    """
    end = find(source, b"\n", start)
    line = source[start : end if end >= 0 else None][:_LINE_BYTES].rstrip()
    try:
        found: list[object] = orjson.loads(b"[%b]" % line.removesuffix(b";").removesuffix(b")"))
    except orjson.JSONDecodeError:
        return json_at(source, start)
    return found[0] if found else None


def _json_of_literal(text: str) -> object:
    """JSON inside a script's own string, where quotes and backslashes are escaped once more."""
    try:
        return _raw_json(_LITERAL_ESCAPE.sub(r"\1", text))
    except (ValueError, RecursionError):
        return None


def _raw_json(text: str) -> object:
    value: object = _JSON.raw_decode(text)[0]
    return value
