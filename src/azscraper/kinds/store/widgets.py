"""What stores and authors' pages keep their data in: one ``var config = {…}`` for each widget, each on a line of its own."""

from typing import Any

from azscraper.bytesearch import find
from azscraper.parse.dig import dig
from azscraper.parse.document import Document
from azscraper.parse.json_text import json_line

_BEGIN = b"var config = {"
_CALLER = b'"caller":"Cnuba"'
"""Of pages before stores had types; other pages have widgets of their own that begin like these."""
_TYPE = b'"storeType":"'
_MOST = 200
_WIDGET = b'"widgetType":"'
_OF_NO_USE = b'"widgetType":"AuthorCards"'
"""Drawn pages in a code of their own; none of our fields is in them."""


def store_type(document: Document) -> str | None:
    """``AUTHOR`` of an author's page; the shop's own word of another store's, empty where it says none. None without widgets."""
    return document.once(_store_type)


def _store_type(document: Document) -> str | None:
    if not document.holds(_BEGIN):
        return None
    place = document.place(_TYPE)
    if place < 0:
        return "" if document.holds(_CALLER) else None
    start = place + len(_TYPE)
    return document.source[start : start + 20].partition(b'"')[0].decode("ascii", "replace")


def widgets(document: Document) -> list[dict[str, Any]]:
    """The configurations of all widgets, in page order; what can't be read is left out."""
    source, place = document.source, document.place(_BEGIN)
    found: list[dict[str, Any]] = []
    while place >= 0 and len(found) < _MOST:
        start = place + len(_BEGIN) - 1
        value = _value(source, start)
        if isinstance(value, dict):
            found.append(value)
        place = find(source, _BEGIN, start)
    return found


def _value(source: bytes, start: int) -> object:
    end = find(source, b"\n", start)
    named = find(source, _WIDGET, start, end if end >= 0 else None)
    return None if source.startswith(_OF_NO_USE, named) else json_line(source, start)


def contents(document: Document) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Widgets with their contents: of a row of tiles that of each tile."""
    return document.once(_contents)


def _contents(document: Document) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found = []
    for widget in document.once(widgets):
        tiles = widget.get("tiles")
        parts = [widget.get("content"), *(dig(tile, "content") for tile in (tiles if isinstance(tiles, list) else []))]
        found += [(widget, part) for part in parts if isinstance(part, dict)]
    return found


def context(document: Document) -> object:
    """What the widgets know of the page that they are on."""
    return next(
        (found for widget in document.once(widgets) if isinstance(found := widget.get("pageContext"), dict)), None
    )
