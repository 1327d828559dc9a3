"""Projects: what an organization groups its jobs by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from azscraper import audit
from azscraper.audit import Action
from azscraper.db import Conn, fetch_all, fetch_one
from azscraper.errors import ConflictError, NotFoundError
from azscraper.ids import new_id, require_id
from azscraper.principal import Principal


@dataclass(frozen=True, slots=True)
class Project:
    """A project; an archived one refuses new jobs."""

    id: str
    organization_id: str
    name: str
    archived: bool
    created_at: datetime
    updated_at: datetime


async def create(conn: Conn, principal: Principal, name: str) -> Project:
    """A new project."""
    project = await fetch_one(
        conn,
        Project,
        """INSERT INTO projects (id, organization_id, name) VALUES (%s, %s, %s)
           RETURNING id, organization_id, name, archived, created_at, updated_at""",
        [new_id(), principal.organization_id, name],
    )
    assert project is not None  # noqa: S101 - RETURNING gives the row
    await audit.record(conn, principal, Action.PROJECT_CREATED, project.id, details={"after": {"name": name}})
    return project


async def find_all(conn: Conn, principal: Principal, *, archived: bool | None = None) -> list[Project]:
    """The projects that the principal reaches, newest first; all of them, or only the archived or the open ones."""
    return await fetch_all(
        conn,
        Project,
        """SELECT id, organization_id, name, archived, created_at, updated_at FROM projects
           WHERE organization_id = %(organization_id)s AND id = coalesce(%(project_id)s, id)
             AND (%(archived)s::boolean IS NULL OR archived = %(archived)s) ORDER BY id DESC""",
        {
            "organization_id": principal.organization_id,
            "project_id": principal.project_id,
            "archived": archived,
        },
    )


async def get(conn: Conn, principal: Principal, project_id: str) -> Project:
    """The project. Raises NotFoundError when the principal reaches none of that id."""
    return await _get(conn, principal, project_id, lock="")


async def _get(conn: Conn, principal: Principal, project_id: str, *, lock: Literal["", "FOR UPDATE"]) -> Project:
    require_id(project_id, "Project")
    project = await fetch_one(
        conn,
        Project,
        f"""SELECT id, organization_id, name, archived, created_at, updated_at FROM projects
            WHERE organization_id = %s AND id = %s AND id = coalesce(%s, id) {lock}""",
        [principal.organization_id, project_id, principal.project_id],
    )
    if project is None:
        raise NotFoundError("Project not found")
    return project


async def change(
    conn: Conn, principal: Principal, project_id: str, *, name: str | None, archived: bool | None
) -> Project:
    """Rename, archive, reopen; None leaves a value as it is. Raises NotFoundError."""
    before = await _get(conn, principal, project_id, lock="FOR UPDATE")
    after = await fetch_one(
        conn,
        Project,
        """UPDATE projects SET name = coalesce(%s, name), archived = coalesce(%s, archived), updated_at = now()
           WHERE organization_id = %s AND id = %s
           RETURNING id, organization_id, name, archived, created_at, updated_at""",
        [name, archived, principal.organization_id, project_id],
    )
    assert after is not None  # noqa: S101 - it is locked
    await audit.record(conn, principal, Action.PROJECT_CHANGED, project_id, details=_changes(before, after))
    return after


def _changes(before: Project, after: Project) -> dict[str, object]:
    return audit.changes(*({"name": each.name, "archived": each.archived} for each in (before, after)))


async def require_open(conn: Conn, principal: Principal, project_id: str) -> Project:
    """The project, if it takes new jobs. Raises NotFoundError, and ConflictError when it is archived."""
    project = await get(conn, principal, project_id)
    if project.archived:
        raise ConflictError("The project is archived; reopen it to post jobs")
    return project
