"""The query parameters ``fields``, ``where`` and ``include``, which several routes take alike."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field

from azscraper.kinds.registry import find_kind, kinds
from azscraper.results import comparable
from azscraper.results.selection import EVERYTHING, Fields, Where, read_fields, read_where
from azscraper.wire.rows import FailedTarget

FieldsText = Annotated[
    Annotated[str, Field(max_length=2000, json_schema_extra={"format": "row-fields"})] | None,
    Query(
        description="Paths with commas between: these alone (`asin,price.amount`), or all but some (`-images`)",
    ),
]
WhereText = Annotated[
    Annotated[str, Field(max_length=500, json_schema_extra={"format": "row-where"})] | None,
    Query(
        description='Rows for which all of up to five terms hold: `price.amount<20,sponsored=false,title~"kettle"`.'
        " Signs: = != < <= > >= and ~ (holds the text, whatever the case). What is missing does not fit; a value of"
        " another type than the field has is refused.",
    ),
]
Include = Annotated[
    Literal["meta"] | None, Query(description="`meta`: where each row came from, behind all other fields")
]


def of_job(
    names: Iterable[str], *, fields: str | None, where: str | None, meta: bool = False
) -> tuple[Fields, Where | None]:
    """What is asked of the rows of a job, which are of these kinds and keep their ``meta``. Raises InvalidInputError."""
    records = _records(names) if fields is not None or where is not None else []
    keys = _keys(*records)
    chosen = read_fields(fields, keys | {"meta"} if meta else keys) if fields is not None else EVERYTHING
    return chosen.with_key("meta") if meta else chosen, _fitting(where, records)


def of_project(
    kind: str | None, *, fields: str | None, where: str | None, failures: bool
) -> tuple[Fields, Where | None]:
    """What is asked of the rows of a project, of one kind or all, or of failed targets. Raises InvalidInputError."""
    records = _records(kinds() if kind is None else [kind])
    keys = _keys(FailedTarget) if failures else _keys(*records) | {"meta"}
    return read_fields(fields, keys) if fields is not None else EVERYTHING, _fitting(where, records)


def _fitting(where: str | None, records: Sequence[type[BaseModel]]) -> Where | None:
    if where is None:
        return None
    found = read_where(where, _keys(*records))
    comparable.check(found, records)
    return found


def _records(kinds_of_rows: Iterable[str]) -> list[type[BaseModel]]:
    return [record for name in kinds_of_rows for record in find_kind(name).records]


def _keys(*models: type[BaseModel]) -> frozenset[str]:
    fields = (item for model in models for item in model.model_fields.items())
    return frozenset(field.serialization_alias or field.alias or name for name, field in fields)
