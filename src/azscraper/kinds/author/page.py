"""Which pages are authors' pages, and what they say."""

from typing import Any

from azscraper.kinds.author.titles import titles
from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.store.cards import asin_of
from azscraper.kinds.store.widgets import contents, context, store_type
from azscraper.kinds.whole import is_whole
from azscraper.marketplaces import is_asin
from azscraper.parse.delivery.deliver_to import deliver_to
from azscraper.parse.dig import items, said, whole
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.parse.values import absolute, image
from azscraper.records import PageKind
from azscraper.records.author import (
    AuthorOptions,
    AuthorPage,
    AuthorTitle,
    NamedKey,
    SeriesCount,
    SimilarAuthor,
)
from azscraper.records.pages import Read
from azscraper.records.parts import Coverage

_GRID = "ProductGrid"
_MOST = 2000


def recognises(page: Page) -> bool:
    """Whether it is the page of an author."""
    return store_type(page.document) == "AUTHOR"


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its titles and its summary. Never raises."""
    document = page.document
    if not is_whole(document):
        return Read(wrong=PageKind.TRUNCATED)
    grid = grid_of(document)
    author = _author_id(document)
    found = [row for row in titles(document, grid, author) if row.title]
    if author is None and not found:
        return Read(wrong=PageKind.UNKNOWN)
    return Read(tuple(found), _summary(document, grid, found, author))


def _author_id(document: Document) -> str | None:
    named = said(context(document), "authorId")
    return named if named and is_asin(named) else None


def grid_of(document: Document) -> dict[str, Any]:
    """The widget with the author's titles; gadgets of the foot hold other people's."""
    grids = (content for widget, content in contents(document) if widget.get("widgetType") == _GRID)
    return next((content for content in grids if items(content, "products")), {})


def _summary(document: Document, grid: dict[str, Any], found: list[AuthorTitle], author: str | None) -> AuthorPage:
    told, site = context(document), document.marketplace.host
    photo = said(told, "brandLogo", "image") or _said(document, "AuthorFooter", "image")
    total = whole(grid, "totalResultCount") or whole(grid, "totalCount")
    about = _about(document)
    listed = dict.fromkeys(asin for one in items(grid, "ASINList")[:_MOST] if (asin := asin_of(one)))
    works = {asin for row in found for asin in (row.asin, *(edition.asin for edition in row.editions))}
    complete = bool(listed) and total is not None and total <= len(listed) and works >= set(listed)
    return AuthorPage(
        author_id=author,
        name=said(told, "brandName") or _said(document, "AuthorSubHeader", "authorName"),
        url=f"https://{site}/stores/author/{author}" if author else None,
        photo=image(photo) if photo and photo.startswith("http") else None,
        biography=_biography(document),
        about_url=absolute(about, site) if about else None,
        formats=tuple(_formats(found)),
        languages=tuple(one for one in items(grid, "languageFilter") if isinstance(one, str)),
        sort_options=tuple(_sorts(grid)),
        series=tuple(_series(found)),
        similar_authors=tuple(_similar(document)),
        listed_asins=tuple(listed),
        coverage=Coverage(have=len(found), total=total, complete=complete, reason=None if complete else "not_served"),
        deliver_to=document.once(deliver_to),
    )


def _said(document: Document, widget_type: str, key: str) -> str | None:
    found = (said(content, key) for widget, content in contents(document) if widget.get("widgetType") == widget_type)
    return next(filter(None, found), None)


def _about(document: Document) -> str | None:
    return next(filter(None, (said(content, "aboutSubpageURL") for _, content in contents(document))), None)


def _biography(document: Document) -> str | None:
    """Its paragraphs, a line each."""
    for _, content in contents(document):
        told = content.get("biography")
        parts = told if isinstance(told, list) else [told]
        text = "\n".join(filter(None, (said(part) for part in parts)))
        if text:
            return text
    return None


def _formats(found: list[AuthorTitle]) -> list[NamedKey]:
    named = {row.format_id: row.format for row in found if row.format_id}
    return [NamedKey(key=key, name=name) for key, name in named.items()]


def _sorts(grid: dict[str, Any]) -> list[NamedKey]:
    options = ((said(one, "sortValue"), said(one, "defaultDisplayText")) for one in items(grid, "sortOptions"))
    return [NamedKey(key=key, name=name) for key, name in options if key]


def _series(found: list[AuthorTitle]) -> list[SeriesCount]:
    named = {row.series.name: row.series.total for row in found if row.series}
    return [SeriesCount(name=name, count=count) for name, count in named.items()]


def _similar(document: Document) -> list[SimilarAuthor]:
    site = document.marketplace.host
    found = []
    for _, content in contents(document):
        for told in items(content, "similarAuthors"):
            name = said(told, "authorName") or said(told, "name")
            link, photo = (
                said(told, "authorPageUrl") or said(told, "url"),
                said(told, "image") or said(told, "imageUrl"),
            )
            author = asin_of(said(told, "authorId") or said(told, "asin") or "")
            if name:
                url = absolute(link, site) if link else f"https://{site}/stores/author/{author}" if author else None
                found.append(SimilarAuthor(name=name, url=url, image=image(photo) if photo else None, asin=author))
    return found


def rows(asked: Asked[AuthorOptions], done: tuple[Done, ...]) -> Found:
    """The titles, and what the page says about the author."""
    del asked
    last = done[-1]
    found = [row for row in (last.read.records if last.read else ()) if isinstance(row, AuthorTitle)]
    made = tuple(row.model_copy(update={"fetched_at": last.fetched_at}) for row in found)
    summary = last.read.summary if last.read else None
    return Found(made, last.fetched_at, summary if isinstance(summary, AuthorPage) else None)
