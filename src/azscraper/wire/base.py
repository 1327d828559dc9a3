"""What goes over the wire: camelCase, times as ISO 8601 UTC with milliseconds and Z."""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainSerializer,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_wrap_validator_function, plain_serializer_function_ser_schema

from azscraper.clock import stamp
from azscraper.records.field_texts import Described

T = TypeVar("T")


def _utc(value: datetime) -> datetime:
    """UTC where the text names no zone."""
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError as exc:
        raise ValueError("is out of range") from exc


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("must not contain NUL characters")
    return value


def _iso(value: object) -> object:
    """A bare number would be taken for seconds since 1970."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("must be a time or a day in ISO 8601, such as 2026-01-31T12:00:00Z")
    return value


Timestamp = Annotated[datetime, PlainSerializer(stamp, return_type=str, when_used="json")]
Moment = Annotated[datetime, BeforeValidator(_iso), AfterValidator(_utc)]
"""A time or a day in ISO 8601; UTC where it names no zone."""
Text = Annotated[str, AfterValidator(_no_nul)]


def _text(value: object, known: ValidatorFunctionWrapHandler) -> str:
    return str(value if isinstance(value, str) else known(value))


class _OfToday:
    """The published schema names the words of this release."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        known = handler.generate_schema(get_args(source)[0])
        text = plain_serializer_function_ser_schema(str)
        return no_info_wrap_validator_function(_text, known, serialization=text)


Open = Annotated[T | str, _OfToday()]
"""Text: a word of the enumeration, or one that a newer service has added to it."""


def _as_sent(config: object) -> object:
    return getattr(config, "as_sent", config)


Config = Annotated[dict[str, Any], BeforeValidator(_as_sent)]
"""How to crawl, as it was sent."""


class Wire(Described):
    """A body of a request or a response."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Answer(Wire):
    """A part of a response. The client reads it from services of any release: fields that it does not know are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True, defer_build=True)

    @classmethod
    def of(cls, value: object, /, **more: Any) -> Self:
        """From a feature's value, whose attributes have the fields' names; ``more`` are the fields that it has not."""
        if not more:
            return cls.model_validate(value)
        return cls.model_validate({name: getattr(value, name) for name in cls.model_fields if name not in more} | more)

    @model_validator(mode="before")
    @classmethod
    def _as_of_older_services(cls, data: object) -> object:
        """What an older service does not say is None, where that is allowed."""
        if not isinstance(data, dict):
            return data
        unsaid = {name: None for name, alias in _may_be_unsaid(cls) if name not in data and alias not in data}
        return data | unsaid


@cache
def _may_be_unsaid(answer: type[Answer]) -> tuple[tuple[str, str | None], ...]:
    """Fields that are always said today and may be None: their names here and on the wire."""
    fields = answer.model_fields.items()
    return tuple((name, field.alias) for name, field in fields if field.is_required() and _may_be_none(field))


def _may_be_none(field: FieldInfo) -> bool:
    return type(None) in get_args(field.annotation)
