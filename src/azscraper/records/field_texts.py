"""The texts under a model's fields, read from its source where a schema is asked for.

Pydantic would read them for each class when a command or a script starts (``use_attribute_docstrings``): a fifth of that start.
"""

import ast
import inspect
from contextlib import suppress
from itertools import pairwise
from textwrap import dedent
from typing import Any, cast

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
            with suppress(OSError):
                texts |= _own_texts(inspect.getsource(each))
    return {name: text for name, text in texts.items() if name in model.model_fields}


def _own_texts(source: str) -> dict[str, str]:
    (written,) = ast.parse(dedent(source)).body
    texts: dict[str, str] = {}
    for field, text in pairwise(cast("ast.ClassDef", written).body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                texts[name] = inspect.cleandoc(said)
    return texts
