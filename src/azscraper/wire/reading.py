"""Rows and summaries as their types, of services of this release, an older or a newer one.

What a newer service adds is passed over: fields, and words of an enumeration that this release does not know. A row of a type that is
not known here stays the object that it is.
"""

from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from azscraper.errors import InvalidInputError, UnavailableError
from azscraper.records import PageRecord, Product, SearchRow
from azscraper.records.parts import Record
from azscraper.records.rows import Row, row_type, summary_type
from azscraper.wire.rows import FailedTarget, StoredProduct, StoredSearchRow

if TYPE_CHECKING:
    from azscraper.wire.stored_rows import StoredRow
else:
    StoredRow = PageRecord  # to name them all would load them all

AnyRow: TypeAlias = Row | dict[str, Any]
"""A row of a kind that this release knows, or the object of another."""
AnyStoredRow: TypeAlias = StoredRow | FailedTarget | dict[str, Any]
"""The same with ``meta``, or a target that failed."""
AnySummary: TypeAlias = Record | dict[str, Any]
"""What a page says about itself; the object where it is of a kind that this release does not know."""
_M = TypeVar("_M", bound=BaseModel)
_WORDS = frozenset({"enum", "literal_error"})


def row(value: dict[str, Any]) -> AnyRow:
    """A row as its type. Raises UnavailableError for one that is not of the type that it names."""
    model = row_type(_record(value))
    return value if model is None else lenient(model, value)  # type: ignore[return-value]  # of those that Row names


def product_or_tile(value: dict[str, Any]) -> Product | SearchRow:
    """The same where it is one of these. Raises InvalidInputError for another, and UnavailableError."""
    found = row(value)
    if isinstance(found, Product | SearchRow):
        return found
    raise InvalidInputError(f"This job has rows of the type {value['record']}: read them with rows()")


def stored_row(value: dict[str, Any]) -> AnyStoredRow:
    """A row with ``meta``, or a failed target, as its type. Raises UnavailableError."""
    if "error" in value:
        return lenient(FailedTarget, value)
    model = _stored_type(_record(value))
    return value if model is None else lenient(model, value)  # type: ignore[return-value]  # the same


def _stored_type(record: Any) -> type[BaseModel] | None:
    known: dict[Any, type[BaseModel]] = {"Product": StoredProduct, "SearchRow": StoredSearchRow}
    if record in known or row_type(record) is None:
        return known.get(record)
    from azscraper.wire import stored_rows  # noqa: PLC0415 - loads the records of every kind

    return getattr(stored_rows, f"Stored{record}", None)


def summary(kind: str | None, value: dict[str, Any]) -> AnySummary:
    """The summary of a page of this kind as its type. Raises UnavailableError."""
    model = summary_type(kind)
    return value if model is None else lenient(model, value)


def _record(value: dict[str, Any]) -> Any:
    """Rows that an older service stored do not say it: they are tiles, which alone know what is sponsored, or products."""
    return value.get("record", "SearchRow" if "sponsored" in value else "Product")


def lenient(model: type[_M], value: dict[str, Any]) -> _M:
    """The value as the model. Raises UnavailableError for one of another shape."""
    try:
        return model.model_validate(value, extra="ignore")
    except ValidationError as exc:
        unknown = [error["loc"] for error in exc.errors(include_url=False) if error["type"] in _WORDS]
        for up in range(max(map(len, unknown), default=0)):  # the word, or the least part that can not be without it
            with suppress(ValidationError):
                places = [place[: len(place) - up] for place in unknown]
                return model.model_validate(_without(value, places), extra="ignore")
        said = f"The response is not a valid {model.__name__}; client and service may be different versions"
        raise UnavailableError(said) from exc


def _without(value: dict[str, Any], places: list[tuple[str | int, ...]]) -> dict[str, Any]:
    left = deepcopy(value)
    for *way, last in filter(None, places):
        at: Any = left
        with suppress(LookupError, TypeError):  # of what is one of several types, the way names the type as well
            for key in way:
                at = at[key]
            del at[last]
    return left
