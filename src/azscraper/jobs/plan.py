"""What a job may ask for, checked before anything is stored: its type, its config, its targets."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.wire.crawls import JobConfig
from azscraper.words import JobType, OnInvalid

LONGEST_TARGET = 500
"""Characters of a keyword, and of what is kept of a product's address."""
MOST_NAMED = 100
"""Bad targets that an error names."""

_MAX_CONFIG_BYTES = 16 * 1024


def pages_each(kind: JobType, config: JobConfig) -> int:
    """Pages that a target takes, at most."""
    return (config.pages or 1) if kind == JobType.SEARCH else 1


def bounded(config: JobConfig) -> JobConfig:
    """The config. Raises InvalidInputError when it is over 16 KiB."""
    if len(orjson.dumps(config.as_sent)) > _MAX_CONFIG_BYTES:
        raise InvalidInputError("config: is over 16 KiB", [Detail("config", "is over 16 KiB")])
    return config


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A target that was checked."""

    value: str
    """As sent; an address over 500 characters as the product's own."""
    marketplace: str
    """Host."""
    asin: str | None
    """Of a details target."""
    problem: str | None = None
    """Why it is no target."""


def plan_targets(
    kind: JobType, values: Sequence[str], config: JobConfig, *, on_invalid: OnInvalid = OnInvalid.FAIL
) -> list[PlannedTarget]:
    """Check the targets and keep each once, in first order.

    Raises InvalidInputError naming each that is none, at most 100 of them: where one is, or with ``skip`` where all are.
    """
    default = marketplaces.find(config.marketplace or "www.amazon.com")
    planned: dict[tuple[str, str], PlannedTarget] = {}
    wrong: list[Detail] = []
    for index, value in enumerate(values):
        target = _plan(kind, value, default)
        if target.problem is not None:
            wrong.append(Detail(f"targets.{index}", target.problem))
        planned.setdefault((target.marketplace, target.asin or target.value.strip()), target)
    if wrong and (on_invalid is OnInvalid.FAIL or len(wrong) == len(values)):
        raise _wrong_targets(wrong)
    return list(planned.values())


def _plan(kind: JobType, value: str, default: marketplaces.Marketplace) -> PlannedTarget:
    if not value.strip():
        return PlannedTarget("", default.host, None, "is empty")
    if kind is JobType.SEARCH:
        problem = f"is over {LONGEST_TARGET} characters" if len(value) > LONGEST_TARGET else None
        return PlannedTarget(value[:LONGEST_TARGET], default.host, None, problem)
    try:
        resolved = marketplaces.resolve_target(value, default)
    except InvalidInputError as exc:
        return PlannedTarget(value[:LONGEST_TARGET], default.host, None, exc.message)
    if len(value) > LONGEST_TARGET:
        value = marketplaces.product_url(resolved.marketplace, resolved.asin)
    return PlannedTarget(value, resolved.marketplace.host, resolved.asin)


def _wrong_targets(wrong: Sequence[Detail]) -> InvalidInputError:
    message = f"{wrong[0].field}: {wrong[0].message}"
    if len(wrong) > 1:
        message += f". In all, {len(wrong):,} targets are not valid"
    if len(wrong) > MOST_NAMED:
        message += f"; the details name the first {MOST_NAMED}"
    return InvalidInputError(message, wrong[:MOST_NAMED])
