"""Projects: what an organization groups its jobs by."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, LiteralString

from azscraper.errors import ConflictError
from azscraper.ids import new_id, require_id
from azscraper.store.db import Conn, columns_of, count_rows, fetch_all, fetch_existing, fetch_one
from azscraper.store.sent import Later, send
from azscraper.tenants import audit
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal

MOST_OPEN = 100
MOST_WITH_ARCHIVED = 1000
"""Of one organization: none is ever deleted."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a project is told of a change."""

    price_percent: Decimal = Decimal(1)
    rating: Decimal = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Project:
    """A project; an archived one refuses new jobs, lists, alerts and whatever else would begin something."""

    id: str
    organization_id: str
    name: str
    archived: bool
    price_change_percent: Decimal
    """From how many percent on a change of price is told to webhooks; 0 is any."""
    rating_change: Decimal
    """The same of a rating, in stars."""
    created_at: datetime
    updated_at: datetime
    is_demo: bool = False
    """Whether it came with the built-in marketplace."""
    own_sellers: list[str] = field(default_factory=list)
    """Under which names it sells: whose buy boxes are its own."""

    @property
    def change_thresholds(self) -> Thresholds:
        """From where on a change is told."""
        return Thresholds(self.price_change_percent, self.rating_change)


_COLUMNS = columns_of(Project)
_OF_ID: LiteralString = (
    f"SELECT {_COLUMNS} FROM projects WHERE organization_id = %s AND id = %s AND id = coalesce(%s, id)"
)


async def create(conn: Conn, principal: Principal, name: str) -> Project:
    """A new project. Raises ConflictError when the organization has 100 that are open, or 1,000 in all."""
    await _require_room(conn, principal)
    sql: LiteralString = "SELECT count(*) FROM projects WHERE organization_id = %s"
    if await count_rows(conn, sql, [principal.organization_id]) >= MOST_WITH_ARCHIVED:
        raise ConflictError(f"An organization has at most {MOST_WITH_ARCHIVED} projects, archived ones included")
    project = await fetch_existing(
        conn,
        Project,
        f"INSERT INTO projects (id, organization_id, name) VALUES (%s, %s, %s) RETURNING {_COLUMNS}",
        [new_id(), principal.organization_id, name],
    )
    await audit.note(conn, principal, Action.PROJECT_CREATED, project.id, details={"after": {"name": name}})
    return project


async def _require_room(conn: Conn, principal: Principal) -> None:
    """Raises ConflictError when the organization may not have another open project; one that asks meanwhile waits."""
    sql: LiteralString = "SELECT 1 FROM organizations WHERE id = %s FOR NO KEY UPDATE"
    await conn.execute(sql, [principal.organization_id])
    sql = "SELECT count(*) FROM projects WHERE organization_id = %s AND NOT archived"
    if await count_rows(conn, sql, [principal.organization_id]) >= MOST_OPEN:
        raise ConflictError(
            f"An organization has at most {MOST_OPEN} open projects; archive one that you no longer need"
        )


async def find_all(conn: Conn, principal: Principal, *, archived: bool | None = None) -> list[Project]:
    """The projects that the principal reaches, newest first; all of them, or only the archived or the open ones."""
    return await fetch_all(
        conn,
        Project,
        f"""SELECT {_COLUMNS} FROM projects
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


async def lock(conn: Conn, principal: Principal, project_id: str) -> Project:
    """The same, its row locked: whoever counts the project's things before adding one waits for the caller's commit."""
    return await _get(conn, principal, project_id, lock="FOR NO KEY UPDATE")


async def _get(
    conn: Conn, principal: Principal, project_id: str, *, lock: Literal["", "FOR UPDATE", "FOR NO KEY UPDATE"]
) -> Project:
    require_id(project_id, "Project")
    sent = await send(conn, Project, f"{_OF_ID} {lock}", [principal.organization_id, project_id, principal.project_id])
    return await sent.found("Project")


async def change(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    name: str | None = None,
    archived: bool | None = None,
    price_change_percent: Decimal | None = None,
    rating_change: Decimal | None = None,
    own_sellers: Sequence[str] | None = None,
) -> Project:
    """Rename, archive, reopen, set the thresholds of ``product.changed`` and the names it sells under; None leaves a value.

    Raises NotFoundError, and ConflictError when there are too many open projects to reopen one.
    """
    before = await _get(conn, principal, project_id, lock="FOR UPDATE")
    if before.archived and archived is False:
        await _require_room(conn, principal)
    after = await fetch_existing(
        conn,
        Project,
        f"""UPDATE projects SET name = coalesce(%s, name), archived = coalesce(%s, archived),
                price_change_percent = coalesce(%s, price_change_percent),
                rating_change = coalesce(%s, rating_change), own_sellers = coalesce(%s, own_sellers), updated_at = now()
            WHERE organization_id = %s AND id = %s RETURNING {_COLUMNS}""",
        [
            name,
            archived,
            price_change_percent,
            rating_change,
            None
            if own_sellers is None
            else list(dict.fromkeys(stripped for each in own_sellers if (stripped := each.strip()))),
            principal.organization_id,
            project_id,
        ],
    )
    details = audit.changes(_facts(before), _facts(after))
    await audit.note(conn, principal, Action.PROJECT_CHANGED, project_id, details=details)
    return after


def _facts(project: Project) -> dict[str, object]:
    return {
        "name": project.name,
        "archived": project.archived,
        "pricePercent": float(project.price_change_percent),
        "rating": float(project.rating_change),
        "ownSellers": project.own_sellers,
    }


async def thresholds(conn: Conn, project_id: str) -> Thresholds:
    """From where on the project is told of a product's change. The caller knows that there is such a project."""
    found = await fetch_one(
        conn,
        Thresholds,
        "SELECT price_change_percent AS price_percent, rating_change AS rating FROM projects WHERE id = %s",
        [project_id],
    )
    return found or Thresholds()


async def require_open(conn: Conn, principal: Principal, project_id: str) -> Project:
    """The project, if it takes anything new. Raises NotFoundError, and ConflictError when it is archived."""
    return await (await ask_whether_open(conn, principal, project_id))()


async def ask_whether_open(conn: Conn, principal: Principal, project_id: str) -> Later[Project]:
    """As ``require_open``, for who sends more before the answer is needed."""
    require_id(project_id, "Project")
    sent = await send(conn, Project, _OF_ID, [principal.organization_id, project_id, principal.project_id])

    async def opened() -> Project:
        return _open(await sent.found("Project"))

    return opened


async def lock_open(conn: Conn, principal: Principal, project_id: str) -> Project:
    """The same, its row locked as by ``lock``."""
    return _open(await lock(conn, principal, project_id))


def _open(project: Project) -> Project:
    if project.archived:
        raise ConflictError("The project is archived; reopen it first")
    return project
