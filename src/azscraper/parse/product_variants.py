"""The variation family, from the twister's JSON."""

from azscraper.parse.document import Document
from azscraper.parse.product_identity import asin
from azscraper.parse.values import clean, money
from azscraper.records import Money, VariantItem, Variants


def variants(document: Document) -> Variants | None:
    """Dimensions and members of the family in the twister's order; None on a page without variants."""
    twister = document.position(b"dimensionValuesDisplayData")
    members = document.island(b"dimensionValuesDisplayData") if twister >= 0 else None
    if not isinstance(members, dict) or not members:
        return None
    names = _dimensions(document)
    offers = _offers(document)
    items = tuple(
        VariantItem(asin=key, values=_named(names, values), price=offers.get(key))
        for key, values in members.items()
        if isinstance(values, list)
    )
    current = document.once(asin)
    selected = next((item.values for item in items if item.asin == current), {})
    return Variants(dimensions=names, selected=selected, items=items)


def _dimensions(document: Document) -> tuple[str, ...]:
    """The display names in the order of the keys; twisters of 2023 on list the keys alone beside a table of names."""
    start, end = _stretch(document)
    shown = document.island(b'dimensionsDisplay"', start, end)
    if isinstance(shown, list) and shown and all(isinstance(name, str) for name in shown):
        return tuple(clean(name.replace("\\r\\n", " ")) for name in shown)
    keys = document.island(b'"dimensions"', start, end)
    labels = document.island(b"variationDisplayLabels", start, end)
    table = labels if isinstance(labels, dict) else {}
    listed = keys if isinstance(keys, list) else list(table)
    return tuple(clean(str(table.get(key, key))) for key in listed)


def _stretch(document: Document) -> tuple[int, int]:
    """The script that holds the twister's data."""
    position = document.position(b"dimensionValuesDisplayData")
    end = document.source.find(b"</script", position)
    return max(1, document.source.rfind(b"<script", 0, position)), end if end >= 0 else len(document.source)


def _named(names: tuple[str, ...], values: list[object]) -> dict[str, str]:
    return {name: clean(str(value)) for name, value in zip(names, values, strict=False)}


def _offers(document: Document) -> dict[str, Money]:
    """Prices of the members that the inline twister prints."""
    inline = document.by_id("twister-plus-inline-twister", "twister-plus-desktop-twister-container") is not None
    listed = document.island(b"sortedDimValuesForAllDims") if inline else None
    found: dict[str, Money] = {}
    for values in listed.values() if isinstance(listed, dict) else []:
        for value in values if isinstance(values, list) else []:
            key, amount = _member_price(value, document)
            if key and amount:
                found.setdefault(key, amount)
    return found


def _member_price(value: object, document: Document) -> tuple[str | None, Money | None]:
    if not isinstance(value, dict):
        return None, None
    for slot in value.get("slots") or []:
        shown = slot.get("displayData") if isinstance(slot, dict) else None
        price = shown.get("priceWithoutCurrencySymbol") or shown.get("price") if isinstance(shown, dict) else None
        if isinstance(price, str) and isinstance(value.get("defaultAsin"), str):
            return value["defaultAsin"], money(price, document.marketplace)
    return None, None
