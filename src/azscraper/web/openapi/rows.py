"""The types of rows in the OpenAPI document: those of every kind, of installed packages too, told apart by ``record``.

Written when the document is asked for: the routes stream rows as they are stored, and to have their models written for each start of
the service would take a twentieth of a second of it.
"""

from copy import deepcopy
from typing import Any

from pydantic.json_schema import models_json_schema

from azscraper.kinds.registry import kinds

_REF = "#/components/schemas/"
_PART_OF_ROW = {"$ref": f"{_REF}PartOfRow"}
_ROW = {"anyOf": [{"$ref": f"{_REF}Row"}, _PART_OF_ROW]}
_STORED_ROW = {"$ref": f"{_REF}StoredRow"}
_PLACES = {"Rows": ("data", _ROW), "FinishedJob": ("rows", {"$ref": f"{_REF}Row"}), "Asked": ("data", _ROW)}
"""Answers, and which of their fields has rows."""
_OF_PRODUCTS = ["parentAsin", "features"]
_OF_TILES = ["keyword", "page", "position"]
_TOLD_APART = {"Product": _OF_PRODUCTS, "SearchRow": _OF_TILES}
"""Fields that every row of one record has, of any release, where rows were stored before there was ``record``, which those of other
records have: generated clients try the records in turn, and would take the first that fits."""


_PARTLY = {
    "title": "PartOfRow",
    "description": "Of a row what `fields` chose, where that leaves out `record`.",
    "type": "object",
    "properties": {"record": {"type": "null"}},
    "additionalProperties": True,
}
"""Stands last: generated clients try the types in turn. The property tells it apart for those that look at ``record``."""


def add_rows(schemas: dict[str, Any]) -> None:
    """Put the records into the document's schemas, ``Row`` and ``StoredRow`` as unions of them, and both where there are rows."""
    records = {record.__name__: record for kind in kinds().values() for record in kind.records}
    template = f"{_REF}{{model}}"
    _, found = models_json_schema([(one, "serialization") for one in records.values()], ref_template=template)
    for name, schema in found["$defs"].items():
        schemas.setdefault(name, schema)
    for name in records:
        schemas[name]["required"] = sorted({*schemas[name].get("required", []), *_TOLD_APART.get(name, ["record"])})
        schemas[name]["properties"]["meta"] = {"$ref": f"{_REF}RowMeta"}  # with include=meta
        schemas[f"Stored{name}"] = _stored(schemas[name])
    schemas["Row"] = _union(records, "", "A row of any kind; `record` says which it is.")
    schemas["StoredRow"] = _union(records, "Stored", "The same with `meta`: where it came from.")
    schemas["PartOfRow"] = _PARTLY
    for name, (field, of_rows) in _PLACES.items():
        schemas[name]["properties"][field]["items"] = of_rows
    schemas["FeedPage"]["properties"]["data"]["items"] = {
        "anyOf": [_STORED_ROW, {"$ref": f"{_REF}FailedTarget"}, _PART_OF_ROW]
    }


def _stored(record: dict[str, Any]) -> dict[str, Any]:
    schema = deepcopy(record)
    schema["title"] = f"Stored{record['title']}"
    schema["description"] = f"{record.get('description', '')} With where it came from.".strip()
    schema["required"] = [*schema.get("required", []), "meta"]
    return schema


def _union(names: dict[str, Any], prefix: str, description: str) -> dict[str, Any]:
    mapping = {name: f"{_REF}{prefix}{name}" for name in names}
    return {
        "title": f"{prefix}Row",
        "description": description,
        "oneOf": [{"$ref": ref} for ref in mapping.values()],
        "discriminator": {"propertyName": "record", "mapping": mapping},
    }
