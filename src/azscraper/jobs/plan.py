"""What a job may ask for, checked before anything is stored: its type, its config, its targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.kind import Kind
from azscraper.kinds.registry import find_kind
from azscraper.wire.crawls import JobConfig
from azscraper.words import OnInvalid

LONGEST_TARGET = 500
"""Characters that are kept of a target; of a longer address its kind's own."""
MOST_NAMED = 100
"""Bad targets that an error names."""

_MAX_CONFIG_BYTES = 16 * 1024


def checked(job_type: str, config: JobConfig) -> JobConfig:
    """The config. Raises InvalidInputError for a type that is none, a config over 16 KiB, and options that the kind refuses."""
    kind = find_kind(job_type)
    if _size(config) > _MAX_CONFIG_BYTES:
        raise InvalidInputError.of("config", "is over 16 KiB")
    _check_options(kind, config)
    return config


def _check_options(kind: Kind[Any], config: JobConfig) -> None:
    problems = [Detail(f"config.{one.field}", one.message) for one in config.as_options(kind.options)[1]]
    if problems:
        raise InvalidInputError(f"{problems[0].field}: {problems[0].message}", problems)


def _size(config: JobConfig) -> int:
    try:
        return len(orjson.dumps(config.as_sent))
    except TypeError:
        raise InvalidInputError.of("config", "has a number of over 64 bits") from None


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A target that was checked."""

    value: str
    """As sent; an address over 500 characters as the product's own."""
    marketplace: str
    """Host."""
    key: str | None
    """What its kind made of it; None of what is no target."""
    problem: str | None = None
    """Why it is no target."""
    kind: str | None = None
    """Its type, in a job of type ``auto``; None: the job's."""


def plan_targets(
    job_type: str, values: Sequence[str], config: JobConfig, *, on_invalid: OnInvalid = OnInvalid.FAIL
) -> list[PlannedTarget]:
    """Check the targets and keep each once, in first order.

    Raises InvalidInputError naming each that is none, at most 100 of them: where one is, or with ``skip`` where all are;
    and in a job of type ``auto`` for options that one of its targets' kinds refuses.
    """
    kind = find_kind(job_type)
    default = marketplaces.find(config.marketplace or "www.amazon.com")
    planned: dict[tuple[str | None, str, str], PlannedTarget] = {}
    wrong: list[Detail] = []
    for index, value in enumerate(values):
        target = _plan(kind, value, default)
        if target.problem is not None:
            wrong.append(Detail(f"targets.{index}", target.problem))
        planned.setdefault((target.kind, target.marketplace, target.key or target.value.strip()), target)
    if wrong and (on_invalid is OnInvalid.FAIL or len(wrong) == len(values)):
        raise _wrong_targets(wrong)
    for name in dict.fromkeys(target.kind for target in planned.values()):
        if name not in {None, kind.name}:
            _check_options(find_kind(name), config)
    return list(planned.values())


def _plan(kind: Kind[Any], value: str, default: marketplaces.Marketplace) -> PlannedTarget:
    if not value.strip():
        return PlannedTarget("", default.host, None, "is empty")
    try:
        target = kind.resolve(value, default)
    except InvalidInputError as exc:
        return PlannedTarget(value[:LONGEST_TARGET], default.host, None, exc.problem)
    if len(value) > LONGEST_TARGET:
        value = find_kind(target.kind).address(target) or value[:LONGEST_TARGET]
    return PlannedTarget(value, target.marketplace.host, target.key, kind=target.kind)


def _wrong_targets(wrong: Sequence[Detail]) -> InvalidInputError:
    message = f"{wrong[0].field}: {wrong[0].message}"
    if len(wrong) > 1:
        message += f". In all, {len(wrong):,} targets are not valid"
    if len(wrong) > MOST_NAMED:
        message += f"; the details name the first {MOST_NAMED}"
    return InvalidInputError(message, wrong[:MOST_NAMED])
