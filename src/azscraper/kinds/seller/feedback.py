"""What buyers wrote of a seller, as far as its page prints it."""

import re

from azscraper.marketplaces import alternatives
from azscraper.parse.dates import iso_date
from azscraper.parse.dig import dig
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import rating
from azscraper.records.parts import Coverage
from azscraper.records.seller import SellerFeedback

_TABLES = ("feedback-table", "feedback-content", "seller-profile-container")
_TEMPLATE = "feedback-row-template"
_BODIES = (".expandable-expanded-text", "[id$='-text']", ".a-text-quote")
"""The whole text before what is folded."""
_STARS = (".feedback-stars .a-icon-alt", ".feedback-stars", "i.a-icon-star .a-icon-alt")
"""Until 2021 without a class of their own."""
_BY = re.compile(r"^\s*" + alternatives("by") + r"[\s:：]*", re.IGNORECASE)
_JOINT = re.compile(
    r"[\s,、–-]*(?:(?<!\w)(?:on|am|le|il|el|op|den|dnia|em|på|vom|في|بتاريخ)(?!\w))?[\s,、–-]*$", re.IGNORECASE
)
_LONGEST_RATER = 400
_LONGEST_DATE = 40

recent_feedback = Field[Document, tuple[SellerFeedback, ...], tuple[SellerFeedback, ...]](
    "The rows of the table of feedback; the row from which scripts make others is none.", empty=()
)


@recent_feedback.source(".feedback-row")
def _rows(page: Document) -> tuple[SellerFeedback, ...]:
    found = select(page.by_id(*_TABLES), ".feedback-row")
    rows = (row for row in found if row.id != _TEMPLATE and _TEMPLATE not in (row.attrs.get("class") or ""))
    return tuple(one for row in rows if (one := _feedback(row)).rating is not None or one.body)


coverage = Field[Document, Coverage, Coverage | None]("How many of all written feedbacks the page prints.")


@coverage.source("lifetimeRatingsData")
def _coverage(page: Document) -> Coverage | None:
    have = len(page.once(recent_feedback))
    told = dig(page.state("lifetimeRatingsData"), "ratingCountWithText")
    total = told if isinstance(told, int) and told >= have else None
    if not have and not total:
        return None
    complete = have == total
    return Coverage(have=have, total=total, complete=complete, reason=None if complete else "not_served")


def _feedback(row: Node) -> SellerFeedback:
    answer = first(row, ".feedback-response")
    mine = first(row, ".feedback-main") or row
    author, day = _rater(text(first(mine, ".feedback-rater")))
    return SellerFeedback(
        rating=rating(text(next((node for css in _STARS if (node := first(row, css)) is not None), None))),
        body=_said(mine),
        author=author,
        date=day,
        is_struck=first(mine, ".a-text-strike") is not None and not _is_within(mine, answer),
        note=_note(mine),
        response=_said(answer),
    )


def _said(part: Node | None) -> str | None:
    node = next((found for css in _BODIES if (found := first(part, css)) is not None), None)
    return text(node) or None


def _is_within(mine: Node, answer: Node | None) -> bool:
    """Where the row has no part of its own, the strike may be the answer's."""
    return answer is not None and first(mine, ".feedback-response") is not None


def _note(mine: Node) -> str | None:
    node = first(mine, ".feedback-suppressed")
    spans = [span for span in select(node, "span") if "a-text-bold" not in (attr(span, "class") or "")]
    return text(spans[0]) or None if spans else None


def _rater(said: str) -> tuple[str | None, str | None]:
    """Of "By Ada on July 30, 2026." who, where the words before the name are known, and when."""
    said = said[:_LONGEST_RATER]
    day = iso_date(said)
    by = _BY.match(said)
    if day is None or by is None:
        return None, day
    start = next(place for place in range(len(said) - 1, -1, -1) if iso_date(said[place:]) == day)
    before = said[by.end() : start].rstrip("0")  # of "05 July"
    return _JOINT.sub("", before) or None, day
