"""What a kind says of itself: texts, schemas, columns, options."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import jsonschema_rs
import orjson
import pytest
from pydantic import BaseModel

from azscraper.kinds.kind import Column, Kind
from azscraper.kinds.testing.hold import BLANK, Check, hold
from azscraper.records import PageRecord


def of_words(kind: Kind[Any]) -> Iterator[tuple[str, Check]]:
    """An item for each text, schema, column and option."""
    for part in ("label", "about", "target_label", "example", "missing"):
        yield part, partial(_has_text, f"The kind's {part}", getattr(kind, part))
    models = {**kind.schemas, f"{kind.name}-options": kind.options}
    for name, model in models.items():
        yield f"schema {name}", partial(_is_schema, name, model)
    for record in kind.records:
        yield f"record {record.__name__}", partial(_names_itself, record)
    yield "columns", partial(_has_columns, kind)
    for column in kind.columns:
        yield f"column {column.name}", partial(_is_in_record, kind, column)
    for key, part in kind.options.model_json_schema()["properties"].items():
        yield f"option {key}", partial(_can_be_asked_for, key, part)


def _has_text(what: str, text: str) -> None:
    hold(text.strip(), f"{what} is missing")
    hold(BLANK not in text, f"{what} is still a blank: {text}")


def _can_be_asked_for(key: str, part: dict[str, Any]) -> None:
    _has_text(f"The description of the option {key}", part.get("description", ""))
    types = {one.get("type") for one in part.get("anyOf", [part])} - {"null"}
    items = {one.get("items", {}).get("type") for one in part.get("anyOf", [part]) if one.get("type") == "array"}
    is_plain = len(types) == 1 and (types < {"integer", "number", "string", "boolean"} or items == {"string"})
    hold(is_plain, f"The option {key} is no text, number, switch or list of texts: commands and forms can't ask for it")


def _is_schema(name: str, model: type[BaseModel]) -> None:
    schema = model.model_json_schema(mode="serialization")
    try:
        jsonschema_rs.meta.validate(schema)
    except jsonschema_rs.ValidationError as exc:
        pytest.fail(f"The JSON Schema of {name} is not valid: {exc}", pytrace=False)
    blank = re.search(f'{BLANK}[^"]*', orjson.dumps(schema).decode())
    hold(blank is None, f"A text of {name} is still a blank: {blank and blank[0]}")


def _names_itself(record: type[PageRecord]) -> None:
    name, field = record.__name__, record.model_fields.get("record")
    line = f'record: Literal["{name}"] = "{name}"'
    hold(field is not None and field.default == name, f"The record {name} does not say its type, by the line {line}")


def _has_columns(kind: Kind[Any]) -> None:
    names = [column.name for column in kind.columns]
    hold(names, "The kind has no columns: people would see an empty table")
    twice = {name for name in names if names.count(name) > 1}
    hold(not twice, f"Two columns have the same name: {', '.join(sorted(twice))}")


def _is_in_record(kind: Kind[Any], column: Column) -> None:
    schema = kind.record.model_json_schema(mode="serialization")
    what = f"The column {column.name} is not in the record {kind.record.__name__}"
    for path in (list(column.path), column.sort_path):
        hold(_leads_to_value(schema, schema, path), f"{what}: nothing stands at {'.'.join(path)}")


def _leads_to_value(whole: dict[str, Any], part: Any, path: list[str]) -> bool:
    if not isinstance(part, dict):
        return False
    if "$ref" in part:
        return _leads_to_value(whole, whole["$defs"][part["$ref"].rpartition("/")[2]], path)
    if "anyOf" in part:
        return any(_leads_to_value(whole, one, path) for one in part["anyOf"])
    if not path:
        return part.get("type") != "null"
    key, *rest = path
    named = part.get("properties", {}).get(key, part.get("additionalProperties"))
    return _leads_to_value(whole, part.get("items") if key.isdecimal() else named, rest)
