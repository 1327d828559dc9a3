"""The manufacturer's own content, block by block, and the story of the brand."""

import re
from collections.abc import Iterable, Iterator

from azscraper.marketplaces import asin_from_url
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, clean, picture
from azscraper.records.page_parts import BrandStory, ImageDetail, Module

_BLOCKS = (
    "aplus_feature_div",
    "aplus3p_feature_div",
    "aplusBatch_feature_div",
    "aplus",
)
_STORY = "aplusBrandStory_feature_div"
_MODULE = ".aplus-module.celwidget"
_CLASS = "aplus-module"
_OF_A_STORY = "brand-story"
_HEADING = "h1:not(.vse-video-player-title), h2, h3, h4, h5"
_NO_CELL = ".a-button, .a-price [aria-hidden]"
_TABLE = ".apm-tablemodule-table, .comparison-table table, [class*=comparison] table"
_NO_PROSE = (
    f"{_TABLE}, noscript, .video-js, .vse-player-container, .a-popover-preload, .a-expander-prompt, .a-button,"
    " [class*=carousel-goto-], [class*=a-icon-next], [class*=a-icon-previous]"
)
_SHOWN = "img, video, [class*=video]"
_SOURCES = ("data-src", "src")
_PICTURES = re.compile(r"/images/[SI]/")  # pictures of the shop itself, a grey one among them, are in another folder
_LEAST = 3  # a class of two letters names no layout


a_plus_modules = Field[Document, tuple[Module, ...], tuple[Module, ...]](
    "Each block of the manufacturer's content that says or shows anything, in the page's order; not the story of the brand.",
    empty=(),
)


@a_plus_modules.ids(*_BLOCKS)
def _modules(document: Document, node: Node) -> tuple[Module, ...]:
    found = (_module(one, document) for one in select(node, _MODULE))
    return tuple(one for one in found if one and not (one.kind or "").startswith(_OF_A_STORY))


def _module(node: Node, document: Document) -> Module | None:
    heading = next(filter(None, map(text, select(node, _HEADING))), None)
    prose = lines(node, without=_NO_PROSE)
    if heading and heading in prose:
        prose.remove(heading)
    table = tuple(_rows(first(node, _TABLE)))
    pictures = _pictures(node, document)
    if not (heading or prose or table or first(node, _SHOWN)):
        return None
    return Module(
        kind=_kind(node),
        heading=heading,
        text=" ".join(prose) or None,
        images=pictures,
        asins=_asins(node),
        table=table,
    )


def _kind(node: Node) -> str | None:
    """The class behind the one that every block has."""
    classes = (attr(node, "class") or "").split()
    following = classes[classes.index(_CLASS) + 1 :][:1]
    return following[0] if following and len(following[0]) >= _LEAST else None


def _rows(table: Node | None) -> Iterator[tuple[str, ...]]:
    for row in select(table, "tr"):
        cells = tuple(" ".join(lines(cell, without=_NO_CELL)) for cell in select(row, "th, td"))
        if any(cells):
            yield cells


def _pictures(node: Node, document: Document) -> tuple[ImageDetail, ...]:
    """Each once; before it is in sight a picture stands in ``data-src``, behind a grey one."""
    found: dict[str, ImageDetail] = {}
    for one in select(node, "img"):
        sources = (source for name in _SOURCES if (source := attr(one, name)) and _PICTURES.search(source))
        url = next(filter(None, (picture(source, document.marketplace.host) for source in sources)), None)
        if url:
            found.setdefault(url, ImageDetail(url=url, alt=clean(attr(one, "alt") or "") or None))
    return tuple(found.values())


def _asins(node: Node) -> tuple[str, ...]:
    links: Iterable[str | None] = (asin_from_url(attr(link, "href") or "") for link in select(node, "a[href]"))
    return tuple(dict.fromkeys(asin for asin in links if asin))


brand_story = Field[Document, BrandStory, BrandStory | None]('The cards of the block "From the brand".')


@brand_story.ids(_STORY)
def _story(document: Document, node: Node) -> BrandStory | None:
    cards = select(node, _MODULE)
    said = [line for card in cards for line in lines(card, without=_NO_PROSE)]
    pictures = {one.url: one for card in cards for one in _pictures(card, document)}
    asins = dict.fromkeys(asin for card in cards for asin in _asins(card))
    addresses = (attr(link, "href") or "" for card in cards for link in select(card, "a[href]"))
    store = next((address for address in addresses if "/stores/" in address), None)
    if not (said or pictures):
        return None
    return BrandStory(
        text=" ".join(dict.fromkeys(said)) or None,
        images=tuple(pictures.values()),
        asins=tuple(asins),
        url=absolute(store, document.marketplace.host) if store else None,
    )


has_a_plus = Field[Document, bool, bool](
    "Whether a block of the manufacturer's content says or shows anything.", empty=False
)


@has_a_plus.source("blocks of the manufacturer's content")
def _any_module(document: Document) -> bool:
    return bool(document.once(a_plus_modules))


has_brand_story = Field[Document, bool, bool]('Whether the block "From the brand" has a card.', empty=False)


@has_brand_story.source("block of the brand's story")
def _any_story(document: Document) -> bool:
    return document.once(brand_story) is not None
