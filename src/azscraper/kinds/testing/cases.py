"""Saved pages, and what a kind reads from each: an item a field, so that a wrong price is one red price."""

import gzip
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from azscraper.kinds.kind import Kind
from azscraper.kinds.recognise import as_json, read_as, recognise
from azscraper.kinds.testing.hold import BLANK, Check, hold
from azscraper.parse.page import Page

_GZIP_MAGIC = b"\x1f\x8b"
_BESIDE_THE_PAGE = {"record", "parserVersion", "fetchedAt"}


def of_cases(kind: Kind[Any], cases: Path) -> Iterator[tuple[str, Check]]:
    """An item for each value of each case of the kind."""
    folders = folders_of(kind, cases)
    where = f"{cases} has no case of the kind: azscraper extract --save-case {cases} page.html makes one"
    yield "cases", partial(hold, folders, where)
    for folder in folders:
        read = cache(partial(_read_case, kind, folder))
        for part, value in _parts(_case(folder)["expected"]):
            yield f"{folder.name} {' '.join(part)}", partial(_is_read, read, part, value)


def folders_of(kind: Kind[Any], cases: Path) -> list[Path]:
    """Those of its cases."""
    own = {kind.page_name, f"empty_{kind.page_name}"}
    folders = sorted(path.parent for path in cases.glob("*/case.json"))
    return [folder for folder in folders if _case(folder)["expected"]["kind"] in own]


def _case(folder: Path) -> Any:
    return orjson.loads((folder / "case.json").read_bytes())


def page_of(folder: Path) -> Page:
    """The page of a case."""
    file = next(folder.glob("page.*"), None)
    if file is None:
        pytest.fail(
            f"{folder} has no page: azscraper extract {folder.name}.html --save-case {folder.parent} puts it there",
            pytrace=False,
        )
    body = file.read_bytes()
    body = gzip.decompress(body) if body.startswith(_GZIP_MAGIC) else body
    return Page(body, _case(folder)["url"], "application/json" if ".json" in file.suffixes else "text/html")


def _parts(expected: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Where each value stands: one item each, so that a wrong price is one red price."""
    for name, value in expected.items():
        if isinstance(value, dict):
            yield from (((name, field), inner) for field, inner in value.items() if field not in _BESIDE_THE_PAGE)
        elif name == "rows":
            yield (name,), len(value)
            yield from (((name, str(number)), row) for number, row in enumerate(value))
        else:
            yield (name,), value


def _read_case(kind: Kind[Any], folder: Path) -> dict[tuple[str, ...], Any]:
    page = page_of(folder)
    hold(
        BLANK.encode() not in page.body,
        f"The page of {folder} is still a blank: save one that shows what the kind reads",
    )
    hold(kind.recognises(page), f"The kind does not recognise the page of {folder}")
    first = recognise(page)
    hold(first is None or first.name == kind.name, f"The page of {folder} is taken for one of {first and first.name}")
    return dict(_parts(as_json(read_as(kind, page))))


def _is_read(read: Callable[[], dict[tuple[str, ...], Any]], part: tuple[str, ...], expected: Any) -> None:
    found = read().get(part)
    same = _lasting(found) == _lasting(expected)
    hold(same, f"{' '.join(part)} is\n{found!r}\nand not\n{expected!r}")


def _lasting(value: Any) -> Any:
    return (
        {key: part for key, part in value.items() if key not in _BESIDE_THE_PAGE} if isinstance(value, dict) else value
    )
