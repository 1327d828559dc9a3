"""Series as a picture: lines of steps in SVG, for mails and pages that run no script. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from azscraper.tracking.statistics import Span

MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 64, 12, 28, 24
_COLOURS = ("#1d6fb8", "#b45309", "#0b6b63", "#7c3aed")
"""Of lines, in this order."""
MOST_LINES = len(_COLOURS)
_GREY, _INK = "#d5dae1", "#3a4350"
_LINES = 4
"""Of the grid, from the bottom to the top."""
_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Size:
    """Of a picture, in pixels."""

    width: int = 640
    height: int = 240


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where times and numbers are drawn."""

    size: Size
    start: datetime
    end: datetime
    low: float
    high: float
    falls: bool
    """Whether low numbers are drawn above high ones: of ranks."""

    def x(self, at: datetime) -> float:
        whole = (self.end - self.start).total_seconds() or 1.0
        width = self.size.width - MARGIN_LEFT - MARGIN_RIGHT
        return MARGIN_LEFT + width * (at - self.start).total_seconds() / whole

    def y(self, number: float) -> float:
        part = (number - self.low) / ((self.high - self.low) or 1.0)
        height = self.size.height - MARGIN_TOP - MARGIN_BOTTOM
        return MARGIN_TOP + height * (part if self.falls else 1 - part)


def draw(
    title: str, series: Mapping[str, Sequence[Span]], start: datetime, end: datetime, size: Size, *, is_rank: bool
) -> str:
    """The picture, whole: a line for each series by its name, all on one scale.

    Times without a number are gaps; numbers in another unit than the last one of the first series are left out.
    """
    unit = _last_unit(next(iter(series.values()), ()))
    kept = {name: _in_unit(spans, unit) for name, spans in series.items()}
    amounts = [float(number) for spans in kept.values() for span in spans if (number := span.value.number) is not None]
    heading = f"{title} ({unit})" if unit else title
    parts = [_text(MARGIN_LEFT, 18, heading, size=13)]
    if amounts:
        plane = _plane(size, start, end, amounts, falls=is_rank)
        parts += _grid(plane)
        for colour, spans in zip(_COLOURS, kept.values(), strict=False):
            parts.append(_line(plane, spans, colour))
        parts += _legend(size, kept) if len(kept) > 1 else ()
    else:
        parts.append(_text(MARGIN_LEFT, size.height / 2, "–", size=13))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width}" height="{size.height}"'
        f' viewBox="0 0 {size.width} {size.height}" role="img" font-family="sans-serif"><title>{escape(heading)}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def _last_unit(spans: Sequence[Span]) -> str | None:
    return next((span.value.text for span in reversed(spans) if span.value.number is not None), None)


def _in_unit(spans: Sequence[Span], unit: str | None) -> list[Span]:
    return [span for span in spans if span.value.number is None or span.value.text == unit]


def _legend(size: Size, names: Iterable[str]) -> Iterator[str]:
    """Names in the colours of their lines, from the right end of the heading's line."""
    x = float(size.width - MARGIN_RIGHT)
    for colour, name in reversed(list(zip(_COLOURS, names, strict=False))):
        yield _text(x, 18, name, anchor="end", colour=colour)
        x -= len(name) * 6.5 + 12


def _plane(size: Size, start: datetime, end: datetime, amounts: Sequence[float], *, falls: bool) -> _Plane:
    low, high = min(amounts), max(amounts)
    room = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    return _Plane(size, start, end, max(low - room, 0.0) if low >= 0 else low - room, high + room, falls)


def _grid(plane: _Plane) -> Iterator[str]:
    right = plane.size.width - MARGIN_RIGHT
    for line in range(_LINES + 1):
        number = plane.low + (plane.high - plane.low) * line / _LINES
        y = plane.y(number)
        yield f'<path d="M{MARGIN_LEFT} {y:.1f}H{right}" stroke="{_GREY}" fill="none"/>'
        yield _text(MARGIN_LEFT - 6, y + 4, _label(number, plane.high - plane.low), anchor="end")
    bottom = plane.size.height - 8
    yield _text(MARGIN_LEFT, bottom, f"{plane.start:%Y-%m-%d}")
    yield _text(right, bottom, f"{plane.end:%Y-%m-%d} {_ZONE}", anchor="end")


def _label(number: float, breadth: float) -> str:
    return f"{number:,.0f}" if breadth >= 2 * _LINES else f"{number:,.2f}"


def _line(plane: _Plane, spans: Sequence[Span], colour: str) -> str:
    path, last = [], None
    for span in spans:
        if span.value.number is None:
            last = None
            continue
        y = plane.y(float(span.value.number))
        begin = f"V{y:.1f}" if last == span.start else f"M{plane.x(span.start):.1f} {y:.1f}"
        path.append(f"{begin}H{plane.x(span.end):.1f}")
        last = span.end
    return f'<path d="{"".join(path)}" stroke="{colour}" stroke-width="2" stroke-linecap="round" fill="none"/>'


def _text(x: float, y: float, text: str, *, size: int = 11, anchor: str = "start", colour: str = _INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
    )
