"""TODO: what these pages are, as rows of what."""

import re

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Kind, Target, column
from azscraper.kinds.things.page import reads, recognises, rows
from azscraper.kinds.walks import single
from azscraper.marketplaces import Marketplace, find
from azscraper.records.things import ThingsOptions, ThingsRow

_TARGET = re.compile(r"(?:https://(?P<host>[\w.-]+)/TODO/)?(?P<key>[A-Za-z0-9-]{1,60})/?(?:\?.*)?", re.ASCII)


def _resolve(text: str, marketplace: Marketplace) -> Target:
    """A key, or the address of its page, whose host names the marketplace."""
    found = _TARGET.fullmatch(text.strip())
    if found is None:
        raise InvalidInputError.of("target", "is neither TODO: what a key is nor the address of such a page")
    return Target("things", found["key"], find(found["host"]) if found["host"] else marketplace)


def _url(asked: Asked[ThingsOptions]) -> str:
    sort = f"?sort={asked.options.sort}" if asked.options.sort else ""
    return f"https://{asked.target.marketplace.host}/TODO/{asked.target.key}{sort}"


THINGS = Kind(
    name="things",
    label="TODO: what its rows are, for people",
    about="TODO: what its jobs read: a sentence.",
    target_label="TODO: what its targets are, for people",
    example="TODO-a-target",
    missing="TODO: what to do about a target that the marketplace does not have.",
    records=(ThingsRow,),
    options=ThingsOptions,
    resolve=_resolve,
    next=single(_url),
    recognises=recognises,
    reads=reads,
    rows=rows,
    columns=(
        column("title", ColumnType.TEXT),
        column("key", ColumnType.TEXT),
        column("position", ColumnType.NUMBER),
    ),
)
