"""Projects over HTTP."""

from decimal import Decimal

from fastapi import APIRouter, Response

from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.web.deps import Caller, KeyCaller, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.once import OnceDep
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta
from azscraper.wire.projects import ProjectOut
from azscraper.wire.requests import NewProject, ProjectChange, ThresholdsChange

router = APIRouter(prefix="/projects", tags=["projects"], route_class=StrictJson)


@router.get("", operation_id="listProjects", responses=errors(400, 401), response_model_exclude_none=True)
async def list_projects(
    *, caller: KeyCaller, services: ServicesDep, archived: bool | None = None
) -> ListEnvelope[ProjectOut]:
    """The organization's projects, newest first; with a project's key, that project alone."""
    async with transaction(services.pool) as conn:
        found = await projects.find_all(conn, caller, archived=archived)
    return ListEnvelope(data=[ProjectOut.of(project) for project in found], meta=Meta(total=len(found)))


@router.post(
    "",
    status_code=201,
    operation_id="createProject",
    response_model=Envelope[ProjectOut],
    responses=errors(400, 401, 403, 409, 413),
)
async def create_project(body: NewProject, caller: Caller, services: ServicesDep, once: OnceDep) -> Response:
    """Create a project."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        project = await projects.create(conn, caller, body.name)
        return await once.answer(conn, Envelope(data=ProjectOut.of(project)))


@router.get("/{project_id}", operation_id="getProject", responses=errors(401, 404))
async def get_project(project_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[ProjectOut]:
    """One project."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, caller, project_id)
    return Envelope(data=ProjectOut.of(project))


@router.patch("/{project_id}", operation_id="changeProject", responses=errors(400, 401, 404, 409, 413))
async def change_project(
    project_id: str, body: ProjectChange, caller: KeyCaller, services: ServicesDep
) -> Envelope[ProjectOut]:
    """Rename, archive or reopen a project; set how large a product's change must be to notify its webhooks, and the names it sells under."""
    wanted = body.change_thresholds or ThresholdsChange()
    async with transaction(services.pool) as conn:
        project = await projects.change(
            conn,
            caller,
            project_id,
            name=body.name,
            archived=body.archived,
            price_change_percent=_decimal_of(wanted.price_percent),
            rating_change=_decimal_of(wanted.rating),
            own_sellers=body.own_sellers,
        )
    return Envelope(data=ProjectOut.of(project))


def _decimal_of(value: float | None) -> Decimal | None:
    """The decimal that the JSON number was written as."""
    return None if value is None else Decimal(str(value))
