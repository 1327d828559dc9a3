"""How to crawl: options of jobs of every kind. Those of one kind stand beside its records."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel, to_snake

from azscraper.records.field_texts import Described

_TEN_YEARS_SECONDS = 315_360_000
RESERVED = {
    "postalCode": "has no effect yet: prices are those of the place that the marketplace takes the crawler to be at",
    "screenshot": "has no effect yet: it is reserved",
}
"""Keys that are kept and returned, and what is said of them."""


def whole(value: object) -> object:
    """2.0 is an integer in JSON Schema; "2" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Options(Described):
    """What a job of any kind may ask for. Frozen, camelCase on the wire; unknown keys are kept."""

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True)

    claimed: ClassVar[frozenset[str]] = frozenset()
    """Options whose names jobs could send before they were some: a value of another shape is kept and has no effect."""

    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None = None
    """Language to ask for, BCP 47."""
    marketplace: Annotated[str, Field(json_schema_extra={"format": "amazon-marketplace"})] | None = None
    """Host or country code. Default: www.amazon.com."""
    currency: Annotated[str, Field(pattern="^[A-Za-z]{3}$"), AfterValidator(str.upper)] | None = None
    """ISO 4217: asks the marketplace to show prices in it."""
    postal_code: str | None = None
    """Reserved: kept and returned. Prices are those of the place that the marketplace takes the crawler to be at."""
    max_age: Annotated[int, Field(ge=0, le=_TEN_YEARS_SECONDS, strict=True), BeforeValidator(whole)] | None = None
    """Seconds, up to ten years: a page that the organization fetched within this time is used again."""
    max_retries: Annotated[int, Field(ge=0, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Tries after the first. Default: the server's setting."""
    weight: Annotated[int, Field(ge=1, le=10, strict=True), BeforeValidator(whole)] | None = None
    """Share of the crawl beside the organization's other jobs: 2 gets twice what 1 gets. Default: 1."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option as its model describes it."""

    key: str
    """In the job's config."""
    name: str
    """In snake case."""
    type: Literal["integer", "number", "string", "boolean", "list"]
    """``list``: of texts."""
    least: float | None
    most: float | None
    only: tuple[str, ...]
    """Its values, where there are no others."""
    examples: tuple[str, ...]
    description: str


@cache
def described(options: type[Options]) -> tuple[Option, ...]:
    """The options of a kind that have an effect, its own first: what commands and forms are made of."""
    parts = {key: part for key, part in options.model_json_schema()["properties"].items() if key not in RESERVED}
    found = []
    for key in sorted(parts, key=lambda key: to_snake(key) in Options.model_fields):
        part = parts[key]
        values = next(one for one in part.get("anyOf", [part]) if one.get("type") != "null")
        is_list = values["type"] == "array"
        inner = values["items"] if is_list else values
        said = " ".join(part["description"].split()).replace("``", "")
        bounds = values.get("minimum"), values.get("maximum")
        only, shown = tuple(inner.get("enum", ())), part.get("examples", ())
        examples = tuple(one for example in shown for one in example) if is_list else tuple(shown)
        found.append(Option(key, to_snake(key), "list" if is_list else values["type"], *bounds, only, examples, said))
    return tuple(found)


_NEAR = 0.7
"""So that ``market`` is near ``marketplace``, and ``include`` is not near ``since``."""
_ELSEWHERE = {
    "source": "type",
    "asin": "target",
    "url": "target",
    "query": "target",
    "search_term": "target",
    "keyword": "target",
    "category_id": "target",
    "seller_id": "target",
    "product": "details",
    "amazon_product": "details",
    "amazon_search": "search",
    "amazon_pricing": "offers",
    "amazon_bestsellers": "bestsellers",
    "amazon_sellers": "seller",
    "amazon_reviews": "reviews",
    "seller_profile": "seller",
    "seller_products": "seller-products",
    "autocomplete": "suggestions",
    "amazon_domain": "marketplace",
    "domain": "marketplace",
    "country": "marketplace",
    "language": "lang",
    "locale": "lang",
    "sort_by": "sort",
    "max_page": "pages",
}
"""What other services call a parameter, an option or a kind, and what it is called here."""


def elsewhere(name: str) -> str | None:
    """What is called so by other services has this name here."""
    return _ELSEWHERE.get(name)


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'pages'?``, or nothing where no known name is near."""
    known = list(known)
    found = (
        [_ELSEWHERE[name]] if _ELSEWHERE.get(name) in known else get_close_matches(name[:100], known, n=1, cutoff=_NEAR)
    )
    return f"; did you mean '{found[0]}'?" if found else ""
