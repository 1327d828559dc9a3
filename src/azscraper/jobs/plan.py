"""What a job may ask for, checked before anything is stored: its type, its config, its targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError

LONGEST_TARGET = 500
"""Characters of a keyword, and of what is kept of a product's address."""
MOST_NAMED = 100
"""Bad targets that an error names."""
_TEN_YEARS_SECONDS = 315_360_000


class JobType(StrEnum):
    """What the targets are: keywords or products."""

    SEARCH = "search"
    DETAILS = "details"


def whole(value: object) -> object:
    """2.0 is an integer in JSON Schema; "2" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class JobConfig(BaseModel):
    """How to crawl. Unknown keys are kept and returned."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True
    )

    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None = None
    """Language to ask for, BCP 47."""
    marketplace: Annotated[str, Field(json_schema_extra={"format": "amazon-marketplace"})] | None = None
    """Host or country code; www.amazon.com when left out."""
    pages: Annotated[int, Field(ge=1, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Search: result pages a keyword."""
    sort: str | None = None
    """Search: price-asc, price-desc, reviews, newest, bestsellers, or the marketplace's own sort key."""
    min_price: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Search: in the marketplace's currency."""
    max_price: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Search: in the marketplace's currency."""
    category: str | None = None
    """Search: the search alias, for example ``electronics``."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    """ISO 4217: asks the marketplace to show prices in it."""
    postal_code: str | None = None
    """Reserved: kept and returned. Prices are those of the place that the marketplace takes the crawler to be at."""
    variant: Literal["as-given", "auto"] | None = None
    """Details: ``auto`` asks for the selected variant's own price (th=1&psc=1)."""
    max_age: Annotated[int, Field(ge=0, le=_TEN_YEARS_SECONDS, strict=True), BeforeValidator(whole)] | None = None
    """Seconds, up to ten years: a page that the organization has had so lately is used again instead of fetched."""
    max_retries: Annotated[int, Field(ge=0, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Tries after the first; the server's setting when left out."""
    weight: Annotated[int, Field(ge=1, le=10, strict=True), BeforeValidator(whole)] | None = None
    """Share of the crawl beside the organization's other jobs: 2 gets twice what 1 gets, which is the default."""

    _sent: dict[str, Any] = PrivateAttr(default_factory=dict)

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
