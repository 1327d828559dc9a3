"""The variation family, from the twister's JSON; where a page has lost it, from the swatches."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from azscraper.bytesearch import find, rfind
from azscraper.kinds.details import variant_pictures as pictures
from azscraper.kinds.details import variant_titles as titles
from azscraper.kinds.details.identity import asin
from azscraper.marketplaces import asin_from_url, product_url
from azscraper.parse.dig import dig
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import clean, money
from azscraper.records.parts import Money, VariantItem, Variants

_MEMBERS = b"dimensionValuesDisplayData"
_LATER = 8  # empty forms of the data come before the full one, in templates of the twister
_ROW = "inline-twister-row-"
_OLD_ROW = "variation_"
_LABEL = ".dimension-text .a-color-secondary, .a-form-label, label"
_CHOSEN = ".inline-twister-dim-title-value, .selection"
_PROMPT = ".a-dropdown-prompt"
_OLD_MEMBER = re.compile(r'"([A-Z0-9]{10})"\s{0,9}:\s{0,9}\[([^\]]{0,500})\]')
_OLD_VALUE = re.compile(r"'((?:[^'\\]|\\.){0,300})'|\"((?:[^\"\\]|\\.){0,300})\"")
_TYPES_KEY = b'"dimensionsDisplayType"'
_DISPLAY_TYPES = re.compile(_TYPES_KEY + rb"\s{0,9}:\s{0,9}\[([^\]]{0,500})\]")
_DISPLAY_TYPE = re.compile(rb'"([a-z_-]{1,30})"')
_MEMBER_INPUT = "variationDimensionValue."
_ASSEMBLED = "#"  # keys of print on demand: ``MC_Assembly_1#B07…``
_SWATCH = "li[data-asin], li[data-defaultasin]"
_SWATCH_PRICE = ".apex-pricetopay-value, .twister_swatch_price, .twisterSwatchPrice, [id$=_price]"
_SWATCH_LIST_PRICE = ".apex-basisprice-value"
_LEAST_PRICE = ".olp-message"


class _Swatch(NamedTuple):
    price: Money | None = None
    list_price: Money | None = None
    available: bool | None = None


variants = Field[Document, Variants, Variants | None](
    "Dimensions and members of the family in the twister's order; none on a page without variants."
)


@variants.source("script dimensionValuesDisplayData")
def _from_twister(document: Document) -> Variants | None:
    position, members = document.once(_members)
    if not members:
        return None
    names = _dimensions(document, position)
    items = tuple(
        _item(key.rpartition(_ASSEMBLED)[2], _named(names, values), document)
        for key, values in members.items()
        if isinstance(values, list)
    )
    current = document.once(asin)
    selected = next((item.values for item in items if item.asin == current), {})
    return Variants(
        dimensions=names,
        selected=selected or _chosen_of(items, document),
        items=items,
        display_types=_display_types(document, position),
    )


def _item(key: str, values: dict[str, str], document: Document) -> VariantItem:
    swatch, offers = document.once(_swatch_offers).get(key, _Swatch()), document.once(_offers)
    made = _member(key, values, document, swatch.price or offers.get(key), available=swatch.available)
    return made.model_copy(update={"list_price": swatch.list_price}) if swatch.list_price else made


def _member(
    key: str, values: dict[str, str], document: Document, price: Money | None = None, *, available: bool | None = None
) -> VariantItem:
    return VariantItem(
        asin=key,
        values=values,
        price=price,
        available=available,
        url=product_url(document.marketplace, key),
        image=pictures.of_member(tuple(values.values()), document),
        swatch=pictures.of_value(tuple(values.values()), document),
        is_selected=key == document.once(asin),
        title=titles.of_member(key, document),
    )


def _chosen_of(items: tuple[VariantItem, ...], document: Document) -> dict[str, str]:
    """A page of the whole family is no member's: what its rows show as chosen, prompts such as "Select" left out."""
    known = {pair for item in items for pair in item.values.items()}
    return dict(pair for pair in _chosen(document, f"{_CHOSEN}, {_PROMPT}").items() if pair in known)


def _members(document: Document) -> tuple[int, dict[str, object]]:
    """Where the data stands, and the values of each member by ASIN: JSON, until 2014 a script's own literal."""
    for position in _positions(document):
        found = document.island(_MEMBERS, position, position + len(_MEMBERS)) or _script_literal(document, position)
        if isinstance(found, dict) and found:
            return position, found
    return 0, {}


def _positions(document: Document) -> Iterator[int]:
    position = document.position(_MEMBERS)
    for _ in range(_LATER):
        if position < 0:
            return
        yield position
        position = find(document.source, _MEMBERS, position + len(_MEMBERS))


def _script_literal(document: Document, position: int) -> dict[str, object]:
    """``var dimensionValuesDisplayData = { "B00…" :[ 'PC' ] };`` with single quotes."""
    source = document.source
    opening = find(source, b"{", position, position + len(_MEMBERS) + 9)
    closing = find(source, b"};", opening) if opening >= 0 else -1
    literal = source[opening:closing].decode("utf-8", "replace") if closing >= 0 else ""
    return {
        match[1]: [(value[1] or value[2] or "").replace("\\'", "'") for value in _OLD_VALUE.finditer(match[2])]
        for match in _OLD_MEMBER.finditer(literal)
    }


def _dimensions(document: Document, position: int) -> tuple[str, ...]:
    """The display names in the order of the keys; twisters of 2023 on list the keys alone beside a table of names."""
    start, end = _script_around(document, position)
    shown = document.island(b'dimensionsDisplay"', start, end) or document.island(b"dimensionsDisplay ", start, end)
    if isinstance(shown, list) and shown and all(isinstance(name, str) for name in shown):
        return tuple(clean(name.replace("\\r\\n", " ")) for name in shown)
    keys = document.island(b'"dimensions"', start, end)
    labels = document.island(b"variationDisplayLabels", start, end)
    table = labels if isinstance(labels, dict) else {}
    listed = keys if isinstance(keys, list) else list(table)
    return tuple(clean(str(table.get(key, key))) for key in listed)


def _display_types(document: Document, position: int) -> tuple[str, ...]:
    """A script's own literal, with a comma behind the last."""
    start, end = _script_around(document, position)
    place = find(document.source, _TYPES_KEY, start, end)  # ten times faster than the pattern
    found = _DISPLAY_TYPES.match(document.source, place, end) if place >= 0 else None
    return tuple(name.decode() for name in _DISPLAY_TYPE.findall(found[1])) if found else ()


def _script_around(document: Document, position: int) -> tuple[int, int]:
    end = find(document.source, b"</script", position)
    return max(1, rfind(document.source, b"<script", 0, position)), end if end >= 0 else len(document.source)


def _named(names: tuple[str, ...], values: list[object]) -> dict[str, str]:
    return {name: clean(str(value)) for name, value in zip(names, values, strict=False)}


@variants.source("states of a phone's twister")
def _from_states(document: Document) -> Variants | None:
    """Phones' pages name each member by the places of its values: ``{"0:1": "B0…"}`` beside ``{"color_name": ["Red", …]}``."""
    members = document.state("inline-twister-dims-to-asin-list")
    values = document.state("inline-twister-dim-val-list") if members else None
    if not isinstance(members, dict) or not isinstance(values, dict):
        return None
    keys = _state_keys(document, values)
    shown = dig(document.state("mobile-inline-twister"), "dimensionDisplayText")
    labels = shown if isinstance(shown, dict) else {}
    names = tuple(clean(str(labels.get(key, key))) for key in keys)
    items = tuple(
        _item(
            found,
            _named(names, [dig(values, key, place) for key, place in zip(keys, places, strict=False)]),
            document,
        )
        for joined, found in members.items()
        if isinstance(found, str) and (places := _places(joined))
    )
    selected = next((item.values for item in items if item.asin == document.once(asin)), {})
    return Variants(dimensions=names, selected=selected, items=items) if items else None


def _state_keys(document: Document, values: dict[str, object]) -> list[str]:
    """The dimensions in the order of the places."""
    listed = dig(document.state("twister-dim-list"), "key")
    keys = [key for key in listed if key in values] if isinstance(listed, list) else []
    return keys or list(values)


def _places(joined: str) -> list[int]:
    parts = joined.split(":")
    return [int(part) for part in parts] if all(part.isdecimal() for part in parts) else []


@variants.source("rows of swatches")
def _from_swatches(document: Document) -> Variants | None:
    """What the rows of swatches say is chosen; they do not print the other members of several dimensions."""
    chosen = _chosen(document, _CHOSEN)
    if not chosen:
        return None
    rows = [node for _, node in document.once(_rows)]
    return Variants(dimensions=tuple(chosen), selected=chosen, items=_swatches(rows, tuple(chosen), document))


def _rows(document: Document) -> list[tuple[str, Node]]:
    """The rows of swatches or menus, one a dimension."""
    return document.by_prefix(_ROW, _OLD_ROW)


def _chosen(document: Document, shown: str) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for _, node in document.once(_rows):
        label, value = text(first(node, _LABEL)).rstrip(" :："), text(first(node, shown))
        if label and value:
            chosen.setdefault(label, value)
    return chosen


def _swatch_offers(document: Document) -> dict[str, _Swatch]:
    """Price and availability that the swatches print, by the ASIN that a swatch leads to."""
    found: dict[str, _Swatch] = {}
    for _, row in document.once(_rows):
        for node in select(row, _SWATCH):
            key = attr(node, "data-asin") or attr(node, "data-defaultasin") or ""
            unavailable = attr(node, "data-initiallyunavailable") == "true" or "navailable" in (
                attr(node, "class") or ""
            )
            if key not in found:
                found[key] = _Swatch(*_prices(node, document), not unavailable)
    return found


def _prices(swatch: Node, document: Document) -> tuple[Money | None, Money | None]:
    """What a swatch prints, and the struck price beside it."""
    own = _own_price(swatch)
    struck = first(swatch, _SWATCH_LIST_PRICE) if own is not None else None
    price, listed = (money(text(node), document.marketplace) if node is not None else None for node in (own, struck))
    return price, listed


def _own_price(swatch: Node) -> Node | None:
    """None for the least price of all sellers: "11 options from $8.99"."""
    return None if first(swatch, _LEAST_PRICE) is not None else first(swatch, _SWATCH_PRICE)


def _swatches(rows: list[Node], names: tuple[str, ...], document: Document) -> tuple[VariantItem, ...]:
    if len(rows) != 1 or len(names) != 1:
        return ()
    found = {}
    for node in select(rows[0], "li"):  # of one dimension each swatch is a member
        key, value = _swatch_asin(node, document), _swatch_value(node)
        if key and value:
            price, listed = _prices(node, document)
            made = _member(key, {names[0]: value}, document, price)
            found[key] = made.model_copy(update={"list_price": listed}) if listed else made
    return tuple(found.values())


def _swatch_asin(node: Node, document: Document) -> str | None:
    """Its attribute, the address of its page; the chosen one of 2015 has neither."""
    named = attr(node, "data-asin") or attr(node, "data-defaultasin") or asin_from_url(attr(node, "data-dp-url") or "")
    return named or (document.once(asin) if "swatchSelect" in (attr(node, "class") or "") else None)


def _swatch_value(node: Node) -> str:
    return clean(attr(first(node, "img"), "alt") or text(first(node, ".swatch-title-text, .twisterTextDiv")))


@variants.source("form of 2011 to 2013")
def _from_inputs(document: Document) -> Variants | None:
    """The form of 2011 to 2013 with one hidden input a member; of several dimensions the values cannot be told apart."""
    box = document.by_id("variationBox")
    keys = [key for key in (attr(first(box, '[name="variationDimensionKeys"]'), "value") or "").split(",") if key]
    name = text(first(box, ".extendVariationSelectionBox b")).rstrip(" :")
    if len(keys) != 1 or not name:
        return None
    items = tuple(
        _member(key.removeprefix(_MEMBER_INPUT), {name: value}, document)
        for node in select(box, f'input[name^="{_MEMBER_INPUT}"]')
        if (key := attr(node, "name")) and (value := attr(node, "value"))
    )
    selected = next((item.values for item in items if item.asin == document.once(asin)), {})
    return Variants(dimensions=(name,), selected=selected, items=items) if items else None


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
        shown = slot.get("displayData") if isinstance(slot, dict) and _is_own(slot) else None
        price = shown.get("priceWithoutCurrencySymbol") or shown.get("price") if isinstance(shown, dict) else None
        if isinstance(price, str) and isinstance(value.get("defaultAsin"), str):
            return value["defaultAsin"], money(price, document.marketplace)
    return None, None


def _is_own(slot: dict[str, object]) -> bool:
    """A slot with the least price of all sellers is no member's price."""
    described = slot.get("metaData")
    return not (isinstance(described, dict) and described.get("key") == "olp")
