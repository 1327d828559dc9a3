"""The texts under a model's fields, read from its source where a schema is asked for.

Pydantic would read them for each class when a command or a script starts (``use_attribute_docstrings``): a fifth of that start.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Described(BaseModel):
    """A model whose schema says what its fields mean."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """With the text under each field."""
        published = handler(schema)
        properties: dict[str, Any] = handler.resolve_ref_schema(published).get("properties", {})
        for name, text in field_texts(cls).items():
            properties[cls.model_fields[name].alias or name].setdefault("description", text)
        return published


def field_texts(model: type[BaseModel]) -> dict[str, str]:
    """By the name of the field; none where the package came without its source."""
    texts: dict[str, str] = {}
    for each in reversed(model.mro()):
        if each is not Described and issubclass(each, Described):
            texts |= texts_of_classes(each.__module__).get(each.__qualname__, {})
    return {name: text for name, text in texts.items() if name in model.model_fields}


@cache
def texts_of_classes(module: str) -> dict[str, dict[str, str]]:
    """Of each class of a module, by its qualified name: a module is parsed once, where ``inspect`` parses it for each class."""
    try:
        source = inspect.getsource(sys.modules[module])
    except (OSError, TypeError):
        return {}
    return dict(_classes(ast.parse(source), ""))


def _classes(within: ast.AST, prefix: str) -> Iterator[tuple[str, dict[str, str]]]:
    for node in ast.iter_child_nodes(within):
        match node:
            case ast.ClassDef(name=name):
                yield prefix + name, _own_texts(node)
                yield from _classes(node, f"{prefix}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _classes(node, f"{prefix}{name}.<locals>.")
            case ast.stmt():
                yield from _classes(node, prefix)


def _own_texts(written: ast.ClassDef) -> dict[str, str]:
    texts: dict[str, str] = {}
    for field, text in pairwise(written.body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                texts[name] = inspect.cleandoc(said)
    return texts
