"""``azscraper history``: prices and places over time."""

from datetime import datetime
from typing import Annotated

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, service
from azscraper.cli.row_tables import money_text

app = typer.Typer(help="Show prices and search positions over time.", no_args_is_help=True)

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
    show.listed(found, columns, empty=f"{asin} was not seen; azscraper run details {asin}", as_json=as_json)


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
