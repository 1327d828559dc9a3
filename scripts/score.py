"""``make score``: how right the parsers are, field by field, against labels that people made by reading the pages.

Reads the folder of recorded pages (first argument, else AZSCRAPER_PAGES) and the labels in tests/labels. Precision: of the values
that were read, how many are right. Recall: of the values that the page shows, how many were read right.
``--wrong FIELD`` lists what differs. ``--silent`` lists the sources that gave no recorded page its value: they may go.
"""

import argparse
import gzip
import json
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from azscraper.kinds.details.read import FIELDS
from azscraper.kinds.explain import sources_of
from azscraper.kinds.recognise import classify, parse
from azscraper.parse.document import Document
from azscraper.records import PageKind, PageSummary, Parsed, Product, SearchRow
from azscraper.records.parts import Review, VariantItem

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


def money(value: Any) -> Json | None:
    return None if value is None else {"amount": float(value.amount), "currency": value.currency}


def amount(value: Any) -> float | None:
    return None if value is None else float(value.amount)


def media_id(url: str | None) -> str | None:
    """The part of an image URL that names the picture."""
    return url.rsplit("/", 1)[-1].split(".")[0].replace("%2B", "+") if url else None


def of(value: Any, name: str) -> Any:
    return getattr(value, name) if value is not None else None


def first_review(record: Product) -> Review | None:
    return next(iter(record.top_reviews), None)


def variant_items(record: Product) -> tuple[VariantItem, ...]:
    return record.variants.items if record.variants else ()


def similar(record: Product) -> tuple[str, ...]:
    return record.related_asins.similar if record.related_asins else ()


PRODUCT: dict[str, Callable[[Product], Any]] = {
    "asin": lambda p: p.asin,
    "parentAsin": lambda p: p.parent_asin,
    "title": lambda p: p.title,
    "brand": lambda p: of(p.brand, "name"),
    "contributors": lambda p: [c.name for c in p.contributors],
    "price": lambda p: money(p.price),
    "listPrice": lambda p: money(p.list_price),
    "savingsPercent": lambda p: of(p.savings, "percent"),
    "priceRange": lambda p: (
        p.price_range and {"min": float(p.price_range.min.amount), "max": float(p.price_range.max.amount)}
    ),
    "offerState": lambda p: p.offer_state.value,
    "unitPrice": lambda p: p.unit_price and {"amount": float(p.unit_price.amount), "per": p.unit_price.per},
    "availabilityStatus": lambda p: p.availability and p.availability.status.value,
    "availabilityQuantity": lambda p: of(p.availability, "quantity"),
    "sellerName": lambda p: of(p.seller, "name"),
    "sellerIsAmazon": lambda p: of(p.seller, "is_amazon"),
    "shipsFrom": lambda p: p.ships_from,
    "condition": lambda p: p.condition,
    "isPrime": lambda p: p.is_prime,
    "coupon": lambda p: p.coupon,
    "dealLabel": lambda p: of(p.deal, "label"),
    "deliveryText": lambda p: of(p.delivery, "text"),
    "deliveryEarliest": lambda p: of(p.delivery, "earliest"),
    "deliveryLatest": lambda p: of(p.delivery, "latest"),
    "offersNewCount": lambda p: of(p.offers, "new_count"),
    "offersUsedCount": lambda p: of(p.offers, "used_count"),
    "offersNewFrom": lambda p: amount(of(p.offers, "new_from")),
    "offersUsedFrom": lambda p: amount(of(p.offers, "used_from")),
    "rating": lambda p: p.rating,
    "ratingCount": lambda p: p.rating_count,
    "reviewCount": lambda p: p.review_count,
    "histogram": lambda p: p.rating_histogram,
    "answeredQuestions": lambda p: p.answered_questions,
    "boughtPastMonth": lambda p: p.bought_past_month,
    "imagesCount": lambda p: len(p.images),
    "firstImage": lambda p: media_id(p.images[0]) if p.images else None,
    "videosCount": lambda p: len(p.videos),
    "featuresCount": lambda p: len(p.features),
    "firstFeature": lambda p: p.features[0] if p.features else None,
    "hasDescription": lambda p: bool(p.description),
    "hasAPlus": lambda p: bool(p.a_plus),
    "attributes": lambda p: dict(p.attributes),
    "modelNumber": lambda p: p.model_number,
    "manufacturer": lambda p: p.manufacturer,
    "dimensions": lambda p: p.dimensions,
    "weight": lambda p: p.weight,
    "countryOfOrigin": lambda p: p.country_of_origin,
    "firstAvailable": lambda p: p.first_available,
    "isbn10": lambda p: p.isbn10,
    "isbn13": lambda p: p.isbn13,
    "upc": lambda p: p.upc,
    "ean": lambda p: p.ean,
    "color": lambda p: p.color,
    "size": lambda p: p.size,
    "material": lambda p: p.material,
    "bestsellerRanks": lambda p: [[r.rank, r.category] for r in p.bestseller_ranks],
    "categories": lambda p: [c.name for c in p.categories],
    "categoryIds": lambda p: [c.id for c in p.categories if c.id],
    "variantDimensions": lambda p: list(p.variants.dimensions) if p.variants else [],
    "variantSelected": lambda p: dict(p.variants.selected) if p.variants else {},
    "variantCount": lambda p: len(p.variants.items) if p.variants else None,
    "badges": lambda p: sorted(p.badges),
    "topReviewsCount": lambda p: len(p.top_reviews),
    "topReviewFirstId": lambda p: p.top_reviews[0].id if p.top_reviews else None,
    "marketplace": lambda p: p.marketplace,
    "language": lambda p: p.language,
    "boughtTogether": lambda p: list(p.related_asins.bought_together) if p.related_asins else [],
    "returnPolicy": lambda p: p.return_policy,
    "maxQuantity": lambda p: p.max_quantity,
    "subscribeAndSave": lambda p: money(p.subscribe_and_save),
    "deliveryPrice": lambda p: money(of(p.delivery, "price")),
    "dealEndsAt": lambda p: of(p.deal, "ends_at"),
    "sellerId": lambda p: of(p.seller, "id"),
    "secondImage": lambda p: media_id(p.images[1]) if len(p.images) > 1 else None,
    "descriptionStart": lambda p: p.description,
    "aPlusStart": lambda p: p.a_plus,
    "ingredients": lambda p: p.ingredients,
    "variantPrices": lambda p: {item.asin: amount(item.price) for item in variant_items(p) if item.price},
    "similarFirst": lambda p: next(iter(similar(p)), None),
    "similarCount": lambda p: len(similar(p)),
    "newerModel": lambda p: of(p.related_asins, "newer_model"),
    "reviewTitle": lambda p: of(first_review(p), "title"),
    "reviewAuthor": lambda p: of(first_review(p), "author"),
    "reviewRating": lambda p: of(first_review(p), "rating"),
    "reviewDate": lambda p: of(first_review(p), "date"),
    "reviewCountry": lambda p: of(first_review(p), "country"),
    "reviewVerified": lambda p: of(first_review(p), "verified"),
    "reviewHelpful": lambda p: of(first_review(p), "helpful"),
}

ROW: dict[str, Callable[[SearchRow], Any]] = {
    "position": lambda r: r.position,
    "organicPosition": lambda r: r.organic_position,
    "asin": lambda r: r.asin,
    "sponsored": lambda r: r.sponsored,
    "title": lambda r: r.title,
    "brand": lambda r: r.brand,
    "price": lambda r: money(r.price),
    "listPrice": lambda r: money(r.list_price),
    "priceRange": lambda r: (
        r.price_range and {"min": float(r.price_range.min.amount), "max": float(r.price_range.max.amount)}
    ),
    "unitPrice": lambda r: r.unit_price and {"amount": float(r.unit_price.amount), "per": r.unit_price.per},
    "rating": lambda r: r.rating,
    "ratingCount": lambda r: r.rating_count,
    "boughtPastMonth": lambda r: r.bought_past_month,
    "badges": lambda r: sorted(r.badges),
    "coupon": lambda r: r.coupon,
    "isPrime": lambda r: r.is_prime,
    "deliveryText": lambda r: of(r.delivery, "text"),
    "deliveryPrice": lambda r: money(of(r.delivery, "price")),
    "availabilityText": lambda r: of(r.availability, "text"),
    "availabilityStatus": lambda r: r.availability and r.availability.status.value,
    "availabilityQuantity": lambda r: of(r.availability, "quantity"),
    "variantCount": lambda r: r.variant_count,
    "otherOffersCount": lambda r: of(r.other_offers, "count"),
    "otherOffersFrom": lambda r: money(of(r.other_offers, "from_price")),
    "image": lambda r: media_id(r.image),
}

SUMMARY: dict[str, Callable[[PageSummary], Any]] = {
    "keyword": lambda s: s.keyword,
    "page": lambda s: s.page,
    "totalResults": lambda s: s.total_results,
    "totalIsEstimate": lambda s: s.total_is_estimate,
    "lastPage": lambda s: s.last_page,
    "correctedKeyword": lambda s: s.corrected_keyword,
    "relatedSearches": lambda s: list(s.related_searches),
    "refinements": lambda s: [[r.group, r.name] for r in s.refinements],
}


def plain(value: Any) -> Any:
    """What two writings of the same value have in common."""
    if isinstance(value, str):
        return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", value)).strip().casefold()
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {plain(key): plain(part) for key, part in value.items()}
    return value


def _overlap(read: str, label: str) -> bool:
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
    **dict.fromkeys(("firstFeature", "descriptionStart", "aPlusStart", "reviewTitle"), _begins),
    **dict.fromkeys(("attributes", "variantPrices"), _holds),
    "ingredients": lambda read, label: label in read,
    "returnPolicy": lambda read, label: read.rstrip(".") == label.rstrip("."),
    "refinements": lambda read, label: all(pair in read for pair in label),
    "badges": lambda read, label: sorted(read) == sorted(label),
    "isbn13": lambda read, label: read.replace("-", "") == label.replace("-", ""),
}


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


def labelled(name: str) -> Iterator[Json]:
    path = LABELS / name
    if path.exists():
        yield from map(json.loads, path.read_text().splitlines())


def score_products(folder: Path, urls: dict[str, str]) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    for page in [page for part in "abcd" for page in labelled(f"details_{part}.jsonl")]:
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
            count(pages, name, value, label, page["file"])
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
        kind = read(folder, page["file"], urls).kind.value
        scores[kind].read += 1
        scores[page["kind"]].shown += 1
        scores[kind].right += kind == page["kind"]
        if kind != page["kind"]:
            scores[page["kind"]].wrong.append(f"{page['file']}: read {kind}, labelled {page['kind']}")
    return scores


def read(folder: Path, name: str, urls: dict[str, str]) -> Parsed:
    return parse(gzip.decompress((folder / name).read_bytes()), urls[name])


def urls_of(folder: Path) -> dict[str, str]:
    lines = map(json.loads, (folder / "manifest.jsonl").read_text().splitlines())
    return {line["file"]: f"https://{line['marketplace']}/{_path(line)}" for line in lines}


def _path(line: Json) -> str:
    if line["keyword"]:
        return f"s?k={line['keyword']}"
    return f"dp/{line['asin']}" if line["asin"] else ""


def silent_sources(folder: Path, urls: dict[str, str]) -> dict[str, list[str]]:
    """Of each field of a product the sources that win on no recorded page."""
    silent = {name: sources_of(Product, name) for name in FIELDS}
    for file, url in urls.items():
        body = gzip.decompress((folder / file).read_bytes())
        document = Document(body, url)
        if classify(document, body, url) is PageKind.PRODUCT:
            for name, winner in _winners(document):
                silent[name] = [source for source in silent[name] if source != winner]
    return {name: sources for name, sources in silent.items() if sources}


def _winners(document: Document) -> Iterator[tuple[str, str]]:
    for name, field_ in FIELDS.items():
        winner = next((source for source, value in field_.heard(document) if value), None)
        if winner:
            yield name, winner


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
    arguments.add_argument(
        "folder", nargs="?", default=os.environ.get("AZSCRAPER_PAGES", ROOT.parent / "shared" / "pages")
    )
    arguments.add_argument("--wrong", metavar="FIELD", help="list what differs in a field; * for all")
    arguments.add_argument("--silent", action="store_true", help="list the sources that never win")
    given = arguments.parse_args()
    folder = Path(given.folder)
    if not (folder / "manifest.jsonl").exists():
        arguments.exit(2, f"{folder} holds no recorded pages; name the folder, or set AZSCRAPER_PAGES\n")
    urls = urls_of(folder)
    silent = silent_sources(folder, urls)
    if given.silent:
        print("\n".join(f"{name}: {source}" for name, sources in silent.items() for source in sources))
        return
    rows, pages = score_search(folder, urls)
    tables = {
        "Product": score_products(folder, urls),
        "SearchRow": rows,
        "Search page": pages,
        "Page kind": score_kinds(folder, urls),
    }
    console = Console(width=100)
    for title, scores in tables.items():
        for name, score in scores.items():
            if given.wrong in {name, "*"}:
                for line in score.wrong:
                    print(f"{title} {name} {line}")
        if not given.wrong:
            console.print(table(title, scores))
    if not given.wrong:
        print(
            f"{sum(map(len, silent.values()))} sources of a product's fields win on no recorded page; --silent lists them"
        )


if __name__ == "__main__":
    main()
