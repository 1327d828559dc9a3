"""Why a field has its value: which source gave it, and what the others say. For people, so slower than reading the page.

A kind says where the fields of its records come from; all their sources are asked.
"""

from dataclasses import asdict
from datetime import date, datetime, time
from functools import partial
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.kind import Heard, Kind, Origin
from azscraper.kinds.recognise import read_page
from azscraper.kinds.registry import kinds
from azscraper.kinds.unread import unread
from azscraper.parse.page import Page
from azscraper.records import Parsed
from azscraper.records.options import nearest
from azscraper.records.parts import Record

_OF_THE_FETCH = {"record", "fetched_at", "requested_asin", "parser_version", "warnings"}
_EMPTY: tuple[object, ...] = (None, (), [], {}, "", False)


class Said(NamedTuple):
    """What one source says; of the first that says something the field has its value."""

    source: str
    value: Any
    used: bool


class Explanation(NamedTuple):
    """A field of one record: a row at its position, the only one of a page, or the summary of the page."""

    value: Any
    sources: list[Said]
    position: int | None = None
    asin: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the wire: the place of a tile first, where it is one."""
        place = {"position": self.position, "asin": self.asin} if self.position is not None else {}
        return place | {"value": self.value, "sources": [said._asdict() for said in self.sources]}


def explain(body: bytes, url: str, field: str, fetched_on: date | None = None) -> tuple[str, list[Explanation]]:
    """What the page is, and the field of each of its records or of its summary; empty where its kind has no such field.

    ``field`` is a JSON name (``listPrice``). Raises InvalidInputError for a name that no record has.
    """
    _require(field)
    page = _page(body, url, fetched_on)
    parsed = read_page(page)
    return parsed.kind, _explained(page, parsed, field)


def explain_all(body: bytes, url: str, fetched_on: date | None = None) -> tuple[str, dict[str, Any]]:
    """What the page is, each field of its records by JSON name as ``explain`` has it, its layout, and the named regions that no source asks for."""
    page = _page(body, url, fetched_on)
    parsed = read_page(page)
    origins = _origins(kinds()[parsed.type]) if parsed.type and parsed.read.records else ()
    fields = {
        name: [one.as_json() for one in _explained(page, parsed, name)]
        for origin in reversed(origins)
        for name in _fields(origin.record)
    }
    found = unread(page)
    layout = {"kind": found.kind, "device": found.device, "title": found.title} if found else None
    return parsed.kind, {
        "fields": fields,
        "layout": layout,
        "unread": [asdict(one) for one in found.regions] if found else [],
    }


def sources_of(record: type[Record], name: str) -> list[str]:
    """The sources of a record's field by name, best first; none for what the address, the fetch or the page as a whole says."""
    origins = (origin for kind in kinds().values() for origin in _origins(kind) if origin.record is record)
    return next((origin.sources(name) for origin in origins), [])


def _page(body: bytes, url: str, fetched_on: date | None) -> Page:
    return Page(body, url, fetched_at=datetime.combine(fetched_on, time.min) if fetched_on else None)


def _origins(kind: Kind[Any]) -> tuple[Origin, ...]:
    """Those that the kind names; of its other records what its reader made of the page."""
    known = {origin.record for origin in kind.origins}
    records = (*kind.records, *((kind.summary,) if kind.summary else ()))
    return kind.origins + tuple(
        Origin(record, lambda _: [], partial(_hear_reader, kind, record), otherwise="page")
        for record in dict.fromkeys(records)
        if record not in known
    )


def _hear_reader(kind: Kind[Any], record: type[Record], page: Page, _: str) -> Heard:
    read = kind.reads(page, None)
    said = (*read.records, *((read.summary,) if read.summary else ()))
    return ((one, []) for one in said if type(one) is record)


def _fields(model: type[Record]) -> list[str]:
    return [str(info.alias or name) for name, info in model.model_fields.items() if name not in _OF_THE_FETCH]


def _attribute(model: type[Record], field: str) -> str | None:
    """Behind a JSON name, or a name of Python."""
    return next((name for name, info in model.model_fields.items() if field in {name, info.alias}), None)


def _require(field: str) -> None:
    models = [origin.record for kind in kinds().values() for origin in _origins(kind)]
    names = {_attribute(model, field) for model in models} - {None}
    if not names or field in _OF_THE_FETCH or names & _OF_THE_FETCH:
        known = sorted({name for model in models for name in _fields(model)})
        meant = nearest(field, known)
        message = f"{field[:60]!r} is not a field that is read from a page{meant}; fields are {', '.join(known)}"
        raise InvalidInputError(message, [Detail("explain", message)])


def _explained(page: Page, parsed: Parsed, field: str) -> list[Explanation]:
    """Of the first origin that has the field, and records to say it of."""
    for origin in _origins(kinds()[parsed.type]) if parsed.type else ():
        name = _attribute(origin.record, field)
        if name is not None and (found := [_of(origin, name, *one) for one in origin.hear(page, name)]):
            return found
    return []


def _of(origin: Origin, name: str, record: Record, heard: list[tuple[str, Any]]) -> Explanation:
    value = getattr(record, name)
    said = _marked(heard or [(origin.otherwise, value)], has_value=value not in _EMPTY)
    return Explanation(_json(value), said, getattr(record, "position", None), getattr(record, "asin", None))


def _marked(said: list[tuple[str, Any]], *, has_value: bool) -> list[Said]:
    first = next((place for place, (_, value) in enumerate(said) if value not in _EMPTY), None)
    return [
        Said(source, None if value in _EMPTY else _json(value), has_value and place == first)
        for place, (source, value) in enumerate(said)
    ]


def _json(value: Any) -> Any:
    return to_jsonable_python(value, by_alias=True)
