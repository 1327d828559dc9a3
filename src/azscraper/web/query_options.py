"""A kind's options as query parameters: ``pages=3``, lists with commas between, the keys of objects with dots between. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from azscraper.errors import Detail, InvalidInputError
from azscraper.records.options import Options, nearest

_Schema = Mapping[str, Any]
_INTEGER = re.compile(r"-?\d{1,18}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_READ: Mapping[str, Callable[[str], Any]] = {
    "integer": lambda text: int(text) if _INTEGER.fullmatch(text) else text,
    "number": lambda text: float(text) if _NUMBER.fullmatch(text) else text,
    "boolean": lambda text: {"true": True, "false": False}.get(text, text),
    "string": lambda text: text,
}
"""By the type's name in JSON Schema. What can't be read stays a text, which the options then refuse with their own words."""


def config_of(query: Iterable[tuple[str, str]], options: type[Options], *, otherwise: str = "") -> dict[str, Any]:
    """The config that the parameters spell, still to be checked. ``otherwise`` is what one may be that is like no option.

    Raises InvalidInputError that names each parameter that is not an option, is there twice, or needs a request body.
    """
    config: dict[str, Any] = {}
    problems: list[Detail] = []
    for name, text in query:
        problem = _put(config, name, text, options, otherwise)
        if problem is not None:
            problems.append(Detail(name[:100], problem))
    if problems:
        raise InvalidInputError(f"{problems[0].field}: {problems[0].message}", problems)
    return config


def _put(config: dict[str, Any], name: str, text: str, options: type[Options], otherwise: str) -> str | None:
    """Set the option, or say what is wrong."""
    *above, key = name.split(".")
    known, at = _properties(options), config
    for part in above:
        known, at = _below(options, known.get(part, {})), at.setdefault(part, {})
    if key not in known:
        return f"is not a parameter of this route{nearest(name, _properties(options)) or otherwise}"
    if key in at:
        return "is there twice; separate the items of a list with commas"
    read = _reader(options, known[key])
    if read is None:
        return "is not for a query: send a request body, with POST"
    at[key] = read(text)
    return None


def _reader(options: type[Options], schema: _Schema) -> Callable[[str], Any] | None:
    """What makes a value of the text; None where no text can be one."""
    types = {part.get("type", "string"): part for part in _variants(options, schema)}
    types.pop("null", None)
    if "array" in types:
        item = _reader(options, types["array"].get("items", {}))
        return item and (lambda text: [item(part.strip()) for part in text.split(",") if part.strip()])
    if "object" in types:
        return None
    readers = [read for name, read in _READ.items() if name in types]
    return lambda text: next((value for read in readers if not isinstance(value := read(text), str)), text)


def _below(options: type[Options], schema: _Schema) -> Mapping[str, _Schema]:
    """The keys of an object."""
    found: dict[str, _Schema] = {}
    for part in _variants(options, schema):
        found |= part.get("properties", {})
    return found


def _variants(options: type[Options], schema: _Schema) -> list[_Schema]:
    """The schemas that a value may fit, without references."""
    if "$ref" in schema:
        schema = _schema(options)["$defs"][schema["$ref"].rpartition("/")[2]]
    return [one for part in schema["anyOf"] for one in _variants(options, part)] if "anyOf" in schema else [schema]


def _properties(options: type[Options]) -> Mapping[str, _Schema]:
    found: Mapping[str, _Schema] = _schema(options)["properties"]
    return found


@cache
def _schema(options: type[Options]) -> _Schema:
    return options.model_json_schema()


@contextmanager
def named_as_parameters(**names: str) -> Iterator[None]:
    """Errors name the fields of a body as the query does: ``maxAge`` for ``config.maxAge``, and others by ``names``."""
    try:
        yield
    except InvalidInputError as exc:
        details = [replace(one, field=_named(one.field, names)) for one in exc.details]
        field, colon, said = exc.message.partition(": ")
        raise InvalidInputError(_named(field, names) + colon + said, details) from exc


def _named(field: str, names: Mapping[str, str]) -> str:
    return names.get(field, field.removeprefix("config."))
