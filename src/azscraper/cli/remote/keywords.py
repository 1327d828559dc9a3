"""``azscraper keywords``: who holds the shelf of a keyword, where products stand in it, and who came and went."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service
from azscraper.client.models import KeywordMoves, Shelf
from azscraper.errors import InvalidInputError

app = typer.Typer(
    help="Share of shelf, positions and moves of keywords that were searched, and of best-seller lists by their address.",
    no_args_is_help=True,
)


class By(StrEnum):
    """What is counted."""

    BRAND = "brand"
    ASIN = "asin"


class Placement(StrEnum):
    """Which tiles count."""

    ORGANIC = "organic"
    SPONSORED = "sponsored"
    BOTH = "both"


_Keyword = Annotated[str, typer.Argument(help="The keyword, quoted; or the address of a best-seller list.")]
_Marketplace = Annotated[str | None, typer.Option("--marketplace", "-m", help="Country code or host. Default: us.")]
_Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only searches of this day or later.")]
_Sort = Annotated[str | None, typer.Option(help="Of searches with this sort. Default: of those with none.")]
_Category = Annotated[str | None, typer.Option(help="Of searches in this category. Default: of those in all.")]
_Limit = Annotated[int, typer.Option(min=1, max=400, help="The most searches, newest first.")]


@app.command()
def share(
    keyword: _Keyword,
    *,
    by: Annotated[By, typer.Option(help="What is counted.")] = By.BRAND,
    placement: Annotated[Placement, typer.Option(help="Which tiles count.")] = Placement.BOTH,
    pages: Annotated[
        int | None, typer.Option(min=1, max=20, help="Only the first so many pages. Default: all that were read.")
    ] = None,
    marketplace: _Marketplace = None,
    sort: _Sort = None,
    category: _Category = None,
    since: _Since = None,
    limit: _Limit = 1,
    as_json: JsonOption = False,
) -> None:
    """Show which share of a keyword's results each brand or product has, plain and weighted by place."""
    with service() as client:
        found = client.keyword_share(
            keyword,
            by=by.value,
            placement=placement.value,
            pages=pages,
            marketplace=marketplace,
            sort=sort,
            category=category,
            since=since,
            most=limit,
        )
    if as_json:
        show.json(found)
        return
    columns = {
        "seen": lambda row: row[0].observed_at,
        by.value: lambda row: row[1].name or "not known",
        "tiles": lambda row: f"{row[1].tiles} of {row[0].tiles}",
        "share": lambda row: f"{row[1].share:.1%}",
        "weighted": lambda row: f"{row[1].weighted_share:.1%}",
        "best": lambda row: row[1].best_position,
    }
    show.table(columns, [(one, each) for one in found for each in one.shares], empty=_not_searched(keyword, found))


@app.command()
def positions(
    keyword: _Keyword,
    *,
    asin: Annotated[list[str] | None, typer.Option(help="A product; several times for several.")] = None,
    brand: Annotated[
        list[str] | None, typer.Option(help="A brand, whatever the case; several times for several.")
    ] = None,
    of_list: Annotated[str | None, typer.Option("--list", help="The products of this list, by its name or id.")] = None,
    marketplace: _Marketplace = None,
    sort: _Sort = None,
    category: _Category = None,
    since: _Since = None,
    limit: _Limit = 30,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where products and brands stand in the last search, how that changed, and their best place of these searches."""
    if not (asin or brand or of_list):
        raise InvalidInputError("Name what to look for: --asin, --brand or --list")
    with service() as client:
        found = client.keyword_positions(
            keyword,
            asin or (),
            brand or (),
            of_list=of_list,
            project=project,
            marketplace=marketplace,
            sort=sort,
            category=category,
            since=since,
            most=limit,
        )
    columns = {
        "name": lambda one: one.name,
        "position": lambda one: one.position,
        "organic": lambda one: one.organic_position,
        "sponsored": lambda one: one.sponsored_position,
        "change": lambda one: None if one.change is None else f"{one.change:+d}",
        "best organic": lambda one: one.best_organic_position,
        "at": lambda one: one.best_at,
        "seen": lambda one: one.observed_at,
    }
    show.listed(found, columns, empty=_not_searched(keyword, []), as_json=as_json)


@app.command()
def moves(
    keyword: _Keyword,
    *,
    placement: Annotated[Placement, typer.Option(help="Which tiles count.")] = Placement.ORGANIC,
    marketplace: _Marketplace = None,
    sort: _Sort = None,
    category: _Category = None,
    since: _Since = None,
    limit: _Limit = 30,
    as_json: JsonOption = False,
) -> None:
    """Show who entered, left, rose and fell from one search to the next, newest first."""
    with service() as client:
        found = client.keyword_moves(
            keyword,
            placement=placement.value,
            marketplace=marketplace,
            sort=sort,
            category=category,
            since=since,
            most=limit,
        )
    if as_json:
        show.json(found)
        return
    columns = {
        "seen": lambda row: row[0].observed_at,
        "product": lambda row: row[1].asin,
        "brand": lambda row: row[1].brand,
        "move": lambda row: row[1].kind,
        "before": lambda row: row[1].before,
        "after": lambda row: row[1].after,
        "overtook": lambda row: len(row[1].overtook) or None,
    }
    rows = [(one, each) for one in found for each in one.moves]
    show.table(columns, rows, empty="No search showed another order than the one before it")


def _not_searched(keyword: str, found: list[Shelf] | list[KeywordMoves]) -> str:
    if found:
        return "No tile of these searches counts; choose another --placement"
    what = f"run bestsellers {keyword!r}" if "://" in keyword else f"run search {keyword!r}"
    return f"Nobody searched for it; azscraper {what}"
