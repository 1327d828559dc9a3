"""Product pages, as rows of every field that a buyer sees."""

from azscraper.kinds.kind import ColumnType, Kind, column
from azscraper.records import Product
from azscraper.records.details import DetailsOptions

DETAILS = Kind(
    name="details",
    label="Products",
    records=(Product,),
    options=DetailsOptions,
    credits=2,
    columns=(
        column("picture", ColumnType.PICTURE, "images", "0"),
        column("title", ColumnType.TEXT),
        column("asin", ColumnType.TEXT),
        column("price", ColumnType.MONEY),
        column("listPrice", ColumnType.MONEY, shown=False),
        column("availability", ColumnType.STATE, "availability", "status"),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("rank", ColumnType.NUMBER, "bestsellerRanks", "0", "rank"),
        column("rankCategory", ColumnType.TEXT, "bestsellerRanks", "0", "category", shown=False),
        column("brand", ColumnType.TEXT, "brand", "name"),
        column("seller", ColumnType.TEXT, "seller", "name", shown=False),
        column("offers", ColumnType.NUMBER, "offers", "newCount", shown=False),
        column("boughtPastMonth", ColumnType.NUMBER, shown=False),
        column("isPrime", ColumnType.FLAG, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
        column("color", ColumnType.TEXT, shown=False),
        column("size", ColumnType.TEXT, shown=False),
        column("parentAsin", ColumnType.TEXT, shown=False),
    ),
)
