"""A list of reviews, read: its rows and what it says about itself. Pure; never raises on any page."""

import re
from collections.abc import Mapping
from typing import Any

from azscraper.kinds.details.opinions.review_list import hooked_values, key_of
from azscraper.kinds.details.opinions.reviews_old import old_values
from azscraper.kinds.reviews.head import page_of, product_of, read_head
from azscraper.kinds.reviews.listed import anchored_in, hooked_in, viewpoints_in
from azscraper.marketplaces import asin_from_url
from azscraper.parse.dates import iso_date
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import absolute, image
from azscraper.records.reviews import ReviewRow, ReviewsSummary

_ACCOUNT = re.compile(r"(?:amzn1\.account\.[A-Z0-9]{10,40}|(?<=/profile/)A[A-Z0-9]{8,20})")
_PROFILES = 'a[href*="/profile/"]'
_AVATAR = ".a-profile-avatar img"
_STAND_IN = re.compile(r"/grey-pixel|/transparent-pixel|/amazon-avatars(?:-global)?/default")
_CROP = re.compile(r"\._[^/]{1,80}_(?=\.[a-z]{3,4}$)")
_BADGES = ".c7y-badge-text, .badge-text, .enthusiast-badge, [class*=s_Badge]"
_FOREIGN = '[id^="customer_review_foreign"], [data-hook^="cmps-"]'
_FOREIGN_MARKS = (b"customer_review_foreign", b"cmps-")
_BADGE_MARKS = (b"badge-text", b"enthusiast-badge", b"s_Badge")
_REVIEWED = re.compile(r"[?&]ASIN=([A-Z0-9]{10})(?![A-Z0-9])")
_COMMENTS = ".review-comments"
_TITLE_LINKS = 'a[href*="/customer-reviews/R"]'
_OLD_VERIFIED = ".crVerifiedStripe"
_OLD_PRODUCT = '.tiny a[href*="/dp/"]'
_TRANSLATED = ".cr-translated-review-content:not(.aok-hidden)"


def parse_reviews(document: Document, url: str) -> tuple[tuple[ReviewRow, ...], ReviewsSummary]:
    """The rows in page order, each review once, and what the page says about itself."""
    asin, page = product_of(document, url), page_of(document, url)
    rows: dict[str, ReviewRow] = {}
    for node in hooked_in(document):
        key = key_of(node)
        if key and key not in rows:
            rows[key] = _hooked(key, node, document, asin=asin, page=page, position=len(rows) + 1)
    for key, node in ({} if rows else anchored_in(document)).items():
        rows[key] = _old(key, node, document, asin=asin, page=page, position=len(rows) + 1)
    found = tuple(rows.values())
    return found, read_head(document, asin, found, _tops(document, asin), url)


def row_of(said: Mapping[str, Any], node: Node | None, document: Document | None, **values: Any) -> ReviewRow:
    """A row out of what a product page and a list print alike, by the names of ``Review``, with what only a list's element says."""
    fields = dict(said)
    is_global = fields.pop("is_global", False)
    return ReviewRow.model_validate(
        fields
        | {
            "kind": "foreign" if is_global else "local",
            "author_id": fields.get("author_id") or _author_id(node),
            "author_url": fields.get("author_url")
            or _author_url(node, document.marketplace.host if document else None),
            "author_image": _author_image(node),
            "author_badges": _badges(node) if document is not None and document.once(_has_badges) else (),
        }
        | values
    )


def _hooked(key: str, node: Node, document: Document, *, asin: str | None, page: int, position: int) -> ReviewRow:
    inner = first(node, _FOREIGN) if document.once(_has_foreign) else None
    link = attr(first(node, _TITLE_LINKS), "href") or ""
    reviewed = _REVIEWED.search(link)
    variant = reviewed[1] if reviewed else None
    return row_of(
        hooked_values(key, node, document, is_global=inner is not None),
        node,
        document,
        asin=asin or variant,
        variant_asin=variant,
        page=page,
        position=position,
        marketplace=document.marketplace.host,
        language=document.language,
    )


def _old(key: str, node: Node, document: Document, *, asin: str | None, page: int, position: int) -> ReviewRow:
    host = document.marketplace.host
    reviewed = first(node, _OLD_PRODUCT)
    variant = asin_from_url(attr(reviewed, "href") or "") or _permalink_asin(node)
    return row_of(
        old_values(key, node),
        node,
        document,
        verified=first(node, _OLD_VERIFIED) is not None,
        asin=asin or variant,
        variant_asin=variant,
        page=page,
        position=position,
        url=f"https://{host}/gp/customer-reviews/{key}",
        marketplace=host,
        language=document.language,
    )


def _permalink_asin(node: Node) -> str | None:
    return asin_from_url(attr(first(node.parent, 'a[href*="/review/R"][href*="ASIN="]'), "href") or "")


def _tops(document: Document, asin: str | None) -> list[ReviewRow]:
    """The top positive and the top critical review: their texts have no hook."""
    found = []
    host = document.marketplace.host
    for (key, node), kind in zip(viewpoints_in(document).items(), ("top_positive", "top_critical"), strict=False):
        said = hooked_values(key, node, document)
        body = said["body"] or text(first(node, ".a-spacing-top-mini .a-size-base")) or None
        day = said["date"] or iso_date(text(first(node, ".review-date")))
        beside = {
            "body": body,
            "date": day,
            "kind": kind,
            "asin": asin,
            "marketplace": host,
            "language": document.language,
        }
        found.append(row_of(said, node, document, **beside))
    return found


def _author_id(node: Node | None) -> str | None:
    found = _ACCOUNT.search(attr(first(node, _PROFILES), "href") or "")
    return found[0] if found else None


def _author_url(node: Node | None, host: str | None) -> str | None:
    href = attr(first(node, _PROFILES), "href")
    return absolute(href, host) if href and host else None


def _author_image(node: Node | None) -> str | None:
    shown = first(node, _AVATAR)
    address = attr(shown, "data-src") or attr(shown, "src")
    return image(_CROP.sub("", address)) if address and not _STAND_IN.search(address) else None


def _has_foreign(document: Document) -> bool:
    return document.holds(*_FOREIGN_MARKS)


def _has_badges(document: Document) -> bool:
    """Most pages have none, and their source says so faster than each review."""
    return document.holds(*_BADGE_MARKS)


def _badges(node: Node | None) -> tuple[str, ...]:
    """Of the author; whoever answered below the review has his own."""
    found = select(node, _BADGES)
    others = {part.mem_id for part in select(first(node, _COMMENTS), _BADGES)} if found else set()
    said = (text(part).strip("()") for part in found if part.mem_id not in others)
    return tuple(dict.fromkeys(filter(None, said)))
