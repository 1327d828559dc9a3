"""How right the readers of the other kinds are: labels name the wire's own keys, so that one comparison does for all of them.

A line of ``tests/labels/<kind>.jsonl`` has ``file``, ``url``, ``rows`` (in order, each with the fields that its labeller wrote down; a field
that the page does not show is null), ``count`` where not all rows are labelled, and ``summary``.
"""

import gzip
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from azscraper.kinds.recognise import parse
from azscraper.kinds.registry import kinds
from azscraper.records import Parsed

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "tests" / "labels"
Json = dict[str, Any]
Count = Callable[[Any, str, Any, Any, str], None]


def folder_of_kinds() -> Path:
    """Where the recorded pages of these kinds are: beside those of products and searches."""
    return Path(os.environ.get("AZSCRAPER_KIND_PAGES", ROOT.parent / "shared" / "pages-kinds"))


def kinds_with_labels() -> list[str]:
    """Those of the other kinds that somebody labelled pages of."""
    return [name for name in kinds() if name != "search" and (LABELS / f"{name}.jsonl").exists()]


def score_kind(name: str, folder: Path, make: Callable[[], Any], count: Count) -> dict[str, Any]:
    """The scores of a kind's fields; ``count`` adds one comparison to them."""
    scores: dict[str, Any] = defaultdict(make)
    for page in map(json.loads, (LABELS / f"{name}.jsonl").read_text("utf-8").splitlines()):
        parsed = read(folder, page)
        rows = [_dumped(row) for row in parsed.read.records] if parsed.type == name else []
        count(scores, f"{name}.rows", len(rows), page.get("count", len(page["rows"])), page["file"])
        for place, label in enumerate(page["rows"]):
            row = rows[place] if place < len(rows) else {}
            _compare(scores, _named(name, row), _named(name, label), f"{page['file']} #{place + 1}", count)
        summary = _dumped(parsed.summary) if parsed.type == name and parsed.summary else {}
        label = _named(f"{name}.summary", page.get("summary", {}))
        _compare(scores, _named(f"{name}.summary", summary), label, page["file"], count)
    return scores


def _named(before: str, values: Json) -> Json:
    return {f"{before}.{field}": value for field, value in values.items()}


def _compare(scores: Json, row: Json, label: Json, where: str, count: Count) -> None:
    for field, value in label.items():
        count(scores, field, like(row.get(field), value), value, where)


def like(read: Any, label: Any) -> Any:
    """What was read, with no more than the keys of the label, however deep."""
    if isinstance(read, dict) and isinstance(label, dict):
        return {key: like(read.get(key), part) for key, part in label.items()}
    if isinstance(read, list) and isinstance(label, list) and len(read) == len(label):
        return [like(one, part) for one, part in zip(read, label, strict=True)]
    return read


def read(folder: Path, page: Json) -> Parsed:
    """A recorded page: of this folder, or of that beside it which holds products and searches."""
    path = next((one for one in _places(folder, page["file"]) if one.exists()), folder / page["file"])
    media = "application/json" if ".json" in page["file"] else "text/html"
    return parse(gzip.decompress(path.read_bytes()), page["url"], media_type=media)


def _places(folder: Path, file: str) -> Iterator[Path]:
    yield from (folder / file, folder.parent / "pages" / file)


def _dumped(record: Any) -> Json:
    found: Json = record.model_dump(mode="json", by_alias=True)
    return found
