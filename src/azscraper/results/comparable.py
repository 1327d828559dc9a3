"""What the values of a record can be compared with: ``where`` is refused where no row of these types could ever fit. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from azscraper.errors import InvalidInputError
from azscraper.records.options import nearest
from azscraper.results.selection import Term, Where

_UNIONS = (Union, UnionType)
_JSON_TYPES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "boolean"),
    ((int, float, Decimal), "number"),
    ((str, date, Enum), "string"),
)
_ONE = {"boolean": "true or false", "number": "a number", "string": "a text"}
_EXAMPLES = {"boolean": "=true", "number": "<20", "string": '="kettle"'}


def check(where: Where, models: Iterable[type[BaseModel]]) -> None:
    """Raises InvalidInputError that says which term can't fit a row of any of the models, and why."""
    roots = list(models)
    for number, term in enumerate(where.terms, 1):
        problem = _problem(term, roots)
        if problem is not None:
            raise InvalidInputError.of("where", f"term {number}, {term.path}{term.operator}: {problem}")


def _problem(term: Term, roots: Sequence[type[BaseModel]]) -> str | None:
    at: list[Any] = list(roots)
    above = ""
    for key in term.path.split("."):
        below = [one for part in at for one in _below(part, key)]
        if not below:
            return _no_such(key, above, at)
        at, above = below, f"{above}.{key}" if above else key
    if Any in at:
        return None
    types = sorted({name for part in at if (name := _json_type(part)) is not None})
    if not types:
        return _holds_more(term.path, at)
    if term.type in types:
        return None
    return f"{term.path} is {' or '.join(_ONE[name] for name in types)}; write for example {term.path}{_EXAMPLES[types[0]]}"


def _no_such(key: str, above: str, at: Sequence[Any]) -> str:
    names = [name for part in at for name in _keys(part)]
    if names:
        return f"{above} has no {key!r}{nearest(key, names)}"
    if any(get_origin(part) in {tuple, list} for part in at):
        return f"{above} is a list: name one of its items, such as {above}.0"
    return f"{above} has nothing below it"


def _holds_more(path: str, at: Sequence[Any]) -> str:
    names = [name for part in at for name in _keys(part)]
    if names:
        return f"{path} has several values: compare one of them, such as {path}.{names[0]}"
    return f"{path} is a list: name one of its items, such as {path}.0"


def _below(part: Any, key: str) -> Iterator[Any]:
    """The types that stand under the key, each without None."""
    origin, arguments = get_origin(part), get_args(part)
    if part is Any:
        yield Any
    elif _is_model(part):
        yield from (one for name, one in _fields(part) if name == key for one in _variants(one))
    elif origin in {tuple, list} and key.isdecimal():
        yield from _variants(arguments[0])
    elif origin in {dict, Mapping}:
        yield from _variants(arguments[1])


def _variants(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if hasattr(annotation, "__metadata__"):
        yield from _variants(annotation.__origin__)
    elif origin in _UNIONS:
        yield from (one for argument in get_args(annotation) for one in _variants(argument))
    elif origin is Literal:
        yield from {type(value) for value in get_args(annotation)}
    elif annotation is not type(None):
        yield annotation


def _json_type(part: Any) -> str | None:
    """None of what holds other values."""
    if not isinstance(part, type) or get_origin(part) is not None:
        return None
    return next((name for types, name in _JSON_TYPES if issubclass(part, types)), None)


def _is_model(part: Any) -> bool:
    return isinstance(part, type) and get_origin(part) is None and issubclass(part, BaseModel)


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield field.serialization_alias or field.alias or name, field.annotation


def _keys(part: Any) -> list[str]:
    return [name for name, _ in _fields(part)] if _is_model(part) else []
