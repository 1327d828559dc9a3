"""Options of a job that have no effect: misspelled, of another kind of job, or reserved."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic.alias_generators import to_camel, to_snake

from azscraper.errors import Detail
from azscraper.records.details import DetailsOptions
from azscraper.records.options import RESERVED, Options
from azscraper.records.search import SearchOptions
from azscraper.wire.crawls import JobConfig
from azscraper.words import JobType

_KNOWN = {to_camel(name): name for name in JobConfig.model_fields}
_OPTIONS: dict[JobType, type[Options]] = {JobType.SEARCH: SearchOptions, JobType.DETAILS: DetailsOptions}
_OF_ONE_TYPE = {
    to_camel(name): kind
    for kind, options in _OPTIONS.items()
    for name in options.model_fields.keys() - Options.model_fields.keys()
}


def without_effect(kind: JobType, config: Mapping[str, Any]) -> list[Detail]:
    """A warning for each key of ``config`` (as sent, camelCase) that changes nothing in a job of this type."""
    return [Detail(f"config.{key[:100]}", said) for key in config if (said := _of(kind, key)) is not None]


def of_other_types(kind: JobType, config: Iterable[str]) -> list[Detail]:
    """The same of the keys alone that are an option of another type of job."""
    return [
        Detail(f"config.{key}", f"is an option of {only} jobs")
        for key in config
        if (only := _OF_ONE_TYPE.get(key, kind)) is not kind
    ]


def _of(kind: JobType, key: str) -> str | None:
    if key in RESERVED:
        return RESERVED[key]
    if (only := _OF_ONE_TYPE.get(key, kind)) is not kind:
        return f"has no effect: it is an option of {only} jobs"
    return None if key in _KNOWN else f"is not an option, it has no effect{nearest(key, _KNOWN)}"


def unknown(names: Iterable[str]) -> list[Detail]:
    """What is wrong with each name, camelCase or snake_case, that is not an option of any job."""
    return [
        Detail(name, f"is not an option{nearest(to_snake(name), _KNOWN.values())}")
        for name in names
        if to_camel(name) not in _KNOWN
    ]


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'pages'?``, or nothing where no known name is near."""
    found = get_close_matches(name[:100], known, n=1)
    return f"; did you mean '{found[0]}'?" if found else ""
