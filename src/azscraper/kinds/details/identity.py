"""Which product a page shows: ASIN, family, title, brand, contributors."""

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import parse_qs, unquote_plus, urlsplit

from azscraper.bytesearch import find, rfind
from azscraper.kinds.details import attributes
from azscraper.marketplaces import asin_from_url, is_asin, phrases_for
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.json_text import json_object
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, clean
from azscraper.records.parts import Brand, Contributor

TITLE_IDS = (
    "productTitle",
    "ebooksProductTitle",
    "btAsinTitle",
    "mocaProductTitle",
    "ebooksTitle",
    "mas-title",
    "product-title",
    "title",
    "dmusicProductTitle_feature_div",
)
"""The title of each layout: what says that a page shows a product as well."""
_FORM_ASINS = ("ASIN", "asin", "deliveryBlockSelectAsin", "attach-baseAsin", "twister-plus-asin")
_SCRIPT_ASINS = (b"currentAsin", b"landingAsin", b"current_asin", b"mediaAsin", b"titleId")
_ASIN_BEHIND = re.compile(rb"[\"']\s{0,9}:\s{0,9}[\"']([A-Z0-9]{10})[\"']")
_BINDING = re.compile(r"\s*\[(?:Kindle|Paperback|Hardcover|Blu-ray|DVD|Audio CD|Mass Market|Vinyl|VHS)[^\]]{0,60}\]$")
_PAGE_TITLE_TAIL = re.compile(r"\s?[:|-]\s?Amazon\.[a-z.]{2,7}.*$", re.IGNORECASE)
_PAGE_TITLE_HEAD = re.compile(r"^Amazon\.[a-z.]{2,7}\s?:", re.IGNORECASE)
_BYLINES = (
    "bylineInfo",
    "brand",
    "mocaBrand",
    "bylineInfo_feature_div",
    "brandByline_feature_div",
    "brandteaser",
    "brandLogoBylineLink",
)
_PERSON = re.compile(r"field-author|[/-]author[/?]|/e/B0|search-alias=(?:books|digital-text|stripbooks)")
_FILM_ROLES = ("director", "actor")
_LONG_PHRASE = 6
_LONGEST_BYLINE = 20  # words
_WORD = re.compile(r"\w+")
_NOTE = re.compile(r"\s?\([^()]{1,30}\)$")
_SHOPS = frozenset({"amazonrenewed", "amazonrefurbished", "amazon整備済み品", "amazon认证翻新"})
"""Whose store the byline of a renewed item leads to, whatever brand it is of."""
_STORE_PATH = "/stores/"
_STORE = re.compile(r"/stores/(?!page/|author/)([^/?#]{1,80})/")
_ADDRESS_NAME = re.compile(r"/(?:stores/)?([^/?#]{1,80})/(?:page|pages|b)/")
_BRAND_KEYS = ("field-brand", "field-lbr_brands", "field-keywords")
_ROLE = re.compile(r"\(([^()]{1,80})\)")


def _script_asin(document: Document, key: bytes, start: int = 0) -> str | None:
    position = find(document.source, key, max(0, start))
    while position >= 0:
        match = _ASIN_BEHIND.match(document.source, position + len(key))
        if match:
            return match[1].decode("ascii")
        position = find(document.source, key, position + len(key))
    return None


asin = Field[Document, str, str | None](
    "The buy box form's ASIN, the scripts' current one, canonical link and address; links of mobile pages of 2013."
)


@asin.ids(*_FORM_ASINS)
def _form_asin(_: Document, node: Node) -> str | None:
    value = (attr(node, "value") or "").upper()
    return value if is_asin(value) else None


for key in _SCRIPT_ASINS:
    asin.source(f"script {key.decode()}")(partial(_script_asin, key=key))


@asin.source("canonical link")
def _canonical_asin(document: Document) -> str | None:
    link = first(document.head, 'link[rel="canonical"]') or first(document.root, 'link[rel="canonical"]')
    return asin_from_url(attr(link, "href") or "")


@asin.source("address of the page")
def _addressed_asin(document: Document) -> str | None:
    return asin_from_url(document.url)


@asin.ids("udp")
def _linked_asin(_: Document, node: Node) -> str | None:
    return asin_from_url(attr(first(node, "a[href*='/gp/aw/d/'], a[href*='/gp/aw/ol/']"), "href") or "")


parent_asin = Field[Document, str, str | None](
    "The twister's ``parentAsin``; the scripts of a product without variants name the product itself or nothing."
)


@parent_asin.source("script parentAsin")
def _parent_asin(document: Document) -> str | None:
    twister = document.position(b"dimensionValuesDisplayData")
    start = rfind(document.source, b"<script", 0, twister) if twister >= 0 else document.position(b"colorImages")
    return _script_asin(document, b"parentAsin", start)


@parent_asin.source("script parent_asin, 2011 to 2014")
def _old_parent_asin(document: Document) -> str | None:
    return _script_asin(document, b"parent_asin", 0) if document.by_id("btAsinTitle") is not None else None


@parent_asin.settle
def _family(document: Document, found: str | None) -> str | None:
    has_twister = document.position(b"dimensionValuesDisplayData") >= 0
    return found if has_twister or found != document.once(asin) else None


title = Field[Document, str, str | None](
    "The title element of each layout, binding dropped; else the share of the page's title that names the product."
)


@title.ids(*TITLE_IDS)
def _heading(_: Document, node: Node) -> str:
    return _BINDING.sub("", text(node)) if node.id == "btAsinTitle" else text(node)


@title.ids("title_feature_div", "titleSection", "item_name", "udp")
def _heading_within(_: Document, node: Node) -> str:
    return text(first(node, "h1, span"))


@title.ids("aiv-content-title")
def _film_title(_: Document, node: Node) -> str:
    return clean(node.first_child.text_content or "") if node.first_child is not None else ""


@title.source("heading by automation id")
def _marked_heading(document: Document) -> str:
    return text(first(document.root, "h1[data-automation-id=title]"))


@title.source("title of the page")
def _page_title(document: Document) -> str | None:
    """Of ``Amazon.com: Name: Shop`` and ``Name : Amazon.de: Shop`` the name."""
    words = text(first(document.head, "title"))
    return _PAGE_TITLE_HEAD.sub("", _PAGE_TITLE_TAIL.sub("", words)).strip(" :") or None


brand = Field[Document, Brand, Brand | None](
    "The byline with its phrase removed, a logo's name; else the overview's brand row. "
    "Authors are no brand, words in no phrase and the store of renewed items neither."
)


@brand.source("byline")
def _byline_brand(document: Document) -> Brand | None:
    for node in _bylines(document):
        link = _link_of(node)
        if select(node, ".author, .contribution") or _is_person(link):
            continue
        found = _named_in(text(node), link, document.language, linked=node.tag == "a") or _logo_name(link)
        is_shop = _squeezed(found) in _SHOPS
        if found and not is_shop and (link is not None or ":" not in found):  # films: "Rated: Exempt | Format: DVD"
            return Brand(name=found, url=_link(link, document))
    return None


@brand.ids("productOverview_feature_div", "poExpander")
def _overview_brand(_: Document, node: Node) -> Brand | None:
    named = text(first(node, "tr.po-brand td + td, .po-brand .po-break-word"))
    return Brand(name=named) if named else None


@brand.source("row of the detail tables")
def _table_brand(document: Document) -> Brand | None:
    named = attributes.overview_brand(document)
    return Brand(name=named) if named else None


@brand.source("address of the store")
def _store_brand(document: Document) -> Brand | None:
    """Where the byline's words are in no phrase, and no row prints a brand."""
    link = next((link for node in _bylines(document) if (link := _link_of(node)) is not None), None)
    named = _STORE.search(attr(link, "href") or "")
    return Brand(name=clean(unquote_plus(named[1])), url=_link(link, document)) if named else None


contributors = Field[Document, tuple[Contributor, ...], tuple[Contributor, ...]](
    "The authors of the byline, each with the role in brackets behind the name; older layouts' own places.", empty=()
)


@contributors.source("byline")
def _byline_contributors(document: Document) -> tuple[Contributor, ...]:
    byline = document.by_id("bylineInfo", "byline", "bylineInfo_feature_div", "by-line")
    found = [person for node in select(byline, ".author") if (person := _contributor(node, document))]
    if not found and not select(byline, ".author"):
        links = [link for link in select(byline, "a") if _is_person(link) and text(link)]
        found = [Contributor(name=text(link), url=_link(link, document)) for link in links]
    return tuple(found)


@contributors.source("beside the title, 2011 to 2014")
def _legacy_contributors(document: Document) -> tuple[Contributor, ...]:
    """2011 to 2014: links beside the title, each name followed by its role in brackets there or in its popover."""
    beside = _beside_old_title(document)
    whole = text(beside)
    found: dict[str, Contributor] = {}
    for link in select(beside, "a"):
        name = text(link)
        role = _ROLE.match(whole[whole.rfind(f"{name} (") + len(name) :].strip()) if f"{name} (" in whole else None
        if name and role and _is_person(link):
            found.setdefault(name, Contributor(name=name, role=role[1], url=_link(link, document)))
    return tuple(found.values())


@contributors.source("data of a film")
def _film_makers(document: Document) -> tuple[Contributor, ...]:
    """Director and actors of a Prime Video page, from its schema.org data."""
    if document.by_id("aiv-content-title") is None:
        return ()
    for script in document.whole('script[type="application/ld+json"]'):
        film = json_object(script.text())
        people = [(role, name) for role in _FILM_ROLES for name in _people(film.get(role))]
        if people:
            return tuple(Contributor(name=name, role=role.capitalize(), url=None) for role, name in people)
    return ()


@contributors.source("below the title of a phone's page")
def _mobile_contributors(document: Document) -> tuple[Contributor, ...]:
    """Mobile pages of 2013 print the names below the title, without roles or links."""
    names = text(document.by_id("by-line")) if document.by_id("udp") is not None else ""
    return tuple(Contributor(name=name.strip()) for name in names.split(",") if name.strip())


@contributors.ids("ArtistLinkSection")
def _album_artists(document: Document, node: Node) -> tuple[Contributor, ...]:
    """An album to download names its artist below the title."""
    return tuple(Contributor(name=text(link), url=_link(link, document)) for link in select(node, "a") if text(link))


def _bylines(document: Document) -> Iterator[Node]:
    for name in _BYLINES:
        node = document.by_id(name)
        if node is not None:
            yield node
    for beside in (_beside_old_title(document), _above_old_title(document)):
        link = first(beside, "a") if text(beside).startswith("by ") else None
        if link is not None:
            yield link


def _is_person(link: Node | None) -> bool:
    return _PERSON.search(attr(link, "href") or "") is not None


def _logo_name(link: Node | None) -> str:
    """A logo in place of the name: what its picture or its link calls the brand."""
    named = attr(first(link, "img"), "alt")
    query = parse_qs(urlsplit(attr(link, "href") or "").query)
    bins = [value for key, values in query.items() if key.startswith(("field-brand", "field-lbr")) for value in values]
    return clean(named or next(iter(bins), ""))


def _named_in(byline: str, link: Node | None, language: str | None, *, linked: bool) -> str:
    """What a byline names: without its phrase; without one the words that the link's address has too; a bare name as it stands.

    A link to a store always has a phrase around the name: what no phrase fits is not a name there.
    """
    address = attr(link, "href") or ""
    found = _without_phrase(byline, address, language, linked=linked)
    if found is None and (addressed := _words_of_address(byline, address)):
        return addressed
    return found or ("" if _STORE_PATH in address else byline)


def _without_phrase(byline: str, address: str, language: str | None, *, linked: bool) -> str | None:
    """A link's text holds no bare "by": there ``De Dietrich`` is a name. Other languages' short words are no phrases.

    Of several phrases ("visite a loja *", "visite a loja da *") the longest, but for a name that the address confirms.
    """
    folded = byline.lower()
    for rank, phrases in enumerate(phrases_for(language)):
        found = []
        for pattern in phrases.byline:
            before, _, after = pattern.partition("*")
            bare = len(pattern) < _LONG_PHRASE
            if bare and (linked or rank > 0):
                continue
            if folded.startswith(before) and folded.endswith(after) and len(byline) > len(before) + len(after):
                found.append(byline[len(before) : len(byline) - len(after)].strip())
        if found:
            named = _address_names(address)
            return next((name for name in found if _squeezed(name) in named), None) or _without_note(
                min(found, key=len), named
            )
    return None


def _without_note(name: str, addressed: set[str]) -> str:
    """Without the language of the store behind it: "Visite a Loja da Tundrelle (em Espanhol)"."""
    plain = _NOTE.sub("", name)
    return plain if plain and any(one.startswith(_squeezed(plain)) for one in addressed) else name


def _words_of_address(byline: str, address: str) -> str | None:
    """The words of a text that its link's address names: "Tundrelle" of "De Tundrelle Store openen" and ``/stores/Tundrelle/``."""
    names = _address_names(address)
    words = list(_WORD.finditer(byline))[:_LONGEST_BYLINE] if names else []
    spans = [(one.start(), last.end()) for place, one in enumerate(words) for last in reversed(words[place:])]
    return next((byline[start:end] for start, end in spans if _squeezed(byline[start:end]) in names), None)


def _address_names(address: str) -> set[str]:
    """What an address calls the brand, in path or query."""
    parts = urlsplit(address)
    listed = _ADDRESS_NAME.findall(parts.path)
    query = parse_qs(parts.query)
    listed += [value for key, values in query.items() if key.startswith(_BRAND_KEYS) for value in values]
    return set(filter(None, (_squeezed(unquote_plus(name)) for name in listed)))


def _squeezed(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _link_of(node: Node) -> Node | None:
    return node if node.tag == "a" else first(node, "a")


def _contributor(node: Node, document: Document) -> Contributor | None:
    link = first(node, "a.contributorNameID") or first(node, "a")
    name = text(link) or text(first(node, "span"))
    role = _ROLE.search(text(first(node, ".contribution")))
    if not name:
        return None
    return Contributor(name=name, role=role[1] if role else None, url=_link(link, document))


def _people(listed: object) -> list[str]:
    people = listed if isinstance(listed, list) else [listed]
    names = [person.get("name") for person in people if isinstance(person, dict)]
    return [clean(name) for name in names if isinstance(name, str) and clean(name)]


def _above_old_title(document: Document) -> Node | None:
    """The element before the heading, where Amazon's own devices of 2014 have their byline."""
    title_node = document.by_id("btAsinTitle")
    node = title_node.parent.prev if title_node is not None and title_node.parent is not None else None
    while node is not None and not node.is_element_node:
        node = node.prev
    return node


def _beside_old_title(document: Document) -> Node | None:
    """The element behind the heading of a page of 2011 to 2014."""
    title_node = document.by_id("btAsinTitle")
    node = title_node.parent if title_node is not None else None
    node = node.next if node is not None else None
    while node is not None and not node.is_element_node:
        node = node.next
    return node


def _link(node: Node | None, document: Document) -> str | None:
    href = attr(node, "href")
    return absolute(href, document.marketplace.host) if href and not href.startswith("#") else None
