"""The tables of a product page: overview, technical details, detail bullets; the fields lifted out of them."""

import re
from collections.abc import Mapping
from typing import Any

from azscraper.kinds.details.tables.measures import unit_count
from azscraper.kinds.details.tables.rows import COLONS, row_field, rows
from azscraper.marketplaces import folded
from azscraper.marketplaces.labels import plainest
from azscraper.parse.dates import iso_date
from azscraper.parse.document import Document, select, text

_LIFTED = [
    "dimensions",
    "package_dimensions",
    "weight",
    "package_weight",
    "model_number",
    "manufacturer",
    "country_of_origin",
    "isbn10",
    "isbn13",
    "upc",
    "ean",
    "ingredients",
    "material",
    "color",
    "size",
    "scent",
    "unit_count",
]
_VARYING = {"color", "size", "scent"}
_ACTIVE = "active_ingredients"
"""Some of the ingredients: taken where no list names all of them."""
_ISBN_10 = 10
_WAY = r"\d[\d.,/]*[^\dx×]{0,14}"
_THREE_WAYS = re.compile(rf"[^\d(]{{0,3}}{_WAY}[x×]\s?{_WAY}[x×]\s?\d")
_NOTE = re.compile(r"(?<=[^\W\d]|\))\.?\s+[^\W\d_a-z][^\W\d_]*(?:\s[^\W\d_]+){3,}[^\d]*$")
"""A sentence behind a measure: "304 g. Actual size and weight may vary by manufacturing process."."""
_LONGEST_CODE = 14  # digits of a GTIN
_NUMBERS = frozenset({"isbn10", "isbn13", "upc", "ean"})


def lifted(document: Document, chosen: Mapping[str, str]) -> dict[str, Any]:
    """``attributes`` and the fields that are read out of them by label, in any language.

    ``chosen`` is the chosen value of each variant dimension: the colour and size where no table prints them.
    """
    found: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    beside: dict[str, str] = {}
    whole: dict[str, str] = {}
    for row in document.once(rows):
        field = row_field(row.label)
        if field in {"rank", "reviews"}:
            continue
        attributes.setdefault(row.label, row.value)
        if field == "first_available":
            found.setdefault(field, iso_date(row.value))
        elif (field in _LIFTED or field == _ACTIVE) and any(map(str.isalnum, row.value)):
            found.setdefault(field, _value(field, row.value))
            _note_weight(field, row.value, beside)
            if field == "material" and folded(row.label).strip(COLONS) in plainest(field):
                whole.setdefault(field, row.value)  # that of a part may stand before it
    found |= whole
    _settle_sizes(found, beside)
    for label, value in chosen.items():
        if row_field(label) in _VARYING:
            found.setdefault(row_field(label) or label, value)
    active = found.pop(_ACTIVE, None)
    if "ingredients" not in found:
        found["ingredients"] = _important_ingredients(document) or active
    found = _numbers_above(document, found) | found
    if len(found.get("isbn10") or "") != _ISBN_10:  # pages print the longer number under this label as well
        found.pop("isbn10", None)
    return {"attributes": attributes, **found}


def row_sources(field: str) -> list[str]:
    """The sources of a field that the tables give, by name, best first; none for any other field."""
    labels = _named_after(_labels_of(field))
    if field == "attributes":
        return ["rows of the detail tables"]
    important = ["#important-information", *_named_after([_ACTIVE])] if field == "ingredients" else []
    return labels + important + (["chosen variant"] if field in _VARYING else [])


def heard_in_rows(document: Document, field: str) -> list[tuple[str, str | None]]:
    """Every row of the tables that is labelled as a field: its label as printed, and its value; then what is beside the tables."""
    heard = _rows_named(document, _labels_of(field))
    if field != "ingredients":
        return heard
    return [*heard, ("#important-information", _important_ingredients(document)), *_rows_named(document, [_ACTIVE])]


def _rows_named(document: Document, labels: list[str]) -> list[tuple[str, str | None]]:
    printed = document.once(rows)
    return [(row.label, row.value) for label in labels for row in printed if row_field(row.label) == label]


def _named_after(labels: list[str]) -> list[str]:
    return [f"row of the detail tables that names the {label.replace('_', ' ')}" for label in labels]


def _labels_of(field: str) -> list[str]:
    """The product's own measures come before its package's; dimensions may end in a weight."""
    if field not in {*_LIFTED, "first_available"}:
        return []
    package = [f"package_{field}"] if f"package_{field}" in _LIFTED else []
    return [field, *package, *(["dimensions", "package_dimensions"] if field == "weight" else [])]


def overview_brand(document: Document) -> str | None:
    """What the tables print as brand."""
    return next((row.value for row in document.once(rows) if row_field(row.label) == "brand"), None)


def _value(field: str, printed: str) -> Any:
    if field in _NUMBERS:
        return _number(printed)
    if field == "weight":
        return _NOTE.sub("", printed)
    return unit_count(printed) if field == "unit_count" else printed


def _numbers_above(document: Document, found: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a book above its description, where the page came without its details (2021)."""
    rows_above = [] if "isbn13" in found else select(document.by_id("isbn_feature_div"), ".a-row")
    printed = (text(row).partition(":") for row in rows_above)
    return {field: _number(value) for label, _, value in printed if (field := row_field(label)) in _NUMBERS and value}


def _important_ingredients(document: Document) -> str | None:
    """Of "Important information", where each part has a heading."""
    for heading in select(document.by_id("important-information"), "h4"):
        label = text(heading)
        if row_field(label.strip(COLONS)) == "ingredients":
            return text(heading.parent).removeprefix(label).strip(COLONS) or None
    return None


def _number(printed: str) -> str:
    """Without blanks and hyphens; several numbers in one row as printed."""
    joined = re.sub(r"[\s-]", "", printed)
    return joined if len(joined) <= _LONGEST_CODE else printed


def _note_weight(field: str, printed: str, beside: dict[str, str]) -> None:
    """Bullets print "9.1 x 4.3 x 0.9 inches; 10.4 Ounces" in one line."""
    weight = printed.partition(";")[2].strip() if field.endswith("dimensions") else ""
    if weight:
        beside.setdefault(field.replace("dimensions", "weight"), weight)


def _settle_sizes(found: dict[str, Any], beside: dict[str, str]) -> None:
    """A weight behind dimensions only where none has a row; the package's measures only without the product's own.

    Amazon's own devices have a size in three directions.
    """
    if "dimensions" not in found and _THREE_WAYS.match(found.get("size", "")):
        found["dimensions"] = found.pop("size")
    for name in ("dimensions", "package_dimensions"):
        if name in found:
            found[name] = found[name].partition(";")[0].strip()
    for name, weight in beside.items():
        found.setdefault(name, weight)
    for name in ("dimensions", "weight"):
        package = found.pop(f"package_{name}", None)
        if package:
            found.setdefault(name, package)
