"""Where the fields of reviews and of their list come from: what ``explain`` asks. Elements with hooks since 2016, classes before that."""

from azscraper.kinds.details.opinions.review_list import key_of
from azscraper.kinds.kind import Heard
from azscraper.kinds.reviews import head
from azscraper.kinds.reviews.listed import anchored_in, hooked_in
from azscraper.kinds.reviews.page import document_of, reads
from azscraper.parse import places
from azscraper.parse.page import Page
from azscraper.records.reviews import ReviewRow, ReviewsSummary

_ROWS: places.Places = {
    "title": places.css('[data-hook="review-title"]', '[data-hook="reviewTitle"]', "b"),
    "body": places.css(
        '[data-hook="review-collapsed"]', '[data-hook="review-body"]', '[data-hook="reviewText"]', ".reviewText"
    ),
    "rating": places.css('[data-hook*="review-star-rating"]', ".swSprite", ".a-icon-alt"),
    "date": places.css('[data-hook="review-date"]', "nobr"),
    "country": places.css('[data-hook="review-date"]', '[data-hook="published-on-amzn-text"]'),
    "author": places.css(".a-profile-name", 'a[data-hook="review-author"]', 'a[href*="/pdp/profile/"]'),
    "author_id": places.link('a[href*="/profile/"]'),
    "author_url": places.link('a[href*="/profile/"]'),
    "author_badges": places.css(".c7y-badge-text, .badge-text, .enthusiast-badge", "[class*=s_Badge]"),
    "verified": places.css('[data-hook*="avp-badge"]', ".crVerifiedStripe"),
    "is_vine": places.css('[data-hook*="vine"]'),
    "helpful": places.css('[data-hook="helpful-vote-statement"]', '[data-hook="helpful-votes-text"]', "div"),
    "variant": places.css('[data-hook="format-strip"]', '[data-hook="format-strip-linkless"]'),
    "variant_asin": (*places.link('a[href*="ASIN="]'), *places.link('.tiny a[href*="/dp/"]')),
    "images": places.picture('[data-hook="review-image-tile"]'),
    "author_image": places.picture(".a-profile-avatar img"),
    "videos": places.picture("input.video-url, .review-video source"),
}
_HEAD: places.Places = {name: field.sources for name, field in head.FIELDS.items()}


def row_sources(name: str) -> list[str]:
    """Of a field of a review."""
    return places.names(_ROWS, name)


def hear_rows(page: Page, name: str) -> Heard:
    """All sources of a field of each review."""
    document = document_of(page)
    nodes = {key_of(node): node for node in reversed(hooked_in(document))} or anchored_in(document)
    for row in reads(page, None).records:
        if isinstance(row, ReviewRow):
            yield row, places.heard(_ROWS, name, nodes.get(row.id))


def head_sources(name: str) -> list[str]:
    """Of a field of the list itself."""
    return places.names(_HEAD, name)


def hear_head(page: Page, name: str) -> Heard:
    """All sources of a field of the list itself."""
    said = reads(page, None).summary
    if isinstance(said, ReviewsSummary):
        yield said, places.heard(_HEAD, name, document_of(page))
