"""What was read from short texts, kept: a shop prints the same amounts, stars and promises over and over."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_LONGEST = 200
"""Characters; a page can be as long as it likes, and what is kept must stay small."""
_MOST = 4096


def remembered(read: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
    """Works out what a text says at its first use. Of pure functions whose answers nobody changes; the other arguments are few."""
    kept = cast("Callable[Concatenate[str, P], T]", lru_cache(maxsize=_MOST)(read))

    @wraps(read)
    def called(text: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return kept(text, *args, **kwargs) if len(text) <= _LONGEST else read(text, *args, **kwargs)

    return called
