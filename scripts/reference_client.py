"""The page of the Python client, made of its methods."""

import inspect
import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from azscraper.client import Job, models
from azscraper.client.account import Account
from azscraper.client.alerts import Alerts
from azscraper.client.colours import listing, operation
from azscraper.client.flows import Emit
from azscraper.client.following.history import History
from azscraper.client.following.keywords import Keywords
from azscraper.client.following.lists import Lists
from azscraper.client.projects import Projects
from azscraper.client.routes import Routes
from azscraper.client.rows import ProjectRows


def client_page() -> str:
    lines = ["# Python client", "", CLIENT_INTRO]
    for kind in dict.fromkeys((*reversed(Routes.__mro__), *reversed(Account.__mro__), *reversed(Job.__mro__))):
        methods = {name: one for name, one in vars(kind).items() if isinstance(one, operation | listing)}
        lines += ["", f"## {_TITLES[kind]}"] if methods else []
        for name, method in methods.items():
            lines += ["", f"### {name}", "", *_method(name, method)]
    lines += [
        "",
        "## What a job knows without asking",
        "",
        "`id`, `type`, `status`, `progress`, and `state` with all of it:",
        "",
    ]
    lines += ["| field | type |", "| --- | --- |"]
    lines += [
        f"| `{name}` | `{_annotation(field.annotation)}` |" for name, field in models.JobState.model_fields.items()
    ]
    return "\n".join(lines) + "\n"


_TITLES: dict[type, str] = {
    Projects: "Projects",
    ProjectRows: "The rows of a project",
    History: "The history of products and keywords",
    Keywords: "Keywords and lists of best sellers",
    Lists: "Lists",
    Alerts: "Alerts and channels",
    Routes: "The service",
    Account: "The account",
    Job: "A job",
}
CLIENT_INTRO = """\
`AzScraper(url, *, api_key=None, token=None, timeout_seconds=60.0)` and `AsyncAzScraper` with the same arguments. On the second every method is awaited, and what
gives an iterator is read by `async for`. [The Python client](../client.md) shows how they go together."""


def _method(name: str, method: Any) -> list[str]:
    function = method.function
    signature = inspect.signature(function)
    given = [p for p in signature.parameters.values() if p.name != "self"]
    shown = ", ".join(_parameters(given))
    what = _annotation(_result(signature.return_annotation))
    result = f"an iterator of `{what}`" if isinstance(method, listing) else f"`{what}`"
    return [f"`{name}({shown})` → {result}", "", inspect.cleandoc(function.__doc__ or "")]


def _parameters(given: list[inspect.Parameter]) -> Iterator[str]:
    starred = False
    for parameter in given:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        default = (
            ""
            if parameter.default is inspect.Parameter.empty or callable(parameter.default)
            else f"={parameter.default!r}"
        )
        yield ("**" if parameter.kind is inspect.Parameter.VAR_KEYWORD else "") + parameter.name + default


def _result(annotation: Any) -> Any:
    """What a flow ends with, or emits: T of Flow[T] and Items[T], which stand for generators."""
    if isinstance(annotation, str):
        return re.sub(r"^(Flow|Items)\[(.*)\]$", r"\2", annotation)
    steps, _, result = get_args(annotation)
    emitted = [get_args(step)[0] for step in get_args(steps) if get_origin(step) is Emit]
    return emitted[0] if emitted else result


def _annotation(annotation: Any) -> str:
    if get_origin(annotation) is Annotated:
        return _annotation(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return " | ".join(_annotation(part) for part in get_args(annotation))
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", None)
    if annotation in {None, type(None)}:
        return "None"
    if not isinstance(text, str) or getattr(annotation, "__args__", None):
        text = str(annotation)
    text = re.sub(r"(azscraper|datetime|typing|collections)\.([a-z_]+\.)*", "", text)
    return re.sub(r"\w+", lambda word: _PUBLIC.get(word[0], word[0]), text.replace("[C]", "").replace("models.", ""))


_PUBLIC = {model.__name__: name for name, model in vars(models).items() if isinstance(model, type) and model is not str}
"""The client's names of the models that the service writes."""
