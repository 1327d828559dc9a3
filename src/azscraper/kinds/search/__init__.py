"""Result lists, as a row for each tile and a summary for each page."""

from azscraper.kinds.kind import ColumnType, Kind, column
from azscraper.records import PageSummary, SearchRow
from azscraper.records.search import SearchOptions

SEARCH = Kind(
    name="search",
    label="Keywords",
    records=(SearchRow,),
    summary=PageSummary,
    options=SearchOptions,
    credits=5,
    columns=(
        column("picture", ColumnType.PICTURE, "image"),
        column("title", ColumnType.TEXT),
        column("asin", ColumnType.TEXT),
        column("keyword", ColumnType.TEXT),
        column("position", ColumnType.NUMBER),
        column("organicPosition", ColumnType.NUMBER, shown=False),
        column("sponsored", ColumnType.FLAG),
        column("price", ColumnType.MONEY),
        column("listPrice", ColumnType.MONEY, shown=False),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("brand", ColumnType.TEXT, shown=False),
        column("boughtPastMonth", ColumnType.NUMBER, shown=False),
        column("isPrime", ColumnType.FLAG, shown=False),
        column("page", ColumnType.NUMBER, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
