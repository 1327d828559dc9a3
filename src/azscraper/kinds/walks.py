"""The walks that most kinds take: one page, or the pages of a numbered list. Pure."""

from collections.abc import Callable
from typing import Any

from azscraper.kinds.kind import Asked, Done, Finish, Next, Step
from azscraper.records.parts import Coverage


def single(url: Callable[[Asked[Any]], str]) -> Next[Any]:
    """One page, at that address."""

    def following(asked: Asked[Any], done: tuple[Done, ...]) -> Step | Finish:
        return Finish() if done else Step("1", url(asked), asked.target.kind)

    return following


def paged(url: Callable[[Asked[Any], int], str], pages: Callable[[Any], int]) -> Next[Any]:
    """Pages 1, 2, … at those addresses: as many as the options say, up to the last that the list has."""

    def following(asked: Asked[Any], done: tuple[Done, ...]) -> Step | Finish:
        number = len(done) + 1
        if number > pages(asked.options) or (done and _is_last(done[-1], number - 1)):
            return Finish()
        return Step(str(number), url(asked, number), asked.target.kind)

    return following


def _is_last(done: Done, number: int) -> bool:
    read = done.read
    return read is None or not read.records or (read.last_page is not None and number >= read.last_page)


def incomplete(have: int, total: int | None, failure: str | None) -> Coverage:
    """Of an answer that had to do without a step: why, by what its failure was."""
    if failure == "robots_disallowed":
        return Coverage(have=have, total=total, complete=False, reason="robots_disallowed")
    if failure == "sign_in_required":
        return Coverage(have=have, total=total, complete=False, reason="sign_in_required")
    return Coverage(have=have, total=total, complete=False, reason="not_served")
