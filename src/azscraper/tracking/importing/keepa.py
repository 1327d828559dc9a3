"""The file that Keepa's product viewer exports: a line for each product, with its values of one time. Pure.

The viewer names its columns in the language that its visitor chose. Known are those of the English, Spanish, French and
Japanese viewer, as public programs that read these files name them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from azscraper import marketplaces
from azscraper.errors import InvalidInputError
from azscraper.kinds.observations import ABSENT, Sighting, Value, number, text
from azscraper.marketplaces import Marketplace
from azscraper.parse import values
from azscraper.words import MONEY_FIELDS, TEXT_FIELDS, SeriesField

_COLUMNS: Mapping[SeriesField, tuple[str, ...]] = {
    SeriesField.PRICE: ("Buy Box: Current", "Caja de Compra: Actual", "Buy Box: Courant", "Buy Box: 現在価格"),
    SeriesField.LIST_PRICE: ("List Price: Current",),
    SeriesField.NEW_FROM: ("New: Current", "Nuevo: Actual", "Nouveau: Courant", "新品: 現在価格"),
    SeriesField.NEW_COUNT: (
        "New Offer Count: Current",
        "Recuento ofertas nuevas: Actual",
        "新品アイテム数: 現在価格",
    ),
    SeriesField.USED_FROM: ("Used: Current",),
    SeriesField.USED_COUNT: ("Used Offer Count: Current",),
    SeriesField.RANK: (
        "Sales Rank: Current",
        "Clasificación de Ventas: Actual",
        "Classement des ventes: Courant",
        "売れ筋ランキング: 現在価格",
    ),
    SeriesField.RATING: ("Reviews: Rating", "Opiniones: Valoraciones", "Reviews: 評価"),
    SeriesField.RATING_COUNT: (
        "Reviews: Rating Count",
        "Reviews: Review Count",
        "Opiniones: Cantidad de valoraciones",
        "Reviews: レビュー数",
    ),
    SeriesField.BOUGHT_PAST_MONTH: (
        "Bought in past month",
        "Monthly Sales Trends: Bought in past month",
        "Tendencias de ventas mensuales: Comprados el mes pasado",
        "月間売上トレンド: 先月の購入",
    ),
    SeriesField.IMAGE_COUNT: ("Image Count",),
    SeriesField.TITLE: ("Title", "Título", "Titre", "商品名"),
    SeriesField.BRAND: ("Brand", "Marca", "Marque", "ブランド"),
}
_NONE = frozenset({"-1", "-", "–"})
"""What stands in a cell of which Keepa knows that there is nothing. An empty cell says nothing."""
_ASIN = re.compile(r"[A-Z0-9]{10}")


def _plain(name: str) -> str:
    """A header as it is compared: without case and the lorry that says that delivery is in the price."""
    return " ".join(unicodedata.normalize("NFKC", name).replace("\N{DELIVERY TRUCK}", "").casefold().split()).replace(
        " :", ":"
    )


_FIELDS = {_plain(name): field for field, names in _COLUMNS.items() for name in names}


def fields_of(names: Iterable[str]) -> dict[str, SeriesField]:
    """The columns that are read, by their header; empty of a file that is no export of Keepa's viewer in a known language."""
    found = {name: field for name in names if (field := _FIELDS.get(_plain(name))) is not None}
    only_texts = set(found.values()) <= TEXT_FIELDS
    return {} if only_texts or "asin" not in map(_plain, names) else found


def sighting(
    row: Mapping[str, str], fields: Mapping[str, SeriesField], *, at: datetime, usual: Marketplace | None
) -> Sighting:
    """What a row tells. ``usual`` is the marketplace of rows that name none. Raises ValueError and InvalidInputError."""
    by_name = {_plain(name): cell for name, cell in row.items()}
    asin = by_name.get("asin", "").upper()
    if not _ASIN.fullmatch(asin):
        raise ValueError(f"asin {asin[:20]!r} is not ten letters and digits")
    host = _marketplace(by_name, usual)
    told: dict[str, Value] = {}
    for name, field in fields.items():
        if (cell := row.get(name, "")) and field not in told:
            told[field] = ABSENT if cell in _NONE else _value(name, field, cell, host)
    return Sighting(host.host, asin, at, told)


def _marketplace(row: Mapping[str, str], usual: Marketplace | None) -> Marketplace:
    if locale := row.get("locale"):
        try:
            return marketplaces.find(f"www.amazon.{locale.lower().removeprefix('amazon.')}")
        except InvalidInputError:
            return marketplaces.find(locale)
    if address := row.get("url: amazon"):
        return marketplaces.find(re.sub(r"^https?://|/.*$", "", address))
    if usual is None:
        raise ValueError("names no marketplace: export the column Locale too, or say the marketplace of the file")
    return usual


_READERS: Mapping[SeriesField, Callable[[str], float | None]] = {SeriesField.RATING: values.rating}


def _value(name: str, field: SeriesField, cell: str, host: Marketplace) -> Value:
    if field in TEXT_FIELDS:
        return text(cell)
    if field in MONEY_FIELDS:
        money = values.money(cell, host)
        read: Value | None = None if money is None else number(money.amount, host.currency)
    else:
        count = _READERS.get(field, values.integer)(cell)
        read = None if count is None else number(count)
    if read is None:
        raise ValueError(f"{name}: {cell[:20]!r} can't be read")
    return read
