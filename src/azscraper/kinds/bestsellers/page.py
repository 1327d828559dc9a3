"""Which pages are best-seller lists and their like, and what they say."""

from collections.abc import Iterator
from typing import Any

from azscraper.kinds.bestsellers import summary
from azscraper.kinds.bestsellers.address import ROOT
from azscraper.kinds.bestsellers.departments import departments_of
from azscraper.kinds.bestsellers.tile import (
    byline,
    format_of,
    image_of,
    is_prime,
    movement,
    offers,
    prices,
    release_date,
    stars,
    title,
)
from azscraper.kinds.bestsellers.tiles import Named, Shelf, Tile, list_of, shelves_of
from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.whole import is_whole
from azscraper.marketplaces import product_url
from azscraper.parse.delivery.deliver_to import deliver_to
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.records import PageKind
from azscraper.records.bestsellers import ChartPage, ChartRow
from azscraper.records.pages import Read
from azscraper.records.parts import Category, Coverage, Record
from azscraper.records.unchecked import unchecked

_FULL = 50
"""Ranks of a page that has another behind it."""
_made = unchecked(ChartRow)


def recognises(page: Page) -> bool:
    """Whether it is a list, with ranks or without."""
    return list_of(page.document) is not None


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its ranks and its summary. Never raises. A page that holds a list, and no rank that can be read, is not taken for an empty one."""
    document = page.document
    if not is_whole(document):
        return Read(wrong=PageKind.TRUNCATED)
    shelves = document.once(shelves_of)
    if not shelves or (not any(shelf.named or shelf.tiles for shelf in shelves) and any(map(_claims, shelves))):
        return Read(wrong=PageKind.UNKNOWN)
    said = summarize(document)
    rows = tuple(_rows(document, shelves, said))
    warnings = tuple(dict.fromkeys(name for row in rows for name in row.warnings))
    total = sum(size for size in (shelf.size or len(shelf.named) for shelf in shelves)) or None
    is_empty = not rows
    coverage = Coverage(have=len(rows), total=0 if is_empty else total, complete=is_empty or len(rows) >= (total or 0))
    return Read(rows, said.model_copy(update={"coverage": coverage}), said.last_page, warnings)


def _claims(shelf: Shelf) -> bool:
    return bool(shelf.size)


def summarize(document: Document) -> ChartPage:
    """What the page says about itself, without coverage."""
    chart = summary.chart_of(document)
    current, parent, children = summary.categories(document, chart)
    return ChartPage(
        list=chart.list,
        is_free=chart.is_free,
        department=None if chart.department == ROOT else chart.department,
        node=chart.node,
        name=current.name if current and chart.department != ROOT else None,
        title=summary.title(document),
        page=summary.page_number(document),
        last_page=summary.last_page(document),
        updated_text=summary.updated_text(document),
        current_category=current,
        parent_category=parent,
        child_categories=children,
        tabs=document.once(summary.tabs),
        deliver_to=deliver_to(document),
    )


def _rows(document: Document, shelves: list[Shelf], said: ChartPage) -> Iterator[ChartRow]:
    position = 0
    is_root = said.department is None
    categories = departments_of(document, shelves) if is_root else [said.current_category] * len(shelves)
    for shelf, category in zip(shelves, categories, strict=True):
        for place, (named, tile) in enumerate(shelf.ranks, 1):
            position += 1
            behind = place + (said.page - 1) * _FULL
            rank = named.rank or (tile.rank if tile else None) or behind
            yield _row(document, named, tile, said, rank=rank, position=position, category=category)


def _row(
    document: Document,
    named: Named,
    tile: Tile | None,
    said: ChartPage,
    *,
    rank: int,
    position: int,
    category: Category | None,
) -> ChartRow:
    site = document.marketplace
    drawn = _of_tile(tile) if tile is not None else {}
    moved = movement(tile) if tile is not None else None
    change = named.change or (moved.change if moved else None)
    return _made(
        list=said.list or "best_sellers",
        is_free=said.is_free,
        rank=rank,
        position=position,
        page=said.page,
        asin=named.asin,
        url=product_url(site, named.asin),
        marketplace=site.host,
        language=document.language,
        sales_rank=named.sales_rank or (moved.now if moved else None),
        prior_sales_rank=named.prior_sales_rank or (moved.before if moved else None),
        rank_change_percent=float(change) if change else None,
        rank_only=tile is None,
        category=category,
        **drawn,
        warnings=tuple(tile.unread) if tile is not None else (),
    )


def _of_tile(tile: Tile) -> dict[str, Any]:
    value, count = stars(tile)
    amounts, others = prices(tile), offers(tile)
    return {
        "title": title(tile),
        "contributors": byline(tile),
        "format": format_of(tile),
        "image": image_of(tile),
        "price": amounts.price,
        "price_range": amounts.price_range,
        "rating": value,
        "rating_count": count,
        "offers_from": others.least,
        "offer_count": others.number,
        "release_date": release_date(tile),
        "is_prime": is_prime(tile),
    }


def rows(_: Asked[Any], done: tuple[Done, ...]) -> Found:
    """The ranks of all pages, each once: a marketplace that serves the first page again adds none."""
    found: dict[tuple[str | None, int, str], ChartRow] = {}
    pages: list[tuple[int, Record]] = []
    for number, step in enumerate(done, 1):
        for row in step.read.records if step.read else ():
            assert isinstance(row, ChartRow)  # noqa: S101 - its reader gives no other
            key = (row.category.url if row.category else None, row.rank, row.asin)
            found.setdefault(key, row.model_copy(update={"position": len(found) + 1, "fetched_at": step.fetched_at}))
        if step.read and isinstance(step.read.summary, ChartPage):
            pages.append((number, step.read.summary))
    return Found(tuple(found.values()), done[-1].fetched_at, _whole(pages, len(found)), pages=tuple(pages))


def _whole(pages: list[tuple[int, Record]], have: int) -> ChartPage | None:
    """The summary of the target: that of its first page, with what all pages cover."""
    said = [one for _, one in pages if isinstance(one, ChartPage)]
    if not said:
        return None
    totals = [one.coverage.total for one in said if one.coverage]
    is_whole = said[-1].page >= (said[0].last_page or 1)
    total = sum(filter(None, totals)) if is_whole and None not in totals else None
    complete = is_whole and have >= (total or 0)
    return said[0].model_copy(update={"coverage": Coverage(have=have, total=total, complete=complete)})
