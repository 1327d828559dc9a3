"""``make accuracy``: writes docs/accuracy.md: how right each field is on the recorded pages, and other parsers beside it on the same pages.

Reads the folder of recorded pages (first argument, else AZSCRAPER_PAGES), the labels in tests/labels, and .venv-accuracy with the
other parsers (``scripts/install accuracy``). Nothing of a page is written: only counts.
"""

import argparse
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import score_fields
from score import PARTS, Score, count, labelled, score_products, score_search
from score_fields import media_id
from silent_sources import folder_of, urls_of

from azscraper.kinds.explain import sources_of
from azscraper.marketplaces import of_url
from azscraper.parse.values import integer, money, rating
from azscraper.records import PARSER_VERSION, PageSummary, Product, SearchRow
from azscraper.records.field_texts import field_texts
from azscraper.records.parts import Record

ROOT = Path(__file__).parents[1]
BESIDE = ROOT / "bench" / "accuracy"
PAGE = ROOT / "docs" / "accuracy.md"
Json = dict[str, Any]

COMPARED = ("title", "price", "brand", "rating", "ratingCount", "firstImage", "sellerName")
IN_ROWS = ("title", "price", "brand", "rating", "ratingCount", "image")
PARSERS = {
    "amzpy": ("PyPI", "`parse_product_page(html, url)`, `parse_search_page(html, base_url)`", ("title", "price", "brand", "rating", "firstImage")),
    "amz-parser": ("PyPI", "`ListingParser(html, site, asin)` and its `get_…` methods", COMPARED),
    "AmazonParser": ("PyPI", "`AmazonAEProductPageParser(html, base_url)` and its `get_…` methods; made for amazon.ae", COMPARED),
    "amazon-page-parser": ("PyPI", "`DetailParser(html)` and its `parse_…` methods", ("title", "rating", "ratingCount", "firstImage")),
    "extruct": ("PyPI", "`extract(html, base_url, uniform=True)`: JSON-LD, microdata, RDFa, Open Graph", COMPARED[:6]),
    "metascraper-amazon": ("npm", "`metascraper([rules()])({ url, html })`; its author is the maker", ("title", "brand", "firstImage")),
}  # fmt: skip
"""Where each is from, how it is used, and which of the compared fields it has."""


def field_of(label: str, model: type[Record]) -> str | None:
    """JSON name of the field of a record that a label speaks of: the first one that the function for the label reads."""
    for names in (score_fields.PRODUCT, score_fields.ROW, score_fields.SUMMARY):
        if label in names and (field := next(_fields_read(names[label].__code__, model), None)):
            return str(model.model_fields[field].alias or field)
    return None


def _fields_read(code: CodeType, model: type[Record]) -> Iterator[str]:
    """Names of fields in a function's code, in the order in which they are named; those of helpers and inner functions behind them."""
    for name in code.co_names:
        if name in model.model_fields:
            yield name
        elif isinstance(helper := getattr(score_fields, name, None), FunctionType) and helper.__code__ is not code:
            yield from _fields_read(helper.__code__, model)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _fields_read(inner, model)


def fields_table(model: type[Record], scores: dict[str, Score], pages: str) -> list[str]:
    """A row a field: what it means, where it is read, how many pages show it, and how right it is; the worst of several labels counts."""
    by_field: dict[str, list[tuple[str, Score]]] = defaultdict(list)
    for label, score in scores.items():
        by_field[field_of(label, model) or ""].append((label, score))
    texts = field_texts(model)
    lines = [
        f"| field | meaning | sources | {pages} | precision | recall |",
        "| --- | --- | --- | ---: | ---: | ---: |",
    ]
    for name, info in model.model_fields.items():
        alias = str(info.alias or name)
        shown = by_field.get(alias, [])
        if alias in {"fetchedAt", "parserVersion", "warnings", "requestedAsin"}:
            continue
        sources = ", ".join(f"`{one}`" if one.startswith("#") else one for one in sources_of(model, name)[:4])
        more = len(sources_of(model, name)) - 4
        lines.append(
            f"| `{alias}` | {_cell(texts.get(name, ''))} | {_cell(sources)}{f' and {more} more' if more > 0 else ''} | {_counts(shown)} |"
        )
    return lines


def _cell(value: str) -> str:
    return " ".join(value.split()).replace("``", "`").replace("|", "\\|")


def _counts(shown: list[tuple[str, Score]]) -> str:
    if not any(score.shown or score.read for _, score in shown):
        return "– | – | –"
    most = max(score.shown for _, score in shown)
    told = [score for _, score in shown if score.shown or score.read]
    return f"{most} | {min(score.precision for score in told):.3f} | {min(score.recall for score in told):.3f}"


def asked_pages(folder: Path, urls: dict[str, str]) -> list[Json]:
    """The labelled product and result pages, for the other parsers."""
    asins = {line["file"]: line["asin"] for line in _manifest(folder)}
    products = dict.fromkeys(page["file"] for part in "ab" for page in labelled(f"details_{part}.jsonl"))
    lists = [page["file"] for page in labelled("search.jsonl")]
    return [
        {"file": file, "path": str(folder / file), "url": urls[file], "host": urls[file].split("/")[2], "asin": asins[file], "kind": kind}
        for kind, files in (("details", list(products)), ("search", lists))
        for file in files
    ]  # fmt: skip


def _manifest(folder: Path) -> Iterator[Json]:
    return map(json.loads, (folder / "manifest.jsonl").read_text().splitlines())


def others(pages: list[Json]) -> Iterator[Json]:
    """What the other parsers make of the pages."""
    asked = "".join(json.dumps(page) + "\n" for page in pages)
    python = ROOT / ".venv-accuracy" / "bin" / "python"
    for command in ([str(python), str(BESIDE / "parsers.py")], ["node", str(BESIDE / "metascraper.js")]):
        done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=3600)
        yield from map(json.loads, done.stdout.splitlines())


def plain_value(name: str, value: Any, host: str) -> Any:
    """A value of another parser as our labels write it; texts of numbers are read with our own functions, in its favour."""
    if value in (None, "", [], {}):
        return None
    if name == "price":
        site = of_url(f"https://{host}/")
        found = money(str(value), site) if site and not _is_number(value) else None
        return float(found.amount) if found else _number(value)
    if name == "rating":
        return _number(value) if _is_number(value) else rating(str(value))
    if name == "ratingCount":
        return integer(str(value))
    if name in {"firstImage", "image"}:
        return media_id(value[0] if isinstance(value, list) else str(value))
    return str(value)


def _is_number(value: Any) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", str(value).strip()) is not None


def _number(value: Any) -> float | None:
    return float(str(value)) if _is_number(value) else None


def score_others(answers: Iterable[Json], hosts: dict[str, str]) -> dict[str, dict[str, dict[str, Score]]]:
    """Scores by parser, then by kind of page, then by field."""
    products = {page["file"]: page["fields"] for part in "ab" for page in labelled(f"details_{part}.jsonl")}
    lists = {page["file"]: page.get("tiles", []) for page in labelled("search.jsonl")}
    scores: dict[str, dict[str, dict[str, Score]]] = defaultdict(
        lambda: {"details": defaultdict(Score), "search": defaultdict(Score)}
    )
    for answer in answers:
        parser, file, values = answer["parser"], answer["file"], answer["values"]
        if file in products:
            for name in PARSERS[parser][2]:
                _count(scores[parser]["details"], name, values.get(name), products[file], hosts[file])
        for tile in lists.get(file, []):
            row = values.get("rows", {}).get(tile["asin"], {})
            for name in IN_ROWS:
                _count(scores[parser]["search"], name, row.get(name), tile, hosts[file])
    return scores


def _count(scores: dict[str, Score], name: str, value: Any, labels: Json, host: str) -> None:
    if name not in labels:
        return
    label = labels[name]
    if name == "price" and isinstance(label, dict):
        label = label["amount"]
    count(scores, name, plain_value(name, value, host), label, "")


def ours(names: tuple[str, ...], scores: dict[str, Score]) -> dict[str, Score]:
    return {name: scores[name] for name in names if name in scores}


def beside_table(names: tuple[str, ...], columns: dict[str, dict[str, Score]]) -> list[str]:
    lines = ["| field | " + " | ".join(columns) + " |", "| --- |" + " --- |" * len(columns)]
    for name in names:
        cells = [_share(scores.get(name)) for scores in columns.values()]
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return lines


def _share(score: Score | None) -> str:
    if score is None or not score.shown:
        return "–"
    precision = f"{score.precision:.2f}" if score.read else "–"
    return f"{precision} / {score.recall:.2f}"


def versions() -> dict[str, str]:
    """As pinned."""
    pinned = dict(re.findall(r"^([\w-]+)==(\S+)", (BESIDE / "requirements.txt").read_text(), re.MULTILINE))
    npm = json.loads((BESIDE / "package.json").read_text())["dependencies"]
    return {name: pinned.get(name) or pinned.get(name.lower()) or npm[name] for name in PARSERS}


def write(
    folder: Path,
    scores: tuple[dict[str, Score], dict[str, Score], dict[str, Score]],
    beside: dict[str, dict[str, dict[str, Score]]],
) -> str:
    """The page."""
    products, rows, pages = scores
    labels = [page for part in "ab" for page in labelled(f"details_{part}.jsonl")]
    own = score_subset(folder, labels)
    pinned = versions()
    lines = [
        "# How right each field is",
        "",
        f"Written by `make accuracy`, with parser version {PARSER_VERSION}. Every number comes from recorded pages that people labelled by reading them:",
        f"{len(labels)} product pages and {len(list(labelled('search.jsonl')))} result pages of 2011 to 2026. The pages belong to others and are not published; the labels are in `tests/labels`.",
        "",
        "Precision: of the values that were read, how many are right. Recall: of the values that the pages show, how many were read right. The column before them says how many pages",
        "(of rows: tiles) show the field. Where several labels speak of one field, the worst of them counts. A dash: nobody has labelled it, or no recorded page shows it.",
        "",
        "These pages were used while the parsers were written. On 123 pages that were held out, precision over all fields was 0.998 and recall 0.990, of product pages alone 0.989 and 0.938.",
        "",
        "## Other parsers on the same pages",
        "Six parsers of Amazon pages or of metadata, from PyPI and npm, pinned and without a network, each used as its own documentation says. They read only what they are given: the same bytes, the same address.",
        "Where one prints a number as text, our functions read it, in its favour. A field that a parser does not have is a dash. Each cell is precision / recall.",
        "",
        "| parser | version | from | used as |",
        "| --- | --- | --- | --- |",
        *(f"| {name} | {pinned[name]} | {origin} | {use} |" for name, (origin, use, _) in PARSERS.items()),
        "",
        f"### {len(labels)} product pages",
        "",
        *beside_table(
            COMPARED, {"AzScraper": own} | {name: ours(PARSERS[name][2], beside[name]["details"]) for name in PARSERS}
        ),
        "",
        "### Rows of result pages",
        "Of the six only amzpy reads result pages.",
        "",
        *beside_table(IN_ROWS, {"AzScraper": ours(IN_ROWS, rows), "amzpy": ours(IN_ROWS, beside["amzpy"]["search"])}),
        "",
        "## Product",
        "",
        *fields_table(Product, products, "pages"),
        "",
        "## SearchRow",
        "",
        *fields_table(SearchRow, rows, "tiles"),
        "",
        "## PageSummary",
        f"Of lists ({', '.join(f'`{name}`' for name in sorted({field_of(name, PageSummary) or name for name in PARTS}))}) each part counts.",
        "",
        *fields_table(PageSummary, pages, "pages or parts"),
    ]
    return "\n".join(lines) + "\n"


def score_subset(folder: Path, labels: list[Json]) -> dict[str, Score]:
    """Our own values under the rules of the comparison."""
    import gzip  # noqa: PLC0415 - the same

    from azscraper.kinds.recognise import parse  # noqa: PLC0415 - beside its only use

    urls = urls_of(folder)
    scores: dict[str, Score] = defaultdict(Score)
    for page in labels:
        file = page["file"]
        record = parse(gzip.decompress((folder / file).read_bytes()), urls[file]).record or Product()
        values = {
            "title": record.title,
            "price": str(record.price.amount) if record.price else None,
            "brand": record.brand.name if record.brand else None,
            "rating": record.rating,
            "ratingCount": record.rating_count,
            "firstImage": record.images[0] if record.images else None,
            "sellerName": record.seller.name if record.seller else None,
        }
        for name in COMPARED:
            _count(scores, name, values[name], page["fields"], urls[file].split("/")[2])
    return scores


def main() -> None:
    given = folder_of(argparse.ArgumentParser(description=__doc__))
    urls = urls_of(given.folder)
    hosts = {file: url.split("/")[2] for file, url in urls.items()}
    rows, pages = score_search(given.folder, urls)
    scores = (score_products(given.folder, urls), rows, pages)
    beside = score_others(others(asked_pages(given.folder, urls)), hosts)
    PAGE.write_text(write(given.folder, scores, beside))


if __name__ == "__main__":
    main()
