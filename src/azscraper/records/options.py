"""How to crawl: options of jobs of every kind. Those of one kind stand beside its records."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

_TEN_YEARS_SECONDS = 315_360_000
RESERVED = {
    "postalCode": "has no effect yet: prices are those of the place that the marketplace takes the crawler to be at",
    "screenshot": "has no effect yet: it is reserved",
}
"""Keys that are kept and returned, and what is said of them."""


def whole(value: object) -> object:
    """2.0 is an integer in JSON Schema; "2" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Options(BaseModel):
    """What a job of any kind may ask for. Frozen, camelCase on the wire; unknown keys are kept."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True
    )

    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None = None
    """Language to ask for, BCP 47."""
    marketplace: Annotated[str, Field(json_schema_extra={"format": "amazon-marketplace"})] | None = None
    """Host or country code; www.amazon.com when left out."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    """ISO 4217: asks the marketplace to show prices in it."""
    postal_code: str | None = None
    """Reserved: kept and returned. Prices are those of the place that the marketplace takes the crawler to be at."""
    max_age: Annotated[int, Field(ge=0, le=_TEN_YEARS_SECONDS, strict=True), BeforeValidator(whole)] | None = None
    """Seconds, up to ten years: a page that the organization has had so lately is used again instead of fetched."""
    max_retries: Annotated[int, Field(ge=0, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Tries after the first; the server's setting when left out."""
    weight: Annotated[int, Field(ge=1, le=10, strict=True), BeforeValidator(whole)] | None = None
    """Share of the crawl beside the organization's other jobs: 2 gets twice what 1 gets, which is the default."""
