"""Records of values that were checked before the program ran: their readers' own, whose calls mypy reads."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from azscraper.records.parts import Record

_P = ParamSpec("_P")
_R = TypeVar("_R", bound=Record)
_set = object.__setattr__


def unchecked(record: Callable[_P, _R]) -> Callable[_P, _R]:
    """What makes records of a class as calling the class does, without a look at each value as they are made.

    That look is half of what a record costs, and a page has a hundred records. A test looks at them instead. Values are
    named as the fields are, and each is of the field's very type: nothing is converted.
    """
    made_of = cast("type[_R]", record)
    new, defaults = made_of.__new__, {name: one.default for name, one in made_of.model_fields.items()}
    every = set(made_of.model_fields)

    def made(**values: Any) -> _R:
        one = new(made_of)
        _set(one, "__dict__", defaults | values)
        _set(one, "__pydantic_fields_set__", every)
        _set(one, "__pydantic_extra__", None)
        _set(one, "__pydantic_private__", None)
        return one

    return cast("Callable[_P, _R]", made)
