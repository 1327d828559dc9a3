"""Options of a kind of page as options of a command, made of the kind's own model: a new one is on the command line by itself."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from azscraper.records.options import Option, Options, described

_TYPES: dict[str, Any] = {"integer": int, "number": float, "string": str, "boolean": bool, "list": list[str]}
_LETTERS = {"marketplace": "-m"}


def takes_options(options: type[Options]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give the command an option for each field of the model in place of its ``**config``, which gets their values."""
    added = [_parameter(option) for option in described(options)]

    def give(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command)
        kept = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
        command.__signature__ = signature.replace(parameters=[*kept, *added])  # type: ignore[attr-defined]
        command.__annotations__ = {one.name: one.annotation for one in [*kept, *added]}
        return command

    return give


def _parameter(option: Option) -> inspect.Parameter:
    flags = [f"--{option.name.replace('_', '-')}", *([_LETTERS[option.name]] if option.name in _LETTERS else [])]
    chosen = f" One of {', '.join(option.only)}." if option.only else ""
    again = " Can be repeated." if option.type == "list" else ""
    shown = typer.Option(*flags, help=option.description + chosen + again, min=option.least, max=option.most)
    annotation: Any = Annotated[_TYPES[option.type] | None, shown]
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
