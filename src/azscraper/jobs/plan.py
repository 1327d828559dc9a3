"""What a job may ask for, checked before anything is stored: its type, its config, its targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import orjson
from pydantic import ModelWrapValidatorHandler, PrivateAttr, ValidationError, field_validator, model_validator
from pydantic.alias_generators import to_camel

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.records.details import DetailsOptions
from azscraper.records.search import SearchOptions

LONGEST_TARGET = 500
"""Characters of a keyword, and of what is kept of a product's address."""
MOST_NAMED = 100
"""Bad targets that an error names."""

_MAX_CONFIG_BYTES = 16 * 1024


class JobType(StrEnum):
    """What the targets are: keywords or products."""

    SEARCH = "search"
    DETAILS = "details"


class JobConfig(SearchOptions, DetailsOptions):
    """How to crawl. Unknown keys are kept and returned."""

    _sent: dict[str, Any] = PrivateAttr(default_factory=dict)
    _problems: tuple[Detail, ...] = PrivateAttr(default=())

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Self:
        """Out of a row. An option that an older release took and this one would not counts for nothing; see ``problems``."""
        try:
            return cls.model_validate(stored)
        except ValidationError as exc:
            problems = [(error["loc"], error["msg"]) for error in exc.errors(include_input=False)]
        wrong = {str(path[0]) for path, _ in problems if path}
        made = cls.model_validate({key: value for key, value in stored.items() if key not in wrong} if wrong else {})
        made._sent = stored  # noqa: SLF001 - its own
        made._problems = tuple(Detail(".".join(map(str, path)), message) for path, message in problems)  # noqa: SLF001
        return made

    @property
    def problems(self) -> tuple[Detail, ...]:
        """What does not hold any more of a config that was stored under other rules."""
        return self._problems

    @property
    def as_sent(self) -> dict[str, Any]:
        """The keys in the caller's order with the caller's own numbers; ``2.0`` stays ``2.0``."""
        return self._sent

    @model_validator(mode="wrap")
    @classmethod
    def _storable(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if _has_nul(data):
            raise ValueError("must not hold NUL characters")
        made = handler(data)
        if isinstance(data, dict):
            made._sent = {to_camel(key) if key in cls.model_fields else key: value for key, value in data.items()}  # noqa: SLF001 - its own
        return made

    @field_validator("marketplace")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                marketplaces.find(value)
            except InvalidInputError as exc:
                raise ValueError(exc.message) from exc
        return value


def _has_nul(value: object) -> bool:
    """PostgreSQL can't give a NUL back out of JSON."""
    if isinstance(value, dict):
        return any(_has_nul(part) for item in value.items() for part in item)
    if isinstance(value, list):
        return any(_has_nul(part) for part in value)
    return isinstance(value, str) and "\x00" in value


def pages_each(kind: JobType, config: JobConfig) -> int:
    """Pages that a target takes, at most."""
    return (config.pages or 1) if kind == JobType.SEARCH else 1


def bounded(config: JobConfig) -> JobConfig:
    """The config. Raises InvalidInputError when it is over 16 KiB."""
    if len(orjson.dumps(config.as_sent)) > _MAX_CONFIG_BYTES:
        raise InvalidInputError("config: is over 16 KiB", [Detail("config", "is over 16 KiB")])
    return config


class OnInvalid(StrEnum):
    """What to do with a job of which some targets are none."""

    FAIL = "fail"
    """Refuse it, naming each of them."""
    SKIP = "skip"
    """Take it; they end at once as failed targets with the code ``invalid``."""


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
