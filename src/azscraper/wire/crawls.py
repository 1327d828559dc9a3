"""What a caller asks to be crawled on the wire: once, or again and again."""

from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Annotated, Any, Self, TypeVar, cast

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel, to_snake

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.records.details import DetailsOptions
from azscraper.records.options import Options, whole
from azscraper.records.search import SearchOptions
from azscraper.wire.base import Open, Text, Wire
from azscraper.wire.requests import JobName, Tags, in_words
from azscraper.words import JobType, OnInvalid

_NAMED = 100
"""Bad targets that one answer names. Each is half a kilobyte of it, and 100,000 take a second to write."""
_Cron = Annotated[
    Text, Field(min_length=1, max_length=200, examples=["0 6 * * *"], json_schema_extra={"format": "cron"})
]
_Timezone = Annotated[
    Text, Field(min_length=1, max_length=64, examples=["Europe/Berlin"], json_schema_extra={"format": "iana-time-zone"})
]
_Switch = Annotated[bool, Field(strict=True)]
_Wait = Annotated[int, Field(ge=0, le=120, strict=True), BeforeValidator(whole)]


_Options = TypeVar("_Options", bound=Options)
_COMMON = frozenset(Options.model_fields)
_DESCRIBED = ("search", "details")
"""The types of jobs whose own options ``JobConfig`` describes."""


class JobConfig(SearchOptions, DetailsOptions):
    """How to crawl. Unknown keys are kept and returned."""

    _sent: dict[str, Any] = PrivateAttr(default_factory=dict)
    _problems: tuple[Detail, ...] = PrivateAttr(default=())

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Self:
        """Out of a row. An option that an older release took and this one would not counts for nothing; see ``as_options``."""
        made, problems = _lenient(cls, stored)
        if problems:
            made._sent, made._problems = stored, problems  # noqa: SLF001 - its own
        return made

    def as_options(self, model: type[_Options]) -> tuple[_Options, tuple[Detail, ...]]:
        """The options of a kind of page, and what is wrong with those that do not hold (any more) and count for nothing."""
        made, problems = _lenient(model, self._sent)
        problems = tuple(one for one in problems if to_snake(one.field.partition(".")[0]) not in model.claimed)
        named = {problem.field for problem in problems}
        of_all = (one for one in self._problems if to_snake(one.field) in _COMMON and one.field not in named)
        return made, (*problems, *of_all)

    @property
    def as_sent(self) -> dict[str, Any]:
        """The keys in the caller's order with the caller's own numbers; ``2.0`` stays ``2.0``."""
        return self._sent

    def sent_as(self, config: dict[str, Any]) -> Self:
        """The same options, said to have been sent so."""
        made = self.model_copy()
        made._sent = config  # noqa: SLF001 - its own
        return made

    @model_validator(mode="wrap")
    @classmethod
    def _storable(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if has_nul(data):
            raise ValueError("must not contain NUL characters")
        made = handler(_without_other_shapes(data))
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


def _lenient(model: type[_Options], config: Mapping[str, Any]) -> tuple[_Options, tuple[Detail, ...]]:
    """The options out of a config, and what is wrong with those that were left out of them."""
    try:
        return model.model_validate(config), ()
    except ValidationError as exc:
        problems = [(error["loc"], in_words(error)) for error in exc.errors(include_input=False, include_url=False)]
    wrong = {str(path[0]) for path, _ in problems if path}
    made = model.model_validate({key: value for key, value in config.items() if key not in wrong} if wrong else {})
    return made, tuple(Detail(".".join(map(str, path)), message) for path, message in problems)


def other_shapes(model: type[Options], config: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with values of claimed options, by their keys: they are kept, and have no effect."""
    given = {key: config[key] for key in _claimed_keys(model) if key in config}
    return {one.field.partition(".")[0]: one.message for one in _lenient(model, given)[1]} if given else {}


@cache
def _claimed_keys(model: type[Options]) -> frozenset[str]:
    """As they may be written. Asked for each time that a job is read."""
    return frozenset(key for name in model.claimed for key in (name, to_camel(name)))


def _without_other_shapes(data: Any) -> Any:
    found = [other_shapes(model, data) for model in (SearchOptions, DetailsOptions)] if isinstance(data, dict) else []
    wrong = {key for one in found for key in one}
    return {key: part for key, part in data.items() if to_camel(key) not in wrong} if wrong else data


def has_nul(value: object) -> bool:
    """PostgreSQL can't give a NUL back out of JSON."""
    if isinstance(value, dict):
        return any(has_nul(part) for item in value.items() for part in item)
    if isinstance(value, list):
        return any(has_nul(part) for part in value)
    return isinstance(value, str) and "\x00" in value


def _up_to_the_hundredth_bad(targets: object) -> object:
    """The list, ended behind so many bad targets: it is refused for those."""
    if not isinstance(targets, list):
        return targets
    bad = (at for at, target in enumerate(targets) if not isinstance(target, str) or "\0" in target)
    last = next(islice(bad, _NAMED - 1, None), None)
    return targets if last is None else targets[: last + 1]


def config_of_type(value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> JobConfig:
    """Validates the config of a body whose type stands before it. Options of other types than the two that are described here are checked by their kinds."""
    if info.data.get("type", "search") in _DESCRIBED or not isinstance(value, dict) or has_nul(value):
        return cast("JobConfig", handler(value))
    made = cast("JobConfig", handler({key: part for key, part in value.items() if to_snake(key) in _COMMON}))
    return made.sent_as(value)


class NewJob(Wire):
    """A crawl job: keywords or products, and how to crawl them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"type": "search", "targets": ["wireless earbuds"], "config": {"lang": "en-US"}},
                {"type": "details", "targets": ["B08N5WRWNW", "https://www.amazon.de/dp/B08N5WRWNW"]},
            ],
        }
    )

    type: Open[JobType]
    targets: Annotated[
        list[Annotated[Text, Field(json_schema_extra={"format": "crawl-target"})]],
        Field(min_length=1, max_length=100_000),
        BeforeValidator(_up_to_the_hundredth_bad),
    ]
    """Search: keywords of up to 500 characters, or addresses of result lists. Details: ASINs, ISBNs, EANs, product
    URLs of any length, short links or /dp/ASIN paths. Auto: addresses of any page, ASINs, EANs."""
    config: JobConfig = JobConfig()
    on_invalid: OnInvalid = OnInvalid.FAIL
    """`fail`: an invalid target fails the request, and the error names all of them. `skip`: the job is created without
    them. They are failed targets with the code `invalid` from the start, cost nothing and count against no limit."""

    name: JobName | None = None
    """What you call the job."""
    tags: Tags = Field(default=[])
    """To find it by."""
    wait_seconds: _Wait = 0
    """How long the response may wait for the job's end. A job that is over by then comes with its rows, as 200. Of a new job alone."""

    _of_its_type = field_validator("config", mode="wrap")(config_of_type)


class NewAsk(Wire):
    """One target, to be answered in the response."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})

    type: Open[JobType]
    target: Annotated[Text, Field(min_length=1, max_length=2048, json_schema_extra={"format": "crawl-target"})]
    """A keyword, an ASIN, a product URL: what a job of the type takes."""
    config: JobConfig = JobConfig()
    wait_seconds: _Wait = 30
    """How long the response may wait. What is not there by then goes on as a job."""

    _of_its_type = field_validator("config", mode="wrap")(config_of_type)


class NewSchedule(Wire):
    """What to crawl again and again, and when."""

    cron: _Cron
    """Five fields as in crontab(5), names allowed, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`."""
    crawl_config: NewJob
    timezone: _Timezone = "UTC"
    """IANA name. A time that its clock skips runs at the end of the gap, one that it shows twice runs the first time."""
    enabled: _Switch = True
    name: JobName | None = None
    """What you call it, and the jobs that it posts. Default: the name in `crawlConfig`."""
    tags: Tags | None = None
    """To find it by, and the jobs that it posts. Default: the tags in `crawlConfig`."""


class ScheduleChange(Wire):
    """Fields to change. Fields that you leave out keep their values."""

    cron: _Cron | None = None
    crawl_config: NewJob | None = None
    timezone: _Timezone | None = None
    enabled: _Switch | None = None
    name: JobName | None = None
    """An empty name takes it away."""
    tags: Tags | None = None
