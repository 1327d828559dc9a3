"""One target, answered at once."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from azscraper.client.calls import Call, json_of
from azscraper.client.flows import Flow, answered
from azscraper.errors import UnavailableError
from azscraper.records import PageSummary, Product, SearchRow
from azscraper.wire.jobs import AskMeta

_INVALID = "The response is not a valid answer; client and service may be different versions"


@dataclass(frozen=True, slots=True)
class TargetAnswer:
    """What one target brought."""

    rows: list[Any]
    """``Product`` or ``SearchRow``; dicts where a newer service has other records."""
    summary: PageSummary | None
    meta: AskMeta


def asked(path: str, body: Mapping[str, Any]) -> Flow[TargetAnswer]:
    """The answer; asks again for the same job where it takes longer than one request waits."""
    call = Call("POST", path, _read, body=body, once=True, headers={"Idempotency-Key": uuid.uuid4().hex})
    while True:
        answer = yield from answered(call)
        if answer is not None:
            return answer


def begun(path: str, body: Mapping[str, Any]) -> Flow[str]:
    """The id of the job, whether it goes on or what is kept has answered it."""
    return answered(Call("POST", path, _job_id, body={**body, "waitSeconds": 0}, once=True))


def _job_id(body: bytes) -> str:
    answer = json_of(body)
    try:
        return str(answer["data"]["id"] if isinstance(answer["data"], dict) else answer["meta"]["jobId"])
    except (KeyError, TypeError) as exc:
        raise UnavailableError(_INVALID) from exc


def _read(body: bytes) -> TargetAnswer | None:
    """None where the job goes on."""
    answer = json_of(body)
    try:
        if isinstance(answer["data"], dict):
            return None
        rows = [_record(row) for row in answer["data"]]
        summary = PageSummary.model_validate(answer["summary"], extra="ignore") if "summary" in answer else None
        return TargetAnswer(rows, summary, AskMeta.model_validate(answer["meta"]))
    except (KeyError, TypeError, ValidationError) as exc:
        raise UnavailableError(_INVALID) from exc


def _record(row: dict[str, Any]) -> Any:
    model = {one.__name__: one for one in (Product, SearchRow)}.get(row.get("record", ""))
    return model.model_validate(row, extra="ignore") if model else row
