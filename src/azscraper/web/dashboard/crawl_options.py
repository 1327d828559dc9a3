"""Options of jobs as fields of a form, made of the kinds' own models: a new option has its field by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.datastructures import FormData

from azscraper.kinds.registry import kinds
from azscraper.records.options import Options, described
from azscraper.web.dashboard.forms import given, number

_FIELDS_OF_THEIR_OWN = {"marketplace"}
"""Which the forms ask apart from the others, as it says how targets are read."""


@dataclass(frozen=True, slots=True)
class Field:
    """An option as a field of a form."""

    key: str
    """In the job's config."""
    name: str
    """In the form."""
    kind: str | None
    """Of which it is an option; None for all."""
    is_number: bool
    least: float | None
    most: float | None
    is_whole: bool
    choices: tuple[str, ...]
    description: str


@cache
def fields() -> tuple[Field, ...]:
    """Of all kinds, each option once; those of one kind first."""
    own = [
        field
        for kind in kinds().values()
        for field in _of(kind.options, kind.name)
        if field.name not in Options.model_fields
    ]
    return (*own, *_of(Options, None))


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
            choices=option.only or option.examples,
            description=option.description,
        )


def asked() -> set[str]:
    """Keys of the config that the forms ask for."""
    return {field.key for field in fields()} | _FIELDS_OF_THEIR_OWN


def read(form: FormData, kind: str) -> dict[str, Any]:
    """The options that were filled in and that the kind of job has, by the names of the form."""
    config: dict[str, Any] = given(form, *_FIELDS_OF_THEIR_OWN)
    for field in fields():
        if field.kind in {None, kind}:
            config |= number(form, field.name) if field.is_number else given(form, field.name)
    return config
