"""What a request had in it that has no effect: said as ``meta.warnings`` beside ``data``, which stays as it is.

Routes of the published contract ignore query parameters that they do not know, and say so; all other routes refuse them.
Keys of a body that its route does not know are ignored, and said.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, TypeVar, get_args, get_origin

import orjson
from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs import options
from azscraper.kinds.auto import AUTO
from azscraper.records.options import nearest
from azscraper.wire.base import Wire

_Handler = Callable[[Request], Awaitable[Response]]

_PUBLISHED = frozenset(
    {
        "GET /health",
        "GET /projects",
        "POST /projects",
        "PATCH /projects/{project_id}",
        "POST /projects/{project_id}/jobs",
        "GET /projects/{project_id}/jobs",
        "GET /jobs/{job_id}",
        "GET /jobs/{job_id}/results",
        "GET /jobs/{job_id}/export",
        "POST /jobs/{job_id}/retry",
        "POST /jobs/{job_id}/cancel",
        "POST /projects/{project_id}/schedules",
        "GET /projects/{project_id}/schedules",
        "PATCH /schedules/{schedule_id}",
        "GET /usage",
        "GET /audit",
    }
)
_MOST_KEYS = 20
"""What is meant by one is looked for among all names: whoever sends a million is told of these."""
_LONGEST_KEY = 100
_QUERY_IS_ITS_OWN = "query_is_its_own"
_PUBLISHED_BELOW = ("/auth/", "/referral/", "/admin/")


Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def reads_query(endpoint: Endpoint) -> Endpoint:
    """Mark an endpoint that looks at all parameters of the query itself."""
    setattr(endpoint, _QUERY_IS_ITS_OWN, True)
    return endpoint


def warn(request: Request, found: Iterable[Detail]) -> None:
    """Have the answer to this request say so, if it is one in the envelope."""
    request.state.warnings = [*given(request), *found]


def given(request: Request) -> list[Detail]:
    """What was warned of so far."""
    return getattr(request.state, "warnings", [])


def as_json(found: Iterable[Detail]) -> list[dict[str, str]]:
    """The value of ``meta.warnings``."""
    return [{"field": detail.field, "message": detail.message} for detail in found]


def warned(handler: _Handler, route: APIRoute) -> _Handler:
    """The handler behind a look at the query, with what was warned of in its answer.

    It raises InvalidInputError for a query parameter that the route does not take, or that is there twice, unless the contract was
    published without such a rule.
    """
    looks = not hasattr(route.endpoint, _QUERY_IS_ITS_OWN)
    known = _query_parameters(route.dependant)
    published = _is_published(route)

    async def handle(request: Request) -> Response:
        counts = Counter(name for name, _ in request.query_params.multi_items())
        found = [_unknown(name, known) for name in counts if looks and name not in known]
        found += [
            _repeated(name, published=published) for name in counts if counts[name] > 1 and not known.get(name, True)
        ]
        if found and not published:
            raise InvalidInputError(f"{found[0].field}: {found[0].message}", found)
        warn(request, found)
        return _said(await handler(request), given(request))

    return handle


def unknown_keys(body: object, route: APIRoute) -> list[Detail]:
    """A warning for each of the first ``_MOST_KEYS`` keys of this body that its route does not know, and of the objects in it.

    Lists and ``config`` are not looked into: whoever reads those says what has no effect in them.
    """
    model = route.body_field.field_info.annotation if route.body_field else None
    return list(islice(_unknown_keys(body, model, ""), _MOST_KEYS))


def _unknown_keys(body: object, model: object, above: str) -> Iterator[Detail]:
    if not (isinstance(body, dict) and isinstance(model, type) and issubclass(model, Wire)):
        return
    known = _fields(model)
    for key, value in body.items():
        if key in known:
            yield from _unknown_keys(value, known[key], f"{above}{key}.")
        else:
            shown = key[:_LONGEST_KEY]
            yield Detail(f"{above}{shown}", f"is not a field of this body{_meant(shown, known)}")


@cache
def _fields(model: type[Wire]) -> dict[str, Any]:
    """By name and by alias: the model of the object that the field holds, else its type."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        held = [one for one in (field.annotation, *get_args(field.annotation)) if isinstance(one, type)]
        found[name] = found[field.alias or name] = next((one for one in held if issubclass(one, Wire)), None)
    return found


def _meant(key: str, known: Iterable[str]) -> str:
    meant = options.known(AUTO, key) if "config" in known else None
    return f"; did you mean 'config.{meant}'?" if meant else nearest(key, known)


def _query_parameters(dependant: Dependant) -> dict[str, bool]:
    """By name: whether it may be there several times."""
    found = {one.alias: get_origin(one.field_info.annotation) is list for one in dependant.query_params}
    for each in dependant.dependencies:
        found |= _query_parameters(each)
    return found


def _is_published(route: APIRoute) -> bool:
    path = route.path
    return path.startswith(_PUBLISHED_BELOW) or any(f"{method} {path}" in _PUBLISHED for method in route.methods or ())


def _unknown(name: str, known: Iterable[str]) -> Detail:
    return Detail(name[:100], f"is not a parameter of this route{nearest(name, known)}")


def _repeated(name: str, *, published: bool) -> Detail:
    return Detail(name, "is there twice; the last one counts" if published else "is there twice")


def _said(response: Response, found: list[Detail]) -> Response:
    """The answer with the warnings; streams and files put them in themselves or go without."""
    body = getattr(response, "body", None)  # a stream has none
    if not found or response.media_type != "application/json" or not isinstance(body, bytes):
        return response
    content = orjson.loads(body)
    if not isinstance(content, dict) or "data" not in content:
        return response
    content["meta"] = {**(content.get("meta") or {}), "warnings": as_json(found)}
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(orjson.dumps(content), response.status_code, headers, background=response.background)
