"""Milliseconds of CPU a page: AzScraper with all fields beside what others do with the same bytes.

``python bench/parsing.py`` reads the recorded pages (AZSCRAPER_PAGES). Bare parses build a tree and read nothing; parsel and
BeautifulSoup read three fields (title, price, rating), of a result list in every tile. The readers take turns at each page, so that
a busy machine is busy for all of them, and each page counts with the best of its rounds.
"""

import gzip
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import lxml.html
from bs4 import BeautifulSoup
from parsel import Selector
from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from azscraper.kinds.recognise import parse

Page = tuple[bytes, str]
Reader = Callable[[Page], object]

OURS = "AzScraper, all fields"
BARE = "Lexbor, bare parse"
PARSEL = "parsel, three fields"
SOUP = "BeautifulSoup (html.parser), three fields"
_ROUNDS = 3

_TILES = "div[data-component-type=s-search-result]"
_TITLE = "#productTitle"
_PRICE = "#corePrice_feature_div .a-offscreen, #priceblock_ourprice"
_RATING = "#acrPopover"
_TILE_TITLE = "h2"
_TILE_PRICE = ".a-price .a-offscreen"
_TILE_RATING = ".a-icon-alt"


@dataclass(frozen=True)
class PageSet:
    """Pages of one kind, and what reads three fields of such a page."""

    name: str
    pages: list[Page]
    parsel: Reader
    soup: Callable[[BeautifulSoup], object]


def parsel_product(page: Page) -> object:
    tree = Selector(body=page[0], encoding="utf-8")
    return (
        tree.css(f"{_TITLE}::text").get(),
        tree.css(", ".join(f"{one}::text" for one in _PRICE.split(", "))).get(),
        tree.css(f"{_RATING}::attr(title)").get(),
    )


def parsel_search(page: Page) -> object:
    tiles = Selector(body=page[0], encoding="utf-8").css(_TILES)
    return [
        (
            tile.css(f"{_TILE_TITLE} ::text").getall(),
            tile.css(f"{_TILE_PRICE}::text").get(),
            tile.css(f"{_TILE_RATING}::text").get(),
        )
        for tile in tiles
    ]


def soup_product(tree: BeautifulSoup) -> object:
    return [tree.select_one(css) for css in (_TITLE, _PRICE, _RATING)]


def soup_search(tree: BeautifulSoup) -> object:
    fields = (_TILE_TITLE, _TILE_PRICE, _TILE_RATING)
    return [[tile.select_one(css) for css in fields] for tile in tree.select(_TILES)]


def measure(pages: PageSet, *, rounds: int = _ROUNDS) -> dict[str, float]:
    """Milliseconds of CPU a page, by reader."""
    readers: dict[str, Reader] = {
        BARE: lambda page: LexborHTMLParser(page[0]),
        OURS: lambda page: parse(*page),
        "lxml, bare parse": lambda page: lxml.html.document_fromstring(page[0]),
        PARSEL: pages.parsel,
        "BeautifulSoup (lxml), three fields": lambda page: pages.soup(BeautifulSoup(page[0], "lxml")),
        SOUP: lambda page: pages.soup(BeautifulSoup(page[0], "html.parser")),
    }
    best = dict.fromkeys(readers, 0.0)
    for page in pages.pages:
        times = [{name: _seconds(read, page) for name, read in readers.items()} for _ in range(rounds)]
        for name in readers:
            best[name] += min(found[name] for found in times)
    return {name: 1000 * spent / len(pages.pages) for name, spent in best.items()}


def _seconds(read: Reader, page: Page) -> float:
    start = time.process_time()
    read(page)
    return time.process_time() - start


def recorded(folder: Path, kind: str, every: int) -> list[Page]:
    """Every n-th page of a kind from a folder of recorded pages."""
    lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    chosen = [line for line in lines if line["kind"] == kind][::every]
    return [(gzip.decompress((folder / line["file"]).read_bytes()), _url(line)) for line in chosen]


def _url(line: dict[str, str]) -> str:
    path = f"dp/{line['asin']}" if line["kind"] == "details" else f"s?k={line['keyword']}"
    return f"https://{line['marketplace']}/{path}"


def page_sets(folder: Path) -> list[PageSet]:
    """The recorded pages, by kind; none where the folder is not at hand."""
    if not (folder / "manifest.jsonl").exists():
        return []
    return [
        PageSet("recorded product pages", recorded(folder, "details", 3), parsel_product, soup_product),
        PageSet("recorded search pages", recorded(folder, "search", 2), parsel_search, soup_search),
    ]


def table(sets: list[PageSet]) -> Table:
    """A row a reader: milliseconds, pages a second, times the bare parse, times as long as AzScraper."""
    shown = Table("pages", "reader", "ms a page", "pages/s", "x bare Lexbor", "x AzScraper", title="Parsing, one core")
    for pages in sets:
        size = sum(len(body) for body, _ in pages.pages) / len(pages.pages) / 1e6
        times = measure(pages)
        for number, (reader, spent) in enumerate(times.items()):
            what = f"{pages.name} ({len(pages.pages)}, {size:.2f} MB)" if number == 0 else ""
            ratios = (f"{spent / times[BARE]:.2f}", f"{spent / times[OURS]:.2f}")
            shown.add_row(what, reader, f"{spent:.2f}", f"{1000 / spent:.0f}", *ratios)
    return shown


if __name__ == "__main__":
    root = Path(__file__).parents[1]
    found = page_sets(Path(os.environ.get("AZSCRAPER_PAGES", root.parent / "shared" / "pages")))
    Console(width=120).print(table(found) if found else "No recorded pages: name their folder in AZSCRAPER_PAGES.")
