"""One target, answered in the response."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ValidationError

from azscraper.errors import Detail, ForbiddenError, InvalidInputError
from azscraper.kinds.auto import AUTO
from azscraper.kinds.kind import Kind
from azscraper.kinds.registry import find_kind
from azscraper.tenants.principal import Principal
from azscraper.web import asking, query_options
from azscraper.web.asking import Call, View
from azscraper.web.deps import KeyCaller, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.once import OnceDep
from azscraper.web.selecting import FieldsText, Include, WhereText
from azscraper.web.warnings import given, reads_query
from azscraper.wire.crawls import NewAsk
from azscraper.wire.envelopes import Envelope
from azscraper.wire.jobs import Asked, JobOut
from azscraper.wire.requests import in_words
from azscraper.words import JobType

router = APIRouter(tags=["jobs"], route_class=StrictJson)

_ANSWERS = errors(400, 401, 402, 403, 404, 409, 413, 422, 502, 503) | {
    202: {
        "model": Envelope[JobOut],
        "description": "It takes longer than waitSeconds: the job goes on. With Retry-After so many requests wait already that this"
        " one did not: send it again after so many seconds, with the same Idempotency-Key",
    }
}
_OF_THE_ADDRESS = "; if it is a part of the address, encode the address: %26 for &"
_RESERVED = frozenset({"target", "url", "waitSeconds", "fields", "where", "include"})
_OPTIONS = {
    "parameters": [
        {
            "name": "options",
            "in": "query",
            "description": "Each option of the type as a parameter of its own, such as marketplace=de&maxAge=3600: lists with"
            " commas between, the keys of objects with dots between",
            "style": "form",
            "explode": True,
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        }
    ]
}


async def _view(fields: FieldsText = None, where: WhereText = None, include: Include = None) -> View:
    return View(fields, where, include == "meta")


ViewDep = Annotated[View, Depends(_view)]
_WaitSeconds = Annotated[int, Query(alias="waitSeconds", ge=0, le=120)]
_Target = Annotated[str, Query(min_length=1, max_length=2048)]


@router.post("/projects/{project_id}/ask", operation_id="ask", response_model=Asked, responses=_ANSWERS)
async def ask(
    *,
    request: Request,
    project_id: str,
    body: NewAsk,
    caller: KeyCaller,
    services: ServicesDep,
    once: OnceDep,
    view: ViewDep,
) -> Response:
    """Fetch one target now, and answer with its rows.

    It is a job of one target, with the same quotas, credits, pace and history: X-Job-Id names it. What is not there within
    waitSeconds is 202 with the job, which goes on; the same request with the same Idempotency-Key waits for it again. A target
    that failed is an error: NOT_FOUND 404, TARGET_REFUSED 422 (robots.txt, sign-in), TARGET_FAILED 502, and UNAVAILABLE 503
    where the marketplace answered with robot checks; details says why.
    """
    if unknown := given(request):  # the row of another marketplace than was meant is worse than none
        raise InvalidInputError(f"{unknown[0].field}: {unknown[0].message}", unknown)
    return await asking.answered(Call(request, services, caller, once, project_id), body, view)


@router.get("/ask/{type}", operation_id="askByQuery", response_model=Asked, responses=_ANSWERS, openapi_extra=_OPTIONS)
@reads_query
async def ask_by_query(
    *,
    request: Request,
    type: JobType | str,  # noqa: A002 - the parameter's name on the wire
    target: _Target,
    wait_seconds: _WaitSeconds = 30,
    caller: KeyCaller,
    services: ServicesDep,
    once: OnceDep,
    view: ViewDep,
) -> Response:
    """Fetch one target now with a project's API key: POST /projects/{projectId}/ask as a query.

    Every option of the type is a parameter. An Idempotency-Key holds here too.
    """
    asked = Call(request, services, caller, once, _project_of(caller))
    with query_options.named_as_parameters():
        body = _body(type, target, _config(request, find_kind(type)), wait_seconds)
        return await asking.answered(asked, body, view)


@router.get("/ask", operation_id="askByAddress", response_model=Asked, responses=_ANSWERS, openapi_extra=_OPTIONS)
@reads_query
async def ask_by_address(
    *,
    request: Request,
    url: _Target,
    wait_seconds: _WaitSeconds = 30,
    caller: KeyCaller,
    services: ServicesDep,
    once: OnceDep,
    view: ViewDep,
) -> Response:
    """Fetch any page of Amazon now with a project's API key: the address says which kind of page it is.

    A short link is followed. The options are those of the kind; a parameter of the address wins over the same option.
    """
    asked = Call(request, services, caller, once, _project_of(caller))
    with query_options.named_as_parameters(target="url"):
        body = _body(AUTO, url, _config(request, asking.kind_of(url), otherwise=_OF_THE_ADDRESS), wait_seconds)
        return await asking.answered(asked, body, view)


def _config(request: Request, kind: Kind[Any], *, otherwise: str = "") -> dict[str, Any]:
    sent = [item for item in request.query_params.multi_items() if item[0] not in _RESERVED]
    return query_options.config_of(sent, kind.options, otherwise=otherwise)


def _project_of(caller: Principal) -> str:
    if caller.project_id is None:
        raise ForbiddenError("Send a project's API key; with a log-in, use POST /projects/{projectId}/ask")
    return caller.project_id


def _body(type_: str, target: str, config: dict[str, Any], wait_seconds: int) -> NewAsk:
    """Raises InvalidInputError."""
    try:
        return NewAsk.model_validate({"type": type_, "target": target, "config": config, "waitSeconds": wait_seconds})
    except ValidationError as exc:
        found = exc.errors(include_input=False, include_url=False)
        details = [Detail(".".join(map(str, one["loc"])), in_words(one)) for one in found]
        raise InvalidInputError(f"{details[0].field}: {details[0].message}", details) from exc
