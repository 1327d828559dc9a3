"""Series and statistics as answers."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from azscraper.kinds.observations import Value
from azscraper.tracking import statistics
from azscraper.tracking.finding.changes import Changed
from azscraper.tracking.finding.finder import Found, Move
from azscraper.tracking.series_history import Current, ProductStatistics, Series, Window
from azscraper.tracking.series_states import Extreme
from azscraper.tracking.statistics import Bound, Cut, Numbers, Step
from azscraper.wire.series import (
    ChangeOut,
    CurrentOut,
    FieldStatisticsOut,
    FoundProductOut,
    MoveOut,
    ProductStatisticsOut,
    SellerShareOut,
    SeriesOut,
    SeriesPointOut,
    ValueOut,
    WindowOut,
)


def plain(value: Value) -> tuple[float | str | None, str | None]:
    """A value and its unit on the wire."""
    return (value.text, None) if value.number is None else (_float(value.number), value.text)


def _float(number: Decimal | None) -> float | None:
    """Whole numbers stay whole."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def series_out(series: Series, start: datetime | None, end: datetime, step: Step | None) -> SeriesOut:
    """One series, by steps where they were asked for."""
    product = series.product
    points = _points(series) if step is None else map(_cut, statistics.cuts(series.spans(start, end), step))
    return SeriesOut(
        project_id=product.project_id,
        marketplace=product.marketplace,
        place=product.place,
        asin=product.asin,
        field=series.field,
        checked_at=series.checked_at,
        points=list(points),
    )


def _points(series: Series) -> Iterator[SeriesPointOut]:
    for point in series.points:
        value, unit = plain(point.value)
        yield SeriesPointOut(at=point.at, value=value, unit=unit, source=point.source, job_id=point.job_id)


def _cut(cut: Cut) -> SeriesPointOut:
    value, unit = plain(cut.last)
    return SeriesPointOut(
        at=cut.at,
        value=value,
        unit=unit,
        source=None,
        job_id=None,
        lowest=_number(cut.numbers.lowest),
        highest=_number(cut.numbers.highest),
        mean=cut.numbers.mean,
    )


def _number(bound: Bound | None) -> float | None:
    return _float(bound.number) if bound else None


def statistics_out(found: ProductStatistics) -> ProductStatisticsOut:
    """One product's."""
    product = found.product
    return ProductStatisticsOut(
        project_id=product.project_id,
        marketplace=product.marketplace,
        place=product.place,
        asin=product.asin,
        checked_at=product.checked_at,
        fields=[current_out(one) for one in found.currents],
        windows=[_window(one) for one in found.windows],
    )


def current_out(one: Current) -> CurrentOut:
    """A field by now."""
    value, unit = plain(one.state.value)
    lowest, highest = one.state.lowest, one.state.highest
    return CurrentOut(
        field=one.field,
        value=value,
        unit=unit,
        since=one.state.changed_at,
        checked_at=one.state.checked_at,
        lowest=_extreme(lowest),
        lowest_at=lowest.at if lowest else None,
        highest=_extreme(highest),
        highest_at=highest.at if highest else None,
        is_lowest=one.is_lowest,
        is_lowest_90=one.is_lowest_90,
    )


def _extreme(extreme: Extreme | None) -> float | None:
    return _float(extreme.value.number) if extreme else None


def _window(window: Window) -> WindowOut:
    return WindowOut(
        days=window.days,
        start=window.start,
        end=window.end,
        out_of_stock_share=window.out_of_stock,
        buy_box=[SellerShareOut(seller=seller, share=share) for seller, share in window.buy_box.items()],
        fields=[_field(one.field, one.numbers) for one in window.fields],
    )


def _field(name: str, numbers: Numbers) -> FieldStatisticsOut:
    lowest, highest = numbers.lowest, numbers.highest
    return FieldStatisticsOut(
        field=name,
        lowest=_number(lowest),
        lowest_at=lowest.at if lowest else None,
        highest=_number(highest),
        highest_at=highest.at if highest else None,
        mean=numbers.mean,
        median=numbers.median,
        changes=numbers.changes,
        drops=numbers.drops,
    )


def _value(value: Value) -> ValueOut:
    told, unit = plain(value)
    return ValueOut(value=told, unit=unit)


def change_out(one: Changed) -> ChangeOut:
    """One change."""
    return ChangeOut.of(one, at=one.observed_at, before=_value(one.before), after=_value(one.after))


def found_out(one: Found) -> FoundProductOut:
    """One product of the finder."""
    return FoundProductOut.of(
        one,
        first_seen_at=one.first_at,
        values={name: _value(value) for name, value in one.values.items()},
        changes=[_move(move) for move in one.moves],
    )


def _move(move: Move) -> MoveOut:
    return MoveOut.of(move, before=float(move.before), amount=float(move.after - move.before))
