"""The routes of projects, written once for both colours."""

from azscraper.client import models
from azscraper.client.calls import Call, body_of, data, given, items
from azscraper.client.colours import C, Coloured, operation
from azscraper.client.flows import Flow, answered
from azscraper.client.models import Project
from azscraper.errors import InvalidInputError, NotFoundError
from azscraper.ids import is_id

_DEFAULT_PROJECT = "Default"


class Projects(Coloured[C]):
    """What holds jobs. A project is named by its id or name; without one it is the only one that is not archived."""

    @operation
    def projects(self, *, archived: bool | None = None) -> Flow[list[Project]]:
        """The organization's projects, newest first."""
        return answered(Call("GET", "/projects", items(Project), given(archived=_flag(archived))))

    @operation
    def project(self, project: str | None = None) -> Flow[Project]:
        """A project by its id or name."""
        project_id = yield from self._project_id(project)
        return (yield from answered(Call("GET", f"/projects/{project_id}", data(Project))))

    @operation
    def create_project(self, name: str) -> Flow[Project]:
        """A new project."""
        return answered(Call("POST", "/projects", data(Project), body={"name": name}, once=True))

    @operation
    def change_project(
        self,
        project: str,
        *,
        name: str | None = None,
        archived: bool | None = None,
        change_thresholds: models.ChangeThresholds | None = None,
        own_sellers: list[str] | None = None,
    ) -> Flow[Project]:
        """Rename, archive or reopen; set from where on ``product.changed`` is told, and under which names the project sells."""
        project_id = yield from self._project_id(project)
        thresholds = change_thresholds.model_dump(by_alias=True) if change_thresholds else None
        body = body_of(name=name, archived=archived, changeThresholds=thresholds, ownSellers=own_sellers)
        return (yield from answered(Call("PATCH", f"/projects/{project_id}", data(Project), body=body)))

    def _project_id(self, project: str | None, *, make: bool = False) -> Flow[str]:
        """Of an id or a name. Raises NotFoundError, and InvalidInputError where none was named and there are several."""
        if project is not None and is_id(project):
            return project
        found = yield from answered(Call("GET", "/projects", items(Project)))
        if project is not None:
            named = [one.id for one in found if one.name == project]
            if len(named) != 1:
                raise NotFoundError(f"{len(named) or 'no'} projects are named {project!r}; name one by its id")
            return named[0]
        found = [one for one in found if not one.archived]
        if not found and make:
            call = Call("POST", "/projects", data(Project), body={"name": _DEFAULT_PROJECT}, once=True)
            found = [(yield from answered(call))]
        if len(found) != 1:
            names = ", ".join(repr(one.name) for one in found)
            raise InvalidInputError(f"Name a project, there are {len(found) or 'none'}{f': {names}' if names else ''}")
        return found[0].id


def _flag(value: bool | None) -> str | None:  # noqa: FBT001 - a value, not a switch
    return None if value is None else str(value).lower()
