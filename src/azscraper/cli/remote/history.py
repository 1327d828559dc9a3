"""``azscraper history``: prices and places over time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service
from azscraper.cli.row_tables import money_text
from azscraper.client.models import FieldStatistics, FoundProduct, ProductStatistics, Seller, Step

app = typer.Typer(help="Show prices and search positions over time.", no_args_is_help=True)

_LONGEST_TITLE = 40
Marketplace = Annotated[str | None, typer.Option("--marketplace", "-m", help="Country code or host. Default: us.")]
Asin = Annotated[str, typer.Argument(help="ASIN of the product.")]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only points of this day or later.")]
Limit = Annotated[int, typer.Option(min=1, help="The most points to show.")]


@app.command()
def product(
    asin: Asin, *, marketplace: Marketplace = None, since: Since = None, limit: Limit = 20, as_json: JsonOption = False
) -> None:
    """Show the prices, ratings and ranks of a product, newest first."""
    with service() as client:
        found = list(client.product_history(asin, marketplace=marketplace, since=since, most=limit))
    columns = {
        "seen": lambda point: point.observed_at,
        "marketplace": lambda point: point.marketplace,
        "price": lambda point: money_text(point.price),
        "rating": lambda point: point.rating,
        "rank": lambda point: point.rank,
        "availability": lambda point: point.availability,
    }
    show.listed(found, columns, empty=_not_seen(asin), as_json=as_json)


@app.command()
def keyword(
    keyword: Annotated[str, typer.Argument(help="The keyword, quoted.")],
    asin: Asin,
    *,
    marketplace: Marketplace = None,
    since: Since = None,
    limit: Limit = 20,
    as_json: JsonOption = False,
) -> None:
    """Show the positions of a product in the results of a keyword, newest first."""
    with service() as client:
        found = list(client.keyword_history(keyword, asin, marketplace=marketplace, since=since, most=limit))
    columns = {
        "seen": lambda point: point.observed_at,
        "marketplace": lambda point: point.marketplace,
        "position": lambda point: point.position,
        "organic": lambda point: point.organic_position,
        "sponsored": lambda point: point.sponsored,
        "pages": lambda point: point.pages,
    }
    show.listed(found, columns, empty=f"Nobody searched for it; azscraper run search {keyword!r}", as_json=as_json)


Fields = Annotated[
    str | None, typer.Option(help="Fields, with commas between: price,rank or 'rank:Kitchen & Dining'. Default: all.")
]


@app.command()
def series(
    asin: Asin,
    *,
    fields: Fields = None,
    marketplace: Marketplace = None,
    since: Since = None,
    step: Annotated[Step | None, typer.Option(help="One value per hour, day, week or month (UTC).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show each field of a product over time, oldest first."""
    with service() as client:
        found = client.product_series(asin, [fields or "all"], marketplace=marketplace, since=since, step=step)
    if as_json:
        show.json(found)
        return
    columns = {
        "seen": lambda row: row[1].at,
        "marketplace": lambda row: row[0].marketplace,
        "field": lambda row: row[0].field,
        "value": lambda row: _with_unit(row[1].value, row[1].unit),
        "source": lambda row: row[1].source,
    }
    rows = [(one, point) for one in found for point in one.points]
    show.table(columns, rows, empty=_not_seen(asin))


@app.command()
def stats(
    asin: Asin,
    *,
    fields: Fields = None,
    marketplace: Marketplace = None,
    days: Annotated[int, typer.Option(min=1, max=9999, help="How many days to look back.")] = 90,
    as_json: JsonOption = False,
) -> None:
    """Show the values of a product now, with lowest, highest and mean of the last days."""
    chosen = [fields] if fields else None
    with service() as client:
        found = client.product_statistics(asin, fields=chosen, marketplace=marketplace, days=[days])
    if as_json:
        show.json(found)
        return
    rows = [(one, field, _of_field(one, field.field)) for one in found for field in one.fields]
    columns = {
        "marketplace": lambda row: row[0].marketplace,
        "field": lambda row: row[1].field,
        "now": lambda row: _with_unit(row[1].value, row[1].unit),
        "since": lambda row: row[1].since,
        f"lowest, {days} d": lambda row: row[2] and row[2].lowest,
        f"highest, {days} d": lambda row: row[2] and row[2].highest,
        f"mean, {days} d": lambda row: row[2] and _rounded(row[2].mean),
        "lowest ever": lambda row: row[1].lowest,
    }
    show.table(columns, rows, empty=_not_seen(asin))


def _of_field(one: ProductStatistics, name: str) -> FieldStatistics | None:
    return next((field for window in one.windows for field in window.fields if field.field == name), None)


def _with_unit(value: float | str | None, unit: str | None) -> str | None:
    if value is None:
        return None
    told = value if isinstance(value, str) else f"{value:.15g}"
    return f"{told} {unit or ''}".strip()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _not_seen(asin: str) -> str:
    return f"{asin} was not seen; azscraper run details {asin}"


@app.command()
def sellers(
    asin: Asin,
    *,
    marketplace: Marketplace = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on. Default: the last 30 days.")
    ] = None,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="The price in the buy box beside the lowest price, over time.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show who sold a product when, who is new and who left, with the buy box. Jobs of type offers tell it."""
    with service() as client:
        found = client.product_sellers(asin, marketplace=marketplace, since=since)
    if as_json:
        show.json(found)
    elif gaps:
        show.table(_GAPS, [(one, gap) for one in found for gap in one.gaps], empty=_no_offers(asin))
    else:
        show.table(_SELLERS, [(one, seller) for one in found for seller in one.sellers], empty=_no_offers(asin))


_SELLERS: dict[str, Callable[[Any], object]] = {
    "marketplace": lambda row: row[0].marketplace,
    "seller": lambda row: row[1].seller,
    "state": lambda row: _state(row[1]),
    "buy box": lambda row: f"{row[1].buy_box_share:.0%}" if row[1].buy_box_share else None,
    "price": lambda row: _with_unit(row[1].price, row[1].currency),
    "condition": lambda row: row[1].condition,
    "first seen": lambda row: row[1].first_seen_at,
    "last seen": lambda row: row[1].last_seen_at,
}
_GAPS: dict[str, Callable[[Any], object]] = {
    "from": lambda row: row[1].at,
    "marketplace": lambda row: row[0].marketplace,
    "buy box": lambda row: _with_unit(row[1].buy_box, row[1].currency),
    "lowest new": lambda row: _with_unit(row[1].lowest_new, row[1].currency),
    "gap": lambda row: _with_unit(row[1].amount, row[1].currency),
    "percent": lambda row: None if row[1].percent is None else f"{row[1].percent:+.1f} %",
}


def _state(one: Seller) -> str:
    words = [word for word, holds in (("new", one.is_new), ("lost", one.is_lost)) if holds]
    return " and ".join(words)


def _no_offers(asin: str) -> str:
    return f"No offers of {asin} were seen in this time; azscraper run offers {asin}"


@app.command(name="import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV, or the export of Keepa's product viewer.")
    ],
    *,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of a Keepa export, which names none. Default: now."),
    ] = None,
    marketplace: Annotated[
        str | None, typer.Option("--marketplace", "-m", help="Country code or host, of rows that name none.")
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import history from a file, marked as imported: CSV with asin, marketplace, time, field, value and unit."""
    with service() as client:
        done = client.import_history(file.read_bytes(), at=at, marketplace=marketplace, project=project)
    if as_json:
        show.json(done)
    else:
        show.note(f"{done.points:,} values of {done.products:,} products")


def changes(
    *,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only changes of this day or later. Default: the last 24 hours."),
    ] = None,
    fields: Fields = None,
    least: Annotated[
        float | None, typer.Option("--min", min=0, help="Only numbers that moved by so many percent or more.")
    ] = None,
    marketplace: Annotated[
        str | None, typer.Option("--marketplace", "-m", help="Country code or host. Default: all.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="The most to show, newest first. A file has the newest 10,000.")
    ] = 50,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead: .csv, or .xlsx for people.")
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed in a project's products, newest first, or write it to a file."""
    chosen: dict[str, Any] = {"since": since, "fields": [fields] if fields else None}
    chosen |= {"least_percent": least, "marketplace": marketplace}
    with service() as client:
        if output is not None:
            path = client.export_changes(output, project=project, **chosen)
            show.note(f"wrote {path} ({path.stat().st_size:,} bytes)")
            return
        found = list(client.changes(project, most=limit, **chosen))
    columns = {
        "seen": lambda one: one.at,
        "product": lambda one: one.asin,
        "marketplace": lambda one: one.marketplace,
        "field": lambda one: one.field,
        "before": lambda one: _with_unit(one.before.value, one.before.unit),
        "after": lambda one: _with_unit(one.after.value, one.after.unit),
        "change": lambda one: None if one.percent is None else f"{one.percent:+.1f} %",
    }
    show.listed(found, columns, empty="Nothing changed in this time", as_json=as_json)


def products(
    *,
    where: Annotated[
        str | None, typer.Option("--where", "-w", help="Such as 'price<20,rating>=4.5,change.7<=-10'.")
    ] = None,
    sort: Annotated[
        str, typer.Option(help="A value, with - in front from the largest on, such as -change.7.")
    ] = "-checkedAt",
    change_of: Annotated[str, typer.Option(help="The number whose changes are shown.")] = "price",
    limit: Annotated[int, typer.Option(min=1, help="The most to show.")] = 50,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find products among all that a project ever saw, with their values now and how one of them changed."""
    with service() as client:
        found = list(client.products(project, where=where, sort=sort, change_of=change_of, most=limit))
    columns: dict[str, Callable[[FoundProduct], object]] = {
        "product": lambda one: one.asin,
        "marketplace": lambda one: one.marketplace,
        "title": lambda one: _shortened(_value_of(one, "title")),
        change_of: lambda one: _value_of(one, change_of),
        **{f"{days} d": partial(_moved, days=days) for days in (1, 7, 30)},
        "rating": lambda one: _value_of(one, "rating"),
        "checked": lambda one: one.checked_at,
    }
    show.listed(found, columns, empty="There are no such products", as_json=as_json)


def _value_of(one: FoundProduct, field: str) -> str | None:
    value = one.values.get(field)
    return None if value is None else _with_unit(value.value, value.unit)


def _shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"


def _moved(one: FoundProduct, *, days: int) -> str | None:
    percents = (move.percent for move in one.changes if move.days == days)
    return next((f"{percent:+.1f} %" for percent in percents if percent is not None), None)
