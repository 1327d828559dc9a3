"""A job in the caller's hands: wait for it, read it, write it to a file, end it."""

from collections.abc import Callable, Sequence
from functools import partial as partially
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from azscraper.client.calls import Call, body_of, data, given, items, slice_by, slice_of
from azscraper.client.colours import C, Coloured, Driver, listing, operation
from azscraper.client.flows import Flow, Items, answered, downloaded, finished, paged, told
from azscraper.client.models import ExportFormat, FillRate, JobState, JobType, Progress, Summary, Target, TargetStatus
from azscraper.errors import Detail, InvalidInputError, ServiceError
from azscraper.records import Product, SearchRow
from azscraper.slices import Slice
from azscraper.wire import reading
from azscraper.wire.reading import AnyRow

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

T = TypeVar("T")

_PAGE = "1000"
_FORMATS: tuple[ExportFormat, ...] = ("json", "csv", "ndjson", "parquet", "xlsx")


class JobFailedError(ServiceError):
    """The job ended as failed or cancelled; ``job`` says more."""

    code = "job_failed"

    def __init__(self, job: JobState) -> None:
        reason = f": {job.error.message}" if job.error else ""
        super().__init__(f"Job {job.id} ended as {job.status}{reason}")
        self.job = job


class Job(Coloured[C]):
    """A job of the service. ``state`` is how it was seen last: every method that asks the service renews it."""

    def __init__(self, driver: Driver, state: JobState) -> None:
        super().__init__(driver)
        self.state = state

    def __repr__(self) -> str:
        counts = self.progress
        return f"<Job {self.id} {self.type} {self.status} {counts.ended}/{counts.total}>"

    @property
    def id(self) -> str:
        """Opaque, 24 hex digits."""
        return self.state.id

    @property
    def type(self) -> str:
        """What its targets are: a ``JobType``, or one that a newer service has added."""
        return self.state.type

    @property
    def status(self) -> str:
        """Where it stood when it was seen last: a ``JobStatus``, or one that a newer service has added."""
        return self.state.status

    @property
    def progress(self) -> Progress:
        """Its targets by status."""
        return self.state.progress

    @operation
    def refresh(self) -> "Flow[Job[C]]":
        """Look at it again; itself."""
        self.state = yield from answered(self._look)
        return self

    @operation
    def wait(
        self,
        *,
        timeout_seconds: float | None = None,
        seen: Callable[[JobState], object] = lambda _: None,
        check: bool = True,
    ) -> "Flow[Job[C]]":
        """Itself, once it is over; ``seen`` is called with each state of it that is told, or looked at.

        Raises JobFailedError where it failed or was cancelled, unless ``check`` is false, and WaitTimeoutError when it
        is not over in time. A completed job may have targets that failed: ``progress.failed`` counts them.
        """
        self.state = yield from finished(self._look, seen=seen, timeout_seconds=timeout_seconds)
        if check and self.state.status != "completed":
            raise JobFailedError(self.state)
        return self

    @listing
    def events(self) -> Items[JobState]:
        """Its states as the service tells them, until its end."""
        return told(self._look.path)

    @listing
    def results(self, *, most: int | None = None, partial: bool = False) -> Items[Product | SearchRow]:
        """Its products and tiles, in target order, then position; fetched 1,000 at a time while you read.

        Raises ConflictError while the job runs, unless ``partial`` says that its rows so far will do, and InvalidInputError
        for a row of another type: ``rows`` has those of any.
        """
        return paged(self._rows(reading.product_or_tile, partial=partial), most=most)

    @listing
    def rows(self, *, most: int | None = None, partial: bool = False, where: str | None = None) -> Items[AnyRow]:
        """Its rows of whatever type, as the types that ``record`` names: ``Product``, ``OfferRow``, ``ReviewRow`` …; as ``results``.

        ``where`` (``price.amount<20,sponsored=false``) leaves rows out. A row of a type that is not known here is the object that
        it is.
        """
        return paged(self._rows(reading.row, partial=partial, where=where), most=most)

    @listing
    def objects(
        self,
        *,
        most: int | None = None,
        partial: bool = False,
        fields: str | None = None,
        where: str | None = None,
        meta: bool = False,
    ) -> Items[dict[str, Any]]:
        """Its rows as the JSON objects that they are, as ``rows``; ``record`` says what each is.

        ``fields`` (``asin,price.amount`` or ``-images``) says what of each; with ``meta`` they say where they came from.
        """
        asked = {"fields": fields, "include": "meta" if meta else None}
        return paged(self._rows(dict, partial=partial, where=where, **asked), most=most)

    @listing
    def products(self, *, most: int | None = None, partial: bool = False) -> Items[Product]:
        """The rows of a details job, as ``results``. Raises InvalidInputError for another."""
        self._require("details")
        return paged(self._rows(partially(reading.lenient, Product), partial=partial), most=most)

    @listing
    def search_rows(self, *, most: int | None = None, partial: bool = False) -> Items[SearchRow]:
        """The rows of a search job, as ``results``. Raises InvalidInputError for another."""
        self._require("search")
        return paged(self._rows(partially(reading.lenient, SearchRow), partial=partial), most=most)

    def _rows(
        self, read: Callable[[Any], T], *, partial: bool, **asked: str | None
    ) -> Callable[[str | None], Call[Slice[T]]]:
        return lambda cursor: self._part("results", slice_by(read, partial=partial), {"cursor": cursor, **asked})

    def _require(self, wanted: JobType) -> None:
        if self.type != wanted:
            raise InvalidInputError(f"Job {self.id} is a {self.type} job, not a {wanted} job")

    @listing
    def targets(self, *, status: TargetStatus | None = None) -> Items[Target]:
        """Each target with its status, tries and error."""
        return paged(lambda cursor: self._part("targets", slice_of(Target), {"status": status, "cursor": cursor}))

    @listing
    def summaries(self, *, most: int | None = None) -> Items[Summary]:
        """What the pages of each target say about themselves, such as totals, filters and ``coverage``."""
        return paged(lambda cursor: self._part("summaries", slice_of(Summary), {"cursor": cursor}), most=most)

    def _part(self, what: str, read: Any, params: dict[str, str | None]) -> Call[Any]:
        given = {name: value for name, value in params.items() if value is not None}
        return Call("GET", f"/jobs/{self.id}/{what}", read, {"limit": _PAGE, **given})

    @operation
    def page(self, ordinal: int = 0, number: int = 1) -> Flow[bytes]:
        """A page that a target was read from, as it came; ``ordinal`` counts targets from 0, ``number`` its pages from 1.

        Raises NotFoundError where it is not kept.
        """
        return answered(Call("GET", f"/jobs/{self.id}/targets/{ordinal}/page", bytes, {"number": str(number)}))

    @operation
    def fill_rates(self) -> Flow[list[FillRate]]:
        """How often each field of its records has a value."""
        return answered(Call("GET", f"/jobs/{self.id}/fill-rates", items(FillRate)))

    @operation
    def export(
        self,
        path: str | Path,
        file_format: ExportFormat | None = None,
        *,
        guard: bool = True,
        partial: bool = False,
        fields: str | None = None,
        where: str | None = None,
        meta: bool = False,
        names: Literal["dotted", "snake", "labels"] | None = None,
        columns: Literal["all", "table"] | None = None,
        record: str | None = None,
    ) -> Flow[Path]:
        """Write its rows to a file, streamed; without a format the file's suffix says which.

        ``fields`` (``asin,price`` or ``-images``) says what of each row, ``where`` (``price.amount<20``) which rows; with
        ``meta`` they say where they came from; ``names="snake"`` calls the columns of a CSV ``price_amount``, and
        ``names="labels"`` those of a CSV or workbook ``Price``; ``columns="table"`` has those that the dashboard shows. Of a job
        whose rows are of several types, a CSV or Parquet file has those of the main one, or of ``record``.

        The file has its name once it is whole. ``guard`` disarms CSV texts that a spreadsheet would run as formulas.
        Each call counts as an export of the month. Raises InvalidInputError for an unknown suffix, and ConflictError while
        the job runs, unless ``partial`` says that its rows so far will do.
        """
        target = Path(path)
        chosen = given(
            fields=fields, where=where, include="meta" if meta else None, names=names, columns=columns, record=record
        )
        call = self._export(file_format or format_of(target), bytes, guard=guard, partial=partial, **chosen)
        return downloaded(call, target)

    @operation
    def to_polars(self) -> "Flow[pl.DataFrame]":
        """Its rows as a Polars frame with the records' own types; needs the extra ``azscraper[polars]``. An export."""
        import polars as pl  # noqa: PLC0415 - an extra

        return answered(self._export("parquet", lambda body: pl.read_parquet(BytesIO(body))))

    @operation
    def to_pandas(self) -> "Flow[pd.DataFrame]":
        """Its rows as a pandas frame with the records' own types; needs the extra ``azscraper[pandas]``. An export."""
        import pandas as pd  # noqa: PLC0415 - the same
        import pyarrow as pa  # noqa: PLC0415 - loaded by pandas here

        # Not BytesIO: threads of Arrow would read it and, where a script ends with the frame, abort its process
        # (apache/arrow#34314).
        return answered(
            self._export("parquet", lambda body: pd.read_parquet(pa.BufferReader(body), dtype_backend="pyarrow"))
        )

    def _export(
        self, file_format: ExportFormat, read: Any, *, guard: bool = True, partial: bool = False, **chosen: str
    ) -> Call[Any]:
        params = {"format": file_format, "guard": "true" if guard else "false", **chosen}
        params |= {"partial": "true"} if partial else {}
        return Call("GET", f"/jobs/{self.id}/export", read, params)

    @operation
    def change(self, *, name: str | None = None, tags: Sequence[str] | None = None) -> "Flow[Job[C]]":
        """Give it another name or other tags; an empty name takes it away."""
        body = body_of(name=name, tags=None if tags is None else list(tags))
        self.state = yield from answered(Call("PATCH", f"/jobs/{self.id}", data(JobState), body=body))
        return self

    @operation
    def cancel(self) -> "Flow[Job[C]]":
        """Stop it; its stored rows stay. Raises ConflictError when it is over already."""
        self.state = yield from answered(Call("POST", f"/jobs/{self.id}/cancel", data(JobState)))
        return self

    @operation
    def retry(self, *, only_failed: bool = False) -> "Flow[Job[C]]":
        """A new job with the same type, config and targets, or with those that failed."""
        params = {"only": "failed"} if only_failed else {}
        state = yield from answered(Call("POST", f"/jobs/{self.id}/retry", data(JobState), params, once=True))
        return Job(self.driver, state)

    @operation
    def reparse(self) -> "Flow[Job[C]]":
        """A new job that reads the archived pages of this one again and fetches nothing. Costs neither quota nor credits."""
        state = yield from answered(Call("POST", f"/jobs/{self.id}/reparse", data(JobState), once=True))
        return Job(self.driver, state)

    @property
    def _look(self) -> Call[JobState]:
        return Call("GET", f"/jobs/{self.id}", data(JobState))


def format_of(path: Path) -> ExportFormat:
    """The format that the file's suffix names. Raises InvalidInputError."""
    suffix = path.suffix.lower().removeprefix(".")
    for known in _FORMATS:
        if suffix in {known, {"ndjson": "jsonl"}.get(known)}:
            return known
    message = (
        f"{path.name}: the suffix does not name a format; use one of {', '.join(f'.{known}' for known in _FORMATS)}"
    )
    raise InvalidInputError(message, [Detail("path", message)])
