"""Projects: what an organization groups its jobs by."""

from dataclasses import dataclass
from datetime import datetime

from azscraper.db import Conn, fetch_all, fetch_one
from azscraper.errors import ConflictError, NotFoundError
from azscraper.ids import new_id, require_id


@dataclass(frozen=True, slots=True)
class Project:
    """A project; an archived one refuses new jobs."""

    id: str
    organization_id: str
    name: str
    archived: bool
    created_at: datetime
    updated_at: datetime


async def create(conn: Conn, organization_id: str, name: str) -> Project:
    """A new project."""
    project = await fetch_one(
        conn,
        Project,
        """INSERT INTO projects (id, organization_id, name) VALUES (%s, %s, %s)
           RETURNING id, organization_id, name, archived, created_at, updated_at""",
        [new_id(), organization_id, name],
    )
    assert project is not None  # noqa: S101 - RETURNING gives the row
    return project


async def find_all(conn: Conn, organization_id: str, *, archived: bool | None = None) -> list[Project]:
    """The organization's projects, newest first; all of them, or only the archived or the open ones."""
    return await fetch_all(
        conn,
        Project,
        """SELECT id, organization_id, name, archived, created_at, updated_at FROM projects
           WHERE organization_id = %(organization_id)s
             AND (%(archived)s::boolean IS NULL OR archived = %(archived)s) ORDER BY id DESC""",
        {"organization_id": organization_id, "archived": archived},
    )


async def get(conn: Conn, organization_id: str, project_id: str) -> Project:
    """The project. Raises NotFoundError when the organization has none of that id."""
    require_id(project_id, "Project")
    project = await fetch_one(
        conn,
        Project,
        """SELECT id, organization_id, name, archived, created_at, updated_at FROM projects
           WHERE organization_id = %s AND id = %s""",
        [organization_id, project_id],
    )
    if project is None:
        raise NotFoundError("Project not found")
    return project


async def change(
    conn: Conn, organization_id: str, project_id: str, *, name: str | None, archived: bool | None
) -> Project:
    """Rename, archive, reopen; None leaves a value as it is. Raises NotFoundError."""
    require_id(project_id, "Project")
    project = await fetch_one(
        conn,
        Project,
        """UPDATE projects SET name = coalesce(%(name)s, name), archived = coalesce(%(archived)s, archived),
               updated_at = now()
           WHERE organization_id = %(organization_id)s AND id = %(id)s
           RETURNING id, organization_id, name, archived, created_at, updated_at""",
        {"organization_id": organization_id, "id": project_id, "name": name, "archived": archived},
    )
    if project is None:
        raise NotFoundError("Project not found")
    return project


async def require_open(conn: Conn, organization_id: str, project_id: str) -> Project:
    """The project, if it takes new jobs. Raises NotFoundError, and ConflictError when it is archived."""
    project = await get(conn, organization_id, project_id)
    if project.archived:
        raise ConflictError("The project is archived; reopen it to post jobs")
    return project
