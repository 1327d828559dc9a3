"""Tests that a kind of page gets for free. In a test module of whoever offers it: ``test_kind = check_kind(KIND, cases=CASES)``.

For tests alone, and with what the extra ``testing`` installs: the product never imports this.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from azscraper.kinds.kind import Kind
from azscraper.marketplaces import by_host

try:
    import pytest

    from azscraper.kinds.testing.cases import of_cases
    from azscraper.kinds.testing.hold import Check
    from azscraper.kinds.testing.rules import of_rules
    from azscraper.kinds.testing.words import of_words
except ModuleNotFoundError as exc:
    message = f"The tests of a kind need {exc.name}: pip install 'azscraper[testing]'"
    raise ModuleNotFoundError(message, name=exc.name) from exc

__all__ = ["check_kind"]


def check_kind(kind: Kind[Any], *, cases: Path, marketplace: str = "www.amazon.com") -> Callable[[Check], None]:
    """A test of pytest with an item for each schema, column, option and rule of the kind, and for each field of its cases.

    ``cases`` is a folder of folders as ``azscraper extract --save-case`` makes them, or with the page as it came
    (``page.html``, ``page.json``); those that expect pages of other kinds are left to these. ``marketplace`` is one that
    has the example. An item that fails says in a sentence what the kind lacks.
    """
    checks = (*of_words(kind), *of_rules(kind, by_host(marketplace), cases), *of_cases(kind, cases))

    @pytest.mark.parametrize("check", [pytest.param(check, id=name) for name, check in checks])
    def test(check: Check) -> None:
        check()

    return test
