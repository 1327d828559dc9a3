"""Options of a job that have no effect: misspelled, of another kind of job, or reserved."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from pydantic.alias_generators import to_camel, to_snake

from azscraper.errors import Detail
from azscraper.kinds.auto import AUTO
from azscraper.kinds.registry import find_kind, kinds
from azscraper.records.options import RESERVED, elsewhere, nearest
from azscraper.wire.crawls import other_shapes

_PAGE = re.compile(r"[?&](?:page|pageNumber)=(\d{1,3})(?=[&#]|$)", re.ASCII)
_MOST_LOOKED_AT = 1000
"""Addresses among the targets: what the others say needs no warning of its own."""


def without_effect(job_type: str, config: Mapping[str, Any], targets: Sequence[str] = ()) -> list[Detail]:
    """A warning for each key of ``config`` (as sent, camelCase) that changes nothing in a job of this type or for some of
    these targets, which say it themselves, and for bounds that no price meets.
    """
    found = [Detail(f"config.{key[:100]}", said) for key in config if (said := _of(job_type, key)) is not None]
    found += [*_of_other_shapes(job_type, config), *_said_by_targets(job_type, config, targets)]
    found += _of_later_pages(job_type, config, targets)
    lowest, highest = config.get("minPrice"), config.get("maxPrice")
    if isinstance(lowest, int | float) and isinstance(highest, int | float) and lowest > highest:
        found.append(Detail("config.maxPrice", "is below minPrice, so no price fits"))
    return found


def _of_other_shapes(job_type: str, config: Mapping[str, Any]) -> Iterator[Detail]:
    for key, message in other_shapes(find_kind(job_type).options, config).items():
        yield Detail(f"config.{key}", f"has no effect: {message}")


def _said_by_targets(job_type: str, config: Mapping[str, Any], targets: Sequence[str]) -> Iterator[Detail]:
    """Of an address that says what an option says, the address wins."""
    says = find_kind(job_type).says
    left = _keys(job_type) & config.keys() if says else frozenset[str]()
    addresses = islice((one for one in targets if "/" in one), _MOST_LOOKED_AT)
    for target in addresses if left else ():
        for key in sorted(said := left & says(target)) if says else ():
            yield Detail(f"config.{key}", f"has no effect on targets whose address says it, such as {target[:200]}")
        left -= said


def _of_later_pages(job_type: str, config: Mapping[str, Any], targets: Sequence[str]) -> Iterator[Detail]:
    """Where the address of a later page is all that says how far to read."""
    pages = config.get("pages") or 1
    read = pages if isinstance(pages, int | float) and "pages" in _keys(job_type) else float("inf")
    addresses = islice((one for one in targets if "/" in one), _MOST_LOOKED_AT)
    for target in addresses:
        page = int(said[1]) if (said := _PAGE.search(target)) else 1
        if page > read:
            message = f"is how many pages are read, from the first on; it takes {page} to reach that of {target[:200]}"
            yield Detail("config.pages", message)
            return


def of_other_types(job_type: str, config: Iterable[str]) -> list[Detail]:
    """The same of the keys alone that are an option of other types of job."""
    own = _keys(job_type)
    return [
        Detail(f"config.{key}", f"is an option of {_named(types)} jobs")
        for key in config
        if key not in own and (types := _types_of(key))
    ]


def _of(job_type: str, key: str) -> str | None:
    if key in RESERVED:
        return RESERVED[key]
    if key in _keys(job_type):
        return None
    if types := _types_of(key):
        return f"has no effect: it is an option of {_named(types)} jobs"
    return f"is not an option, it has no effect{nearest(key, _keys(job_type))}"


@cache
def _keys(job_type: str) -> frozenset[str]:
    """Of ``auto`` those of every kind: each counts for the targets that are of its kind."""
    models = [kind.options for kind in kinds().values()] if job_type == AUTO else [find_kind(job_type).options]
    return frozenset(to_camel(name) for model in models for name in model.model_fields)


def known(job_type: str, name: str) -> str | None:
    """The option of jobs of this type, camelCase, that the name means: as it is written, or as other services call it."""
    keys = _keys(job_type)
    return next((one for one in (to_camel(name), elsewhere(name)) if one in keys), None)


def foreign(job_type: str, names: Iterable[str]) -> list[Detail]:
    """What is wrong with each name, camelCase or snake_case, that is not an option of jobs of this type, and of which it is one."""
    known = sorted(map(to_snake, _keys(job_type)))
    return [
        Detail(
            name[:100], f"is not an option of {job_type}{nearest(to_snake(name), known) or _otherwise(to_camel(name))}"
        )
        for name in names
        if to_camel(name) not in {*_keys(job_type), *RESERVED}
    ]


def _otherwise(key: str) -> str:
    types = _types_of(key)
    return f"; it is one of {_named(types)}" if types else ""


def _types_of(key: str) -> list[str]:
    return [name for name in kinds() if key in _keys(name)]


def _named(types: Sequence[str]) -> str:
    return " and ".join([", ".join(types[:-1]), types[-1]] if types[1:] else types)


def unknown(job_type: str, names: Iterable[str]) -> list[Detail]:
    """What is wrong with each name, camelCase or snake_case, that is not an option of any job.

    Of a kind that is not installed here nothing is known.
    """
    if job_type not in {*kinds(), AUTO}:
        return []
    known = {to_camel(name): name for kind in kinds().values() for name in kind.options.model_fields}
    return [
        Detail(name, f"is not an option{nearest(to_snake(name), known.values())}")
        for name in names
        if to_camel(name) not in known
    ]
