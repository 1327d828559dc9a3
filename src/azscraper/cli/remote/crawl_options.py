"""Options of a kind of page as options of a command, made of the kind's own model: a new one is on the command line by itself."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer
from pydantic.alias_generators import to_snake

from azscraper.records.options import RESERVED, Options

_TYPES = {"integer": int, "number": float, "string": str}
_LETTERS = {"marketplace": "-m"}


def takes_options(options: type[Options]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give the command an option for each field of the model in place of its ``**config``, which gets their values."""
    fields = {key: part for key, part in options.model_json_schema()["properties"].items() if key not in RESERVED}
    own_first = sorted(fields, key=lambda key: to_snake(key) in Options.model_fields)
    added = [_parameter(to_snake(key), fields[key]) for key in own_first]

    def give(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command)
        kept = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
        command.__signature__ = signature.replace(parameters=[*kept, *added])  # type: ignore[attr-defined]
        command.__annotations__ = {one.name: one.annotation for one in [*kept, *added]}
        return command

    return give


def _parameter(name: str, part: dict[str, Any]) -> inspect.Parameter:
    values = next(one for one in part.get("anyOf", [part]) if one.get("type") != "null")
    flags = [f"--{name.replace('_', '-')}", *([_LETTERS[name]] if name in _LETTERS else [])]
    option = typer.Option(*flags, help=_help(part, values), min=values.get("minimum"), max=values.get("maximum"))
    annotation: Any = Annotated[_TYPES[values["type"]] | None, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _help(part: dict[str, Any], values: dict[str, Any]) -> str:
    said = " ".join(part["description"].split()).replace("``", "")
    return f"{said} One of {', '.join(values['enum'])}." if "enum" in values else said
