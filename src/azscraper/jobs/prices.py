"""What targets of a kind cost, count, take and bring, as their options have it."""

from collections.abc import Iterable, Mapping
from typing import Any

from azscraper.kinds.auto import AUTO
from azscraper.kinds.kind import Kind
from azscraper.kinds.registry import find_kind, kinds
from azscraper.wire.crawls import JobConfig


def of_target(kind: Kind[Any], config: JobConfig) -> int:
    """Credits of each target, at most; of a short link in a job of type ``auto`` it may be those of any kind."""
    if kind.name == AUTO:
        return max(of_target(one, config) for one in kinds().values())
    return kind.price(config.as_options(kind.options)[0])


def of_all(asked: Mapping[str, int], config: JobConfig) -> int:
    """Credits of so many targets of each kind."""
    return sum(of_target(find_kind(name), config) * count for name, count in asked.items())


def counts_of(kind: Kind[Any], config: JobConfig) -> int:
    """For how many targets each counts in the limits of a plan."""
    return kind.counts(config.as_options(kind.options)[0])


def most_steps_of(names: Iterable[str], config: JobConfig) -> int:
    """Pages of a target of these kinds, at most."""
    found = (find_kind(name) for name in names)
    return max((kind.most_steps(config.as_options(kind.options)[0]) for kind in found), default=1)


def kinds_of_rows(job_type: str, asked: Iterable[str], config: JobConfig) -> list[str] | None:
    """Types whose records the rows of targets of these kinds are; None where that is what the job's type says."""
    found = []
    for name in [*asked] or [job_type]:
        kind = find_kind(name)
        found += [name, *kind.brings(config.as_options(kind.options)[0])]
    found = list(dict.fromkeys(found))
    return None if found == [job_type] else found
