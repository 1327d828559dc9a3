"""``azscraper projects`` and ``azscraper keys``."""

from typing import Annotated

import typer

from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, ProjectOption, service
from azscraper.client.models import ApiKey, Project
from azscraper.errors import NotFoundError

app = typer.Typer(help="List and change projects.")
keys_app = typer.Typer(help="List and change a project's API keys.")

ProjectArgument = Annotated[str, typer.Argument(help="The project's id or name.")]
KeyArgument = Annotated[str, typer.Argument(help="The key's id.")]


@app.callback(invoke_without_command=True)
def projects(
    context: typer.Context,
    *,
    archived: Annotated[bool, typer.Option(help="The archived projects instead of the open ones.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the projects, newest first."""
    if context.invoked_subcommand is not None:
        return
    with service() as client:
        found = client.projects(archived=archived)
    columns = {"project": lambda one: one.id, "name": lambda one: one.name, "created": lambda one: one.created_at}
    show.listed(
        found, columns, empty="There are no such projects; azscraper projects create NAME makes one", as_json=as_json
    )


@app.command()
def create(name: Annotated[str, typer.Argument(help="Its name.")], *, as_json: JsonOption = False) -> None:
    """Create a project."""
    with service() as client:
        _told(client.create_project(name), "made", as_json=as_json)


@app.command()
def rename(
    project: ProjectArgument,
    name: Annotated[str, typer.Argument(help="Its new name.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Rename a project."""
    with service() as client:
        _told(client.change_project(project, name=name), "renamed", as_json=as_json)


@app.command()
def archive(project: ProjectArgument, *, as_json: JsonOption = False) -> None:
    """Close a project for new jobs, and pause its schedules."""
    with service() as client:
        _told(client.change_project(project, archived=True), "archived", as_json=as_json)


@app.command()
def reopen(project: ProjectArgument, *, as_json: JsonOption = False) -> None:
    """Reopen an archived project."""
    with service() as client:
        _told(client.change_project(project, archived=False), "reopened", as_json=as_json)


def _told(project: Project, what: str, *, as_json: bool) -> None:
    if as_json:
        show.json(project)
    else:
        typer.echo(project.id)
        show.note(f"{what}: {project.name}")


@keys_app.callback(invoke_without_command=True)
def keys(context: typer.Context, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """List a project's API keys."""
    if context.invoked_subcommand is not None:
        return
    with service() as client:
        found = client.api_keys(project)
    columns = {
        "key": lambda one: one.id,
        "name": lambda one: one.name,
        "ends in": lambda one: one.key_hint,
        "disabled": lambda one: one.disabled,
        "last used": lambda one: one.last_used_at,
    }
    show.listed(found, columns, empty="There are no keys; azscraper keys create NAME makes one", as_json=as_json)


@keys_app.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    *,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a key that reaches one project alone. It is shown only now."""
    with service() as client:
        made = client.create_api_key(name, project=project)
    if as_json:
        show.json(made)
    else:
        typer.echo(made.key)
        show.note("keep it: it is not shown again. Commands read it from AZSCRAPER_API_KEY")


@keys_app.command("delete")
def delete_key(key_id: KeyArgument, *, project: ProjectOption = None) -> None:
    """Delete a key."""
    with service() as client:
        client.delete_api_key(_found(client.api_keys(project), key_id))
    show.note("deleted")


@keys_app.command("disable")
def disable_key(key_id: KeyArgument, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Disable a key until you enable it again."""
    _switch(key_id, project, disabled=True, as_json=as_json)


@keys_app.command("enable")
def enable_key(key_id: KeyArgument, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Enable a key again."""
    _switch(key_id, project, disabled=False, as_json=as_json)


def _switch(key_id: str, project: str | None, *, disabled: bool, as_json: bool) -> None:
    with service() as client:
        changed = client.change_api_key(_found(client.api_keys(project), key_id), disabled=disabled)
    if as_json:
        show.json(changed)
    else:
        show.note("disabled" if disabled else "enabled")


def _found(keys: list[ApiKey], key_id: str) -> ApiKey:
    for key in keys:
        if key.id == key_id:
            return key
    raise NotFoundError(f"The project has no key {key_id}; azscraper keys lists them")
