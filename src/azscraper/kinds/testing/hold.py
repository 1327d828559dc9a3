"""How a check fails: by a sentence."""

from collections.abc import Callable

import pytest

BLANK = "TODO"
"""What a kind that is still to be written says where its author has to."""

Check = Callable[[], None]


def hold(truth: object, sentence: str) -> None:
    """Fail with the sentence where that is not true."""
    if not truth:
        pytest.fail(sentence, pytrace=False)
