"""Sync and async from one text: a method is written as a flow, and bound to a plain or an awaitable callable.

``Routes`` and ``Job`` carry their colour as a type argument: on ``AzScraper`` a method returns its value, on
``AsyncAzScraper`` the same method returns it when awaited; what goes through a list iterates plainly or by ``async for``.
"""

import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from azscraper.client.flows import Flow, Items


class Sync:
    """The colour of ``AzScraper``."""


class Async:
    """The colour of ``AsyncAzScraper``."""


C = TypeVar("C", bound="Sync | Async")
P = ParamSpec("P")
T = TypeVar("T")


class Driver(Protocol):
    """Carries flows out: each result is the value itself or its awaitable."""

    def use(self, token: str) -> None:
        """Send this access token from now on."""

    def run(self, flow: Flow[Any]) -> Any:
        """The flow's result."""

    def iterate(self, flow: Items[Any]) -> Any:
        """The items that the flow emits."""


class Coloured(Generic[C]):
    """Has a driver, and methods of its colour."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver


class operation(Generic[P, T]):  # noqa: N801 - a decorator reads in lower case
    """Makes a method out of a function whose flow ends with one result."""

    def __init__(self, function: Callable[Concatenate[Any, P], Flow[T]]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, owner: None, owner_type: type, /) -> "operation[P, T]": ...
    @overload
    def __get__(self, owner: Coloured[Sync], owner_type: type, /) -> Callable[P, T]: ...
    @overload
    def __get__(self, owner: Coloured[Async], owner_type: type, /) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, owner: Coloured[Any] | None, owner_type: type, /) -> Any:
        """The method, bound."""
        return self if owner is None else _bound(self.function, owner, owner.driver.run)


class listing(Generic[P, T]):  # noqa: N801 - the same
    """Makes a method out of a function whose flow emits many items."""

    def __init__(self, function: Callable[Concatenate[Any, P], Items[T]]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, owner: None, owner_type: type, /) -> "listing[P, T]": ...
    @overload
    def __get__(self, owner: Coloured[Sync], owner_type: type, /) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, owner: Coloured[Async], owner_type: type, /) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, owner: Coloured[Any] | None, owner_type: type, /) -> Any:
        """The method, bound."""
        return self if owner is None else _bound(self.function, owner, owner.driver.iterate)


def _bound(function: Callable[..., Any], owner: Coloured[Any], drive: Callable[[Any], Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def bound(*args: Any, **kwargs: Any) -> Any:
        return drive(function(owner, *args, **kwargs))

    return bound
