"""Series and their statistics on the wire."""

from collections.abc import Sequence

from azscraper.wire.base import Answer, Timestamp


class SeriesPointOut(Answer):
    """A value from a time on; with `step`, what a step came to."""

    at: Timestamp
    """When it was seen; with `step`, when the step begins."""
    value: float | str | None
    """null: the page said that there is none. With `step`, what held at its end."""
    unit: str | None
    """Of a number: the currency of an amount, the category of `rank`."""
    source: str | None
    """Type of the job, or `imported`; null with `step`."""
    job_id: str | None
    lowest: float | None = None
    """With `step`: the lowest number in it."""
    highest: float | None = None
    mean: float | None = None
    """By time."""


class SeriesOut(Answer):
    """One field of a product over time."""

    project_id: str
    marketplace: str
    """Host."""
    place: str
    """Where to deliver, as the jobs asked for; empty: none was asked for."""
    asin: str
    field: str
    checked_at: Timestamp
    """When a page told the field last, changed or not: the last value holds up to then."""
    points: Sequence[SeriesPointOut]
    """In time's order. With `from` they begin with the value that held then."""


class CurrentOut(Answer):
    """A field by now."""

    field: str
    value: float | str | None
    unit: str | None
    since: Timestamp
    """When the value was first seen, as far as it was followed."""
    checked_at: Timestamp
    lowest: float | None
    """Of all time, in the unit of today."""
    lowest_at: Timestamp | None
    highest: float | None
    highest_at: Timestamp | None
    is_lowest: bool | None
    """Whether it is as low as ever; null where there is no number."""
    is_lowest_90: bool | None
    """The same of the last 90 days."""


class FieldStatisticsOut(Answer):
    """The numbers of a field over one window."""

    field: str
    lowest: float | None
    lowest_at: Timestamp | None
    """When in the window it began first."""
    highest: float | None
    highest_at: Timestamp | None
    mean: float | None
    """By time: each number counts as long as it held."""
    median: float | None
    """By time: the least number that, with those below it, held at least half of the time."""
    changes: int
    drops: int
    """How often the number fell; of a rank each may be a sale."""


class SellerShareOut(Answer):
    """How long a seller had the buy box."""

    seller: str
    share: float
    """Of the time in which there was a seller, 0 to 1."""


class WindowOut(Answer):
    """What the last days come to."""

    days: int
    start: Timestamp
    end: Timestamp
    out_of_stock_share: float | None
    """Of the time in which the availability was known, 0 to 1; null where no time has passed."""
    buy_box: Sequence[SellerShareOut]
    """Largest share first."""
    fields: Sequence[FieldStatisticsOut]


class ProductStatisticsOut(Answer):
    """A product by now, and over windows that end now."""

    project_id: str
    marketplace: str
    """Host."""
    place: str
    asin: str
    checked_at: Timestamp
    fields: Sequence[CurrentOut]
    windows: Sequence[WindowOut]


class ValueOut(Answer):
    """A value with its unit."""

    value: float | str | None
    """null: there is none."""
    unit: str | None
    """Of a number: the currency of an amount, the category of `rank`."""


class ChangeOut(Answer):
    """A field of a product that changed."""

    at: Timestamp
    marketplace: str
    """Host."""
    place: str
    asin: str
    title: str | None
    image: str | None
    field: str
    before: ValueOut
    after: ValueOut
    percent: float | None
    """By how much a number moved, of the number before; null of texts, and of values that came or went."""
    source: str
    """Type of the job, or `imported`."""
    job_id: str | None


class MoveOut(Answer):
    """How a number changed over some days."""

    days: int
    before: float
    amount: float
    """The number now less the number before."""
    percent: float | None
    """Of the number before; null where that is 0."""


class FoundProductOut(Answer):
    """A product with its values now."""

    marketplace: str
    """Host."""
    place: str
    asin: str
    first_seen_at: Timestamp
    checked_at: Timestamp
    """The last look, changed or not."""
    changed_at: Timestamp
    """When any field changed last."""
    values: dict[str, ValueOut]
    """By field."""
    changes: Sequence[MoveOut]
    """Of the field `changeOf`, over 1, 7 and 30 days; without those before which the product was not seen."""


class ImportedOut(Answer):
    """What came of a file of history."""

    products: int
    points: int
    """Values in the file; those that were there already stay as they are."""
