"""The query parameters ``fields``, ``where`` and ``include``, which several routes take alike."""

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel

from azscraper.kinds.registry import find_kind, kinds
from azscraper.results.selection import EVERYTHING, Fields, Where, read_fields, read_where
from azscraper.wire.rows import FailedTarget

FieldsText = Annotated[
    str | None,
    Query(
        max_length=2000,
        description="Paths with commas between: these alone (`asin,price.amount`), or all but some (`-images`)",
    ),
]
WhereText = Annotated[
    str | None,
    Query(
        max_length=500,
        description='Rows for which all of up to five terms hold: `price.amount<20,sponsored=false,title~"kettle"`.'
        " Signs: = != < <= > >= and ~ (holds the text, whatever the case). What is missing does not fit.",
    ),
]
Include = Annotated[
    Literal["meta"] | None, Query(description="`meta`: where each row came from, behind all other fields")
]


def of_job(
    names: Iterable[str], *, fields: str | None, where: str | None, meta: bool = False
) -> tuple[Fields, Where | None]:
    """What is asked of the rows of a job, which are of these kinds and keep their ``meta``. Raises InvalidInputError."""
    keys = frozenset[str]().union(*map(_of_rows, names)) if fields is not None or where is not None else frozenset()
    chosen = read_fields(fields, keys | {"meta"} if meta else keys) if fields is not None else EVERYTHING
    return (
        chosen.with_key("meta") if meta else chosen,
        read_where(where, keys) if where is not None else None,
    )


def of_project(
    kind: str | None, *, fields: str | None, where: str | None, failures: bool
) -> tuple[Fields, Where | None]:
    """What is asked of the rows of a project, of one kind or all, or of failed targets. Raises InvalidInputError."""
    names: Iterable[str] = kinds() if kind is None else [kind]
    rows = frozenset[str]().union(*map(_of_rows, names))
    keys = _keys(FailedTarget) if failures else rows | {"meta"}
    return (
        read_fields(fields, keys) if fields is not None else EVERYTHING,
        read_where(where, rows) if where is not None else None,
    )


def _of_rows(kind: str) -> frozenset[str]:
    return frozenset[str]().union(*map(_keys, find_kind(kind).records))


def _keys(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.serialization_alias or field.alias or name for name, field in model.model_fields.items())
