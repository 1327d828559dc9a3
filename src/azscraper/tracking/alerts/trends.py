"""How the number that a notice tells of got there: its last 90 days, for the picture in mails and the line of blocks in texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from azscraper.channels.pictures import Bar, steps
from azscraper.kinds.observations import Value
from azscraper.store.db import Conn, fetch_all
from azscraper.tracking import statistics
from azscraper.tracking.alerts.notices import Notice, plain
from azscraper.tracking.statistics import At, Span
from azscraper.words import MONEY_FIELDS, TEXT_FIELDS, SeriesField

DAYS = 90
MOST = 10
"""Pictures in one message."""
_MOST_POINTS = 500
_BLOCKS = "▁▂▃▄▅▆▇█"
_LETTERS = 30


@dataclass(frozen=True, slots=True)
class Trend:
    """A number of a product over time; there are at least two of them."""

    field: str
    start: datetime
    end: datetime
    spans: Sequence[Span]

    @property
    def lowest(self) -> object:
        """As notices tell values."""
        return self._plain(min(self._numbers))

    @property
    def highest(self) -> object:
        """As notices tell values."""
        return self._plain(max(self._numbers))

    def picture(self) -> bytes:
        """As PNG."""
        return steps(list(self._bars()))

    def blocks(self) -> str:
        """As a line of blocks; a space where there was no number."""
        heights = [(bar.start, bar.end, bar.height) for bar in self._bars()]
        middles = ((at + 0.5) / _LETTERS for at in range(_LETTERS))
        found = (next((height for start, end, height in heights if start <= at <= end), None) for at in middles)
        return "".join(" " if one is None else _BLOCKS[round(one * (len(_BLOCKS) - 1))] for one in found)

    @property
    def _numbers(self) -> list[Decimal]:
        return [span.value.number for span in self.spans if span.value.number is not None]

    def _plain(self, number: Decimal) -> object:
        unit = next(span.value.text for span in reversed(self.spans) if span.value.number is not None)
        return plain(Value(number, unit), is_money=self.field in MONEY_FIELDS)

    def _bars(self) -> Iterator[Bar]:
        """The best rank is drawn on top."""
        numbers = [float(one) for one in self._numbers]
        low, breadth = min(numbers), max(numbers) - min(numbers)
        whole = (self.end - self.start).total_seconds()
        for span in self.spans:
            if span.value.number is not None:
                share = (float(span.value.number) - low) / breadth
                first, last = (((at - self.start).total_seconds() / whole) for at in (span.start, span.end))
                yield Bar(first, last, 1 - share if _is_rank(self.field) else share)


def _is_rank(field: str) -> bool:
    return field == SeriesField.RANK or field.startswith(("rank:", "chart:"))


def _field_of(notice: Notice) -> str:
    """What the notice tells of, if it is a number that has a series; else the price."""
    known = set(SeriesField) - TEXT_FIELDS
    told = [reason["field"] for reason in notice.reasons if "field" in reason]
    return next((name for name in told if name in known or _is_rank(name)), SeriesField.PRICE)


@dataclass(frozen=True, slots=True)
class _Point:
    at: int
    observed_at: datetime
    value_number: Decimal | None
    value_text: str | None


async def find(conn: Conn, project_id: str, notices: Sequence[Notice]) -> Mapping[str, Trend]:
    """By the notice's id, of the first products that have more than one number to show; in one query."""
    asked = [one for one in notices if one.asin and one.marketplace][:MOST]
    if not asked:
        return {}
    points: list[list[At]] = [[] for _ in asked]
    for row in await _points(conn, project_id, asked):
        points[row.at].append(At(row.observed_at, Value(row.value_number, row.value_text)))
    trends = {one.id: _trend(one, sorted(own, key=lambda at: at.at)) for one, own in zip(asked, points, strict=True)}
    return {notice_id: trend for notice_id, trend in trends.items() if trend is not None}


async def _points(conn: Conn, project_id: str, asked: Sequence[Notice]) -> list[_Point]:
    """Within the time of each, and the last one before it."""
    return await fetch_all(
        conn,
        _Point,
        """SELECT (k.at - 1)::int AS at, p.* FROM unnest(%(marketplaces)s::text[], %(places)s::text[], %(asins)s::text[],
                   %(fields)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
               WITH ORDINALITY AS k (marketplace, place, asin, field, start, until, at),
           LATERAL (
               (SELECT s.observed_at, s.value_number, s.value_text FROM product_series s
                WHERE s.project_id = %(project_id)s AND s.asin = k.asin AND s.marketplace = k.marketplace AND s.place = k.place
                  AND s.field = k.field AND s.observed_at > k.start AND s.observed_at <= k.until
                ORDER BY s.observed_at DESC LIMIT %(most)s)
               UNION ALL
               (SELECT s.observed_at, s.value_number, s.value_text FROM product_series s
                WHERE s.project_id = %(project_id)s AND s.asin = k.asin AND s.marketplace = k.marketplace AND s.place = k.place
                  AND s.field = k.field AND s.observed_at <= k.start
                ORDER BY s.observed_at DESC LIMIT 1)) p""",
        {
            "project_id": project_id,
            "marketplaces": [one.marketplace for one in asked],
            "places": [one.place for one in asked],
            "asins": [one.asin for one in asked],
            "fields": [_field_of(one) for one in asked],
            "starts": [_start(one) for one in asked],
            "ends": [one.observed_at for one in asked],
            "most": _MOST_POINTS,
        },
    )


def _start(notice: Notice) -> datetime:
    return notice.observed_at - timedelta(days=DAYS)


def _trend(notice: Notice, points: Sequence[At]) -> Trend | None:
    """Up to the notice, and a little beyond it, so that what it tells can be seen."""
    if not points:
        return None
    start = max(points[0].at, _start(notice))
    end = notice.observed_at + max((notice.observed_at - start) * 0.03, timedelta(minutes=1))
    spans = statistics.of_one_unit(statistics.spans(points, checked_at=end, start=start, end=end))
    numbers = {span.value.number for span in spans if span.value.number is not None}
    return Trend(_field_of(notice), start, end, spans) if len(numbers) > 1 else None
