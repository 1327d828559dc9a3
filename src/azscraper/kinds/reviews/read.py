"""A list of reviews, read: its rows and what it says about itself. Pure; never raises on any page."""

import re
from typing import Any

from azscraper.bytesearch import find
from azscraper.kinds.details.opinions.review_list import hooked_review, key_of
from azscraper.kinds.details.opinions.reviews_old import old_review
from azscraper.kinds.reviews.head import page_of, product_of, read_head
from azscraper.kinds.reviews.listed import anchored_in, hooked_in, viewpoints_in
from azscraper.marketplaces import asin_from_url
from azscraper.parse.dates import iso_date
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import absolute, image
from azscraper.records.parts import Review
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
            rows[key] = _hooked(key, node, document)
    for key, node in ({} if rows else anchored_in(document)).items():
        rows[key] = _old(key, node, document)
    numbered = (
        row.model_copy(update={"asin": asin or row.variant_asin, "position": place, "page": page})
        for place, row in enumerate(rows.values(), 1)
    )
    found = tuple(numbered)
    return found, read_head(document, asin, found, _tops(document, asin), url)


def row_of(review: Review, node: Node | None, document: Document | None, **values: Any) -> ReviewRow:
    """A row out of what a product page and a list print alike, with what only a list's element says."""
    fields = dict(review) | {"author_id": review.author_id or _author_id(node)}
    is_global = fields.pop("is_global")
    kind = "foreign" if is_global else "local"
    return ReviewRow.model_validate(
        fields
        | {
            "kind": kind,
            "author_url": review.author_url or _author_url(node, document.marketplace.host if document else None),
            "author_image": _author_image(node),
            "author_badges": _badges(node) if document is not None and document.once(_has_badges) else (),
        }
        | values
    )


def _hooked(key: str, node: Node, document: Document) -> ReviewRow:
    inner = first(node, _FOREIGN) if document.once(_has_foreign) else None
    review = hooked_review(key, node, document, is_global=inner is not None)
    link = attr(first(node, _TITLE_LINKS), "href") or ""
    reviewed = re.search(r"[?&]ASIN=([A-Z0-9]{10})(?![A-Z0-9])", link)
    return row_of(
        review,
        node,
        document,
        variant_asin=reviewed[1] if reviewed else None,
        marketplace=document.marketplace.host,
        language=document.language,
    )


def _old(key: str, node: Node, document: Document) -> ReviewRow:
    host = document.marketplace.host
    reviewed = first(node, _OLD_PRODUCT)
    return row_of(
        old_review(key, node),
        node,
        document,
        verified=first(node, _OLD_VERIFIED) is not None,
        variant_asin=asin_from_url(attr(reviewed, "href") or "") or _permalink_asin(node),
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
        review = hooked_review(key, node, document)
        said = text(first(node, ".a-spacing-top-mini .a-size-base")) or None
        dated = text(first(node, ".review-date"))
        update = {"body": review.body or said, "date": review.date or iso_date(dated)}
        shown = review.model_copy(update=update)
        found.append(row_of(shown, node, document, kind=kind, asin=asin, marketplace=host, language=document.language))
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
    return any(find(document.source, mark) >= 0 for mark in _FOREIGN_MARKS)


def _has_badges(document: Document) -> bool:
    """Most pages have none, and their source says so faster than each review."""
    return any(find(document.source, mark) >= 0 for mark in _BADGE_MARKS)


def _badges(node: Node | None) -> tuple[str, ...]:
    """Of the author; whoever answered below the review has his own."""
    found = select(node, _BADGES)
    others = {part.mem_id for part in select(first(node, _COMMENTS), _BADGES)} if found else set()
    said = (text(part).strip("()") for part in found if part.mem_id not in others)
    return tuple(dict.fromkeys(filter(None, said)))
