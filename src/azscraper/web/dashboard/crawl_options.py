"""Options of jobs as fields of a form, made of the kinds' own models: a new option has its field by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic.alias_generators import to_camel
from starlette.datastructures import FormData

from azscraper.kinds.registry import kinds
from azscraper.records.options import Options, described
from azscraper.web.dashboard.forms import given, number, text

_FIELDS_OF_THEIR_OWN = {"marketplace"}
"""Which the forms ask apart from the others, as it says how targets are read."""
_COMMON = frozenset(map(to_camel, Options.model_fields))


@dataclass(frozen=True, slots=True)
class Field:
    """An option as a field of a form."""

    key: str
    """In the job's config."""
    name: str
    """In the form, where two kinds may have an option of the same name."""
    kind: str | None
    """Of which it is an option; None for all."""
    is_number: bool
    least: float | None
    most: float | None
    is_whole: bool
    is_flag: bool
    is_list: bool
    """Texts, apart by commas."""
    choices: tuple[str, ...]
    description: str


@cache
def fields() -> tuple[Field, ...]:
    """Of all kinds; those of one kind first."""
    own: dict[str, Field] = {}
    for kind in kinds().values():
        for field in _of(kind.options, kind.name):
            if field.key not in _COMMON:
                name = f"{kind.name}-{field.name}" if field.name in own else field.name
                own[name] = replace(field, name=name)
    return (*own.values(), *_of(Options, None))


def _of(options: type[Options], kind: str | None) -> Iterator[Field]:
    for option in described(options):
        if option.key in _FIELDS_OF_THEIR_OWN:
            continue
        yield Field(
            option.key,
            option.name,
            kind,
            is_number=option.type in {"integer", "number"},
            least=option.least,
            most=option.most,
            is_whole=option.type == "integer",
            is_flag=option.type == "boolean",
            is_list=option.type == "list",
            choices=() if option.type == "list" else option.only or option.examples,
            description=option.description,
        )


def asked() -> set[str]:
    """Keys of the config that the forms ask for."""
    return {field.key for field in fields()} | _FIELDS_OF_THEIR_OWN


def read(form: FormData, kind: str) -> dict[str, Any]:
    """The options that were filled in and that the kind of job has, by their keys."""
    config: dict[str, Any] = given(form, *_FIELDS_OF_THEIR_OWN)
    for field in fields():
        if field.kind in {None, kind}:
            config |= _value(form, field)
    return config


def _value(form: FormData, field: Field) -> dict[str, Any]:
    """By the option's key: what was filled in."""
    value: Any = text(form, field.name)
    if not value:
        return {}
    if field.is_list:
        value = [part for one in value.split(",") if (part := one.strip())]
    elif field.is_flag:
        value = value == "true"
    elif field.is_number:
        value = number(form, field.name)[field.name]
    return {field.key: value}
