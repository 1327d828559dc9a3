"""The reviews printed on a product page."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from azscraper.kinds.details.opinions.reviews_old import old_reviews
from azscraper.marketplaces import of_url
from azscraper.parse import values
from azscraper.parse.dates import iso_date
from azscraper.parse.document import Document, Node, attr, first, holds_text, select, text
from azscraper.parse.remembered import remembered
from azscraper.parse.sources import Field
from azscraper.records.parts import Review

_REVIEWS = (
    "cm-cr-dp-review-list",
    "cm-cr-global-review-list",
    "cm-cr-cmps-review-list",
    "cm-cr-local-review-list",
    "cm-cr-review-list",
    "cr-top-reviews",
)
_BODIES = ("review-collapsed", "review-body", "reviewRichContentContainer", "reviewText", "review-text")
_COUNTRIES = (
    re.compile(
        r"\s(?:in|from|en|aus|aux|au|nos|nas|no|na|em|uit|w|z|we|ze|i|im|från|nel|nello|nella|nei|negli|nelle|dal|dalla|dagli|de la)"
        r"\s(?:(?:the|de[mnr]|de|het|el|los|las)\s)?([^\d,]{2,40}?)\s(?:on|am|le|il|el|op|em|den|vom|(?:[zw]\s)?dni[au])\s",
        re.IGNORECASE,
    ),
    re.compile(r"日に(.{1,20}?)でレビュー"),
    re.compile(r"在(.{1,20}?)(?:审核|審核|评论|評論|發表|发表|评价|評價)"),
    re.compile(r"في (.{2,40}?) (?:في|بتاريخ)"),
    re.compile(r"(?:tarihinde\s)?([^\W\d_][^\d'’]{1,40}?)['’]n?(?:de|da|te|ta)\s"),
    re.compile(r"נסקר ב(.{2,40}?) ב-?\d"),
    re.compile(r"को (.{2,30}?) में\s"),
    re.compile(r"일에 (.{1,20}?)에서"),
)
_MOBILE_WRAPPER = "mobley-review-content"
_SITE = re.compile(r"amazon\.[a-z]{2,3}(?:\.[a-z]{2})?", re.IGNORECASE)
_ELSEWHERE = frozenset({"cm-cr-global-review-list", "cm-cr-cmps-review-list"})
_PROFILE = "/profile/"
_NAME, _AUTHOR = "a-profile-name", "review-author"
_TILE = "review-image-tile"
_ACCOUNT = re.compile(r"(amzn1\.account\.[A-Z0-9]{10,40})")
_FILM = "input.video-url, .review-video source"
_FAILED = ".cr-media-error-msg"
_PARTS = f'[data-hook], .{_NAME}, a[href*="{_PROFILE}"], {_FILM}'
"""What is read of a review, found in one walk."""
_VARIANTS = ("format-strip", "format-strip-linkless")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")


top_reviews = Field[Document, tuple[Review, ...], tuple[Review, ...]](
    "The reviews printed on the page, local ones first, each once.", empty=()
)


@top_reviews.source("lists of reviews")
def _hooked_reviews(document: Document) -> tuple[Review, ...]:
    found: dict[str, Review] = {}
    for name in _REVIEWS:
        for node in select(document.by_id(name), '[data-hook="review"], [data-hook="cmps-review"]'):
            key = key_of(node)
            if key and key not in found:
                found[key] = hooked_review(key, node, document, is_global=name in _ELSEWHERE)
    return tuple(found.values())


@top_reviews.source("reviews of phones")
def _mobile_reviews(document: Document) -> tuple[Review, ...]:
    """Phones have hooks as well, but the author stands in a wrapper around the review."""
    found = {
        key: hooked_review(key, node.parent, document)
        for _, node in document.by_prefix("customer_review-")
        if node.parent is not None and attr(node.parent, "data-hook") == _MOBILE_WRAPPER and (key := key_of(node))
    }
    return tuple(found.values())


top_reviews.source("reviews before 2017")(old_reviews)


@top_reviews.source("reviews outside of any known list")
def _marked_reviews(document: Document) -> tuple[Review, ...]:
    """By their hook alone, where the source has one: a walk of the whole page."""
    if not document.holds(b'data-hook="review"'):
        return ()
    found = {
        key: hooked_review(key, node, document)
        for node in document.whole('[data-hook="review"]')
        if (key := key_of(node))
    }
    return tuple(found.values())


def key_of(node: Node) -> str:
    """The id of a review, of its element or of one inside; empty for none."""
    named = (node.id or "").removeprefix("customer_review-").removeprefix("customer_review_foreign-")
    inner = first(node, '[id^="customer_review"]') if not named else None
    return key_of(inner) if inner is not None else named


def hooked_review(key: str, node: Node, document: Document, *, is_global: bool = False) -> Review:
    """The review in an element whose parts have hooks. Never raises."""
    return Review(**hooked_values(key, node, document, is_global=is_global))


def hooked_values(key: str, node: Node, document: Document, *, is_global: bool = False) -> dict[str, Any]:
    """What the review says, by the names of its fields. Never raises."""
    parts = _parts_of(node)
    hooks, profile = parts.hooks, parts.profile
    named = " ".join(hooks)
    account = _ACCOUNT.search(profile)
    host = document.marketplace.host
    stars = [part for hook, part in hooks.items() if "review-star-rating" in hook] if "-star-" in named else []
    when = text(hooks.get("review-date"))
    return {
        "id": key,
        "title": _review_title(hooks.get("review-title") or hooks.get("reviewTitle")),
        "body": _body(next((hooks[name] for name in _BODIES if name in hooks), None)),
        "rating": values.rating(text(stars[-1])) if stars else None,
        "author": text(parts.author) or None,
        "date": iso_date(when),
        "country": _country(f"{when} {text(hooks.get('published-on-amzn-text'))}"),
        "verified": "avp-badge" in named,
        "helpful": _helpful(text(hooks.get("helpful-vote-statement") or hooks.get("helpful-votes-text"))),
        "images": tuple(dict.fromkeys(parts.pictures)),
        "videos": tuple(dict.fromkeys(filter(None, parts.films))),
        "variant": _variant(next((hooks[name] for name in _VARIANTS if name in hooks), None)),
        "author_id": account[1] if account else None,
        "author_url": f"https://{host}{urlsplit(profile).path.partition('/ref=')[0]}" if profile else None,
        "is_vine": "vine" in named,
        "is_global": is_global
        or attr(node, "data-hook") == "cmps-review"
        or (node.id or "").startswith("customer_review_foreign"),
        "url": f"https://{host}/gp/customer-reviews/{key}",
    }


@dataclass(slots=True)
class _Parts:
    """The parts of a review, sorted in one pass."""

    hooks: dict[str, Node] = field(default_factory=dict)
    """The first part of each hook. From 2017 to 2019 the hooks of reviews of another site begin with "cmps-"."""
    author: Node | None = None
    """What names the author, not the link around it."""
    profile: str = ""
    pictures: list[str] = field(default_factory=list)
    """In their largest form; a script loads them, so that the address may be beside ``src``."""
    films: list[str] = field(default_factory=list)


def _parts_of(node: Node) -> _Parts:
    parts = _Parts()
    for part in select(node, _PARTS):
        tag, told = part.tag, part.attributes
        written = (told.get("data-hook") or "").strip()
        hook = written.removeprefix("cmps-")
        if hook:
            parts.hooks.setdefault(hook, part)
        if parts.author is None and ((tag == "a" and written == _AUTHOR) or _NAME in (told.get("class") or "").split()):
            parts.author = part
        if tag == "a" and not parts.profile and _PROFILE in (href := told.get("href") or ""):
            parts.profile = href.strip()
        if hook == _TILE and "/images/I/" in (url := _said(told, "data-src", "src")):
            parts.pictures.append(values.image(url))
        if tag == "source" or (tag == "input" and "video-url" in (told.get("class") or "")):
            parts.films.append(_said(told, "value", "src"))
    return parts


def _body(node: Node | None) -> str | None:
    """What the customer wrote: a film that did not load says so among the words."""
    said = text(node)
    if said and (notice := text(first(node, _FAILED))):
        said = said.replace(notice, "", 1)
    return said.strip() or None


def _said(told: dict[str, str | None], *names: str) -> str:
    return next((value for name in names if (value := (told.get(name) or "").strip())), "")


def _variant(node: Node | None) -> str | None:
    """What was reviewed: an icon stands between its dimensions, and some pages put a badge into the same strip."""
    runs = [""]
    for part in node.iter(include_text=True) if node is not None else ():
        if part.tag == "i":
            runs.append("")
        elif part.tag == "-text":
            runs[-1] += f" {values.clean(part.text_content or '')}"
        elif part.is_element_node and "badge" not in (attr(part, "data-hook") or ""):
            runs[-1] += f" {text(part)}"
    shown = (run.strip(" |") for joined in runs for run in joined.split("|"))
    return " | ".join(filter(None, shown)) or None


def _review_title(node: Node | None) -> str | None:
    """Since 2021 the title's link holds the stars as well. A title may begin with a number: "5 Minute Setup"."""
    if node is None or holds_text(node):
        return text(node) or None
    parts = [part for part in select(node, "span") if part.mem_id != node.mem_id]
    said = (text(part) for part in reversed(parts) if "a-icon-alt" not in (attr(part, "class") or ""))
    return next(filter(None, said), None) or text(node) or None


def _helpful(line: str) -> int | None:
    if not line:
        return None
    return values.integer(line) or 1


@remembered
def _country(when: str) -> str | None:
    """The country that the line of the date names; of one "published on Amazon.com" the site's."""
    plain = " ".join(_FLAG.sub("", when).split())
    site = _SITE.search(plain)
    if site and (elsewhere := of_url(f"https://www.{site[0].lower()}/")):
        return elsewhere.country
    matches = (pattern.search(plain) for pattern in _COUNTRIES)
    return next((match[1].strip() for match in matches if match), None)
