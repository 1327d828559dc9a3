"""Work in a child process that is ended when it takes too long."""

import pytest

from azscraper.cli import apart
from azscraper.errors import InvalidInputError


def _double(number: int) -> int:
    if number == 3:
        sum(range(10**13))  # one call into C, which nothing inside can interrupt
    if number == 13:
        raise InvalidInputError("no thirteen")
    return 2 * number


def test_what_takes_too_long_is_ended_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "CPU_SECONDS", 1)
    assert list(apart.each([1, 3, 2], _double)) == [(1, 2), (3, None), (2, 4)]


def test_errors_of_the_work_are_the_callers() -> None:
    found = apart.each([1, 13, 2], _double)
    assert next(found) == (1, 2)
    with pytest.raises(InvalidInputError, match="no thirteen"):
        next(found)
