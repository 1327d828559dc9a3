"""``make score``: how right the parsers are, field by field, against labels that people made by reading the pages.

Reads the folder of recorded pages (first argument, else AZSCRAPER_PAGES) and the labels in tests/labels. Precision: of the values
that were read, how many are right. Recall: of the values that the page shows, how many were read right.
``--wrong FIELD`` lists what differs.
"""

import argparse
import gzip
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from score_fields import PRODUCT, ROW, SUMMARY
from score_kinds import folder_of_kinds, kinds_with_labels, score_kind
from silent_sources import folder_of, urls_of

from azscraper.kinds.recognise import parse
from azscraper.records import Parsed, Product, SearchRow

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "tests" / "labels"
Json = dict[str, Any]
_NOTHING = (None, [], {}, "", False)


@dataclass
class Score:
    """Counts of one field."""

    right: int = 0
    read: int = 0
    shown: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.shown if self.shown else 1.0


def plain(value: Any) -> Any:
    """What two writings of the same value have in common."""
    if isinstance(value, str):
        return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", value)).strip().casefold()
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {plain(key): plain(part) for key, part in value.items()}
    return value


def _overlap(read: Any, label: Any) -> bool:
    """Of texts; of what other kinds read under the same name it has to be the same."""
    if not isinstance(read, str) or not isinstance(label, str):
        return bool(read == label)
    return read in label or label in read


def _amounts(read: Json, label: Json) -> bool:
    flat = {key: part["amount"] if isinstance(part, dict) else part for key, part in label.items()}
    return all(flat.get(key) == part for key, part in read.items())


def _begins(read: str, label: str) -> bool:
    return str(read).startswith(str(label))


def _holds(read: Json, label: Json) -> bool:
    return all(read.get(key) == part for key, part in label.items())


# Long texts were labelled by their beginning, attributes, prices of variants and refinements by a sample, order does not matter in badges.
SAME: dict[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys(("deliveryText", "coupon", "dealLabel", "availabilityText", "condition"), _overlap),
    **dict.fromkeys(("priceRange", "unitPrice"), _amounts),
    **dict.fromkeys(
        ("firstFeature", "descriptionStart", "aPlusStart", "reviewTitle", "offerIdStart", "customersSayStart"), _begins
    ),
    **dict.fromkeys(("attributes", "variantPrices"), _holds),
    "ingredients": lambda read, label: label in read,
    "returnPolicy": lambda read, label: read.rstrip(".") == label.rstrip("."),
    "refinements": lambda read, label: all(pair in read for pair in label),
    "relatedTitles": lambda read, label: all(title in read for title in label),
    "customersSayFirstAspect": lambda read, label: read[: len(label)] == label,
    "badges": lambda read, label: sorted(read) == sorted(label),
    "isbn13": lambda read, label: read.replace("-", "") == label.replace("-", ""),
}


PARTS = frozenset({
    "adBlocks", "adBlockTitles", "adBlockBrands", "adBlockHeadlines", "adBlockProducts", "videoBlocks",
    "refinementValues", "refinementCounts", "refinementsApplied",
})  # fmt: skip
"""Lists that are scored part by part."""
SAMPLES = frozenset({"adBlockProducts", "refinementValues", "refinementCounts"})
UNIQUE = frozenset({"adBlockProducts", "refinementCounts"})
"""Samples whose first part names one thing: another value for it is wrong."""


def same(name: str, read: Any, label: Any) -> bool:
    """Whether a value is the labelled one."""
    compare = SAME.get(name, lambda one, other: bool(one == other))
    return compare(plain(read), plain(label))


def count(scores: dict[str, Score], name: str, read: Any, label: Any, where: str) -> None:
    """Add one comparison."""
    score = scores[name]
    is_read, is_shown = read not in _NOTHING and read != 0, label not in _NOTHING and label != 0
    if name == "position":
        is_read = is_shown = True
    good = is_read and is_shown and same(name, read, label)
    if name == "attributes" and not is_shown:
        return  # a page without a sample says nothing about the rest
    score.read += is_read
    score.shown += is_shown
    score.right += good
    if (is_read or is_shown) and not good:
        score.wrong.append(f"{where}: read {read!r}, labelled {label!r}")


def count_parts(scores: dict[str, Score], name: str, read: list[Any], label: list[Any], where: str) -> None:
    """Add one comparison of lists, part by part. Of a sample what was read is what was read for the keys of its parts."""
    if name in SAMPLES:
        keys = {plain(part[0]) for part in label}
        read = [part for place, part in enumerate(read) if part not in read[:place]]
        read = [part for part in read if plain(part[0]) in keys and (plain(part) in plain(label) or name in UNIQUE)]
    score, left = scores[name], list(read)
    for part in label:
        found = next((one for one in left if same_part(name, one, part)), None)
        if found is None:
            score.wrong.append(f"{where}: labelled {part!r}")
        else:
            left.remove(found)
            score.right += 1
    score.read += len(read)
    score.shown += len(label)
    score.wrong += [f"{where}: read {part!r}" for part in left]


def same_part(name: str, read: Any, label: Any) -> bool:
    """Whether a part of a list is the labelled one; titles of videos were labelled by their beginning."""
    one, other = plain(read), plain(label)
    if name == "videoBlocks":
        return bool(one[0] == other[0] and str(one[1]).startswith(other[1]) and one[2] == other[2])
    return bool(one == other)


def labelled(name: str) -> Iterator[Json]:
    path = LABELS / name
    if path.exists():
        yield from map(json.loads, path.read_text().splitlines())


def score_products(folder: Path, urls: dict[str, str]) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    for page in [page for part in "abcdefg" for page in labelled(f"details_{part}.jsonl")]:
        record = read(folder, page["file"], urls).record or Product()
        for name, label in page["fields"].items():
            if name in PRODUCT and not _undecided(name, label, page["fields"]):
                count(scores, name, PRODUCT[name](record), label, page["file"])
    return scores


def _undecided(name: str, label: Any, fields: Json) -> bool:
    """A page that names itself as its parent has no family; one without a lang attribute may say it elsewhere."""
    return (name == "parentAsin" and label == fields.get("asin")) or (name == "language" and label is None)


def score_search(folder: Path, urls: dict[str, str]) -> tuple[dict[str, Score], dict[str, Score]]:
    rows: dict[str, Score] = defaultdict(Score)
    pages: dict[str, Score] = defaultdict(Score)
    for page in labelled("search.jsonl"):
        if page.get("summary", {}).get("keyword", "") is None:  # a store or a category: it was not asked for by keyword
            urls = urls | {page["file"]: urls[page["file"]].partition("?")[0]}
        parsed = read(folder, page["file"], urls)
        count(pages, "asins", [row.asin for row in parsed.rows], page["asins"], page["file"])
        for name, label in page.get("summary", {}).items():
            value = SUMMARY[name](parsed.summary) if parsed.summary else None
            counts = count_parts if name in PARTS else count
            counts(pages, name, value, label, page["file"])
        by_position = {row.position: row for row in parsed.rows}
        for tile in page.get("tiles", []):
            row = by_position.get(tile["position"], SearchRow(asin=""))
            for name, label in tile.items():
                if name in ROW:
                    count(rows, name, ROW[name](row), label, f"{page['file']} #{tile['position']}")
    return rows, pages


def score_kinds(folder: Path, urls: dict[str, str]) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    for page in labelled("kinds.jsonl"):
        kind = read(folder, page["file"], urls).kind
        scores[kind].read += 1
        scores[page["kind"]].shown += 1
        scores[kind].right += kind == page["kind"]
        if kind != page["kind"]:
            scores[page["kind"]].wrong.append(f"{page['file']}: read {kind}, labelled {page['kind']}")
    return scores


def score_other_kinds() -> dict[str, dict[str, Score]]:
    """By kind; none where the folder of their pages is not here."""
    folder = folder_of_kinds()
    if not folder.exists():
        return {}
    return {name: score_kind(name, folder, Score, count) for name in kinds_with_labels()}


def read(folder: Path, name: str, urls: dict[str, str]) -> Parsed:
    return parse(gzip.decompress((folder / name).read_bytes()), urls[name])


def table(title: str, scores: dict[str, Score]) -> Table:
    shown = Table("field", "shown", "read", "right", "precision", "recall", title=title)
    for name, score in scores.items():
        poor = min(score.precision, score.recall)
        style = "green" if poor >= 0.97 else "yellow" if poor >= 0.9 else "red"
        shown.add_row(
            name,
            str(score.shown),
            str(score.read),
            str(score.right),
            f"{score.precision:.3f}",
            f"{score.recall:.3f}",
            style=style,
        )
    return shown


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--wrong", metavar="FIELD", help="list what differs in a field; * for all")
    given = folder_of(arguments)
    folder = given.folder
    urls = urls_of(folder)
    rows, pages = score_search(folder, urls)
    tables = {
        "Product": score_products(folder, urls),
        "SearchRow": rows,
        "Search page": pages,
        "Page kind": score_kinds(folder, urls),
    } | score_other_kinds()
    console = Console(width=100)
    for title, scores in tables.items():
        for name, score in scores.items():
            if given.wrong in {name, "*"}:
                for line in score.wrong:
                    print(f"{title} {name} {line}")
        if not given.wrong:
            console.print(table(title, scores))


if __name__ == "__main__":
    main()
