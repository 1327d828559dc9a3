"""One target, answered at once."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from azscraper.client.calls import Call, json_of
from azscraper.client.flows import Flow, Pause, WaitTimeoutError, answered, whole
from azscraper.client.models import JobState
from azscraper.errors import UnavailableError
from azscraper.records.parts import Record
from azscraper.wire import reading
from azscraper.wire.jobs import AskMeta
from azscraper.wire.reading import AnyRow, AnySummary

R = TypeVar("R", bound=Record)

_LONGEST_PAUSE_SECONDS = 60.0
_INVALID = "The response is not a valid answer; client and service may be different versions"


@dataclass(frozen=True, slots=True)
class TargetAnswer:
    """What one target brought."""

    rows: list[AnyRow]
    """As the types that ``record`` names; the objects themselves of a kind that is not known here."""
    summary: AnySummary | None
    """``PageSummary``, ``OffersSummary`` …, by the kind of page."""
    meta: AskMeta

    def of(self, record: type[R]) -> list[R]:
        """The rows of this type, such as ``Product``, for code whose types are checked."""
        return [row for row in self.rows if isinstance(row, record)]


def asked(
    path: str,
    body: Mapping[str, Any],
    params: Mapping[str, str],
    seen: Callable[[JobState], object],
    timeout_seconds: float | None,
) -> Flow[TargetAnswer]:
    """The answer; asks again for the same job, which ``seen`` is called with, where it takes longer than one request waits.

    Raises WaitTimeoutError once the timeout is over.
    """
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    call = Call("POST", path, partial(_read, body["type"]), params, body=body, once=True, headers=headers)
    end = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    while True:
        got = yield from whole(call)
        answer = call.read(got.body)
        if isinstance(answer, TargetAnswer):
            return answer
        seen(answer)
        left = _LONGEST_PAUSE_SECONDS if end is None else end - time.monotonic()
        if timeout_seconds is not None and left <= 0:
            raise WaitTimeoutError(answer, timeout_seconds)
        if got.retry_after_seconds:
            yield Pause(min(got.retry_after_seconds, left))


def begun(path: str, body: Mapping[str, Any]) -> Flow[str]:
    """The id of the job, whether it goes on or what is kept has answered it."""
    return answered(Call("POST", path, _job_id, body={**body, "waitSeconds": 0}, once=True))


def _job_id(body: bytes) -> str:
    answer = json_of(body)
    try:
        return str(answer["data"]["id"] if isinstance(answer["data"], dict) else answer["meta"]["jobId"])
    except (KeyError, TypeError) as exc:
        raise UnavailableError(_INVALID) from exc


def _read(kind: str, body: bytes) -> TargetAnswer | JobState:
    """The job where it goes on."""
    answer = json_of(body)
    try:
        if isinstance(answer["data"], dict):
            return JobState.model_validate(answer["data"])
        meta = AskMeta.model_validate(answer["meta"])
        said = answer.get("summary")
        found = None if said is None else reading.summary(meta.type or kind, said)
        return TargetAnswer([reading.row(one) for one in answer["data"]], found, meta)
    except (KeyError, TypeError, ValidationError) as exc:
        raise UnavailableError(_INVALID) from exc
