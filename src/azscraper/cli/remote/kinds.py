"""``azscraper kinds``, and a command for each kind of page in the groups that take targets."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from azscraper.cli import show
from azscraper.cli.remote.connection import JsonOption, service

if TYPE_CHECKING:
    from azscraper.kinds.kind import Kind

_AUTO = "auto"
Make = Callable[["Kind[Any]"], Callable[..., None]]
"""A command's function for a kind."""


def commands_of_kinds(make: Make) -> type[TyperGroup]:
    """A group that has a command for each kind beside its own, and for targets of any kind. Kinds are loaded when a command of the group is asked for."""

    class KindCommands(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return [*_commands(make), *super().list_commands(ctx)]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            return super().get_command(ctx, cmd_name) or _commands(make).get(cmd_name)

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            """What may be a target and is no command begins the targets of ``auto``."""
            is_target = any(sign.isdigit() or sign == "/" for sign in args[0]) and not args[0].startswith("-")
            is_unknown = self.get_command(ctx, args[0]) is None
            if is_unknown:
                self.commands = {**_commands(make), **self.commands}  # of these one is proposed
            return super().resolve_command(ctx, [_AUTO, *args] if is_target and is_unknown else args)

    return KindCommands


@cache
def _commands(make: Make) -> dict[str, Any]:
    from azscraper.kinds.registry import types  # noqa: PLC0415 - a third of a second, which other commands need not wait for

    return {name: _command(name, make(kind)) for name, kind in types().items()}


def _command(name: str, function: Callable[..., None]) -> Any:
    app = typer.Typer(add_completion=False)
    app.command(name)(function)
    return typer.main.get_command(app)


def kinds(
    marketplace: Annotated[
        str | None,
        typer.Option("--marketplace", "-m", help="Say also what its robots.txt allows, as it was read last."),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List the kinds of pages that jobs can ask for."""
    with service() as client:
        found = client.kinds(marketplace=marketplace)
    columns: dict[str, Callable[[Any], object]] = {
        "type": lambda one: one.type,
        "about": lambda one: one.about,
        "targets": lambda one: one.targets,
        "credits": lambda one: one.credits,
    }
    if marketplace is not None:
        columns["robots.txt"] = lambda one: _ROBOTS[one.robots.allowed]
    show.listed(found, columns, empty="There are no kinds of pages", as_json=as_json)


_ROBOTS = {True: "allows it", False: "forbids it", None: "not read today"}
