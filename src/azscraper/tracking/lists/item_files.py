"""Items of a list as CSV, put in and taken out: what is taken out can be edited and put in again. Pure."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from azscraper import marketplaces
from azscraper.errors import InvalidInputError
from azscraper.parse.values import money
from azscraper.tracking.lists.items import MOST_ITEMS, MOST_TAGS, Item, NewItem

COLUMNS = ("target", "marketplace", "note", "tags", "targetPrice", "currency")
LONGEST = {"target": 2048, "marketplace": 100, "note": 1000, "tags": 820, "targetPrice": 20, "currency": 3}
"""Characters of a cell."""
_LONGEST_TAG = 40
_COMMA = re.compile(r"\d{1,12},\d{1,2}")
_PRICE = re.compile(r"\d{1,12}(\.\d{1,4})?")


def read(body: bytes, check: Callable[[NewItem], object]) -> tuple[list[NewItem], list[str]] | None:
    """The items of a CSV whose header names ``target``, and any of the other columns, and what is wrong with other lines.

    ``check`` raises InvalidInputError for an item that can't be followed. None of other files. Raises InvalidInputError
    for more than 100,000 lines.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    names = [name.strip().strip('"').lower() for name in first.strip().split(delimiter)]
    if "target" not in names:
        return None
    rows = csv.DictReader(io.StringIO(text), names, delimiter=delimiter, strict=False)
    found = list(_items(rows, check))
    return [each for each in found if isinstance(each, NewItem)], [each for each in found if isinstance(each, str)]


def _items(rows: "csv.DictReader[str]", check: Callable[[NewItem], object]) -> Iterator[NewItem | str]:
    number = 0
    try:
        for number, row in enumerate(rows):
            if number == 0:
                continue  # the header
            if number > MOST_ITEMS:
                raise InvalidInputError.of("file", f"has more than {MOST_ITEMS:,} lines")
            try:
                cells = {name: _cell(row, name) for name in COLUMNS}
                if any(cells.values()):
                    item = _item(cells)
                    check(item)
                    yield item
            except (ValueError, InvalidInputError) as exc:
                yield f"line {number + 1}: {exc}"
    except csv.Error as exc:
        raise InvalidInputError.of("file", f"line {number + 2}: can't be read as CSV ({exc})") from exc


def _cell(row: dict[str, str], name: str) -> str:
    value = row.get(name.lower()) or ""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{name} can't be read")
    if len(value) > LONGEST[name]:
        raise ValueError(f"{name} is over {LONGEST[name]:,} characters")
    return value.strip()


def _item(cells: dict[str, str]) -> NewItem:
    if not cells["target"]:
        raise ValueError("target is empty")
    price, currency = cells["targetPrice"], cells["currency"].upper()
    if _COMMA.fullmatch(price):  # a spreadsheet that writes decimals so has saved an export
        price = price.replace(",", ".")
    if price and not _PRICE.fullmatch(price):
        raise ValueError(f"targetPrice {price[:20]!r} is not a number such as 19.90")
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(f"currency {currency!r} is not three letters such as EUR")
    return NewItem(
        cells["target"],
        cells["marketplace"] or None,
        cells["note"],
        _tags(cells["tags"]),
        _decimal(price),
        currency or None,
    )


def _tags(text: str) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(tag for part in re.split("[,;]", text) if (tag := part.strip())))
    if len(tags) > MOST_TAGS or any(len(tag) > _LONGEST_TAG for tag in tags):
        raise ValueError(f"tags are at most {MOST_TAGS}, each of up to {_LONGEST_TAG} characters")
    return tags


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation as exc:
        raise ValueError(f"targetPrice {text!r} is not a number") from exc


def of_rows(targets: Sequence[str], beside: Sequence[Mapping[str, str]], host: str) -> Iterator[NewItem | str]:
    """The items of a file in which targets were recognised, with what stands beside each; of one that can't be read what is wrong.

    Amounts are read as the marketplace writes them.
    """
    for target, cells in zip(targets, beside, strict=True):
        try:
            yield _item(dict.fromkeys(COLUMNS, "") | _plain({**cells, "target": target}, host))
        except ValueError as exc:
            yield f"{target[:40]}: {exc}"


def _plain(cells: Mapping[str, str], usual: str) -> dict[str, str]:
    """The cells as an export has them: ``19,90 €`` is 19.90 in EUR, a marketplace that is none is left to the target."""
    found = {name: _cell({name.lower(): text}, name) for name, text in cells.items()}
    host = _host(found.get("marketplace", ""))
    if written := found.get("targetPrice"):
        price = money(written, marketplaces.find(host or usual))
        if price is None:
            raise ValueError(f"the target price {written[:20]!r} is not an amount such as 19.90")
        found |= {"targetPrice": f"{price.amount:f}", "currency": found.get("currency") or price.currency}
    return found | {"marketplace": host}


def _host(written: str) -> str:
    try:
        return marketplaces.find(written.lower()).host if written else ""
    except InvalidInputError as exc:
        raise ValueError(exc.message) from exc


def write(items: Iterable[Item]) -> bytes:
    """The items as CSV in UTF-8 with a byte-order mark, for spreadsheets."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for item in items:
        amount = "" if item.target_amount is None else f"{item.target_amount:f}"
        lines.writerow(
            (item.value, item.marketplace, item.note, ",".join(item.tags), amount, item.target_currency or "")
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()
